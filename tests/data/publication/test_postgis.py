"""A release in a real PostGIS: the numbers, their types, their places, and no password."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from commands.main import main
from tests.cluster import postgres
from tests.cluster.postgres import DATABASE, PASSWORD, USER

FOLDER = postgres.binaries()
EXTENSION = list(Path("/usr/share/postgresql").glob("*/extension/postgis.control"))


pytestmark = pytest.mark.skipif(
    FOLDER is None or not EXTENSION,
    reason="PostGIS is not installed; apt-get install postgresql-15-postgis-3",
)


@pytest.fixture(scope="module")
def server():
    with postgres.postgres(FOLDER) as running:
        yield running


def address(server, *, password=PASSWORD, database=DATABASE, port=None):
    return f"postgresql://{USER}:{password}@127.0.0.1:{port or server.port}/{database}"


def exported(store, to):
    return CliRunner().invoke(main, ["--store", store.address, "export", "--to", to])


@pytest.mark.enable_socket
def test_the_database_holds_every_number_where_its_place_lies(store, server):
    done = exported(store, address(server))
    assert (done.exit_code, PASSWORD in done.output) == (0, False)
    figures = store.current().figures()
    shown = server.asked("select count(distinct figure_id) from nuzuh.figures")
    assert f"nuzuh.figures: {int(shown):,} rows" in done.output
    known = figures[figures["value"].notna()].iloc[0]
    asked = "select value from nuzuh.figures where figure_id = '{}'"
    assert server.asked(asked.format(known["figure_id"])) == str(known["value"])
    # What is missing is null with its reason, and never a zero.
    missing = "select count(*) from nuzuh.figures where value is null and missing_reason is null"
    assert server.asked(missing) == "0"
    where = "select distinct st_srid(geometry) from nuzuh.figures where place_code = 'SY07'"
    assert server.asked(where) == "4326"
    # Idleb city lies near 35.93 N, 36.63 E.
    near = "select st_distance(geometry, st_setsrid(st_point(36.63, 35.93), 4326)) < 0.1 "
    assert server.asked(f"{near} from nuzuh.places where place_code = 'SY07'") == "t"
    assert server.asked("select release_id from nuzuh.release") == store.current().id
    kind = "select format_type(atttypid, atttypmod) from pg_attribute where attname = '{}' "
    kind += "and attrelid = 'nuzuh.figures'::regclass"
    assert server.asked(kind.format("as_of")) == "date"
    assert server.asked(kind.format("value")) == "bigint"


@pytest.mark.enable_socket
def test_a_second_export_takes_the_place_of_the_first_and_views_on_it_stay(store, server):
    """A map in QGIS or a report in Power BI stands on these tables."""
    exported(store, address(server))
    server.asked("create view here as select count(*) as n from nuzuh.figures")
    before = server.asked("select n from here")
    server.asked("alter table nuzuh.figures drop column note")  # as an earlier version left it
    assert exported(store, address(server)).exit_code == 0
    assert server.asked("select n from here") == before


@pytest.mark.enable_socket
@pytest.mark.parametrize(
    ("bent", "says"),
    [
        ({"password": "wrong-and-secret"}, "refuses the sign-in"),
        ({"database": "nosuch"}, "createdb"),
        ({"port": 1}, "cannot be reached"),
    ],
)
def test_a_database_that_cannot_be_written_is_one_sentence_without_the_password(
    store, server, bent, says
):
    done = exported(store, address(server, **bent))
    assert (done.exit_code, says in done.output) == (1, True)
    assert not any(secret in done.output for secret in (PASSWORD, "wrong-and-secret"))


def test_a_scheme_that_nothing_is_known_of_is_refused(store, tmp_path):
    """`mysql://…` taken for a folder would be made as one, and nobody would look for it there."""
    done = exported(store, "mysql://user:secret@host/db")
    assert (done.exit_code, "secret" in done.output) == (2, False)
