"""Reads of reports of wrong information, and of what the page says of that now."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from directory.accounts.models import Account
from directory.accounts.work import Waiting
from directory.clinics.models import InformationReport
from directory.clinics.reported.kinds import ABOUT_A_LOCATION, ACCEPTING, NAME, PHONE, WAITING
from directory.desk.queue import waiting_since
from directory.extensions import db
from directory.providers.models import ORGANIZATION, PracticeLocation
from directory.providers.names import PARTS_OF_A_PERSONS_NAME
from directory.providers.offerings import WEEKDAYS
from directory.providers.queries import specialty_names
from directory.web.filters import clock

ADDRESS_FIELDS = ("line_1", "line_2", "city", "state", "postal_code")


@dataclass(frozen=True, slots=True)
class ShownFact:
    """What the page says now, in words, and the row that has its source and date; None where it says nothing."""

    words: str
    fact: Any = None


def reports_to_check(_account: Account) -> Waiting:
    """The reports that wait for staff."""
    return waiting_since(InformationReport.reported_at, InformationReport.status == WAITING)


def waiting_reports(npi: str) -> Sequence[InformationReport]:
    """The reports of a provider that wait for staff, the oldest first."""
    waiting = select(InformationReport).where(InformationReport.npi == npi, InformationReport.status == WAITING)
    return db.session.scalars(waiting.order_by(InformationReport.id)).all()


def reported_location(report: InformationReport) -> PracticeLocation | None:
    """The practice location that the report is about; None when it is about none, or that one is gone."""
    return next((each for each in report.provider.locations if each.address_key == report.address_key), None)


def correctable_values(report: InformationReport) -> dict[str, str]:
    """By field, what staff may correct in answer to the report, with its value of now."""
    provider, location = report.provider, reported_location(report)
    if report.about in ABOUT_A_LOCATION and location:
        fields = (PHONE,) if report.about == PHONE else ADDRESS_FIELDS
        return {field: getattr(location, field) or "" for field in fields}
    if report.about == NAME:
        fields = ("organization_name",) if provider.entity_type == ORGANIZATION else PARTS_OF_A_PERSONS_NAME
        return {field: getattr(provider, field) or "" for field in fields}
    if report.about == ACCEPTING:
        known = provider.accepting
        return {ACCEPTING: "" if known is None else "yes" if known.accepting else "no"}
    return {}


def shown_facts(report: InformationReport) -> list[ShownFact]:
    """What the page says now of what the report is about, for staff."""
    return _shown_facts(report) or [ShownFact("Nothing is listed.")]


def _shown_facts(report: InformationReport) -> list[ShownFact]:
    provider, location = report.provider, reported_location(report)
    places = [location] if location else provider.locations
    match report.about:
        case "phone":
            return [ShownFact(f"{each.phone or 'no phone'} at {each.address}", each) for each in places]
        case "hours":
            return [
                ShownFact(f"{WEEKDAYS[day.weekday]} {clock(day.opens_at)} to {clock(day.closes_at)}", day)
                for day in provider.hours
            ]
        case "accepting":
            known = provider.accepting
            return [ShownFact("yes" if known.accepting else "no", known)] if known else []
        case "insurance":
            return [ShownFact(each.plan.name, each) for each in provider.insurances]
        case "name":
            return [ShownFact(provider.name, provider), *(ShownFact(each.name, each) for each in provider.other_names)]
        case "specialty":
            names = specialty_names([each.specialty_code for each in provider.specialties])
            return [
                ShownFact(names.get(each.specialty_code, each.specialty_code), each) for each in provider.specialties
            ]
    return [ShownFact(each.address, each) for each in places]
