"""Makes directory/places/counties.tsv, the FIPS code of each county, from us-atlas: `make counties`."""

import json

from directory.config import ROOT
from directory.places.areas import COUNTIES
from directory.places.names import STATES

ATLAS = ROOT / "node_modules" / "us-atlas" / "counties-10m.json"
SPELLED_OTHERWISE = {
    "United States Virgin Islands": "VI",
    "Commonwealth of the Northern Mariana Islands": "MP",
}


def main() -> None:
    objects = json.loads(ATLAS.read_text(encoding="utf-8"))["objects"]
    codes = {name: code for code, name in STATES.items()} | SPELLED_OTHERWISE
    states = {state["id"]: codes[state["properties"]["name"]] for state in objects["states"]["geometries"]}
    rows = sorted((county["id"], county["properties"]["name"]) for county in objects["counties"]["geometries"])
    lines = ["# FIPS code, state and name of each county: us-atlas, made from the Census Bureau's outlines\n"]
    lines += [f"{fips}\t{states[fips[:2]]}\t{name}\n" for fips, name in rows]
    COUNTIES.write_text("".join(lines), encoding="utf-8")
    print(f"{len(rows)} counties in {COUNTIES.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
