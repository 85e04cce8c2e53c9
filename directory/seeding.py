"""`flask seed`: the invented providers and reviews of `seeds/`, for demonstration.

Only providers that are not there yet are added, each with all that belongs to it, in one transaction: running it again
changes nothing. Every NPI in `seeds/` starts with 9, so no real provider is ever touched.
"""

import csv
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from directory.audit.log import command_actor, record
from directory.config import ROOT
from directory.credentials.exclusions.models import Exclusion
from directory.credentials.models import Credential, ProcedureVolume, Verification
from directory.credentials.scoring import rescore_qualifications
from directory.extensions import db
from directory.providers.models import (
    DEMONSTRATION,
    ORGANIZATION,
    PERSON,
    AcceptingNewPatients,
    InsurancePlan,
    OfficeHours,
    PostedFee,
    PracticeLocation,
    Provider,
    ProviderInsurance,
    ProviderLanguage,
    ProviderProduct,
    ProviderService,
    ProviderSpecialty,
    Specialty,
    VisitDetails,
    Website,
)
from directory.providers.names import PARTS_OF_A_PERSONS_NAME, shown_name
from directory.providers.npi import check_digit
from directory.providers.offerings import LISTED_SPECIALTIES, WEEKDAYS
from directory.providers.revision import note_search_change
from directory.providers.sources import Source, SourceKind, confirmed_models, known_source
from directory.reviews.estimating import estimate_ratings
from directory.reviews.models import Outcome, Review
from directory.reviews.screening.language import language_of
from directory.reviews.screening.text_clusters import assign_clusters
from directory.seed_removal import remove_and_say
from directory.web.commands import database_errors_explained
from directory.web.days import today_in_california
from directory.web.filters import count_of
from directory.web.transaction import transaction

SEEDS = ROOT / "seeds"
VERIFIED_AT = time(17, tzinfo=UTC)  # the seeds name days; this is morning in California on that day
KEPT_SINCE = date(2026, 1, 1)
RENEWED_AFTER = timedelta(days=60)
SPREAD_DAYS = 28
OUTCOME_FIELDS = ("onset_days", "relief", "weeks_lasted", "pain", "side_effects")

Entry = dict[str, Any]


class SeedError(click.ClickException):
    """A file of `seeds/` that cannot be read as meant; the message names the entry."""


@click.command("seed")
@click.option("--if-empty", is_flag=True, help="Do nothing when the directory holds any provider.")
@click.option("--plans", is_flag=True, help="Add nothing but the insurance plans that practices choose from.")
@click.option("--remove", is_flag=True, help="Take out everything invented, and leave what is real.")
@with_appcontext
@database_errors_explained()
def seed_command(if_empty: bool, plans: bool, remove: bool) -> None:
    """Add the invented demonstration providers and reviews of seeds/."""
    if if_empty + plans + remove > 1:
        raise click.UsageError("Choose one of --if-empty, --plans and --remove.")
    if plans:
        with transaction():
            added = add_plans(_read_toml(SEEDS / "catalog.toml"))
            if added:
                record(command_actor(), "add_insurance_plans", "insurance_plans", after={"added": added})
        click.echo(f"Added {count_of(added, 'insurance plan')}.")
        return
    if remove:
        remove_and_say()
        return
    is_left_alone = if_empty and db.session.scalar(select(Provider.npi).limit(1)) is not None
    with transaction():
        confirmed = renew_demonstration(today_in_california())
        providers, reviews, present = (0, 0, 0) if is_left_alone else seed()
        if providers or confirmed:
            after = {"providers": providers, "reviews": reviews, "confirmed": confirmed}
            record(command_actor(), "seed_demonstration", "providers", after=after)
    if is_left_alone:
        click.echo("The directory already holds providers, so no demonstration data was added.")
        return
    click.echo(
        f"Added {providers} invented providers with {reviews} invented reviews ({present} providers were here already)."
    )


