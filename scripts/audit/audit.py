"""Measures the main pages with Lighthouse in its profile of a phone, and says which are too heavy, slow or unsound.

Run it with: make audit. It serves the demonstration data by gunicorn from a scratch database. Names of pages after the
command measure those alone: bash scripts/audit/run.sh home provider
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[2]
LIGHTHOUSE = ROOT / "scripts" / "audit" / "node_modules" / ".bin" / "lighthouse"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_OPTIONS = "--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage"
START_SECONDS = 60
TRIES = 3  # Chromium now and then begins a page before Lighthouse listens

PROVIDER = "9500000010"
PAGES = {
    "home": "/",
    "search": "/search?near=90503",
    "search by name": "/search?name=quintero",
    "provider": f"/providers/{PROVIDER}?near=90503",
    "reviews": f"/providers/{PROVIDER}/reviews",
    "outcomes": f"/providers/{PROVIDER}/outcomes",
    "sources": "/sources",
    "report": f"/providers/{PROVIDER}/report",
    "write a review": f"/providers/{PROVIDER}/reviews/new",
    "guide": "/guide",
    "risks": "/guide/risks",
    "questions": "/guide/questions",
    "timeline": "/guide/timeline",
    "prepare": "/guide/prepare",
    "costs": f"/guide/costs?npi={PROVIDER}",
    "aftercare": "/guide/aftercare",
    "insurer": "/guide/insurer",
    "compare": f"/compare?npi={PROVIDER}&npi=9500000028&npi=9500000036&npi=9500000044",
    "how we rank": "/how-we-rank",
    "for practices": "/for-practices",
    "guide, Spanish": "/es/guide",
    "search, Spanish": "/es/search?near=90503",
}
OF_THE_MAP = (
    *("/vendor/leaflet/", "/vendor/protomaps-leaflet.js", "/vendor/outlines.json", "/map/streets.pmtiles"),
    *("/css/map.css", "/js/basemap.js", "/js/map.js", "/js/location-map.js"),
)

MAX_KB = 100.0
MAX_SECONDS = 1.5
SCORES = {"accessibility": 100, "best-practices": 100, "seo": 100}
"""The least of each; the score of performance is shown alone, since it moves with the load of this machine."""

NO_INDEX = '<meta name="robots" content="noindex'
NOT_FOR_KEPT_OUT = "is-crawlable"
"""Lighthouse's rule that a page may be listed. Pages that we keep out of search engines are measured without it."""


@dataclass(frozen=True)
class Measured:
    page: str
    kb: float  # thousands of bytes on the wire, without the files of the map
    lcp_seconds: float
    scores: dict[str, int]  # 0 to 100
    kept_out: bool
    remarks: list[str] = field(default_factory=list)  # rules that the page breaks

    @property
    def faults(self) -> list[str]:
        found = [] if self.kb <= MAX_KB else [f"{self.kb:.1f} kB is more than {MAX_KB:g}"]
        found += [] if self.lcp_seconds <= MAX_SECONDS else [f"LCP {self.lcp_seconds:.2f} s is over {MAX_SECONDS:g}"]
        found += [f"{name} {self.scores[name]}" for name, least in SCORES.items() if self.scores[name] < least]
        return found


def main(wanted: list[str]) -> int:
    unknown = [name for name in wanted if name not in PAGES]
    if unknown:
        print(f"No such page: {', '.join(unknown)}. There are: {', '.join(PAGES)}")
        return 2
    print(f"{'page':<18}{'kB':>7}{'LCP s':>8}{'perf.':>7}{'access.':>9}{'best pr.':>10}{'SEO':>6}")
    measured = []
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as address:
        for name in wanted or PAGES:
            measured.append(measure(name, address + PAGES[name], Path(folder)))
            print(row(measured[-1]), flush=True)
    if any(each.kept_out for each in measured):
        print(f"* kept out of search engines on purpose, so measured without Lighthouse's {NOT_FOR_KEPT_OUT}")
    faulty = [each for each in measured if each.faults]
    for each in faulty:
        print(f"{each.page}: {'; '.join([*each.faults, *each.remarks])}")
    print(f"{len(faulty)} of {len(measured)} pages do not hold what docs/page-weight.md asks.")
    return 1 if faulty else 0


