"""schema.org JSON-LD, as files and in saved pages: whatever way round it is written, it says the same."""

import html
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from directory.extensions import db
from directory.ratings.models import RatingEstimate
from directory.reviews.models import SourceAverage
from directory.web.days import local_day
from tests.imports.importer import rejected_by
from tests.imports.published import real_npi
from tests.imports.reviews_elsewhere import LONG, ReviewImporter, person, rejected, reviews, row

NPI = real_npi(1)


@pytest.fixture
def importer(app: Flask, tmp_path: Path) -> ReviewImporter:
    return ReviewImporter(app, tmp_path)


@pytest.fixture
def plain_importer(sqlite_app: Flask, tmp_path: Path) -> ReviewImporter:
    return ReviewImporter(sqlite_app, tmp_path)


def clinic(**values: Any) -> dict[str, Any]:
    return {"@type": "MedicalClinic", "name": "Ana Cruz, MD", "identifier": NPI, **values}


def review(number: int = 1, **values: Any) -> dict[str, Any]:
    return {
        "@type": "Review",
        "@id": f"https://carevoice.example/reviews/{number}",
        "author": {"@type": "Person", "name": "Invented Person"},
        "datePublished": "2025-07-02",
        "reviewBody": LONG,
        "reviewRating": {"@type": "Rating", "ratingValue": 4},
        **values,
    }


def average(**values: Any) -> dict[str, Any]:
    return {"@type": "AggregateRating", "ratingValue": "4.4", "reviewCount": "37", **values}


def document(content: Any) -> str:
    return json.dumps({"@context": "https://schema.org", **content} if isinstance(content, dict) else content)


def page(*blocks: str) -> str:
    scripts = "\n".join(f'<SCRIPT type="application/ld+json; charset=utf-8">{block}</SCRIPT>' for block in blocks)
    return f"<!doctype html>\n<html><head><script>let a = 1</script>{scripts}</head><body><p>Reviews</html>"


SHAPES = {
    "held by the provider": document(clinic(review=[review()])),
    "held alone": document(clinic(reviews=review())),
    "names whom it is about": document(review(itemReviewed=clinic())),
    "a list": document([review(itemReviewed=clinic())]),
    "a graph": document({"@graph": [{"@type": "WebSite"}, clinic(review=[review()])]}),
    "a graph with references": document(
        {
            "@graph": [
                clinic(**{"@id": "#c"}),
                review(itemReviewed={"@id": "#c"}),
                {"@type": "WebPage", "about": {"@id": "#c"}},
            ]
        }
    ),
    "a graph with references to its parts": document(
        {
            "@graph": [
                clinic(**{"@id": "#c"}),
                {"@type": "Person", "@id": "#p", "name": "Invented Person"},
                {"@type": "Rating", "@id": "#r", "ratingValue": 4},
                review(itemReviewed="#c", author={"@id": "#p"}, reviewRating=[{"@id": "#r"}]),
            ]
        }
    ),
    "held by reference": document(
        {"@graph": [clinic(review=[{"@id": "https://carevoice.example/reviews/1"}]), review()]}
    ),
    "a full type": document(
        clinic(**{"@type": ["Physician", "Thing"]}, review=review(**{"@type": "https://schema.org/Review"}))
    ),
    "a saved page": page(document({"@type": "WebSite"}), document(clinic(review=[review()]))),
    "indented": json.dumps(clinic(review=[review()]), indent=2),
    "lines": document(review(itemReviewed=clinic())) + "\n" + document({"@type": "WebSite"}) + "\n",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_review_is_found_wherever_it_stands(plain_importer: ReviewImporter, shape: str) -> None:
    person()
    said = plain_importer(SHAPES[shape], "--show-text")
    assert (said["read"], said["added"]) == (1, 1)
    (found,) = reviews()
    assert (found.npi, found.rating, found.author, found.text) == (NPI, 4, "Invented Person", LONG)
    assert found.source_review_id == found.url == "https://carevoice.example/reviews/1"
    assert found.created_at.date().isoformat() == "2025-07-02"


BARE = document(clinic(review=[review()]))
WRAPPED = {
    "CDATA": f"<![CDATA[{BARE}]]>",
    "CDATA in comments of scripts": f"//<![CDATA[\n{BARE}\n//]]>",
    "CDATA in one line": f"/*<![CDATA[*/ {BARE} /*]]>*/",
    "CDATA of which the end is escaped": f"// <![CDATA[\n{BARE}\n// ]]&gt;",
    "comments before and behind": f"<!-- Made by a plugin -->\n{BARE}\n<!-- / plugin -->",
    "an HTML comment": f"<!-- {BARE} -->",
    "an HTML comment of old": f"<!--\n{BARE}\n//-->",
    "a comment above": f"<!-- Made by a plugin -->\n{BARE}",
    "a semicolon": f"{BARE};\n",
    "a comma": f"{BARE},",
    "commas before brackets": BARE.replace("}]", "},\n]").replace("}}", "},}"),
    "comments within": BARE.replace('"review":', '/* all of them */ "review": // here\n'),
    "escaped quotes": BARE.replace('"', "&quot;"),
    "two objects in a row": document({"@type": "WebSite"}) + "\n" + BARE,
    "a line break in a text": BARE.replace("plain words, and", "plain words,\nand"),
}


@pytest.mark.parametrize("how", WRAPPED)
def test_a_block_is_read_the_way_that_pages_wrap_it(plain_importer: ReviewImporter, how: str) -> None:
    person()
    said = plain_importer(page(WRAPPED[how]), "--show-text")
    assert (said["read"], said["added"], said["rejected"]) == (1, 1, 0)
    assert " ".join((reviews()[0].text or "").split()) == LONG


def test_a_document_may_end_with_a_semicolon(plain_importer: ReviewImporter) -> None:
    person()
    assert plain_importer(f"{BARE};\n", name="reviews.json")["added"] == 1


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Dr. O&#39;Neil &amp; team &lt;3", "Dr. O'Neil & team <3"),
        ("Write &amp;lt; for less", "Write &lt; for less"),
        ("Calm.<br>Kind.<br />\nQuick.", "Calm.\nKind.\nQuick."),
        ("Calm.&lt;br /&gt;Kind.", "Calm.\nKind."),
        ("<p>Calm and <b>kind</b>.</p><p>Quick.</p>", "Calm and kind.\nQuick."),
        ('<h3>Calm</h3>Kind.<br clear="all">Quick.</br>Near, <q>as</q> said.', "Calm\nKind.\nQuick.\nNear, as said."),
        ("5 < 6 & R&D &copy", "5 < 6 & R&D &copy"),
    ],
)
def test_references_and_tags_of_a_text_are_decoded_once(
    plain_importer: ReviewImporter, written: str, shown: str
) -> None:
    person()
    plain_importer(page(document(clinic(review=review(reviewBody=written)))), "--show-text")
    assert [each.text for each in reviews()] == [shown]