def seed(folder: Path = SEEDS) -> tuple[int, int, int]:
    """Add what is in `folder` and not here yet, then score and estimate. Raises `SeedError`.

    Gives the number of providers added, of their reviews, and of providers that were here already.
    """
    _add_catalog(_read_toml(folder / "catalog.toml"))
    entries = _read_toml(folder / "providers.toml")["provider"]
    reviews = _reviews_by_npi(folder / "reviews.csv")
    present = set(db.session.scalars(select(Provider.npi).where(Provider.npi.startswith(DEMONSTRATION))))
    added: list[str] = []
    said: list[Review] = []
    for entry in entries:
        npi = _checked_npi(entry)
        if npi in present:
            continue
        try:
            db.session.add(_provider(entry))
            db.session.flush()
            db.session.add_all(_credentials(entry))
            written = [_review(row) for row in reviews[npi]]
            db.session.add_all(written)
            db.session.flush()
        except (KeyError, TypeError, ValueError, SQLAlchemyError) as error:
            raise SeedError(f"seeds: the entry of NPI {npi} cannot be read: {error!r}") from error
        added.append(npi)
        said += written
    if added:
        renew_demonstration(today_in_california())
        rescore_qualifications(added)
        assign_clusters(said)
        estimate_ratings()
    return len(added), len(said), len(entries) - len(added)


def renew_demonstration(today: date) -> int:
    """Let the invented practices confirm what they say, as real ones are asked to, so that it counts on any day.

    What a seed dates before `KEPT_SINCE` stays old. Returns how many facts.
    """
    old = 0
    for model in confirmed_models():
        invented = model.npi.startswith(DEMONSTRATION), model.source_key == "demo"
        due = select(model).where(*invented, model.as_of.between(KEPT_SINCE, today - RENEWED_AFTER))
        for row in db.session.scalars(due).unique():
            row.as_of = today - timedelta(days=int(row.npi[5:9]) % SPREAD_DAYS)
            old += 1
    return old


def _read_toml(path: Path) -> Entry:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise SeedError(f"{path.name} cannot be read: {error}") from error


def _reviews_by_npi(path: Path) -> dict[str, list[dict[str, str]]]:
    rows: dict[str, list[dict[str, str]]] = defaultdict(list)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            rows[row["provider_npi"]].append(row)
    return rows


def _checked_npi(entry: Entry) -> str:
    npi = str(entry.get("npi", ""))
    if len(npi) != 10 or not npi.startswith(DEMONSTRATION) or check_digit(npi[:9]) != npi[9]:
        raise SeedError(
            f"seeds: {npi!r} is not an invented NPI: it needs ten digits, a 9 first and the check digit last."
        )
    return npi


def _add_catalog(catalog: Entry) -> None:
    known_source("demo")
    for key, name in catalog["sources"].items():
        if db.session.get(Source, key) is None:
            db.session.add(Source(key=key, name=name, kind=SourceKind.DEMONSTRATION))
    add_plans(catalog)
    if not db.session.scalar(select(func.count()).select_from(Specialty)):
        db.session.add_all(
            Specialty(code=code, display_name=name, source_key="demo", as_of=date(2026, 1, 1))
            for code, name in LISTED_SPECIALTIES.items()
        )
    db.session.flush()


def add_plans(catalog: Entry) -> int:
    """Add the insurance plans that are not here yet, which are real; returns how many."""
    missing = [key for key in catalog["plans"] if db.session.get(InsurancePlan, key) is None]
    db.session.add_all(InsurancePlan(key=key, name=catalog["plans"][key]) for key in missing)
    if missing:
        note_search_change(None)  # filters show their names
    db.session.flush()
    return len(missing)


