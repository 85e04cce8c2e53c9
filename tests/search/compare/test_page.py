"""The comparison as readers see it: what stands where, what is marked, and what is made of anything typed."""

from datetime import date, time

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from directory.credentials.scoring import rescore_qualification
from directory.credentials.status import CredentialStatus
from directory.extensions import db
from directory.providers.models import (
    AcceptingNewPatients,
    OfficeHours,
    PostedFee,
    Provider,
    ProviderInsurance,
    VisitDetails,
)
from directory.providers.sources import known_source
from directory.reviews.display.outcomes import MIN_ANSWERS
from directory.web.days import today_in_california
from tests import factories
from tests.in_spanish import english_in
from tests.search.compare.rows import SAID, compare, full, offering, rated, reporting

FARTHER = (33.95, -118.34)


@pytest.fixture
def client(sqlite_app: Flask) -> FlaskClient:
    """What is read is tried on both databases beside this; how it is shown does not differ between them."""
    return sqlite_app.test_client()


def test_nobody_to_compare_is_told_how_to_choose(client: FlaskClient) -> None:
    page = compare(client)
    assert "See up to 4 providers side by side" in page.text
    assert 'href="/search"' in page.html
    assert "<table" not in page.html


def test_one_provider_is_shown_and_another_is_asked_for(client: FlaskClient) -> None:
    page = compare(client, full().npi)
    assert "This is only one provider" in page.text
    assert 'class="mark' not in page.html
    assert "same for all" not in page.text
    assert "Show only differences" not in page.text


def test_columns_keep_the_order_given_and_name_each_provider(client: FlaskClient) -> None:
    first, second = factories.provider(name="Ada First, MD"), factories.provider(name="Zoë Second, MD")
    page = compare(client, second.npi, first.npi)
    assert page.names == ["Zoë Second, MD", "Ada First, MD"]
    assert f'<a href="/providers/{first.npi}">Ada First, MD</a>' in page.html


def test_a_saved_provider_that_was_merged_leads_to_the_one_it_went_into(client: FlaskClient) -> None:
    kept, other, gone = (factories.provider(name=name) for name in ("Ada Kept, MD", "Zoë Other, MD", "A. Kept, MD"))
    gone.merged_into = kept.npi
    db.session.flush()
    assert compare(client, other.npi, gone.npi).names == ["Zoë Other, MD", "Ada Kept, MD"]
    page = compare(client, gone.npi, kept.npi)
    assert page.names == ["Ada Kept, MD"]
    assert "We don’t list" not in page.text


def test_every_row_has_a_cell_for_each_provider(client: FlaskClient) -> None:
    page = compare(client, full().npi, factories.provider().npi, factories.provider(at=None).npi, near="90503")
    assert {len(page.row(label)) for label in page.labels} == {3}


def test_everything_that_is_known_stands_in_its_row(client: FlaskClient) -> None:
    page = compare(client, full().npi, factories.provider().npi, near="90503")
    for label, words in {
        "License": "License verified",
        "Distance": "miles",
        "Address": "Example Street",
        "State license": "20.0 of 20 Active, no public discipline, valid until January 1, 2030",
        "Neck treatments": "40 neck treatments billed to Medicare in 2023",
        "Credentials": "California license (verified)",
        "Rating": "likely 4.1 to 4.8, from 12 reviews",
        "First relief": "half felt it within 6 days (5 answers)",
        "Peak relief": "5 of 5 said that most or all of it went away",
        "How long it lasted": "for half, 12 weeks or longer (5 answers)",
        "Pain at the injection": "3.0 of 10 on average; half said 3 or less (5 answers)",
        "New patients": "Accepts new patients",
        "Products": "Botox, Xeomin",
        "Services": "EMG guidance",
        "Languages": "English, Spanish",
        "Insurance": "Aetna",
        "Consultation": "$80 to $120",
        "Product, one unit: Botox": "$80 to $120",
        "What you can do": "(310) 555-0100",
    }.items():
        assert words in page.row(label)[0], label
    assert page.row("Products")[1] == "Not listed"
    assert page.row("Consultation")[1] == "Not posted"
    assert page.row("Rating")[1] == "No reviews yet"
    assert page.row("Credentials")[1] == "No credentials listed."


