"""`/nuzuh/ogc`: OGC API – Features (core, GeoJSON), one collection for each level and group.

Of each series of a place the newest figure, at its official polygon; all at the points of their
seats where a place of the collection has no polygon. A feature is one published figure with all
its columns; nothing is added up.
"""

import json
from typing import Any, Final

import geopandas as gpd
import pandas as pd
from shapely.geometry import box
from starlette.requests import Request
from starlette.responses import Response

from api import answers, serving
from api.answers import Frozen
from api.parameters import Parameter, Question
from api.problems import Problem
from data.publication import exports, layers
from data.publication.layers import LEVELS, Collection, collections
from data.settings import Settings
from data.store import FigureFilter, Release
from visuals.language.words import Words

PREFIX: Final = "/nuzuh/ogc"
CONFORMS: Final = tuple(
    f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{part}"
    for part in ("core", "oas30", "geojson")
)
CRS84: Final = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
MOST: Final = 10_000
"""Features of one answer."""
USUAL: Final = 1_000
GEOJSON: Final = "application/geo+json"


def _title(asked: Collection) -> str:
    """For a list of layers, in English."""
    return f"{Words('en')(f'group.{asked.group}')}, {LEVELS[asked.level]}"


def items(release: Release, asked: Collection, *, public: bool) -> gpd.GeoDataFrame:
    """The newest figure of each series and place, with its geometry; no place, no feature."""
    wanted = FigureFilter(group=(asked.group,), admin_level=(asked.level,))
    found = layers.newest(release, wanted).sort_values("figure_id")
    if public and not exports.may_leave(found):
        raise Problem(503, "These figures may not be shown by a public office.")
    located = exports.located(found, release.boundaries())
    located = located[located.geometry.notna()]
    kinds = located.groupby("geometry_from")["place_code"].unique()
    if layers.is_of_polygons(located["place_code"], frozenset(kinds.get("boundary", ()))):
        return located
    seats = exports.located(found.loc[located.index], None)
    inside = located.geometry.representative_point()
    return seats.set_geometry(seats.geometry.fillna(inside)).fillna({"geometry_from": "boundary"})


def in_bounding_box(found: gpd.GeoDataFrame, text: str) -> gpd.GeoDataFrame:
    """Those that a box touches: west, south, east, north."""
    try:
        west, south, east, north = map(float, text.split(","))
    except ValueError:
        raise Problem(400, "bbox is four numbers: west,south,east,north in degrees.") from None
    # A box over the date line is two.
    boxes = [(west, east)] if west <= east else [(west, 180.0), (-180.0, east)]
    touched = pd.Series(data=False, index=found.index)
    for left, right in boxes:
        touched |= found.intersects(box(left, south, right, north))
    return found[touched]


def during(found: gpd.GeoDataFrame, text: str) -> gpd.GeoDataFrame:
    """Those whose day or period lies in or across an instant or interval; `..` is open."""
    first, _, last = text.partition("/") if "/" in text else (text, "", text)
    try:
        bounds = [
            None if t in ("", "..") else pd.Timestamp(t).tz_localize(None) for t in (first, last)
        ]
    except (ValueError, TypeError):
        raise Problem(400, "datetime is a day or two days with a slash: 2025-01-01/..") from None
    begins = found["reference_period_start"].fillna(found["as_of"])
    ends = found["reference_period_end"].fillna(found["as_of"])
    fits = pd.Series(data=True, index=found.index)
    if bounds[0] is not None:
        fits &= ends >= bounds[0].normalize()
    if bounds[1] is not None:
        fits &= begins <= bounds[1]
    return found[fits]


def _link(request: Request, path: str, rel: str, media: str, title: str) -> dict[str, str]:
    base = str(request.base_url).rstrip("/")
    return {"href": f"{base}{PREFIX}{path}", "rel": rel, "type": media, "title": title}


def _landing(
    request: Request, question: Question, frozen: Frozen, given: Settings, headers: dict[str, str]
) -> Response:
    body = {
        "title": "Nuzuh",
        "description": "Published displacement figures, the newest of each series.",
        "links": [
            _link(request, "", "self", "application/json", "This page"),
            _link(request, "/api", "service-desc", OPENAPI, "The addresses"),
            _link(request, "/conformance", "conformance", "application/json", "What it keeps to"),
            _link(request, "/collections", "data", "application/json", "The layers"),
        ],
    }
    return answers.json(body, headers)


def _conformance(
    request: Request, question: Question, frozen: Frozen, given: Settings, headers: dict[str, str]
) -> Response:
    return answers.json({"conformsTo": list(CONFORMS)}, headers)


def _collections(
    request: Request, question: Question, frozen: Frozen, given: Settings, headers: dict[str, str]
) -> Response:
    listed = [_described(request, each) for each in collections(frozen.release)]
    links = [_link(request, "/collections", "self", "application/json", "The layers")]
    return answers.json({"links": links, "collections": listed}, headers)


def _collection(
    request: Request, question: Question, frozen: Frozen, given: Settings, headers: dict[str, str]
) -> Response:
    return answers.json(_described(request, _asked(request, frozen.release)), headers)


