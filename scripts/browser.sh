#!/usr/bin/env bash
# Finds a Chromium for the browser tests, or installs one. Without success the tests skip, but never in CI.
set -uo pipefail
cd "$(dirname "$0")/.."

found() {
  for name in chromium chromium-browser google-chrome google-chrome-stable; do
    command -v "$name" >/dev/null && { echo "Browser tests use $(command -v "$name")."; return 0; }
  done
  local bundled
  bundled=$(.venv/bin/python -c 'from playwright.sync_api import sync_playwright as p
with p() as playwright: print(playwright.chromium.executable_path)' 2>/dev/null)
  test -x "$bundled" && echo "Browser tests use $bundled."
}

found && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "There is no Chromium, so apt-get installs it ..."
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium fonts-liberation >/dev/null
else
  echo "There is no Chromium, so Playwright downloads one ..."
  .venv/bin/python -m playwright install chromium
fi

found && exit 0
echo "No Chromium could be installed, so the browser tests cannot run. Install one, for example: apt install chromium" >&2
[ "${CI:-}" = true ] && exit 1
exit 0
