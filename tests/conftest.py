"""What every test shares: no time limit on an example, so that a busy machine fails nothing.

CI tries the same examples each time, so that a change is judged by what it changed; `make test`
elsewhere tries new ones.
"""

import os

from hypothesis import settings

settings.register_profile("unhurried", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "unhurried")
