"""What every page shows in the comparison: the same values at the same places, the same outlines.

Nuzuh gets it as a store: the carried figures and one made-up series, people arriving in each
sub-district of the map in each month. The rivals get that series as CSV, the outlines as GeoJSON
and the five headline numbers as JSON, in a folder that NUZUH_BENCH names.
"""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import numpy as np
import pandas as pd

from data import settings
from data.analysis import map_layers
from data.gazetteer import area as areas
from data.gazetteer import outlines, places
from data.schema import frame_keys, tables
from data.store import Publication, Store
from pipelines.registry import SOURCES
from pipelines.run.context import context_of
from pipelines.run.run import prime
from surges import situation

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SOURCE = "bench_arrivals"
MONTHS = 36
LEVEL = 3


def carried(folder: Path) -> Store:
    """A store with the carried figures, as a fresh machine has it; no network."""
    at = context_of(settings.load(store=str(folder), cache=folder / "cache"), SOURCES)
    prime(at)
    return at.store


def store(folder: Path) -> Store:
    """A store with the carried figures and the made-up series; no network."""
    made = carried(folder)
    made.publish(Publication(SOURCE, tables.FIGURES.cast(arrivals()), "bench"), now=NOW)
    return made


def arrivals() -> pd.DataFrame:
    """One made-up figure for each sub-district in the picture and each of 36 months."""
    where = _drawn()
    starts = pd.date_range("2023-11-01", periods=MONTHS, freq="MS")
    frame = where.merge(pd.DataFrame({"reference_period_start": starts}), how="cross")
    number = np.arange(len(frame))
    end = frame["reference_period_start"] + pd.offsets.MonthEnd(0)
    frame = frame.assign(
        source=SOURCE,
        publisher="Bench",
        dataset="Arrivals",
        measure="flow",
        population_group="IDP_ARR",
        unit="movements",
        admin_level=LEVEL,
        reference_period_end=end,
        as_of=end,
        value=(number * 7919) % 9_000,
        known_from=end + pd.Timedelta(days=12),
        retrieved_at=NOW,
        source_url="https://example.org",
        content_sha256="0" * 64,
        locator="row",
        licence="CC0",
        via=SOURCE,
        **tables.DEFAULTS,
    )
    frame["value_raw"] = frame["value"].astype(str)
    frame["figure_id"] = frame_keys.figure_ids(frame)
    return frame


def _drawn() -> pd.DataFrame:
    """Sub-districts whose seat lies in the picture, with their codes of each level."""
    west, south, east, north = areas.load(settings.load().area).bounds
    table = places.table()
    inside = table["lon"].between(west, east) & table["lat"].between(south, north)
    codes = table.loc[inside & table["admin_level"].eq(LEVEL), "place_code"].sort_values()
    return pd.DataFrame(
        {
            "place_code": codes,
            "location_code": codes.str[:3].where(codes.str.len() > 8, "SYR"),
            "admin1_code": codes.str[:4],
            "admin2_code": codes.str[:6],
            "admin3_code": codes,
        }
    )


def series() -> str:
    """What the map's address calls the made-up series."""
    return map_layers.layer_id(tables.FIGURES.cast(arrivals()))


def months() -> list[str]:
    """What the map's address calls each month, oldest first."""
    return list(map_layers.moments(tables.FIGURES.cast(arrivals())))


def map_query(language: str = "en") -> str:
    """The address's query for the made-up series on the map."""
    return urlencode({"lang": language, "series": series(), "level": str(LEVEL)})


def for_rivals(current: Store, folder: Path) -> Path:
    """Write what the rivals draw into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    seats = places.table().set_index("place_code")
    frame = arrivals()[["place_code", "as_of", "value"]]
    frame = frame.join(seats[["name_en", "lat", "lon"]], on="place_code")
    frame["month"] = frame.pop("as_of").dt.strftime("%Y-%m")
    frame.to_csv(folder / "values.csv", index=False)
    shutil.copyfile(outlines.FILE, folder / "outlines.geojson")
    area = areas.load(settings.load().area)
    picked = situation.answers(current.current(), area, NOW.date())
    cards = [
        {
            "title": one.question.code.replace("_", " "),
            "value": int(one.figure["value"]),
            "as_of": f"{one.figure['as_of']:%Y-%m-%d}",
        }
        for one in picked
        if one.figure is not None
    ]
    (folder / "headlines.json").write_text(json.dumps(cards), encoding="utf-8")
    return folder
