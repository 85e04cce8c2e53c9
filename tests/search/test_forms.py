"""Whatever is typed into the search gets a search, or a sentence that says what to type."""

import math

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from directory.extensions import db
from directory.places.place import Place
from directory.providers.models import InsurancePlan
from directory.providers.offerings import TREATING_SPECIALTIES
from directory.search.filters import BY_PARAMETER, SWITCHES, VALUES
from directory.search.forms import SearchForm
from directory.search.query import SORTS, SearchQuery, Weights, sort_of
from directory.search.service import stored_choices
from tests import factories

HERE = Place("Torrance, CA", *factories.TORRANCE, "city")


def form_of(**typed: str | list[str]) -> SearchForm:
    parameters = MultiDict({"near": "Torrance", **typed})
    return SearchForm(parameters, stored_choices(parameters.getlist("specialty")))


def query_of(**typed: str | list[str]) -> SearchQuery:
    form = form_of(**typed)
    assert form.validate(), form.errors
    return form.to_query(HERE)


DEFAULTS = {"specialty": {*TREATING_SPECIALTIES, "injects"}, "accepting": {"1", ""}}


def test_a_place_alone_is_a_search_with_the_defaults(sqlite_app: Flask) -> None:
    assert query_of() == SearchQuery(HERE, filters=DEFAULTS)


def test_a_form_needs_neither_database_nor_app() -> None:
    form = SearchForm(MultiDict({"near": "90503", "insurance": "aetna"}), {"insurance": [("aetna", "Aetna")]})
    assert form.validate()
    assert form.filters == {**DEFAULTS, "insurance": {"aetna"}}


def test_empty_values_ask_for_the_defaults(sqlite_app: Flask) -> None:
    names = ("radius", "specialty", "product", "service", "insurance", "accepting", "language", "verified", "page")
    weights = ("w_proximity", "w_qualification", "w_rating")
    assert query_of(**dict.fromkeys((*names, *weights), " ")) == SearchQuery(HERE, filters=DEFAULTS)


@pytest.mark.parametrize("typed", ["\u202a90503\u202c", "90503\u200b", "\u3164 90503"])
def test_invisible_characters_do_not_change_the_place(typed: str) -> None:
    assert SearchForm(MultiDict({"near": typed}), {}).near.data == "90503"


def test_every_filter_reaches_the_query(app: Flask) -> None:
    db.session.add(InsurancePlan(key="aetna", name="Aetna"))
    db.session.commit()
    query = query_of(
        specialty=["2084N0400X", "2084N0400X"],
        product=["botox", "xeomin"],
        service="emg_guidance",
        insurance="aetna",
        language=["es", "ko"],
        gender="F",
        hours=["evening", "weekend"],
        wait="month",
        telehealth="1",
        step_free="yes",
        accepting="1",
        verified="on",
        radius=" 12.5 ",
        page="3",
    )
    assert query.filters == {
        "specialty": {"2084N0400X"},
        "product": {"botox", "xeomin"},
        "service": {"emg_guidance"},
        "insurance": {"aetna"},
        "language": {"es", "ko"},
        "accepting": {"1"},
        "verified": {"1"},
        "gender": {"F"},
        "hours": {"evening", "weekend"},
        "wait": {"week", "month"},
        "telehealth": {"1"},
        "step_free": {"1"},
    }
    assert query.filters.keys() == BY_PARAMETER.keys()
    assert (query.radius_miles, query.offset) == (12.5, 40)


def test_without_a_choice_the_search_is_for_those_who_may_inject_and_did_not_say_that_they_take_nobody(
    sqlite_app: Flask,
) -> None:
    assert query_of().filters == DEFAULTS
    assert query_of(specialty="", accepting="").filters == DEFAULTS
    assert query_of(specialty="treating", accepting="open").filters == DEFAULTS
    assert "225100000X" not in TREATING_SPECIALTIES


def test_groups_of_specialties_stand_for_their_codes_and_any_for_no_filter(sqlite_app: Flask) -> None:
    assert query_of(specialty="alongside").filters["specialty"] == {"225100000X"}
    assert query_of(specialty=["alongside", "2084N0400X"]).filters["specialty"] == {"225100000X", "2084N0400X"}
    assert query_of(specialty="injects").filters["specialty"] == {"injects"}
    assert query_of(specialty="any", accepting="any").filters == {}


def test_a_specialty_that_a_provider_declared_is_known_even_if_the_taxonomy_is_older(app: Flask) -> None:
    factories.provider(specialties=("999Z00000X",))
    db.session.commit()
    assert query_of(specialty="999Z00000X").filters["specialty"] == {"999Z00000X"}
    assert not form_of(specialty="998Z00000X").validate()


