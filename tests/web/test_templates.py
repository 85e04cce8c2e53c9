"""Every template compiles and keeps to the policy: no script or style within the page."""

import re
from pathlib import Path

import pytest
from flask import Flask

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
NAMES = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html"))
FORBIDDEN = {
    "a style attribute": r"<[^>]*\sstyle\s*=",
    "a style element": r"<style\b",
    "a handler attribute": r"<[^>]*\son[a-z]+\s*=",
    "a script within the page": r'<script(?! type="application/ld\+json">)(?![^>]*\bsrc=)',  # data is no script
    "a script's address": r"javascript:",
    "evaluated code for htmx": r"hx-on|hx-vals=.js:",
    "a resource of another host": r"<(?:script|img|link|iframe|source)\b[^>]*(?:src|href)=.https?:",
}


def test_it_compiles(sqlite_app: Flask, subtests: pytest.Subtests) -> None:
    for name in NAMES:
        with subtests.test(name=name):
            assert sqlite_app.jinja_env.get_template(name).name == name


def test_it_keeps_to_the_policy(subtests: pytest.Subtests) -> None:
    for name in NAMES:
        with subtests.test(name=name):
            text = re.sub(r"\{#.*?#\}", "", (TEMPLATES / name).read_text("utf-8"), flags=re.DOTALL)
            assert [what for what, pattern in FORBIDDEN.items() if re.search(pattern, text)] == []


@pytest.mark.parametrize(
    "page",
    [
        '<p style="x">',
        "<style>",
        '<a onclick="x">',
        "<script>x</script>",
        '<script type="text/javascript">x</script>',
        '<script type="application/ld+json" type="module">x</script>',
        '<img src="https://x.example/">',
    ],
)
def test_the_guard_catches_what_it_forbids(page: str) -> None:
    assert any(re.search(pattern, page) for pattern in FORBIDDEN.values())
