"""Claimed licenses that agree with their board's file: chosen in a table, confirmed at once, reported row by row."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from directory.accounts.access import current_actor, role_required
from directory.accounts.conflicts import conflicted_npis
from directory.accounts.roles import ADMIN, VERIFIER
from directory.credentials.licenses.matches import MATCHES_A_PAGE, confirm_matches, credentials_by_id, exact_matches
from directory.credentials.queries import title_of
from directory.web.pagination import Pages, asked_page, whole_number

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
    results = confirm_matches(current_actor(), chosen)
    rows = credentials_by_id([result.credential_id for result in results])
    return render_template(
        "credentials/licenses/confirmed.html",
        results=results,
        rows=rows,
        title_of=title_of,
        shows_demonstration=any(provider.is_demonstration for _, provider in rows.values()),
    )


def _page(problem: str | None = None, selected: str = "", chosen: list[int] | None = None) -> str:
    matches = exact_matches()
    pages = Pages.nearest(asked_page(request.args), MATCHES_A_PAGE, len(matches))
    shown = list(matches)[pages.skipped : pages.last_entry]
    rows = credentials_by_id(shown)
    return render_template(
        "credentials/licenses/exact_matches.html",
        pages=pages,
        matches=[(matches[number], *rows[number]) for number in shown if number in rows],
        chosen=shown if selected == "all" else chosen or [],
        conflicted=conflicted_npis(current_actor()),
        own=current_actor(),
        errors=[("matches", problem)] if problem else [],
        shows_demonstration=any(provider.is_demonstration for _, provider in rows.values()),
    )
