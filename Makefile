# Every target's words stand behind its name; `make help` prints them.
SHELL := /bin/sh
PYTHON ?= python3
BIN := .venv/bin
SPARK_PIP := .venv-spark/bin/python -m pip install --quiet --disable-pip-version-check
KINDS := spec leakage unit fairness contract access architecture pages acceptance
STEP = started=$$(date +%s); say() { echo "make $@: $$1 took $$(($$(date +%s) - started)) s"; started=$$(date +%s); };

# The one folder in which the program keeps everything it writes.
export EARLYHELP_HOME ?= $(CURDIR)/var

.DEFAULT_GOAL := help
.PHONY: help setup setup-spark setup-peers demo token test lint bench-indicators bench-simulate bench-check \
	bench-audit catalogue calibration coverage planted pictures lock clean $(KINDS:%=test-%)

help: ## print this
	@awk -F ':.*## ' '/^[a-z%-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile
	@echo "  make test-KIND      one kind of test: $(KINDS)"

setup: .venv/.ready ## make .venv from the lock and build the pages' style sheet

.venv/.ready: requirements.lock pyproject.toml serving/pages/package-lock.json $(wildcard serving/pages/assets/*)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "make setup: Python 3.11 or newer is needed; say which one with PYTHON=python3.12"; exit 1; }
	@$(STEP) \
	$(PYTHON) -m venv .venv && \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock && \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable . && \
	say "installing" && $(BIN)/python -m serving.pages.build && say "building the style sheet"
	@touch $@

setup-spark: .venv-spark/.ready ## make .venv-spark, in which Spark computes the indicators (450 MB; needs Java 17)

# What pyspark's source is built with goes in first: with hashes, a build fetches nothing by itself.
.venv-spark/.ready: requirements-spark.lock pyproject.toml
	@$(STEP) \
	$(PYTHON) -m venv .venv-spark && \
	sed -n '/^setuptools==/,/[^\\]$$/p' requirements-spark.lock > .venv-spark/build.lock && \
	$(SPARK_PIP) --require-hashes -r .venv-spark/build.lock && \
	$(SPARK_PIP) --require-hashes --no-build-isolation -r requirements-spark.lock && \
	$(SPARK_PIP) --no-deps --no-build-isolation --editable . && say "installing"
	@touch $@

setup-peers: .venv-peers/.ready ## make .venv-peers: fairlearn and aequitas, which the audit is held against (450 MB)

# Importing them once writes the bytecode that is used; compiling all that is installed takes twice as long.
.venv-peers/.ready: requirements-peers.lock
	@$(STEP) \
	$(PYTHON) -m venv .venv-peers && \
	.venv-peers/bin/python -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes \
		-r requirements-peers.lock && \
	PYTHONDONTWRITEBYTECODE= .venv-peers/bin/python -W ignore -c 'import aequitas.group, fairlearn.metrics' && \
	say "installing"
	@touch $@

demo: setup ## simulate, check, build, train, audit, release, score and serve (ONCE=1: record one decision and stop)
	@$(BIN)/python -m experiments.demo $(if $(ONCE),--once)

test: setup ## every test that this machine can run; says what it skipped
	@$(STEP) $(BIN)/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder && say "all tests"

$(KINDS:%=test-%): test-%: setup
	@$(BIN)/python -m pytest -q tests/$*

lint: setup ## style, format and types
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

token: setup ## a token for the pages and the API of a demonstration (ROLE=triage|data_scientist|auditor)
	@$(BIN)/earlyhelp token --role $(or $(ROLE),triage) --subject demonstration

bench-indicators: setup ## what indicators cost as an authority grows, beside plain pandas, with a plot (SIZES="10000")
	@$(BIN)/python -m experiments.benchmarks.indicators $(if $(SIZES),--sizes $(SIZES))

bench-simulate: setup ## what a simulation costs as it grows, with a plot (SIZES="10000 30000")
	@$(BIN)/python -m experiments.benchmarks.simulation $(if $(SIZES),--sizes $(SIZES))

bench-check: setup ## what checking an extract costs as it grows, beside Polars reading the same files (SIZES="10000")
	@$(BIN)/python -m experiments.benchmarks.checking $(if $(SIZES),--sizes $(SIZES))

bench-audit: setup setup-peers ## what an audit costs as it grows, beside fairlearn's bootstrap (SIZES="30000 100000")
	@$(BIN)/python -m experiments.benchmarks.audit $(if $(SIZES),--sizes $(SIZES))

catalogue: setup ## write the page of every indicator, features/README.md, again
	@$(BIN)/python -m features.indicators.catalogue_page

calibration: setup ## the published figures beside what the simulator gives, for each profile
	@$(BIN)/python -m experiments.e001_calibration

coverage: setup ## how often the audit's intervals hold the truth, by rows and clusters (3 minutes)
	@$(BIN)/python -m experiments.e002_interval_coverage

planted: setup ## what the audit finds where unfairness was planted, and where none was (SEEDS=20 for a look)
	@$(BIN)/python -m experiments.e003_planted $(if $(SEEDS),--seeds $(SEEDS))

pictures: setup ## make the README's picture of a case page again, from invented families
	@$(BIN)/python -m experiments.demo --once --picture

lock: ## make every requirements*.lock again from pyproject.toml
	@$(BIN)/uv pip compile --universal --generate-hashes --no-header --no-annotate --no-emit-index-url \
		--group dev pyproject.toml --output-file requirements.lock --quiet
	@$(BIN)/uv pip compile --universal --generate-hashes --no-header --no-annotate --no-emit-index-url \
		--constraint requirements.lock --group spark --output-file requirements-spark.lock --quiet
	@$(BIN)/uv pip compile --universal --generate-hashes --no-header --no-annotate --no-emit-index-url \
		--group peers --output-file requirements-peers.lock --quiet

clean: ## remove the environments, what was built and everything the program wrote here
	@rm -rf .venv .venv-spark .venv-peers dist var serving/pages/node_modules serving/pages/static .pytest_cache .mypy_cache .ruff_cache .hypothesis