def test_a_backslash_before_an_apostrophe_is_left_out(plain_importer: ReviewImporter) -> None:
    person()
    written = document(clinic(review=review(reviewBody="She\\'s calm."))).replace("\\\\'", "\\'")
    assert plain_importer(page(written), "--show-text")["added"] == 1
    assert [each.text for each in reviews()] == ["She's calm."]


def test_quotes_and_references_of_an_escaped_block_are_decoded_once(plain_importer: ReviewImporter) -> None:
    person()
    escaped = document(clinic(review=review(reviewBody='He said "yes" & <3, or &lt;3')))
    plain_importer(page(html.escape(escaped)), "--show-text")
    assert reviews()[0].text == 'He said "yes" & <3, or &lt;3'


def test_names_are_decoded_and_a_review_without_id_is_known_again(plain_importer: ReviewImporter) -> None:
    person(first="Ana", last="O'Cruz")
    about = {"@type": "Physician", "name": "Ana O&#39;Cruz", "address": "1786 Lantern Ct, Torrance, CA 90503"}
    content = document(about | {"review": review(**{"@id": None, "author": "Zo&euml; &amp; Al"})})
    assert plain_importer(content)["added"] == 1
    assert reviews()[0].author == "Zoë & Al"
    assert plain_importer(content)["unchanged"] == 1


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2025-07-02", "2025-07-02"),
        ("2025-07-02T00:00:00+00:00", "2025-07-02"),
        ("2025-07-02T21:30:00", "2025-07-02"),
        ("2025-07-03T05:00:00Z", "2025-07-02"),
        ("2025-07-02 18:00:00 UTC", "2025-07-02"),
        ("February 21, 2025", "2025-02-21"),
        ("Fri, 21 Feb 2025 10:00:00 GMT", "2025-02-21"),
        ("Feb. 21st, 2025 at 9:30 PM", "2025-02-21"),
        ("21 de febrero de 2025", "2025-02-21"),
        ("miércoles, 2 de julio del 2025", "2025-07-02"),
        ("Reviewed on July 2nd, 2025", "2025-07-02"),
        ("Wed Jul 02 2025 10:30:00 GMT-0700 (Pacific Daylight Time)", "2025-07-02"),
        ("2-Jul-2025", "2025-07-02"),
        ("Jul 2,2025", "2025-07-02"),
        ("2025/2/21", "2025-02-21"),
        ("2/21/2025", "2025-02-21"),
        ("21.02.2025", "2025-02-21"),
        ("2/21/25", "2025-02-21"),
        ("2/21/25 9:30", "2025-02-21"),
        ("21-Feb-25", "2025-02-21"),
    ],
)
def test_a_date_without_a_time_is_that_day_in_california(
    plain_importer: ReviewImporter, written: str, day: str
) -> None:
    person()
    plain_importer(document(clinic(review=review(datePublished=written))))
    assert local_day(reviews()[0].created_at).isoformat() == day


