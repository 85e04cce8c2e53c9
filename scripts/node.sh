# Sourced by what needs Node.js: finds one of at least version 18 on the PATH, or installs it from PyPI into .venv.

stop() { echo "$*" >&2; exit 1; }

node_is_new_enough() {
  command -v node >/dev/null && command -v npm >/dev/null && node -e 'process.exit(parseInt(process.versions.node) < 18 ? 1 : 0)'
}

if ! node_is_new_enough; then
  test -x .venv/bin/pip || stop "Node.js 18 or newer is missing, and so is .venv to install it into. Run: make install"
  echo "There is no Node.js 18 or newer on the PATH, so it comes from PyPI into .venv ..."
  .venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-node.txt ||
    stop "Node.js could not be installed from PyPI. Is there a network connection? Or install Node.js 18 or newer."
  export PATH="$PWD/.venv/bin:$PATH"
  hash -r
  node_is_new_enough || stop "Node.js was installed from PyPI but does not start. Install Node.js 18 or newer."
fi
