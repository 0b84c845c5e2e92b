#!/bin/sh
# Compiles the dependency groups of pyproject.toml into requirements/*.txt, each package with its hashes.
set -eu
cd "$(dirname "$0")/.."
. scripts/uv.sh
uv=$(find_uv)
compile() { "$uv" pip compile --quiet --generate-hashes --upgrade "$@" pyproject.toml; }
compile --group engine --python-version 3.10 --output-file requirements/engine.txt
compile --group app --python-version 3.12 --output-file requirements/app.txt
compile --group dev --python-version 3.12 --constraint requirements/app.txt --output-file requirements/dev.txt
