"""Names of places as people write them: states, abbreviations and nicknames."""

import re
import unicodedata
from functools import lru_cache

STATES = {
    "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California", "CO": "Colorado",
    "CT": "Connecticut", "DE": "Delaware", "DC": "District of Columbia", "FL": "Florida", "GA": "Georgia",
    "HI": "Hawaii", "ID": "Idaho", "IL": "Illinois", "IN": "Indiana", "IA": "Iowa", "KS": "Kansas", "KY": "Kentucky",
    "LA": "Louisiana", "ME": "Maine", "MD": "Maryland", "MA": "Massachusetts", "MI": "Michigan", "MN": "Minnesota",
    "MS": "Mississippi", "MO": "Missouri", "MT": "Montana", "NE": "Nebraska", "NV": "Nevada", "NH": "New Hampshire",
    "NJ": "New Jersey", "NM": "New Mexico", "NY": "New York", "NC": "North Carolina", "ND": "North Dakota",
    "OH": "Ohio", "OK": "Oklahoma", "OR": "Oregon", "PA": "Pennsylvania", "RI": "Rhode Island",
    "SC": "South Carolina", "SD": "South Dakota", "TN": "Tennessee", "TX": "Texas", "UT": "Utah", "VT": "Vermont",
    "VA": "Virginia", "WA": "Washington", "WV": "West Virginia", "WI": "Wisconsin", "WY": "Wyoming",
    "PR": "Puerto Rico", "VI": "Virgin Islands", "GU": "Guam", "AS": "American Samoa",
    "MP": "Northern Mariana Islands", "FM": "Micronesia", "MH": "Marshall Islands", "PW": "Palau",
}  # fmt: skip
ARMED_FORCES = frozenset({"AA", "AE", "AP"})
_STATE_ABBREVIATIONS = {
    "calif": "CA", "cal": "CA", "cali": "CA", "fla": "FL", "tex": "TX", "mass": "MA", "penn": "PA", "penna": "PA",
    "wash": "WA", "ariz": "AZ", "colo": "CO", "conn": "CT", "ill": "IL", "mich": "MI", "minn": "MN", "nev": "NV",
    "oreg": "OR", "ore": "OR", "tenn": "TN", "wisc": "WI", "wis": "WI", "okla": "OK", "va": "VA", "wva": "WV",
}  # fmt: skip
_SPANISH_STATES = {
    "carolinadelnorte": "NC", "carolinadelsur": "SC", "dakotadelnorte": "ND", "dakotadelsur": "SD", "hawai": "HI",
    "luisiana": "LA", "misisipi": "MS", "misuri": "MO", "nuevohampshire": "NH", "nuevahampshire": "NH",
    "nuevajersey": "NJ", "nuevomexico": "NM", "nuevamexico": "NM", "nuevayork": "NY", "pensilvania": "PA",
    "tejas": "TX", "virginiaoccidental": "WV", "virginiadeloeste": "WV", "distritodecolumbia": "DC",
    "islasvirgenes": "VI", "samoaamericana": "AS", "islasmarianasdelnorte": "MP", "islasmarshall": "MH", "palaos": "PW",
}  # fmt: skip
_WORDS = {
    "st": "saint", "ste": "sainte", "ft": "fort", "mt": "mount", "mountain": "mount", "mtn": "mount", "n": "north",
    "s": "south", "e": "east", "w": "west", "no": "north", "so": "south", "hts": "heights", "bch": "beach",
    "spgs": "springs", "spg": "spring", "cty": "city", "vlg": "village", "pk": "park", "vly": "valley",
    "jct": "junction", "ctr": "center", "centre": "center", "lk": "lake", "lks": "lakes", "pt": "point",
    "hls": "hills", "hl": "hill", "is": "island", "twp": "township", "est": "estates", "ests": "estates",
    "grv": "grove", "hgts": "heights", "cyn": "canyon", "sta": "santa", "sto": "santo", "rcho": "rancho",
    "rch": "rancho", "and": "", "the": "",
}  # fmt: skip
_CODES = {
    **{code.lower(): code for code in STATES},
    **{name.lower().replace(" ", ""): code for code, name in STATES.items()},
    **{f"{name.lower().replace(' ', '')}state": code for code, name in STATES.items()},
    **{f"stateof{name.lower().replace(' ', '')}": code for code, name in STATES.items()},
    **{code.lower(): code for code in ARMED_FORCES},
    **_STATE_ABBREVIATIONS,
    **_SPANISH_STATES,
}
_NOT_WORD = re.compile(r"[^a-z0-9]+")


