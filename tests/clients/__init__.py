"""What other offices read our files with, in an environment of its own (`make clients`)."""

import json
import subprocess
from pathlib import Path

import pytest

from data.settings import ROOT

PYTHON = ROOT / ".clients" / "bin" / "python"


def told(script, *words):
    """What a script beside this one prints; the test is skipped, and says so, without them."""
    if not PYTHON.exists():
        pytest.skip("the clients are not set up here (make clients)")
    here = Path(__file__).with_name(f"{script}.py")
    done = subprocess.run([PYTHON, here, *words], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
