"""The sheet for a call to the insurer: the codes, questions with room to write, and what to do at a no."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from directory.guide.costs import BOTH_SIDES_MODIFIER, DIAGNOSIS, GUIDANCE, PROCEDURE
from directory.providers.offerings import HCPCS_OF_PRODUCT, PRODUCTS
from directory.web.facts import fact
from tests.guide.reading import Page

PATH = "/guide/insurer"


@pytest.fixture
def visitor(sqlite_app: Flask) -> FlaskClient:
    return sqlite_app.test_client()


def codes_of(client: FlaskClient, path: str) -> list[str]:
    cells = Page(client.get(path).text).named("td")
    return [cell.text for cell in cells][::2]


def test_every_product_has_its_code_and_the_codes_have_a_source() -> None:
    assert HCPCS_OF_PRODUCT == {
        "botox": "J0585",
        "dysport": "J0586",
        "myobloc": "J0587",
        "xeomin": "J0588",
        "daxxify": "J0589",
    }
    assert HCPCS_OF_PRODUCT.keys() == PRODUCTS.keys()
    assert (DIAGNOSIS, PROCEDURE, BOTH_SIDES_MODIFIER, GUIDANCE) == ("G24.3", "64616", "50", "95874")
    assert fact("codes").confirmed


@pytest.mark.parametrize("product", PRODUCTS)
def test_a_chosen_product_shows_its_code_alone(visitor: FlaskClient, product: str) -> None:
    assert codes_of(visitor, f"{PATH}?product={product}") == [DIAGNOSIS, PROCEDURE, GUIDANCE, HCPCS_OF_PRODUCT[product]]
    chosen = [
        tag
        for tag in Page(visitor.get(f"{PATH}?product={product}").text).named("option")
        if "selected" in tag.attributes
    ]
    assert [tag.attributes["value"] for tag in chosen] == [product]


@pytest.mark.parametrize("query", ["", "?product="])
def test_without_a_product_all_five_codes_stand_there(visitor: FlaskClient, query: str) -> None:
    assert set(codes_of(visitor, PATH + query)) == {DIAGNOSIS, PROCEDURE, GUIDANCE, *HCPCS_OF_PRODUCT.values()}


@pytest.mark.parametrize("typed", ["botulism", "BOTOX", "J0585", "%3Cscript%3E", "x" * 3000, "%00"])
def test_an_unknown_product_is_said_beside_the_field(visitor: FlaskClient, typed: str) -> None:
    answer = visitor.get(f"{PATH}?product={typed}")
    page = Page(answer.text)
    assert answer.status_code == 400
    assert page.at("product-error").text == "Choose one of the medicines on the list."
    assert "<script>" not in answer.text.split("<main")[1]
    assert len(codes_of(visitor, f"{PATH}?product={typed}")) == 8


def test_both_sides_are_told_with_the_modifier(visitor: FlaskClient) -> None:
    assert f"with modifier {BOTH_SIDES_MODIFIER} on both sides" in Page(visitor.get(PATH).text).at("sheet").text


def test_every_question_has_room_for_its_answer(visitor: FlaskClient) -> None:
    page = Page(visitor.get(PATH).text)
    questions = [tag.text for tag in page.named("li") if tag.text.endswith("?") and "." not in tag.text]
    assert len(questions) == len(page.of_class("blank")) >= 8


def test_what_the_approval_needs_and_what_to_do_at_a_no_stand_there(visitor: FlaskClient) -> None:
    sheet = Page(visitor.get(PATH).text).at("sheet").text
    for key in ("prior_authorization_asks", "reason_in_writing", "appeal", "outside_review"):
        assert fact(key).words in sheet


def test_the_page_is_there_in_spanish(visitor: FlaskClient) -> None:
    sheet = Page(visitor.get(f"/es{PATH}?product=xeomin").text).at("sheet").text
    assert "J0588" in sheet
    assert "¿Mi plan cubre esto para mi diagnóstico?" in sheet
    assert "Does my plan" not in sheet
