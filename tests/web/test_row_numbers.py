"""Numbers in addresses that no row can have are found nowhere, on either database."""

import pytest
from flask import Flask

from tests.signing_in import signed_in

PATHS = ("/admin/accounts/{}", "/admin/claims/{}", "/admin/reviews/{}", "/admin/verify/{}", "/reviews/{}/report")


@pytest.mark.parametrize("number", [2**31 - 1, 2**31, 10**30])
def test_a_number_that_no_row_has_is_found_nowhere(app: Flask, number: int) -> None:
    admin = signed_in(app, "admin")
    assert [admin.get(path.format(number)).status_code for path in PATHS] == [404] * len(PATHS)
