"""`python -m bench.surges STORE`: docs/surges.md of a store's figures, to standard output."""

import sys

from bench.surges.document import render
from bench.surges.rounds_trial import carried
from data.store import Store
from surges.figures import lines

if __name__ == "__main__":
    release = Store(sys.argv[1]).current()
    sys.stdout.write(render(lines(release), carried(release)))
