# What can be done with this tree. `make` alone lists it.
# Looked for once, unless told which: `?=` would look again wherever it is used.
ifndef PYTHON
PYTHON := $(shell for name in python3.14 python3.13 python3.12 python3.11 python3 python; do \
	command -v $$name >/dev/null 2>&1 && $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& command -v $$name && break; done)
endif
VENV := .venv
BIN := $(VENV)/bin
# What is measured beside us stays out of .venv.
BENCH := .venv-bench
CATALOGUES := $(wildcard discount_broker/translations/*/LC_MESSAGES/messages.po)
COMPILED := $(CATALOGUES:.po=.mo)
# Pages and commands of the service find each other under the root of the tree.
export PYTHONPATH := $(CURDIR)

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev demo tour test check lint faults bench lock messages clean

help: ## list what can be done
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/.installed $(COMPILED) ## make .venv and install what the service needs

setup-dev: setup $(VENV)/.installed-dev ## the same, with what building and testing needs

demo: setup ## run the whole demonstration (Ctrl-C stops it; FRESH=1 forgets the last one)
	@exec $(BIN)/python -m demo $(if $(FRESH),--fresh)

tour: setup ## drive the whole story against the demonstration from this terminal
	@$(BIN)/python -m demo.tour

test: setup-dev ## every check and test, as CI runs them
	@.ci/test

check: lint ## linters, types and the fast tests
	@$(BIN)/pytest -q -m "not browser and not real and not postfix and not kannel and not slow"

lint: setup-dev ## linters, types, contracts of the imports, templates
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint templates

faults: setup-dev ## kill, empty and crash everything while requests go out, and count what is lost (SEED=7 repeats a run)
	@$(BIN)/python -m tests.faults $(if $(SEED),--seed $(SEED))

bench: $(BENCH)/.installed ## measure, beside the peers
	@$(BENCH)/bin/python -m benchmarks

lock: $(VENV)/.installed-dev ## resolve requirements*.in into requirements*.txt
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header -o requirements.txt requirements.in
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header -o requirements-dev.txt requirements-dev.in

messages: setup-dev ## gather the sentences of pages and code into the catalogues
	$(BIN)/pybabel extract -F babel.cfg -k lazy_gettext -k _l -o messages.pot --no-location --sort-output .
	$(BIN)/pybabel update -i messages.pot -d discount_broker/translations \
		--no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date
	@rm -f messages.pot

clean: ## remove what was built and what demonstrations left; .venv stays
	rm -rf var .pytest_cache .mypy_cache .ruff_cache .import_linter_cache test-results
	find . -path ./$(VENV) -prune -o \( -name __pycache__ -o -name '*.mo' \) -print0 | xargs -0 rm -rf

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; found: $$(python3 --version 2>&1 || echo none)." \
		"Install it, or say where it is: make setup PYTHON=/path/to/python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) --version 2>&1)." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.txt | $(VENV)/bin/python
	@echo "Installing the packages of requirements.txt into $(VENV): about a minute, this once."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

$(BENCH)/.installed: requirements.txt benchmarks/requirements.txt | $(VENV)/bin/python
	@echo "Installing the packages of the service and its peers into $(BENCH): about two minutes, this once."
	@$(BIN)/python -m venv $(BENCH)
	@$(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check -r benchmarks/requirements.txt \
		&& touch $@ || echo "Not all of the peers could be installed; those that are missing are left out." >&2

%.mo: %.po | $(VENV)/.installed
	@$(BIN)/pybabel compile --input-file $< --output-file $@
