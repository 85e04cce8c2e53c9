#!/usr/bin/env bash
# Fetches what the browser needs into static/vendor: with Node from the PATH, or from PyPI where there is none.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/node.sh

npm ci --silent --ignore-scripts --omit=dev ||
  stop "npm could not fetch the packages of package-lock.json. Is there a network connection?"
node scripts/vendor.mjs
