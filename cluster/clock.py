"""When Dagster asks: a schedule for each source, and for each area a watch over what is overdue."""

import json
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

import dagster as dg

from cluster import plan, work
from cluster.assets import FRESH, ages
from data.store import Status
from pipelines.run import source_register
from pipelines.source import Source

LOOK: Final = timedelta(minutes=30)
"""How often the watch looks at an area's store."""


def schedules(sources: Sequence[Source], areas: Sequence[str]) -> list[dg.ScheduleDefinition]:
    """A schedule for each source that the clock asks; a tick asks for every area."""
    return [_schedule(source, areas) for source in sources if plan.scheduled(source)]


def _schedule(source: Source, areas: Sequence[str]) -> dg.ScheduleDefinition:
    @dg.schedule(
        cron_schedule=plan.cron(source),
        target=[dg.AssetKey([source.name])],
        name=f"ask_{source.name}",
        description=f"Every {source.cadence.total_seconds() / 86400:g} days, in every area.",
        execution_timezone="UTC",
        default_status=dg.DefaultScheduleStatus.RUNNING,
    )
    def ask(context: dg.ScheduleEvaluationContext) -> Iterator[dg.RunRequest]:
        at = plan.as_timestamp(context.scheduled_execution_time)
        for area in areas:
            yield dg.RunRequest(
                run_key=f"{source.name} {area} {at}", partition_key=area, tags=tags(source, area)
            )

    return ask


def watches(sources: Sequence[Source], areas: Sequence[str]) -> list[dg.SensorDefinition]:
    """A watch for each area."""
    return [_watch(sources, area) for area in areas]


def _watch(sources: Sequence[Source], area: str) -> dg.SensorDefinition:
    @dg.sensor(
        name=f"watch_{area.replace('-', '_')}",
        target=dg.AssetSelection.all(),
        minimum_interval_seconds=int(LOOK.total_seconds()),
        description=f"In {area}: asks again what failed or never ran, and says what grew late.",
        default_status=dg.DefaultSensorStatus.RUNNING,
    )
    def watch(context: dg.SensorEvaluationContext) -> dg.SensorResult:
        at = work.context_of(area)
        statuses, now = at.store.statuses(), at.now()
        cursor = json.loads(context.cursor or "{}")
        words = {s.name: plan.fresh(s, statuses.get(s.name), now) for s in sources}
        grown = [s for s in sources if words[s.name] != cursor.get(s.name) and s.name in statuses]
        may = [s for s in sources if source_register.why_skipped(s, at.settings) is None]
        return dg.SensorResult(
            run_requests=[
                dg.RunRequest(
                    # Once for each attempt that went before, however often the watch looks.
                    run_key=f"{source.name} {area} after {_last_attempt(statuses, source)}",
                    asset_selection=[dg.AssetKey([source.name])],
                    partition_key=area,
                    tags=tags(source, area),
                )
                for source in plan.overdue(may, statuses, now)
            ],
            asset_events=[
                dg.AssetCheckEvaluation(
                    asset_key=dg.AssetKey([source.name]),
                    check_name=FRESH,
                    passed=words[source.name] in ("fresh", "due"),
                    severity=dg.AssetCheckSeverity.WARN,
                    metadata={"state": words[source.name], **ages(statuses[source.name])},
                    partition=area,
                )
                for source in grown
            ],
            cursor=json.dumps(words, sort_keys=True),
        )

    return watch


def _last_attempt(statuses: dict[str, Status], source: Source) -> str:
    status = statuses.get(source.name)
    return plan.as_timestamp(status.last_attempt if status else None) or "never"


def tags(source: Source, area: str) -> dict[str, str]:
    """What the list of runs is filtered by."""
    return {"nuzuh/source": source.name, "nuzuh/area": area}
