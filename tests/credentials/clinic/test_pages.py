"""A representative's pages of credentials: who may open them, what they say, what is sent, and nothing twice."""

import io
import re
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import event, func, select
from werkzeug.test import TestResponse

from directory.audit.models import AuditEvent
from directory.audit.verify import check_log
from directory.credentials.actions import second_check, take_up
from directory.credentials.clinic.actions import submit_new
from directory.credentials.evidence import EVIDENCE_MOST_BYTES
from directory.credentials.models import BirthDate, Credential, Evidence, VerificationTask
from directory.credentials.one_act import PROGRAM, one_act
from directory.extensions import db
from directory.providers.models import ORGANIZATION
from directory.web.filters import day
from tests import factories
from tests.credentials.acting import (
    FIRST,
    LICENCE,
    PDF,
    SECOND,
    TODAY,
    brought_to,
    claimed,
    found,
    paper,
    score_of,
)
from tests.signing_in import SignedInClient, signed_in

TYPED = {
    "state": "CA",
    "issuer": "Medical Board of California",
    "number": "A 1234",
    "issued_on": "2006-05-01",
    "expires_on": (TODAY + timedelta(days=500)).isoformat(),
}
BOARD = {"field": "neurology", "issuer": "American Board of Psychiatry and Neurology", "issued_on": "6/1/2009"}
SCRIPT = PDF.replace(b"/Pages", b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >> /Pages")


@pytest.fixture
def npi(app: Flask) -> str:
    number: str = factories.provider().npi
    db.session.commit()
    return number


@pytest.fixture
def clinic(app: Flask, npi: str) -> SignedInClient:
    return signed_in(app, "clinic", npi=npi)


def base(npi: str) -> str:
    return f"/account/providers/{npi}/credentials"


def send(client: SignedInClient, npi: str, page: str = "new?kind=licence", **typed: Any) -> TestResponse:
    return client.post(f"{base(npi)}/{page}", data={**TYPED, **typed}, content_type="multipart/form-data")


def file(content: bytes = PDF, name: str = "licence.pdf") -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), name


def only() -> Credential:
    db.session.expire_all()
    return db.session.scalars(select(Credential)).one()


