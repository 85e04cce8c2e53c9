"""The index of streets: how large it is, how long it takes to make and to look up, and how near its points are.

    python benchmarks/streets.py [--zips 290] [--streets 140] [--counties 1] [--addresses 2000] [--compared 200]

Invents counties in the layout of TIGER/Line whose houses are known. Los Angeles County has some 330,000 rows, which is
about what 290 ZIPs of 140 streets of 8 blocks make. Before anything is timed it stops with an error when a house is not
put where a plain look at every row puts it.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from directory.config import ROOT
from directory.places.atlas import atlas
from directory.places.place import Place
from directory.places.reading import read_address, tidy
from directory.places.streets.finding import locate_street, use_streets
from directory.places.streets.geometry import METERS_A_MILE, miles_apart
from tests.places.streets.invented_county import House, InventedCounty, invent_county
from tests.places.streets.plain import plain_points
from tests.places.streets.tiger import write_addrfeat
from tests.places.streets.typed import ways_to_write

MAX_METERS_OFF = 0.1
NEAR_ENOUGH_MILES = 0.05
MAKE = """
import re, sys, time
from pathlib import Path
from directory.places.streets.making import look_into, make_index
started = time.process_time(), time.perf_counter()
done = make_index([look_into(Path(path)) for path in sys.argv[2:]], Path(sys.argv[1]))
print(sum(each.ranges for each in done), time.process_time() - started[0], time.perf_counter() - started[1],
      int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--zips", type=int, default=290)
    parser.add_argument("--streets", type=int, default=140)
    parser.add_argument("--counties", type=int, default=1)
    parser.add_argument("--addresses", type=int, default=2000)
    parser.add_argument("--compared", type=int, default=200)
    asked = parser.parse_args()
    codes = [code for code, known in atlas().zips.items() if known.point and known.has_streets and code[:1] == "9"]
    codes = [code for code in codes if code >= "90001"]
    with tempfile.TemporaryDirectory() as folder:
        target, zips, last = Path(folder, "streets.sqlite3"), [], InventedCounty()
        for number in range(asked.counties):
            of_county = tuple(codes[number * asked.zips : (number + 1) * asked.zips])
            last = invent_county(of_county, seed=number, streets_a_zip=asked.streets)
            zips.append(write_addrfeat(Path(folder), last.rows, f"{6001 + 2 * number:05}"))
        zipped = sum(path.stat().st_size for path in zips) / 1e6
        print(f"{asked.counties} invented county of {len(last.rows):,} rows: {zipped:.1f} MB of zips", flush=True)
        made = subprocess.run(
            [sys.executable, "-c", MAKE, target, *zips], check=True, capture_output=True, text=True, cwd=ROOT
        )
        ranges, processor, clock, peak = made.stdout.split()
        size = target.stat().st_size
        print(f"made in {float(clock):.1f} s ({float(processor):.1f} s of processor), peak {float(peak):.0f} MB")
        print(
            f"index of {int(ranges):,} ranges: {size / 1e6:.1f} MB, {size / int(ranges):.0f} bytes a range", flush=True
        )
        use_streets(target)
        compare(last, asked.compared)
        look_up(last, asked.addresses)


def compare(county: InventedCounty, count: int) -> None:
    houses = Random(1).sample(county.houses, min(count, len(county.houses)))
    for house in houses:
        place = locate_street(line_of(house))
        plain = plain_points(county.rows, house.number, house.street, house.zip)
        if place is None or not plain:
            sys.exit(f"{line_of(house)} is not placed: {place}, {plain}")
        if place.precision == "address" and len(plain) == 1:
            off = miles_apart(place.point, plain[0]) * METERS_A_MILE
            if off > MAX_METERS_OFF:
                sys.exit(f"{line_of(house)} is {off:.1f} m from where a plain look at every row puts it.")
    print(f"{len(houses):,} houses are where a plain look at every row puts them, to {MAX_METERS_OFF * 100:.0f} cm")


def look_up(county: InventedCounty, count: int) -> None:
    random = Random(2)
    houses = random.sample(county.houses, min(count, len(county.houses)))
    written = [ways_to_write(house, random, county) for house in houses]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    say("as the file writes them", [line_of(house) for house in houses], houses)
    say("in many spellings", written, houses)
    say(
        "of streets that are not there",
        [f"{n} Nonesuch{n} Way, {h.city}, CA {h.zip}" for n, h in enumerate(houses)],
        None,
    )
    timed("reading of street, city and ZIP alone", written, lambda text: read_address(tidy(text)))
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"look-ups took {grown:.0f} MB of memory, the model of usaddress and the pages of the index included")


def say(what: str, texts: list[str], houses: list[House] | None) -> None:
    places = timed(what, texts, locate_street)
    print(f"    precision: {dict(Counter(place.precision if place else 'none' for place in places))}")
    if houses is None:
        return
    far = sorted(miles_apart(p.point, h.point) for p, h in zip(places, houses, strict=True) if p)
    near = sum(each <= NEAR_ENOUGH_MILES for each in far) / len(houses)
    shares = [f"{share:.0%} within {far[int(share * len(far))] * 5280:.0f}" for share in (0.5, 0.9, 0.95, 0.99)]
    print(f"    {near:.1%} of all within {NEAR_ENOUGH_MILES} mile")
    print(f"    of those placed {', '.join(shares)} feet, the farthest {far[-1]:.2f} miles")


def timed(what: str, texts: Iterable[str], do: Callable[[str], object]) -> list[Place | None]:
    texts = list(texts)
    started = time.process_time()
    done = [do(text) for text in texts]
    print(f"{what}: {(time.process_time() - started) / len(texts) * 1e6:.0f} µs each")
    return done  # type: ignore[return-value]  # of `locate_street`


def line_of(house: House) -> str:
    return f"{house.number} {house.street}, {house.city}, {house.state} {house.zip}"


if __name__ == "__main__":
    main()
