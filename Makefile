# The whole tool-belt. `make help` lists it.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
export PORT

.PHONY: help setup setup-dev run test lint bench lock translations

help: ## list the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: $(VENV)/.runtime ## the virtual environment with the locked dependencies

run: setup ## migrate, fill the demo register on first start, start the web server and the jobs
	@$(BIN)/flask --app app serve

test: setup-dev ## every test, on SQLite and PostgreSQL, with a real Chromium
	@tests/run

lint: setup-dev ## ruff, mypy --strict and the import contracts
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports

bench: setup-dev ## seconds and peak memory of a round; pages per second and SQL per page
	@$(BIN)/python -m tests.bench

lock: setup-dev ## write requirements.txt and requirements-dev.txt anew, with hashes
	$(BIN)/pip-compile -q --upgrade --extra dev $(LOCK_FLAGS) pyproject.toml -o requirements-dev.txt
	$(BIN)/pip-compile -q $(LOCK_FLAGS) -c requirements-dev.txt pyproject.toml -o requirements.txt

translations: setup-dev ## gather new messages into the three catalogues and compile them
	$(BIN)/python -m tests.catalogues

LOCK_FLAGS := --generate-hashes --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
	--no-emit-options --strip-extras --allow-unsafe --no-header

setup-dev: $(VENV)/.dev

$(VENV)/bin/python:
	@$(PYTHON) -m venv $(VENV) 2>/dev/null || { rm -rf $(VENV); .ci/install python3-venv && $(PYTHON) -m venv $(VENV); }

$(VENV)/.runtime: requirements.txt | $(VENV)/bin/python
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt | $(VENV)/bin/python
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@ $(VENV)/.runtime
