"""No more of a text is kept than its source's terms allow, whenever they change."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from directory.audit.log import command_actor
from directory.audit.models import AuditEvent
from directory.extensions import db
from directory.providers.sources import Source, SourceKind
from directory.reviews.external.source_terms import Terms, kept_text
from directory.reviews.models import DoubtfulMatch, SourceTerms
from tests import factories
from tests.imports.reviews_elsewhere import LONG, ReviewImporter, about, as_csv, person, rejected, reviews, row

CUT = "The plan was explained in plain words,…"


@pytest.fixture
def importer(app: Flask, tmp_path: Path) -> ReviewImporter:
    return ReviewImporter(app, tmp_path)


@pytest.fixture
def terms_command(app: Flask) -> "TermsCommand":
    return TermsCommand(app.test_cli_runner())


class TermsCommand:
    def __init__(self, cli: FlaskCliRunner) -> None:
        self._cli = cli

    def __call__(self, *arguments: str, exit_code: int = 0) -> str:
        result = self._cli.invoke(args=["reviews", "terms", *arguments])
        assert result.exit_code == exit_code, result.output
        db.session.expire_all()
        return str(result.output)


def texts() -> list[str | None]:
    return [each.text for each in reviews()]


def test_without_terms_nothing_of_a_text_is_kept(importer: ReviewImporter) -> None:
    person()
    importer(as_csv(row("1")))
    assert texts() == [None]
    assert importer(as_csv(row("1")))["unchanged"] == 1


def test_texts_are_cut_at_a_word_to_what_is_allowed(importer: ReviewImporter) -> None:
    person()
    importer(as_csv(row("1"), row("2", text="Good.")), "--show-text", "--max-characters", "42")
    assert texts() == [CUT, "Good."]
    terms = db.session.get_one(SourceTerms, "carevoice")
    assert (terms.show_text, terms.max_characters, terms.link_required) == (True, 42, False)


@pytest.mark.parametrize(
    ("most", "kept"), [(7, "One"), (8, "One two"), (9, "One two"), (14, "One two"), (17, None), (18, None), (2, "O")]
)
def test_a_cut_text_ends_with_a_whole_word_and_an_ellipsis(most: int, kept: str | None) -> None:
    text = "One two threefour"
    found = kept_text(text, Terms(True, most), has_link=False)
    assert found == (f"{kept}…" if kept else text)
    assert len(found) <= most


def test_what_was_left_out_never_reaches_the_database(importer: ReviewImporter) -> None:
    person()
    importer(as_csv(row("1"), row("2", **about("Ana Cruz"))), "--show-text", "--max-characters", "42")
    (waiting,) = db.session.scalars(select(DoubtfulMatch))
    assert waiting.content["text"] == CUT


def test_a_row_without_a_link_is_rejected_where_one_is_asked_for(importer: ReviewImporter) -> None:
    person()
    rows = row("1", url="https://carevoice.example/1"), row("2", url="")
    said = importer(as_csv(*rows), "--show-text", "--link-required")
    assert rejected(said) == [(3, "the source asks for a link, and neither the review nor the source has one")]
    assert importer(as_csv(*rows), "--url", "https://carevoice.example/")["added"] == 1


def test_terms_stay_when_an_import_says_nothing_of_them(importer: ReviewImporter) -> None:
    person()
    importer(as_csv(row("1")), "--show-text")
    importer(as_csv(row("1"), row("2")))
    assert texts() == [LONG, LONG]


def test_stricter_terms_of_a_later_import_cut_what_is_stored(importer: ReviewImporter) -> None:
    person()
    importer(as_csv(row("1"), row("2")), "--show-text")
    said = importer(as_csv(row("3")), "--show-text", "--max-characters", "42")
    assert said["texts_cut"] == 2
    assert texts() == [CUT, CUT, CUT]


def test_looser_terms_fill_the_texts_at_the_next_import(importer: ReviewImporter) -> None:
    person()
    importer(as_csv(row("1")))
    assert importer(as_csv(row("1")), "--show-text")["changed"] == 1
    assert texts() == [LONG]


def test_how_much_needs_whether(importer: ReviewImporter) -> None:
    person()
    assert "--max-characters needs --show-text" in importer.refusal(as_csv(row("1")), "--max-characters", "42")


@pytest.mark.postgresql
def test_the_command_lists_sources_with_terms_and_counts(
    importer: ReviewImporter, terms_command: "TermsCommand"
) -> None:
    assert terms_command() == "No reviews came from elsewhere yet.\n"
    person()
    importer(as_csv(row("1"), row("2", source="Clinic Echo")), "--show-text", "--max-characters", "42")
    assert terms_command().splitlines() == [
        "carevoice  CareVoice: shows at most 42 characters of a text, no link needed.",
        "    1 review, 0 averages",
        "clinic_echo  Clinic Echo: shows no text, no link needed.",
        "    1 review, 0 averages",
    ]


def test_the_command_cuts_what_is_stored_and_writes_it_down(
    importer: ReviewImporter, terms_command: "TermsCommand"
) -> None:
    person()
    importer(as_csv(row("1"), row("2", source="Other"), row("3", **about("Ana Cruz"))), "--show-text")
    said = terms_command("CareVoice", "--show-text", "--max-characters", "42")
    assert said.splitlines() == [
        "CareVoice: shows at most 42 characters of a text, no link needed.",
        "2 stored texts were cut to these terms.",
    ]
    assert texts()[0] == CUT
    terms_command("carevoice", "--no-text")
    assert texts()[0] is None
    assert db.session.scalars(select(DoubtfulMatch)).one().content["text"] is None
    event = db.session.scalars(select(AuditEvent).order_by(AuditEvent.number.desc())).first()
    assert event is not None
    assert (event.act, event.subject, event.actor) == ("change_terms", "source:carevoice", command_actor())
    assert event.before == {"show_text": True, "max_characters": 42, "link_required": False}
    assert event.after == {"show_text": False, "max_characters": None, "link_required": False, "texts_cut": 2}


@pytest.mark.postgresql
def test_a_link_that_is_asked_for_later_takes_the_texts_that_have_none(
    importer: ReviewImporter, terms_command: "TermsCommand"
) -> None:
    person()
    importer(as_csv(row("1", url="https://carevoice.example/1"), row("2", url="")), "--show-text")
    terms_command("carevoice", "--link-required")
    assert texts() == [LONG, None]


@pytest.mark.parametrize(
    ("arguments", "exit_code", "why"),
    [
        (("nobody",), 1, "There is no source “nobody”"),
        (("site",), 1, "reviews of this site are only written here"),
        (("carevoice", "--no-text", "--max-characters", "42"), 2, "--max-characters goes with --show-text"),
    ],
)
def test_the_command_says_what_is_wrong(
    importer: ReviewImporter, terms_command: "TermsCommand", arguments: tuple[str, ...], exit_code: int, why: str
) -> None:
    person()
    importer(as_csv(row("1")))
    assert why in terms_command(*arguments, exit_code=exit_code)


def test_the_invented_texts_of_the_demonstration_are_ours(importer: ReviewImporter) -> None:
    npi = factories.provider().npi
    db.session.add(Source(key="demo_voice", name="Invented", kind=SourceKind.DEMONSTRATION))
    db.session.commit()
    importer(as_csv(row("1", provider_npi=npi)), source="demo_voice")
    assert texts() == [LONG]
