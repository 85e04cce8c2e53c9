"""schema.org JSON-LD, as files and in saved pages: whatever way round it is written, it says the same."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from directory.extensions import db
from directory.ratings.models import RatingEstimate
from directory.reviews.models import SourceAverage
from tests.imports.published import real_npi
from tests.imports.reviews_elsewhere import LONG, ReviewImporter, person, rejected, reviews

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


@pytest.mark.parametrize(
    ("rating", "stars"),
    [
        ({"ratingValue": 4}, 4),
        ({"ratingValue": "4.5", "bestRating": "5"}, 4.5),
        ({"ratingValue": 10, "bestRating": 10}, 5),
        ({"ratingValue": 80, "bestRating": 100, "worstRating": 0}, 4.2),
        ({"ratingValue": 0, "bestRating": 10, "worstRating": 0}, 1),
        ({"ratingValue": {"@value": "3"}}, 3),
    ],
)
def test_ratings_on_other_scales_become_stars(
    plain_importer: ReviewImporter, rating: dict[str, Any], stars: float
) -> None:
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
        ({"datePublished": "2025-02-31"}, "the date of the review, '2025-02-31', is no day: write it as 2026-01-31"),
        ({"datePublished": None}, "the date of the review (created_at) is empty"),
        ({"@id": None, "author": None}, "the review has no id (source_review_id), so it could not be known again"),
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
    said = plain_importer(document(review()))
    assert rejected(said) == [(1, "it does not say who is reviewed: there is no itemReviewed, and nothing holds it")]


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


@pytest.mark.parametrize("count", [None, "many", 0, -3, "1e3"])
def test_an_average_of_nobody_knows_how_many_is_rejected(plain_importer: ReviewImporter, count: Any) -> None:
    person()
    said = plain_importer(document(clinic(aggregateRating=average(reviewCount=count))))
    assert rejected(said)[0][1].startswith("the average does not say of how many reviews it is")


def test_single_reviews_and_their_average_come_together(plain_importer: ReviewImporter) -> None:
    person()
    said = plain_importer(document(clinic(review=[review(1), review(2)], aggregateRating=average())))
    assert (said["read"], said["added"]) == (3, 3)