@pytest.mark.parametrize(
    ("typed", "weights"),
    [
        (("0.35", "0.35", "0.30"), Weights()),
        (("35", "35", "30"), Weights()),
        (("100", "", ""), Weights(1.0, 0.0, 0.0)),
        (("0", "50", "50"), Weights(0.0, 0.5, 0.5)),
        (("1e308", "1e308", "1e308"), Weights(1 / 3, 1 / 3, 1 / 3)),
        (("5e-324", "0", "0"), Weights(1.0, 0.0, 0.0)),
    ],
)
def test_weights_of_any_size_become_shares_of_one(
    sqlite_app: Flask, typed: tuple[str, str, str], weights: Weights
) -> None:
    found = query_of(w_proximity=typed[0], w_qualification=typed[1], w_rating=typed[2]).weights
    assert found == weights


def test_without_weights_the_sliders_stand_at_the_default(sqlite_app: Flask) -> None:
    form = form_of()
    assert [form[name].data for name in ("w_proximity", "w_qualification", "w_rating")] == [35, 35, 30]


@pytest.mark.parametrize("sort", SORTS)
def test_a_sort_is_nothing_but_weights_and_goes_before_those_of_the_sliders(sqlite_app: Flask, sort: str) -> None:
    _, weights = SORTS[sort]
    assert query_of(sort=sort, w_rating="50", w_proximity="50").weights == weights
    assert sort_of(query_of(sort=sort).weights) == sort
    form = form_of(sort=sort)
    shown = [form[f"w_{name}"].data for name in ("proximity", "qualification", "rating")]
    assert shown == pytest.approx([100 * weights.proximity, 100 * weights.qualification, 100 * weights.rating])


def test_without_a_sort_the_readers_own_weights_are_none_of_the_sorts(sqlite_app: Flask) -> None:
    assert sort_of(query_of(sort="", w_rating="50", w_proximity="50").weights) is None
    assert sort_of(query_of(w_proximity="35", w_qualification="35", w_rating="30").weights) == "best"


BAD = [
    *(("sort", text) for text in ("cheapest", "?", "🙂")),
    *(("radius", text) for text in ("-1", "0", "nan", "inf", "1e309", "501", "ten", "1,5", "-0", "' OR 1=1 --", "🙂")),
    *(("page", text) for text in ("abc", "0", "-1", "1.5", "²", "nan", "00")),
    *((name, text) for name in ("w_proximity", "w_qualification", "w_rating") for text in ("-1", "nan", "1e309", "x")),
    *((name, "maybe") for name in SWITCHES),
    *((name, text) for name in VALUES for text in ("?", "\0", "🙂")),
    *(("near", text) for text in ("", "   ", "x" * 10_000)),
]


@pytest.mark.parametrize(("field", "text"), BAD)
def test_a_bad_value_gets_a_sentence_beside_its_field_and_is_kept(app: Flask, field: str, text: str) -> None:
    form = form_of(**{field: text})
    assert not form.validate()
    assert list(form.errors) == [field]
    (sentence,) = form.errors[field]
    assert sentence[0].isupper()
    assert sentence.endswith(".")
    assert form[field].raw_data == [text]


@pytest.mark.parametrize("field", VALUES)
def test_an_unknown_code_is_named(sqlite_app: Flask, field: str) -> None:
    form = form_of(**{field: ["botoks", "y" * 10_000]})
    assert not form.validate()
    assert f"“botoks”, “{'y' * 40}”" in form.errors[field][0]
    assert form.errors[field][0].startswith("We don’t list ")


def test_weights_of_zero_are_refused(sqlite_app: Flask) -> None:
    form = form_of(w_proximity="0", w_qualification="0.0", w_rating="")
    assert not form.validate()
    assert form.errors == {"w_proximity": ["Set at least one of the three weights above 0."]}


@pytest.mark.parametrize("page", [str(10**12), "9" * 5000])
def test_a_page_far_beyond_the_last_is_taken(sqlite_app: Flask, page: str) -> None:
    assert query_of(page=page).offset > 10**12


FIELDS = ("near", "radius", *BY_PARAMETER, "w_proximity", "w_qualification", "w_rating", "sort", "page")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    typed=st.dictionaries(st.sampled_from(FIELDS), st.lists(st.text(max_size=20) | st.floats().map(str), max_size=3))
)
def test_anything_at_all_is_a_query_or_errors_in_words(sqlite_app: Flask, typed: dict[str, list[str]]) -> None:
    form = SearchForm(MultiDict(typed), stored_choices(typed.get("specialty", ())))
    if form.validate():
        query = form.to_query(HERE)
        weights = query.weights
        assert weights.proximity + weights.qualification + weights.rating == pytest.approx(1, abs=1e-12)
        assert min(weights.proximity, weights.qualification, weights.rating) >= 0
        assert 0 < query.radius_miles <= 500
        assert not math.isnan(query.radius_miles)
        assert query.offset >= 0
    else:
        assert all(sentences and all(sentences) for sentences in form.errors.values())
