"""The pages of the search: what they show, and what they make of anything that is typed."""

import html
import re
from datetime import time

import pytest
from flask import Flask
from flask.testing import FlaskClient

from directory.credentials import rubric
from directory.credentials.models import QualificationScore
from directory.credentials.scoring import rescore_qualification
from directory.extensions import db
from directory.providers.models import (
    AcceptingNewPatients,
    OfficeHours,
    Provider,
    ProviderProduct,
    ProviderService,
    VisitDetails,
)
from directory.ratings.models import RatingEstimate
from directory.reviews.estimating import estimate_ratings
from directory.search.page import adding_up
from directory.web.days import today_in_california
from tests import factories
from tests.search.conftest import Get, npis


def offering(product: str, **values: object) -> Provider:
    provider = factories.provider(**values)
    db.session.add(ProviderProduct(npi=provider.npi, product=product, source_key="demo", as_of=factories.DAY))
    return provider


def test_the_home_page_asks_for_a_place_or_a_name_before_all_else(client: FlaskClient) -> None:
    text = client.get("/").text.partition("<main")[2]
    order = ["Find a doctor near Torrance for neck-spasm injections", 'name="near"', "data-use-location", 'name="name"']
    order += ["tel:911", "New to this?", "Cost?", "Visit soon?", "Licenses checked"]
    order += ["How we rank", "not medical advice"]
    assert [text.index(each) for each in order] == sorted(text.index(each) for each in order)


def test_the_foot_of_every_page_leads_to_a_review_and_to_the_pages_for_practices(client: FlaskClient) -> None:
    foot = client.get("/privacy").text.partition("<footer")[2]
    for path, label in (("/reviews/new", "Review your doctor"), ("/for-practices", "For practices")):
        assert f'<a href="{path}">{label}</a>' in foot


def test_results_show_each_provider_with_its_place_and_reasons(page: Get) -> None:
    provider = factories.provider(name="Zoë O'Neil, MD")
    text = page(near="90503")
    assert npis(text) == [provider.npi]
    assert f'<a href="/providers/{provider.npi}?near=90503">Zoë O\'Neil, MD</a>' in text
    assert "Neurologist" in text
    assert " miles</span> · Torrance" in text
    assert 'href="tel:+1-310-555-0100"' in text
    assert "1 provider within 25 miles." in text
    assert "No reviews yet" in text


def test_those_who_accept_no_new_patients_are_counted_and_one_press_away(page: Get) -> None:
    taken, closed = factories.provider().npi, factories.provider().npi
    confirmed = {"source_key": "demo", "as_of": today_in_california()}
    db.session.add(AcceptingNewPatients(npi=closed, accepting=False, **confirmed))
    text = page(near="90503")
    assert npis(text) == [taken]
    assert "1 more is not accepting new patients." in text
    assert 'href="/search?near=90503&accepting=any"' in text
    everyone = page(near="90503", accepting="any")
    assert set(npis(everyone)) == {taken, closed}
    assert "more is not accepting" not in everyone
    chips = everyone.partition('aria-label="Filters in use"')[2].partition("</ul>")[0]
    assert "Include those not accepting new patients" in chips
    assert 'href="/search?near=90503"' in chips


def test_an_empty_result_of_those_who_are_left_out_by_default_offers_them(page: Get) -> None:
    closed = factories.provider().npi
    therapist = factories.provider(specialties=("225100000X",)).npi
    confirmed = {"source_key": "demo", "as_of": today_in_california()}
    db.session.add(AcceptingNewPatients(npi=closed, accepting=False, **confirmed))
    text = page(near="90503")
    assert npis(text) == []
    for way, found in (("accepting=any", closed), ("specialty=any", therapist)):
        assert f'href="/search?near=90503&{way}"' in text
        assert npis(page(near="90503", **dict([way.split("=")]))) == [found]


def test_the_filters_of_a_visit_find_who_fits_and_say_what_they_mean(page: Get) -> None:
    evening, weekend, woman, other = (factories.provider().npi for _ in range(4))
    confirmed = {"source_key": "demo", "as_of": today_in_california()}
    hours = {"opens_at": time(9), **confirmed}
    db.session.add_all(
        [
            OfficeHours(npi=evening, weekday=4, closes_at=time(18), **hours),
            OfficeHours(npi=weekend, weekday=6, closes_at=time(12), **hours),
            OfficeHours(npi=other, weekday=4, closes_at=time(17, 59), **hours),
            ProviderService(npi=evening, service="telehealth_consultation", **confirmed),
            VisitDetails(npi=woman, step_free=True, **confirmed),
            VisitDetails(npi=other, step_free=False, **confirmed),
        ]
    )
    db.session.get_one(Provider, woman).gender = "F"
    assert set(npis(page(near="90503", hours=["evening", "weekend"]))) == {evening, weekend}
    assert npis(page(near="90503", hours="weekend")) == [weekend]
    assert npis(page(near="90503", telehealth="1")) == [evening]
    assert npis(page(near="90503", gender="F", step_free="1")) == [woman]
    assert "Any gender" in page(near="90503", gender="M")
    text = page(near="90503")
    assert "Evening: open until 6 pm or later on at least one weekday. Weekend: open Saturday or Sunday." in text
    assert "As listed in the national provider registry (NPPES)." in text


