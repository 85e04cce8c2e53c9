"""How long a street map of a large county takes to make, and how large it and its largest tile become.

    python benchmarks/street_map.py [--cells 116] [--keep FOLDER]

The county is invented: 116 by 116 half-mile cells with a coast hold about as many lines of streets as Los Angeles
County has in TIGER/Line (some 350,000), in hills and in plains. Another process writes the files: the memory told
is that of the map. The run ends with an error when the map has more than 25 MB, or a tile more than 150 kB.
"""

import argparse
import resource
import sys
import tempfile
import time
from multiprocessing import get_context
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from directory.places.streets.map_making import MAX_TILE_BYTES, make_street_map
from tests.places.streets.invented_city import write_city

MAX_BYTES = 25_000_000


def run(folder: Path, cells: int) -> None:
    with get_context("spawn").Pool(1) as pool:  # whose memory is not counted
        files = pool.apply(write_city, (folder,), {"cells": cells})
    print(f"{cells} by {cells} cells, {sum(path.stat().st_size for path in files) / 1e6:.1f} MB of zips")
    clock, processor = time.monotonic(), time.process_time()
    made = make_street_map(files, folder / "streets.pmtiles")
    seconds, busy = time.monotonic() - clock, time.process_time() - processor
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(
        f"{made.roads:,} lines of roads in {made.tiles:,} tiles: {made.bytes / 1e6:.1f} MB, "
        f"the largest tile {made.largest_tile / 1e3:.0f} kB, {seconds:.0f} s ({busy:.0f} s of "
        f"processor time), at most {memory:.0f} MB of memory"
    )
    assert made.bytes <= MAX_BYTES
    assert made.largest_tile <= MAX_TILE_BYTES
    print("the map and its tiles are within their bounds")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cells", type=int, default=116)
    parser.add_argument("--keep", type=Path, help="keep the zips and the map in this folder")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        run(options.keep or Path(scratch), options.cells)
