# GNU make. Every target makes the environment first, and again only when the lock file or pyproject.toml changed.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PYTHON ?= $(shell command -v python3.11 || command -v python3)
INBOX := $(or $(ARXAN_INBOX),data/inbox)
WORKERS ?= 2
bin := .venv/bin
stamp := .venv/made-from-lock
mutants_stamp := .venv-mutants/made-from-lock
bench_bin := .venv-bench/bin
bench_stamp := .venv-bench/made-from-lock

.PHONY: env run test test-long check bench mutants docs lock help
.DEFAULT_GOAL := help

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## */make \1\t/' | expand -t 14

env: $(stamp)  ## the virtual environment in .venv, with .venv/bin/arxan, from the lock file by pip alone

$(stamp): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || {
	  echo 'Python 3.11 is needed: make PYTHON=/path/to/python3.11' >&2; exit 1; }
	echo 'Making the environment in .venv from requirements.lock; this takes about a minute.'
	$(PYTHON) -m venv .venv
	export PIP_DISABLE_PIP_VERSION_CHECK=1
	$(bin)/pip install -qq --require-hashes --no-deps -r requirements.lock
	$(bin)/pip install -qq --no-deps --no-build-isolation -e .
	touch $@

run: env  ## one night over data/inbox, which is filled with a sample when it is empty
	@if [ -z "$$(ls '$(INBOX)' 2>/dev/null)" ]; then $(bin)/arxan sample --out '$(INBOX)'; fi
	$(bin)/arxan nightly

test: env  ## the whole test suite
	@$(bin)/pytest -n $(WORKERS)

test-long: env  ## what takes too long for each day: damaged workbooks, crashes, second calculators
	@HOSTILE_DAMAGES=1000 HYPOTHESIS_PROFILE=searching LONG_COMPARISON=1 $(bin)/pytest -s --timeout 7200 \
	  tests/flows/reading/test_hostile.py tests/long \
	  tests/transforms/compensation/test_second_calculator.py \
	  tests/transforms/envoys/test_second_calculator.py \
	  tests/transforms/test_second_investment_calculator.py

check: env  ## lint, format and types
	@$(bin)/ruff check .
	$(bin)/ruff format --check .
	$(bin)/mypy

bench: env $(bench_stamp)  ## the benchmarks, or those in ONLY="night compute"; sizes and repeats: docs/performance.md
	@$(bench_bin)/python -m tests.benchmarks $(ONLY)

$(bench_stamp): requirements.lock tests/benchmarks/requirements.txt pyproject.toml
	@echo 'Making the environment of the benchmarks in .venv-bench: that of the program, and what it is compared with.'
	$(PYTHON) -m venv .venv-bench
	export PIP_DISABLE_PIP_VERSION_CHECK=1
	$(bench_bin)/pip install -qq --require-hashes --no-deps -r requirements.lock
	$(bench_bin)/pip install -qq --require-hashes --no-deps -r tests/benchmarks/requirements.txt || {
	  echo 'What the program is compared with could not be installed: those comparisons are left out.' >&2; }
	$(bench_bin)/pip install -qq --no-deps --no-build-isolation -e .
	touch $@

mutants: $(mutants_stamp)  ## mutation testing of what reckons with money (docs/mutation-testing.md)
	@.venv-mutants/bin/python -m tests.mutation.run --processes $(WORKERS) $(AGAIN) $(MODULES)

$(mutants_stamp): requirements.lock tests/mutation/requirements.txt
	@$(PYTHON) -m venv .venv-mutants
	PIP_DISABLE_PIP_VERSION_CHECK=1 .venv-mutants/bin/pip install -qq --require-hashes --no-deps \
	  -r requirements.lock -r tests/mutation/requirements.txt
	touch $@

docs: env  ## what is generated under docs/, anew
	@$(bin)/python -m flows.dictionary
	$(bin)/python -m flows.parameters_document

lock: env  ## requirements.lock anew from pyproject.toml, and what mutants and benchmarks need (needs uv)
	@uv pip compile --no-strip-extras --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --group dev pyproject.toml -o requirements.lock
	uv pip compile --no-deps --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --group mutation -o tests/mutation/requirements.txt
	uv pip compile --no-strip-extras --python-version 3.11 --generate-hashes --no-emit-index-url \
	  -c requirements.lock tests/benchmarks/requirements.in -o tests/benchmarks/requirements.txt
