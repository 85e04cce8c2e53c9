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
_WORDS = {
    "saint": "st", "sainte": "ste", "fort": "ft", "mount": "mt", "mountain": "mt", "mtn": "mt", "north": "n",
    "south": "s", "east": "e", "west": "w", "no": "n", "so": "s", "heights": "hts", "beach": "bch", "springs": "spgs",
    "spring": "spg", "city": "cty", "village": "vlg", "park": "pk", "valley": "vly", "junction": "jct",
    "center": "ctr", "centre": "ctr", "lake": "lk", "lakes": "lks", "point": "pt", "hills": "hls", "hill": "hl",
    "island": "is", "township": "twp", "estates": "est", "grove": "grv", "and": "", "the": "",
}  # fmt: skip
NICKNAMES = {
    "la": "Los Angeles, CA", "dtla": "Los Angeles, CA", "losangelescity": "Los Angeles, CA",
    "sf": "San Francisco, CA", "sanfran": "San Francisco, CA", "frisco": "San Francisco, CA",
    "nyc": "New York, NY", "ny": "New York, NY", "newyorkcty": "New York, NY", "dc": "Washington, DC",
    "washingtondc": "Washington, DC", "rpv": "Rancho Palos Verdes, CA", "ranchopv": "Rancho Palos Verdes, CA",
    "pv": "Palos Verdes Peninsula, CA", "pve": "Palos Verdes Estates, CA", "palosverdes": "Palos Verdes Peninsula, CA",
    "rhe": "Rolling Hills Estates, CA", "weho": "West Hollywood, CA", "noho": "North Hollywood, CA",
    "mdr": "Marina Del Rey, CA", "slc": "Salt Lake City, UT", "philly": "Philadelphia, PA", "vegas": "Las Vegas, NV",
    "nola": "New Orleans, LA", "lbc": "Long Beach, CA", "sd": "San Diego, CA", "slo": "San Luis Obispo, CA",
    "sac": "Sacramento, CA",
    "ela": "East Los Angeles, CA", "wla": "West Los Angeles, CA", "redondo": "Redondo Beach, CA",
    "hermosa": "Hermosa Beach, CA", "pvest": "Palos Verdes Estates, CA", "1000oaks": "Thousand Oaks, CA",
    "laguna": "Laguna Beach, CA", "bayarea": "San Francisco, CA", "siliconvly": "San Jose, CA",
}  # fmt: skip
"""By folded name. These win over states of the same letters: the directory's home is Los Angeles County."""

NEIGHBORHOODS = {
    "Koreatown": "90005", "Silver Lake": "90026", "Los Feliz": "90027", "Boyle Heights": "90033", "Palms": "90034",
    "Bel Air": "90077", "Mid-Wilshire": "90036", "Eagle Rock": "90041", "Highland Park": "90042", "LAX": "90045",
    "Westchester": "90045", "Brentwood Village": "90049", "Mar Vista": "90066", "Century City": "90067",
    "Venice Beach": "90291", "Little Tokyo": "90012", "Hancock Park": "90004", "Baldwin Hills": "90008",
    "Leimert Park": "90008", "Hollywood Hills": "90068", "Harbor Gateway": "90502",
    "Hollywood Riviera": "90277", "Naples Island": "90803", "Belmont Shore": "90803", "South Los Angeles": "90044",
    "South Bay": "90278", "Walteria": "90505", "Lunada Bay": "90274", "Crenshaw": "90008",
    "Catalina Island": "90704", "Two Harbors": "90704", "UCLA": "90095", "USC": "90089", "Mid City": "90019",
    "San Fernando Valley": "91405",
}  # fmt: skip
"""Names around home that the post office does not deliver to, each with the ZIP that it lies in."""

_CODES = {
    **{code.lower(): code for code in STATES},
    **{name.lower().replace(" ", ""): code for code, name in STATES.items()},
    **{f"{name.lower().replace(' ', '')}state": code for code, name in STATES.items()},
    **{f"stateof{name.lower().replace(' ', '')}": code for code, name in STATES.items()},
    **{code.lower(): code for code in ARMED_FORCES},
    **_STATE_ABBREVIATIONS,
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
    """One spelling for all the ways of writing a city's name: "St. Louis" and "SAINT LOUIS" both become "stlouis"."""
    words = _NOT_WORD.split(plain(name).replace("'", "").replace("’", ""))
    return "".join(_WORDS.get(word, word) for word in words)


def state_code(text: str) -> str | None:
    """Two capital letters of the state that `text` names or abbreviates ("CA", "Calif.", "new york"), or None."""
    return _CODES.get(_NOT_WORD.sub("", plain(text)))


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
    "uae", "unitedarabemirates", "saudiarabia", "iran", "iraq", "lebanon", "armenia", "bc", "qc", "ab", "sk", "mb",
    "nb", "nl", "ns", "on", "pe", "yt",
])  # fmt: skip


def is_country(text: str) -> bool:
    """Whether `text` names a common country or Canadian province, as the last part of an address abroad."""
    return _NOT_WORD.sub("", plain(text)) in _COUNTRIES


def is_this_country(text: str) -> bool:
    return _NOT_WORD.sub("", plain(text)) in {"us", "usa", "unitedstates", "unitedstatesofamerica", "america"}
