#!/usr/bin/env bash
# Measures the main pages with Lighthouse, as a phone loads them; docs/page-weight.md says what must hold.
set -euo pipefail
cd "$(dirname "$0")/../.."
source scripts/node.sh

CI=true bash scripts/browser.sh # without a Chromium there is nothing to measure with
(cd scripts/audit && npm ci --silent --ignore-scripts) ||
  stop "npm could not fetch the packages of scripts/audit/package-lock.json. Is there a network connection?"
.venv/bin/python scripts/audit/audit.py "$@"
