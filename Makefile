# Needs Python 3.11 or newer, pip and make.  `make PYTHON=/path/to/python3.11 tag` takes another Python.

PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/installed

.DEFAULT_GOAL := help
.PHONY: help install tag test check clean

help:
	@echo "make tag      tag the sample issues in examples/ (installs first, if needed)"
	@echo "make test     run the tests"
	@echo "make check    lint, types and layers"
	@echo "make install  a .venv with everything for use and tests"

install: $(STAMP)

# Done again only when the dependencies change: the package itself is installed as editable.
$(STAMP): pyproject.toml constraints.txt hatch_build.py
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "chaoxun needs Python 3.11 or newer, this is %s: make PYTHON=/path/to/python3.11" % sys.version.split()[0])'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $(STAMP)

tag: install
	@$(BIN)/chaoxun tag examples

test: install
	$(BIN)/python -m pytest -q

check: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/test_layers.py

clean:
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
