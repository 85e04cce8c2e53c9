"""Who may do what: the guard of views, and who is signed in."""

from collections.abc import Callable
from functools import wraps
from typing import NoReturn, ParamSpec

from flask import abort, has_request_context, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from limits import parse
from werkzeug.wrappers import Response

from directory.accounts.models import Account, Representative
from directory.accounts.roles import CLINIC
from directory.audit.log import record
from directory.extensions import db, limiter
from directory.web.hmac_hash import network_of
from directory.web.transaction import transaction

STRANGER = "nobody"  # a visitor who is not signed in, as the audit log names them
NOTED_OF_A_NETWORK = parse("60 per hour")

Arguments = ParamSpec("Arguments")
View = Callable[Arguments, ResponseReturnValue]


def role_required(*roles: str) -> Callable[[View[Arguments]], View[Arguments]]:
    """Let only accounts with one of `roles` reach the view, signed in with their second factor.

    Others are sent to the sign-in page and come back afterward, or get the error page 403. The audit log notes both.
    An admin may do what all staff may, but does not speak for clinics. Without roles any account will do.
    """

    def decorate(view: View[Arguments]) -> View[Arguments]:
        @wraps(view)
        def guarded(*args: Arguments.args, **kwargs: Arguments.kwargs) -> ResponseReturnValue:
            account = current_account()
            if account is None:
                _note_stranger(bool(roles))
                return to_sign_in()
            if not account.has_second_factor:
                return redirect(url_for("security.two_factor_setup"))
            if roles and not account.may(*roles):
                _refuse()
            response = make_response(view(*args, **kwargs))
            response.headers.setdefault("Cache-Control", "private, no-store")  # the Back button after signing out
            return response

        guarded.roles = frozenset(roles)  # type: ignore[attr-defined]  # tests read there who may reach which route
        return guarded

    return decorate


def to_sign_in(*_: object, **__: object) -> Response:
    """Send an anonymous person to the sign-in page, and from there back to the page that they asked for."""
    wanted = request.full_path.rstrip("?") if request.method in {"GET", "HEAD"} else None
    return redirect(url_for("security.login", next=wanted))


def current_account() -> Account | None:
    """The signed-in account, or None."""
    if not has_request_context() or not current_user.is_authenticated:
        return None
    account: Account = current_user._get_current_object()
    return account


def signed_in_account() -> Account:
    """The signed-in account. Raises `RuntimeError` when there is none."""
    account = current_account()
    if account is None:
        raise RuntimeError("no one is signed in: guard the view with role_required")
    return account


def current_actor() -> str:
    """The signed-in account as the audit log names it: "account:7". Raises `RuntimeError` when there is none."""
    return f"account:{signed_in_account().id}"


def represents(npi: str) -> bool:
    """Whether the signed-in account is a clinic's representative who is confirmed for the provider `npi`."""
    account = current_account()
    if account is None or CLINIC not in account.role_names:
        return False
    link = db.session.get(Representative, (account.id, npi))
    return link is not None and link.confirmed_at is not None


def refuse_all_but_representatives(npi: str) -> None:
    """Give the error page 403 unless the signed-in account `represents` the provider. The audit log notes it."""
    if not represents(npi):
        _refuse("not a representative")


def _refuse(reason: str = "") -> NoReturn:
    with transaction():
        record(current_actor(), "refuse_access", f"page:{request.endpoint}", reason=reason)
    abort(403)


def _note_stranger(needs_a_role: bool) -> None:
    """Note that a visitor who is not signed in asked for what is not theirs, up to a limit, which no flood passes.

    Nothing is noted of who only asks to see a page that is open to every account.
    """
    if request.method in {"GET", "HEAD"} and not needs_a_role and not request.path.startswith("/admin"):
        return
    if limiter.limiter.hit(NOTED_OF_A_NETWORK, "refuse_access", network_of(request.remote_addr)):
        with transaction():
            record(STRANGER, "refuse_access", f"page:{request.endpoint}")
