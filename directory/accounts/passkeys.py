"""Passkeys (WebAuthn) beside the password: what the browser is asked, and what is made of its answer.

The steps and their checks are those of W3C Web Authentication Level 2, 7.1 and 7.2, which py_webauthn does. A question
is good for ten minutes, for one account, and to sign in once. Why this is not Flask-Security's own:
docs/decisions/0005-passkeys.md.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

import webauthn
from flask import current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import select
from webauthn import helpers
from webauthn.helpers import structs
from webauthn.helpers.exceptions import WebAuthnException

from directory.accounts.keys import derived_key
from directory.accounts.models import Account, Passkey
from directory.accounts.settings import SITE_NAME
from directory.audit.log import record
from directory.extensions import db
from directory.web.refusals import RefusalError
from directory.web.transaction import lock_row

QUESTION_SECONDS = 600
BROWSER_MS = 120_000  # how long the browser waits for its person
MAX_PASSKEYS = 10  # of one account
USAGE = "secondary"  # in Flask-Security's words: after the password
# The password was given before, so that to touch the authenticator is enough; it may ask for more by itself.
VERIFICATION = structs.UserVerificationRequirement.DISCOURAGED

TRY_AGAIN = "We couldn’t check that passkey. Try again."
TOO_LATE = "That took too long. Try again."
NOT_YOURS = "That passkey doesn’t belong to this account. Choose another."
NO_ANSWER = "Your browser didn’t send a passkey. It needs JavaScript and passkey support."


class PasskeyError(RefusalError):
    """A passkey that is not taken."""


@dataclass(frozen=True, slots=True)
class Question:
    """What the browser is asked, as JSON, and the sealed ticket by which the answer is known again."""

    options: str
    ticket: str


def ask_to_add(account: Account) -> Question:
    """Ask for a new passkey."""
    challenge, ticket = _challenge("add", account)
    options = webauthn.generate_registration_options(
        rp_id=_host(),
        rp_name=SITE_NAME,
        user_id=account.fs_webauthn_user_handle.encode(),
        user_name=account.email,
        user_display_name=account.name,
        challenge=challenge,
        timeout=BROWSER_MS,
        exclude_credentials=_descriptors(account),
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.PREFERRED, user_verification=VERIFICATION
        ),
    )
    return Question(webauthn.options_to_json(options), ticket)


def add_passkey(account: Account, name: str, ticket: str, answer: str) -> Passkey:
    """Keep the passkey that the browser made. Raises `PasskeyError`."""
    challenge, _ = _opened("add", account, ticket)
    with _mistakes_explained(answer):
        parsed = helpers.parse_registration_credential_json(answer)
        made = webauthn.verify_registration_response(
            credential=parsed,
            expected_challenge=challenge,
            expected_rp_id=_host(),
            expected_origin=_origin(),
        )
    lock_row(account)
    if len(account.webauthn) >= MAX_PASSKEYS:
        raise PasskeyError(f"An account can have up to {MAX_PASSKEYS} passkeys. Remove one first.")
    if db.session.scalar(select(Passkey.id).where(Passkey.credential_id == made.credential_id)) is not None:
        raise PasskeyError("That passkey is already set up.")
    now = datetime.now(UTC)
    passkey = Passkey(
        credential_id=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        transports=[transport.value for transport in parsed.response.transports or ()],
        backup_state=made.credential_backed_up,
        device_type=made.credential_device_type.value,
        create_datetime=now,
        lastuse_datetime=now,
        name=name,
        usage=USAGE,
    )
    account.webauthn.append(passkey)
    db.session.flush()
    record(f"account:{account.id}", "add_passkey", f"account:{account.id}", after={"passkey": passkey.id})
    return passkey


def ask_to_sign_in(account: Account) -> Question:
    """Ask for one of the account's passkeys."""
    challenge, ticket = _challenge("sign in", account)
    options = webauthn.generate_authentication_options(
        rp_id=_host(),
        challenge=challenge,
        timeout=BROWSER_MS,
        allow_credentials=_descriptors(account),
        user_verification=VERIFICATION,
    )
    return Question(webauthn.options_to_json(options), ticket)


