"""Importing reviews from elsewhere: what is added, changed, refused and left alone."""

import csv
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from directory.extensions import db
from directory.imports.models import ImportRun
from directory.imports.reviews import review_file
from directory.providers.merge_plan import plan_merge
from directory.providers.merging import merge_providers
from directory.providers.models import Provider
from directory.providers.sources import Source, SourceKind
from directory.ratings.models import RatingEstimate
from directory.reviews.models import Review, ReviewStatus
from directory.seeding import SEEDS, seed
from directory.web.transaction import transaction
from tests import factories
from tests.imports.importer import rejected_by
from tests.imports.published import real_npi, zipped
from tests.imports.reviews_elsewhere import (
    LONG,
    ReviewImporter,
    as_csv,
    as_json_lines,
    person,
    rejected,
    review_ids,
    reviews,
    row,
)


@pytest.fixture
def importer(app: Flask, tmp_path: Path) -> ReviewImporter:
    return ReviewImporter(app, tmp_path)


@pytest.fixture
def plain_importer(sqlite_app: Flask, tmp_path: Path) -> ReviewImporter:
    return ReviewImporter(sqlite_app, tmp_path)


def test_a_row_becomes_a_published_review_of_a_platform(importer: ReviewImporter) -> None:
    npi = person()
    said = importer(
        as_csv(row(url="https://carevoice.example/r/1")), "--show-text", "--url", "https://carevoice.example/"
    )
    assert said["added"] == 1
    assert said["source"] == "carevoice"
    (review,) = reviews()
    assert (review.npi, review.rating, review.verified, review.status) == (npi, 4, False, ReviewStatus.PUBLISHED)
    assert (review.visited_on, review.created_at) == (date(2025, 6, 1), datetime(2025, 7, 2, 10, tzinfo=UTC))
    assert (review.author, review.text, review.url) == ("Invented Person", LONG, "https://carevoice.example/r/1")
    assert review.published_at
    source = db.session.get_one(Source, "carevoice")
    assert (source.name, source.kind, source.url) == ("CareVoice", SourceKind.PLATFORM, "https://carevoice.example/")
    assert db.session.get_one(RatingEstimate, npi).reviews_counted == 1


@pytest.mark.postgresql
def test_reviews_of_a_merged_provider_are_those_of_the_one_it_went_into(importer: ReviewImporter) -> None:
    merged, other = person(), person(2, "Ann")
    importer(as_csv(row()))
    with transaction():
        merge_providers("command:ana", merged, other, plan_merge(merged, other).digest, "the same person")
    said = importer(as_csv(row(rating="5"), row("r2")))
    assert (said["changed"], said["added"]) == (1, 1)
    assert [(each.npi, each.rating) for each in reviews()] == [(other, 5), (other, 4)]
    assert db.session.get_one(RatingEstimate, other).reviews_counted == 2


def test_an_author_that_is_an_address_is_not_shown(importer: ReviewImporter) -> None:
    person()
    importer(as_csv(row("r1", author="jo@example.org"), row("r2", author="Jo W. (310) 555-0100")), "--show-text")
    assert [each.author for each in reviews()] == [None, "Jo W."]


def test_json_lines_say_the_same_as_csv(importer: ReviewImporter) -> None:
    person()
    rows = [row("r1", rating=4.5, verified=True, author=None), row("r2", rating=3, verified=0, visited_on="2025-06")]
    said = importer("\ufeff" + as_json_lines(*rows) + "\n", "--show-text", name="reviews.jsonl")
    assert said["added"] == 2
    assert [(each.rating, each.verified, each.author) for each in reviews()] == [
        (4.5, True, None),
        (3, False, "Invented Person"),
    ]
    assert reviews()[1].visited_on == date(2025, 6, 1)


def test_whether_it_is_verified_is_read_as_excel_writes_it(plain_importer: ReviewImporter) -> None:
    person()
    assert plain_importer(as_csv(row("r1", verified="TRUE"), row("r2", verified="FALSE")))["added"] == 2
    assert [each.verified for each in reviews()] == [True, False]


def test_a_zip_will_do(plain_importer: ReviewImporter, tmp_path: Path) -> None:
    person()
    path = zipped(tmp_path, "export.zip", {"readme.pdf": "%PDF", "reviews.jsonl": as_json_lines(row())})
    assert plain_importer(path)["added"] == 1


