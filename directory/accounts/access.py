"""Who may do what: the guard of views, and who is signed in."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import abort, has_request_context, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response

from directory.accounts.models import Account, Representative
from directory.accounts.roles import CLINIC, is_allowed
from directory.audit.log import record
from directory.extensions import db

Arguments = ParamSpec("Arguments")
View = Callable[Arguments, ResponseReturnValue]


def role_required(*roles: str) -> Callable[[View[Arguments]], View[Arguments]]:
    """Let only accounts with one of `roles` reach the view, signed in with their second factor.

    Others are sent to the sign-in page and come back afterwards, or get the error page 403, which the audit log notes.
    An admin may do what all staff may, but does not speak for clinics. Without roles any account will do.
    """

    def decorate(view: View[Arguments]) -> View[Arguments]:
        @wraps(view)
        def guarded(*args: Arguments.args, **kwargs: Arguments.kwargs) -> ResponseReturnValue:
            account = current_account()
            if account is None:
                return to_sign_in()
            if not account.has_second_factor:
                return redirect(url_for("security.two_factor_setup"))
            if roles and not is_allowed(account.role_names, set(roles)):
                record(current_actor(), "refuse_access", f"page:{request.endpoint}")
                db.session.commit()
                abort(403)
            response = make_response(view(*args, **kwargs))
            response.headers.setdefault("Cache-Control", "private, no-store")  # the Back button after signing out
            return response

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


def current_actor() -> str:
    """The signed-in account as the audit log names it: "account:7". Raises `RuntimeError` when nobody is signed in."""
    account = current_account()
    if account is None:
        raise RuntimeError("nobody is signed in: guard the view with role_required")
    return f"account:{account.id}"


def represents(npi: str) -> bool:
    """Whether the signed-in account is a clinic's representative who is confirmed for the provider `npi`."""
    account = current_account()
    if account is None or CLINIC not in account.role_names:
        return False
    link = db.session.get(Representative, (account.id, npi))
    return link is not None and link.confirmed_at is not None
