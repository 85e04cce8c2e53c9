#!/usr/bin/env bash
# Fetches what the tests need from npm: the types of schema.org, and TypeScript, which checks our pages against them.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/node.sh

npm ci --silent --ignore-scripts --include=dev ||
  stop "npm could not fetch the packages of package-lock.json. Is there a network connection?"
