# Everything a newcomer needs: `make run` and `make test`. Both set up what is missing first.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
# What the benchmark compares with has an environment of its own.
RIVALS := .bench
# So has the orchestrator of many areas: it holds some packages back (docs/scale.md).
CLUSTER := .cluster

# An office with its own package mirror sets PIP_INDEX_URL once; uv is told of it here.
ifdef PIP_INDEX_URL
export UV_DEFAULT_INDEX ?= $(PIP_INDEX_URL)
endif
# Certificates of the machine, for networks that inspect TLS.
export UV_SYSTEM_CERTS ?= 1
export UV_LINK_MODE ?= copy

# Compiled once here: where Python may not write later, every start would compile them again.
COMPILED := import dashboard.shell.navigation, editions.brief, editions.pdf, editions.word, pipelines.run.run, surges.compare

.DEFAULT_GOAL := help
.PHONY: help run test setup refresh lock dictionary surges bench bench-quick cluster cluster-test year audit sbom image clean

help: ## This list
	@grep -hE '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 16

run: setup ## Serve the dashboard at http://127.0.0.1:8501
	@$(BIN)/nuzuh run published_figures || echo "The carried figures could not be published; serving what the store has."
	@exec $(BIN)/python -m dashboard

test: setup ## Run every test
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/pytest -q -n 3 --dist loadfile --no-loadscope-reorder

setup: $(READY) ## Only set up (the environment is .venv)

refresh: setup ## Run every source that is due
	@$(BIN)/nuzuh run --due

$(READY): requirements.lock pyproject.toml requirements-setup.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Nuzuh needs Python 3.11 or newer, called $(PYTHON) here; install it, or name another: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) >/dev/null 2>&1 || { rm -rf $(VENV); \
	  echo "$(PYTHON) cannot make a virtual environment; install its venv package (on Debian: apt install python3-venv) and try again."; exit 1; }
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-setup.lock >$(VENV)/setup.log 2>&1 \
	  && $(BIN)/uv pip sync -q --python $(BIN)/python --require-hashes requirements.lock >>$(VENV)/setup.log 2>&1 \
	  && $(BIN)/uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation --no-index -e . >>$(VENV)/setup.log 2>&1 \
	  && $(BIN)/python -m dashboard.theme.fonts.build >>$(VENV)/setup.log 2>&1 \
	  && PYTHONDONTWRITEBYTECODE= $(BIN)/python -c "$(COMPILED)" >>$(VENV)/setup.log 2>&1 || { \
	  echo "The packages could not be installed; check that the package index can be reached (a mirror: PIP_INDEX_URL) and see $(VENV)/setup.log."; exit 1; }
	@touch $@

lock: setup ## Renew requirements.lock from pyproject.toml
	@$(BIN)/uv pip compile -q --upgrade --generate-hashes --universal --python-version 3.11 \
	  --group dev --group build --no-emit-index-url --no-emit-find-links --no-annotate --no-header pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile -q --generate-hashes --universal --python-version 3.11 \
	  --group build -c requirements.lock --no-emit-index-url --no-emit-find-links --no-annotate --no-header pyproject.toml -o requirements.txt
	@$(BIN)/uv pip compile -q --upgrade --generate-hashes --universal --python-version 3.11 \
	  --group bench -c requirements.lock --no-emit-index-url --no-emit-find-links --no-annotate --no-header -o bench/requirements.lock
	@cp requirements.lock cluster/requirements.lock && $(BIN)/uv pip compile -q --generate-hashes --universal --python-version 3.11 \
	  --group cluster --group build --no-emit-index-url --no-emit-find-links --no-annotate --no-header pyproject.toml -o cluster/requirements.lock

bench: setup $(RIVALS)/.ready ## Measure everything beside what users would pick instead (FULL=1: 50 million figures too)
	@mkdir -p artifacts && timeout 5400 $(BIN)/python -m bench $(if $(FULL),--full) --json artifacts/bench.json

bench-quick: setup ## The same in under three minutes, without the rivals
	@mkdir -p artifacts && timeout 300 $(BIN)/python -m bench --quick --json artifacts/bench-quick.json

$(RIVALS)/.ready: bench/requirements.lock
	@test -x $(RIVALS)/bin/python || $(PYTHON) -m venv $(RIVALS)
	@$(BIN)/uv pip sync -q --python $(RIVALS)/bin/python --require-hashes bench/requirements.lock
	@touch $@

cluster: $(CLUSTER)/.ready ## Run Dagster over every source and area, at http://127.0.0.1:3000
	@mkdir -p $(CLUSTER)/home && sed '/^storage:/,/^$$/d' deploy/cluster/dagster.yaml > $(CLUSTER)/home/dagster.yaml
	@DAGSTER_HOME=$$PWD/$(CLUSTER)/home exec $(CLUSTER)/bin/dagster dev -m cluster.definitions -h 127.0.0.1 -p 3000

cluster-test: $(CLUSTER)/.ready ## Dagster, PostgreSQL and S3 on this machine: kill a worker, compare the figures
	@timeout 1800 $(CLUSTER)/bin/pytest -q tests/cluster

$(CLUSTER)/.ready: cluster/requirements.lock $(READY)
	@test -x $(CLUSTER)/bin/python || $(PYTHON) -m venv $(CLUSTER)
	@$(BIN)/uv pip sync -q --python $(CLUSTER)/bin/python --require-hashes cluster/requirements.lock
	@$(BIN)/uv pip install -q --python $(CLUSTER)/bin/python --no-deps --no-build-isolation --no-index -e .
	@touch $@

dictionary: setup ## Rewrite docs/data-dictionary.md and docs/sources.md
	@$(BIN)/python -m data.publication.dictionary
	@$(BIN)/python -m pipelines.directory

surges: setup ## Rewrite docs/surges.md from the carried figures
	@store=$$(mktemp -d) && trap 'rm -rf "$$store"' EXIT \
	  && $(BIN)/nuzuh --store "$$store" run published_figures >/dev/null \
	  && $(BIN)/nuzuh --store "$$store" surges --document > docs/surges.md

year: setup ## Live through a year of scheduled runs with faults, by a clock of its own (some minutes)
	@NUZUH_DAYS=365 $(BIN)/pytest -q -s tests/test_year.py

audit: setup ## Ask the advisory database for every pinned package (needs the internet)
	@$(BIN)/uv tool run --from pip-audit==2.10.1 pip-audit --disable-pip --require-hashes -r requirements.lock

sbom: setup ## Write artifacts/nuzuh.cdx.json, the list of all packages in CycloneDX
	@mkdir -p artifacts && $(BIN)/uv tool run --from cyclonedx-bom==7.5.0 cyclonedx-py requirements requirements.txt \
	  --pyproject pyproject.toml --output-reproducible -o artifacts/nuzuh.cdx.json

image: ## Build the container image localhost/nuzuh with podman, docker or buildah
	@tool=$$(command -v podman || command -v docker || command -v buildah) || { echo "Install podman, docker or buildah."; exit 1; }; \
	  case $$tool in *buildah) build="bud --format docker";; *) build=build;; esac; \
	  $$tool $$build -t localhost/nuzuh:latest -f deploy/Containerfile $(if $(BASE),--build-arg BASE=$(BASE)) .

clean: ## Remove the environments; the store stays
	@rm -rf $(VENV) $(RIVALS) $(CLUSTER)
