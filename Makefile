# `make study` and `make test` set up everything they need in .venv, pinned by constraints.txt.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt

.PHONY: study test check bench clean

study: .venv/runtime
	$(BIN)/dense-study run four --data digits --trials 30 --name digits-four

test: check
	$(BIN)/python -m pytest

check: .venv/development
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/development
	$(BIN)/python benchmarks/training.py --quick
	$(BIN)/python benchmarks/throughput.py --quick
	$(BIN)/python benchmarks/calibration.py --studies 200
	$(BIN)/python benchmarks/pages.py --trials 100
	$(BIN)/python benchmarks/startup.py --repeats 3

clean:
	rm -rf .venv build dist

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit("dense-study needs Python 3.11 to 3.13, got " + sys.version.split()[0]) if not (3, 11) <= sys.version_info[:2] <= (3, 13) else None'
	$(PYTHON) -m venv .venv

.venv/runtime: pyproject.toml constraints.txt | .venv/bin/python
	@echo "Installing dense-study into .venv (a few minutes the first time) ..."
	$(PIP) --editable .
	@touch $@

.venv/development: pyproject.toml constraints.txt | .venv/bin/python
	@echo "Installing dense-study and its development tools into .venv (a few minutes the first time) ..."
	$(PIP) --editable '.[dev]'
	@touch $@ .venv/runtime
