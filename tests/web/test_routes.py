"""Every route is known here and answers; a new one fails this test until somebody says how to reach it."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests import factories

Address = str | Callable[[], str]
HTML = "text/html; charset=utf-8"
PLAIN = "text/plain; charset=utf-8"

EXAMPLES: dict[str, tuple[Address, int, str]] = {
    "/": ("/", 200, HTML),
    "/search": ("/search?near=90503", 200, HTML),
    "/providers/<npi>": (lambda: f"/providers/{factories.provider().npi}", 200, HTML),
    "/providers/<npi>/report": (lambda: f"/providers/{factories.provider().npi}/report", 200, HTML),
    "/providers/<npi>/report/received": (lambda: f"/providers/{factories.provider().npi}/report/received", 200, HTML),
    "/admin/reports": ("/admin/reports", 302, HTML),
    "/admin/reports/<int:report_id>": ("/admin/reports/1", 302, HTML),
    "/providers/<npi>/reviews": (lambda: f"/providers/{factories.provider().npi}/reviews", 200, HTML),
    "/providers/<npi>/outcomes": (lambda: f"/providers/{factories.provider().npi}/outcomes", 200, HTML),
    "/providers/<npi>/reviews/new": (lambda: f"/providers/{factories.provider().npi}/reviews/new", 200, HTML),
    "/reviews/new": ("/reviews/new?name=quintero", 200, HTML),
    "/for-practices": ("/for-practices?name=1234567890", 400, HTML),
    "/reviews/sent": ("/reviews/sent?key=x", 400, HTML),  # as all that needs the key of one review
    "/reviews/confirm": ("/reviews/confirm?key=x", 400, HTML),
    "/reviews/mine": ("/reviews/mine", 200, HTML),
    "/reviews/mine/edit": ("/reviews/mine/edit?key=x", 400, HTML),
    "/reviews/mine/delete": ("/reviews/mine/delete?key=x", 400, HTML),
    "/reviews/mine/appeal": ("/reviews/mine/appeal?key=x", 400, HTML),
    "/reviews/<int:review_id>/reply": ("/reviews/1/reply", 302, HTML),
    "/reviews/<int:review_id>/report": ("/reviews/1/report", 404, HTML),
    "/reviews/<int:review_id>/report/received": ("/reviews/1/report/received", 404, HTML),
    "/review-policy": ("/review-policy", 200, HTML),
    "/how-we-rank": ("/how-we-rank", 200, HTML),
    "/compare": ("/compare", 200, HTML),
    "/outcomes": ("/outcomes", 200, HTML),
    "/guide/prepare": ("/guide/prepare", 200, HTML),
    "/guide/aftercare": ("/guide/aftercare", 200, HTML),
    "/guide/insurer": ("/guide/insurer?product=botox", 200, HTML),
    "/guide": ("/guide", 200, HTML),
    "/guide/<slug>": ("/guide/risks", 200, HTML),
    "/guide/costs": ("/guide/costs", 200, HTML),
    "/how-we-verify": ("/how-we-verify", 200, HTML),
    "/map/streets.pmtiles": ("/map/streets.pmtiles", 404, HTML),  # until streets are imported
    "/sources": ("/sources", 200, HTML),
    "/sources.json": ("/sources.json", 200, "application/json"),
    "/privacy": ("/privacy", 200, HTML),
    "/accessibility": ("/accessibility", 200, HTML),
    "/account": ("/account", 302, HTML),  # to the sign-in page, as all that follows for one who is not signed in
    "/account/arrived": ("/account/arrived", 302, HTML),
    "/account/forgotten-password": ("/account/forgotten-password", 200, HTML),
    "/account/forgotten-password/<token>": ("/account/forgotten-password/x", 302, HTML),
    "/account/new-password": ("/account/new-password?key=x", 302, HTML),
    "/account/password": ("/account/password", 302, HTML),
    "/account/password-again": ("/account/password-again", 302, HTML),
    "/account/passkeys": ("/account/passkeys", 302, HTML),
    "/account/passkeys/new": ("/account/passkeys/new", 302, HTML),
    "/account/passkeys/remove": ("/account/passkeys/remove", 405, HTML),
    "/account/recovery-codes": ("/account/recovery-codes", 302, HTML),
    "/account/providers/<npi>/credentials": ("/account/providers/9000000017/credentials", 302, HTML),
    "/account/providers/<npi>/credentials/birth-date": (
        "/account/providers/9000000017/credentials/birth-date",
        302,
        HTML,
    ),
    "/account/providers/<npi>/credentials/new": ("/account/providers/9000000017/credentials/new", 302, HTML),
    "/account/providers/<npi>/credentials/submit/<int:credential_id>": (
        "/account/providers/9000000017/credentials/submit/1",
        302,
        HTML,
    ),
    "/account/replies": ("/account/replies", 302, HTML),
    "/account/second-factor": ("/account/second-factor", 302, HTML),
    "/account/second-factor/<token>": ("/account/second-factor/x", 405, HTML),
    "/account/second-factor/choice": ("/account/second-factor/choice", 302, HTML),
    "/account/second-factor/code": ("/account/second-factor/code", 302, HTML),
    "/account/second-factor/help": ("/account/second-factor/help", 302, HTML),
    "/account/second-factor/passkey": ("/account/second-factor/passkey", 302, HTML),
    "/account/second-factor/recovery": ("/account/second-factor/recovery", 302, HTML),
    "/account/sessions": ("/account/sessions", 302, HTML),
    "/account/sessions/end": ("/account/sessions/end", 405, HTML),
    "/account/sessions/end-others": ("/account/sessions/end-others", 405, HTML),
    "/account/sign-in": ("/account/sign-in", 200, HTML),
    "/account/sign-out": ("/account/sign-out", 405, HTML),
    "/account/conflicts": ("/account/conflicts", 302, HTML),
    "/admin": ("/admin", 302, HTML),
    "/admin/accounts": ("/admin/accounts", 302, HTML),
    "/admin/accounts/<int:account_id>": ("/admin/accounts/1", 302, HTML),
    "/admin/accounts/<int:account_id>/conflicts/<npi>": ("/admin/accounts/1/conflicts/9000000017", 405, HTML),
    "/admin/accounts/invitations/<int:invitation_id>": ("/admin/accounts/invitations/1", 405, HTML),
    "/admin/imports": ("/admin/imports", 302, HTML),
    "/admin/imports/<int:run_id>": ("/admin/imports/1", 302, HTML),
    "/admin/imports/<int:run_id>/rejects.csv": ("/admin/imports/1/rejects.csv", 302, HTML),
    "/admin/imports/new": ("/admin/imports/new", 302, HTML),
    "/admin/imports/new/<source>": ("/admin/imports/new/nucc", 302, HTML),
    "/admin/imports/uploads/<int:upload_id>": ("/admin/imports/uploads/1", 302, HTML),
    "/admin/imports/uploads/<int:upload_id>/discard": ("/admin/imports/uploads/1/discard", 405, HTML),
    "/admin/imports/uploads/<int:upload_id>/run": ("/admin/imports/uploads/1/run", 405, HTML),
    "/admin/log": ("/admin/log", 302, HTML),
    "/admin/log/check": ("/admin/log/check", 405, HTML),
    "/admin/log/export": ("/admin/log/export?format=csv", 302, HTML),
    "/admin/providers": ("/admin/providers", 302, HTML),
    "/admin/providers/unplaced": ("/admin/providers/unplaced", 302, HTML),
    "/admin/providers/new": ("/admin/providers/new", 302, HTML),
    "/admin/providers/<npi>": ("/admin/providers/9000000017", 302, HTML),
    "/admin/providers/<npi>/name": ("/admin/providers/9000000017/name", 302, HTML),
    "/admin/providers/<npi>/locations/<int:location_id>": ("/admin/providers/9000000017/locations/1", 302, HTML),
    "/admin/providers/<npi>/website": ("/admin/providers/9000000017/website", 302, HTML),
    "/admin/providers/<npi>/corrections/<int:correction_id>/undo": (
        "/admin/providers/9000000017/corrections/1/undo",
        405,
        HTML,
    ),
    "/admin/providers/<npi>/hide": ("/admin/providers/9000000017/hide", 405, HTML),
    "/admin/providers/<npi>/show": ("/admin/providers/9000000017/show", 405, HTML),
    "/admin/providers/<npi>/merge": ("/admin/providers/9000000017/merge", 302, HTML),
    "/admin/providers/<npi>/merges/<int:merge_id>/undo": ("/admin/providers/9000000017/merges/1/undo", 405, HTML),
    "/admin/reviews": ("/admin/reviews", 302, HTML),
    "/admin/reviews/<int:review_id>": ("/admin/reviews/1", 302, HTML),
    "/admin/reviews/<int:review_id>/proof": ("/admin/reviews/1/proof", 302, HTML),
    "/admin/verify": ("/admin/verify", 302, HTML),
    "/admin/verify/<int:task_id>": ("/admin/verify/1", 302, HTML),
    "/admin/verify/<int:task_id>/assign": ("/admin/verify/1/assign", 405, HTML),
    "/admin/verify/<int:task_id>/evidence": ("/admin/verify/1/evidence", 405, HTML),
    "/admin/verify/evidence/<int:evidence_id>": ("/admin/verify/evidence/1", 302, HTML),
    "/admin/verify/exact": ("/admin/verify/exact", 302, HTML),
    "/admin/verify/lists": ("/admin/verify/lists", 302, HTML),
    "/admin/verify/new": ("/admin/verify/new", 302, HTML),
    "/admin/matches": ("/admin/matches", 302, HTML),
    "/admin/matches/<int:match_id>": ("/admin/matches/1", 405, HTML),
    "/invitation": ("/invitation?key=x", 400, HTML),
    "/claim/<npi>": (lambda: f"/claim/{factories.provider().npi}", 200, HTML),
    "/claim/<npi>/made": (lambda: f"/claim/{factories.provider().npi}/made", 200, HTML),
    "/claim/mine": ("/claim/mine?key=x", 400, HTML),
    "/account/providers/<npi>": ("/account/providers/9000000017", 302, HTML),
    "/account/providers/<npi>/confirm": ("/account/providers/9000000017/confirm", 405, HTML),
    "/account/providers/<npi>/statement": ("/account/providers/9000000017/statement", 405, HTML),
    "/account/providers/<npi>/leave": ("/account/providers/9000000017/leave", 405, HTML),
    "/admin/claims": ("/admin/claims", 302, HTML),
    "/admin/claims/<int:claim_id>": ("/admin/claims/1", 302, HTML),
    "/admin/statements": ("/admin/statements", 302, HTML),
    "/admin/statements/<int:statement_id>": ("/admin/statements/1", 405, HTML),
    "/robots.txt": ("/robots.txt", 200, PLAIN),
    "/sitemap.xml": ("/sitemap.xml", 200, "application/xml; charset=utf-8"),
    "/sitemaps/<int:number>.xml": ("/sitemaps/0.xml", 200, "application/xml; charset=utf-8"),
    "/pictures/<code>/<kind>/<name>.png": ("/pictures/en/pages/site.png", 200, "image/png"),
    "/healthz": ("/healthz", 200, PLAIN),
    "/readyz": ("/readyz", 503, PLAIN),  # the tests' tables come without migrations
    "/static/<path:filename>": ("/static/css/site.css", 200, "text/css; charset=utf-8"),
}


def test_every_route_has_an_example(sqlite_app: Flask) -> None:
    rules = {rule.rule for rule in sqlite_app.url_map.iter_rules()}
    assert rules == EXAMPLES.keys(), "say in EXAMPLES how to reach each route"


@pytest.mark.postgresql
@pytest.mark.parametrize("rule", EXAMPLES)
def test_the_route_answers(app: Flask, rule: str) -> None:
    address, status, content_type = EXAMPLES[rule]
    answer = app.test_client().get(address if isinstance(address, str) else address())
    assert (answer.status_code, answer.content_type) == (status, content_type)


@pytest.mark.parametrize(
    "rule", [rule for rule, example in EXAMPLES.items() if example[2] == HTML and example[1] != 302]
)
def test_the_page_has_a_title_one_heading_and_its_landmarks(sqlite_app: Flask, rule: str) -> None:
    address, _, _ = EXAMPLES[rule]
    page = sqlite_app.test_client().get(address if isinstance(address, str) else address()).text
    assert page.count("<h1") == 1
    assert page.count("<main ") == page.count("<title>") == 1
    assert '<html lang="en">' in page
    assert 'href="#content"' in page
