# Every command a person or a machine needs; `make help` lists them.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

# The environment is the one that the hashes describe, whatever the machine around it is set up for.
export UV_PYTHON_DOWNLOADS := never
export UV_NO_CONFIG := 1
unexport UV_INDEX_URL UV_DEFAULT_INDEX UV_EXTRA_INDEX_URL UV_INDEX UV_FIND_LINKS VIRTUAL_ENV PYTHONHOME PYTHONPATH

PYTHON ?= python3
UV := .tools/bin/uv
BIN := .venv/bin
REQUIREMENTS := config/requirements
COMPILE := $(UV) pip compile --quiet --universal --generate-hashes --no-header --no-annotate --no-sources \
	--no-emit-index-url --no-emit-find-links
INSTALL_PROJECT := $(UV) pip install --quiet --offline --no-deps --no-build-isolation --editable .

.PHONY: help
help: ## show this list
	@sed -nE 's/^([a-z]+):.*## (.*)/  make \1\t\2/p' Makefile | expand -t 22

# --- the environment -------------------------------------------------------------------------------------------------

# Debian refuses `pip install` outside a virtual environment and its bare python3 cannot make one: a folder of our own
# is allowed by both, and uv makes the environment from there.
$(UV): $(REQUIREMENTS)/bootstrap.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	  || { echo 'Refurb needs Python 3.11 or newer (PYTHON=… chooses one). On Debian: apt install python3' >&2; exit 2; }
	@if $(PYTHON) -m pip --version >/dev/null 2>&1; then \
	  pip='$(PYTHON) -m pip'; \
	elif $(PYTHON) -m venv .tools/pip >/dev/null 2>&1; then \
	  pip='.tools/pip/bin/python -m pip'; \
	else \
	  rm -rf .tools/pip; echo 'Refurb needs pip once, to fetch its tools. On Debian: apt install python3-pip' >&2; exit 2; \
	fi; \
	PIP_ROOT_USER_ACTION=ignore $$pip install --quiet --disable-pip-version-check --no-deps --only-binary :all: \
	  --require-hashes --upgrade --target .tools --requirement $<
	@touch $@

.venv/pyvenv.cfg: | $(UV)
	@$(UV) venv --quiet --allow-existing --no-project --python '$(PYTHON)' .venv

# `make run` never takes the developing tools away from someone who has them.
.venv/.run: $(REQUIREMENTS)/run.txt pyproject.toml | .venv/pyvenv.cfg
	@$(UV) pip sync --quiet $(if $(wildcard .venv/.dev),$(REQUIREMENTS)/dev.txt,$<)
	@$(INSTALL_PROJECT)
	@touch $@

.venv/.dev: $(REQUIREMENTS)/dev.txt pyproject.toml | .venv/pyvenv.cfg
	@$(UV) pip sync --quiet $<
	@$(INSTALL_PROJECT)
	@touch .venv/.run $@

.PHONY: lock
lock: $(UV) ## pin every dependency again, at its newest allowed version
	$(COMPILE) --upgrade --no-build --python-version 3.11 $(REQUIREMENTS)/bootstrap.in --output-file $(REQUIREMENTS)/bootstrap.txt
	$(COMPILE) --upgrade pyproject.toml --output-file $(REQUIREMENTS)/run.txt
	$(COMPILE) --upgrade pyproject.toml --group dev --constraints $(REQUIREMENTS)/run.txt --output-file $(REQUIREMENTS)/dev.txt
