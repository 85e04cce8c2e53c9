"""The guide and its tools are in Spanish throughout for who reads in Spanish."""

import pytest
from flask import Flask

from directory.guide.contents import PAGES, TOOLS
from tests.in_spanish import english_in

PATHS = ["/guide", *(f"/guide/{page.slug}" for page in (*PAGES, *TOOLS))]
WITH_CHOICES = (
    "/guide/insurer?product=botox",
    "/guide/costs?product=dysport&payer=commercial&sides=both&deductible=100&copay=5&procedure_low=200",
    "/guide/costs?dose_low=-5&price_low=x&coinsurance=200&product=nothing&npi=1",
)


@pytest.mark.parametrize("path", [*PATHS, *WITH_CHOICES])
def test_no_english_is_left(sqlite_app: Flask, path: str) -> None:
    assert english_in(sqlite_app.test_client().get(f"/es{path}").text) == []


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/guide/prepare", {"neck": "turns", "since": "2020", "blood_thinner": "yes", "nerve_muscle": "unsure"}),
        ("/guide/prepare", {"since": "3000", "neck": "nothing", "neck_words": "x" * 400}),
        ("/guide/aftercare", {"injected_on": "1900-01-01", "injected_at": "x"}),
    ],
)
def test_no_english_is_left_in_what_is_answered(sqlite_app: Flask, path: str, sent: dict[str, str]) -> None:
    assert english_in(sqlite_app.test_client().post(f"/es{path}", data=sent).text) == []