def test_the_page_of_a_provider_shows_the_day_that_the_source_gave(
    importer: ReviewImporter, client: FlaskClient
) -> None:
    person()
    importer(document(clinic(review=review(datePublished="2025-07-02"))))
    shown = client.get(f"/providers/{NPI}/reviews").text
    assert '<time datetime="2025-07-02T' in shown
    assert "July 2, 2025" in shown


@pytest.mark.parametrize(
    "content",
    [
        page(document(clinic(review=review(datePublished="3/4/2025")))).replace("<html>", '<html lang="en-US">'),
        document(clinic(review=review(datePublished="3/4/2025", inLanguage="en-US"))),
        document(clinic(inLanguage="en_US", review=review(datePublished="03/04/2025"))),
    ],
)
def test_a_day_in_numbers_is_read_as_american_where_the_file_says_so(
    plain_importer: ReviewImporter, content: str
) -> None:
    person()
    plain_importer(content)
    assert local_day(reviews()[0].created_at) == date(2025, 3, 4)


def test_a_day_with_dots_is_not_american(plain_importer: ReviewImporter) -> None:
    person()
    result = plain_importer.run(document(clinic(review=review(datePublished="02.07.2025", inLanguage="en-US"))))
    ((_, sentence),) = rejected_by(result)
    assert "since it may be February 7 or July 2" in sentence


@pytest.mark.parametrize("language", ["en-GB", "en", "es", ""])
def test_a_day_that_may_be_two_is_rejected_with_both(plain_importer: ReviewImporter, language: str) -> None:
    person()
    result = plain_importer.run(document(clinic(review=review(datePublished="3/4/2025", inLanguage=language))))
    sentence = (
        "the date of the review, '3/4/2025', is not a day: write it as 2026-01-31, since it may be March 4 or April 3"
    )
    assert rejected_by(result) == [(1, sentence)]


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ('<meta charset="iso-8859-1">', "cp1252"),
        ("<meta charset=windows-1252>", "cp1252"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=ISO-8859-15">', "iso-8859-15"),
        ('<meta charset="shift_jis">', "shift_jis"),
        ("", "utf-8-sig"),
        ("", "utf-16"),
        ('<meta charset="utf-16">', "utf-8"),
    ],
)
def test_a_page_is_read_in_the_encoding_that_it_declares(
    plain_importer: ReviewImporter, declared: str, encoding: str
) -> None:
    person()
    author = "ゾエ" if encoding == "shift_jis" else "Zoë"
    block = json.dumps(clinic(review=review(author=author)), ensure_ascii=False)
    plain_importer(page(block).replace("<head>", f"<head>{declared}").encode(encoding), name="page.html")
    assert reviews()[0].author == author


def test_a_page_in_an_unknown_encoding_says_what_to_do(plain_importer: ReviewImporter) -> None:
    refusal = plain_importer.refusal('<meta charset="x-none">' + page(BARE))
    assert "says that it is in “x-none”, which is unknown here: save it as UTF-8" in refusal


def test_a_web_archive_says_how_to_save_the_page(plain_importer: ReviewImporter) -> None:
    head = "From: <Saved by Blink>\r\nSubject: Reviews\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n"
    refusal = plain_importer.refusal(f'{head}\ttype="text/html"\r\n\r\n{page(BARE)}', name="page.mhtml")
    assert "is a web archive (.mhtml or .webarchive), which is not read here" in refusal
    assert "save the page as “Webpage, HTML Only”" in refusal


