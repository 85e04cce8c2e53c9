"""The estimator says where each figure is from, works the sum out in the open, and refuses what makes no sense."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from directory.extensions import db
from directory.guide.costs import MAX_UNITS, about, as_typed, percent, unit_price, usd
from directory.guide.estimator.filled_in import MIN_PROVIDERS, encode_shown, find_stale
from directory.guide.estimator.medicines import LIMIT_UNITS, find_doses, find_vial_sizes, medicare_price
from directory.providers.models import PaymentLimit, PostedFee, Provider, ProviderProduct
from directory.providers.offerings import HCPCS_OF_PRODUCT, PRODUCTS
from directory.providers.queries import fees_of, fees_of_all
from directory.providers.sources import known_source
from directory.web.amounts import typed_number
from directory.web.facts import fact
from tests import factories
from tests.imports.published import real_npi

COSTS = "/guide/costs"
FEES = {"procedure_low": "200", "guidance_low": "80", "visit_low": "150"}


def shown(app: Flask, path: str = COSTS, /, status: int = 200, **typed: str) -> str:
    """The page's words on one line, without its tags but with what stands in its inputs."""
    answer = app.test_client().get(path, query_string=typed)
    assert answer.status_code == status, answer.text
    text = re.sub(r'<input [^>]*name="(\w+)" value="([^"]*)"[^>]*>', r" \1=[\2] ", answer.text)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def before(app: Flask, **typed: str) -> str:
    """What the page would send along when its form is sent."""
    page = app.test_client().get(COSTS, query_string=typed).text
    found = re.search(r'name="before" value="([^"]*)"', page)
    assert found
    return unescape(found[1])


def limit(product: str, usd_: str, quarter: date, units: int = 1) -> None:
    known_source("cms_asp")
    code = HCPCS_OF_PRODUCT[product]
    db.session.add(
        PaymentLimit(
            hcpcs_code=code,
            quarter_starts_on=quarter,
            dosage_units=units,
            limit_usd=Decimal(usd_),
            source_key="cms_asp",
            as_of=quarter,
        )
    )
    db.session.commit()


def posting(fees: dict[str, tuple[str, str]], npi: str | None = None, product: str | None = None) -> str:
    """A provider who has posted fees; returns the NPI."""
    values = {"npi": npi} if npi else {}
    provider = factories.provider(**values)
    provider.fees = [
        PostedFee(
            fee=fee,
            product=product if fee == "product_unit" else None,
            low_usd=Decimal(low),
            high_usd=Decimal(high),
            source_key="demo",
            as_of=factories.DAY,
        )
        for fee, (low, high) in fees.items()
    ]
    db.session.commit()
    return provider.npi


@pytest.mark.postgresql
def test_the_first_view_fills_in_the_label_dose_and_the_payment_limit_with_its_quarter(app: Flask) -> None:
    page = shown(app)
    assert "Source: Botox in cervical dystonia, dose, botoxone.com." in page
    assert all(
        f"{name}=[{value}]" in page
        for name, value in zip(("dose_low", "dose_typical", "dose_high"), (198, 236, 300), strict=True)
    )
    assert "Medicare payment limit, 2nd quarter 2026, CMS ASP file: $6.512 for 1 unit (J0585)." in page
    assert "price_low=[6.512]" in page
    assert "coinsurance=[20]" in page


def test_fees_that_nobody_posted_are_asked_for_and_said_to_be_left_out(sqlite_app: Flask) -> None:
    page = shown(sqlite_app)
    assert page.count("We have no price. Ask the clinic. Leave blank to leave it out of the total.") == 3
    told = "These are left out because we have no price. Your real bill will be higher."
    assert f"{told} The procedure fee The guidance fee The visit fee" in page
    assert "The guidance fee The visit fee" not in shown(sqlite_app, guidance="no")
    assert "These are left out" not in shown(sqlite_app, **FEES)


