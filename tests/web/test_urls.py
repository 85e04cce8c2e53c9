"""Addresses: numbers of rows, changed parameters."""

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from directory.web.urls import url_with, with_parameters
from tests.signing_in import signed_in

PATHS = ("/admin/accounts/{}", "/admin/claims/{}", "/admin/reviews/{}", "/admin/verify/{}", "/reviews/{}/report")


@pytest.mark.parametrize("number", [2**31 - 1, 2**31, 10**30])
def test_a_number_that_no_row_has_is_found_nowhere(app: Flask, number: int) -> None:
    admin = signed_in(app, "admin")
    assert [admin.get(path.format(number)).status_code for path in PATHS] == [404] * len(PATHS)


def test_an_address_changes_only_what_it_is_asked_to() -> None:
    typed = MultiDict([("near", "90503"), ("product", "botox"), ("product", "xeomin"), ("page", "3"), ("radius", "")])
    assert with_parameters("/search", typed, {"page": None}) == "/search?near=90503&product=botox&product=xeomin"
    assert with_parameters("/search", typed, {"product": "", "page": 2}) == "/search?near=90503&page=2"
    assert with_parameters("/search", MultiDict(), {}) == "/search"


def test_no_parameter_can_lead_to_another_site(sqlite_app: Flask) -> None:
    with sqlite_app.test_request_context("/search?_external=1&_scheme=javascript&near=%22%3E&next=//evil.example"):
        address = url_with(page=2)
    assert address.startswith("/search?")
    assert '"' not in address
    assert "//" not in address