@pytest.mark.parametrize(
    ("rating", "stars"),
    [
        ({"ratingValue": 4}, 4),
        ({"ratingValue": "4.5", "bestRating": "5"}, 4.5),
        ({"ratingValue": 10, "bestRating": 10}, 5),
        ({"ratingValue": 80, "bestRating": 100, "worstRating": 0}, 4.2),
        ({"ratingValue": 0, "bestRating": 10, "worstRating": 0}, 1),
        ({"ratingValue": {"@value": "3"}}, 3),
        ({"ratingValue": "4,5", "bestRating": "5,0"}, 4.5),
        ({"ratingValue": "7/10", "worstRating": 4}, 3),
        ({"ratingValue": "4 out of 5 stars"}, 4),
        ({"ratingValue": 4, "bestRating": None, "worstRating": ""}, 4),
        (4, 4),
        ("4.5", 4.5),
        ([{"@value": 3}], 3),
    ],
)
def test_ratings_on_other_scales_become_stars(plain_importer: ReviewImporter, rating: Any, stars: float) -> None:
    person()
    plain_importer(document(clinic(review=review(reviewRating=rating))))
    assert reviews()[0].rating == pytest.approx(stars)


@pytest.mark.parametrize(
    "identifier",
    [
        NPI,
        int(NPI),
        f"NPI: {NPI}",
        {"@type": "PropertyValue", "propertyID": "NPI", "value": NPI},
        {"@type": "PropertyValue", "name": "National Provider Identifier", "value": int(NPI)},
        [{"@type": "PropertyValue", "propertyID": "taxID", "value": "1234567890"}, "internal-7", NPI],
    ],
)
def test_the_npi_is_taken_however_it_is_given(plain_importer: ReviewImporter, identifier: Any) -> None:
    person()
    plain_importer(document(clinic(name="Somebody", identifier=identifier, review=review())))
    assert [each.npi for each in reviews()] == [NPI]


def test_without_an_npi_name_address_and_phone_tell(plain_importer: ReviewImporter) -> None:
    person()
    address = {
        "@type": "PostalAddress",
        "streetAddress": "1786 Lantern Ct",
        "addressLocality": "Torrance",
        "addressRegion": "CA",
        "postalCode": "90503",
    }
    who = {"@type": "Physician", "name": "Dr. Ana Cruz", "address": address, "telephone": "+1-310-555-0100"}
    plain_importer(document(who | {"review": review()}))
    assert [each.npi for each in reviews()] == [NPI]


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"reviewRating": None}, "the review has no rating"),
        ({"reviewRating": {"ratingValue": 11}}, "the rating 11 is not on its scale from 1 to 5"),
        ({"reviewRating": {"ratingValue": "good"}}, "the rating 'good' is not a number"),
        ({"reviewRating": {}}, "the rating is empty"),
        ({"reviewRating": {"ratingValue": 3, "bestRating": 1}}, "the scale of the rating is not one: worst 1, best 1"),
        ({"datePublished": "2025-02-31"}, "the date of the review, '2025-02-31', is not a day: write it as 2026-01-31"),
        ({"datePublished": None}, "the date of the review (created_at) is empty"),
        ({"@id": None, "author": None}, "the review has no id (source_review_id), so it could not be known again"),
        (
            {"@id": None, "datePublished": None},
            "the review has neither an id nor a date (datePublished): a date would do",
        ),
        ({"itemReviewed": {"@type": "Thing"}}, "it says neither an NPI nor a name of the provider"),
        ({"itemReviewed": {"npi": "1999000000"}}, "the NPI 1999000000 has a wrong check digit"),
    ],
)
def test_what_is_wrong_with_an_element_rejects_it_alone(
    plain_importer: ReviewImporter, values: dict[str, Any], why: str
) -> None:
    person()
    said = plain_importer(document(clinic(review=[review(1), review(2, **values), review(3)])))
    assert (said["read"], said["added"], said["rejected"]) == (3, 2, 1)
    assert rejected(said) == [(2, why)]


def test_a_review_of_nobody_is_rejected(plain_importer: ReviewImporter) -> None:
    result = plain_importer.run(document(review()))
    assert rejected_by(result) == [
        (1, "it does not say who is reviewed: there is no itemReviewed, and nothing holds it")
    ]


def test_a_broken_block_of_a_page_is_rejected_alone(plain_importer: ReviewImporter) -> None:
    person()
    said = plain_importer(page("{not json", document(clinic(review=review()))))
    assert (said["added"], rejected(said)) == (1, [(1, "block 1 of JSON-LD is not valid JSON")])


def test_a_review_without_id_is_known_again_by_author_and_day(plain_importer: ReviewImporter) -> None:
    person()
    without = document(clinic(url="https://c.example/", review=review(**{"@id": None, "url": "https://c.example/"})))
    assert plain_importer(without)["added"] == 1
    assert reviews()[0].source_review_id.startswith("sha256:")
    assert plain_importer(without)["unchanged"] == 1


