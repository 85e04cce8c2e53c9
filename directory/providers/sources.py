"""Sources: where a fact or a review came from."""

from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from directory.extensions import Model, db
from directory.web.days import today_in_california
from directory.web.phrases import N_


class SourceKind(StrEnum):
    PUBLIC_FILE = "public_file"
    CLINIC = "clinic"
    STAFF = "staff"
    PATIENTS = "patients"
    PLATFORM = "platform"
    DEMONSTRATION = "demonstration"


class Source(Model):
    """One origin of facts or reviews, named on the page beside what came from it."""

    __tablename__ = "source"

    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[SourceKind] = mapped_column(String(20))
    url: Mapped[str | None] = mapped_column(String(500))


def known_source(key: str) -> Source:
    """The stored source of that key, added when it is one of `KNOWN_SOURCES`. Raises `KeyError` for another."""
    source = db.session.get(Source, key)
    if source is None:
        name, kind, url = KNOWN_SOURCES[key]
        source = Source(key=key, name=name, kind=kind, url=url)
        db.session.add(source)
        db.session.flush()
    return source


KNOWN_SOURCES: dict[str, tuple[str, SourceKind, str | None]] = {
    "nppes": (N_("NPPES, the national NPI registry (CMS)"), SourceKind.PUBLIC_FILE, "https://npiregistry.cms.hhs.gov/"),
    "nucc": (N_("NUCC Health Care Provider Taxonomy"), SourceKind.PUBLIC_FILE, "https://taxonomy.nucc.org/"),
    "cms_services": (
        N_("CMS Medicare Physician & Other Practitioners, by Provider and Service"),
        SourceKind.PUBLIC_FILE,
        "https://data.cms.gov/",
    ),
    "leie": (
        N_("OIG List of Excluded Individuals and Entities"),
        SourceKind.PUBLIC_FILE,
        "https://oig.hhs.gov/exclusions/",
    ),
    "medi_cal_suspended": (
        N_("Medi-Cal Suspended and Ineligible Provider List (California DHCS)"),
        SourceKind.PUBLIC_FILE,
        "https://data.chhs.ca.gov/",
    ),
    "cms_clinicians": (
        N_("CMS Doctors & Clinicians national file"),
        SourceKind.PUBLIC_FILE,
        "https://data.cms.gov/provider-data/",
    ),
    "cms_asp": (
        N_("CMS ASP file: Medicare's payment limits of medicines"),
        SourceKind.PUBLIC_FILE,
        "https://www.cms.gov/medicare/payment/part-b-drugs/asp-pricing-files",
    ),
    "tiger": (
        N_("TIGER/Line, the Census Bureau’s streets"),
        SourceKind.PUBLIC_FILE,
        "https://www.census.gov/geographies/mapping-files/time-series/geo/tiger-line-file.html",
    ),
    "clinic": (N_("The practice itself"), SourceKind.CLINIC, None),
    "staff": (N_("The directory's staff"), SourceKind.STAFF, None),
    "merged": (
        N_("Records under another number of this provider, merged by the directory's staff"),
        SourceKind.STAFF,
        None,
    ),
    "site": (N_("Patients and caregivers on this site"), SourceKind.PATIENTS, None),
    "demo": (N_("Demonstration data (invented)"), SourceKind.DEMONSTRATION, None),
}


class Sourced:
    """Mixed into every table of facts: where the fact came from and when it was so."""

    source_key: Mapped[str] = mapped_column(String(40), ForeignKey("source.key"))
    as_of: Mapped[date]

    @declared_attr
    def source(self) -> Mapped[Source]:
        return relationship(Source, lazy="joined")


CONFIRMED_FOR_DAYS = 90
"""A fact that changes counts so long after it was confirmed, as in plans' directories by the No Surprises Act."""


def oldest_current(today: date) -> date:
    """The earliest day of confirmation with which a fact that changes counts on `today`."""
    return today - timedelta(days=CONFIRMED_FOR_DAYS)


class Confirmed(Sourced):
    """Mixed into tables of facts that change: `as_of` is the day on which the fact was last confirmed.

    One that is not current is shown with its date, and no filter of the search counts it.
    """

    @property
    def is_current(self) -> bool:
        return self.as_of >= oldest_current(today_in_california())


def confirmed_models() -> list[Any]:
    """The models of all facts that change."""
    return Confirmed.__subclasses__()
