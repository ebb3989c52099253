# Needs python3 (3.11 or newer) and make, nothing else.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run demo test check bench torture messages lock clean

run: .venv/ready  ## start the bot (console, unless .env holds a token)
	@$(BIN)/exportwire run

demo: .venv/ready  ## half a minute of simulated news, without network
	@$(BIN)/exportwire demo

test: .venv/ready-dev check  ## linters, types, layering and the whole test suite
	$(BIN)/pytest -n auto

check: .venv/ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/ready-bench  ## cost beside peers, some twenty minutes; prints tables, writes bench/results.md (QUICK=1: a smoke run)
	$(BIN)/python -m bench $(if $(QUICK),--quick)

torture: .venv/ready-dev  ## kills, power loss, lost answers and invented days, in full; figures at the end
	$(BIN)/python -m tests.torture $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(FROM),--from $(FROM))

messages: .venv/ready-dev  ## write new texts of the code into bot/locale/*.po, for translators
	@$(BIN)/pybabel -q extract --no-default-keywords -k tr -k mark -k trn:1,2 -k Handler:3 --no-location --omit-header -o .venv/messages.pot bot handlers
	@for language in zh ja; do $(BIN)/pybabel -q update --no-fuzzy-matching --ignore-obsolete --omit-header --init-missing -w 100 \
	  -i .venv/messages.pot -l $$language -o bot/locale/$$language.po; done

lock:  ## write the lock files anew from pyproject.toml (needs uv)
	uv pip compile --quiet --universal --generate-hashes --python-version 3.11 pyproject.toml --extra build -o requirements.lock
	uv pip compile --quiet --universal --generate-hashes --python-version 3.11 pyproject.toml --extra build --extra dev -o requirements-dev.lock
	uv pip compile --quiet --universal --generate-hashes --python-version 3.11 pyproject.toml --extra build --extra dev --extra bench --constraint requirements-dev.lock -o requirements-bench.lock

clean:
	rm -rf .venv

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Exportwire needs Python 3.11 or newer; try make PYTHON=python3.12")'
	$(PYTHON) -m venv .venv

.venv/ready: requirements.lock pyproject.toml | .venv/bin/python
	@echo "Installing Exportwire's locked dependencies into .venv ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/ready-dev: requirements-dev.lock pyproject.toml | .venv/bin/python
	@echo "Installing Exportwire's locked dependencies and its developers' tools into .venv ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@ .venv/ready

.venv/ready-bench: requirements-bench.lock .venv/ready-dev
	@echo "Installing the peers that the bot is measured beside into .venv ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.lock
	@touch $@
