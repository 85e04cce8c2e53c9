"""The staff's pages of claims: whom to call, the code that is shown once, and what may be decided by whom."""

import html
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy import select

from directory.accounts.actions import account_of
from directory.accounts.conflicts import declare_conflict
from directory.accounts.models import Account
from directory.audit.log import command_actor
from directory.audit.models import AuditEvent
from directory.clinics.claims.queries import claims_to_call
from directory.clinics.models import Claim
from directory.extensions import db
from directory.providers.models import PracticeLocation, Website
from tests import factories
from tests.clinics.claims.claiming import CLAIMANT, PHONE, enter, link, make, newest, practice
from tests.mailbox import Mailbox
from tests.signing_in import PASSWORD, SignedInClient, signed_in


@pytest.fixture(autouse=True)
def mail(app: Flask, mailbox: Mailbox) -> Mailbox:
    mailbox.receive_from(app)
    return mailbox


@pytest.fixture
def claim(client: FlaskClient) -> Claim:
    return make(client, practice().npi, way=PHONE)


@pytest.fixture
def verifier(app: Flask) -> SignedInClient:
    return signed_in(app, "verifier")


def call(staff: SignedInClient, claim: Claim, seen: str = "") -> str:
    """Start the call; gives the code that the page shows."""
    answer = staff.post(f"/admin/claims/{claim.id}", data={"act": "call", "called_at": seen}, buffered=True)
    assert answer.status_code == 200, answer.text
    found = re.search(r"<code>(\d{4} \d{4})</code>", answer.text)
    assert found
    return found[1]


def act(staff: SignedInClient, claim: Claim, name: str, **data: str) -> tuple[int, str]:
    answer = staff.post(f"/admin/claims/{claim.id}", data={"act": name, **data}, buffered=True)
    return answer.status_code, html.unescape(answer.text)


@pytest.mark.parametrize(("role", "status"), [("admin", 200), ("verifier", 200), ("moderator", 403), ("clinic", 403)])
def test_verifiers_and_admins_see_claims_and_others_do_not(app: Flask, claim: Claim, role: str, status: int) -> None:
    staff = signed_in(app, role, npi=practice().npi if role == "clinic" else None)
    assert staff.get("/admin/claims").status_code == status
    assert staff.get(f"/admin/claims/{claim.id}").status_code == status
    if status == 403:
        for name in ("call", "no_answer", "refuse", "website"):
            assert act(staff, claim, name)[0] == 403
        assert newest().status == "waiting"


def test_the_page_says_whom_to_call_at_the_published_number_with_a_script(
    verifier: SignedInClient, claim: Claim
) -> None:
    assert "1 waiting" in verifier.get("/admin").text
    assert f"/admin/claims/{claim.id}" in verifier.get("/admin/claims").text
    page = verifier.get(f"/admin/claims/{claim.id}").text
    assert "(310) 555-0100" in page
    assert "This provider is invented. Don’t call." in page
    assert "Jo Example asked to manage the page" in page
    assert "<code>" not in page


def test_the_code_is_shown_once_and_makes_a_representative(
    verifier: SignedInClient, claim: Claim, mail: Mailbox, client: FlaskClient
) -> None:
    code = call(verifier, claim)
    page = verifier.get(f"/admin/claims/{claim.id}").text
    assert code not in page
    assert code.replace(" ", "") not in page
    assert code.replace(" ", "") not in str(newest().code_hash)
    assert claims_to_call(Account()).count == 0
    assert enter(client, link(mail), code, password=PASSWORD).status_code == 303
    account = account_of(CLAIMANT)
    assert account is not None
    assert [each.npi for each in account.represented] == [claim.npi]
    assert act(verifier, claim, "call")[0] == 409


def test_another_call_voids_the_code_before(
    verifier: SignedInClient, claim: Claim, mail: Mailbox, client: FlaskClient
) -> None:
    first, second = call(verifier, claim), call(verifier, claim)
    assert enter(client, link(mail), first).status_code == 409
    assert enter(client, link(mail), second).status_code == 200


def test_two_of_staff_do_not_call_about_one_claim(app: Flask, verifier: SignedInClient, claim: Claim) -> None:
    other = signed_in(app, "admin")
    call(verifier, claim)
    status, page = act(other, claim, "call", called_at="")
    assert status == 409
    assert "Someone else just called" in page
    called_at = newest().called_at
    assert called_at is not None
    call(other, claim, called_at.isoformat())


def test_nobody_reached_voids_the_code_and_tells_the_claimant(
    verifier: SignedInClient, claim: Claim, mail: Mailbox, client: FlaskClient
) -> None:
    assert act(verifier, claim, "no_answer")[0] == 409  # nobody has called
    code = call(verifier, claim)
    assert act(verifier, claim, "no_answer", note="Rang out.")[0] == 302
    assert "no one there could take the code" in mail.to(CLAIMANT)[-1].text
    assert "Rang out." not in mail.to(CLAIMANT)[-1].text
    assert enter(client, link(mail), code).status_code == 409
    assert claims_to_call(Account()).count == 1
    assert act(verifier, claim, "no_answer")[0] == 409  # a second click
    assert len(mail.to(CLAIMANT)) == 2
    assert "Rang out." in verifier.get(f"/admin/claims/{claim.id}").text