def test_columns_go_by_name_and_unknown_ones_are_ignored(plain_importer: ReviewImporter) -> None:
    person()
    text = f"stars of the app,Rating,source_review_id,CREATED_AT,provider_npi\n9,2,a,2025-01-02,{real_npi(1)}\n"
    assert plain_importer(text)["added"] == 1
    (review,) = reviews()
    assert (review.rating, review.created_at.date()) == (2, date(2025, 1, 2))


BAD_VALUES = [
    ({"rating": "11"}, "the rating 11 is not from 1 to 5"),
    ({"rating": "0"}, "the rating 0 is not from 1 to 5"),
    ({"rating": "5.01"}, "the rating 5.01 is not from 1 to 5"),
    ({"rating": "good"}, "the rating 'good' is not a number from 1 to 5"),
    ({"rating": "nan"}, "the rating 'nan' is not a number from 1 to 5"),
    ({"rating": "4,5"}, "the rating '4,5' is not a number from 1 to 5"),
    ({"rating": "٣"}, "the rating '٣' is not a number from 1 to 5"),
    ({"rating": "-1"}, "the rating '-1' is not a number from 1 to 5"),
    ({"rating": ""}, "the rating is empty"),
    ({"created_at": "2025-02-31"}, "the date of the review, '2025-02-31', is not a day: write it as 2026-01-31"),
    ({"created_at": "yesterday"}, "the date of the review, 'yesterday', is not a day: write it as 2026-01-31"),
    ({"created_at": "01/02/2025"}, "the date of the review, '01/02/2025', is not a day: write it as 2026-01-31"),
    ({"created_at": ""}, "the date of the review (created_at) is empty"),
    ({"created_at": "2999-01-01"}, "the date of the review, 2999-01-01, is in the future"),
    ({"created_at": "0001-01-01T00:00:00+23:00"}, "the date of the review, 0001-01-01T00:00:00+23:00, is before 1995"),
    ({"visited_on": "2025-02-30"}, "the date of the visit, '2025-02-30', is not a day: write it as 2026-01-31"),
    ({"visited_on": "2999-01"}, "the date of the visit, 2999-01, is in the future"),
    ({"verified": "yes"}, "verified is 'yes': it must be 0, 1 or empty"),
    ({"provider_npi": real_npi(7)}, f"the NPI {real_npi(7)} is not in the directory"),
    ({"provider_npi": "1999000000"}, "the NPI 1999000000 has a wrong check digit"),
    ({"provider_npi": "19990"}, "the NPI '19990' is not 10 digits"),
    ({"provider_npi": "9500000010"}, "the NPI 9500000010 is invented (it starts with 9); only a demonstration"),
    ({"provider_npi": "9500000011"}, "the NPI 9500000011 has a wrong check digit"),
    ({"provider_npi": ""}, "it says neither an NPI nor a name of the provider"),
    ({"source_review_id": " "}, "the review has no id (source_review_id)"),
    ({"source_review_id": "x" * 101}, "the id of the review is longer than 100 characters"),
    ({"author": "x" * 101}, "the author is longer than 100 characters"),
    ({"url": "javascript:alert(1)"}, "the link does not start with https:// or http:// and a host"),
    ({"url": "https://x.example/" + "x" * 500}, "the link is longer than 500 characters"),
    ({"source": "site"}, "“site” is not a source of reviews from elsewhere"),
    ({"source": "Demo"}, "“Demo” is not a source of reviews from elsewhere"),
    ({"source": "nppes"}, "“nppes” is not a source of reviews from elsewhere"),
    ({"source": "💉"}, "the name of the source, “💉”, has no letters a to z and no digits: give another"),
    ({"source": "x" * 41}, "the name of the source is longer than 40 characters: give a shorter one"),
]


@pytest.mark.parametrize(("values", "why"), BAD_VALUES, ids=[str(values)[:50] for values, _ in BAD_VALUES])
def test_an_error_in_a_row_rejects_that_row_alone(plain_importer: ReviewImporter, values: Any, why: str) -> None:
    person()
    said = plain_importer(as_csv(row("good 1"), row("bad") | values, row("good 2")))
    assert (said["read"], said["added"], said["rejected"]) == (3, 2, 1)
    ((line, reason),) = rejected(said)
    assert line == 3
    assert reason.startswith(why)
    assert review_ids() == ["good 1", "good 2"]


