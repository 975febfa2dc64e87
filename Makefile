# Two commands do everything on a fresh machine: make demo, make test.
PYTHON  ?= python3
VENV    := .venv
BIN     := $(VENV)/bin
RUNS    ?= runs
WORKERS ?= -n 2 --no-loadscope-reorder

.DEFAULT_GOAL := help
.PHONY: help install demo test e2e lint types fuzz audit findings lock clean

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "%-10s %s\n", $$1, $$2}'

$(VENV)/.installed: requirements.lock setup.cfg
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "layerparity needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

install: $(VENV)/.installed ## the environment, from requirements.lock

demo: install ## fetch the data, run configs/demo.yaml, print the verdicts and the report's path
	$(BIN)/parity run configs/demo.yaml --run-dir $(RUNS)/demo

# A process can be given logical devices once, before TensorFlow's first use: what trains has a process of its own.
test: install ## all tests but the long ones
	$(BIN)/python -m pytest $(WORKERS) -m "not long" tests/layers tests/training tests/timing
	$(BIN)/python -m pytest $(WORKERS) -m "not long" --ignore tests/layers --ignore tests/training --ignore tests/timing

e2e: install ## the long tests: whole matrices, faults of gangs
	$(BIN)/python -m pytest -m long

lint: install ## style and import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --config setup.cfg

types: install ## static types
	$(BIN)/mypy

INPUTS ?= 100000
fuzz: install ## inputs of others' making at every door of the program
	$(BIN)/python -m benchmarks.fuzz --inputs $(INPUTS)

audit: install ## are the locked packages pinned, and is any known to be vulnerable? (fetches pip-audit)
	$(PYTHON) -m venv $(VENV)/audit
	$(VENV)/audit/bin/python -m pip install --quiet --disable-pip-version-check pip-audit==2.10.1
	$(BIN)/python benchmarks/audit.py $(VENV)/audit/bin/pip-audit

findings: install ## run the scripts of docs/findings and write what they print into its README
	$(BIN)/python -m benchmarks.findings

lock: ## resolve requirements.lock again (needs uv)
	uv pip compile setup.cfg --extra dev --universal --python-version 3.11 --generate-hashes \
	  --no-annotate --no-header --no-emit-index-url --no-emit-find-links -o requirements.lock

clean: ## remove the environment and all runs
	rm -rf $(VENV) $(RUNS)
