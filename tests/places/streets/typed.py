"""The ways in which people write one address."""

import re
from random import Random

from directory.places.atlas import atlas
from tests.places.streets.invented_county import House, InventedCounty

_LONG = {
    "N": "North", "S": "South", "E": "East", "W": "West", "St": "Street", "Ave": "Avenue", "Blvd": "Boulevard",
    "Dr": "Drive", "Pl": "Place", "Rd": "Road", "Ln": "Lane", "Ct": "Court", "Ter": "Terrace", "Pkwy": "Parkway",
    "Trl": "Trail", "Plz": "Plaza", "Sq": "Square", "Cir": "Circle", "Hwy": "Highway",
}  # fmt: skip
_SHORT = {
    "Avenue": "Ave",
    "Saint": "St",
    "Mount": "Mt",
    "Avenida": "Av",
    "Camino": "Cam",
    "Calle": "Cll",
    "Paseo": "Pso",
}
_OTHER = {"Ave": "Av", "Blvd": "Bl", "St": "Str", "Pkwy": "Pky", "N": "No.", "W": "W.", "E": "E.", "Hwy": "Hiway"}
_WORDS = {
    **{"1st": "First", "10th": "Tenth", "23rd": "Twenty-Third"},
    **{"103rd": "One Hundred Third", "190th": "One Hundred Ninetieth"},
}
_ROADS = {
    "Pacific Coast Hwy": ("PCH", "Highway 1", "CA-1", "State Route 1", "Pacific Coast Highway"),
    "State Hwy 111": ("Highway 111", "CA-111", "Hwy 111", "SR 111"),
    "US Hwy 101": ("Hwy 101", "US-101", "U.S. 101", "Highway 101"),
    "Martin Luther King Jr Blvd": ("MLK Blvd", "M.L. King Blvd", "Dr Martin Luther King Jr Boulevard"),
}
UNITS = (
    *(
        "Ste 200",
        "Suite 310",
        "#4",
        "# 12",
        "Unit B",
        "Apt 3",
        "Fl 2",
        "2nd Floor",
        "Bldg D",
        "Suite 200-B",
        "Ste. A",
        "Rm 5",
    ),
    *("Building 2, Suite 300", "STE 37W", "Dept of Neurology"),
)


def ways_to_write(house: House, random: Random, county: InventedCounty) -> str:
    """One line for the house, as a person, a form or a file may have it."""
    street = _street(house.street, random)
    number = house.number
    if random.random() < 0.06 and number.isdigit():
        number = f"{number}{random.choice(('A', 'B', ' 1/2', '-A'))}"
    elif "-" in number and random.random() < 0.5:
        number = number.replace("-", "")
    line = f"{number} {street}"
    if random.random() < 0.4:
        line += f"{random.choice((' ', ', '))}{random.choice(UNITS)}"
    if random.random() < 0.03:
        line = f"Medical Plaza, {line}"
    return _with_place(line, house, random, county)


def _street(name: str, random: Random) -> str:
    if name in _ROADS and random.random() < 0.7:
        return random.choice(_ROADS[name])
    words = name.split()
    tables = random.choice(((), (_LONG,), (_OTHER,), (_WORDS,), (_SHORT,), (_LONG, _WORDS), (_OTHER, _LONG)))
    for table in tables:
        is_lettered = len(words) == 2 and words[0] in {"E", "North"}
        words = [
            table.get(word, word) if (at == 0 or word not in _SHORT) and not (is_lettered and at == 0) else word
            for at, word in enumerate(words)
        ]
    if random.random() < 0.05 and words[0] in {"N", "S", "E", "W"} and len(words) > 2 and "Vermont" not in words:
        words = words[1:]  # the direction is left out
    elif random.random() < 0.05 and len(words) > 1 and words[-1] in _LONG and words[0] not in {"1st", "W"}:
        words = words[:-1]  # the kind is left out
    text = " ".join(words).replace("ñ", random.choice("ñn")).replace("'", random.choice(("'", "’", "")))
    if random.random() < 0.04:
        text = _slip(text, random)
    return text


def _slip(text: str, random: Random) -> str:
    """A letter too many, too few or in the wrong place, in the longest word."""
    word = max(text.split(), key=len)
    if len(word) < 7 or not word.isalpha():
        return text
    at = random.randrange(2, len(word) - 2)
    wrong = random.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        )
    )
    return text.replace(word, wrong)


def _with_place(line: str, house: House, random: Random, county: InventedCounty) -> str:
    zip_code = house.zip
    draw = random.random()
    if draw < 0.04:
        near = [code for code in (f"{int(zip_code) + step:05}" for step in (1, -1, 2, -2)) if code in atlas().zips]
        near = [code for code in near if atlas().zips[code].city == house.city and not county.has(house.street, code)]
        zip_code = next(iter(near), zip_code)  # wrong by one or two, and so that no other house is meant
    elif draw < 0.10:
        zip_code = ""
    elif draw < 0.2:
        zip_code = f"{zip_code}-{random.randrange(1000, 9999)}"
    city = house.city if random.random() > 0.05 or not zip_code else ""
    text = ", ".join(filter(None, (line, city, f"{house.state} {zip_code}".strip())))
    style = random.random()
    if style < 0.3:
        return text.upper()
    if style < 0.4:
        return text.lower()
    if style < 0.45:
        return re.sub(", ", " ", text)
    return text
