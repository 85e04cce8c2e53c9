"""What an address asks of a queue, and what stands beside an item."""

from dataclasses import dataclass
from enum import StrEnum

import pytest
from flask import Flask
from sqlalchemy import BigInteger, cast, select

from directory.desk.queue import Neighbors, QueueChoice, neighbors, option_of, search_words
from directory.providers.models import Provider
from directory.web.pagination import whole_number
from tests import factories


class Kind(StrEnum):
    NEW = "new"
    OLD = "old"


@dataclass(frozen=True)
class Choice(QueueChoice):
    kind: Kind | None = None
    provider: str = ""


def test_an_address_names_only_what_differs_from_showing_everything() -> None:
    assert Choice().parameters == Choice(page=3).parameters == {}
    assert Choice(2, Kind.OLD, "Ada").parameters == {"kind": "old", "provider": "Ada"}


@pytest.mark.parametrize("text", ["", "newer", "NEW", None])
def test_what_is_not_offered_is_no_option(text: str | None) -> None:
    assert option_of(Kind, text) is None
    assert option_of(Kind, "new") is Kind.NEW


@pytest.mark.parametrize(
    ("text", "number"), [("7", 7), ("", 0), (None, 0), ("-1", 0), ("7x", 0), ("٧", 0), ("9" * 99, 0)]
)
def test_anything_but_a_small_whole_number_is_none(text: str | None, number: int) -> None:
    assert whole_number(text) == number


def test_words_to_search_for_are_short_and_on_one_line() -> None:
    assert search_words(" Ada\0 \n Example ") == "Ada Example"
    assert len(search_words("a" * 999)) == 100
    assert search_words(None) == ""


def test_the_queue_goes_round_from_its_last_item_to_its_first(app: Flask) -> None:
    npis = sorted(factories.provider().npi for _ in range(3))
    first, second, third = (int(npi) for npi in npis)

    def beside(number: int) -> Neighbors:
        own_id = cast(Provider.npi, BigInteger)
        return neighbors(select(own_id).where(Provider.npi.in_(npis)), [own_id], number)

    assert beside(first) == Neighbors(None, second)
    assert beside(second) == Neighbors(first, third)
    assert beside(third) == Neighbors(second, first)
    assert beside(0) == Neighbors(None, first)