def test_no_character_takes_the_whole_import_down(importer: ReviewImporter) -> None:
    person()
    nasty = "\ud800 \x00 \u202e"
    values = {"@id": nasty, "author": nasty, "reviewBody": nasty, "url": nasty, "identifier": nasty}
    about = {"name": nasty, "address": nasty, "telephone": nasty, "identifier": nasty}
    said = importer(
        document([review(2, itemReviewed=clinic(), **values), review(3, itemReviewed=about)]), "--show-text"
    )
    assert (said["read"], said["added"], said["rejected"]) == (2, 1, 1)


def test_an_average_is_kept_with_its_count_and_updated(importer: ReviewImporter) -> None:
    person()
    said = importer(document(clinic(url="https://c.example/", aggregateRating=average())))
    assert (said["read"], said["added"]) == (1, 1)
    kept = db.session.scalars(select(SourceAverage)).one()
    assert (kept.npi, kept.source_key, kept.reviews, kept.url) == (NPI, "carevoice", 37, "https://c.example/")
    assert kept.average == pytest.approx(4.4)
    assert db.session.get(RatingEstimate, NPI)
    assert importer(document(clinic(url="https://c.example/", aggregateRating=average())))["unchanged"] == 1
    tens = average(ratingValue=9, bestRating=10, ratingCount=40, reviewCount=None)
    assert importer(document(tens | {"itemReviewed": clinic()}))["changed"] == 1
    db.session.expire_all()
    assert (kept.average, kept.reviews) == (pytest.approx(4.5556, abs=1e-3), 40)


@pytest.mark.parametrize(
    ("given", "count"),
    [
        ("1,247", 1247),
        ("1.247", 1247),
        ("1 247", 1247),
        (37.0, 37),
        ("37.0", 37),
        ("1,247 reviews", 1247),
        ("(37)", 37),
        ("37 votes", 37),
        ("37 Google reviews", 37),
    ],
)
def test_a_count_is_read_as_people_and_programs_write_it(
    plain_importer: ReviewImporter, given: Any, count: int
) -> None:
    person()
    plain_importer(document(clinic(aggregateRating=average(ratingValue="4,4", reviewCount=given))))
    kept = db.session.scalars(select(SourceAverage)).one()
    assert (kept.average, kept.reviews) == (pytest.approx(4.4), count)


def test_an_average_of_ratings_without_a_review_counts_its_ratings(plain_importer: ReviewImporter) -> None:
    person()
    plain_importer(document(clinic(aggregateRating=average(reviewCount=0, ratingCount=37))))
    assert db.session.scalars(select(SourceAverage)).one().reviews == 37


def test_a_provider_may_be_named_without_an_object(plain_importer: ReviewImporter) -> None:
    person()
    said = plain_importer(document(review(itemReviewed="Ana Cruz, MD")))
    assert said["waiting"] == 1


def test_the_text_of_a_review_may_stand_as_text(plain_importer: ReviewImporter) -> None:
    person()
    plain_importer(document(clinic(review=review(reviewBody=None, text=LONG))), "--show-text")
    assert reviews()[0].text == LONG


MICRODATA = '<div itemscope itemtype="https://schema.org/Review"><meta itemprop="ratingValue" content="4"></div>'


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (f"<html>{MICRODATA}</html>", "has its reviews as microdata, which is not read here: copy them into a CSV."),
        (page(document({"@type": "WebSite"})) + MICRODATA, "has its reviews as microdata"),
        (page(document({"@type": "WebSite"})), "holds no schema.org Review or AggregateRating."),
        (json.dumps([row()], indent=1), "holds its reviews as one JSON value: write each on a line of its own"),
        (json.dumps(row(), indent=1), "holds its reviews as one JSON value"),
    ],
)
def test_reviews_that_are_not_read_say_what_to_do(plain_importer: ReviewImporter, content: str, sentence: str) -> None:
    result = plain_importer.run(content)
    assert result.exit_code == 1
    assert sentence in result.stderr


@pytest.mark.parametrize("count", [None, "many", 0, -3, "1e3", "37.5", "37.000"])
def test_an_average_of_nobody_knows_how_many_is_rejected(plain_importer: ReviewImporter, count: Any) -> None:
    person()
    result = plain_importer.run(document(clinic(aggregateRating=average(reviewCount=count))))
    assert rejected_by(result)[0][1].startswith("the average does not say of how many reviews it is")


def test_single_reviews_and_their_average_come_together(plain_importer: ReviewImporter) -> None:
    person()
    said = plain_importer(document(clinic(review=[review(1), review(2)], aggregateRating=average())))
    assert (said["read"], said["added"]) == (3, 3)
