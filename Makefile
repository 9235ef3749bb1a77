# Every command a person or a machine needs; `make help` lists them.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

# The environment is the one that the hashes describe, whatever the machine around it is set up for.
export UV_PYTHON_DOWNLOADS := never
export UV_NO_CONFIG := 1
unexport UV_INDEX_URL UV_DEFAULT_INDEX UV_EXTRA_INDEX_URL UV_INDEX UV_FIND_LINKS VIRTUAL_ENV PYTHONHOME PYTHONPATH \
	PYTHONDONTWRITEBYTECODE

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
# is allowed by both, and uv makes the environment from there. A bare Debian has no pip either: root gets it from apt.
$(UV): $(REQUIREMENTS)/bootstrap.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	  || { echo 'Refurb needs Python 3.11 or newer (PYTHON=… chooses one). On Debian: apt install python3' >&2; exit 2; }
	@if $(PYTHON) -m pip --version >/dev/null 2>&1; then \
	  pip='$(PYTHON) -m pip'; \
	elif $(PYTHON) -m venv .tools/pip >/dev/null 2>&1; then \
	  pip='.tools/pip/bin/python -m pip'; \
	else \
	  rm -rf .tools/pip; \
	  if [[ $$(id -u) == 0 ]] && command -v apt-get >/dev/null; then \
	    echo 'Refurb needs pip once, to fetch its tools: apt installs python3-pip.' >&2; \
	    { apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends python3-pip; } >/dev/null || true; \
	  fi; \
	  pip='$(PYTHON) -m pip'; \
	  $$pip --version >/dev/null 2>&1 \
	    || { echo 'Refurb needs pip once, to fetch its tools. On Debian: sudo apt install python3-pip' >&2; exit 2; }; \
	fi; \
	PIP_ROOT_USER_ACTION=ignore $$pip install --quiet --disable-pip-version-check --no-deps --only-binary :all: \
	  --require-hashes --upgrade --target .tools --requirement $<
	@touch $@

.venv/pyvenv.cfg: | $(UV)
	@$(UV) venv --quiet --allow-existing --no-project --python '$(PYTHON)' .venv

# `make run` never takes the developing tools away from someone who has them, nor what speaks to a bucket or signs papers.
.venv/.run: $(REQUIREMENTS)/run.txt pyproject.toml | .venv/pyvenv.cfg
	@$(UV) pip sync --quiet --compile-bytecode $(if $(wildcard .venv/.dev),$(REQUIREMENTS)/dev.txt,$(if $(wildcard .venv/lib/*/site-packages/pyhanko),$(REQUIREMENTS)/pades.txt,$(if $(wildcard .venv/lib/*/site-packages/obstore),$(REQUIREMENTS)/s3.txt,$<)))
	@$(INSTALL_PROJECT)
	@touch $@

.venv/.dev: $(REQUIREMENTS)/dev.txt pyproject.toml | .venv/pyvenv.cfg
	@$(UV) pip sync --quiet --compile-bytecode $<
	@$(INSTALL_PROJECT)
	@touch .venv/.run $@

.PHONY: lock
lock: $(UV) ## pin every dependency again, at its newest allowed version
	$(COMPILE) --upgrade --no-build --python-version 3.11 $(REQUIREMENTS)/bootstrap.in --output-file $(REQUIREMENTS)/bootstrap.txt
	$(COMPILE) --upgrade pyproject.toml --output-file $(REQUIREMENTS)/run.txt
	$(COMPILE) --upgrade pyproject.toml --extra s3 --constraints $(REQUIREMENTS)/run.txt --output-file $(REQUIREMENTS)/s3.txt
	$(COMPILE) --upgrade pyproject.toml --extra s3 --extra pades --constraints $(REQUIREMENTS)/s3.txt --output-file $(REQUIREMENTS)/pades.txt
	$(COMPILE) --upgrade pyproject.toml --extra s3 --extra pades --group dev --constraints $(REQUIREMENTS)/pades.txt --output-file $(REQUIREMENTS)/dev.txt

# --- running ---------------------------------------------------------------------------------------------------------