def test_the_kinds_of_provider_are_those_who_inject_those_alongside_and_any(page: Get) -> None:
    factories.provider(specialties=("225100000X",))
    select = page(near="90503", specialty="alongside").partition('<select id="specialty"')[2].partition("</select>")[0]
    options = re.findall(r'<option value="([^"]*)"( selected)?>([^<]*)', select)
    assert options[:3] == [
        ("treating", "", "May give injections"),
        ("alongside", " selected", "Physical therapy alongside"),
        ("any", "", "Any specialty"),
    ]
    assert ("225100000X", "", "Physical therapist (1)") in options


def test_a_card_says_strengths_and_what_lowered_its_score_without_saying_distance_and_rating_twice(page: Get) -> None:
    provider = factories.provider()
    factories.license(provider.npi)
    factories.review(provider.npi)
    rescore_qualification(provider.npi)
    estimate_ratings()
    text = re.sub(r"<[^>]+>", "", page(near="90503"))
    assert re.search(r"Strengths: licensed since [^;]+; license verified\.", text)
    assert "What lowered its score: few reviews so far; no verified board certification; no neck treatments" in text
    assert "miles away" not in text
    assert "rated " not in text


def test_a_card_leads_to_the_cost_at_the_provider(page: Get) -> None:
    npi = factories.provider().npi
    assert f'href="/guide/costs?npi={npi}"' in page(near="90503")


def test_a_distance_from_a_rough_place_is_called_approximate(page: Get) -> None:
    provider = factories.provider(at=None)
    factories.location(provider.npi, factories.TORRANCE, precision="zip")
    assert re.search(
        r"About [\d.]+ miles</span> · Torrance <span class=\"soft\">\(located by ZIP code\)", page(near="90503")
    )


def test_demonstration_data_says_so_and_real_data_does_not(page: Get) -> None:
    factories.provider(npi="1750386801")
    assert "is invented. Don’t call" not in page(near="90503")
    factories.provider()
    assert "is invented. Don’t call" in page(near="90503")


def test_the_breakdown_shows_the_engines_numbers_and_adds_up(page: Get) -> None:
    provider = factories.provider()
    db.session.add_all(
        (
            QualificationScore(npi=provider.npi, points=61.7, awards=[], license_verified=True),
            RatingEstimate(npi=provider.npi, estimate=4.37, low=4.1, high=4.6, reviews_counted=12),
        )
    )
    text = page(near="90503", w_proximity="1", w_qualification="1", w_rating="1")
    rows = re.findall(r'<td class="number"><data value="([^"]+)">([^<]+)</data></td>', text)
    (qualification, _), (weight, _), (points, _) = rows[3:6]
    assert float(qualification) == pytest.approx(0.617)
    assert float(weight) == pytest.approx(1 / 3)
    assert float(points) == pytest.approx(0.617 / 3)
    *_, score = (float(value) for value, _ in rows)
    assert score == pytest.approx(sum(float(value) for value, _ in (rows[2], rows[5], rows[8])))
    shown = [round(10 * float(text)) for _, text in (rows[2], rows[5], rows[8], rows[9])]
    assert sum(shown[:3]) == shown[3]
    assert re.search(r"4\.4.*\(likely 4\.1 to 4\.6\)</span> · 12 reviews", text)


@pytest.mark.parametrize(
    ("exact", "total"), [([333.4, 333.4, 333.4], 1000.2), ([0.0, 0.0, 0.0], 0.0), ([350.5, 0.49, 300.0], 650.99)]
)
def test_rounded_points_add_up_and_stay_within_one_of_the_exact(exact: list[float], total: float) -> None:
    rounded, rounded_total = adding_up(exact, total)
    assert sum(rounded) == rounded_total == round(total)
    assert all(abs(number - near) < 1 for number, near in zip(rounded, exact, strict=True))


def test_filters_narrow_and_carry_their_counts(page: Get) -> None:
    with_botox, with_xeomin = offering("botox"), offering("xeomin")
    assert set(npis(page(near="90503"))) == {with_botox.npi, with_xeomin.npi}
    text = page(near="90503", product="botox")
    assert npis(text) == [with_botox.npi]
    assert re.search(r'id="product-botox"[^>]* checked', text)
    xeomin = re.search(r'id="product-xeomin".*?</label>', text, re.DOTALL)
    assert xeomin
    assert re.search(r">, </span>1<", xeomin[0])