def test_facts_carry_their_source_and_day(client: FlaskClient) -> None:
    known_source("clinic")
    provider = full()
    assert provider.accepting
    provider.accepting.source_key = "clinic"
    page = compare(client, provider.npi)
    month = f"{today_in_california():%B %Y}"
    assert page.row("New patients") == [f"Accepts new patients Reported by the practice, last confirmed {month}"]
    assert f"Demonstration data (invented), last confirmed {month}" in page.row("Consultation")[0]
    assert "Demonstration data (invented), last confirmed January 2026" in page.row("Address")[0]
    for label in ("State license", "Products"):
        assert "Demonstration data (invented), January 2, 2026" in page.row(label)[0], label


def test_next_steps_lead_to_questions_costs_and_the_page(client: FlaskClient) -> None:
    npi = full().npi
    page = compare(client, npi)
    for address in (f"/providers/{npi}", "/guide/prepare", f"/guide/costs?npi={npi}", "tel:+1-310-555-0100"):
        assert f'href="{address}"' in page.html


def test_what_is_only_claimed_says_so_and_earns_nothing(client: FlaskClient) -> None:
    provider, other = factories.provider(), factories.provider()
    factories.license(provider.npi).status = CredentialStatus.CLAIMED
    page = compare(client, provider.npi, other.npi)
    assert page.row("License")[0] == "License not verified"
    assert page.row("Credentials")[0].startswith("California license (claimed, not verified)")
    assert page.row("State license")[0] == "0.0 of 20 Claimed, not verified"
    assert page.marks("Credentials") == [None, None]
    assert page.marks("State license") == [None, None]


def test_the_nearest_and_the_most_qualified_are_marked(client: FlaskClient) -> None:
    near, qualified = factories.provider(), full(at=FARTHER)
    page = compare(client, near.npi, qualified.npi, near="90503")
    assert page.marks("Distance") == ["nearest", None]
    assert page.marks("Total points") == [None, "most points"]


def test_two_at_one_address_are_equally_near(client: FlaskClient) -> None:
    npis = [factories.provider().npi, factories.provider().npi, factories.provider(at=FARTHER).npi]
    together = "tied for nearest"
    assert compare(client, *npis, near="90503").marks("Distance") == [together, together, None]


def test_a_rough_address_makes_the_nearest_uncertain(client: FlaskClient) -> None:
    rough = factories.provider(at=None)
    factories.location(rough.npi, FARTHER, precision="zip")
    page = compare(client, factories.provider().npi, rough.npi, near="90503")
    mark = page.marks("Distance")[0]
    assert mark is not None
    assert "one address is approximate" in mark
    assert page.row("Distance")[1].startswith("About ")


def test_the_highest_rating_is_plainly_so_only_when_intervals_are_apart(client: FlaskClient) -> None:
    high = rated(factories.provider(), 4.8, 4.6, 4.9)
    apart, touching = rated(factories.provider(), 3.9, 3.2, 4.4), rated(factories.provider(), 4.5, 3.9, 4.7)
    assert compare(client, high.npi, apart.npi).marks("Rating") == ["highest estimate", None]
    by_chance = "highest estimate, could be chance"
    assert compare(client, high.npi, apart.npi, touching.npi).marks("Rating") == [by_chance, None, None]


def test_ratings_that_look_the_same_are_the_same(client: FlaskClient) -> None:
    one, other = rated(factories.provider(), 4.46, 4.11, 4.79), rated(factories.provider(), 4.54, 4.09, 4.81)
    page = compare(client, one.npi, other.npi)
    assert page.marks("Rating") == [None, None]
    assert page.is_same("Rating")


def test_an_estimate_without_reviews_of_our_own_says_what_it_rests_on(client: FlaskClient) -> None:
    page = compare(client, rated(factories.provider(), 4.2, 3.5, 4.6, reviews_counted=0).npi)
    assert "likely 3.5 to 4.6, from averages that other sources give" in page.row("Rating")[0]


