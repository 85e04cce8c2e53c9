"""On the real public excerpt the search answers as the plain one too, for every provider's own neighborhood."""

import random
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from directory.places.place import Place
from tests.search.plain import PlainDirectory, random_query
from tests.search.test_service import assert_as_plain


@pytest.mark.real_data
def test_real_providers_are_ranked_as_by_the_plain_search(sqlite_app: Flask, real_data: Path) -> None:
    file = real_data / "nppes" / "npidata_pfile_sample.csv"
    outcome = sqlite_app.test_cli_runner().invoke(args=["import", "nppes", str(file)])
    assert outcome.exit_code == 0, outcome.output
    directory = PlainDirectory()
    points = [location for provider in directory.providers for location in provider.locations]
    codes = sorted({code for provider in directory.providers for code in provider.values["specialty"]})
    assert len(points) > 2_500
    chance = random.Random(random.getrandbits(32))
    for _ in range(60):
        _, latitude, longitude = chance.choice(points)
        spread = chance.choice((0, 0.01, 0.3))
        place = Place("somewhere", latitude + chance.gauss(0, spread), longitude + chance.gauss(0, spread), "point")
        specialties = frozenset(chance.sample(codes, chance.choice((0, 0, 3, 20))))
        filters = {"specialty": specialties} if specialties else {}
        assert_as_plain(directory, replace(random_query(chance, directory), place=place, filters=filters))