def test_a_filter_in_use_can_be_taken_away_by_a_link(page: Get, client: FlaskClient) -> None:
    offering("botox")
    other = factories.provider()
    text = page(near="90503", product="botox", page="1")
    chip = re.search(r'<li><a href="([^"]+)"><span class="visually-hidden">Remove: </span>Botox', text)
    assert chip
    assert other.npi in client.get(chip[1]).text


def test_weights_move_the_order_and_stay_on_the_sliders(page: Get) -> None:
    near = factories.provider()
    rated = factories.provider(at=(factories.TORRANCE[0] + 0.2, factories.TORRANCE[1]))
    db.session.add(RatingEstimate(npi=rated.npi, estimate=4.9, low=4.7, high=5.0, reviews_counted=80))
    assert npis(page(near="90503", w_proximity="100", w_qualification="0", w_rating="0")) == [near.npi, rated.npi]
    text = page(near="90503", w_proximity="20", w_qualification="0", w_rating="60")
    assert npis(text) == [rated.npi, near.npi]
    assert re.search(r'id="w_proximity"[^>]* value="20"', text)
    assert re.search(r'<output for="w_rating">75%', text)


def test_weights_as_shares_move_the_sliders_to_their_own_scale(page: Get) -> None:
    text = page(near="90503", w_proximity="0.5", w_qualification="0.25", w_rating="0.25")
    assert re.search(r'id="w_proximity"[^>]* value="50"', text)


def test_paging_shows_everyone_once_and_links_both_ways(page: Get, client: FlaskClient) -> None:
    everyone = {factories.provider().npi for _ in range(45)}
    pages = [page(near="90503", radius="50", page=number) for number in (1, 2, 3)]
    assert [len(npis(text)) for text in pages] == [20, 20, 5]
    assert {npi for text in pages for npi in npis(text)} == everyone
    assert 'rel="prev"' not in pages[0]
    assert 'rel="next"' not in pages[2]
    assert re.search(r'<a aria-current="page" aria-label="Page 2"', pages[1])
    onward = re.search(r'<a rel="next" href="([^"]+)"', pages[1])
    assert onward
    assert npis(client.get(onward[1]).text) == npis(pages[2])
    assert "Showing 41 to 45" in pages[2]
    assert '<ol class="results" id="results" start="41"' in pages[2]


def test_a_page_beyond_the_last_is_the_last(page: Get) -> None:
    provider = factories.provider()
    assert npis(page(near="90503", page=10**12)) == [provider.npi]


def test_an_empty_result_leads_to_searches_that_find_somebody(page: Get, client: FlaskClient) -> None:
    provider = offering("xeomin")
    text = page(near="90503", product="botox")
    assert "No providers found within 25 miles" in text
    way_out = re.search(r'<li><a href="([^"]+)">Any product</a> <span class="soft">1 provider</span>', text)
    assert way_out
    assert npis(client.get(way_out[1]).text) == [provider.npi]


def test_when_no_single_change_helps_all_filters_can_go(page: Get, client: FlaskClient) -> None:
    provider = offering("xeomin")
    db.session.add(AcceptingNewPatients(npi=provider.npi, accepting=False, source_key="demo", as_of=factories.DAY))
    text = page(near="90503", product="botox", accepting="1")
    way_out = re.search(r'<li><a href="([^"]+)">Remove all filters', text)
    assert way_out
    assert npis(client.get(way_out[1]).text) == [provider.npi]


def test_nobody_at_all_still_leads_on(page: Get) -> None:
    assert 'href="/search?near=Torrance%2C+CA"' in page(near="04401")


def test_an_ambiguous_place_offers_its_namesakes(page: Get, client: FlaskClient) -> None:
    text = page(near="Springfield", product="botox")
    choice = re.search(r'<li><a href="([^"]+)">Springfield, IL</a>', text)
    assert choice
    assert "product=botox" in choice[1]
    assert "Providers near Springfield, IL" in client.get(choice[1]).text


def test_a_place_around_home_is_searched_and_its_namesake_is_offered(page: Get, client: FlaskClient) -> None:
    text = page(near="Lennox", product="botox")
    assert "Providers near Lennox, CA" in text
    assert "There is also Lennox, SD" in text
    other = re.search(r'<li><a href="([^"]+)">Lennox, SD</a>', text)
    assert other
    assert "product=botox" in other[1]
    assert "Providers near Lennox, SD" in client.get(other[1]).text


def test_a_name_that_is_only_known_far_away_is_offered_and_not_searched(page: Get) -> None:
    text = page(400, near="Winnemucca")
    assert re.search(r"<li><a href=\"[^\"]+\">Winnemucca, NV</a>", text)
    assert "only farther away" in text


