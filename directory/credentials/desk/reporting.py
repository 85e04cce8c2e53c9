"""What became of a batch, with the names that its report shows."""

from collections.abc import Sequence
from dataclasses import dataclass

from directory.credentials.desk.confirming import Confirmation
from directory.credentials.desk.exact_matches import credentials_of
from directory.credentials.models import Credential
from directory.credentials.queries import title_of
from directory.providers.models import Provider


@dataclass(frozen=True, slots=True)
class Reported:
    """One row of the report; `provider` is None for a credential that is not there any more."""

    title: str
    provider: Provider | None
    refusal: str | None
    sampled: bool


def reported(confirmations: Sequence[Confirmation]) -> list[Reported]:
    found = credentials_of([each.credential_id for each in confirmations])
    return [_reported(each, *found.get(each.credential_id, (None, None))) for each in confirmations]


def _reported(each: Confirmation, credential: Credential | None, provider: Provider | None) -> Reported:
    title = f"{title_of(credential)} {credential.number or ''}".strip() if credential else "A license"
    return Reported(title, provider, each.refusal, each.sampled)
