.POSIX:

# What a fresh Debian 12 or 13 needs: Python for confgen, the rest for the lab.
DEBIAN_PACKAGES = \
	ca-certificates \
	debian-archive-keyring \
	dnsmasq-base \
	iproute2 \
	make \
	mmdebstrap \
	mount \
	openssl \
	python3 \
	python3-venv \
	strace \
	systemd-container \
	util-linux \
	zstd

# What only the tests need besides: a browser, letters for it, and keys for simulated hosts.
TEST_PACKAGES = \
	chromium \
	fonts-dejavu-core \
	openssh-client

# What only the benchmarks need besides: the server of their hosts.
BENCH_PACKAGES = \
	openssh-client \
	openssh-server

BASE_PYTHON = python3
VENV = .venv
BENCH_VENV = .venv-bench
PYTHON = $(VENV)/bin/python
PIP = $(PYTHON) -m pip --disable-pip-version-check --quiet

# pytest rewrites the assertions of every test; where it may not keep the outcome, each worker does so in each run.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo test test-pure test-full bench bench-lab check contract-3cx docs lab lab-packages test-packages \
	bench-packages packages venv lock tables clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

demo: venv lab-packages ## a company made secure, from inventory to proof: three real PBXs, and a fake of 3CX's API
	$(PYTHON) -m lab.demo

test: venv lab test-packages ## every test but the full product, real Asterisk included
	$(PYTHON) -m pytest -n auto -m 'not full'

test-pure: venv ## the tests that need neither a lab nor a browser
	$(PYTHON) -m pytest -n auto -m 'not live and not browser and not full' --ignore=tests/live

test-full: venv lab test-packages ## every test, with every fault at every kill point
	$(PYTHON) -m pytest -n auto

bench: venv bench-packages $(BENCH_VENV)/.requirements ## confgen and its peers side by side, into docs/benchmarks.md, in 20 minutes; ARGUMENTS=--help
	$(PYTHON) -m benchmarks --write $(ARGUMENTS)

bench-lab: venv lab ## how long proofs and read-backs take on real Asterisks, likewise
	$(PYTHON) -m benchmarks --write $(ARGUMENTS) verify state

check: $(VENV)/.requirements ## style, types and layers
	$(PYTHON) -m ruff check
	$(PYTHON) -m ruff format --check
	$(PYTHON) -m mypy
	$(VENV)/bin/lint-imports --no-logo

contract-3cx: venv ## compare what confgen uses of 3CX's API with the description in SPEC=FILE, of VERSION=20.0.10
	@test -n '$(SPEC)' || { echo 'say which file: make contract-3cx SPEC=swagger.yaml' >&2; exit 2; }
	$(PYTHON) -m lab.threecx.compare $(VERSION:%=--version=%) '$(SPEC)'

docs: venv ## write docs/rules.md anew, from what `confgen explain` says
	$(PYTHON) -m docs.rules

lab: venv lab-packages ## build the root folders of the lab's PBXs and clients
	$(PYTHON) -m lab build

lab-packages: ## install the missing Debian packages, when root
	@$(MAKE) packages PACKAGES='$(DEBIAN_PACKAGES)'

test-packages: ## install those that only the tests need, when root
	@$(MAKE) packages PACKAGES='$(TEST_PACKAGES)'

bench-packages: ## install those that only the benchmarks need, when root
	@$(MAKE) packages PACKAGES='$(BENCH_PACKAGES)'

packages:
	@missing=; \
	for package in $(PACKAGES); do \
		dpkg-query --show --showformat '$${db:Status-Status}\n' $$package 2>/dev/null | grep -qx installed \
			|| missing="$$missing $$package"; \
	done; \
	if [ -z "$$missing" ]; then exit 0; fi; \
	if [ "$$(id -u)" -ne 0 ]; then echo "run as root: apt-get install$$missing" >&2; exit 1; fi; \
	echo "installing Debian packages:$$missing"; \
	apt-get update --quiet --quiet; \
	DEBIAN_FRONTEND=noninteractive apt-get install --quiet --quiet --yes --no-install-recommends $$missing

venv: $(VENV)/.stamp ## make the virtual environment with confgen in it

$(VENV)/.requirements: requirements/dev.txt
	@$(BASE_PYTHON) -c 'import ensurepip, venv' 2>/dev/null || $(MAKE) lab-packages
	@echo "installing the locked requirements into $(VENV)"
	@$(BASE_PYTHON) -m venv $(VENV)
	@$(PIP) install --only-binary :all: --require-hashes --requirement requirements/dev.txt
	@touch $@

# The peers, in an environment of their own: the product never has them.
$(BENCH_VENV)/.requirements: benchmarks/requirements.txt
	@echo "installing the peers of the benchmarks into $(BENCH_VENV)"
	@$(BASE_PYTHON) -m venv $(BENCH_VENV)
	@$(BENCH_VENV)/bin/python -m pip --disable-pip-version-check --quiet install --only-binary :all: --require-hashes \
		--requirement benchmarks/requirements.txt
	@touch $@

$(VENV)/.stamp: $(VENV)/.requirements pyproject.toml
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

lock: ## renew requirements/dev.txt from pyproject.toml, and the benchmarks' own (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --upgrade --generate-hashes --no-emit-index-url \
		--custom-compile-command 'make lock' --group dev --output-file requirements/dev.txt pyproject.toml
	uv pip compile --quiet --universal --python-version 3.11 --upgrade --generate-hashes --no-emit-index-url \
		--custom-compile-command 'make lock' --output-file benchmarks/requirements.txt benchmarks/requirements.in

tables: ## write anew what is known of each country's numbers, and of Asterisk's faults (needs uv and gh)
	uv run --no-project --with phonenumbers tables/numbering_plans.py
	gh api --paginate repos/asterisk/asterisk/security-advisories | $(PYTHON) tables/advisories.py

clean: ## remove what make and the tools wrote here
	rm -rf $(VENV) $(BENCH_VENV) build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
