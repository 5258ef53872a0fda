# Two commands on a fresh machine: `make demo` and `make test`.  Both make .venv themselves.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready
DEMO := deepsets maron_2_2 rubiks_cube weight_space

.PHONY: demo examples test test-all check bench docs fuzz generated browser clean

demo: $(READY)
	@for name in $(DEMO); do $(BIN)/intertwine solve specs/$$name.yaml || exit 1; done
	@$(BIN)/python examples/one_batch.py

examples: $(READY)
	$(BIN)/python -m examples

test: $(READY) browser
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	HARDENING_EFFORT=0.3 $(BIN)/pytest -n auto -m "not all" --one-in 2 --of 6

test-all: $(READY) browser
	$(BIN)/pytest -n auto

check: $(READY)
	$(BIN)/pytest -n auto -m "not slow and not all" --one-in 20

bench: $(READY)
	$(BIN)/python -m benchmarks

docs: $(READY)
	$(BIN)/python -m sphinx -W -q -d build/doctrees docs build/docs

fuzz: $(READY)
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[fuzz]'
	$(BIN)/python -m fuzz

generated: $(READY)
	@for spec in specs/*.yaml specs/networks/*.yaml; do $(BIN)/intertwine solve $$spec --quiet || exit 1; done

# The page of `intertwine show` is tried in Chromium; where there is none, its tests are skipped.
browser:
	@command -v chromium google-chrome >/dev/null || (apt-get update && apt-get install --yes --no-install-recommends chromium) \
		>/dev/null 2>&1 || echo "no Chromium, and none could be installed: its tests are skipped"

clean:
	rm -rf .venv

# torch comes first and pinned: a bare `torch` would pull gigabytes of another build.
$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --constraint constraints.txt torch
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[torch,test,examples,docs]'
	touch $@
