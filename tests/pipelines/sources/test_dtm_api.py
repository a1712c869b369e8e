"""DTM's API by both of its routes: the same counts, added within one count and never across."""

import io
import json
from dataclasses import replace
from datetime import UTC, datetime

import pandas as pd
import pytest

from data.gazetteer import area
from data.store import Document, FigureFilter
from pipelines import registry
from pipelines.errors import SourceChanged
from pipelines.run.run import run_source
from pipelines.sources import dtm_api, dtm_api_hdx
from tests import real_files
from tests.builders import prepared
from tests.run_contexts import context_in
from tests.servers import dtm as servers
from tests.servers.dtm import KEY, MAIN, PRESENT, SWEIDA, DtmServer, DtmTableServer

AREA = area.load("idlib")
AT = datetime(2026, 11, 24, tzinfo=UTC)
DOORS = {"dtm_api_hdx": DtmTableServer, "dtm_api": DtmServer}
http = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]


def table(rows, **dress):
    name = f"{dtm_api_hdx.SLUG}/table"
    return Document(name, "https://data.humdata.org/x", servers.table(rows, **dress), AT)


def figures(rows, **dress):
    documents = [table(rows, **dress)]
    reading = dtm_api_hdx.read(documents, AREA)
    return prepared(dtm_api_hdx.SOURCE, reading, documents)


def context_of(folder, source, server, key=KEY):
    given = {"url": {source.api: server.base_url}, "key": {"DTM": key} if key else {}}
    return context_in(folder, *registry.SOURCES, now=lambda: AT, **given)


def by_place(frame):
    return dict(zip(frame["place_code"], frame["value"], strict=True))


def test_every_level_comes_out_at_its_own_and_none_is_added():
    """The levels are stacked in one file: added up, Syria would have three times its IDPs."""
    frame = figures(servers.rows())
    ninth = frame[(frame["operation"] == MAIN) & (frame["reporting_round"] == 9)]
    assert by_place(ninth) == PRESENT
    assert dict(zip(ninth["place_code"], ninth["admin_level"], strict=True)) == {
        "SYR": 0,
        "SY02": 1,
        "SY07": 1,
        "SY0700": 2,
        "SY0703": 2,
    }
    assert set(frame["measure"]) == {"stock"}
    assert set(frame["population_group"]) == {"IDP"}
    assert set(frame["unit"]) == {"people"}


def test_rows_split_by_reason_are_one_count_and_say_so():
    frame = figures(servers.rows())
    idleb = frame[(frame["place_code"] == "SY07") & (frame["reporting_round"] == 9)]
    assert idleb["value"].tolist() == [PRESENT["SY07"]]
    assert idleb["caveat"].tolist() == ["summed_from_parts"]
    assert idleb["locator"].item().count("+") == 1
    assert frame[frame["place_code"] != "SY07"]["caveat"].isna().all()


def test_operations_that_overlap_are_never_added():
    frame = figures(servers.rows())
    syria = frame[(frame["place_code"] == "SYR") & (frame["reporting_round"] == 9)]
    assert dict(zip(syria["operation"], syria["value"], strict=True)) == {
        MAIN: PRESENT["SYR"],
        SWEIDA: 187_000,
    }


def test_a_part_without_a_number_leaves_the_count_unknown():
    rows = servers.rows()
    part = next(r for r in rows if r["displacementReason"] == "Natural disaster")
    part["numPresentIdpInd"] = "Not available"
    frame = figures(rows)
    idleb = frame[frame["place_code"] == "SY07"].set_index("reporting_round")
    assert pd.isna(idleb.loc[part["roundNumber"], "value"])
    assert idleb.loc[part["roundNumber"], "missing_reason"] == "not_reported"


def test_a_part_that_stands_twice_is_refused():
    """Added twice, a district would hold as many people again."""
    rows = servers.rows()
    with pytest.raises(SourceChanged, match="same part of a count twice"):
        figures([*rows, rows[0]])
    with pytest.raises(SourceChanged, match="same part of a count twice"):
        figures([*rows, rows[0] | {"operation": str(rows[0]["operation"]).upper()}])


