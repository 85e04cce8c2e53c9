"""A process imports what is heavy when it is needed, so that commands and workers start quickly and stay small."""

import json
import os
import subprocess
import sys

from directory.config import ROOT

HEAVY = {
    *("PIL", "alembic", "geopy", "httpx", "huey", "icalendar", "phonenumbers", "pycld2"),
    *("qrcode", "shapefile", "shapely", "tenacity", "tqdm", "usaddress", "webauthn", "zipcodes"),
}
STARTED = "import gc, json, sys, wsgi; print(json.dumps([gc.isenabled(), *sys.modules]))"


def test_what_is_heavy_is_not_imported_at_the_start() -> None:
    environment = {**os.environ, "DATABASE_URL": "sqlite://"}
    done = subprocess.run(
        [sys.executable, "-c", STARTED], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    collects_garbage, *modules = json.loads(done.stdout)
    assert HEAVY.intersection(modules) == set()
    assert collects_garbage
