"""What providers are told: the outcome of each decision, at once. NCQA asks for it within 30 days."""

from flask import current_app
from sqlalchemy import select

from directory.accounts.models import Account, Representative
from directory.credentials.kinds import COUNTING, STANDINGS
from directory.credentials.models import Credential, Verification
from directory.credentials.queries import title_of
from directory.extensions import db
from directory.mail.outbox import queue_mail


def tell_decision(credential: Credential, verification: Verification) -> None:
    """Queue a message to each confirmed representative of the provider. The caller commits."""
    title = title_of(credential)
    standing = STANDINGS[verification.outcome]
    page = current_app.config["SITE_URL"] + f"/account/providers/{credential.npi}/credentials"
    lines = [f"{title}: {standing}.", f"Checked at: {verification.primary_source}."]
    if verification.outcome not in COUNTING:
        lines += [
            f"What we found: {verification.note or ''}".rstrip(),
            "",
            "If that is wrong you have the right to see what we were told, and to correct it: answer on the page "
            "below, with a document that shows it.",
        ]
    text = "\n".join([*lines, "", page, ""])
    for recipient in db.session.scalars(
        select(Account.email)
        .join(Representative, Representative.account_id == Account.id)
        .where(Representative.npi == credential.npi, Representative.confirmed_at.is_not(None), Account.active)
        .order_by(Account.id)
    ).all():
        queue_mail(recipient, f"{title}: {standing}", text)