def check_passkey(account: Account, ticket: str, answer: str) -> Passkey:
    """The passkey of the account that signed the answer, with its use noted. Raises `PasskeyError`.

    An answer counts once: its question must be younger than the passkey's last use, and where the authenticator counts
    its signatures, the count must have gone up.
    """
    challenge, asked_at = _opened("sign in", account, ticket)
    with _mistakes_explained(answer):
        parsed = helpers.parse_authentication_credential_json(answer)
    lock_row(account)
    passkey = db.session.scalar(
        select(Passkey)
        .where(Passkey.user_id == account.id, Passkey.credential_id == parsed.raw_id)
        .execution_options(populate_existing=True)
    )
    handle = parsed.response.user_handle
    if passkey is None or (handle and handle != account.fs_webauthn_user_handle.encode()):
        raise PasskeyError(NOT_YOURS)
    if asked_at <= passkey.lastuse_datetime:
        raise PasskeyError(TRY_AGAIN)
    with _mistakes_explained(answer):
        checked = webauthn.verify_authentication_response(
            credential=parsed,
            expected_challenge=challenge,
            expected_rp_id=_host(),
            expected_origin=_origin(),
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
        )
    passkey.sign_count = checked.new_sign_count
    passkey.backup_state = checked.credential_backed_up
    passkey.device_type = checked.credential_device_type.value
    passkey.lastuse_datetime = datetime.now(UTC)
    return passkey


def remove_passkey(account: Account, passkey_id: int) -> str | None:
    """Forget a passkey of the account; gives its name, or None when there is none. Raises `PasskeyError`."""
    lock_row(account)
    passkey = next((each for each in account.webauthn if each.id == passkey_id), None)
    if passkey is None:
        return None
    if len(account.webauthn) == 1 and not account.has_authenticator_app:
        raise PasskeyError("That is your only second factor. Set up another passkey or an authenticator app first.")
    account.webauthn.remove(passkey)
    record(f"account:{account.id}", "remove_passkey", f"account:{account.id}", before={"passkey": passkey.id})
    return passkey.name


def _challenge(purpose: str, account: Account) -> tuple[bytes, str]:
    challenge = helpers.generate_challenge()
    return challenge, _seal(purpose).dumps([account.fs_uniquifier, helpers.bytes_to_base64url(challenge), time.time()])


def _opened(purpose: str, account: Account, ticket: str) -> tuple[bytes, datetime]:
    """The challenge of the ticket, and when it was asked."""
    try:
        whose, challenge, asked_at = _seal(purpose).loads(ticket, max_age=QUESTION_SECONDS)
    except BadSignature as error:  # or too old
        raise PasskeyError(TOO_LATE) from error
    if whose != account.fs_uniquifier:
        raise PasskeyError(TOO_LATE)
    return helpers.base64url_to_bytes(challenge), datetime.fromtimestamp(asked_at, UTC)


@contextmanager
def _mistakes_explained(answer: str) -> Iterator[None]:
    """Turn what py_webauthn finds wrong with the browser's answer into a `PasskeyError`."""
    if not answer:
        raise PasskeyError(NO_ANSWER)
    try:
        yield
    except (WebAuthnException, ValueError, KeyError) as error:
        raise PasskeyError(TRY_AGAIN) from error


def _seal(purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(derived_key(current_app.config["SECRET_KEY"], "passkeys"), salt=purpose)


def _descriptors(account: Account) -> list[structs.PublicKeyCredentialDescriptor]:
    return [
        structs.PublicKeyCredentialDescriptor(
            id=passkey.credential_id,
            transports=[structs.AuthenticatorTransport(transport) for transport in passkey.transports or ()],
        )
        for passkey in account.webauthn
    ]


def _origin() -> str:
    """Scheme and host of the site. In production they are not what a request says, but what SITE_URL does."""
    production = current_app.config["ENVIRONMENT"] == "production"
    address = urlsplit(current_app.config["SITE_URL"] if production else request.host_url)
    return f"{address.scheme}://{address.netloc}"


def _host() -> str:
    return urlsplit(_origin()).hostname or ""
