"""One drawing of the chart studio as pages show it: with its key, and its events in words."""

import pandas as pd

from visuals.charts import shared, svg
from visuals.charts.studio import Studio


def drawings_and_key(studio: Studio, axis: pd.DataFrame) -> str:
    """A drawing for wide screens, one for phones, and the key to its lines."""
    sizes = {size[0]: size for size in (shared.SIZE, shared.NARROW)}
    keys = "".join(shared.key_row(key) for key in shared.keys(studio.words, axis))
    drawings = svg.for_screens(lambda width: studio.drawn(axis, sizes[width]))
    return f'{drawings}<ul class="nz-keys">{keys}</ul>'


def notes(studio: Studio, axis: pd.DataFrame) -> tuple[str, str]:
    """Where its lines are broken and which events it marks, a sentence each; empty where none."""
    drawn_events = studio.described_events(axis)
    events = studio.words("charts.events", events=drawn_events) if drawn_events else ""
    return shared.broken_sentences(studio.words, axis), events
