# `make run` and `make test` set up everything they need; a second time they start at once.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.SUFFIXES:
.NOTPARALLEL:
MAKEFLAGS += --no-builtin-rules --no-print-directory

VENV := .venv
PYTHON := $(VENV)/bin/python
UI := $(wildcard forms/*.ui)
FORMS := $(patsubst forms/%.ui,agent_desk/desktop/forms/ui_%.py,$(UI)) agent_desk/desktop/forms/__init__.py
QM := $(patsubst %.ts,%.qm,$(wildcard resources/translations/*.ts))
# Two cores, three processes: many tests wait for a browser or a network. Whole files to one worker, so that a server
# started for a file is started once.
PYTEST := $(PYTHON) -m pytest -n 3 --dist loadfile
# A folder of its own below the system's, removed whatever happens.
SCRATCH = scratch="$$(mktemp -d -t agent-desk.XXXXXX)"; chmod 711 "$$scratch"; trap 'rm -rf "$$scratch"' EXIT;

.PHONY: run test bench package lint forms mutants lock clean setup system-run system-test system-package

run: system-run setup
	@if [[ -n "$${DISPLAY:-}$${WAYLAND_DISPLAY:-}" || "$$(uname)" != Linux ]]; then exec $(PYTHON) -m agent_desk; fi
	@echo "No screen here: playing the whole main job offscreen; pictures, PDF and mail go to build/demo/."
	@$(PYTHON) -m tests.journeys.demo build/demo

test: system-test setup
	@mkdir -p build
	@$(SCRATCH) \
	export TMPDIR="$$scratch" HYPOTHESIS_STORAGE_DIRECTORY="$$scratch/hypothesis" COVERAGE_FILE=build/.coverage; \
	QT_QPA_PLATFORM=offscreen $(PYTEST) $(TESTS) \
		--cov=agent_desk.rules --cov=agent_desk.actions --cov-branch --cov-report= $(PYTEST_ARGS)

bench: system-test setup
	@$(PYTHON) -m tests.benchmarks

lint: setup
	@PYTHON=$(PYTHON) .ci/lint

package: system-run system-package setup
	$(PYTHON) -m PyInstaller --noconfirm --clean --log-level WARN --distpath dist --workpath build/pyinstaller build.spec
	@if [[ "$$(id -u)" == 0 ]]; then export QTWEBENGINE_DISABLE_SANDBOX=1; fi; \
	QT_QPA_PLATFORM=offscreen dist/agent-desk/agent-desk --self-test
	@$(SCRATCH) TMPDIR="$$scratch" QT_QPA_PLATFORM=offscreen $(PYTHON) -m pytest tests/packaged -m packaged

# Apart from the tests: it runs them some hundred times.
mutants: setup
	@PYTHON=$(PYTHON) .ci/mutants

forms: $(FORMS) $(QM)

# Versions and hashes only: where packages come from is for each machine to say.
lock: setup
	$(VENV)/bin/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-emit-find-links --no-annotate --no-header --upgrade -q -o requirements.lock
	@$(PYTHON) .ci/check_lock.py

clean:
	rm -rf build dist .hypothesis .mypy_cache .ruff_cache .import_linter_cache .pytest_cache mutants
	rm -f agent_desk/desktop/forms/*.py resources/translations/*.qm

setup: $(VENV)/.ready forms

system-run system-test system-package:
	@.ci/system-packages $(@:system-%=%)

$(VENV)/.ready: requirements.lock
	@.ci/environment $(VENV)
	@touch $@

agent_desk/desktop/forms/ui_%.py: forms/%.ui $(VENV)/.ready
	@mkdir -p $(@D)
	@$(VENV)/bin/pyside6-uic $< -o $@
	@$(VENV)/bin/ruff check --isolated --quiet --fix --select F401 $@ # each class of Qt that is named costs time at start

agent_desk/desktop/forms/__init__.py:
	@mkdir -p $(@D)
	@echo '"""Forms compiled from forms/*.ui; generated, never edited."""' > $@

resources/translations/%.qm: resources/translations/%.ts $(VENV)/.ready
	@$(VENV)/bin/pyside6-lrelease -silent $< -qm $@
