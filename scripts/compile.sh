#!/usr/bin/env bash
# Compiles the C files of the package into directory/libdirectory.so: with the C compiler of this machine, or with that
# of PyPI where there is none.
set -euo pipefail
cd "$(dirname "$0")/.."
library=directory/libdirectory

compile() {
  "$@" -O3 -ffp-contract=off -fPIC -shared -o "$library.new" directory/search/kernel.c directory/imports/reading/marks.c -lm
  mv "$library.new" "$library.so"
}

for compiler in cc gcc clang; do
  if command -v "$compiler" >/dev/null; then compile "$compiler" && exit; fi
done

echo "There is no C compiler, so one comes from PyPI for the moment (ziglang, 100 MB) ..."
zig=$(mktemp -d)
trap 'rm -rf "$zig"' EXIT
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-compiler.txt --target "$zig" || {
  echo "The C compiler could not be fetched. Is there a network connection? Or install one: apt install gcc" >&2; exit 1; }
PYTHONPATH=$zig compile .venv/bin/python -m ziglang cc
