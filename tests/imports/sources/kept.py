"""Files of kept answers, as asking the interfaces leaves them."""

import gzip
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ASKED_AT = datetime(2026, 2, 2, 20, tzinfo=UTC)
REGISTRY = "https://registry.example.org/api/?version=2.1"


def kept_answers(
    folder: Path, answers: Iterable[tuple[str, Any]], name: str = "answers.jsonl.gz", at: datetime = ASKED_AT
) -> str:
    """The path of a file with an answer to each question, by its address."""
    path = folder / name
    with gzip.open(path, "wt", encoding="utf-8") as file:
        for url, answer in answers:
            file.write(json.dumps({"url": url, "at": at.isoformat(), "answer": answer}) + "\n")
    return str(path)


def registry_answer(*results: dict[str, Any]) -> dict[str, Any]:
    return {"result_count": len(results), "results": list(results)}
