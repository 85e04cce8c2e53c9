"""The types of schema.org, held by the TypeScript compiler against data that pages give."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from directory.config import ROOT

COMPILER = ROOT / "node_modules" / "typescript" / "bin" / "tsc"
TYPES = ROOT / "node_modules" / "schema-dts"
OPTIONS = ("--noEmit", "--strict", "--skipLibCheck", "--module", "nodenext", "--moduleResolution", "nodenext")


def faults(folder: Path, blocks: list[dict[str, Any]]) -> str:
    """What the compiler says of each block, typed as what its `@type` calls it; empty when nothing is wrong."""
    node = shutil.which("node") or shutil.which(str(ROOT / ".venv" / "bin" / "node"))
    if node is None or not COMPILER.exists() or not TYPES.exists():
        _do_without("Node.js, TypeScript or schema-dts is missing. Run: bash scripts/schema_types.sh")
    kinds = sorted({block["@type"] for block in blocks})
    lines = [f'import type {{ WithContext, {", ".join(kinds)} }} from "schema-dts";']
    lines += [
        f"export const block{number}: WithContext<{block['@type']}> = {json.dumps(block, indent=1)};"
        for number, block in enumerate(blocks)
    ]
    (folder / "blocks.ts").write_text("\n".join(lines), encoding="utf-8")
    (folder / "node_modules").mkdir(exist_ok=True)
    if not (folder / "node_modules" / "schema-dts").exists():
        (folder / "node_modules" / "schema-dts").symlink_to(TYPES)
    done = subprocess.run(
        [node or "", str(COMPILER), *OPTIONS, str(folder / "blocks.ts")], capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr


def _do_without(what: str) -> None:
    """Skip, saying why; in CI fail instead, so that nothing goes untested unseen."""
    if os.environ.get("CI"):
        pytest.fail(what)
    pytest.skip(what)