def test_the_sum_is_worked_out_line_by_line(sqlite_app: Flask) -> None:
    page = shown(sqlite_app, deductible="100", **FEES)
    # the case that tests/guide/test_costs.py works out by hand, in the middle column
    assert "You would pay about $560 From $430 to $560" in page
    assert "You pay $426.48 $556.72 $556.72" in page
    assert "300 units 1 × 200 + 1 × 100" in page
    assert "$1,953.60 300 × $6.512" in page
    assert "$416.77 300 − 236 = 64" in page
    assert "20% × ($2,383.60 − $100.00)" in page
    assert "Your plan pays $1,305.92 $1,826.88 $1,826.88" in page


def test_both_sides_on_one_day_are_billed_with_the_modifier(sqlite_app: Flask) -> None:
    page = shown(sqlite_app, sides="both", **FEES)
    assert "Procedure, both sides (CPT 64616, modifier 50) $300.00 150% × $200.00" in page


def test_a_deductible_that_was_not_typed_is_said_to_be_missing(sqlite_app: Flask) -> None:
    assert "No deductible is counted because you didn’t type one." in shown(sqlite_app)
    assert "No deductible is counted" not in shown(sqlite_app, deductible="0")
    assert "No deductible is counted" not in shown(sqlite_app, payer="self_pay")


def test_who_pays_alone_pays_the_charges_whatever_was_typed_of_a_plan(sqlite_app: Flask) -> None:
    page = shown(sqlite_app, payer="self_pay", copay="40", **FEES)
    assert "You would pay about $2,400" in page
    assert "we didn’t use what you typed about a plan" in page


def test_a_plan_of_which_nothing_is_known_gets_no_sum_of_its_own(sqlite_app: Flask) -> None:
    page = shown(sqlite_app, payer="commercial")
    assert "We don’t know your share yet. Type your coinsurance or your copay." in page
    assert "The clinic bills about $1,950 in total." in page
    assert "You would pay about $40 " in shown(sqlite_app, payer="commercial", copay="40")
    assert "don’t know your share yet" in shown(sqlite_app, coinsurance="")


def test_an_imported_quarter_that_has_begun_wins_with_its_name(app: Flask) -> None:
    limit("botox", "6.400", date(2026, 1, 1))
    assert "2nd quarter 2026, CMS ASP file: $6.512" in shown(app)  # older than the one built in
    limit("botox", "6.700", date(2026, 7, 1))
    limit("botox", "9.999", date(2099, 1, 1))
    page = shown(app)
    assert "Medicare payment limit, 3rd quarter 2026, CMS ASP file: $6.70 for 1 unit (J0585)." in page
    assert "price_low=[6.7]" in page


def test_a_limit_for_several_units_is_divided(sqlite_app: Flask) -> None:
    page = shown(sqlite_app, product="dysport")
    assert "price_low=[1.7806]" in page
    assert "$8.903 for 5 units (J0586)" in page
    assert "price_low=[0.13283]" in shown(sqlite_app, product="myobloc")


def test_doses_that_are_not_confirmed_say_so(sqlite_app: Flask) -> None:
    assert "Source: Label of Dysport, starting dose. Not confirmed." in shown(sqlite_app, product="dysport")
    page = shown(sqlite_app, product="daxxify")
    assert "Typical is just the middle of the range." in page
    assert "dose_typical=[188]" in page
    assert "Not confirmed" not in shown(sqlite_app)


def test_a_figure_of_ones_own_is_marked(sqlite_app: Flask) -> None:
    page = shown(sqlite_app, dose_typical="250", visit_low="90", coinsurance="15")
    assert page.count("Your own figure, instead of 236.") == 1
    assert "Your own figure, instead of 20." in page
    assert page.count("Your own figure.") == 1
    assert "You left this blank. Our figure was 20." in shown(sqlite_app, coinsurance="")
    assert "Your own" not in shown(sqlite_app, dose_typical="236")


