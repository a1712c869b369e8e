# Everything a newcomer needs: `make run` and `make test`. Both set up what is missing first.
# Where there is no make, `python start.py run` and `python start.py test` are the same.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
START  := $(PYTHON) start.py
# What the benchmark compares with has an environment of its own.
RIVALS := .bench
# So has the orchestrator of many areas: it holds some packages back (docs/scale.md).
CLUSTER := .cluster
# And what other offices read our files with.
CLIENTS := .clients

# An office with its own package mirror sets PIP_INDEX_URL once; uv is told of it here.
ifdef PIP_INDEX_URL
export UV_DEFAULT_INDEX ?= $(PIP_INDEX_URL)
endif
# Certificates of the machine, for networks that inspect TLS.
export UV_SYSTEM_CERTS ?= 1
export UV_LINK_MODE ?= copy

.DEFAULT_GOAL := help
.PHONY: help run check test test-all setup refresh lock dictionary surges bench bench-quick profile clients cluster cluster-test year audit sbom image clean

help: ## This list
	@grep -hE '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 16

run: ## Serve the dashboard at http://127.0.0.1:8501
	@$(START) run

check: ## Run the checks alone: style, types, import contracts
	@$(START) check

test: ## Run the checks and the tests
	@$(START) test

test-all: ## The same at every width, in every theme, with every repetition: before a release
	@$(START) test-all

setup: ## Only set up (the environment is .venv)
	@$(START) setup

refresh: setup ## Run every source that is due
	@$(BIN)/nuzuh run --due

$(READY): requirements.lock pyproject.toml requirements-setup.lock
	@$(START) setup

lock: setup ## Renew requirements.lock from pyproject.toml
	@$(BIN)/uv pip compile -q --upgrade --generate-hashes --universal --python-version 3.11 \
	  --group dev --group build --no-emit-index-url --no-emit-find-links --no-annotate --no-header pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile -q --generate-hashes --universal --python-version 3.11 \
	  --group build -c requirements.lock --no-emit-index-url --no-emit-find-links --no-annotate --no-header pyproject.toml -o requirements.txt
	@$(BIN)/uv pip compile -q --upgrade --generate-hashes --universal --python-version 3.11 \
	  --group bench -c requirements.lock --no-emit-index-url --no-emit-find-links --no-annotate --no-header -o bench/requirements.lock
	@cp requirements.lock cluster/requirements.lock && $(BIN)/uv pip compile -q --generate-hashes --universal --python-version 3.11 \
	  --group cluster --group build --no-emit-index-url --no-emit-find-links --no-annotate --no-header pyproject.toml -o cluster/requirements.lock
	@$(BIN)/uv pip compile -q --upgrade --generate-hashes --universal --python-version 3.11 \
	  --group clients --no-emit-index-url --no-emit-find-links --no-annotate --no-header -o tests/clients/requirements.lock

bench: setup $(RIVALS)/.ready ## Measure everything beside what users would pick instead (FULL=1: 50 million figures too)
	@mkdir -p artifacts && timeout 5400 $(BIN)/python -m bench $(if $(FULL),--full) --json artifacts/bench.json

bench-quick: setup ## The same in under three minutes, without the rivals
	@mkdir -p artifacts && timeout 300 $(BIN)/python -m bench --quick --json artifacts/bench-quick.json

profile: setup ## Where the time goes: SUBJECT=refresh, page:map, edition:ar, "command:figures --place SY07"
	@timeout 600 $(BIN)/python -m bench.profile "$(or $(SUBJECT),page)"

$(RIVALS)/.ready: bench/requirements.lock bench/rivals/observable/package.json
	@test -x $(RIVALS)/bin/python || $(PYTHON) -m venv $(RIVALS)
	@$(BIN)/uv pip sync -q --python $(RIVALS)/bin/python --require-hashes bench/requirements.lock
	@! command -v npm >/dev/null || { mkdir -p $(RIVALS)/observable && cp bench/rivals/observable/package.json $(RIVALS)/observable \
	  && npm install --prefix $(RIVALS)/observable --ignore-scripts --no-audit --no-fund --no-package-lock --silent; }
	@touch $@

clients: $(CLIENTS)/.ready ## Set up what other offices read our files with; its tests run in `make test` then

$(CLIENTS)/.ready: tests/clients/requirements.lock $(READY)
	@test -x $(CLIENTS)/bin/python || $(PYTHON) -m venv $(CLIENTS)
	@$(BIN)/uv pip sync -q --python $(CLIENTS)/bin/python --require-hashes tests/clients/requirements.lock
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

dictionary: setup ## Rewrite docs/data-dictionary.md, docs/sources.md and data/reference/apis.csv
	@$(BIN)/python -m data.publication.dictionary
	@$(BIN)/python -m pipelines.directory

surges: setup ## Rewrite docs/surges.md from the carried figures
	@store=$$(mktemp -d) && trap 'rm -rf "$$store"' EXIT \
	  && $(BIN)/nuzuh --store "$$store" run published_figures >/dev/null \
	  && $(BIN)/python -m bench.surges "$$store" > docs/surges.md

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
	@rm -rf $(VENV) $(RIVALS) $(CLUSTER) $(CLIENTS)
