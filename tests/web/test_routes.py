"""Every route is known here and answers; a new one fails this test until somebody says how to reach it."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests import factories

Address = str | Callable[[], str]
HTML = "text/html; charset=utf-8"
PLAIN = "text/plain; charset=utf-8"

EXAMPLES: dict[str, tuple[Address, int, str]] = {
    "/": ("/", 200, HTML),
    "/search": ("/search?near=90503", 200, HTML),
    "/providers/<npi>": (lambda: f"/providers/{factories.provider().npi}", 200, HTML),
    "/how-we-rank": ("/how-we-rank", 200, HTML),
    "/how-we-verify": ("/how-we-verify", 200, HTML),
    "/privacy": ("/privacy", 200, HTML),
    "/accessibility": ("/accessibility", 200, HTML),
    "/healthz": ("/healthz", 200, PLAIN),
    "/readyz": ("/readyz", 503, PLAIN),  # the tests' tables come without migrations
    "/static/<path:filename>": ("/static/css/site.css", 200, "text/css; charset=utf-8"),
}


def test_every_route_has_an_example(sqlite_app: Flask) -> None:
    rules = {rule.rule for rule in sqlite_app.url_map.iter_rules()}
    assert rules == EXAMPLES.keys(), "say in EXAMPLES how to reach each route"


@pytest.mark.parametrize("rule", EXAMPLES)
def test_the_route_answers(app: Flask, rule: str) -> None:
    address, status, content_type = EXAMPLES[rule]
    answer = app.test_client().get(address if isinstance(address, str) else address())
    assert (answer.status_code, answer.content_type) == (status, content_type)


@pytest.mark.parametrize("rule", [rule for rule, example in EXAMPLES.items() if example[2] == HTML])
def test_the_page_has_a_title_one_heading_and_its_landmarks(sqlite_app: Flask, rule: str) -> None:
    address, _, _ = EXAMPLES[rule]
    page = sqlite_app.test_client().get(address if isinstance(address, str) else address()).text
    assert page.count("<h1") == 1
    assert page.count("<main ") == page.count("<title>") == 1
    assert '<html lang="en">' in page
    assert 'href="#content"' in page
