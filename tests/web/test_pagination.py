"""Which pages a list links to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.web.pagination import Pages, asked_page


def test_what_is_no_small_whole_number_is_the_first_page(subtests: pytest.Subtests) -> None:
    for asked, page in [
        ("2", 2),
        ("0", 1),
        ("", 1),
        ("-1", 1),
        ("two", 1),
        ("1.5", 1),
        ("²", 1),
        ("999999999", 999_999_999),
        ("1000000000", 1),
    ]:
        with subtests.test(asked=asked):
            assert asked_page({"page": asked}) == page
            assert asked_page({}) == 1


@pytest.mark.parametrize(
    ("number", "total", "links"),
    [
        (1, 5, [1]),
        (1, 60, [1, 2, 3]),
        (5, 200, [1, None, 4, 5, 6, None, 10]),
        (3, 200, [1, 2, 3, 4, None, 10]),
        (4, 200, [1, 2, 3, 4, 5, None, 10]),
    ],
)
def test_links_show_the_ends_and_the_neighbors(number: int, total: int, links: list[int | None]) -> None:
    assert Pages(number, 20, total).links() == links


@given(total=st.integers(0, 10_000), size=st.integers(1, 50), data=st.data())
def test_every_entry_is_on_exactly_one_page(total: int, size: int, data: st.DataObject) -> None:
    last = Pages(1, size, total).last
    pages = [Pages(number, size, total) for number in (1, data.draw(st.integers(1, last)), last)]
    for page in pages:
        assert page.last_entry - page.first_entry < size
        assert page.number in page.links()
    assert pages[0].first_entry == min(1, total)
    assert pages[-1].last_entry == total


@pytest.mark.parametrize(("number", "nearest", "skipped"), [(-1, 1, 0), (2, 2, 20), (3, 3, 40), (4, 3, 40)])
def test_a_page_that_is_none_is_the_nearest_one(number: int, nearest: int, skipped: int) -> None:
    pages = Pages.nearest(number, 20, 60)
    assert (pages.number, pages.skipped) == (nearest, skipped)
    assert Pages.nearest(number, 20, 0).number == 1
