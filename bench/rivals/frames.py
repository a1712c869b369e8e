"""The same questions on the same Parquet in pandas and polars: milliseconds, one line of JSON.

`frames.py CODE FILES…`: all figures of one place, by day, as an application would read them that
keeps nothing in memory. It runs in the rivals' environment, as polars is no part of Nuzuh.
"""

import json
import sys
from time import perf_counter

import pandas as pd
import polars as pl

ROUNDS = 5


def main(code: str, files: list[str]) -> None:
    """Answer in rounds and print the times."""

    def in_pandas() -> int:
        wanted = [("place_code", "==", code)]
        return len(pd.read_parquet(files, filters=wanted).sort_values("as_of"))

    def in_polars() -> int:
        found = pl.scan_parquet(files).filter(pl.col("place_code") == code).sort("as_of")
        return len(found.collect())

    taken: dict[str, list[float]] = {"pandas": [], "polars": []}
    counts = {in_pandas(), in_polars()}
    if len(counts) != 1:
        sys.exit(f"pandas and polars do not find the same: {counts}")
    for _ in range(ROUNDS):
        for name, task in (("pandas", in_pandas), ("polars", in_polars)):
            begun = perf_counter()
            task()
            taken[name].append((perf_counter() - begun) * 1000)
    json.dump(taken, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