def test_another_medicine_does_not_keep_the_price_and_dose_of_the_one_before(sqlite_app: Flask) -> None:
    sent = {"price_low": "7.25", "dose_low": "198", "dose_typical": "236", "dose_high": "300", **FEES}
    page = shown(sqlite_app, product="dysport", **sent, before=before(sqlite_app, **sent))
    assert "price_low=[1.7806]" in page
    assert "dose_low=[500]" in page
    reset = page[page.index("You changed a choice, so we") : page.index("The treatment Doctor")]
    assert (
        "so we filled in these numbers again: Low dose Typical dose High dose Price of one unit, from before=" in reset
    )
    assert "procedure_low=[200]" in page


def test_what_was_typed_together_with_the_new_medicine_stays(sqlite_app: Flask) -> None:
    page = shown(sqlite_app, product="dysport", dose_low="400", price_low="6.512", before=before(sqlite_app))
    assert "dose_low=[400]" in page
    assert "price_low=[1.7806]" in page


def test_a_change_of_payer_drops_the_share_of_medicare(sqlite_app: Flask) -> None:
    page = shown(sqlite_app, payer="commercial", coinsurance="20", deductible="900", before=before(sqlite_app))
    assert "coinsurance=[]" in page
    assert "deductible=[900]" in page


def test_a_link_without_what_was_shown_before_is_taken_at_its_word(sqlite_app: Flask) -> None:
    page = shown(sqlite_app, product="dysport", price_low="6.512")
    assert "price_low=[6.512]" in page
    assert "Your own figure, instead of 1.7806." in page


@given(
    st.dictionaries(
        st.sampled_from(["product", "payer", "npi", "dose_low", "price_low", "copay", "before"]), st.text(max_size=60)
    )
)
def test_nothing_typed_breaks_the_memory_of_what_was_shown(typed: dict[str, str]) -> None:
    assert find_stale(typed) <= typed.keys()
    assert find_stale({**typed, "before": encode_shown(typed)}) == set()


def test_a_provider_s_posted_fees_are_filled_in_with_their_name(app: Flask) -> None:
    npi = posting(
        {"injection": ("260", "310.50"), "consultation": ("250", "250"), "product_unit": ("12.61", "12.61")},
        product="botox",
    )
    page = shown(app, npi=npi, payer="self_pay")
    assert "procedure_low=[260]" in page
    assert "procedure_high=[310.5]" in page
    assert "visit_low=[250]" in page
    assert "visit_high=[]" in page
    assert "price_low=[12.61]" in page
    assert re.search(
        r"Posted by Ada Example \d+, MD, who is invented, as is the fee\. Last confirmed January 2026\.", page
    )
    assert "Demonstration data: some of these fees are invented." in page
    assert "price_low=[6.512]" in shown(app, npi=npi)  # Medicare pays by its limit


def test_the_cost_of_a_merged_provider_is_that_at_the_one_it_went_into(sqlite_app: Flask) -> None:
    kept, gone = factories.provider(name="Ada Kept, MD"), factories.provider(name="A. Kept, MD")
    gone.merged_into = kept.npi
    db.session.flush()
    assert "One treatment at Ada Kept, MD" in shown(sqlite_app, npi=gone.npi)


def test_a_provider_without_posted_fees_is_said_to_have_none(sqlite_app: Flask) -> None:
    npi = factories.provider().npi
    db.session.commit()
    assert "has posted no fees." in shown(sqlite_app, npi=npi)


@pytest.mark.postgresql
def test_a_provider_s_page_leads_to_the_answer_with_the_provider_named(app: Flask) -> None:
    npi = posting({"injection": ("260", "310"), "consultation": ("250", "250")})
    page = shown(app, npi=npi)
    name = re.escape(db.session.get(Provider, npi).name)
    assert re.search(rf"One treatment at {name} You would pay about \$\d+", page)
    assert re.search(rf"Based on the fees that {name} posted\. Not posted: the guidance fee\. <?", page)
    assert f"Doctor or practice: {db.session.get(Provider, npi).name} Change" in page
    assert "NPI" not in page[page.index("One treatment") : page.index("How we calculated this")]
    changed = app.test_client().get(COSTS, query_string={"npi": npi, "payer": "self_pay", "visit_low": "9"}).text
    assert 'href="/guide/costs?payer=self_pay#provider_name"' in changed


