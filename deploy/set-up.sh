#!/bin/sh
# What `make setup` does, for an image: packages by hash, no tools of development, compiled once.
set -eu
python3 -m venv .venv
.venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-setup.lock
export UV_SYSTEM_CERTS=1 UV_LINK_MODE=copy UV_NO_CACHE=1
[ -z "${PIP_INDEX_URL:-}" ] || export UV_DEFAULT_INDEX="$PIP_INDEX_URL"
.venv/bin/uv pip sync -q --python .venv/bin/python --require-hashes requirements.txt
.venv/bin/uv pip install -q --python .venv/bin/python --no-deps --no-build-isolation --no-index -e .
.venv/bin/python -m dashboard.theme.fonts.build
.venv/bin/python -m compileall -q .venv/lib alerts api commands dashboard data editions pipelines surges visuals || true
.venv/bin/uv pip uninstall -q --python .venv/bin/python setuptools
.venv/bin/python -m pip uninstall -q -y uv pip 2>/dev/null || true
