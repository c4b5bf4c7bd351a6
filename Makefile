# The words of this project. `make demo` and `make test` need only git, make, and Python ≥ 3.11 with venv and pip.

PYTHON ?= python3
UV_VERSION := 0.13.9
UV := .tools/bin/uv
BIN := .venv/bin
SYNC := $(UV) pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock
STAMP := .venv/.installed
# One test in four waits rather than works, so there is one more at a time than the machine has cores.
WORKERS := $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)

.PHONY: help demo test check lint setup lock clean
.DEFAULT_GOAL := help

help:                ## What there is
	@sed -n 's/^\([a-z]*\): .*## /\1\t/p; s/^\([a-z]*\):  *## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10

demo: setup          ## The main job, offline, in under a minute
	$(BIN)/rasid demo

test: setup          ## All tests, on SQLite and PostgreSQL
	$(BIN)/pytest -n $(WORKERS) --dist worksteal -m "not slow" || { \
	  echo "Failed tests once more, one at a time: real processes can starve on a busy machine …"; \
	  $(BIN)/pytest -n 0 -m "not slow" --last-failed --last-failed-no-failures none; }
	@echo "kill -9, fifty times; a failure here is never tried again …"
	$(BIN)/pytest -n 0 -s -m slow

check: lint          ## Lint, and whether the docs are true
	$(BIN)/pytest -q -p no:randomly tests/docs

lint: setup          ## Style, format, types, import rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

setup: $(STAMP)      ## .venv with .venv/bin/rasid

$(STAMP): requirements.lock pyproject.toml $(UV)
	@echo "Setting up .venv from requirements.lock …"
	$(UV) venv --quiet --allow-existing --python $(PYTHON) .venv
	$(SYNC) || $(SYNC) --system-certs  # behind a certificate authority that only this machine knows
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

$(UV):
	@echo "Fetching uv $(UV_VERSION) into .tools …"
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --upgrade --target .tools uv==$(UV_VERSION)

lock: $(UV)          ## Resolve requirements.lock anew from pyproject.toml
	$(UV) pip compile --quiet --universal --python-version 3.11 --group dev --generate-hashes --upgrade \
	  --no-header --no-annotate --no-emit-index-url --output-file requirements.lock pyproject.toml

clean:               ## Remove what setup made
	rm -rf .venv .tools