def test_outcomes_of_few_are_not_shown(client: FlaskClient) -> None:
    page = compare(client, reporting(factories.provider(), MIN_ANSWERS - 1, pain=2).npi)
    assert page.row("Pain at the injection") == ["Not shown: fewer than 5 answers"]


def test_outcomes_that_overlap_may_be_chance(client: FlaskClient) -> None:
    mild, rough = factories.provider(), factories.provider()
    for pain in (1, 2, 3, 4, 9):
        reporting(mild, 1, pain=pain)
    reporting(rough, 5, pain=7)
    chance = "least pain, could be chance"
    assert compare(client, mild.npi, rough.npi).marks("Pain at the injection") == [chance, None]
    gentle = reporting(factories.provider(), 5, pain=1)
    assert compare(client, gentle.npi, rough.npi).marks("Pain at the injection") == ["least pain", None]


def test_pain_is_the_same_only_with_the_same_average(client: FlaskClient) -> None:
    even, uneven = reporting(factories.provider(), 5, pain=3), factories.provider()
    for pain in (1, 2, 3, 3, 4):
        reporting(uneven, 1, pain=pain)
    page = compare(client, even.npi, uneven.npi)
    assert page.marks("Pain at the injection") == [None, None]
    assert not page.is_same("Pain at the injection")
    assert compare(client, even.npi, reporting(factories.provider(), 6, pain=3).npi).is_same("Pain at the injection")


def test_the_only_one_is_named_and_silence_of_others_is_no_no(client: FlaskClient) -> None:
    both = offering(factories.provider(), products=["botox", "xeomin"], languages=["es"], accepting=True)
    one = offering(factories.provider(), products=["xeomin"], accepting=False)
    page = compare(client, both.npi, one.npi)
    assert page.marks("Products") == ["only one with Botox", None]
    assert page.marks("Languages") == ["only one known to speak Spanish", None]
    assert page.marks("New patients") == ["only one that accepts new patients", None]


def test_what_was_confirmed_long_ago_makes_nobody_stand_out(client: FlaskClient) -> None:
    old, new = offering(factories.provider(), insurances=["aetna"], accepting=True), offering(factories.provider())
    for npi, fee in ((old.npi, 80), (new.npi, 100)):
        values = {"fee": "consultation", "low_usd": fee, "high_usd": fee}
        db.session.add(PostedFee(npi=npi, **values, **SAID))
    db.session.flush()
    page = compare(client, old.npi, new.npi)
    rows = ("New patients", "Insurance", "Consultation")
    assert all(page.marks(row)[0] for row in rows)
    for table in (AcceptingNewPatients, ProviderInsurance, PostedFee):
        db.session.execute(update(table).where(table.npi == old.npi).values(as_of=date(2019, 6, 4)))
    db.session.commit()
    page = compare(client, old.npi, new.npi)
    for row in rows:
        assert page.marks(row) == [None, None]
        assert "last confirmed June 2019, so ask if this is still true" in page.row(row)[0]


def test_the_lowest_fee_is_plainly_so_only_when_ranges_are_apart(client: FlaskClient) -> None:
    npis = []
    for low, high in ((100, 100), (150, 200), (90, 160)):
        npis.append(factories.provider().npi)
        db.session.add(PostedFee(npi=npis[-1], fee="consultation", low_usd=low, high_usd=high, **SAID))
    assert compare(client, *npis[:2]).marks("Consultation") == ["lowest", None]
    assert compare(client, *npis).marks("Consultation")[2] == "starts lowest, but the ranges overlap"


def test_what_is_the_same_says_so_and_is_left_out_unless_asked_for(client: FlaskClient) -> None:
    one, other = full(), full(at=FARTHER)
    page = compare(client, one.npi, other.npi, near="90503")
    assert page.is_same("Products")
    assert not page.is_same("Distance")
    assert f'href="/compare?npi={one.npi}&amp;npi={other.npi}&amp;near=90503"' in page.html
    short = compare(client, one.npi, other.npi, near="90503", all="")
    assert f"/compare?npi={one.npi}&amp;npi={other.npi}&amp;near=90503&amp;all=1" in short.html
    assert "Products" not in short.labels
    assert "Distance" in short.labels
    assert "What you can do" in short.labels
    left_out = len(page.labels) - len(short.labels)
    assert f"{left_out} rows that are the same for all are left out" in short.text