def test_what_stands_in_for_fees_that_are_not_posted_is_said(sqlite_app: Flask) -> None:
    for low in range(MIN_PROVIDERS):
        posting({"injection": (str(200 + low), "300"), "guidance": ("80", "90"), "consultation": ("100", "150")})
    page = shown(sqlite_app, npi=posting({"injection": ("260", "310")}))
    assert (
        "Not posted: the guidance fee, the visit fee. We use the fees that other providers here posted instead." in page
    )
    none = shown(sqlite_app, npi=factories.provider().npi, payer="self_pay", guidance="no")
    assert "has posted no fees. We use the fees that other providers here posted instead." in none


def test_the_medicine_is_one_that_the_provider_gives(sqlite_app: Flask) -> None:
    gives = factories.provider()
    gives.products = [
        ProviderProduct(product=each, source_key="demo", as_of=factories.DAY) for each in ("xeomin", "dysport")
    ]
    db.session.commit()
    assert "units of Dysport" in shown(sqlite_app, npi=gives.npi)
    page = shown(sqlite_app, npi=gives.npi, product="botox")
    assert f"{gives.name} does not list Botox: ask." in page
    priced = posting({"product_unit": ("5", "6")}, product="xeomin")
    assert "units of Xeomin" in shown(sqlite_app, npi=priced)


@pytest.mark.postgresql
def test_a_typed_name_lists_those_who_may_be_meant_and_keeps_the_choices(app: Flask) -> None:
    npi = factories.provider(name="Zenobia Quill, MD", first_name="Zenobia", last_name="Quill").npi
    hidden = factories.provider(name="Zeno Quill, MD", last_name="Quill", hidden_at=datetime.now(UTC)).npi
    db.session.commit()
    answer = app.test_client().get(COSTS, query_string={"provider_name": "quill", "payer": "self_pay", "copay": "10"})
    assert "Which one is “quill”?" in answer.text
    assert f'<a href="/guide/costs?payer=self_pay&amp;copay=10&amp;npi={npi}">Zenobia Quill, MD</a>' in answer.text
    assert hidden not in answer.text
    assert "You would pay about" in answer.text


@pytest.mark.parametrize(
    ("amount", "expected"),
    [("0", "$0"), ("8.31", "$8"), ("99.5", "$100"), ("556.72", "$560"), ("1536.83", "$1,550"), ("23000", "$23,000")],
)
def test_the_answer_is_rounded_as_far_as_it_is_known(amount: str, expected: str) -> None:
    assert about(Decimal(amount)) == expected


def test_the_range_of_the_directory_needs_enough_providers_and_says_how_many(app: Flask) -> None:
    for low in range(MIN_PROVIDERS - 1):
        posting({"injection": (str(200 + low), str(300 + low))})
    assert "procedure_low=[]" in shown(app)
    posting({"injection": ("150", "280")})
    page = shown(app)
    assert "procedure_low=[150]" in page
    assert "procedure_high=[301]" in page
    assert "Posted by 3 providers here, who are invented, as are the fees." in page
    assert "some of these fees are invented" not in shown(app, procedure_low="100", procedure_high="")


