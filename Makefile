# Two commands do everything on a fresh machine: make demo, make test.
PYTHON  ?= python3
VENV    := .venv
BIN     := $(VENV)/bin
RUNS    ?= runs
WORKERS ?= -n 2 --no-loadscope-reorder

.DEFAULT_GOAL := help
.PHONY: help install demo test e2e chaos lint lint-deploy types docs reference tutorial findings fuzz audit lock
.PHONY: lock-images clean

help: ## show this list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "%-12s %s\n", $$1, $$2}'

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

e2e: install ## the long tests: whole matrices, faults of gangs, jobs on a cluster
	$(BIN)/python -m pytest -m long

CHAOS := tests/chaos tests/cluster/test_gang_recovery.py tests/cluster/test_gangs.py tests/cluster/test_session.py \
  tests/store tests/training/test_resume.py

chaos: install ## every fault for real, processes killed; then docs/reliability.md from what was seen
	mkdir -p $(RUNS)
	$(BIN)/python -m pytest -m "long or not long" --junitxml $(RUNS)/chaos.xml $(CHAOS)
	$(BIN)/python -m benchmarks.reliability $(RUNS)/chaos.xml > docs/reliability.md

lint: install ## style and import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --config setup.cfg

lint-deploy: ## Dockerfile, compose file and manifests against hadolint and published schemas
	$(PYTHON) -m venv .venv-lint
	.venv-lint/bin/pip install --quiet --disable-pip-version-check --require-hashes -r docker/requirements-lint.lock
	.venv-lint/bin/hadolint docker/Dockerfile
	.venv-lint/bin/check-jsonschema --builtin-schema vendor.compose-spec docker/compose.yaml
	.venv-lint/bin/python docker/check_manifest.py

types: install ## static types
	$(BIN)/mypy

docs: install ## the documentation as a site, in build/site; a warning is an error
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet

reference: install ## the pages and tables of the documentation that are made of the code
	$(BIN)/python docs/site/generate.py

tutorial: install ## run docs/tutorial.ipynb and keep what it prints
	$(BIN)/python docs/site/tutorial.py

findings: install ## run the scripts of docs/findings and write what they print into its README
	$(BIN)/python -m benchmarks.findings

INPUTS ?= 100000
fuzz: install ## inputs of others' making at every door of the program
	$(BIN)/python -m benchmarks.fuzz --inputs $(INPUTS)

audit: install ## are the locked packages pinned, and is any known to be vulnerable? (fetches pip-audit)
	$(PYTHON) -m venv $(VENV)/audit
	$(VENV)/audit/bin/python -m pip install --quiet --disable-pip-version-check pip-audit==2.10.1
	$(BIN)/python benchmarks/audit.py $(VENV)/audit/bin/pip-audit

lock: ## resolve requirements.lock again (needs uv)
	uv pip compile setup.cfg --extra dev --extra docs --extra mlflow --universal --python-version 3.11 --generate-hashes \
	  --no-annotate --no-header --no-emit-index-url --no-emit-find-links -o requirements.lock

IMAGE_LOCK = uv pip compile setup.cfg --extra s3 --python-version 3.11 --generate-hashes --no-annotate --no-header \
  --no-emit-index-url --no-emit-find-links
lock-images: ## resolve the images' locks again, within requirements.lock (needs uv)
	$(IMAGE_LOCK) -c requirements.lock --python-platform x86_64-manylinux_2_28 -o docker/requirements-cpu.lock
	$(IMAGE_LOCK) docker/requirements-gpu.in -c docker/requirements-cpu.lock --python-platform x86_64-manylinux_2_28 \
	  -o docker/requirements-gpu.lock
	sed -nE 's/^([a-z0-9._-]+==[^ ]+) .*/\1/p' docker/requirements-cpu.lock \
	  | grep -vE '^(tensorflow|tf-keras|tensorboard)==' > docker/.constraints-tpu.txt
	$(IMAGE_LOCK) docker/requirements-tpu.in --override docker/overrides-tpu.txt -c docker/.constraints-tpu.txt \
	  --python-platform x86_64-manylinux_2_31 -o docker/requirements-tpu.lock
	$(subst setup.cfg --extra s3,docker/requirements-lint.in,$(IMAGE_LOCK)) -o docker/requirements-lint.lock

clean: ## remove the environment and all runs
	rm -rf $(VENV) .venv-lint $(RUNS)