def test_the_two_that_are_chosen_come_first_and_a_phone_shows_them(client: FlaskClient) -> None:
    names = ["Ada", "Bea", "Cleo", "Dora"]
    npis = [factories.provider(name=name).npi for name in names]
    page = compare(client, *npis, left=npis[3], right=npis[1])
    assert page.names == ["Dora", "Bea", "Ada", "Cleo"]
    assert page.html.count('<th scope="col" class="away">') == 2
    assert f'<option value="{npis[3]}" selected>Dora</option>' in page.html
    assert compare(client, *npis, left=npis[2], right=npis[2]).names == ["Cleo", "Ada", "Bea", "Dora"]
    assert compare(client, *npis, left="1234567893", right="<b>").names == names
    assert 'name="left"' not in compare(client, *npis[:2]).html


def visited(wait: str, explained: int, paid: str) -> Provider:
    provider = factories.provider()
    for _ in range(5):
        factories.review(provider.npi, wait=wait, explained=explained, paid=paid)
    db.session.flush()
    return provider


def test_waits_explanations_and_payments_are_compared_and_marked_only_where_sure(client: FlaskClient) -> None:
    quick, slow = visited("week", 5, "nothing"), visited("longer", 2, "2000_more")
    page = compare(client, quick.npi, slow.npi)
    wait, explained, paid = "Wait for an appointment", "How well the plan was explained", "What patients paid"
    assert page.row(wait) == ["up to a week (5 answers) shortest wait", "more than three months (5 answers)"]
    assert page.row(explained) == ["5.0 of 5 on average (5 answers) explained best", "2.0 of 5 on average (5 answers)"]
    assert page.row(paid) == ["nothing (5 answers) patients paid least", "$2,000 or more (5 answers)"]
    factories.review(quick.npi, wait="longer", explained=1, paid="2000_more")
    page = compare(client, quick.npi, slow.npi)
    assert [page.marks(row) for row in (wait, explained, paid)] == [[None, None]] * 3
    assert compare(client, quick.npi, factories.provider().npi).row(wait)[1] == "Not shown: fewer than 5 answers"


def visiting(closes_at: time, weekday: int, **details: bool | None) -> Provider:
    provider = factories.provider(gender="F")
    db.session.add(OfficeHours(npi=provider.npi, weekday=weekday, opens_at=time(8), closes_at=closes_at, **SAID))
    if details:
        db.session.add(VisitDetails(npi=provider.npi, **details, **SAID))
    db.session.flush()
    return provider


def test_hours_access_and_gender_are_compared(client: FlaskClient) -> None:
    late = visiting(time(19), 0, step_free=True, referral_needed=False)
    early = visiting(time(17), 1, step_free=False, referral_needed=None)
    page = compare(client, late.npi, early.npi)
    assert page.row("Office hours")[0].startswith("Monday: 8 am to 7 pm")
    assert page.marks("Office hours") == ["only one with evening hours", None]
    assert page.marks("Step-free access") == ["only one with step-free access", None]
    assert page.row("Referral needed")[1] == "Not listed"
    assert "Female" in page.row("About this provider")[0]
    weekend = visiting(time(12), 5)
    page = compare(client, weekend.npi, early.npi)
    assert page.marks("Office hours") == ["only one with weekend hours", None]
    assert page.marks("Step-free access") == [None, None]
    db.session.execute(update(OfficeHours).values(as_of=date(2019, 6, 4)))
    page = compare(client, late.npi, early.npi)
    assert page.marks("Office hours") == [None, None]
    assert "so ask if this is still true" in page.row("Office hours")[0]