def count(table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def flat(answer: TestResponse) -> str:
    return " ".join(answer.text.split())


def test_what_is_sent_is_submitted_with_its_file_and_waits_for_a_verifier(
    app: Flask, clinic: SignedInClient, npi: str
) -> None:
    answer = send(clinic, npi, file_1=file())
    assert (answer.status_code, answer.location) == (303, base(npi))
    credential = only()
    actor = f"account:{clinic.account.id}"
    assert (credential.status, credential.entered_by, credential.submitted_by) == ("submitted", actor, actor)
    assert (credential.number, credential.state, credential.source_key) == ("A 1234", "CA", "clinic")
    assert [kept.title for kept in credential.evidence] == ["licence.pdf"]
    assert db.session.scalars(select(VerificationTask.kind)).all() == ["submitted"]
    page = flat(clinic.get(base(npi)))
    assert "Submitted. A verifier decides within 30 days" in page
    assert f"To be decided by {day(TODAY + timedelta(days=30))}." in page
    assert 'California licence <span class="standing">(submitted, not verified yet)</span>' in page
    assert f"licence.pdf, {day(TODAY)}" in page
    assert "/admin/verify" not in page
    assert check_log().fault is None


def test_a_second_click_enters_nothing_twice(app: Flask, clinic: SignedInClient, npi: str) -> None:
    first, second = send(clinic, npi, file_1=file()), send(clinic, npi, file_1=file())
    assert (first.status_code, second.status_code) == (303, 303)
    assert (count(Credential), count(Evidence), count(VerificationTask)) == (1, 1, 1)
    again = f"submit/{only().id}"
    renewed = {"number": "A 5678", "file_1": file(PDF + b"\n")}
    for _ in range(2):
        assert send(clinic, npi, again, **renewed).status_code == 303
        renewed["file_1"] = file(PDF + b"\n")
    assert (only().number, count(Evidence)) == ("A 5678", 2)
    events = db.session.scalars(select(AuditEvent.act).where(AuditEvent.act == "submit_credential")).all()
    assert len(events) == 2


def test_two_clicks_at_once_enter_one_credential(app: Flask, clinic: SignedInClient, npi: str) -> None:
    actor, ready = f"account:{clinic.account.id}", threading.Barrier(2, timeout=60)

    def press() -> None:
        with app.app_context():
            ready.wait()
            with one_act():
                submit_new(actor, npi, LICENCE, [(paper(), "licence.pdf")])

    clicks = [threading.Thread(target=press) for _ in range(2)]
    for click in clicks:
        click.start()
    for click in clicks:
        click.join()
    assert (count(Credential), count(Evidence)) == (1, 1)


def test_who_overtook_a_submission_is_told_and_what_was_typed_stays(
    app: Flask, clinic: SignedInClient, npi: str
) -> None:
    credential = brought_to("submitted", npi)
    db.session.commit()
    table = Credential.__table__

    @event.listens_for(db.session, "before_flush", once=True)
    def overtake(*_: object) -> None:
        with db.engine.begin() as other:  # as another person's request would
            other.execute(table.update().where(table.c.id == credential_id).values(version=table.c.version + 1))

    credential_id = credential.id
    answer = send(clinic, npi, f"submit/{credential_id}", number="A 5678")
    assert answer.status_code == 409
    assert "Somebody else changed this credential at the same moment" in answer.text
    assert 'value="A 5678"' in answer.text
    assert only().number == "A 1234"


def test_what_is_listed_already_leads_to_submitting_it_again(app: Flask, clinic: SignedInClient, npi: str) -> None:
    listed = claimed(npi)
    db.session.commit()
    answer = send(clinic, npi, number="a-1234")
    assert answer.status_code == 409
    assert "California licence is listed already" in answer.text
    assert f'href="{base(npi)}/submit/{listed.id}"' in answer.text
    assert 'value="a-1234"' in answer.text
    assert only().status == "claimed"


def test_the_kind_is_chosen_first_and_decides_what_is_asked(sqlite_app: Flask) -> None:
    npi = factories.provider().npi
    db.session.commit()
    client = signed_in(sqlite_app, "clinic", npi=npi)
    choice = client.get(f"{base(npi)}/new")
    assert choice.status_code == 200
    assert choice.text.count('type="radio"') == 6
    for kind in ("", "nonsense"):
        wrong = client.get(f"{base(npi)}/new?kind={kind}")
        assert wrong.status_code == 400
        assert 'href="#kind"' in wrong.text
    asked = {
        "licence": {"state", "issuer", "number", "issued_on", "expires_on"},
        "board_certification": {"field", "other_field", "issuer", "number", "issued_on", "expires_on"},
        "fellowship": {"field", "other_field", "issuer", "issued_on"},
        "training": {"field", "other_field", "issuer", "issued_on"},
        "dea_registration": {"issuer", "number", "issued_on", "expires_on"},
        "malpractice_cover": {"issuer", "number", "issued_on", "expires_on"},
    }
    files = {"file_1", "file_2", "file_3"}
    for kind, fields in asked.items():
        page = client.get(f"{base(npi)}/new?kind={kind}").text
        assert set(re.findall(r'<(?:input|select|textarea)[^>]* name="(\w+)"', page)) - {"csrf_token"} == fields | files
    fellowship = client.get(f"{base(npi)}/new?kind=fellowship").text
    assert "movement disorders" in fellowship
    assert "pain medicine" not in fellowship


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"expires_on": "2020-01-31"}, "expires_on", "It expired on January 31, 2020. Submit it again once"),
        ({"expires_on": "1/31/2006"}, "expires_on", "cannot expire before it was issued"),
        ({"issued_on": "2999-01-01"}, "issued_on", "still to come"),
        ({"issued_on": "2/30/2006"}, "issued_on", "Type the day as month/day/year"),
        ({"number": ""}, "number", "Enter the licence number."),
        ({"number": "7" * 41}, "number", "too many"),
        ({"state": ""}, "state", "Choose the state"),
        ({"state": "XX"}, "state", "Choose the state"),
        ({"issuer": ""}, "issuer", "Name who issued it."),
        ({"issuer": "<script>alert(1)</script>"}, "issuer", "plain words"),
        ({"file_2": file(SCRIPT)}, "file_2", "holds a script"),
        ({"file_2": file(b"#!/bin/sh\nrm -r /", "diploma.pdf")}, "file_2", "not a PDF, PNG or JPEG"),
        ({"file_3": file(b"")}, "file_3", "empty"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_mistake_is_explained_beside_its_field_and_nothing_typed_is_lost(
    app: Flask, clinic: SignedInClient, npi: str, typed: dict[str, Any], field: str, words: str
) -> None:
    if isinstance(upload := typed.get(field), tuple):
        typed = {field: file(upload[0].getvalue(), upload[1])}
    answer = send(clinic, npi, **typed)
    assert answer.status_code == 400
    assert f'href="#{field}">' in answer.text
    assert words in flat(answer)
    assert re.search(rf'id="{field}"[^>]* aria-invalid="true"', answer.text)
    assert "<title>Please check: " in answer.text
    kept = {name: value for name, value in (TYPED | typed).items() if isinstance(value, str) and "<" not in value}
    for name, value in kept.items():
        expected = rf'<option value="{value}" selected>' if name == "state" else f'name="{name}" value="{value}"'
        assert value in {"", "XX"} or expected in answer.text
    assert count(Credential) == 0


def test_files_of_a_form_that_comes_back_are_named_to_be_chosen_again(
    app: Flask, clinic: SignedInClient, npi: str
) -> None:
    answer = send(clinic, npi, issuer="", file_1=file(name="one.pdf"), file_3=file(name="two.pdf"))
    assert "Choose these files again, since a form that comes back cannot keep them: one.pdf, two.pdf." in flat(answer)
    assert "Choose this file again" not in send(clinic, npi, issuer="").text
    assert not Path(app.config["EVIDENCE_DIR"]).exists()


@pytest.mark.parametrize("large", [("file_1",), ("file_1", "file_2", "file_3")])
def test_one_byte_over_ten_megabytes_is_said_beside_each_field(
    app: Flask, clinic: SignedInClient, npi: str, large: tuple[str, ...]
) -> None:
    content = PDF + b"\0" * (EVIDENCE_MOST_BYTES + 1 - len(PDF))
    answer = send(clinic, npi, **{name: file(content) for name in large})
    assert answer.status_code == 400
    for name in large:
        assert f'id="{name}-error">The file is larger than 10 MB. Choose a smaller one.' in answer.text
    assert 'value="A 1234"' in answer.text


def test_three_files_of_ten_megabytes_fit(app: Flask, clinic: SignedInClient, npi: str) -> None:
    end = PDF[-6:]
    papers = [PDF[:-6] + bytes([48 + number]) * (EVIDENCE_MOST_BYTES - len(PDF)) + end for number in range(3)]
    answer = send(clinic, npi, **{f"file_{number}": file(content) for number, content in enumerate(papers, 1)})
    assert answer.status_code == 303
    assert [kept.size_bytes for kept in only().evidence] == [EVIDENCE_MOST_BYTES] * 3


def test_a_name_that_is_a_path_names_nothing_on_disk(
    app: Flask, clinic: SignedInClient, npi: str, tmp_path: Path
) -> None:
    assert send(clinic, npi, file_1=file(name="../../etc/passwd")).status_code == 303
    (kept,) = only().evidence
    assert kept.title == "passwd"
    folder = Path(app.config["EVIDENCE_DIR"])
    assert [path.name for path in folder.iterdir()] == [kept.file]
    assert re.fullmatch(r"[0-9a-f]{32}\.pdf", kept.file)
    assert not any("passwd" in path.name for path in tmp_path.rglob("*"))


def test_nothing_of_where_a_photograph_was_taken_is_stored(app: Flask, clinic: SignedInClient, npi: str) -> None:
    exif = Image.Exif()
    exif[0x010E] = "SECRET place"
    exif[0x8825] = {1: "N", 2: (33.0, 50.0, 9.0)}
    sent = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(sent, "JPEG", exif=exif)
    assert send(clinic, npi, file_1=file(sent.getvalue(), "IMG_1.jpg")).status_code == 303
    stored = Path(app.config["EVIDENCE_DIR"], only().evidence[0].file)
    assert b"SECRET" not in stored.read_bytes()
    with Image.open(stored) as picture:
        assert not picture.getexif()


@pytest.mark.parametrize(("typed", "field"), [({}, "neurology"), ({"field": "other", "other_field": "sleep"}, "sleep")])
def test_a_field_of_the_rubric_or_another_in_words(
    app: Flask, clinic: SignedInClient, npi: str, typed: dict[str, str], field: str
) -> None:
    answer = clinic.post(f"{base(npi)}/new?kind=board_certification", data={**BOARD, **typed})
    assert answer.status_code == 303
    assert (only().field, only().issued_on and only().issued_on.isoformat()) == (field, "2009-06-01")
    page = clinic.get(f"{base(npi)}/submit/{only().id}").text
    chosen = re.findall(r'name="field" value="(\w+)"[^>]* checked', page)
    assert chosen == [typed.get("field", "neurology")]
    assert ('name="other_field" value="sleep"' in page) == (field == "sleep")


@pytest.mark.parametrize(
    ("kind", "typed", "field"),
    [
        ("board_certification", {**BOARD, "field": "other"}, "other_field"),
        ("board_certification", {**BOARD, "field": ""}, "field"),
        ("fellowship", {**BOARD, "field": "neurology"}, "field"),
        ("dea_registration", {"issuer": "DEA"}, "number"),
        ("malpractice_cover", {"issuer": "An insurer"}, "number"),
    ],
)
def test_each_kind_asks_for_what_it_needs(
    app: Flask, clinic: SignedInClient, npi: str, kind: str, typed: dict[str, str], field: str
) -> None:
    answer = clinic.post(f"{base(npi)}/new?kind={kind}", data=typed)
    assert answer.status_code == 400
    assert re.findall(r'<li><a href="#(\w+)">', answer.text) == [field]
    assert count(Credential) == 0


# The right to correct


@pytest.mark.parametrize("status", ["could_not_verify", "rejected", "revoked"])
def test_what_was_found_is_told_and_can_be_answered_with_a_document(
    app: Flask, clinic: SignedInClient, npi: str, status: str
) -> None:
    credential = brought_to(status, npi)
    db.session.commit()
    for address in (base(npi), f"{base(npi)}/submit/{credential.id}"):
        page = flat(clinic.get(address))
        assert "The board lists none." in page
        assert "Medical Board of California, licence search, " + day(TODAY) in page
    assert "You have the right to correct this" in page
    again = f"submit/{credential.id}"
    unanswered = send(clinic, npi, again)
    assert unanswered.status_code == 400
    assert 'href="#answer"' in unanswered.text
    answer = send(clinic, npi, again, number="A 99", answer="The number had a digit too many.", file_1=file())
    assert answer.status_code == 303
    credential = only()
    assert (credential.status, credential.answer) == ("submitted", "The number had a digit too many.")
    assert credential.number == "A 1234", "what was decided stands until it is decided anew"
    assert "Licence number: A 99" in flat(clinic.get(base(npi)))
    (task,) = db.session.scalars(select(VerificationTask).where(VerificationTask.closed_at.is_(None)))
    assert "The number had a digit too many." in signed_in(app, "verifier").get(f"/admin/verify/{task.id}").text
    assert "digit too many" not in app.test_client().get(f"/providers/{npi}").text
    assert len(credential.evidence) == 1


def test_an_outcome_that_waits_for_a_second_verifier_is_not_told(app: Flask, clinic: SignedInClient, npi: str) -> None:
    credential = brought_to("in_review", npi)
    verification = found(credential, "rejected")
    db.session.commit()
    page = clinic.get(base(npi)).text
    assert "The board lists none." not in page
    assert "(being verified)" in page
    second_check(SECOND, verification, agrees=True)
    db.session.commit()
    assert "The board lists none." in clinic.get(base(npi)).text


def test_a_renewal_comes_filled_keeps_its_points_and_cannot_turn_into_another(
    app: Flask, clinic: SignedInClient, npi: str
) -> None:
    credential = brought_to("verified", npi)
    db.session.commit()
    points = score_of(npi).points
    page = clinic.get(f"{base(npi)}/submit/{credential.id}").text
    assert 'value="A 1234"' in page
    assert f'value="{LICENCE.expires_on}"' in page
    assert 'name="state"' not in page
    later = (TODAY + timedelta(days=900)).isoformat()
    assert send(clinic, npi, f"submit/{credential.id}", state="NV", expires_on=later).status_code == 303
    credential = only()
    assert (credential.status, credential.state, score_of(npi).points) == ("verified", "CA", points)
    assert credential.claim is not None
    assert (credential.claim["state"], credential.claim["expires_on"]) == ("CA", later)
    listing = flat(clinic.get(base(npi)))
    assert "It counts. A renewal was submitted" in listing
    assert "Submitted instead" in listing


def test_what_is_being_verified_is_left_alone(app: Flask, clinic: SignedInClient, npi: str) -> None:
    credential = brought_to("in_review", npi)
    db.session.commit()
    page = clinic.get(f"{base(npi)}/submit/{credential.id}").text
    assert "A verifier is checking it now" in page
    assert '<form method="post" enctype' not in page
    answer = send(clinic, npi, f"submit/{credential.id}", number="A 5678")
    assert answer.status_code == 409
    assert "is being verified, so that cannot be done" in answer.text
    assert 'value="A 5678"' in answer.text
    assert only().claim["number"] == "A 1234"  # type: ignore[index]


def test_a_claim_that_a_program_entered_is_submitted_by_the_clinic_and_then_not_checked_by_it(
    app: Flask, clinic: SignedInClient, npi: str
) -> None:
    credential = claimed(npi, actor=PROGRAM)
    db.session.commit()
    assert send(clinic, npi, f"submit/{credential.id}").status_code == 303
    take_up(FIRST, only())
    assert only().submitted_by == f"account:{clinic.account.id}"


# Who may


def test_nobody_but_a_confirmed_representative_gets_in_and_tries_are_logged(app: Flask, npi: str) -> None:
    credential = claimed(npi)
    other = factories.provider().npi
    db.session.commit()
    addresses = [base(npi), f"{base(npi)}/new", f"{base(npi)}/submit/{credential.id}", f"{base(npi)}/birth-date"]
    strangers = [signed_in(app, "clinic", npi=other), signed_in(app, "verifier"), signed_in(app, "admin")]
    for address in addresses:
        assert app.test_client().get(address).status_code == 302
        for stranger in strangers:
            assert stranger.get(address).status_code == 403
            if address != base(npi):
                assert stranger.post(address, data=TYPED).status_code == 403
    refused = db.session.scalars(select(AuditEvent).where(AuditEvent.act == "refuse_access")).all()
    by_strangers = [event for event in refused if event.actor != "nobody"]
    assert len(by_strangers) == len(strangers) * (2 * len(addresses) - 1)
    assert len(refused) - len(by_strangers) == len(addresses), "nobody signed in is noted too"
    assert only().status == "claimed"


def test_a_credential_of_another_provider_is_not_found(app: Flask, clinic: SignedInClient, npi: str) -> None:
    other = claimed()
    db.session.commit()
    assert clinic.get(f"{base(npi)}/submit/{other.id}").status_code == 404
    assert send(clinic, npi, f"submit/{other.id}").status_code == 404


def test_the_account_leads_to_the_credentials_of_each_provider(app: Flask, clinic: SignedInClient, npi: str) -> None:
    assert f'href="{base(npi)}"' in clinic.get("/account").text


def test_a_form_without_its_token_comes_back_filled(app: Flask, clinic: SignedInClient, npi: str) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    answer = send(clinic, npi)
    assert answer.status_code == 400
    assert "The page was open for too long" in answer.text
    assert 'value="A 1234"' in answer.text
    assert count(Credential) == 0


# The date of birth


def test_the_date_of_birth_is_noted_and_shown_to_nobody_here(app: Flask, clinic: SignedInClient, npi: str) -> None:
    assert "Optional." in clinic.get(base(npi)).text
    answer = clinic.post(f"{base(npi)}/birth-date", data={"born_on": "1/31/1970"})
    assert answer.status_code == 303
    noted = db.session.get_one(BirthDate, npi, populate_existing=True)
    assert (noted.born_on.isoformat(), noted.entered_by) == ("1970-01-31", f"account:{clinic.account.id}")
    for page in (clinic.get(base(npi)), clinic.get(f"{base(npi)}/birth-date"), clinic.get(f"/providers/{npi}")):
        assert "1970" not in page.text
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.act == "note_birth_date")).one()
    assert "1970" not in f"{event.before}{event.after}{event.reason}"
    clinic.post(f"{base(npi)}/birth-date", data={"born_on": "1970-02-01"})
    assert db.session.get_one(BirthDate, npi, populate_existing=True).born_on.isoformat() == "1970-02-01"