def test_invented_fees_never_mix_with_real_ones(sqlite_app: Flask) -> None:
    for number_ in range(1, MIN_PROVIDERS + 1):
        posting({"injection": ("1", "9999")})
        posting({"injection": ("200", "300")}, npi=real_npi(number_))
    kind = ("injection", None)
    fees = fees_of_all(MIN_PROVIDERS)[kind]
    assert (fees.low_usd, fees.high_usd, fees.providers, fees.is_demonstration) == (200, 300, MIN_PROVIDERS, False)
    assert "Lowest and highest fee posted by 3 providers here." in shown(sqlite_app)
    assert fees_of_all(MIN_PROVIDERS + 1) == {}
    assert fees_of(real_npi(1))[kind].providers == 1
    assert "Posted by Ada Example" in shown(sqlite_app, npi=real_npi(1))


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        *[
            ("dose_typical", typed, f"Typical dose: type a whole number of units from 1 to {MAX_UNITS:,}.")
            for typed in ("-5", str(10**9), "", "abc", "NaN", "1e400", "0", "236.5", "٢٣٦", "9" * 5000)
        ],
        *[
            ("price_low", typed, "Price of one unit, from: type dollars from 0 to 1,000,000, such as 6.512.")
            for typed in ("", "-1", "free", "NaN", "Infinity", "1e400", "1000001", "6.1234567", ".", "x" * 5000)
        ],
        ("deductible", "-100", "Deductible left: type dollars from 0 to 1,000,000, such as 250.50."),
        ("copay", "40.5555", "Copay: type dollars from 0 to 1,000,000, such as 250.50."),
        ("copay", "1.500", "We are not sure what “1.500” means. Type 1.50 or 1500."),
        ("visit_low", "1,50", "We are not sure what “1,50” means. Type 1.50 or 150."),
        ("coinsurance", "0.2", "We are not sure what “0.2” means. Type 20% or 0.2%."),
        ("coinsurance", ".25", "We are not sure what “.25” means. Type 25% or 0.25%."),
        ("coinsurance", "0,2", "We are not sure what “0,2” means. Type 20% or 0.2%."),
        ("coinsurance", "1.0", "We are not sure what “1.0” means. Type 100% or 1%."),
        ("coinsurance", "20,5", "We are not sure what “20,5” means. Type 20.5%."),
        ("coinsurance", "200%", "Coinsurance: type a percentage from 0 to 100, such as 20."),
        ("coinsurance", "-1", "Coinsurance: type a percentage from 0 to 100, such as 20."),
        ("dose_high", "100", "High dose: this is below “Typical dose”. Make it the same or more."),
        (
            "price_high",
            "6",
            "Price of one unit, to: this is below “Price of one unit, from”. Make it the same or more.",
        ),
        ("npi", "9999999999", "We couldn’t find this provider. Type a name, or leave it blank."),
        ("npi", "x" * 5000, "We couldn’t find this provider."),
        ("provider_name", "zzyzx", "We couldn’t find “zzyzx”. Check the spelling, or leave it blank."),
    ],
)
def test_a_figure_that_makes_no_sense_is_explained_beside_it_and_kept(
    sqlite_app: Flask, name: str, typed: str, sentence: str
) -> None:
    page = shown(sqlite_app, status=400, **{name: typed})
    assert page.count(sentence) == 2  # in the summary, and next to the field
    assert name == "npi" or f"{name}=[{typed}]" in page
    assert "You would pay" not in page


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("product", "Choose one of the five medicines."),
        ("payer", "Choose who pays: one of the three."),
        ("sides", "Choose one side or both sides."),
        ("guidance", "Choose with or without guidance."),
    ],
)
@pytest.mark.parametrize("typed", ["nothing", "", "<script>", "x" * 5000])
def test_a_choice_that_is_none_is_explained(sqlite_app: Flask, name: str, sentence: str, typed: str) -> None:
    assert shown(sqlite_app, status=400, **{name: typed}).count(sentence) == 2


def test_what_was_typed_is_text_and_never_markup(sqlite_app: Flask) -> None:
    answer = sqlite_app.test_client().get(COSTS, query_string={"copay": '"><script>alert(1)</script>'})
    assert "<script>alert" not in answer.text


def test_dollars_and_thousands_may_be_typed_as_people_do(sqlite_app: Flask) -> None:
    page = shown(sqlite_app, product="myobloc", dose_high="5,000", deductible="$1,250.50", coinsurance="20 %")
    assert "$1,250.50 left" in page