@pytest.mark.parametrize("of", [PRESENT["SY07"], PRESENT["SY07"] + 5_000])
@pytest.mark.parametrize("said", [None, "Not available", "Total", "All reasons"])
def test_a_count_of_everybody_beside_its_parts_is_refused(said, of):
    """Added to them, Idleb would hold as many people again, whether they add to it or to less."""
    rows = servers.rows()
    parts = [r for r in rows if (r["admin1Pcode"], r["roundNumber"]) == ("SY07", 9)]
    parts = [r for r in parts if r["adminLevel"] == 1]
    whole = parts[0] | {"displacementReason": said, "numPresentIdpInd": of}
    with pytest.raises(SourceChanged, match="a count beside its own parts"):
        figures([*rows, whole])


def test_a_code_is_known_in_lower_case_and_lies_in_its_country():
    """A district of Hatay as one of Syria would be published as a place of Türkiye."""
    row = next(r for r in servers.rows() if r["adminLevel"] == 1)
    assert by_place(figures([row | {"admin1Pcode": str(row["admin1Pcode"]).lower()}]))
    with pytest.raises(SourceChanged, match="TUR031 as a place of SYR"):
        figures([row | {"admin1Pcode": "TUR031"}])


@pytest.mark.parametrize(("tags", "mark"), [(True, True), (False, False), (True, False)])
def test_the_table_reads_the_same_with_and_without_tags_and_mark(tags, mark):
    plain = figures(servers.rows())
    dressed = figures(servers.rows(), tags=tags, mark=mark)
    assert by_place(dressed) == by_place(plain)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"numPresentIdpInd": -1}, "'-1' for a count"),
        ({"numPresentIdpInd": 1.5}, "'1.5' for a count"),
        ({"numPresentIdpInd": "many"}, "'many' for a count"),
        ({"reportingDate": "31/10/2025"}, "as the day of a report"),
        ({"assessmentType": "ZZ"}, "assessment type 'ZZ'"),
        ({"yearReportingDate": 2019}, "as the day of a report of 2019"),
        ({"adminLevel": 3}, "has the level '3'"),
        ({"adminLevel": 2}, "gives no admin2Pcode"),
        ({"operation": None}, "gives no operation"),
        ({"roundNumber": None}, "gives no roundNumber"),
        ({"admin0Pcode": "SYR", "adminLevel": 1, "admin1Pcode": "SY0703"}, "at admin level 1"),
    ],
)
def test_a_row_that_cannot_be_true_is_refused(change, says):
    with pytest.raises(SourceChanged, match=says):
        figures([servers.rows()[0] | change])


@pytest.mark.enable_socket
@pytest.mark.allow_hosts(["127.0.0.1"])
@pytest.mark.parametrize("name", DOORS)
def test_both_doors_say_the_same_and_a_changed_count_is_a_vintage(name, tmp_path):
    source = registry.by_name(name)
    with DOORS[name]() as server:
        at = context_of(tmp_path, source, server)
        first = run_source(source, at)
        assert (first.state, first.figures) == ("published", 11), first
        server.rows = [r | {"numPresentIdpInd": r["numPresentIdpInd"] + 1} for r in server.rows]
        if isinstance(server, DtmTableServer):
            server.upload()
        again = run_source(source, at)
        assert (again.state, again.new, again.changed) == ("published", 0, 11)
        shown = at.store.current().figures(FigureFilter(source=(name,), place=("SY0703",)))
        assert set(shown["value"]) == {PRESENT["SY0703"] + 1}
        assert set(shown["licence"]) == {source.licence}


@pytest.mark.enable_socket
@pytest.mark.allow_hosts(["127.0.0.1"])
def test_the_key_is_sent_as_a_header_and_told_nowhere(tmp_path):
    with DtmServer() as server:
        at = context_of(tmp_path, dtm_api.SOURCE, server)
        outcome = run_source(dtm_api.SOURCE, at)
        assert outcome.state == "published"
        assert server.headers["ocp-apim-subscription-key"] == KEY
        assert KEY not in str(server.asked)
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert written
    assert not [path for path in written if KEY.encode() in path.read_bytes()]