def _described(request: Request, asked: Collection) -> dict[str, Any]:
    path = f"/collections/{asked.id}"
    return {
        "id": asked.id,
        "title": _title(asked),
        "description": "The newest published figure of each series and place; never to be added.",
        "itemType": "feature",
        "crs": [CRS84],
        "links": [
            _link(request, path, "self", "application/json", _title(asked)),
            _link(request, f"{path}/items", "items", GEOJSON, _title(asked)),
        ],
    }


def _items(
    request: Request, question: Question, frozen: Frozen, given: Settings, headers: dict[str, str]
) -> Response:
    asked = _asked(request, frozen.release)
    limit = max(1, min(int(question.one("limit", str(USUAL))), MOST))
    offset = int(question.one("offset", "0"))
    found = items(frozen.release, asked, public=given.public)
    # Neither is split at its commas: each is one value.
    if bounds := request.query_params.get("bbox"):
        found = in_bounding_box(found, bounds)
    if period := request.query_params.get("datetime"):
        found = during(found, period)
    page = found.iloc[offset : offset + limit]
    features = exports.features(page)
    here = request.url
    links = [{"href": str(here), "rel": "self", "type": GEOJSON, "title": _title(asked)}]
    if offset + limit < len(found):
        following = here.include_query_params(limit=limit, offset=offset + limit)
        links.append({"href": str(following), "rel": "next", "type": GEOJSON, "title": "More"})
    whole = {
        "type": "FeatureCollection",
        "features": [{"id": f["properties"]["figure_id"], **f} for f in features],
        "numberMatched": len(found),
        "numberReturned": len(page),
        "timeStamp": frozen.release.published_at.isoformat().replace("+00:00", "Z"),
        "links": links,
    }
    headers |= answers.provenance(frozen.release, page["source"])
    return Response(_text(whole), headers=headers, media_type=GEOJSON)


def _item(
    request: Request, question: Question, frozen: Frozen, given: Settings, headers: dict[str, str]
) -> Response:
    asked = _asked(request, frozen.release)
    found = items(frozen.release, asked, public=given.public)
    one = found[found["figure_id"].eq(request.path_params["figure"])]
    if one.empty:
        raise Problem(404, "There is no such feature; `items` lists those that there are.")
    feature = exports.features(one)[0]
    path = f"/collections/{asked.id}"
    links = [
        _link(request, f"{path}/items/{one['figure_id'].iloc[0]}", "self", GEOJSON, "This figure"),
        _link(request, path, "collection", "application/json", _title(asked)),
    ]
    item = {"id": str(one["figure_id"].iloc[0]), **feature, "links": links}
    return Response(_text(item), headers=headers, media_type=GEOJSON)


def _text(found: dict[str, Any]) -> bytes:
    return json.dumps(found, ensure_ascii=False).encode() + b"\n"


def _asked(request: Request, release: Release) -> Collection:
    name = request.path_params["collection"]
    for each in collections(release):
        if each.id == name:
            return each
    raise Problem(404, f"There is no collection {name!r}; `collections` lists those that hold any.")


def _openapi(
    request: Request, question: Question, frozen: Frozen, given: Settings, headers: dict[str, str]
) -> Response:
    """The part of OpenAPI that clients look at: the addresses and the bounds of a page."""
    limit = {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}
    asked = [
        {"name": "limit", "in": "query", "schema": limit},
        {"name": "offset", "in": "query", "schema": {"type": "integer", "minimum": 0}},
        {"name": "bbox", "in": "query", "schema": {"type": "string"}},
        {"name": "datetime", "in": "query", "schema": {"type": "string"}},
    ]
    ok = {"200": {"description": "The answer"}}
    paths: dict[str, Any] = {
        path: {"get": {"responses": ok}}
        for path in ("/", "/conformance", "/collections", "/collections/{collection}")
    }
    paths["/collections/{collection}/items"] = {"get": {"parameters": asked, "responses": ok}}
    document = {
        "openapi": "3.0.3",
        "info": {"title": "Nuzuh", "version": "1.0.0"},
        "servers": [{"url": f"{str(request.base_url).rstrip('/')}{PREFIX}"}],
        "paths": paths,
    }
    body = json.dumps(document, ensure_ascii=False).encode() + b"\n"
    return Response(body, headers=headers, media_type=OPENAPI)


OPENAPI: Final = "application/vnd.oai.openapi+json;version=3.0"
JSON: Final = Parameter("f", "text", "The form of the answer.", allowed=("json",))
ITEMS: Final = (
    JSON,
    Parameter("limit", "number", f"Features of a page, at most {MOST:,}."),
    Parameter("offset", "number", "How many features to leave out."),
    Parameter("bbox", "text", "West, south, east, north in degrees.", repeatable=True),
    Parameter("datetime", "text", "A day, or two with a slash; `..` is open."),
)
ROUTES: Final = (
    serving.route(PREFIX, (JSON,), _landing),
    serving.route(f"{PREFIX}/", (JSON,), _landing),
    serving.route(f"{PREFIX}/api", (JSON,), _openapi),
    serving.route(f"{PREFIX}/conformance", (JSON,), _conformance),
    serving.route(f"{PREFIX}/collections", (JSON,), _collections),
    serving.route(f"{PREFIX}/collections/{{collection}}", (JSON,), _collection),
    serving.route(f"{PREFIX}/collections/{{collection}}/items", ITEMS, _items),
    serving.route(f"{PREFIX}/collections/{{collection}}/items/{{figure}}", (JSON,), _item),
)