@pytest.mark.parametrize("typed", ["", "yesterday", "2/30/1970", TODAY.isoformat(), "2999-01-01", "1900-01-01"])
def test_a_day_on_which_nobody_here_was_born_is_explained(
    app: Flask, clinic: SignedInClient, npi: str, typed: str
) -> None:
    answer = clinic.post(f"{base(npi)}/birth-date", data={"born_on": typed})
    assert answer.status_code == 400
    assert 'href="#born_on"' in answer.text
    assert f'name="born_on" value="{typed}"' in answer.text
    assert count(BirthDate) == 0


def test_an_organization_has_no_date_of_birth(app: Flask) -> None:
    npi = factories.provider(entity_type=ORGANIZATION).npi
    db.session.commit()
    client = signed_in(app, "clinic", npi=npi)
    assert "Date of birth" not in client.get(base(npi)).text
    assert client.get(f"{base(npi)}/birth-date").status_code == 404


def test_with_no_credential_the_page_says_so(app: Flask, clinic: SignedInClient, npi: str) -> None:
    assert "No credential is on record yet." in clinic.get(base(npi)).text


def test_the_files_a_clinic_sent_are_listed_without_a_link(app: Flask, clinic: SignedInClient, npi: str) -> None:
    send(clinic, npi, file_1=file(paper().content, "Zertifikat <b>.pdf"))
    page = clinic.get(base(npi)).text
    assert "Zertifikat &lt;b&gt;.pdf" in page
    assert only().evidence[0].file not in page
