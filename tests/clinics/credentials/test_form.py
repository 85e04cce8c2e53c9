"""The forms of a clinic's representative: what each asks for, what a mistake says, and what becomes of files."""

import io
import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image

from directory.credentials.evidence import MAX_EVIDENCE_BYTES
from directory.credentials.exclusions.models import BirthDate
from directory.credentials.kinds import KINDS
from directory.credentials.models import Credential
from directory.extensions import db
from directory.providers.models import ORGANIZATION
from tests import factories
from tests.clinics.credentials.sending import TYPED, base, count, file, flat, only, send
from tests.credentials.acting import PDF, TODAY, paper
from tests.signing_in import SignedInClient, signed_in

BOARD = {"field": "neurology", "issuer": "American Board of Psychiatry and Neurology", "issued_on": "6/1/2009"}
SCRIPT = PDF.replace(b"/Pages", b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >> /Pages")


@pytest.fixture
def app(app: Flask) -> Flask:
    """What a form says does not differ between databases."""
    return app


def test_the_kind_is_chosen_first_and_decides_what_is_asked(clinic: SignedInClient, npi: str) -> None:
    choice = clinic.get(f"{base(npi)}/new")
    assert choice.status_code == 200
    assert choice.text.count('type="radio"') == len(KINDS)
    for kind in ("", "nonsense"):
        wrong = clinic.get(f"{base(npi)}/new?kind={kind}")
        assert wrong.status_code == 400
        assert 'href="#kind"' in wrong.text
    asked = {
        "license": {"state", "issuer", "number", "issued_on", "expires_on"},
        "board_certification": {"field", "other_field", "issuer", "number", "issued_on", "expires_on"},
        "fellowship": {"field", "other_field", "issuer", "issued_on"},
        "training": {"field", "other_field", "issuer", "issued_on"},
        "dea_registration": {"issuer", "number", "issued_on", "expires_on"},
        "malpractice_policy": {"issuer", "number", "issued_on", "expires_on"},
    }
    files = {"file_1", "file_2", "file_3"}
    for kind, fields in asked.items():
        page = clinic.get(f"{base(npi)}/new?kind={kind}").text
        assert set(re.findall(r'<(?:input|select|textarea)[^>]* name="(\w+)"', page)) - {"csrf_token"} == fields | files
    fellowship = clinic.get(f"{base(npi)}/new?kind=fellowship").text
    assert "movement disorders" in fellowship
    assert "pain medicine" not in fellowship


def test_a_mistake_is_explained_beside_its_field_and_nothing_typed_is_lost(
    clinic: SignedInClient, npi: str, subtests: pytest.Subtests
) -> None:
    mistakes: list[tuple[dict[str, Any], str, str]] = [
        ({"expires_on": "2020-01-31"}, "expires_on", "It expired on January 31, 2020. Submit it again once"),
        ({"expires_on": "1/31/2006"}, "expires_on", "can’t expire before it was issued"),
        ({"issued_on": "2999-01-01"}, "issued_on", "still to come"),
        ({"issued_on": "2/30/2006"}, "issued_on", "Type the date as month/day/year"),
        ({"number": ""}, "number", "Enter the license number."),
        ({"number": "7" * 41}, "number", "too long"),
        ({"state": ""}, "state", "Choose the state"),
        ({"state": "XX"}, "state", "Choose the state"),
        ({"issuer": ""}, "issuer", "Name who issued it."),
        ({"issuer": "<script>alert(1)</script>"}, "issuer", "plain text only"),
        ({"file_2": file(SCRIPT)}, "file_2", "contains a script"),
        ({"file_2": file(b"#!/bin/sh\nrm -r /", "diploma.pdf")}, "file_2", "not a PDF, PNG or JPEG"),
        ({"file_3": file(b"")}, "file_3", "empty"),
    ]
    for typed, field, words in mistakes:
        with subtests.test(words):
            answer = send(clinic, npi, **typed)
            assert answer.status_code == 400
            assert f'href="#{field}">' in answer.text
            assert words in flat(answer)
            assert re.search(rf'id="{field}"[^>]* aria-invalid="true"', answer.text)
            assert "<title>Please check: " in answer.text
            for name, value in (TYPED | typed).items():
                if not isinstance(value, str) or "<" in value or value in {"", "XX"}:
                    continue
                kept = f'<option value="{value}" selected>' if name == "state" else f'name="{name}" value="{value}"'
                assert kept in answer.text
            assert count(Credential) == 0


def test_files_of_a_form_that_comes_back_are_named_to_be_chosen_again(
    app: Flask, clinic: SignedInClient, npi: str
) -> None:
    answer = send(clinic, npi, issuer="", file_1=file(name="one.pdf"), file_3=file(name="two.pdf"))
    assert "Choose these files again. Browsers don’t keep them: one.pdf, two.pdf." in flat(answer)
    assert "Choose this file again" not in send(clinic, npi, issuer="").text
    assert not Path(app.config["EVIDENCE_DIR"]).exists()


@pytest.mark.parametrize(
    "large", [("file_1",), pytest.param(("file_1", "file_2", "file_3"), marks=pytest.mark.exhaustive)]
)
def test_one_byte_over_ten_megabytes_is_said_beside_each_field(
    app: Flask, clinic: SignedInClient, npi: str, large: tuple[str, ...]
) -> None:
    content = PDF + b"\0" * (MAX_EVIDENCE_BYTES + 1 - len(PDF))
    answer = send(clinic, npi, **{name: file(content) for name in large})
    assert answer.status_code == 400
    for name in large:
        assert f'id="{name}-error">The file is larger than 10 MB. Choose a smaller one.' in answer.text
    assert 'value="A 1234"' in answer.text


@pytest.mark.exhaustive
def test_three_files_of_ten_megabytes_fit(app: Flask, clinic: SignedInClient, npi: str) -> None:
    end = PDF[-6:]
    papers = [PDF[:-6] + bytes([48 + number]) * (MAX_EVIDENCE_BYTES - len(PDF)) + end for number in range(3)]
    answer = send(clinic, npi, **{f"file_{number}": file(content) for number, content in enumerate(papers, 1)})
    assert answer.status_code == 303
    assert [kept.size_bytes for kept in only().evidence] == [MAX_EVIDENCE_BYTES] * 3


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


@pytest.mark.postgresql
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


def test_each_kind_asks_for_what_it_needs(clinic: SignedInClient, npi: str) -> None:
    for kind, typed, field in (
        ("board_certification", {**BOARD, "field": "other"}, "other_field"),
        ("board_certification", {**BOARD, "field": ""}, "field"),
        ("fellowship", {**BOARD, "field": "neurology"}, "field"),
        ("dea_registration", {"issuer": "DEA"}, "number"),
        ("malpractice_policy", {"issuer": "An insurer"}, "number"),
    ):
        answer = clinic.post(f"{base(npi)}/new?kind={kind}", data=typed)
        assert answer.status_code == 400
        assert re.findall(r'<li><a href="#(\w+)">', answer.text) == [field], kind
    assert count(Credential) == 0


def test_a_form_without_its_token_comes_back_filled(
    app: Flask, clinic: SignedInClient, npi: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    answer = send(clinic, npi)
    assert answer.status_code == 400
    assert "The page was open for too long" in answer.text
    assert 'value="A 1234"' in answer.text
    assert count(Credential) == 0


@pytest.mark.postgresql
def test_a_day_on_which_nobody_here_was_born_is_explained(clinic: SignedInClient, npi: str) -> None:
    for typed in ("", "yesterday", "2/30/1970", TODAY.isoformat(), "2999-01-01", "1900-01-01"):
        answer = clinic.post(f"{base(npi)}/birth-date", data={"born_on": typed})
        assert answer.status_code == 400, typed
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
