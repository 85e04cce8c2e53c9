"""What became of a batch, with the names that its report shows."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import lazyload

from directory.credentials.desk.confirming import Confirmation
from directory.credentials.models import Credential
from directory.credentials.queries import title_of
from directory.extensions import db
from directory.providers.models import Provider


@dataclass(frozen=True, slots=True)
class Reported:
    """One row of the report; `provider` is None for a credential that is not there any more."""

    title: str
    provider: Provider | None
    refusal: str | None
    sampled: bool


def reported(confirmations: Sequence[Confirmation]) -> list[Reported]:
    rows = db.session.execute(
        select(Credential, Provider)
        .join(Provider, Provider.npi == Credential.npi)
        .where(Credential.id.in_([each.credential_id for each in confirmations]))
        .options(lazyload(Credential.source), lazyload(Provider.source))
    )
    found = {credential.id: (credential, provider) for credential, provider in rows}
    return [_reported(each, *found.get(each.credential_id, (None, None))) for each in confirmations]


def _reported(each: Confirmation, credential: Credential | None, provider: Provider | None) -> Reported:
    title = f"{title_of(credential)} {credential.number or ''}".strip() if credential else "A licence"
    return Reported(title, provider, each.refusal, each.sampled)
