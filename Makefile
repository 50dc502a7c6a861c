# 知责: everything by one word. `make help` lists them.
PYTHON ?= python3
BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest
SETUP := $(PYTHON) deploy/setup.py dev

.PHONY: help run test test-fast test-sqlite test-postgres test-browser bench faults faults-proxy lint messages lock pictures

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

run: ## set up, then serve on http://127.0.0.1:8000 with the worker (PORT=…, DEMO=0 for an empty start)
	@$(PYTHON) deploy/run.py

test: ## set up, then every check: lint, SQLite, PostgreSQL, browser
	@$(SETUP)
	@$(PYTHON) deploy/check.py

test-fast: ## unit and view tests on SQLite
	@$(SETUP)
	@$(PYTEST) --ignore tests/browser

test-postgres: ## unit and view tests on PostgreSQL
	@$(SETUP)
	@$(PYTEST) --ignore tests/browser --store postgres

test-browser: ## the journeys in a real Chromium
	@$(SETUP)
	@$(PYTHON) deploy/check.py browser

bench: ## the benchmarks: a table, and bench/results.json
	@$(SETUP)
	@$(BIN)/python -m bench

faults: ## fault trials: kill -9 during saves, with a control that must lose
	@$(SETUP)
	@$(BIN)/python -m bench.faults.kill_web

faults-proxy: ## 400 slow connections, with and without the shipped nginx.conf (needs nginx)
	@$(SETUP)
	@$(BIN)/python -m bench.faults.slow_clients

lint: ## format, style, types, templates
	@$(SETUP)
	@$(BIN)/ruff format --check . && $(BIN)/ruff check . && $(BIN)/mypy && $(BIN)/djlint --check --quiet templates

messages: ## extract the messages afresh, list what is not translated, compile
	@$(BIN)/python -m app.messages

lock: ## lock the dependencies anew (needs the network)
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements.txt
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group dev -c requirements.txt -o requirements-dev.txt pyproject.toml

pictures: ## take the README's pictures of the real pages again
	@$(BIN)/python deploy/pictures.py
