"""Titles and descriptions of listed pages: each says what no other does, in a length that search engines show."""

import re
from html import unescape
from xml.etree import ElementTree

import pytest
from flask import Flask

from tests.seo.listed import clinic, full_provider

SHORTEST, LONGEST = 50, 165  # characters of a description
MAX_TITLE_LENGTH = 110


@pytest.fixture
def heads(sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[str, str]]:
    """Title and description by path, of every page of the sitemap."""
    monkeypatch.setitem(sqlite_app.config, "SITE_URL", "")
    full_provider()
    clinic()
    client = sqlite_app.test_client()
    root = ElementTree.fromstring(client.get("/sitemap.xml").text)  # noqa: S314 (our own)
    found = {}
    for place in root.iterfind(".//{*}loc"):
        page = client.get(place.text or "").text
        title = re.search(r"<title>(.*?)</title>", page, re.DOTALL)
        description = re.search(r'<meta name="description"\s+content="([^"]*)"', page)
        assert title, place.text
        assert description, place.text
        found[place.text or ""] = unescape(title[1]).strip(), unescape(description[1]).strip()
    return found


def test_no_two_pages_share_a_title_or_a_description(heads: dict[str, tuple[str, str]]) -> None:
    for part in (0, 1):
        sharing: dict[str, list[str]] = {}
        for path, head in heads.items():
            sharing.setdefault(head[part], []).append(path)
        assert {text: paths for text, paths in sharing.items() if len(paths) > 1} == {}


def test_every_title_and_description_has_a_length_that_is_shown(heads: dict[str, tuple[str, str]]) -> None:
    assert {path: title for path, (title, _) in heads.items() if not 10 < len(title) <= MAX_TITLE_LENGTH} == {}
    assert {path: (len(text), text) for path, (_, text) in heads.items() if not SHORTEST <= len(text) <= LONGEST} == {}
