"""`unshare -rm python -m tests.full_disk FOLDER`: what the commands say as a small disk fills up.

Prints one JSON list of exit codes and outputs; exits 77 where no disk can be mounted.
"""

import contextlib
import json
import subprocess
import sys
from pathlib import Path

SIZE = "12m"
BLOCK = b"\0" * 65_536


def main(folder: Path) -> int:
    """Mount, fill, run, free, run again."""
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)]
    if subprocess.run(mount, check=False).returncode:
        return 77
    ballast = folder / "ballast"
    told = [_nuzuh(folder, "run", "published_figures")]
    _fill(ballast)
    told += [_nuzuh(folder, "run", "unhcr_population"), _nuzuh(folder, "sources", "--json")]
    ballast.unlink()
    told += [_nuzuh(folder, "run", "unhcr_population"), _nuzuh(folder, "verify")]
    sys.stdout.write(json.dumps(told))
    return 0


def _nuzuh(folder: Path, *words: str) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-m", "pipelines", "--store", str(folder / "store"), *words],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return {"code": done.returncode, "out": done.stdout, "err": done.stderr}


def _fill(ballast: Path) -> None:
    with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(BLOCK)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