@pytest.mark.parametrize(
    ("bad_line", "why"),
    [
        ('{"rating": 4', "the line is not valid JSON"),
        ("[1, 2]", "the line is not a JSON object"),
        ('"text"', "the line is not a JSON object"),
        (json.dumps(row("bad", rating=[4])), "the rating is neither text nor a number"),
        (json.dumps(row("bad", author={"name": "A"})), "the author is neither text nor a number"),
        ("[" * 100_000, "the line is not valid JSON"),
    ],
)
def test_an_error_in_a_line_of_json_rejects_that_line_alone(
    plain_importer: ReviewImporter, bad_line: str, why: str
) -> None:
    person()
    said = plain_importer(as_json_lines(row("1")) + bad_line + "\n" + as_json_lines(row("2")), name="r.jsonl")
    assert (said["read"], said["added"], said["rejected"]) == (3, 2, 1)
    assert rejected(said) == [(2, why)]


def test_a_row_of_another_width_is_rejected_alone(plain_importer: ReviewImporter) -> None:
    person()
    lines = as_csv(row("1"), row("2"), row("3")).splitlines()
    lines[2] += ",one more"
    said = plain_importer("\n".join(lines) + "\n")
    assert rejected(said) == [(3, "the row has 10 columns instead of 9")]
    assert said["added"] == 2


@pytest.mark.parametrize("name", ["source_review_id", "rating", "created_at", "provider_npi"])
def test_a_missing_column_is_named(plain_importer: ReviewImporter, name: str) -> None:
    person()
    without = {column: value for column, value in row().items() if column != name}
    assert f"it lacks the column “{name}”" in plain_importer.refusal(as_csv(without))


WHOLE = as_csv(row("1"), row("2"))
OTHER_FILES: dict[str, tuple[str | bytes, str]] = {
    "empty": ("", "is empty"),
    "white space": (" \n \n", "holds nothing but white space"),
    "a header alone": (WHOLE.splitlines()[0] + "\n", "has a header and no rows"),
    "cut short": (WHOLE[:-150], "is cut short: its last row, line 3, is not complete"),
    "JSON Lines cut short": (
        as_json_lines(row("1"), row("2"))[:-30],
        "is cut short: its last line, 2, is not complete",
    ),
    "UTF-16": (WHOLE.encode("utf-16"), "is not UTF-8"),
    "another CSV": ("NPI,Name\n1,2\n", "it lacks the columns “source_review_id”, “rating”, “created_at”"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(100), "is not UTF-8"),
    "JSON of something else": ('{"@context": "https://schema.org", "@type": "Recipe"}', "holds no schema.org Review"),
    "JSON that is none": ("[1, 2", "is cut short (line 1"),
    "JSON with a mistake": ("[1, }", "is not JSON (line 1"),
    "JSON too deep": ("[" * 200_000, "nests deeper than can be read"),
    "a page without reviews": ("<!doctype html><p>Hello", "is a web page without reviews for programs"),
    "a page cut short": (
        '<html><script type="application/ld+json">{"@type": "Review"',
        "is cut short: it ends within a block of JSON-LD",
    ),
}


@pytest.mark.parametrize("kind", OTHER_FILES)
def test_a_file_that_is_not_right_says_what_is_wrong_and_changes_nothing(
    plain_importer: ReviewImporter, kind: str
) -> None:
    person()
    content, why = OTHER_FILES[kind]
    assert why in plain_importer.refusal(content)
    assert db.session.scalars(select(ImportRun.status)).all() == ["failed"]


@pytest.mark.parametrize("form", ["CSV", "JSON Lines", "JSON-LD", "a page"])
def test_what_is_in_the_encoding_of_windows_is_read_and_counted(plain_importer: ReviewImporter, form: str) -> None:
    person()
    names = ("Zoë 1", "Zoë 2", "Zoë 3")
    rows = [row(name[-1], author=name) for name in names]
    about = {"@type": "Review", "itemReviewed": {"npi": real_npi(1)}, "reviewRating": 4, "datePublished": "2025-01-01"}
    linked = json.dumps([{**about, "author": name} for name in names], ensure_ascii=False, indent=1)
    content = {
        "CSV": as_csv(*rows),
        "JSON Lines": "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in rows),
        "JSON-LD": linked,
        "a page": f'<html><script type="application/ld+json">{linked}</script></html>\n',
    }[form]
    before, after = content.split("Zoë 2")
    said = plain_importer(before.encode() + b"Zo\xeb 2" + after.encode(), name="r")
    assert (said["added"], said["windows_rows"]) == (3, 1)
    assert {each.author for each in reviews()} == set(names)


