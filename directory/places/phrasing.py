"""Words that people put around a place, in English and Spanish."""

import re
from collections.abc import Iterator

from directory.places.names import is_country

_BESIDE = (
    r"(?:near(?:\s?by|\s+to)?|around|close (?:to|by)|next to|by|cerca(?: de| del| a)?|alrededor(?:es)? de|junto a)"
)
_WHO = (
    r"(?:doctors?|doctor(?:a|as|es)|physicians?|m[eé]dic[oa]s?|neurologists?|neur[oó]log[oa]s?|specialists?|especialistas?"
    r"|clinics?|cl[ií]nicas?|providers?|botox|b[oó]tox|injections?|inyecciones)"
)
_COUNTRY = re.compile(
    r"[\s,(]+(?:u\.?s\.?a\.?|u\.s\.?|us|(?:the )?united states(?: of america)?"
    r"|e\.?\s?e\.?\s?u\.?\s?u\.?|e\.\s?u\.?(?:\s?a\.?)?|eua|(?:los )?estados unidos(?: de (?:norte)?am[eé]rica)?)\)?$",
    re.I,
)
_LEAD = re.compile(
    rf"^(?:\D*?\b{_BESIDE}|(?:\D*?\b{_WHO}\b\D*?\b)?(?:in|en)|at|from|where is|d[oó]nde est[aá]|desde|soy de"
    r"|(?:my |mi |el )?(?:zip(?:\s*code)?|postal\s*code|c[oó]digo postal|c\.?p\.?)(?:\s+(?:is|es))?)"
    r"(?<=[\w.])[\s:=#]+(?=\S)",
    re.I,
)
_QUALIFIERS = (
    re.compile(r"\s+(?:(?:metro )?area|metro|airport|city|y (?:sus )?alrededores)$", re.I),
    re.compile(
        r"^(?:(?:the )?(?:city|town|village) of|downtown|greater|old|central|north|south|east|west"
        r"|(?:la |el )?(?:ciudad|pueblo|zona|[aá]rea|centro) de|(?:el )?(?:norte|sur|este|oeste) de|cd\.? de|por)\s+"
        r"|\s+(?:(?:metro )?area|metro|airport|city)$",
        re.I,
    ),
    re.compile(r"^\D*\b(?:in|around|en)\s+", re.I),  # "neurologist in Torrance"; but Lake in the Hills is a city
    re.compile(rf"^\D*\b{_WHO}\s+|\s+(?:{_WHO}\b|for\s|para\s|please|por favor)\D*$", re.I),
)
_COMPASS = re.compile(r"^(?:el )?(norte|sur|este|oeste) de (?=\S)", re.I)
_DIRECTIONS = {"norte": "north", "sur": "south", "este": "east", "oeste": "west"}
_HERE = re.compile(
    rf"(?:.*\s)?{_BESIDE}\s+(?:me|m[ií])|me"
    rf"|(?:(?:.*\s)?(?:{_BESIDE}|in|at|from|en|por|desde)\s+)?"
    r"(?:here|(?:my|the) (?:current )?(?:location|area|home|house|place|neighborhood|city|town|zip(?: code)?)"
    r"|current location|where i (?:am|live)|aqu[ií]|ac[aá]|donde (?:estoy|vivo)"
    r"|mi (?:ubicaci[oó]n(?: actual)?|casa|zona|[aá]rea|barrio|vecindario|ciudad|domicilio|c[oó]digo postal))"
    r"|(?:.*\s)?(?:near\s?by|close by|cerca|nearest|closest)",
    re.I,
)
_MILES = (
    r"\d{1,3}(?:\.\d+)?[\s-]*"
    r"(?:mi|miles|mile(?=\s(?:radius|of|from|around))|millas?|kms?|kil[oó]met(?:er|re|ro)s?)\b\.?"
)
_DISTANCE = re.compile(
    rf"^(?:within|under|less than|dentro de|en un radio de|a menos de|a)?\s*{_MILES}(?:\s+(?:radius|away))?"
    r"\s+(?:(?:from|of|around|near|de|del|alrededor de)\s+|(?=\d{5}\b))"
    rf"|[\s,(]+(?:within|dentro de|en un radio de|a menos de|a|radius(?: of)?|radio de)?\s*[+<~]?\s*(?<!\d){_MILES}"
    r"(?:\s+(?:radius|away|a la redonda|de radio))?\)?$",
    re.I,
)


def means_here(text: str) -> bool:
    """Whether the text says "near me", which only the person knows."""
    return bool(_HERE.fullmatch(text))


def split_distance(text: str) -> tuple[str, str]:
    """The text without a distance, and the distance: "90503 10 miles". The second is empty where there is none."""
    distance = _DISTANCE.search(text)
    if not distance or len(distance[0]) == len(text):
        return text, ""
    return text.replace(distance[0], " "), distance[0].strip(" ,()")


def without_country(text: str) -> str:
    """ "Torrance, CA" of "Torrance, CA, EE. UU."."""
    return _COUNTRY.sub("", text)


def without_lead(text: str) -> str:
    """ "Torrance" of "doctors near Torrance": one lead of perhaps several."""
    return _LEAD.sub("", text)


def without_qualifiers(text: str) -> Iterator[str]:
    """What may be meant by a text that is no name as it stands: "Los Angeles" by "downtown Los Angeles"."""
    if compass := _COMPASS.match(text):  # "este de Los Ángeles"
        yield f"{_DIRECTIONS[compass[1].lower()]} {text[compass.end() :]}"
    for qualifier in _QUALIFIERS:
        if (shorter := qualifier.sub("", text)) != text and not is_country(shorter):  # "Mexico City"
            yield shorter
