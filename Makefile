# Two commands do everything: `make demo` and `make test`. Both set up what they need in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.PHONY: help demo test slow lint format bench serve golden lock clean

help: ## Show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

demo: $(VENV)/.runtime ## Run the main job with no network: four recorded weeks, four editions
	@$(BIN)/monitor demo

test: $(VENV)/.dev ## Run all tests but the slow ones
	@$(BIN)/python -m pytest -n auto -m "not slow"

slow: $(VENV)/.dev ## Run the slow tests: browsers, hostile input through the whole line, kills
	@$(BIN)/python -m pytest -n auto -m slow

lint: $(VENV)/.dev ## Check style, types, floors and budgets
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/python -m pytest tests/test_floors.py

format: $(VENV)/.dev ## Bring the code into shape
	@$(BIN)/ruff check --fix . && $(BIN)/ruff format .

bench: $(VENV)/.dev ## Measure speed, as ratios against peers in the same run
	@for file in bench/bench_*.py; do echo "== $$file"; $(BIN)/python $$file || exit 1; done

serve: $(VENV)/.runtime ## Run the service here: scheduler, worker, web
	@$(BIN)/monitor run

golden: $(VENV)/.dev ## Write the golden files anew, to be read in the diff
	@UPDATE_GOLDEN=1 $(BIN)/python -m pytest -p no:randomly tests || true
	@git diff --stat

lock: ## Resolve the dependencies anew, with hashes (needs uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --extra postgres pyproject.toml -o requirements.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --group build -o requirements-build.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --extra postgres --group dev --group build -c requirements.lock pyproject.toml -o requirements-dev.lock

clean: ## Remove what was built
	rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "monitor needs Python 3.11 or newer; set PYTHON=…")'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.lock requirements-build.lock pyproject.toml | $(BIN)/python
	@echo "Setting up $(VENV) …"
	@$(PIP) install --require-hashes -r requirements.lock -r requirements-build.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	@echo "Setting up the tools for tests …"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@
