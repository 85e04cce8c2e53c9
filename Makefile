# One command for each thing that a developer or operator does. `make` alone lists them.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
FLASK := $(BIN)/flask
HOST ?= 127.0.0.1
PORT ?= 5000
NEAR ?= Torrance, CA
RADIUS ?= 40
# glibc gives freed memory back to the system, so that a test process stays small.
PYTEST := MALLOC_ARENA_MAX=1 MALLOC_TRIM_THRESHOLD_=131072 MALLOC_MMAP_THRESHOLD_=131072 $(BIN)/python -m pytest -n auto
# The first process that asks for a place makes the atlas, which takes 150 MB: not a test process.
ATLAS := $(BIN)/python -c 'from directory.places.atlas import atlas; atlas()'

.PHONY: help install run serve worker test test-all pytest browser lint format bench audit migrate real seed import lock towns counties clean

help: ## List these commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 18

install: .venv/installed static/vendor/installed directory/libdirectory.so ## Set up .venv and static/vendor, compile (quick when nothing changed)

.venv/installed: requirements.txt requirements-dev.txt
	@echo "Setting up .venv (the first time takes a minute or two) ..."
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Python 3.11 or newer is needed. Install it, or name it: make PYTHON=/path/to/python3.11 install"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || { \
	  echo "Python's venv module is missing. On Debian or Ubuntu: apt install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt -r requirements-dev.txt || { \
	  echo "The Python packages could not be installed. Is there a network connection?"; exit 1; }
	@touch $@

directory/libdirectory.so: directory/search/kernel.c directory/search/kernel.h directory/imports/reading/marks.c scripts/compile.sh | .venv/installed
	@bash scripts/compile.sh

static/vendor/installed: package-lock.json scripts/vendor.mjs | .venv/installed
	@echo "Fetching htmx, Leaflet and its renderer of tiles, Pico CSS, letters and the map outlines into static/vendor ..."
	@bash scripts/vendor.sh
	@touch $@

run: install migrate ## Set everything up and serve the app with demo data at http://127.0.0.1:5000
	@$(FLASK) seed --if-empty
	@$(MAKE) --no-print-directory serve

serve: ## Serve the app as it stands
	@echo "Serving at http://$(HOST):$(PORT) (Ctrl+C stops)"
	@$(FLASK) run --host $(HOST) --port $(PORT)

worker: install migrate ## Run the jobs by the clock: expiries, re-checks, mail
	@$(FLASK) worker

node_modules/schema-dts/package.json: package-lock.json | static/vendor/installed
	@echo "Fetching the types of schema.org for the tests ..."
	@bash scripts/schema_types.sh
	@touch $@

test: install node_modules/schema-dts/package.json browser lint pytest ## Set everything up, lint, and run the tests that take minutes

test-all: test ## What `make test` does, then everything on both databases, all pages in all forms, the kill drills
	@$(PYTEST) --exhaustive -m exhaustive

pytest: ## Run the tests alone (more options: make pytest ARGS="-k search")
	@$(ATLAS)
	@$(PYTEST) $(ARGS)

browser: ## Find a Chromium for the browser tests, or install one
	@bash scripts/browser.sh

lint: ## Check style, types, imports between features, templates and translations
	@echo "ruff ..." && $(BIN)/ruff check . && $(BIN)/ruff format --check .
	@echo "mypy ..." && $(BIN)/mypy
	@echo "import-linter ..." && $(BIN)/lint-imports
	@echo "djlint ..." && $(BIN)/djlint templates --lint --quiet
	@echo "translations ..." && $(BIN)/python scripts/translations.py check

format: ## Format the code
	@$(BIN)/ruff check --fix . && $(BIN)/ruff format .

bench: install ## Run the benchmarks (some minutes)
	@for each in search names imports ratings street_map real; do echo "== $$each" && $(BIN)/python benchmarks/$$each.py || exit 1; done

audit: install ## Measure the main pages with Lighthouse, as a phone loads them (some minutes)
	@bash scripts/audit/run.sh

migrate: .venv/installed directory/libdirectory.so ## Bring the database up to the newest migration
	@$(FLASK) db upgrade

seed: migrate ## Load the invented demonstration providers and reviews
	@$(FLASK) seed

real: install migrate ## From nothing to the real directory of an area, and up to date again: make real NEAR="Torrance, CA" RADIUS=40
	@$(FLASK) seed --plans
	@$(FLASK) sources sync --near "$(NEAR)" --radius "$(RADIUS)" $(ARGS)

import: migrate ## Import a public file: make import SOURCE=nppes FILE=npidata.zip ARGS='--near "Torrance, CA"'
	@test -n "$(SOURCE)" -a -n "$(FILE)" || { echo "Say what to import: make import SOURCE=nppes FILE=npidata.zip"; exit 1; }
	@$(FLASK) import $(SOURCE) "$(FILE)" $(ARGS)

lock: .venv/installed ## Pin requirements*.in into requirements*.txt, with hashes
	@for f in requirements requirements-dev requirements-compiler requirements-node requirements-towns; do \
	  CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url \
	    --no-emit-find-links --no-emit-trusted-host $$f.in -o $$f.txt; done

towns: .venv/installed ## Make directory/places/towns.tsv anew from the package of requirements-towns.txt
	@bash scripts/towns.sh

counties: .venv/installed static/vendor/installed ## Make directory/places/counties.tsv anew from the us-atlas of package.json
	@PYTHONPATH=. $(BIN)/python scripts/counties.py

clean: ## Remove what set-up made (not the database in instance/)
	@rm -rf .venv directory/libdirectory.so node_modules scripts/audit/node_modules static/vendor .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