def row(each: Measured) -> str:
    scores = each.scores
    seo = f"{scores['seo']}{'*' if each.kept_out else ''}"
    return (
        f"{each.page:<18}{each.kb:>7.1f}{each.lcp_seconds:>8.2f}{scores['performance']:>7}"
        f"{scores['accessibility']:>9}{scores['best-practices']:>10}{seo:>6}"
    )


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The app over the demonstration data, as production serves it; gives the address."""
    address = f"http://127.0.0.1:{free_port()}"
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{folder / 'directory.sqlite3'}",
        "JOBS_URL": f"sqlite:///{folder / 'jobs.sqlite3'}",
        "SITE_URL": address,
        "ENVIRONMENT": "development",  # production sends cookies over HTTPS alone
    }
    for command in (["db", "upgrade"], ["seed"]):
        made = subprocess.run([".venv/bin/flask", *command], cwd=ROOT, env=environment, capture_output=True, text=True)
        if made.returncode:
            sys.exit(f"flask {' '.join(command)} failed: {made.stderr[-2000:]}")
    gunicorn = [".venv/bin/gunicorn", "--workers", "2", "--threads", "4", "wsgi:app", "--bind"]
    server = subprocess.Popen(
        [*gunicorn, address.removeprefix("http://")], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL
    )
    try:
        wait_for(f"{address}/healthz", server)
        for _ in range(4):  # each worker reads the gazetteer and the snapshot, for which its first search waits
            fetch(address + PAGES["search"])
        yield address
    finally:
        server.terminate()
        server.wait()


def wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(START_SECONDS * 10):
        if server.poll() is not None:
            sys.exit("gunicorn did not start. Run: make install")
        try:
            fetch(url)
            return
        except OSError:
            time.sleep(0.1)
    sys.exit(f"{url} did not answer within {START_SECONDS} s.")


def fetch(url: str) -> str:
    with urllib.request.urlopen(url) as answer:  # noqa: S310 (an address of this machine)
        text: str = answer.read().decode()
        return text


def measure(name: str, url: str, folder: Path) -> Measured:
    """One measurement; where it is too slow, the median of three by time, since other work of this machine slows it."""
    kept_out = NO_INDEX in fetch(url)
    found = [measure_once(name, url, folder, kept_out)]
    if found[0].lcp_seconds > MAX_SECONDS:
        found += [measure_once(name, url, folder, kept_out) for _ in range(2)]
    return sorted(found, key=lambda each: each.lcp_seconds)[len(found) // 2]


def measure_once(name: str, url: str, folder: Path, kept_out: bool) -> Measured:
    report = folder / "report.json"
    command = [str(LIGHTHOUSE), url, "--quiet", "--output=json", f"--output-path={report}"]
    command += [f"--chrome-flags={CHROMIUM_OPTIONS}", "--no-enable-error-reporting"]
    command += [f"--skip-audits={NOT_FOR_KEPT_OUT}"] if kept_out else []
    environment = {**os.environ, "CHROME_PATH": chromium()}
    for _ in range(TRIES):
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        if done.returncode == 0:
            return read_report(name, json.loads(report.read_text(encoding="utf-8")), kept_out)
    sys.exit(f"Lighthouse could not measure {url}: {done.stderr[-2000:]}")


def read_report(name: str, report: dict[str, Any], kept_out: bool) -> Measured:
    audits, categories = report["audits"], report["categories"]
    requests = audits["network-requests"]["details"]["items"]
    sent = sum(each["transferSize"] for each in requests if not any(part in each["url"] for part in OF_THE_MAP))
    broken = {
        reference["id"]
        for category in SCORES
        for reference in categories[category]["auditRefs"]
        if reference["weight"] and audits[reference["id"]]["score"] not in (None, 1)
    }
    return Measured(
        page=name,
        kb=sent / 1000,
        lcp_seconds=audits["largest-contentful-paint"]["numericValue"] / 1000,
        scores={key: round(100 * (category["score"] or 0)) for key, category in categories.items()},
        kept_out=kept_out,
        remarks=[f"{key} ({audits[key]['title']})" for key in sorted(broken)],
    )


def chromium() -> str:
    found = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if found:
        return found
    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
