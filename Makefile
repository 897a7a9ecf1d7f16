# Koszyk: `make run` opens the app, `make check` is what has to pass before a change is done.
# Both make their own virtualenv in .venv on the first call; one that is there is used as it is.

PY := .venv/bin/python
PIP := $(PY) -m pip install --quiet --disable-pip-version-check -c constraints.txt
CHROMIUM := chromium chromium-browser google-chrome
CALC := soffice libreoffice localc

.DEFAULT_GOAL := help
.PHONY: help run test unit check format lint types bench screenshots words clean programs

help:
	@echo "make run     open the app on this machine"
	@echo "make test    run all tests"
	@echo "make unit    run the tests that need no browser, no office and no files of others"
	@echo "make check   format, lint, types and tests"
	@echo "make bench   measure against the budgets; WHAT=\"clicks people\" only these"
	@echo "make screenshots   take the pictures of README.md and docs/ anew"
	@echo "make words   bring the Polish catalogue in step with the code"
	@echo "make clean   remove what the tools leave behind (not .venv, not workspaces)"

# The address is printed; a browser opens by itself only where there is a display to open it on.
HEADLESS := $(if $(or $(DISPLAY),$(WAYLAND_DISPLAY),$(filter Darwin,$(shell uname))),false,true)

run: .venv/.installed
	$(PY) -m streamlit run app.py --server.headless $(HEADLESS) --server.showEmailPrompt false

# The browser's tests, all in one process, begin first: they take longest.
BESIDE := -n logical --dist loadscope --no-loadscope-reorder

test: .venv/.installed-dev programs
	$(PY) -m pytest $(BESIDE)

unit: .venv/.installed-dev
	$(PY) -m pytest $(BESIDE) -m "not browser and not office and not databases and not real"

check: format lint types test

format: .venv/.installed-dev
	$(PY) -m ruff format --check

lint: .venv/.installed-dev
	$(PY) -m ruff check

types: .venv/.installed-dev
	$(PY) -m mypy

bench: .venv/.installed-dev
	$(PY) -m tests.bench $(WHAT)

screenshots: .venv/.installed-dev programs
	$(PY) -m tests.screenshots

words: .venv/.installed-dev
	$(PY) -m kpi.wording.extract

clean:
	rm -rf build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name .venv -prune -o -name .git -prune -o -name workspaces -prune -o -name __pycache__ -type d -print | xargs rm -rf

# The stamps are older than what they stand for only when the dependencies have changed.
.venv/.installed: pyproject.toml constraints.txt | $(PY)
	$(PIP) -e .
	@touch $@

.venv/.installed-dev: pyproject.toml constraints.txt | $(PY)
	$(PIP) -e '.[dev]'
	@touch .venv/.installed $@

# The first Python of at least 3.11. Debian keeps the module that makes virtualenvs in a package of its own.
$(PY):
	@for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	  if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "Koszyk needs Python 3.11 or newer; here is $$(python3 --version 2>&1)." >&2; exit 1; \
	fi; \
	if ! $$found -c 'import ensurepip, venv' 2>/dev/null; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-venv; \
	  else \
	    echo "This Python cannot make virtualenvs. On Debian: sudo apt-get install python3-venv" >&2; exit 1; \
	  fi; \
	fi; \
	echo "Making .venv with $$($$found --version)"; $$found -m venv .venv

# Tests of screens need Chromium, tests of workbooks LibreOffice Calc, tests of databases PostgreSQL and MariaDB, which they
# start themselves. Without them those tests skip, and say so.
programs:
	@present() { for name in $$1; do command -v $$name >/dev/null && return 0; done; return 1; }; \
	missing() { present "$(CHROMIUM)" || echo chromium; present "$(CALC)" || echo libreoffice-calc; \
	  present initdb || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || echo postgresql; \
	  PATH=$$PATH:/usr/sbin present mariadbd || echo mariadb-server; }; \
	packages=$$(missing); stamp=.venv/.tried-$$(echo $$packages | tr ' ' '-'); \
	if [ -n "$$packages" ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && [ ! -e "$$stamp" ]; then \
	  echo "Installing" $$packages; \
	  apt-get update -qq; \
	  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$packages >/dev/null; \
	  touch "$$stamp"; \
	  packages=$$(missing); \
	fi; \
	if [ -n "$$packages" ]; then echo "Not installed, so their tests skip:" $$packages; fi
