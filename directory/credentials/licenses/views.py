"""Claimed licenses that agree with their board's file: chosen in a table, confirmed at once, reported row by row."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from directory.accounts.access import current_actor, role_required
from directory.accounts.conflicts import conflicted_npis
from directory.accounts.roles import ADMIN, VERIFIER
from directory.credentials.licenses.confirming import confirm_matches, reported
from directory.credentials.licenses.matches import (
    MATCHES_A_PAGE,
    credentials_of,
    page_of_matches,
)
from directory.web.pagination import asked_page, whole_number

blueprint = Blueprint("exact_matching", __name__, url_prefix="/admin/verify/exact")
NONE_CHOSEN = "Select the licenses that you want to confirm."
TOO_MANY = f"Confirm at most {MATCHES_A_PAGE} at once."


@blueprint.get("")
@role_required(VERIFIER, ADMIN)
def show_matches() -> str:
    return _page(selected="all" if request.args.get("selected") == "all" else "")


@blueprint.post("")
@role_required(VERIFIER, ADMIN)
def confirm_ticked() -> ResponseReturnValue:
    chosen = [number for number in map(whole_number, request.form.getlist("credential")) if number]
    if not chosen or len(chosen) > MATCHES_A_PAGE:
        return _page(problem=TOO_MANY if chosen else NONE_CHOSEN, chosen=chosen), 400
    results = reported(confirm_matches(current_actor(), chosen))
    return render_template(
        "credentials/licenses/confirmed.html",
        results=results,
        shows_demonstration=any(result.provider and result.provider.is_demonstration for result in results),
    )


def _page(problem: str | None = None, selected: str = "", chosen: list[int] | None = None) -> str:
    pages, shown = page_of_matches(asked_page(request.args))
    rows = credentials_of([match.credential_id for match in shown])
    return render_template(
        "credentials/licenses/exact_matches.html",
        pages=pages,
        matches=[(match.record, *rows[match.credential_id]) for match in shown if match.credential_id in rows],
        chosen=[match.credential_id for match in shown] if selected == "all" else chosen or [],
        conflicted=conflicted_npis(current_actor()),
        own=current_actor(),
        errors=[("matches", problem)] if problem else [],
        shows_demonstration=any(provider.is_demonstration for _, provider in rows.values()),
    )
