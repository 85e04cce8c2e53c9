"""Why an address is not in the index of streets."""

import pytest

from directory.places.streets import finding
from directory.places.streets.finding import locate_street, streets_edition, why_unplaced


@pytest.mark.usefixtures("streets")
@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("PO Box 12, Torrance, CA 90503", "po box"),
        ("P.O. BOX 3500, Torrance, CA", "po box"),
        ("9 Nowhere Rd, Torrance, CA 90503", "no street"),
        ("99999 Main St, Torrance, CA 90503", "no number"),
        ("Elm Medical Plaza, Torrance, CA 90503", "no number"),
        ("1 Main St, Chicago, IL 60601", "no file"),
        ("1 Main St", "no file"),
        ("350 Vermont Ave, Torrance, CA", "tie"),
    ],
)
def test_each_reason(address: str, why: str) -> None:
    assert locate_street(address) is None
    assert why_unplaced(address) == why


def test_without_an_index_no_file_covers_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "_file", None)
    assert (why_unplaced("1 Main St, Torrance, CA 90503"), streets_edition()) == ("no file", "")
    assert why_unplaced("PO Box 12, Torrance, CA 90503") == "po box"
