"""Each benchmark runs, small: before it times anything it stops when an answer is not that of a plain version."""

import subprocess
import sys

import pytest

from directory.config import ROOT

RUNS = {
    "search.py --sizes 3000 --queries 30 --seconds 0.2": "geopy loop over all rows",
    "names.py --names 2000 --queries 30 --seconds 0.2 --compared 30": "rapidfuzz over all names",
    "imports.py --rows 1500 --entries 1000": "a plain loop keeps the same",
    "streets.py --zips 6 --streets 12 --addresses 100 --compared 50": "houses are where a plain look at every row",
    "real.py --providers 40 --radius 10": "The second run added and changed nothing",
    "ratings.py --seeds 1 --providers 40 50 --reviews 400": "fakes on a provider with few honest reviews",
    "street_map.py --cells 3": "within their bounds",
}


@pytest.mark.parametrize("arguments", RUNS)
def test_it_runs_and_finds_itself_exact(arguments: str) -> None:
    script, *options = arguments.split()
    done = subprocess.run(
        [sys.executable, ROOT / "benchmarks" / script, *options], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert RUNS[arguments] in done.stdout
