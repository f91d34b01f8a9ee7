# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Everything that people and CI do here. `make` lists it. What is built stays below .cache/.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

VENV := .cache/venv
PYTHON_BIN := $(VENV)/bin/python
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
# Tools that read the tree; what runs the collection uses the installed artefact, see tools/setup/.
export ANSIBLE_COLLECTIONS_PATH := $(CURDIR)/.cache/collections
# Where it is set, as in images of Python, each command compiles Ansible anew.
unexport PYTHONDONTWRITEBYTECODE
export RUFF_CACHE_DIR := $(CURDIR)/.cache/ruff

INSTALLED := ANSIBLE_COLLECTIONS_PATH=$(CURDIR)/.cache/installed
# Three, since most tests wait for hosts. Which of them stay with one worker: tests/by_file.py.
PYTEST := $(PYTHON_BIN) -m pytest -o cache_dir=.cache/pytest -p tests.by_file --numprocesses 3 --dist loadfile --no-loadscope-reorder
# What watches real processes come and go within seconds has the machine to itself.
TIMED := tests/integration/packages tests/integration/ocp/test_progress.py
ALONE := $(PYTEST) --numprocesses 0
# For tools that write to the home directory.
IN_OWN_HOME := tools/setup/in-own-home
# What a command starts ends with it.
RUN := $(PYTHON_BIN) -m tests.lab run
# The tests that are measured: the others add time to it, and hardly a line.
COVERING := tests/unit $(foreach name,completeness examples inventory takeover,tests/integration/ocp/test_$(name).py)
SCENARIO ?= default

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: setup
setup: $(VENV)/.ready ## See to system packages (root or sudo) and the Python environment
	@tools/setup/build

# With what the tests need beside, when it is for them.
.PHONY: system
system:
	@tools/setup/system $(if $(filter test integration,$(MAKECMDGOALS)),--tests)

$(VENV)/.ready: pyproject.toml tools/setup/python | system
	@tools/setup/python environment $(VENV)
	@touch $@

.PHONY: build
build: $(VENV)/.ready ## Build the collection's artefact and install it below .cache/installed
	@tools/setup/build

.PHONY: image
image: $(VENV)/.ready
	@$(PYTHON_BIN) -m tests.lab image >/dev/null

.PHONY: packages
packages: $(VENV)/.ready
	@tests/packages/build $(CURDIR)/.cache/packages >/dev/null

# What the hosts need; none waits for another.
.PHONY: ready
ready: $(VENV)/.ready
	@$(MAKE) -j3 image packages build

.PHONY: demo
demo: ready ## Bring up three hosts and an OCP simulator, and go through a change window with them (LAB_HOSTS=n for more)
	@$(INSTALLED) $(PYTHON_BIN) -m tests.lab.demo

.PHONY: demo-down
demo-down: ## End the demo's hosts and simulator; what was built stays
	@if [[ -e $(VENV)/.ready ]]; then $(PYTHON_BIN) -m tests.lab down demo; fi

.PHONY: test
test: ready ## Run every test; nothing is left running
	@$(RUN) $(MAKE) all-tests

# What takes longest begins first. Pytest comes last, so that its closing line is the last one.
.PHONY: all-tests
all-tests:
	@$(MAKE) -j2 --keep-going --output-sync=target oldest sanity lint ansible-units docs
	@$(INSTALLED) $(ALONE) $(TIMED)
	@$(INSTALLED) $(PYTEST) $(TIMED:%=--ignore=%) tests/integration tests/unit

