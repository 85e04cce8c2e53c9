"""What each page keeps: see `Look`, and no script error and no request to another host (see conftest)."""

from typing import Any

import pytest

from tests.browser.looking import Look
from tests.browser.pages import PAGES


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_accessible_fits_and_keeps_to_this_host(visit: Any, look: Look, name: str) -> None:
    look(visit(name), unfolded=True)