def plain(text: str) -> str:
    """Lower case without accents: "La Cañada" becomes "la canada"."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


@lru_cache(maxsize=65536)
def fold(name: str) -> str:
    """One spelling for all the ways of writing a city's name: "St. Louis" and "SAINT LOUIS" become "saintlouis".

    Its words are joined, so that "Southgate", "S. Gate" and "South Gate" are one name.
    """
    words = _NOT_WORD.split(plain(name).replace("'", "").replace("’", ""))
    return "".join(_WORDS.get(word, word) for word in words)


def state_code(text: str) -> str | None:
    """Two capital letters of the state that `text` names or abbreviates ("CA", "Calif.", "new york"), or None."""
    return _CODES.get(_NOT_WORD.sub("", plain(text)))


def near_state(text: str) -> str | None:
    """The code of the state whose name is misspelled so: "Californa"."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    folded = _NOT_WORD.sub("", plain(text))[:60]
    if len(folded) < 5 or folded in _CODES:
        return None
    names = [name for name in _CODES if len(name) > 5]
    near = process.extractOne(folded, names, scorer=OSA.normalized_similarity, score_cutoff=0.8)
    return _CODES[near[0]] if near else None


_COUNTRIES = frozenset([
    "uk", "unitedkingdom", "greatbritain", "britain", "england", "scotland", "wales", "ireland", "northernireland",
    "france", "germany", "deutschland", "spain", "espana", "italy", "portugal", "netherlands", "holland", "belgium",
    "switzerland", "austria", "sweden", "norway", "denmark", "finland", "poland", "czechia", "greece", "turkey",
    "turkiye", "russia", "ukraine", "romania", "hungary", "israel", "egypt", "nigeria", "kenya", "southafrica",
    "morocco", "india", "pakistan", "bangladesh", "china", "hongkong", "taiwan", "japan", "korea", "southkorea",
    "vietnam", "thailand", "philippines", "indonesia", "malaysia", "singapore", "australia", "newzealand", "canada",
    "ontario", "quebec", "britishcolumbia", "alberta", "manitoba", "saskatchewan", "novascotia", "mexico", "mexique",
    "bajacalifornia", "guatemala", "elsalvador", "honduras", "costarica", "panama", "cuba", "dominicanrepublic",
    "haiti", "jamaica", "colombia", "venezuela", "ecuador", "peru", "bolivia", "chile", "argentina", "brazil", "brasil",
    "uae", "unitedarabemirates", "saudiarabia", "iran", "iraq", "lebanon", "armenia", "reinounido", "inglaterra",
    "escocia", "irlanda", "francia", "alemania", "italia", "rusia", "japon", "corea", "filipinas",
    "republicadominicana", "bc", "qc", "ab", "sk", "mb", "nb", "nl", "ns", "on", "pe", "yt",
])  # fmt: skip


_THIS_COUNTRY = frozenset([
    "us", "usa", "unitedstates", "unitedstatesofamerica", "america", "eeuu", "eeuua", "eua", "eu", "estadosunidos",
    "estadosunidosdeamerica", "estadosunidosdenorteamerica", "losestadosunidos",
])  # fmt: skip


def is_country(text: str) -> bool:
    """Whether `text` names a common country or Canadian province, as the last part of an address abroad."""
    return _NOT_WORD.sub("", plain(text)) in _COUNTRIES


def is_this_country(text: str) -> bool:
    return _NOT_WORD.sub("", plain(text)) in _THIS_COUNTRY