def test_a_line_of_json_in_no_encoding_is_rejected_alone(plain_importer: ReviewImporter) -> None:
    person()
    content = as_json_lines(row("1")).encode() + b'{"rating": "\x81"}\n' + as_json_lines(row("2")).encode()
    said = plain_importer(content)
    assert rejected(said) == [(2, "the line has bytes that are neither UTF-8 nor in Windows' encoding")]


def test_a_formula_in_a_file_is_no_formula_in_the_list_of_rejected_rows(plain_importer: ReviewImporter) -> None:
    person()
    bad = [row(str(place), provider_npi=f"{sign}1+1") for place, sign in enumerate("=+-@")]
    said = plain_importer(as_csv(*map(row, "abcd"), *bad), name="=cmd.csv")
    with Path(said["rejects_file"]).open(encoding="utf-8", newline="") as file:
        listed = list(csv.DictReader(file))
    assert [(each["file"], each["npi"]) for each in listed] == [("'=cmd.csv", f"'{sign}1+1") for sign in "=+-@"]
    assert listed[0]["reason"] == "the NPI '=1+1' is not 10 digits"


def test_a_file_that_is_not_there_is_named(plain_importer: ReviewImporter) -> None:
    assert "There is no file /nowhere.csv" in plain_importer.refusal("/nowhere.csv")


@pytest.mark.parametrize("name", ["site", "demo", "staff", "LEIE", "cms_services", " Site "])
def test_reviews_of_this_site_are_written_here_alone(plain_importer: ReviewImporter, name: str) -> None:
    person()
    assert "reviews of this site are only written here" in plain_importer.refusal(as_csv(row()), source=name)


def test_the_link_of_the_source_must_be_one(plain_importer: ReviewImporter) -> None:
    person()
    assert "The link of the source does not start with" in plain_importer.refusal(as_csv(row()), "--url", "carevoice")


def test_a_failed_import_leaves_the_link_of_the_source(plain_importer: ReviewImporter) -> None:
    person()
    plain_importer(as_csv(row()), "--url", "https://carevoice.example/")
    plain_importer.refusal("", "--url", "https://other.example/")
    assert db.session.get_one(Source, "carevoice").url == "https://carevoice.example/"


def test_a_row_may_name_its_own_source(importer: ReviewImporter) -> None:
    person()
    importer(as_csv(row("1"), row("1", source="Clinic Echo"), row("1", source="carevoice ")))
    assert {(each.source_key, each.source.name) for each in reviews()} == {
        ("carevoice", "CareVoice"),
        ("clinic_echo", "Clinic Echo"),
    }


def test_invented_reviews_stay_with_invented_providers(plain_importer: ReviewImporter) -> None:
    person()
    invented = factories.provider().npi
    db.session.add(Source(key="demo_voice", name="Invented", kind=SourceKind.DEMONSTRATION))
    db.session.commit()
    said = plain_importer(as_csv(row("1", provider_npi=invented), row("2")), source="demo_voice")
    assert [each.npi for each in reviews()] == [invented]
    assert rejected(said)[0][1].endswith("invented reviews can’t appear with a real provider")


def test_invisible_characters_do_not_come_in(plain_importer: ReviewImporter) -> None:
    person()
    plain_importer(as_json_lines(row(text="Good\x00 \u202ecare\u200b.\r\nAll well", author="A\u200bna")), "--show-text")
    (review,) = reviews()
    assert (review.text, review.author) == ("Good care.\nAll well", "Ana")


NASTY = "\ud800 half, \x00 zero, \u202e turned, <b>marked</b>, \ufffe none"


@pytest.mark.parametrize("name", [*row(), "url", "provider_name", "provider_address", "provider_phone"])
def test_no_character_takes_the_whole_import_down(importer: ReviewImporter, name: str) -> None:
    person()
    for value in (NASTY, "\x00", "\ud800"):
        bad = row("bad", provider_npi="" if name.startswith("provider_") else real_npi(1))
        said = importer(as_json_lines(row("good"), bad | {name: value}), "--show-text", name="r.jsonl")
        assert said["read"] == 2
    assert "good" in review_ids()
    assert all("\x00" not in (each.text or "") for each in reviews())


