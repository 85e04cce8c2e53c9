"""`make audit` reads Lighthouse's reports as meant: it counts what it says, and names each fault."""

import importlib.util
import sys
from types import ModuleType
from typing import Any

import pytest

from directory.config import ROOT


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    spec = importlib.util.spec_from_file_location("audit_of_pages", ROOT / "scripts" / "audit" / "audit.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # its dataclasses look themselves up there
    spec.loader.exec_module(module)
    return module


def _report(kb: float = 50, lcp_ms: float = 1000, **scores: float) -> dict[str, Any]:
    requests = [("http://x/", kb * 1000 - 500), ("http://x/static/css/site.css", 500)]
    requests += [
        ("http://x/static/vendor/leaflet/leaflet.js?v=1", 40_000),
        ("http://x/static/vendor/outlines.json", 25_000),
    ]
    audits: dict[str, Any] = {
        "network-requests": {"details": {"items": [{"url": url, "transferSize": size} for url, size in requests]}},
        "largest-contentful-paint": {"numericValue": lcp_ms, "score": 1, "title": "LCP"},
        "heading-order": {"score": scores.get("accessibility", 1), "title": "Headings in order"},
    }
    given = {"performance": 0.5, "accessibility": 1, "best-practices": 1, "seo": 1, **scores}
    categories = {name: {"score": score, "auditRefs": []} for name, score in given.items()}
    categories["accessibility"]["auditRefs"] = [{"id": "heading-order", "weight": 3}]
    return {"audits": audits, "categories": categories}


def test_a_sound_page_has_no_fault_and_the_map_does_not_count(audit: ModuleType) -> None:
    measured = audit.read_report("home", _report(), kept_out=False)
    assert (measured.kb, measured.lcp_seconds, measured.faults, measured.remarks) == (50, 1, [], [])


def test_each_fault_is_named(audit: ModuleType) -> None:
    measured = audit.read_report("home", _report(kb=120, lcp_ms=1600, accessibility=0.9, seo=0.99), kept_out=True)
    assert measured.faults == ["120.0 kB is more than 100", "LCP 1.60 s is over 1.5", "accessibility 90", "seo 99"]
    assert measured.remarks == ["heading-order (Headings in order)"]
    assert audit.row(measured).endswith("99*")


def test_a_slow_page_is_measured_again_and_the_median_counts(
    audit: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    times = iter([1.9, 1.2, 1.4])
    monkeypatch.setattr(audit, "fetch", lambda url: "")
    monkeypatch.setattr(
        audit, "measure_once", lambda name, *_: audit.read_report(name, _report(lcp_ms=1000 * next(times)), False)
    )
    assert audit.measure("home", "http://x/", tmp_path).lcp_seconds == pytest.approx(1.4)
    assert next(times, None) is None


def test_an_unknown_page_is_answered_with_those_there_are(
    audit: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    assert audit.main(["nothing"]) == 2
    assert "There are: home, search" in capsys.readouterr().out
