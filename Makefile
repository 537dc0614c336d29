# make report        set everything up and build the report
# make test          lint, check the types, run the tests
# make soak          the tests that take minutes
# make lab           the notebooks in JupyterLab
# make format        format the code, empty the notebooks of outputs
# make bench         what publishing costs, against its baselines
# make mutants       how many small changes of the code the tests notice
# make fuzz          10,000 cohort folders with random faults and lengths, and targets of builds
# make lock          resolve the dependencies of pyproject.toml again
# make translations  bring the catalogues in step with the texts
# make fonts         make the embedded fonts again from their packages

PYTHON ?= python3
BIN := .venv/bin
LAB := --ContentsManager.pre_save_hook=analysis_helpers.lab.save_without_outputs
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --no-header --no-annotate --no-emit-index-url pyproject.toml
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
STRIP := nbstripout --keep-id --extra-keys metadata.language_info.version

.PHONY: report test soak lab format bench mutants fuzz lock translations fonts
report: .venv/installed
	$(BIN)/python -m analysis_helpers build --lang en --lang he

test: .venv/developing
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest

soak: .venv/developing
	FUZZ_CASES=200 $(BIN)/pytest -m 'soak or fuzz'

lab: .venv/installed
	$(BIN)/jupyter lab $(LAB)

format: .venv/developing
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .
	$(BIN)/$(STRIP) notebooks/*.ipynb

bench: .venv/developing
	$(BIN)/python tests/bench.py

mutants: .venv/developing
	$(BIN)/python tests/mutation.py

fuzz: .venv/developing
	FUZZ_CASES=10000 $(BIN)/pytest -m fuzz

lock: .venv/developing
	$(BIN)/$(LOCK) --group dev -o requirements-dev.lock
	$(BIN)/$(LOCK) --group folder --constraint requirements-dev.lock -o requirements.lock

translations: .venv/installed
	$(BIN)/python -m analysis_helpers.translations

fonts: .venv/developing
	sh src/analysis_helpers/fonts/make.sh $(BIN)

.venv/installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv .venv
	$(INSTALL) --require-hashes -r requirements.lock
	$(INSTALL) --no-deps --no-build-isolation --editable .
	mkdir -p .venv/etc/jupyter
	cp jupyter_nbconvert_config.json .venv/etc/jupyter
	@if [ -e .git ]; then git config filter.notebooks.clean '"$(CURDIR)"/$(BIN)/$(STRIP)'; fi
	touch $@

.venv/developing: requirements-dev.lock .venv/installed
	$(INSTALL) --require-hashes -r requirements-dev.lock
	touch $@
