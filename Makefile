# Two commands matter: `make demo` sets everything up and runs the main job, `make test` passes the tests.
PYTHON ?= python3
VENV   ?= .venv
BIN     = $(VENV)/bin

.PHONY: help demo test lint bench docs lab

help:            ## this list
	@grep -E '^[a-z]+: .*##' Makefile | sed 's/:[^#]*##/ -/'

$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --constraint constraints.txt torch
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $@

demo: $(VENV)/.installed   ## diagnose the two example LoRAs of the laboratory; prints where the reports are
	$(BIN)/fluxdiag demo

test: $(VENV)/.installed   ## the tests
	$(BIN)/python -m pytest --numprocesses logical --maxprocesses 4 --dist loadfile

lint: $(VENV)/.installed   ## ruff and mypy --strict
	$(BIN)/ruff check src tests
	$(BIN)/ruff format --check src tests
	$(BIN)/mypy

bench: $(VENV)/.installed  ## speed and memory of the main job, report, inspection, audit, trainer, repair and sweep: a table, and bench.json
	$(BIN)/python tests/bench.py

docs: $(VENV)/.installed   ## the documentation as a site, in site/
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet

lab: $(VENV)/.installed    ## train the laboratory's models anew from fixed seeds (hours on a CPU; resumable)
	$(BIN)/fluxlab make
