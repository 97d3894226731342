# The tasks of people and of CI alike. Each makes what it needs, from the virtual environment on; nothing is installed outside it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CORE := $(VENV)/.core
WEB := $(VENV)/.web
DEV := $(VENV)/.dev
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
FLOORS := tests/corpus/floors.json

.PHONY: help demo demo-desk test lint types layers docs docs-check wheel score bench check clean
help: ## list the tasks
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

# Debian keeps ensurepip apart from Python; without it virtualenv, in a folder of its own, does the same.
$(BIN)/python:
	@$(PYTHON) -m venv $(VENV) 2>/dev/null || { \
	  rm -rf $(VENV) && $(PYTHON) -m pip install --quiet --disable-pip-version-check --target $(VENV)-maker virtualenv \
	  && PYTHONPATH=$(VENV)-maker $(PYTHON) -m virtualenv --quiet $(VENV) && rm -rf $(VENV)-maker; }

$(CORE): pyproject.toml | $(BIN)/python
	@echo "installing onrecord in $(VENV)" && $(PIP) -e . && touch $@

$(DEV): pyproject.toml | $(BIN)/python
	@echo "installing onrecord and what its tests need in $(VENV)" && $(PIP) -e '.[dev]' && touch $@ $(CORE)

$(WEB): pyproject.toml | $(BIN)/python
	@echo "installing onrecord and its browser desk in $(VENV)" && $(PIP) -e '.[web]' && touch $@ $(CORE)

DEMO := out/demo
LEDGER := --ledger $(DEMO)/news.db
demo: $(CORE) ## read an invented negotiation, eight outlets, keep it in a ledger, and look it up; all in out/demo
	@rm -rf $(DEMO)
	$(BIN)/onrecord read examples/articles/daily-lantern.txt
	$(BIN)/onrecord read examples/articles --format html --output $(DEMO)
	$(BIN)/onrecord issue import examples/agenda.yaml $(LEDGER)
	$(BIN)/onrecord add examples/articles $(LEDGER)
	@echo && echo "The next morning, one outlet has changed its story:"
	$(BIN)/onrecord add examples/later $(LEDGER)
	$(BIN)/onrecord article https://halyard.example/world/merrow-truce-2026-03-12/ $(LEDGER)
	$(BIN)/onrecord search "ceasefire OR truce" --limit 5 $(LEDGER)
	$(BIN)/onrecord actor "Ludmila Sorev" --limit 5 $(LEDGER)
	$(BIN)/onrecord due --on 2026-12-31 $(LEDGER)
	$(BIN)/onrecord status $(LEDGER)
	$(BIN)/onrecord search --format jsonl --output $(DEMO)/statements.jsonl $(LEDGER)
	@echo && echo "Pages to look at, the ledger and its statements as JSON lines are in $(DEMO); begin with $(DEMO)/daily-lantern.html"

demo-desk: $(WEB) ## read ten weeks of an invented negotiation, and open the ledger in a browser: http://127.0.0.1:8000/, or another PORT
	@$(BIN)/python examples/negotiation/build.py out/demo-desk/news.db
	$(BIN)/onrecord serve --ledger out/demo-desk/news.db

test: $(DEV) ## run the tests, the score gate among them
	$(BIN)/python -m pytest --numprocesses auto --dist worksteal

lint: $(DEV) ## ruff
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(DEV) ## mypy, strict
	$(BIN)/mypy

layers: $(DEV) ## rooms import only earlier rooms
	$(BIN)/lint-imports

docs: $(DEV) ## write docs/reference from the code
	$(BIN)/python docs/build.py

docs-check: $(DEV) ## fail if docs/reference is behind the code, or a link in the docs leads nowhere
	$(BIN)/python docs/build.py --check

wheel: $(DEV) ## build the wheel, install it alone elsewhere, and read an article with it
	sh .ci/wheel $(BIN)/python

score: $(DEV) ## score the reader: `make score`, or `make score DATA=folder` with PolNeAR, CoFeNet and Fundus files in it
	$(BIN)/onrecord score tests/corpus --floors $(FLOORS)
	$(BIN)/onrecord score tests/corpus --floors $(FLOORS) --variant single-quotes
	$(BIN)/onrecord score mentions tests/actors/mentions-held.yaml --floor 90
	$(BIN)/onrecord score stances tests/positions/stances-held.yaml --floor 26
	$(BIN)/onrecord score acts tests/positions/stances-held.yaml --floor 43
	$(BIN)/onrecord score quantities tests/positions/figures-held.txt --floor 96 --horizon-floor 95
ifdef DATA
	sh .ci/score $(BIN) $(DATA)
endif

bench: $(DEV) ## speed, memory and how cost grows (see benchmarks/README.md)
	$(BIN)/python benchmarks/speed.py
	$(BIN)/python benchmarks/ledger.py --statements 10000 100000

check: lint types layers docs-check test score wheel ## everything that CI asks for

clean: ## remove the virtual environment and what tools left
	rm -rf $(VENV) $(VENV)-maker .mypy_cache .ruff_cache .pytest_cache .hypothesis dist build out
