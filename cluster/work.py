"""One source in one area, for an orchestrator: the context, the run, and no secret in its output.

Without a word of Dagster, as `plan`.
"""

import os
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from enum import Enum
from typing import Final

from cluster import plan
from data import settings as configuration
from data.settings import Settings
from data.store import StoreProblem
from pipelines.registry import SOURCES
from pipelines.run import context as run_context
from pipelines.run import replay as replays
from pipelines.run import run as runs
from pipelines.run.context import Outcome, RunContext
from pipelines.source import CARRIED, Source

SHORTEST_SECRET: Final = 4
"""Letters below which a secret could be any word."""
NAMES_OF_SECRETS: Final = ("SECRET", "PASSWORD", "PASSWD", "TOKEN", "NUZUH_KEY_", "NUZUH_SMTP")


class Work(Enum):
    """What a run does with its source."""

    FETCH = "fetch"
    """Ask the publisher."""
    REPLAY = "replay"
    """Read the newest stored fetch again, as after a reader was mended."""
    EVERY = "every"
    """Read every stored fetch that is newer than what is published: the vintages' backfill."""


DOES: Final[Mapping[Work, Callable[[Source, RunContext], Outcome]]] = {
    Work.FETCH: runs.run_source,
    Work.REPLAY: replays.replay,
    Work.EVERY: replays.replay_every,
}


def context_of(area: str) -> RunContext:
    """What runs of one area work with, as the environment describes it.

    Raises:
        BadConfiguration: A setting that cannot be used, or two areas with one store.
        NoSuchArea: There is no file for the area.
    """
    general = configuration.load()
    stores = plan.addresses(plan.areas(general), general.store, os.environ)
    return run_context.context_of(configuration.load(area=area, store=stores[area]), SOURCES)


def done(work: Work, source: Source, context: RunContext) -> Outcome:
    """What became of the work.

    The carried figures come first in any store, as on one machine: a live source takes over their
    provenance, with the day from which they were known. Who finds the store empty publishes
    them; who finds another at it waits.
    """
    try:
        carried = None if source.name == CARRIED else runs.prime(context)
    except StoreProblem as error:
        return Outcome(source.name, "failed", str(error), passing=True)
    if carried is not None and not carried.good:
        return replace(carried, source=source.name)
    return DOES[work](source, context)


def secrets(settings: Settings, environment: Mapping[str, str]) -> list[str]:
    """What must stand in no event and no log: publishers' keys, passwords, the store's key."""
    named = [
        value
        for name, value in environment.items()
        if any(part in name.upper() for part in NAMES_OF_SECRETS)
    ]
    found = {*named, *settings.key.values(), settings.smtp}
    return sorted((s for s in found if len(s) >= SHORTEST_SECRET), key=len, reverse=True)


@contextmanager
def without_secrets(hidden: list[str]) -> Iterator[None]:
    """A bug within stays as loud as it is, and its traceback holds no secret.

    An orchestrator keeps tracebacks for months and shows them to whoever opens its page.
    """
    try:
        yield
    except Exception as bug:
        text = "".join(traceback.format_exception(bug))
        if not any(secret in text for secret in hidden):
            raise
        for secret in hidden:
            text = text.replace(secret, "…")
        raise RuntimeError(text) from None