# Each catalogue is compiled beside its text. A catalogue of French screens is needed for refusals only: elsewhere the
# French sentence is the key.
TRANSLATIONS := refurb/translations
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard $(TRANSLATIONS)/*/LC_MESSAGES/*.po))

%.mo: %.po | .venv/.run
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@

.PHONY: setup
setup: .venv/.run $(CATALOGUES) ## make the environment and the translations, nothing else

.PHONY: run
run: .venv/.run $(CATALOGUES) ## serve on http://127.0.0.1:8000 (PORT=…), with a demonstration the first time
	@exec $(BIN)/python -m config.start

# --- checking --------------------------------------------------------------------------------------------------------

# A browser for the tests: the system's Chromium, else one fetched once into .tools.
.tools/.browser: tests/support/browser.py .venv/.dev
	@$(BIN)/python -m tests.support.browser
	@touch $@

# An nginx for the test of its sample. Without one that test says that it is skipped.
.tools/.nginx: tests/support/nginx.py .venv/.dev
	@if $(BIN)/python -m tests.support.nginx; then touch $@; fi

# The checks run side by side, and each tells at its end all that it has to tell; one that fails ends the run before the tests.
CHECKS := types lint format imports templates
.PHONY: checks
checks: .venv/.dev ## every check that reads the code, without the tests
	@$(MAKE) --no-print-directory --jobs --keep-going --output-sync=target $(CHECKS:%=check-%)

.PHONY: $(CHECKS:%=check-%)
check-types: .venv/.dev
	$(BIN)/mypy
check-lint: .venv/.dev
	$(BIN)/ruff check
check-format: .venv/.dev
	$(BIN)/ruff format --check
check-imports: .venv/.dev
	$(BIN)/lint-imports --no-logo
check-templates: .venv/.dev
	$(BIN)/djlint refurb/templates --lint --quiet

# BOTH=1: the tests of pages on both databases, too. SHUFFLE=7: in an order drawn from that number. Whoever is first out of tests
# takes over some of the other's.
BOTH ?=
SHUFFLE ?=
.PHONY: test
test: .venv/.dev .tools/.browser .tools/.nginx $(CATALOGUES) checks ## every check and every test, on SQLite, PostgreSQL and in a browser
	$(BIN)/pytest -n 3 --dist worksteal $(if $(BOTH),--both) $(if $(SHUFFLE),--shuffle $(SHUFFLE))

.PHONY: soak
soak: .venv/.dev .tools/.browser $(CATALOGUES) ## the long tests: hours of invented use
	$(BIN)/pytest -m soak

DEVICES ?=
DATABASE ?= sqlite
.PHONY: bench
bench: .venv/.dev $(CATALOGUES) ## measure the service (DEVICES=10000 or 1000000, DATABASE=postgresql); prints one JSON object
	@DATABASE='$(DATABASE)' $(BIN)/python -m tests.bench $(DEVICES)

.PHONY: sbom
sbom: .venv/.run ## print the list of the parts that the service is made of (CycloneDX, JSON)
	@$(BIN)/python -m config.sbom

.PHONY: release
release: .venv/.dev $(CATALOGUES) ## see that this commit may be released, and build what is given out into dist/ (CONTRIBUTING.md)
	@$(BIN)/python -m config.release

# --- editing ---------------------------------------------------------------------------------------------------------

.PHONY: format
format: .venv/.dev ## put the code in its format
	$(BIN)/ruff check --fix-only
	$(BIN)/ruff format

TEMPLATE := $(TRANSLATIONS)/messages.pot
.PHONY: translations
translations: .venv/.dev ## gather the French sentences of code and pages into the English catalogue
	$(BIN)/pybabel --quiet extract --mapping-file config/babel.cfg --no-location --no-wrap --sort-output \
	  --keywords _l --keywords _n:1,2 --keywords _p:1c,2 --keywords _lp:1c,2 --add-comments 'i18n:' \
	  --project Refurb --version '' --output-file $(TEMPLATE) refurb
	[[ -e $(TRANSLATIONS)/en/LC_MESSAGES/messages.po ]] \
	  || $(BIN)/pybabel --quiet init --no-wrap --locale en --input-file $(TEMPLATE) --output-dir $(TRANSLATIONS)
	$(BIN)/pybabel --quiet update --no-wrap --ignore-obsolete --no-fuzzy-matching --ignore-pot-creation-date \
	  --locale en --input-file $(TEMPLATE) --output-dir $(TRANSLATIONS)
	rm $(TEMPLATE)

.PHONY: clean
clean: ## remove what was made, except the data in var/
	rm -rf .venv .tools .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis *.egg-info
	find $(wildcard refurb config tests migrations) -name __pycache__ -prune -exec rm -rf {} + -o -name '*.mo' -exec rm {} +
