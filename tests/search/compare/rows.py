"""Providers to compare, for tests."""

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import event

from directory.credentials.scoring import rescore_qualification
from directory.extensions import db
from directory.providers.models import (
    AcceptingNewPatients,
    InsurancePlan,
    PostedFee,
    Provider,
    ProviderInsurance,
    ProviderLanguage,
    ProviderProduct,
    ProviderService,
    Website,
)
from directory.ratings.models import RatingEstimate
from directory.reviews.models import Outcome
from directory.web.days import today_in_california
from tests import factories

SOURCED: dict[str, Any] = {"source_key": "demo", "as_of": factories.DAY}
SAID: dict[str, Any] = {"source_key": "demo", "as_of": today_in_california()}


def offering(provider: Provider, **offered: Any) -> Provider:
    """`provider` with lists of products, services, languages and insurances, and perhaps `accepting`."""
    tables = {"products": (ProviderProduct, "product"), "services": (ProviderService, "service")}
    tables |= {"languages": (ProviderLanguage, "language"), "insurances": (ProviderInsurance, "plan_key")}
    for name, (table, column) in tables.items():
        for value in offered.get(name, ()):
            if name == "insurances" and db.session.get(InsurancePlan, value) is None:
                db.session.add(InsurancePlan(key=value, name=value.capitalize()))
                db.session.flush()
            db.session.add(table(npi=provider.npi, **{column: value}, **(SAID if name == "insurances" else SOURCED)))
    if "accepting" in offered:
        db.session.add(AcceptingNewPatients(npi=provider.npi, accepting=offered["accepting"], **SAID))
    db.session.flush()
    return provider


def rated(provider: Provider, estimate: float, low: float, high: float, reviews_counted: int = 12) -> Provider:
    values = {"estimate": estimate, "low": low, "high": high, "reviews_counted": reviews_counted}
    db.session.add(RatingEstimate(npi=provider.npi, **values))
    db.session.flush()
    return provider


def reporting(provider: Provider, number: int = 5, **answers: object) -> Provider:
    """`provider` with reviews that all report the same outcome."""
    for _ in range(number):
        factories.review(provider.npi).outcome = Outcome(**answers)
    db.session.flush()
    return provider


def full(**values: Any) -> Provider:
    """A provider of whom everything is known that a column shows."""
    provider = factories.provider(**values)
    factories.license(provider.npi)
    factories.volume(provider.npi)
    rescore_qualification(provider.npi)
    offering(
        provider,
        products=["botox", "xeomin"],
        services=["emg_guidance"],
        languages=["en", "es"],
        insurances=["aetna"],
        accepting=True,
    )
    for fee, product in (("consultation", None), ("product_unit", "botox")):
        db.session.add(PostedFee(npi=provider.npi, fee=fee, product=product, low_usd=80, high_usd=120, **SAID))
    db.session.add(Website(npi=provider.npi, url="https://clinic.example/", **SOURCED))
    rated(provider, 4.5, 4.1, 4.8)
    return reporting(provider, onset_days=6, relief="most", weeks_lasted=12, pain=3)


class ComparePage:
    """The page of a comparison, of which tests ask what stands in a row."""

    def __init__(self, text: str) -> None:
        self.html = text
        self.text = _plain(text)

    def row(self, label: str) -> list[str]:
        """The cells of the row that is called `label`, as plain text without the name of the provider."""
        return [
            _plain(re.sub(r'<span class="whose">.*?</span>', "", cell, flags=re.DOTALL)) for cell in self._cells(label)
        ]

    def marks(self, label: str) -> list[str | None]:
        """What is marked in each cell of a row."""
        marked = [re.search(r'<span class="mark[^"]*">(.*?)</span>', cell, re.DOTALL) for cell in self._cells(label)]
        return [_plain(mark[1]) if mark else None for mark in marked]

    def is_same(self, label: str) -> bool:
        return bool(re.search(rf'<th scope="row">\s*{re.escape(label)}\s*<span class="same-note">', self.html))

    def _cells(self, label: str) -> list[str]:
        for found in re.findall(r"<tr\b.*?</tr>", self.html, re.DOTALL):
            head = re.search(r'<th scope="row">(.*?)</th>', found, re.DOTALL)
            if head and _plain(head[1]).removesuffix(" same for all") == label:
                return re.findall(r"<td[^>]*>(.*?)</td>", found, re.DOTALL)
        raise AssertionError(f"no row is called {label}")

    @property
    def names(self) -> list[str]:
        return [_plain(name) for name in re.findall(r'<th scope="col"[^>]*>(.*?)</th>', self.html, re.DOTALL)]

    @property
    def labels(self) -> list[str]:
        found = re.findall(r'<th scope="row">(.*?)</th>', self.html, re.DOTALL)
        return [_plain(label).removesuffix(" same for all") for label in found]


def compare(
    client: FlaskClient, *npis: str, status: int = 200, path: str = "/compare", **parameters: str
) -> ComparePage:
    """The comparison of `npis` with all its rows, committed ones seen; fails unless the status is as said."""
    db.session.commit()
    parameters = {name: text for name, text in ({"all": "1"} | parameters).items() if text}
    answer = client.get(path, query_string=[*(("npi", npi) for npi in npis), *parameters.items()])
    assert answer.status_code == status
    assert answer.headers["Cache-Control"] == "no-store"
    return ComparePage(answer.text)


@contextmanager
def counted_statements() -> Iterator[list[str]]:
    """The statements that are sent to the database meanwhile."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def _plain(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", text)).split())
