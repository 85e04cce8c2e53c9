"""Small invented files of reviews in the layouts of other sites."""

import csv
import io
import json
from pathlib import Path
from typing import Any

from click.testing import Result
from flask import Flask
from sqlalchemy import select

from directory.extensions import db
from directory.providers.models import Provider
from directory.reviews.models import Review
from tests import factories
from tests.imports.importer import run_import, said_by
from tests.imports.published import real_npi, written

LONG = "The plan was explained in plain words, and the relief came after five days and lasted eleven weeks."
LANTERN = {"line_1": "1786 Lantern Court", "postal_code": "90503", "phone": "(310) 555-0100"}


def row(review_id: str = "r1", **values: Any) -> dict[str, Any]:
    """One review of the first provider."""
    return {
        "provider_npi": real_npi(1),
        "source": "",
        "source_review_id": review_id,
        "rating": "4",
        "verified": "0",
        "visited_on": "2025-06-01",
        "created_at": "2025-07-02T10:00:00Z",
        "author": "Invented Person",
        "text": LONG,
        **values,
    }


def about(name: str, address: str = "", phone: str = "") -> dict[str, str]:
    """The provider's columns when no NPI is given."""
    return {"provider_npi": "", "provider_name": name, "provider_address": address, "provider_phone": phone}


def as_csv(*rows: dict[str, Any]) -> str:
    names = list(dict.fromkeys(name for each in rows for name in each))
    text = io.StringIO()
    writer = csv.DictWriter(text, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def as_json_lines(*rows: dict[str, Any]) -> str:
    return "".join(json.dumps(each) + "\n" for each in rows)


def person(number: int = 1, first: str = "Ana", last: str = "Cruz", *, place: dict[str, Any] | None = None) -> str:
    """The NPI of a real-looking provider here, at 1786 Lantern Court unless told otherwise."""
    npi = real_npi(number)
    factories.provider(npi=npi, first_name=first, last_name=last, name=f"{first} {last}, MD", at=None)
    if place != {}:
        factories.location(npi, factories.TORRANCE, **(place or LANTERN))
    db.session.commit()
    return npi


class ReviewImporter:
    """Runs `flask import reviews` on invented files."""

    def __init__(self, app: Flask, folder: Path) -> None:
        self._app = app
        self._folder = folder

    def run(self, content: str | bytes, *options: str, source: str = "CareVoice", name: str = "reviews.csv") -> Result:
        path = content if isinstance(content, str) and content.startswith("/") else written(self._folder, name, content)
        return run_import(self._app, "reviews", path, "--source", source, *options, "--json")

    def __call__(self, content: str | bytes, *options: str, **named: str) -> dict[str, Any]:
        return said_by(self.run(content, *options, **named))

    def refusal(self, content: str | bytes, *options: str, **named: str) -> str:
        """Why the command stopped, after checking that nothing came of it."""
        before = (review_ids(), sorted(db.session.scalars(select(Provider.npi))))
        result = self.run(content, *options, **named)
        assert result.exit_code == 1, result.output
        assert (review_ids(), sorted(db.session.scalars(select(Provider.npi)))) == before
        return str(result.stderr)


def rejected(said: dict[str, Any]) -> list[tuple[int, str]]:
    """The line of each rejected row, and why."""
    with Path(said["rejects_file"]).open(encoding="utf-8", newline="") as file:
        return [(int(each["line"]), each["reason"]) for each in csv.DictReader(file)]


def reviews() -> list[Review]:
    return list(db.session.scalars(select(Review).order_by(Review.source_key, Review.source_review_id)))


def review_ids() -> list[str]:
    return [each.source_review_id for each in reviews()]