def test_of_an_id_that_stands_twice_the_later_is_taken_and_the_earlier_listed(importer: ReviewImporter) -> None:
    person()
    said = importer(as_csv(row("1", rating="1"), row("2"), row("1", rating="5"), row("1", source="other", rating="2")))
    assert (said["read"], said["added"], said["rejected"]) == (4, 3, 1)
    assert rejected(said) == [(2, "the review is repeated in line 4, which was taken")]
    assert [(each.source_key, each.rating) for each in reviews()] == [("carevoice", 5), ("carevoice", 4), ("other", 2)]


def test_importing_again_changes_nothing(importer: ReviewImporter) -> None:
    person()
    text = as_csv(row("1"), row("2", text="", author="", visited_on=""))
    importer(text, "--show-text")
    said = importer(text, "--show-text")
    assert (said["unchanged"], said["added"], said["changed"]) == (2, 0, 0)
    assert all(each.updated_at is None for each in reviews())


@pytest.mark.parametrize(
    "change", [{"rating": "1"}, {"text": "Other words"}, {"created_at": "2025-07-03"}, {"author": "B"}, {"verified": 1}]
)
def test_what_changed_at_the_source_changes_here(importer: ReviewImporter, change: dict[str, Any]) -> None:
    npi = person()
    importer(as_csv(row("1"), row("2")), "--show-text")
    said = importer(as_csv(row("1", **change), row("2")), "--show-text")
    assert (said["changed"], said["unchanged"]) == (1, 1)
    first, second = reviews()
    assert first.updated_at
    assert second.updated_at is None
    assert db.session.get_one(RatingEstimate, npi).reviews_counted == 2


def test_what_moderators_decided_stays(importer: ReviewImporter) -> None:
    person()
    importer(as_csv(row("1")))
    reviews()[0].status = ReviewStatus.REMOVED
    db.session.commit()
    importer(as_csv(row("1", rating="1")))
    (review,) = reviews()
    assert (review.status, review.rating) == (ReviewStatus.REMOVED, 1)


def test_a_review_that_was_given_to_another_provider_moves(importer: ReviewImporter) -> None:
    one, other = person(1), person(2)
    importer(as_csv(row("1")))
    assert importer(as_csv(row("1", provider_npi=other)))["changed"] == 1
    assert reviews()[0].npi == other
    assert db.session.get(RatingEstimate, one) is None
    assert db.session.get(RatingEstimate, other)


def test_an_import_that_stops_keeps_nothing(importer: ReviewImporter, monkeypatch: pytest.MonkeyPatch) -> None:
    person()
    importer(as_csv(row("1")), "--show-text")
    monkeypatch.setattr(review_file, "ROWS_A_BATCH", 2)
    taken = review_file.upsert_reviews

    def stop_at_the_second(*arguments: Any, **named: Any) -> Any:
        if any(each.source_review_id == "5" for each in arguments[0]):
            raise KeyboardInterrupt
        return taken(*arguments, **named)

    monkeypatch.setattr(review_file, "upsert_reviews", stop_at_the_second)
    result = importer.run(as_csv(*(row(str(number), source="Other") for number in range(1, 7))), "--link-required")
    assert result.exit_code != 0
    (review,) = reviews()
    assert (review.source_key, review.text) == ("carevoice", LONG)
    assert [run.status for run in db.session.scalars(select(ImportRun).order_by(ImportRun.id))] == [
        "done",
        "interrupted",
    ]
    monkeypatch.undo()
    assert importer(as_csv(row("1"), row("2")))["added"] == 1


