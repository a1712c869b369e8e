"""A QGIS layer file: the figures as live layers, in the colours of the map here.

Each layer draws one kind of count of one source; the others are listed and not shown, since
circles of different kinds over one another would be read as one.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

import pandas as pd

from data.publication.layers import LEVELS, Collection
from visuals import tokens
from visuals.language import figure_text
from visuals.language.words import Words

KINDS: Final = ("measure", "unit", "source", "publisher")
"""What a rule draws: one measure and unit of one publisher, by one way."""
LARGEST: Final = 16.0
"""Millimetres across the largest circle; areas stand to one another as the numbers do."""
READ: Final = tuple(dict.fromkeys(("admin_level", "value", *KINDS, *figure_text.GROUPED_BY)))


def render(
    words: Words,
    address: str,
    layers: Sequence[Collection],
    figures: pd.DataFrame,
    *,
    polygons: bool,
) -> bytes:
    """The layer file.

    Args:
        words: The language of the layers' names.
        address: Of the OGC API, whole.
        layers: Which layers; each has a figure.
        figures: Columns `READ` of the release's figures.
        polygons: Whether the release has official boundaries; else features are points.
    """
    root = Element("qlr")
    tree = SubElement(root, "layer-tree-group", name=words("app.title"), expanded="1")
    below = SubElement(root, "maplayers")
    for at, layer in enumerate(layers):
        here = figures["population_group"].eq(layer.group) & figures["admin_level"].eq(layer.level)
        name = words(
            "elsewhere.layer",
            group=figure_text.group_of_all(words, figures[here], layer.group),
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
        _layer(words, below, id_, name, source, figures[here], layer, polygons=polygons)
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
    kinds = figures.groupby(list(KINDS), observed=True)
    ordered = sorted(kinds, key=lambda kind: -len(kind[1]))
    for at, (kind, rows) in enumerate(ordered):
        row: Mapping[str, Any] = rows.iloc[-1].to_dict()
        measure, unit, *_ = kind
        counted = figure_text.group_of_all(words, rows, layer.group)
        label = (
            f"{counted} · {words(f'measure.{measure}')} · {words(f'unit.{unit}')} · "
            f"{figure_text.publisher(words, row)}"
        )
        given = zip(KINDS, (str(value).replace("'", "''") for value in kind), strict=True)
        condition = " AND ".join(f"\"{name}\" = '{value}'" for name, value in given)
        rule = SubElement(
            rules, "rule", key=f"{{r{at}}}", symbol=str(at), filter=condition, label=label
        )
        if at:
            rule.set("checkstate", "0")
        largest = int(rows["value"].max()) if rows["value"].notna().any() else 1
        _symbol(symbols, str(at), tokens.group(layer.group), max(largest, 1), polygons=polygons)
    _labels(made)


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