@pytest.mark.enable_socket
@pytest.mark.allow_hosts(["127.0.0.1"])
def test_without_a_key_it_is_skipped_and_a_wrong_one_fails_with_a_sentence(tmp_path):
    with DtmServer() as server:
        without = run_source(dtm_api.SOURCE, context_of(tmp_path, dtm_api.SOURCE, server, key=""))
        assert without.state == "skipped"
        assert "NUZUH_KEY_DTM" in without.sentence
        wrong = run_source(
            dtm_api.SOURCE, context_of(tmp_path, dtm_api.SOURCE, server, key="other")
        )
        assert wrong.state == "failed"
        assert "answered 401: a key is needed" in wrong.sentence
        assert "other" not in wrong.sentence


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ({"isSuccess": False, "result": []}, "says that it failed"),
        ({"message": "hello"}, "is no answer of DTM's API"),
        ({"result": [1]}, "holds rows that are none"),
        ({"result": []}, "holds nothing about SYR"),
        ({"result": [{"admin0Pcode": "SYR"}]}, "has no operation"),
    ],
)
def test_an_answer_of_another_shape_is_refused(answer, says):
    body = json.dumps(answer).encode()
    document = Document("displacement-SYR-admin0", "https://dtmapi.iom.int/v3/x", body, AT)
    with pytest.raises(SourceChanged, match=says):
        dtm_api.read([document], AREA)


def recorded(*names):
    paths = [real_files.RECORDED.joinpath(name) for name in names]
    if absent := [path.name for path in paths if not path.exists()]:
        pytest.skip(f"no recording of {', '.join(absent)} at ../shared")
    return [path.read_bytes() for path in paths]


def counted_by_ocha(body, country):
    """A country's IDPs as OCHA's own reader of DTM's API added them up for HAPI."""
    world = pd.read_csv(io.BytesIO(body), dtype=str)
    own = world[world["location_code"].eq(country) & world["admin_level"].eq("0")]
    names = ["operation", "reporting_round", "reference_period_start", "assessment_type"]
    return {tuple(row[:4]): int(row[4]) for row in own[[*names, "population"]].to_numpy()}


def counted(source, document, country):
    """The same counts as the reader adds them up."""
    reading = source.read([document], replace(AREA, origins=(country,), boundaries=()))
    frame = prepared(source, reading, [document])
    national = frame[frame["admin_level"].eq(0)]
    days = national["as_of"].dt.strftime("%Y-%m-%d")
    rounds = national["reporting_round"].astype(str)
    columns = (national["operation"], rounds, days, national["assessment_type"])
    return dict(zip(zip(*columns, strict=True), national["value"], strict=True))


def test_the_recorded_table_is_read_and_holds_no_syria():
    """The recorded rows are Afghanistan's: the columns are understood, nothing is about Syria."""
    (body,) = recorded("dtm/global-iom-dtm-from-api-admin-0-to-2.sample.csv")
    document = Document("x", "https://data.humdata.org/x", body, AT)
    assert len(list(dtm_api_hdx._sent([document]))) == 3_998
    with pytest.raises(SourceChanged, match="nothing about SYR"):
        dtm_api_hdx.read([document], AREA)


def test_the_recorded_table_adds_up_to_what_ocha_counted():
    """Sixteen rounds of Afghanistan, in up to 40 rows each by reason and origin (133 in all)."""
    body, hapi = recorded(
        "dtm/global-iom-dtm-from-api-admin-0-to-2.sample.csv", "hapi/hdx_hapi_idps_global.csv"
    )
    heading, *lines = body.splitlines(keepends=True)
    # The districts of Afghanistan are not among our places; of the whole country there is one.
    national = b"".join([heading, *(line for line in lines if b",,,,,0," in line)])
    document = Document("x", "https://data.humdata.org/x", national, AT)
    found = counted(dtm_api_hdx.SOURCE, document, "AFG")
    assert len(found) == 16
    assert found == counted_by_ocha(hapi, "AFG")


def test_the_recorded_answers_count_what_ocha_counted():
    """Haiti, 58 rounds of five operations from 2010 to 2025, two of them in one month."""
    body, hapi = recorded(
        "dtm/displacement-admin0-admin0pcode-hti.json", "hapi/hdx_hapi_idps_global.csv"
    )
    document = Document("displacement-HTI-admin0", "https://dtmapi.iom.int/v3/x", body, AT)
    found = counted(dtm_api.SOURCE, document, "HTI")
    assert len(found) == 58
    assert found == counted_by_ocha(hapi, "HTI")


def test_the_recorded_answers_are_read_and_hold_no_syria():
    """Haiti's: every column that is needed at that level is there."""
    for level in (0, 1):
        (body,) = recorded(f"dtm/displacement-admin{level}-admin0pcode-hti.json")
        document = Document(f"displacement-HTI-admin{level}", "x", body, AT)
        assert list(dtm_api._sent([document]))
        with pytest.raises(SourceChanged, match="nothing about SYR"):
            dtm_api.read([document], AREA)