@pytest.mark.parametrize(
    ("typed", "shown_as"), [("20", "20%"), ("20%", "20%"), ("20 %", "20%"), ("0.2%", "0.2%"), ("12.5 percent", "12.5%")]
)
def test_a_percentage_means_what_it_says(sqlite_app: Flask, typed: str, shown_as: str) -> None:
    assert f"{shown_as} × $" in shown(sqlite_app, coinsurance=typed)


def test_the_link_shows_the_same_estimate_again(sqlite_app: Flask) -> None:
    typed = {"product": "xeomin", "sides": "both", "coinsurance": "", "copay": "35", **FEES}
    page = shown(sqlite_app, **typed)
    found = re.search(r'id="link"[^>]*value="([^"]*)"', sqlite_app.test_client().get(COSTS, query_string=typed).text)
    assert found
    link = urlsplit(unescape(found[1]))
    again = shown(sqlite_app, **dict(parse_qsl(link.query, keep_blank_values=True)))
    assert link.path == COSTS
    assert again[again.index("One treatment") :] == page[page.index("One treatment") :]


def test_the_page_sets_no_cookie_and_leads_on(sqlite_app: Flask) -> None:
    answer = sqlite_app.test_client().get(COSTS)
    assert "Set-Cookie" not in answer.headers
    assert 'href="/guide/insurer"' in answer.text
    assert 'href="/guide/cost-and-insurance"' in answer.text
    assert "This is an estimate, not a quote." in answer.text


def test_the_page_speaks_spanish(sqlite_app: Flask) -> None:
    page = shown(sqlite_app, f"/es{COSTS}")
    assert "2.º trimestre de 2026" in page
    assert "You would pay" not in page


@pytest.mark.parametrize("product", PRODUCTS)
def test_every_product_has_doses_vials_and_a_price(sqlite_app: Flask, product: str) -> None:
    doses = find_doses(product)
    assert 1 <= doses.low <= doses.typical <= doses.high
    sizes = find_vial_sizes(product)
    assert list(sizes) == sorted(set(sizes))
    price = medicare_price(product, date(2026, 11, 28))
    unit = fact(f"payment_limit_{product}").unit
    assert unit == f"US dollars for {LIMIT_UNITS[product]} unit{'s' if LIMIT_UNITS[product] > 1 else ''}"
    assert price.unit_price * LIMIT_UNITS[product] == price.limit_usd
    assert (
        f"units of {product.title()}, one side of the neck, with guidance, paid by Medicare. The clinic bills"
        in shown(sqlite_app, product=product)
    )


def test_amounts_are_written_as_people_read_them() -> None:
    assert (usd(Decimal("1536.8")), unit_price(Decimal("6.512")), unit_price(Decimal(12))) == (
        "$1,536.80",
        "$6.512",
        "$12.00",
    )
    assert (unit_price(Decimal("0.13283")), percent(Decimal("0.125")), percent(Decimal("1.5"))) == (
        "$0.13283",
        "12.5%",
        "150%",
    )
    assert (as_typed(Decimal("260.00")), as_typed(Decimal("100"))) == ("260", "100")


@given(st.decimals(0, 10**9 - 1, places=6))
def test_a_written_number_is_read_as_the_same_number(amount: Decimal) -> None:
    assert typed_number(as_typed(amount)) == amount
    assert typed_number(f"{amount:,f}") == amount


def test_what_is_no_number_is_none(subtests: pytest.Subtests) -> None:
    for text in ["", ".", "-1", "+1", "1e3", "NaN", "1,23", "1,234,5", "1.2.3", "１２", "1 000"]:
        with subtests.test(text=text):
            assert typed_number(text) is None


def test_a_name_of_signs_alone_is_nobodys(sqlite_app: Flask) -> None:
    for signs in ("%25", "’", "..."):
        answer = sqlite_app.test_client().get(f"/guide/costs?provider_name={signs}")
        assert answer.status_code == 400
        assert 'href="#provider_name"' in answer.text
