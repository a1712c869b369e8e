"""Observable Framework (ISC): a static site that its own tool builds, with Observable Plot (ISC).

What it imports lies in `node_modules` and is bundled, so that a page asks nobody else; its host
compresses. `make bench` installs it where there is npm.
"""

import os
import shutil
import subprocess
from pathlib import Path

import uvicorn
from content import FOLDER
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

SOURCE = Path(__file__).parent / "observable"
INSTALLED = Path(__file__).resolve().parents[2] / ".bench" / "observable" / "node_modules"
DATA = ("values.csv", "outlines.geojson", "headlines.json")


def built() -> Path:
    """The site's folder, built of the shared content.

    Raises:
        CalledProcessError: Its tool could not build it.
    """
    site = FOLDER / "observable"
    if not site.exists():
        shutil.copytree(SOURCE, site)
        (site / "src" / "data").mkdir()
        for name in DATA:
            shutil.copy(FOLDER / name, site / "src" / "data")
        (site / "node_modules").symlink_to(INSTALLED)
        tool = INSTALLED / ".bin" / "observable"
        quiet = os.environ | {"OBSERVABLE_TELEMETRY_DISABLE": "true"}
        subprocess.run([tool, "build"], cwd=site, env=quiet, check=True, timeout=300)
    return site / "dist"


if __name__ == "__main__":
    app = Starlette(
        routes=[Mount("/", StaticFiles(directory=built(), html=True))],
        middleware=[Middleware(GZipMiddleware, compresslevel=9)],
    )
    uvicorn.run(app, host="127.0.0.1", port=int(os.environ["PORT"]), log_level="warning")
