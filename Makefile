# Everything starts here. Python 3.10 is for the engine (Rasa), 3.12 or newer for the rest; `make` finds or installs them.
APP := .venv/bin/python
ENGINE := .venv-engine/bin/python
APP_STAMP := .venv/.installed
ENGINE_STAMP := .venv-engine/.installed

.DEFAULT_GOAL := help
.PHONY: help setup run test bench train check lint screenshots lock clean

help: ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(ENGINE_STAMP) $(APP_STAMP) ## set up both environments

$(ENGINE_STAMP): requirements/engine.txt scripts/environment.sh
	@scripts/environment.sh .venv-engine 3.10 requirements/engine.txt

$(APP_STAMP): requirements/dev.txt pyproject.toml scripts/environment.sh
	@scripts/environment.sh .venv 3.12+ requirements/dev.txt --with-project

run: setup ## start everything and print the addresses
	@.venv/bin/duihua run

test: setup ## the whole suite, on up to four cores
	@.venv/bin/python -m pytest -n auto --maxprocesses 4 --durations=25

check: setup lint ## what is quick: style, types of files, the policy files' figures
	@.venv/bin/duihua knowledge check

lint: setup ## style
	@.venv/bin/ruff check . && .venv/bin/ruff format --check .

train: setup ## train the dialogue model
	@.venv/bin/duihua train

bench: setup ## measure: turn latency, turns per second, against stock Rasa
	@.venv/bin/python -m benchmarks

screenshots: setup ## walk through the chat and the staff pages in headless Chromium and keep the pictures in docs/
	@.venv/bin/python scripts/screenshots.py
	@.venv/bin/python scripts/staff_screenshots.py

lock: ## pin the requirements anew, with hashes
	@scripts/lock.sh

clean: ## remove both environments (var/, with your data, stays)
	rm -rf .venv .venv-engine .uv