def test_a_misspelled_place_offers_the_nearest_names_and_keeps_what_was_typed(page: Get) -> None:
    text = page(400, near="Torrence")
    assert re.search(r"<li><a href=\"[^\"]+\">Torrance, CA</a>", text)
    assert 'value="Torrence"' in text


def test_the_bare_address_asks_for_a_place_without_scolding(page: Get) -> None:
    text = page()
    assert 'id="near"' in text
    assert 'id="error-summary"' not in text


def test_errors_stand_at_the_top_and_at_their_field_and_keep_what_was_typed(page: Get) -> None:
    text = page(400, near="90503", radius="-1", product="snake oil", w_rating="lots")
    for field in ("radius", "product", "w_rating"):
        link = re.search(rf'<li><a href="#{field}">', text)
        assert link, field
        assert f'id="{field}"' in text
    assert 'value="90503"' in text
    assert '<option value="-1" selected>' in text
    assert re.search(r'id="product-snake oil"[^>]* checked', text)
    for sentence in ("more than 0 and up to 500.", "We don’t list “snake oil” here.", "Type each weight"):
        assert text.count(sentence) == 2, "once at the top, once at the field"


@pytest.mark.parametrize(
    "parameter", ["page", "accepting", "verified", "service", "language", "insurance", "specialty"]
)
def test_every_mistake_at_the_top_leads_to_a_field(page: Get, parameter: str) -> None:
    text = page(400, near="90503", **{parameter: "nonsense"})
    target = re.search(r'<li><a href="#([\w-]+)">', text)
    assert target
    assert f'id="{target[1]}"' in text


BAD = {
    "empty": "",
    "long": "x" * 10_000,
    "emoji": "🩺🏥",
    "sql": "' OR 1=1 --",
    "script": "<script>alert(1)</script>",
    "minus": "-1",
    "nan": "nan",
    "too large": "1e309",
    "huge": str(10**12),
    "many digits": "9" * 5000,
    "latitude": "91, 181",
    "null": "a\x00b",
    "other digits": "٣٤٥",
    "newline": "90503\r\nX-Injected: 1",
    "format": "%s%n{{7*7}}",
}
PARAMETERS = (
    *("near", "radius", "specialty", "product", "service", "insurance", "accepting", "language", "verified"),
    *("w_proximity", "w_qualification", "w_rating", "page", "unknown"),
)


@pytest.mark.parametrize("parameter", PARAMETERS)
def test_nothing_that_is_typed_breaks_the_page(app: Flask, parameter: str) -> None:
    for what, typed in BAD.items():
        answer = app.test_client().get("/search", query_string={"near": "90503", parameter: typed})
        assert answer.status_code in {200, 400}, what
        assert "<script>alert" not in answer.text, what
        assert (answer.status_code == 400) == ('id="error-summary"' in answer.text), what


@pytest.mark.parametrize(
    "query",
    [
        "near=90503&w_proximity=0&w_qualification=0&w_rating=0",
        "near=90503&w_proximity=-1",
        "near=90503&radius=501",
        "near=90503&radius=0",
        "near=90503&specialty=NOSUCHCODE",
        "near=90503&page=0",
        "near=91,-118",
    ],
)
def test_what_cannot_be_meant_is_refused_with_a_sentence(sqlite_app: Flask, query: str) -> None:
    answer = sqlite_app.test_client().get(f"/search?{query}")
    assert answer.status_code == 400
    assert 'id="error-summary"' in answer.text


def test_htmx_gets_the_part_alone_and_caches_keep_them_apart(page: Get, client: FlaskClient) -> None:
    provider = factories.provider()
    text = page(near="90503", headers={"HX-Request": "true"})
    assert npis(text) == [provider.npi]
    assert "<html" not in text
    answer = client.get("/search?near=90503")
    assert "HX-Request" in answer.headers["Vary"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_part_for_htmx_is_the_same_as_in_the_full_page(page: Get) -> None:
    factories.provider()
    whole = page(near="90503")
    part = page(near="90503", headers={"HX-Request": "true"})
    part = part[part.index("</title>") + len("</title>") :]
    assert re.sub(r"\s+", "", part) in re.sub(r"\s+", "", whole)


def test_going_back_gets_the_whole_page(page: Get) -> None:
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert "<html" in page(near="90503", headers=headers)


def test_how_we_rank_shows_the_rubric_of_the_code(client: FlaskClient) -> None:
    text = html.unescape(client.get("/how-we-rank").text)
    for line in rubric.RUBRIC:
        assert f'<td class="number">{line.points}</td><td>{line.what_for}</td>' in text
    assert '<td class="number">35%</td>' in text
    assert "half after 10 miles" in text
    assert all(line.caution in text for line in rubric.RUBRIC if line.caution)
