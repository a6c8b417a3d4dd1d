# Two commands: `make demo` (search the sample corpus in a browser) and `make test` (lint, types, tests).
# Both set up .venv by themselves; Python 3.11 or newer is all they need.

PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do \
	command -v $$p >/dev/null && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' && echo $$p && break; done)
VENV ?= .venv
CORPORA ?= ../shared/corpora
TRAINING ?= ../shared/training
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: demo test lint types unit bench eval fuzz readers models verify lock clean help

help:
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10

demo: $(VENV)/run ## ingest the sample corpus and open it in a browser (PORT=8001)
	$(BIN)/quotetrack demo --open $(if $(PORT),--port $(PORT))

test: lint types unit ## everything CI runs

lint: $(VENV)/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/dev
	$(BIN)/mypy

unit: $(VENV)/dev
	$(BIN)/pytest

bench: $(VENV)/run ## speed and memory, as ratios within one run
	$(BIN)/python -m benchmarks

eval: $(VENV)/run ## scores on the annotated news in ../shared, beside the peers'
	$(BIN)/quotetrack evaluate $(wildcard $(CORPORA)/*.dev.jsonl)

fuzz: $(VENV)/dev ## 10,000 mutated documents through every reader
	$(BIN)/python -m tests.fuzz

readers: $(VENV)/run ## each reader's throughput beside the bare library's
	$(BIN)/python -m benchmarks.readers

models: $(VENV)/run ## train the models that ship further, on ../shared/training (hours; ARGS="de --anew")
	$(BIN)/python -m quotetrack.training --data $(TRAINING) $(ARGS)

verify: $(VENV)/run ## check the models that ship against their checksums
	$(BIN)/quotetrack models verify

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "quotetrack needs Python 3.11 or newer" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/run: $(VENV)/bin/python requirements.lock pyproject.toml
	$(PIP) --requirement requirements.lock
	$(PIP) --no-deps --editable .
	@touch $@

$(VENV)/dev: $(VENV)/run requirements-dev.lock
	$(PIP) --requirement requirements-dev.lock
	@touch $@

lock: ## write the lock files anew from pyproject.toml
	rm -rf build/lock && $(PYTHON) -m venv build/lock
	build/lock/bin/python -m pip install --quiet torch==2.13.0 editables
	build/lock/bin/python -m pip install --quiet --editable .
	{ echo "# What quotetrack runs on: pip install -r requirements.lock. Made by 'make lock'."; \
	  build/lock/bin/python -m pip freeze --exclude-editable | sed 's/+cpu//'; } > requirements.lock
	build/lock/bin/python -m pip install --quiet --group dev
	{ echo "# What tests and checks need on top of requirements.lock."; \
	  build/lock/bin/python -m pip freeze --exclude-editable | sed 's/+cpu//' | grep -vxFf requirements.lock; } > requirements-dev.lock

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .hypothesis
