"""Each source as an asset of Dagster: its areas are partitions, our doubts are its checks.

Published and unchanged are materialisations; held is a failed check with its reasons; failed is a
failed step with the one sentence, tried again only where it may pass. A bug crashes as it is.
"""

import os
from collections.abc import Iterator, Sequence
from typing import Any, Final

import dagster as dg

from cluster import plan, work
from cluster.work import Work
from data.store import Status
from pipelines.run.context import Outcome, RunContext
from pipelines.source import Source

PLAUSIBLE: Final = "plausible"
FRESH: Final = "fresh"
WORDS: Final = {
    PLAUSIBLE: "The answer is not wildly different from what is published; else a person decides.",
    FRESH: "The source has answered within the time in which readers may rely on it.",
}
AGAIN: Final = dg.RetryPolicy(max_retries=3, delay=30, backoff=dg.Backoff.EXPONENTIAL)
"""For what may pass. Together it outlasts the claim of a worker that was killed."""


class Asked(dg.Config):
    """What a run is to do: FETCH, REPLAY or EVERY."""

    work: Work = Work.FETCH


def of_source(source: Source, areas: dg.StaticPartitionsDefinition) -> dg.AssetsDefinition:
    """The asset of one source, partitioned by area."""
    late, near = plan.windows(source)
    key = dg.AssetKey([source.name])
    spec = dg.AssetSpec(
        key,
        description=f"{source.title}. {source.publisher}.",
        group_name=(source.api or ("by_hand" if source.by_hand else "carried")).lower(),
        metadata={
            "publisher": source.publisher,
            "homepage": dg.MetadataValue.url(source.homepage),
            "licence": source.licence,
            "cadence_days": source.cadence.total_seconds() / 86400,
        },
        partitions_def=areas,
        freshness_policy=dg.FreshnessPolicy.time_window(fail_window=late, warn_window=near),
        skippable=True,
    )

    @dg.multi_asset(
        name=source.name,
        specs=[spec],
        check_specs=[
            dg.AssetCheckSpec(name, asset=key, description=words, partitions_def=areas)
            for name, words in WORDS.items()
        ],
        # One run of a source at a time, whatever its area: publishers are asked politely.
        pool=f"nuzuh_{source.name}",
    )
    def asked(context: dg.AssetExecutionContext, config: Asked) -> Iterator[Any]:
        area = context.partition_key
        runs_with = work.context_of(area)
        with work.without_secrets(work.secrets(runs_with.settings, os.environ)):
            outcome = work.done(config.work, source, runs_with)
        context.log.info(f"{source.name} in {area}: {outcome.state}. {outcome.sentence}")
        if outcome.state == "failed":
            _fail(outcome, area, context.retry_number)
        if outcome.state == "skipped":
            metadata = {"state": outcome.state, "sentence": outcome.sentence}
            context.log_event(dg.AssetObservation(key, metadata=metadata, partition=area))
        if outcome.good and outcome.state != "skipped":
            yield dg.MaterializeResult(asset_key=key, metadata=_metadata(source, outcome, context))
        yield from _checked(key, source, runs_with)

    return asked


def _fail(outcome: Outcome, area: str, attempt: int) -> None:
    """End the step; Dagster tries it again where the failure may pass."""
    metadata = {"source": outcome.source, "area": area, "may_pass": outcome.passing}
    failure = dg.Failure(outcome.sentence, metadata=metadata, allow_retries=False)
    if outcome.passing and attempt < AGAIN.max_retries:
        wait = AGAIN.calculate_delay(attempt + 1)
        raise dg.RetryRequested(AGAIN.max_retries, seconds_to_wait=wait) from failure
    raise failure


def _metadata(source: Source, outcome: Outcome, context: RunContext) -> dict[str, Any]:
    status = context.store.status(source.name)
    return {
        "state": outcome.state,
        "sentence": outcome.sentence,
        "release": outcome.release_id or "",
        "figures": outcome.figures,
        "new": outcome.new,
        "changed": outcome.changed,
        "withdrawn": outcome.withdrawn,
        "newest_as_of": plan.as_timestamp(status.newest_as_of if status else None) or "",
    }


def _checked(
    key: dg.AssetKey, source: Source, context: RunContext
) -> Iterator[dg.AssetCheckResult]:
    """How the source stands in the store now: what waits for a person, and how fresh it is."""
    status = context.store.status(source.name)
    held = status is not None and status.held_fetch is not None
    yield dg.AssetCheckResult(
        asset_key=key,
        check_name=PLAUSIBLE,
        passed=not held,
        # Where every answer waits for a person, waiting is no alarm.
        severity=dg.AssetCheckSeverity.WARN if source.reviewed else dg.AssetCheckSeverity.ERROR,
        description=status.sentence if status and held else None,
        metadata={
            "reasons": list(status.held_reasons) if status else [],
            "fetch": (status.held_fetch or "") if status else "",
        },
    )
    word = plan.fresh(source, status, context.now())
    yield dg.AssetCheckResult(
        asset_key=key,
        check_name=FRESH,
        passed=word in ("fresh", "due"),
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"state": word, **ages(status)},
    )


def ages(status: Status | None) -> dict[str, str]:
    """When the source last answered, and the newest day its figures speak of."""
    return {
        "last_success": plan.as_timestamp(status.last_success if status else None) or "",
        "newest_as_of": plan.as_timestamp(status.newest_as_of if status else None) or "",
    }


def all_of(sources: Sequence[Source], areas: Sequence[str]) -> list[dg.AssetsDefinition]:
    """An asset for each source of the registry."""
    partitions = dg.StaticPartitionsDefinition(list(areas))
    return [of_source(source, partitions) for source in sources]
