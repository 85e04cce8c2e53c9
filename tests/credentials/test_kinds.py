"""Every kind of credential has all that the pages ask of it."""

import pytest

from directory.credentials.kinds import FIELDS, KINDS, CredentialKind, Kind
from directory.credentials.models import Credential

EVERY_KIND = pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))


def test_each_kind_is_described_once_and_fits_its_column() -> None:
    assert set(KINDS) == set(CredentialKind)
    assert len({kind.label for kind in KINDS.values()}) == len(KINDS)
    assert all(len(key) <= Credential.__table__.c.kind.type.length for key in KINDS)


@EVERY_KIND
def test_each_kind_is_checked_again_within_three_years_by_a_list(kind: Kind) -> None:
    assert 0 < kind.reverify_days <= 3 * 365  # as NCQA asks
    assert kind.reverify_days % 365 == 0  # /how-we-verify says it in years
    assert kind.checklist


@EVERY_KIND
def test_what_is_required_is_asked_for(kind: Kind) -> None:
    assert kind.number or not kind.number_required
    assert kind.fields.items() <= FIELDS.items()


@EVERY_KIND
@pytest.mark.parametrize("state", ["CA", "NV", None])
@pytest.mark.parametrize("field", [*FIELDS, None])
def test_look_ups_are_plain_links(kind: Kind, state: str | None, field: str | None) -> None:
    assert all(each.url.startswith("https://") for each in kind.look_ups(state, field))


@pytest.mark.parametrize(
    ("kind", "words"),
    [(CredentialKind.LICENSE, "license"), (CredentialKind.DEA_REGISTRATION, "DEA registration")],
)
def test_an_abbreviation_keeps_its_capitals_in_a_sentence(kind: CredentialKind, words: str) -> None:
    assert KINDS[kind].in_sentence == words