def test_what_is_known_of_injections_is_compared(client: FlaskClient) -> None:
    page = compare(client, full().npi, factories.provider().npi)
    known, unknown = page.row("Neck injections")
    billed, given = (
        "40 neck injections billed to Medicare in 2023",
        "Gives Botox, Xeomin (demonstration data, January 2026)",
    )
    assert known == f"{billed} {given}"
    assert unknown == "Injections not confirmed: ask"


def test_distances_are_not_the_same_for_all_when_nobody_said_from_where(client: FlaskClient) -> None:
    page = compare(client, full().npi, full().npi)
    assert page.row("Distance") == ["Type where you are"]
    assert not page.is_same("Distance")


def test_a_provider_is_removed_by_a_link_that_keeps_the_rest(client: FlaskClient) -> None:
    npis = [factories.provider().npi for _ in range(3)]
    page = compare(client, *npis, near="Torrance, CA")
    rest = f"/compare?npi={npis[0]}&amp;npi={npis[2]}&amp;near=Torrance,+CA&amp;all=1"
    assert f'href="{rest}" data-shortlist-remove="{npis[1]}"' in page.html


def test_the_form_of_the_place_keeps_the_providers(client: FlaskClient) -> None:
    npis = [factories.provider().npi for _ in range(2)]
    page = compare(client, *npis)
    form = page.html[page.html.index('<details class="compare-place"') :]
    form = form[: form.index("</form>")]
    assert [f'<input type="hidden" name="npi" value="{npi}">' in form for npi in npis] == [True, True]
    assert 'formaction="/search"' in form


class TestThoseWhoAreNotRanked:
    """Excluded, license not active, number deactivated: said first and in words, and never marked."""

    @pytest.fixture
    def ordinary(self, sqlite_app: Flask) -> str:
        return factories.provider(name="Ordinary Example, MD", at=FARTHER).npi

    def test_an_excluded_provider_is_said_to_be_so_and_wins_nothing(self, client: FlaskClient, ordinary: str) -> None:
        provider = full(name="Excluded Example, MD")
        factories.exclusion(provider.npi)
        rescore_qualification(provider.npi)
        page = compare(client, provider.npi, ordinary, near="90503")
        why = "excluded by the OIG since January 1, 2025"
        assert f"Excluded Example, MD is not ranked: {why}." in page.text
        assert page.text.index(why) < page.text.index("Distance")
        assert page.row("License")[0] == f"Not ranked: {why}"
        assert {page.marks(label)[0] for label in page.labels} == {None}
        assert page.row("What you can do")[0] == "Page of Excluded Example, MD"

    def test_a_license_that_ended_is_said_to_be_so(self, client: FlaskClient, ordinary: str) -> None:
        provider = factories.provider()
        factories.license(provider.npi).expires_on = date(2024, 5, 1)
        page = compare(client, provider.npi, ordinary)
        assert page.row("License")[0] == "Not ranked: California license expired on May 1, 2024"

    def test_a_deactivated_number_is_said_to_be_so(self, client: FlaskClient, ordinary: str) -> None:
        provider = full(deactivated_on=factories.DAY)
        page = compare(client, provider.npi, ordinary, near="90503")
        assert "this provider number was deactivated on January 2, 2026" in page.text
        assert {page.marks(label)[0] for label in page.labels} == {None}


