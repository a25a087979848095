.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "make %-10s %s\n", $$1, $$2}'

.venv/run: requirements.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/dev: requirements-dev.txt .venv/run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

run: .venv/run ## install, prepare the database, fill a demonstration if it is empty, serve, and start a worker
	@$(BIN)/python -m host.run

test: .venv/dev ## install what tests need, and run everything
	@$(BIN)/python -m tests.browser_needed
	$(BIN)/python -m pytest -n 2 --dist worksteal

check: .venv/dev ## lint, formatting, types, architecture
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest tests/test_architecture.py

faults: .venv/dev ## kill, cut and strike in the long form, some hours; FAULTS_SEED=n does one again, FAULTS_KILLS=n kills less
	FAULTS=long $(BIN)/python -m pytest -s tests/faults tests/rules/test_statistics_coverage.py \
		tests/content/banks/test_round_trip.py tests/content/test_random_bytes.py tests/demonstration/test_bulk.py \
		tests/services/test_seals.py tests/services/test_known_on.py \
		tests/services/test_reminders.py::test_a_year

bench: .venv/dev ## measure pages, answers and exports beside a plain page; prints a table and keeps it as JSON
	$(BIN)/python -m bench

bench-quiz: .venv/dev ## let 500 and 1,000 people take a quiz; prints a table beside its goals and keeps it as JSON
	$(BIN)/python -m bench.quiz_load

bench-levels: .venv/dev ## compute all levels of 100,000 people with 20 pieces of evidence each, on both databases
	$(BIN)/python -m bench.levels

bench-people: .venv/dev ## take in 100,000 people, and open HR's pages over 1,000,000 records, on both databases
	$(BIN)/python -m bench.people_load

bench-seals: .venv/dev ## what sealing costs a record, and how long saves wait while it runs, on both databases
	$(BIN)/python -m bench.seals

.PHONY: help run test check faults bench bench-quiz bench-levels bench-people bench-seals
