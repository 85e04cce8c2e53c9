"""The staff's first page, and what of accounts other pages show."""

import pytest
from flask import Flask

from directory.accounts.work import Waiting, WorkLink, register_work
from directory.providers.sources import known_source
from tests import factories
from tests.signing_in import signed_in


def registered(app: Flask) -> Flask:
    app.extensions["work_links"] = []
    register_work(app, WorkLink("Reviews to weigh", "search.show_home", ("moderator",), lambda _: Waiting(1200)))
    register_work(app, WorkLink("Licenses to check", "search.explain_ranking", ("verifier",)))
    register_work(app, WorkLink("Replies to write", "pages.show_privacy", ("clinic",), lambda _: Waiting(0)))
    return app


def test_each_sees_what_waits_for_their_role(sqlite_app: Flask) -> None:
    page = signed_in(registered(sqlite_app), "moderator").get("/admin").text
    assert "Reviews to weigh" in page
    assert "1,200 waiting" in page
    assert "Licenses to check" not in page
    assert "Replies to write" not in page


def test_an_admin_sees_what_all_staff_see(sqlite_app: Flask) -> None:
    page = signed_in(registered(sqlite_app), "admin").get("/admin").text
    assert "Reviews to weigh" in page
    assert "Licenses to check" in page
    assert "Replies to write" not in page


def test_what_waits_comes_before_what_is_always_there(sqlite_app: Flask) -> None:
    register_work(
        registered(sqlite_app), WorkLink("Sources to match", "search.show_home", ("admin",), lambda _: Waiting(0))
    )
    page = signed_in(sqlite_app, "admin").get("/admin").text
    titles = ("Reviews to weigh", "Sources to match", "Licenses to check")
    assert sorted(titles, key=page.index) == list(titles)


def test_a_representatives_work_is_on_their_own_page(sqlite_app: Flask) -> None:
    client = signed_in(registered(sqlite_app), "clinic", factories.provider().npi)
    assert client.get("/admin").status_code == 403
    page = client.get("/account").text
    assert "Replies to write" in page
    assert "0 waiting" in page
    assert "Reviews to weigh" not in page


def test_only_the_signed_in_see_account_links(sqlite_app: Flask) -> None:
    client = signed_in(registered(sqlite_app), "moderator")
    for path in ("/", "/search?near=90503", "/privacy"):
        reader = sqlite_app.test_client().get(path).text
        assert "Sign out" not in reader
        assert reader.count("/account") == reader.count('href="/account/sign-in"') == 1  # in the footer
        page = client.get(path).text
        assert client.account.name in page
        assert "Sign out" in page
        assert 'href="/admin"' in page
        assert "/account/sign-in" not in page


def test_the_only_person_who_decides_is_told_that_a_second_one_is_needed(sqlite_app: Flask) -> None:
    admin = signed_in(registered(sqlite_app), "admin")
    page = admin.get("/admin").text
    assert "A second person is needed. Two people have to agree" in page
    assert 'href="/admin/accounts">Invite a second person' in page
    signed_in(sqlite_app, "verifier")
    assert "second person is needed" not in admin.get("/admin").text


def test_a_representative_has_no_link_to_the_staff_page(sqlite_app: Flask) -> None:
    client = signed_in(registered(sqlite_app), "clinic", factories.provider().npi)
    assert 'href="/admin"' not in client.get("/account").text


def test_pages_differ_by_cookie_and_files_do_not(sqlite_app: Flask) -> None:
    client = sqlite_app.test_client()
    assert "Cookie" in client.get("/").headers["Vary"]
    assert "Cookie" not in client.get("/static/css/site.css").headers["Vary"]


@pytest.mark.parametrize(
    ("role", "edits", "moderates"),
    [("admin", True, True), ("verifier", True, False), ("moderator", False, True), ("clinic", False, False)],
)
def test_staff_go_from_a_public_page_to_where_they_may_change_it(
    sqlite_app: Flask, role: str, edits: bool, moderates: bool
) -> None:
    known_source("site")
    provider = factories.provider()
    review = factories.review(provider.npi, source_key="site", text="My neck is calm.")
    client = signed_in(sqlite_app, role, provider.npi if role == "clinic" else None)
    own = f"/providers/{provider.npi}"
    edit, moderate = f'href="/admin{own}"', f'href="/admin/reviews/{review.id}"'
    answers = [client.get(own), client.get(f"{own}/reviews")]
    assert (edit in answers[0].text) == edits
    assert (moderate in answers[1].text) == moderates
    for answer in (*answers, client.get("/"), client.get("/search?near=90503"), client.get("/nowhere")):
        assert answer.headers["Cache-Control"] == "private, no-store"
    for reader in (sqlite_app.test_client().get(own), sqlite_app.test_client().get(f"{own}/reviews")):
        assert "/admin" not in reader.text
        assert "private" not in reader.headers.get("Cache-Control", "")
    if edits:
        assert client.get(f"/admin{own}").status_code == 200
    if moderates:
        assert client.get(f"/admin/reviews/{review.id}").status_code == 200
