"""What a comparison shows of a few providers, read for all of them at once.

One statement a provider remains: the outcomes, which the database sums up by itself.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from sqlalchemy import select

from directory.credentials.injections import Injections
from directory.credentials.queries import ShownCredential, credentials_of, injections_of, shown_credential
from directory.credentials.rubric import Qualification
from directory.credentials.scoring import held_by
from directory.extensions import db
from directory.providers.models import ORGANIZATION, Provider
from directory.providers.offerings import profession
from directory.providers.queries import providers_with_facts, specialty_names
from directory.ratings.models import RatingEstimate
from directory.reviews.display.outcomes import OutcomeSummary, outcome_summary
from directory.web.days import today_in_california


@dataclass(frozen=True, slots=True)
class ComparedProvider:
    """One provider with all that its column shows."""

    provider: Provider
    professions: tuple[str, ...]  # "Neurologist", the primary one first
    qualification: Qualification  # as of today, as on the provider's page
    credentials: tuple[ShownCredential, ...]
    injections: Injections
    rating: RatingEstimate | None
    outcomes: OutcomeSummary

    @property
    def npi(self) -> str:
        return self.provider.npi

    @property
    def is_ranked(self) -> bool:
        """Whether a search may show the provider at all."""
        return self.provider.deactivated_on is None and self.qualification.barred_for is None


def read_providers(npis: Sequence[str]) -> list[ComparedProvider]:
    """Those of `npis` that are known, in their order."""
    found = providers_with_facts(npis)
    today = today_in_california()
    held = held_by(found)
    codes = {npi: [each.specialty_code for each in provider.specialties] for npi, provider in found.items()}
    names = specialty_names(set(chain.from_iterable(codes.values())))
    injections = injections_of(codes)
    credentials = defaultdict(list)
    for credential in credentials_of(found):
        credentials[credential.npi].append(shown_credential(credential, today))
    ratings = db.session.scalars(select(RatingEstimate).where(RatingEstimate.npi.in_(found)))
    rated = {rating.npi: rating for rating in ratings}
    return [
        ComparedProvider(
            provider=found[npi],
            professions=_professions(found[npi], names),
            qualification=held[npi].score(today),
            credentials=tuple(credentials[npi]),
            injections=injections[npi],
            rating=rated.get(npi),
            outcomes=outcome_summary(npi),
        )
        for npi in npis
        if npi in found
    ]


def _professions(provider: Provider, names: Mapping[str, str]) -> tuple[str, ...]:
    """Each once; `names` are those of specialties by code."""
    is_organization = provider.entity_type == ORGANIZATION
    codes = [each.specialty_code for each in provider.specialties]
    return tuple(dict.fromkeys(profession(code, names, is_organization) for code in codes))