def test_a_refusal_needs_a_reason_which_the_claimant_reads(
    verifier: SignedInClient, claim: Claim, mail: Mailbox, client: FlaskClient
) -> None:
    code = call(verifier, claim)
    status, page = act(verifier, claim, "refuse", reason="  ")
    assert status == 400
    assert 'href="#refuse-reason"' in page
    assert act(verifier, claim, "refuse", reason="They do not know you.")[0] == 302
    assert "They do not know you." in mail.to(CLAIMANT)[-1].text
    assert "They do not know you." in client.get(link(mail)).text
    assert enter(client, link(mail), code).status_code == 409
    status, page = act(verifier, claim, "refuse", reason="Again.")
    assert status == 409
    assert "This claim is closed" in page


@pytest.mark.parametrize(
    ("name", "data"),
    [("call", {}), ("no_answer", {}), ("refuse", {"reason": "No."}), ("website", {"website": "x.org"})],
)
def test_who_has_a_conflict_of_interest_does_nothing(
    verifier: SignedInClient, claim: Claim, name: str, data: dict[str, str]
) -> None:
    declare_conflict(f"account:{verifier.account.id}", claim.npi, "My sister works there.")
    db.session.commit()
    status, page = act(verifier, claim, name, **data)
    assert status == 409
    assert "You have a conflict of interest with this provider" in page
    assert newest().code_hash is None
    assert newest().status == "waiting"
    assert "Start the call" not in verifier.get(f"/admin/claims/{claim.id}").text


def test_a_number_that_is_published_no_more_is_not_called(verifier: SignedInClient, claim: Claim) -> None:
    location = db.session.scalars(select(PracticeLocation).where(PracticeLocation.npi == claim.npi)).one()
    location.phone = "(310) 555-0188"
    db.session.commit()
    assert "(310) 555-0188" in verifier.get(f"/admin/claims/{claim.id}").text
    call(verifier, claim)
    assert newest().sent_to == "(310) 555-0188"
    location.phone = None
    db.session.commit()
    status, page = act(verifier, claim, "call", called_at="")
    assert status == 409
    assert "This practice no longer has a published phone number" in page


@pytest.mark.postgresql
def test_a_claim_by_mail_is_not_called_but_can_be_refused(verifier: SignedInClient, client: FlaskClient) -> None:
    claim = make(client, practice().npi)
    assert claims_to_call(Account()).count == 0
    assert act(verifier, claim, "call")[0] == 409
    assert act(verifier, claim, "refuse", reason="Sorry.")[0] == 302


def test_staff_set_the_website_and_the_way_by_mail_opens(
    app: Flask, verifier: SignedInClient, client: FlaskClient
) -> None:
    claim = make(client, practice(url=None).npi, way=PHONE)
    status, page = act(verifier, claim, "website", website="javascript:alert(1)")
    assert status == 400
    assert "That doesn’t look like a website address." in page
    assert act(verifier, claim, "website", website="www.found.example")[0] == 303
    website = db.session.get(Website, claim.npi)
    assert website is not None
    assert (website.url, website.source_key) == ("https://www.found.example", "staff")
    assert "ends in @found.example" in client.get(f"/claim/{claim.npi}").text


@pytest.mark.postgresql
def test_the_command_sets_the_website(app: Flask, cli: FlaskCliRunner) -> None:
    npi = practice("clinic", "https://clinics-word.example").npi
    result = cli.invoke(args=["providers", "website", npi, "torrance-neck.example"])
    assert result.exit_code == 0, result.output
    website = db.session.get(Website, npi)
    assert website is not None
    assert (website.url, website.source_key) == ("https://torrance-neck.example", "staff")
    event = db.session.scalars(select(AuditEvent)).one()
    assert (event.actor, event.act) == (command_actor(), "set_website")
    assert event.before == {"website": "https://clinics-word.example"}


@pytest.mark.parametrize(("url", "known"), [("ftp://x.org", True), ("", True), ("x.org", False)])
def test_the_command_refuses_what_cannot_be(app: Flask, cli: FlaskCliRunner, url: str, known: bool) -> None:
    npi = practice(url=None).npi if known else factories.npi()
    result = cli.invoke(args=["providers", "website", npi, url])
    assert result.exit_code == 1
    assert ("That doesn’t look like" if known else "There is no provider") in result.output
    assert db.session.get(Website, npi) is None


@pytest.mark.postgresql
def test_the_queue_has_what_is_to_be_called_first_and_can_be_cut_to_a_part(
    app: Flask, verifier: SignedInClient, client: FlaskClient
) -> None:
    decided, called, mailed, first, second = (
        make(client, practice().npi, way=way, email=f"{number}@example.org")
        for number, way in enumerate([PHONE, PHONE, "email", PHONE, PHONE])
    )
    act(verifier, decided, "refuse", reason="No.")
    call(verifier, called)

    def shown(address: str) -> list[int]:
        return [int(found) for found in re.findall(r"Claim (\d+) of", verifier.get(address).text)]

    assert shown("/admin/claims") == [first.id, second.id, called.id, mailed.id, decided.id]
    assert shown("/admin/claims?kind=code_is_out") == [called.id, mailed.id]
    assert shown("/admin/claims?kind=decided") == [decided.id]
    assert f'<a rel="next" data-shortcut="n" href="/admin/claims/{second.id}">' in (
        verifier.get(f"/admin/claims/{first.id}").text
    )
    assert "2 claims are waiting for a call." in verifier.get("/admin/claims?kind=decided").text