.PHONY: lint
lint: setup ## Look at style, types, documentation, licences and the artefact, with the tools of all of these
	@ruff check .
	@ruff format --check .
	@mypy
	@rm -rf .ansible # ansible-lint may have put a copy of the collection there, and prefers it
	@ansible-lint --offline -q . extensions/awx/project/*.yml extensions/simulator/molecule/default/*.yml
	@$(IN_OWN_HOME) antsibull-changelog lint
	@$(IN_OWN_HOME) antsibull-docs lint-collection-docs --plugin-docs --skip-rstcheck .
	@reuse lint --quiet || reuse lint
	@$(PYTHON_BIN) -m tools.words
	@$(PYTHON_BIN) -m tools.filters
	@tools/setup/galaxy-importer
	@echo "lint: nothing to complain about"

.PHONY: words
words: $(VENV)/.ready ## List the places with words that no operator would use (WHERE="tests tools" for others than users read)
	@$(PYTHON_BIN) -m tools.words $(WHERE)

.PHONY: filters
filters: $(VENV)/.ready ## List the expressions in YAML that ought to be Python
	@$(PYTHON_BIN) -m tools.filters

.PHONY: oldest
oldest: setup
	@tools/setup/quietly oldest $(PYTHON_BIN) -m tools.matrix 2.16-3.12

.PHONY: docs
docs: setup ## Make the site of guides and reference in .cache/docs/html; a warning fails
	@tools/setup/docs

.PHONY: units
units: setup ansible-units ## Run the unit tests, by pytest itself and by ansible-test
	@$(INSTALLED) $(PYTEST) tests/unit

.PHONY: ansible-units
ansible-units: setup
	@tools/setup/quietly ansible-units tools/setup/ansible-test units

.PHONY: sanity
sanity: setup ## Run ansible-test's sanity tests for the installed ansible-core
	@tools/setup/quietly sanity tools/setup/ansible-test sanity

.PHONY: integration
integration: ready ## Run the integration tests: simulator, packages, hosts, molecule
	@$(INSTALLED) $(RUN) $(ALONE) $(TIMED)
	@$(INSTALLED) $(RUN) $(PYTEST) $(TIMED:%=--ignore=%) tests/integration

.PHONY: coverage
coverage: setup ## Show which lines of the plugins the units and the tests against a simulated OCP run (at least 90 %)
	@rm -rf .cache/coverage
	@$(INSTALLED) $(RUN) $(PYTHON_BIN) -m coverage run $(PYTEST:$(PYTHON_BIN)%=%) $(COVERING)
	@coverage combine --quiet
	@coverage report

.PHONY: test-matrix
test-matrix: setup ## Run sanity, units and integration with each ansible-core on each Python (CORES="2.16 2.19-3.11" for some)
	@$(RUN) $(PYTHON_BIN) -m tools.matrix $(CORES)
	@$(if $(CORES),,$(MAKE) coverage)

.PHONY: molecule
molecule: ready ## Run one molecule scenario and show it (SCENARIO=default)
	@$(RUN) $(PYTHON_BIN) -m tests.lab molecule test $(SCENARIO)

.PHONY: bench
bench: build ## Measure what a takeover costs, compared with a playbook with uri (9 minutes; BENCH="--to docs" keeps it)
	@$(PYTHON_BIN) -c 'import matplotlib' 2>/dev/null || $(PYTHON_BIN) -m pip install --quiet --group bench
	@$(RUN) $(PYTHON_BIN) -m tests.bench $(BENCH)

.PHONY: bench-role
bench-role: ready ## Measure what the role costs, compared with a straightforward role and the same by hand (8 minutes)
	@$(RUN) $(PYTHON_BIN) -m tests.bench.role $(BENCH)

.PHONY: bench-fleet
bench-fleet: ready ## Measure what the playbooks cost the controller and OCP for 50 and 200 hosts (BENCH="--hosts 10" for another size)
	@$(RUN) $(PYTHON_BIN) -m tests.bench.fleet $(BENCH)

.PHONY: bench-host
bench-host: build ## Measure what checking a host costs it, with 2,000 processes on it (10 s)
	@$(PYTHON_BIN) -m tests.bench.host $(BENCH)

.PHONY: release
release: $(VENV)/.ready ## Make changelog, artefact, checksum and bill of materials of VERSION in dist/ (then see docs/developing.md)
	@$(PYTHON_BIN) -m tools.release $(VERSION)

.PHONY: clean
clean: ## End everything that runs and remove everything that was built
	@if [[ -e $(VENV)/.ready ]]; then $(PYTHON_BIN) -m tests.lab clean; fi
	@rm -rf .cache .ansible .hypothesis .pytest_cache .ruff_cache