class TestMistakes:
    """Nothing that is typed breaks the page; each mistake is said in words."""

    def test_a_text_that_is_no_number(self, client: FlaskClient) -> None:
        page = compare(client, "abc<b>", factories.provider().npi)
        assert "“abc<b>” is not a provider number, which has ten digits." in page.text
        assert "abc<b>" not in page.html

    def test_nothing_but_texts_that_are_no_numbers(self, client: FlaskClient) -> None:
        page = compare(client, *(f"x{number}" for number in range(9)), status=400)
        assert "5 more items in the web address are not provider numbers." in page.text
        assert 'href="/search"' in page.html

    def test_an_unknown_number(self, client: FlaskClient) -> None:
        page = compare(client, "1234567893", status=404)
        assert "We don’t list a provider with the number 1234567893." in page.text

    def test_a_repeated_number(self, client: FlaskClient) -> None:
        provider = factories.provider()
        page = compare(client, provider.npi, provider.npi)
        assert page.names == [provider.name]
        assert f"The number {provider.npi} was given more than once; it is shown once." in page.text

    def test_more_than_fit(self, client: FlaskClient) -> None:
        npis = [factories.provider().npi for _ in range(5)]
        page = compare(client, *npis)
        assert len(page.names) == 4
        assert "At most 4 providers fit side by side. 1 more was left out." in page.text

    def test_a_place_that_nobody_knows(self, client: FlaskClient) -> None:
        page = compare(client, full().npi, near="Nowhereville, ZZ")
        assert "We couldn’t find" in page.text
        assert 'value="Nowhereville, ZZ"' in page.html
        assert page.row("Distance") == ["Type where you are"]

    def test_a_place_of_which_there_are_several(self, client: FlaskClient) -> None:
        provider = factories.provider()
        page = compare(client, provider.npi, near="Springfield", all="")
        assert "Did you mean:" in page.text
        assert f'href="/compare?npi={provider.npi}&amp;near=Springfield%2C+' in page.html

    def test_a_place_with_a_namesake(self, client: FlaskClient) -> None:
        provider = factories.provider()
        page = compare(client, provider.npi, near="Lennox", all="")
        assert "Did you mean:" in page.text
        assert f'href="/compare?npi={provider.npi}&amp;near=Lennox%2C+SD"' in page.html
        assert page.row("Distance") != ["Type where you are"]

    @pytest.mark.parametrize("near", ["\0", "x" * 5000, "' OR 1=1 --", "<script>", "99999"])
    def test_any_text_as_a_place(self, client: FlaskClient, near: str) -> None:
        page = compare(client, factories.provider().npi, near=near)
        assert page.row("Distance") == ["Type where you are"]
        assert "<script>" not in page.html.partition("<main")[2]

    def test_anything_as_the_choice_of_rows(self, client: FlaskClient) -> None:
        assert "Products" in compare(client, full().npi, offering(factories.provider()).npi, all="perhaps").labels


def test_demonstration_data_says_so(client: FlaskClient) -> None:
    assert "is invented. Don’t call" in compare(client, factories.provider().npi).text
    assert "is invented. Don’t call" not in compare(client, factories.provider(npi="1750386801").npi).text


def test_the_page_is_in_spanish_with_the_names_of_products_and_languages(client: FlaskClient) -> None:
    page = compare(client, full().npi, factories.provider().npi, path="/es/compare", near="90503")
    assert "Comparar proveedores" in page.text
    assert "solo este" in page.text
    assert "Not listed" not in page.text
    assert english_in(page.html) == []


class TestChoosing:
    """From results and a provider's page to the comparison, without JavaScript."""

    def test_results_offer_a_box_each_and_a_form_that_passes_the_place(self, client: FlaskClient) -> None:
        provider = factories.provider()
        db.session.commit()
        text = client.get("/search?near=90503").text
        box = f'id="shortlist-{provider.npi}" name="npi" value="{provider.npi}" form="choosing"'
        assert box in text
        form = text[text.index('id="choosing"') :].partition("</form>")[0]
        assert 'action="/compare"' in text
        assert '<input type="hidden" name="near" value="90503">' in form

    def test_a_search_for_others_brings_the_compared_along(self, client: FlaskClient) -> None:
        here, elsewhere = factories.provider(), factories.provider(at=(40.7, -74.0))
        db.session.commit()
        text = client.get(f"/search?near=90503&npi={here.npi}&npi={elsewhere.npi}").text
        assert f'value="{here.npi}" form="choosing" autocomplete="off" data-shortlist checked' in text
        form = text[text.index('id="choosing"') :].partition("</form>")[0]
        assert form.count(f'name="npi" value="{elsewhere.npi}"') == 2
        assert form.count(f'name="npi" value="{here.npi}"') == form.count('form="search-form"') - 1 == 1

    def test_a_providers_page_leads_to_the_comparison(self, client: FlaskClient) -> None:
        npi = factories.provider().npi
        db.session.commit()
        assert f'href="/compare?npi={npi}"' in client.get(f"/providers/{npi}").text
