"""OCHA's own way of reading a table for HDX: `hdx-python-scraper`, seconds without its imports."""

import sys
import tempfile
from time import perf_counter

from hdx.scraper.framework.utilities.reader import Read
from hdx.utilities.useragent import UserAgent


def main(url: str) -> None:
    """Read the table at an address into rows and print how long it took."""
    UserAgent.set_global("bench")
    with tempfile.TemporaryDirectory() as folder:
        Read.create_readers(f"{folder}/fallback", f"{folder}/saved", folder, rate_limit=None)
        begun = perf_counter()
        _, rows = Read.get_reader().read_tabular({"format": "csv", "url": url})
        count = sum(1 for _ in rows)
        taken = perf_counter() - begun
    sys.stdout.write(f"{count} {taken}\n")


if __name__ == "__main__":
    main(sys.argv[1])