def _provider(entry: Entry) -> Provider:
    fact = {"source_key": "demo", "as_of": entry["as_of"]}
    said = fact | {"as_of": entry.get("confirmed_on", entry["as_of"])}
    organization = entry.get("organization_name")
    provider = Provider(
        npi=entry["npi"],
        entity_type=ORGANIZATION if organization else PERSON,
        name=organization or shown_name(*(entry.get(part) for part in PARTS_OF_A_PERSONS_NAME)),
        organization_name=organization,
        gender=entry.get("gender"),
        **{part: entry.get(part) for part in PARTS_OF_A_PERSONS_NAME},
        **fact,
    )
    provider.locations = [
        _location(location, said, is_primary=not index) for index, location in enumerate(entry["locations"])
    ]
    provider.specialties = [
        ProviderSpecialty(specialty_code=code, is_primary=not index, **fact)
        for index, code in enumerate(entry["specialties"])
    ]
    provider.languages = [ProviderLanguage(language=key, **fact) for key in entry.get("languages", ())]
    provider.insurances = [ProviderInsurance(plan_key=key, **said) for key in entry.get("insurances", ())]
    provider.products = [ProviderProduct(product=key, **fact) for key in entry.get("products", ())]
    provider.services = [ProviderService(service=key, **fact) for key in entry.get("services", ())]
    provider.fees = [PostedFee(**fee, **said) for fee in entry.get("fees", ())]
    provider.hours = [
        OfficeHours(weekday=[name.lower() for name in WEEKDAYS].index(day), opens_at=opens, closes_at=closes, **said)
        for day, (opens, closes) in entry.get("hours", {}).items()
    ]
    if "visit_details" in entry:
        provider.visit_details = VisitDetails(**entry["visit_details"], **said)
    if "website" in entry:
        provider.website = Website(url=entry["website"], **fact)
    if "accepting" in entry:
        provider.accepting = AcceptingNewPatients(accepting=entry["accepting"], **said)
    return provider


def _location(location: Entry, fact: Entry, *, is_primary: bool) -> PracticeLocation:
    return PracticeLocation(
        **location | {"latitude": float(location["latitude"]), "longitude": float(location["longitude"])},
        state="CA",
        precision="point",
        located_by="seeds",
        address_key=f"{location['line_1']}|{location['postal_code']}".lower(),
        is_primary=is_primary,
        **fact,
    )


def _credentials(entry: Entry) -> Iterator[Credential | ProcedureVolume | Exclusion]:
    """The credentials, volumes and exclusions of one provider."""
    fact = {"npi": entry["npi"], "source_key": "demo", "as_of": entry["as_of"]}
    for credential in entry.get("credentials", ()):
        check = {key: credential.pop(key, None) for key in ("verified_on", "method", "primary_source", "note")}
        row = Credential(**credential, **fact)
        if verified_on := check.pop("verified_on"):
            verified_at = datetime.combine(verified_on, VERIFIED_AT)
            row.verifications = [
                Verification(verified_at=verified_at, checked_on=verified_on, outcome=credential["status"], **check)
            ]
        yield row
    volumes = dict(entry.get("volumes", {}))
    read_on = {"as_of": volumes.pop("as_of", None)}
    for code, years in volumes.items():
        for year, (services, patients) in years.items():
            yield ProcedureVolume(
                **fact | read_on, year=int(year), hcpcs_code=code, services=services, beneficiaries=patients
            )
    for exclusion in entry.get("exclusions", ()):
        yield Exclusion(**exclusion, **fact)


def _review(row: dict[str, str]) -> Review:
    review = Review(
        npi=row["provider_npi"],
        source_key=row["source"],
        source_review_id=row["source_review_id"],
        rating=float(row["rating"]),
        would_return=row["would_return"] == "1" if row["would_return"] else None,
        verified=row["verified"] == "1",
        visited_on=date.fromisoformat(row["visited_on"]) if row["visited_on"] else None,
        created_at=datetime.fromisoformat(row["created_at"]),
        author=row["author"] or None,
        text=row["text"] or None,
        language=language_of(row["text"]),
        explained=int(row["explained"]) if row["explained"] else None,
        **{answer: row[answer] or None for answer in ("wait", "guidance", "paid", "written_as", "tie")},
    )
    if any(row[field] for field in OUTCOME_FIELDS):
        numbers = {field: int(row[field]) if row[field] else None for field in ("onset_days", "weeks_lasted", "pain")}
        review.outcome = Outcome(**numbers, relief=row["relief"] or None, side_effects=row["side_effects"].split())
    return review