def test_batches_say_the_same_as_one(importer: ReviewImporter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(review_file, "ROWS_A_BATCH", 3)
    one, other = person(1), person(2)
    rows = [row(str(number), provider_npi=(one, other)[number % 2], text=f"Number {number}") for number in range(20)]
    assert importer(as_csv(*rows))["added"] == 20
    assert db.session.get_one(RatingEstimate, one).reviews_counted == 10


SAME_REVIEW = [
    ({}, True),
    ({"text": LONG.replace("five", "six")}, True),
    ({"created_at": (datetime(2025, 7, 2, 10, tzinfo=UTC) + timedelta(days=14)).isoformat()}, True),
    ({"created_at": (datetime(2025, 7, 2, 10, tzinfo=UTC) + timedelta(days=15)).isoformat()}, False),
    ({"rating": "5"}, False),
    ({"text": "Short."}, False),
    ({"text": "I waited an hour, nobody was at the desk, and the parking costs more than the visit did."}, False),
    ({"source": "carevoice"}, False),
]


@pytest.mark.parametrize(("values", "is_same"), SAME_REVIEW, ids=[str(values)[:40] for values, _ in SAME_REVIEW])
@pytest.mark.parametrize("show", [("--show-text",), ("--show-text", "--max-characters", "60")])
def test_the_same_review_at_two_sources_counts_once(
    plain_importer: ReviewImporter, values: dict[str, str], is_same: bool, show: tuple[str, ...]
) -> None:
    npi = person()
    plain_importer(as_csv(row("1")), *show)
    said = plain_importer(as_csv(row("2", **{"source": "Clinic Echo", **values})))
    assert (said["added"], said["duplicates"]) == (1, int(is_same))
    first, second = reviews()
    assert first.duplicate_of is None
    assert second.duplicate_of == (first.id if is_same else None)
    assert db.session.get_one(RatingEstimate, npi).reviews_counted == 2 - is_same


def test_two_sources_in_one_file_are_compared_too(importer: ReviewImporter) -> None:
    person()
    said = importer(as_csv(row("1"), row("2", source="Clinic Echo"), row("3", source="Third")), "--show-text")
    assert said["duplicates"] == 2
    first, *others = reviews()
    assert {each.duplicate_of for each in others} == {first.id}
    assert importer(as_csv(row("1"), row("2", source="Clinic Echo")), "--show-text")["unchanged"] == 2


def test_the_same_review_is_known_though_no_text_may_be_kept(importer: ReviewImporter) -> None:
    person()
    importer(as_csv(row("1")))
    said = importer(as_csv(row("2", source="Clinic Echo"), row("3", text=LONG[:20])))
    assert said["duplicates"] == 1
    assert [each.text for each in reviews()] == [None, None, None]


def test_the_seeds_say_what_is_here_already(importer: ReviewImporter) -> None:
    seed()
    db.session.commit()
    said = importer(str(SEEDS / "reviews.csv"), source="demo_site")
    assert (said["read"], said["unchanged"]) == (said["unchanged"], said["read"])


def test_a_short_text_says_nothing_of_who_wrote_it(plain_importer: ReviewImporter) -> None:
    person()
    rows = row("1", text="Very good."), row("2", text="Very good.", source="Clinic Echo")
    assert plain_importer(as_csv(*rows), "--show-text")["duplicates"] == 0


def test_the_command_says_in_words_what_it_did(sqlite_app: Flask, tmp_path: Path) -> None:
    person()
    path = tmp_path / "r.csv"
    path.write_text(as_csv(row("1"), row("2", source="Clinic Echo"), row("3", rating="9")), encoding="utf-8")
    arguments = ["import", "reviews", str(path), "--source", "CareVoice", "--show-text"]
    lines = sqlite_app.test_cli_runner().invoke(args=arguments).stdout.splitlines()
    assert lines[0] == "r.csv: 3 read, 2 added, 0 changed, 0 unchanged, 0 skipped, 1 rejected."
    assert lines[1].startswith("Which rows were rejected and why: ")
    assert lines[2] == "1 is the same as reviews of other sources, and not counted."


def test_reviews_of_many_providers_who_are_not_here_keep_none_from_being_read(plain_importer: ReviewImporter) -> None:
    person()
    strangers = [row(str(number), provider_npi=real_npi(number)) for number in range(2, 6)]
    said = plain_importer(as_csv(row("1"), *strangers))
    assert (said["read"], said["added"], said["rejected"]) == (5, 1, 4)


def test_a_provider_who_goes_takes_no_import_down(plain_importer: ReviewImporter) -> None:
    npi = person()
    plain_importer(as_csv(row("1")))
    db.session.delete(db.session.get_one(Provider, npi))
    db.session.commit()
    assert len(rejected_by(plain_importer.run(as_csv(row("1"))))) == 1
    assert db.session.scalars(select(Review)).all() == []
