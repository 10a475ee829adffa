# `make study` and `make test` set up everything they need in .venv, pinned by constraints.txt.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt

# Tests run in processes beside one another, those of a file in the same one; there is one process
# more than cores, since tests of clusters and databases mostly wait.
PROCESSES := $(shell $(PYTHON) -c 'import os; print(min(4, (os.cpu_count() or 1) + 1))')
PYTEST := $(BIN)/python -m pytest --numprocesses $(PROCESSES) \
	--dist loadfile --no-loadscope-reorder --durations 15
# Many processes import this package: it is compiled once, whatever the user's own setting is.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: study test quick test-pythons check docs bench clean

study: $(VENV)/runtime
	$(BIN)/dense-study run four --data digits --trials 30 --name digits-four

test: check
	$(PYTEST)

# What trains no network, starts few processes and takes no second: about a minute on two cores.
quick: $(VENV)/development
	$(PYTEST) --numprocesses logical --maxprocesses 4 -m "not slow and not mnist" --hypothesis-profile quick

# The fast suite on every interpreter that is there, each in an environment of its own.
test-pythons:
	.ci/test-pythons 3.11 3.12 3.13

check: $(VENV)/development
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# The pages of docs/ as a site in build/docs; any warning, such as a broken link, fails.
docs: $(VENV)/development
	$(BIN)/python -m sphinx --fail-on-warning --keep-going --quiet docs build/docs
	@echo "Open build/docs/index.html"

bench: $(VENV)/development
	$(BIN)/python benchmarks/training.py --quick
	$(BIN)/python benchmarks/throughput.py --quick
	$(BIN)/python benchmarks/calibration.py --studies 200
	$(BIN)/python benchmarks/pages.py --trials 100
	$(BIN)/python benchmarks/startup.py --repeats 3

clean:
	rm -rf .venv .venv-3.* build dist

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit("dense-study needs Python 3.11 to 3.13, got " + sys.version.split()[0]) if not (3, 11) <= sys.version_info[:2] <= (3, 13) else None'
	$(PYTHON) -m venv $(VENV)

$(VENV)/runtime: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing dense-study into $(VENV) (a few minutes the first time) ..."
	$(PIP) --editable .
	@touch $@

$(VENV)/development: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing dense-study and its development tools into $(VENV) (a few minutes the first time) ..."
	$(PIP) --editable '.[dev]'
	@touch $@ $(VENV)/runtime
