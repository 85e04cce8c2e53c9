#!/usr/bin/env bash
# Compiles directory/search/kernel.c: with the C compiler of this machine, or with that of PyPI where there is none.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=directory/search

compile() {
  "$@" -O3 -ffp-contract=off -fPIC -shared -o "$folder/libkernel.new" "$folder/kernel.c" -lm
  mv "$folder/libkernel.new" "$folder/libkernel.so"
}

for compiler in cc gcc clang; do
  if command -v "$compiler" >/dev/null; then compile "$compiler" && exit; fi
done

echo "There is no C compiler, so one comes from PyPI for the moment (ziglang, 100 MB) ..."
zig=$(mktemp -d)
trap 'rm -rf "$zig"' EXIT
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-kernel.txt --target "$zig" || {
  echo "The C compiler could not be fetched. Is there a network connection? Or install one: apt install gcc" >&2; exit 1; }
PYTHONPATH=$zig compile .venv/bin/python -m ziglang cc
