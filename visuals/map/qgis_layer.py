"""A QGIS layer file: the figures as live layers, in the colours of the map here.

Each layer draws one kind of count of one source; the others are listed and not shown, since
circles of different kinds over one another would be read as one.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

import pandas as pd

from data.analysis import map_layers
from data.gazetteer import places
from data.publication.layers import LEVELS, SERIES, Collection, is_of_polygons
from visuals import tokens
from visuals.language import figure_text
from visuals.language.words import Words

KINDS: Final = ("publisher", *(name for name in SERIES if name != "place_code"))
"""What a rule draws: one series of one publisher, which has one number at each place."""
ASYLUM: Final = "asylum_location_code"
"""The one of these that is the place itself, for refugees; another, for those who returned."""
SERIES_IDENTITY: Final = ("operation", "assessment_type", "source")
"""Codes that two series may differ in whose words are the same."""
LARGEST: Final = 16.0
"""Millimetres across the largest circle; areas stand to one another as the numbers do."""


def render(
    words: Words,
    address: str,
    layers: Sequence[Collection],
    figures: pd.DataFrame,
    *,
    with_outline: frozenset[str],
) -> bytes:
    """The layer file.

    Args:
        words: The language of the layers' names.
        address: Of the OGC API, whole.
        layers: Which layers; each has a figure.
        figures: What the layers hold, as `data.publication.layers.newest` gives it: a rule for an
            older count would draw nothing.
        with_outline: Codes of the places that have an official polygon.
    """
    root = Element("qlr")
    tree = SubElement(root, "layer-tree-group", name=words("app.title"), expanded="1")
    below = SubElement(root, "maplayers")
    for at, layer in enumerate(layers):
        mine = figures["population_group"].eq(layer.group) & figures["admin_level"].eq(layer.level)
        held = figures[mine & figures["place_code"].isin(places.with_seat() | with_outline)]
        name = words(
            "elsewhere.layer",
            group=figure_text.group_of_all(words, held, layer.group),
            level=words(f"elsewhere.level.{LEVELS[layer.level]}"),
        )
        id_ = f"nuzuh_{layer.id.replace('-', '_')}"
        source = (
            f"pagingEnabled='true' restrictToRequestBBOX='1' typename='{layer.id}' "
            f"url='{address}' version='auto'"
        )
        SubElement(
            tree,
            "layer-tree-layer",
            id=id_,
            name=name,
            providerKey="OAPIF",
            source=source,
            checked="Qt::Checked" if at == 0 else "Qt::Unchecked",
            expanded="1" if at == 0 else "0",
        )
        polygons = is_of_polygons(held["place_code"], with_outline)
        _layer(words, below, id_, name, source, held, layer, polygons=polygons)
    return (
        b"<!DOCTYPE qgis-layer-definition>\n"
        + ElementTree.tostring(root, encoding="utf-8", xml_declaration=False)
        + b"\n"
    )


def _layer(
    words: Words,
    below: Element,
    id_: str,
    name: str,
    source: str,
    figures: pd.DataFrame,
    layer: Collection,
    *,
    polygons: bool,
) -> None:
    shape = "Polygon" if polygons else "Point"
    made = SubElement(
        below,
        "maplayer",
        type="vector",
        geometry=shape,
        wkbType=f"Multi{shape}",
        autoRefreshTime="0",
    )
    for tag, text in (("id", id_), ("datasource", source), ("layername", name)):
        SubElement(made, tag).text = text
    SubElement(SubElement(SubElement(made, "srs"), "spatialrefsys"), "authid").text = "OGC:CRS84"
    SubElement(made, "provider", encoding="UTF-8").text = "OAPIF"
    renderer = SubElement(made, "renderer-v2", type="RuleRenderer", symbollevels="0")
    rules = SubElement(renderer, "rules", key="{rules}")
    symbols = SubElement(renderer, "symbols")
    drawn = map_layers.drawable(figures)
    here = drawn[ASYLUM].eq(drawn["location_code"]).fillna(False)
    kinds = drawn.assign(**{ASYLUM: drawn[ASYLUM].mask(here)}).groupby(list(KINDS), dropna=False)
    ordered = sorted(kinds, key=lambda kind: _shown_first(kind[1]))
    labels = _legend(words, [rows for _, rows in ordered])
    for at, ((kind, rows), label) in enumerate(zip(ordered, labels, strict=True)):
        rule = SubElement(
            rules, "rule", key=f"{{r{at}}}", symbol=str(at), filter=_condition(kind), label=label
        )
        if at:
            rule.set("checkstate", "0")
        largest = int(rows["value"].max()) if rows["value"].notna().any() else 1
        _symbol(symbols, str(at), tokens.group(layer.group), max(largest, 1), polygons=polygons)
    _labels(made)


def _shown_first(rows: pd.DataFrame) -> tuple[int, int, float]:
    """What counts everybody of its kind; of these what draws most places, then the newest."""
    part = int(rows[["category", "sector"]].iloc[0].notna().sum())
    newest = rows["as_of"].max()
    return part, -len(rows), -newest.timestamp() if pd.notna(newest) else 0.0


def _condition(kind: Sequence[Any]) -> str:
    """The rows of one kind, as QGIS writes an expression."""
    asked = []
    for name, value in zip(KINDS, kind, strict=True):
        text = str(value).replace("'", "''")
        if pd.notna(value):
            asked.append(f"\"{name}\" = '{text}'")
        elif name == ASYLUM:
            asked.append(f'coalesce("{ASYLUM}", "location_code") = "location_code"')
        else:
            asked.append(f'"{name}" IS NULL')
    return " AND ".join(asked)


def _legend(words: Words, kinds: Sequence[pd.DataFrame]) -> list[str]:
    """A line for each kind: no two of them the same."""
    lines = [_label(words, rows) for rows in kinds]
    for line in [line for line, times in Counter(lines).items() if times > 1]:
        same = [at for at, each in enumerate(lines) if each == line]
        first = pd.concat([kinds[at].iloc[[-1]] for at in same])
        differing = [name for name in SERIES_IDENTITY if first[name].nunique(dropna=False) > 1]
        for at, row in zip(same, first.to_dict("records"), strict=True):
            told = [str(row[name]) for name in differing if pd.notna(row[name])]
            lines[at] = " · ".join([line, figure_text.dataset(words, row), *told])
    return lines


def _label(words: Words, rows: pd.DataFrame) -> str:
    """Which series: since when only where it is one day for all places."""
    row: dict[str, Any] = rows.iloc[-1].to_dict()
    if rows["cumulative_since"].nunique(dropna=False) > 1 and row["measure"] != "stock":
        row["cumulative_since"] = None
    return f"{figure_text.series_name(words, row)} · {figure_text.publisher(words, row)}"


def _symbol(symbols: Element, name: str, colour: str, largest: int, *, polygons: bool) -> None:
    """A circle whose area is the number; on a polygon at its middle."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    if polygons:
        outer = SubElement(symbols, "symbol", name=name, type="fill", alpha="1")
        layer = SubElement(outer, "layer", {"class": "CentroidFill", "enabled": "1"})
        _options(layer, {"point_on_surface": "1", "point_on_all_parts": "0"})
        holder, name = layer, f"@{name}@0"
    else:
        holder = symbols
    circle = SubElement(holder, "symbol", name=name, type="marker", alpha="1")
    layer = SubElement(circle, "layer", {"class": "SimpleMarker", "enabled": "1"})
    _options(
        layer,
        {
            "name": "circle",
            "color": f"{red},{green},{blue},110",
            "outline_color": f"{red},{green},{blue},255",
            "outline_width": "0.3",
            "size": "2",
            "size_unit": "MM",
            "scale_method": "diameter",
        },
    )
    properties = SubElement(layer, "data_defined_properties")
    whole = SubElement(properties, "Option", type="Map")
    SubElement(whole, "Option", name="name", value="", type="QString")
    named = SubElement(whole, "Option", name="properties", type="Map")
    size = SubElement(named, "Option", name="size", type="Map")
    expression = f'{LARGEST:g} * sqrt("value" / {largest}.0)'
    for key, value, kind in (
        ("active", "true", "bool"),
        ("expression", expression, "QString"),
        ("type", "3", "int"),
    ):
        SubElement(size, "Option", name=key, value=value, type=kind)
    SubElement(whole, "Option", name="type", value="collection", type="QString")


def _options(layer: Element, given: Mapping[str, str]) -> Element:
    options = SubElement(layer, "Option", type="Map")
    for name, value in given.items():
        SubElement(options, "Option", name=name, value=value, type="QString")
    return options


def _labels(layer: Element) -> None:
    """What a feature says under the pointer: the number with its day and publisher."""
    tip = '[% "value" %] · [% "as_of" %]<br>[% "publisher" %]<br>[% "figure_id" %]'
    SubElement(layer, "mapTip").text = tip
    SubElement(layer, "previewExpression").text = '"place_code" || \': \' || "value"'
