"""What Dagster loads: `dagster api grpc -m cluster.definitions`."""

import warnings

import dagster as dg

from cluster import assets, clock, plan, work
from data import settings as configuration
from pipelines.registry import SOURCES


@dg.definitions
def cluster() -> dg.Definitions:
    """Every source of the registry in every area; nothing is read of any store yet."""
    watched = plan.areas(configuration.load())
    for area in watched:
        work.context_of(area)  # an unusable setting raises here, before anything runs
    with warnings.catch_warnings():
        # A check for each partition is in preview. Without it what is held in one area would be
        # hidden by the next area's good answer; the lock names the version it was tried with.
        warnings.simplefilter("ignore", dg.PreviewWarning)
        offered = assets.all_of(SOURCES, watched)
    return dg.Definitions(
        assets=offered,
        schedules=clock.schedules(SOURCES, watched),
        sensors=clock.watches(SOURCES, watched),
        # A run is one step: a process of its own for it would double the memory and the seconds.
        executor=dg.in_process_executor,
    )
