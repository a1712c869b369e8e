"""Run a line of SQL in DuckDB over HTTP, and say how many bytes it fetched (in `.clients`)."""

import json
import re
import sys
from importlib.util import find_spec
from pathlib import Path

import duckdb


def main(sql: str) -> None:
    """Print the rows as texts, and the bytes that came in, as JSON."""
    (package,) = find_spec("duckdb_extension_httpfs").submodule_search_locations
    (extension,) = Path(package).rglob("httpfs.duckdb_extension")
    con = duckdb.connect()
    con.execute(f"LOAD '{extension}'")
    plan = con.sql(f"EXPLAIN ANALYZE {sql}").fetchall()[0][1]
    amount, unit = re.search(r"in: ([0-9.]+) (bytes|KiB|MiB)", plan).groups()
    fetched = float(amount) * {"bytes": 1, "KiB": 2**10, "MiB": 2**20}[unit]
    rows = con.sql(sql).project("COLUMNS(*)::VARCHAR").fetchall()
    json.dump({"rows": rows, "fetched": fetched}, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
