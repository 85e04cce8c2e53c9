"""The lists that exclude providers, and what each is called."""

from dataclasses import dataclass

from directory.credentials.primary_sources import MEDI_CAL_LIST, OIG, LookUp
from directory.web.phrases import N_

LEIE, MEDI_CAL = "leie", "medi_cal_suspended"
"""The keys of their sources."""


@dataclass(frozen=True, slots=True)
class ListWords:
    """One list: what staff call it, where it is looked up, why its provider is not ranked, and whose state it is."""

    name: str
    look_up: LookUp
    since: str  # a message with a %(day)s
    undated: str  # the same when the day is not known
    state: str | None = None  # in which all its entries practiced, whatever their address


LISTS = {
    LEIE: ListWords("the OIG's list", OIG, N_("excluded by the OIG since %(day)s"), N_("excluded by the OIG")),
    MEDI_CAL: ListWords(
        "Medi-Cal's list of suspended providers",
        MEDI_CAL_LIST,
        N_("suspended from Medi-Cal since %(day)s"),
        N_("suspended from Medi-Cal"),
        state="CA",
    ),
}


def list_words(source_key: str | None) -> ListWords:
    """Of invented exclusions, and of entries from before there were two lists, those of the OIG's."""
    return LISTS.get(source_key or LEIE, LISTS[LEIE])
