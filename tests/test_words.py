"""Words that pages, emails and commands do not use, each with those to use instead."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
INSTEAD = {
    "somebody": "someone",
    "anybody|everybody": "anyone, everyone",
    "nobody": "no one",
    "whoever": "anyone who, the person who",
    "is not whole|log is whole": "is not complete, log is intact",
    "short list": "saved to compare",
    "junk mail": "spam folder",
    "says the clinic": "reported by the practice",
    "(we|directory) knows? no": "we couldn’t find, we don’t list",
    "there is no such": "not found, we couldn’t find",
    "nobody has said|not said": "not listed",
    "placed (exactly|by its)": "located by",
    "held it back|lifted it": "strengths, what lowered its score",
    "not your doing": "not your fault",
    "no offer|no quote": "an estimate, not a quote",
    "waits? for (a moderator|a decision)": "in moderation, waiting for a decision",
    "leave (it|this|both|them) empty|(may|can) stay empty": "leave it blank, optional",
    "any more": "no longer",
    "anew": "again",
    "meanwhile": "in the meantime",
}
WORDS_OF_REVIEWS = "directory/reviews/screening"
"""Here words of reviews are told apart, these among them."""


def _texts_of_python(path: Path) -> Iterator[str]:
    """The strings of a module that have a space, but no docstrings; of a command the docstring too, which is its "
    "help."""
    tree = ast.parse(path.read_text("utf-8"))
    hidden = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and any("command(" in ast.unparse(each) for each in node.decorator_list):
            hidden -= {each.value for each in node.body[:1] if isinstance(each, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in hidden and " " in node.value:
            yield node.value


def _text_of_template(path: Path) -> str:
    """A template without its comments, and of its code the quoted words alone."""
    text = re.sub(r"\{#.*?#\}", "", path.read_text("utf-8"), flags=re.DOTALL)
    return re.sub(
        r"\{[{%].*?[%}]\}", lambda code: " ".join(re.findall(r'"[^"]*"', code.group())), text, flags=re.DOTALL
    )


def _texts() -> Iterator[tuple[str, str]]:
    """What is shown, with the file that it is in."""
    for path in sorted((ROOT / "directory").rglob("*.py")):
        for text in _texts_of_python(path):
            yield str(path.relative_to(ROOT)), text
    for path in sorted((ROOT / "templates").rglob("*.*")):
        yield str(path.relative_to(ROOT)), _text_of_template(path)
    for path in sorted((ROOT / "static" / "js").glob("*.js")):
        yield str(path.relative_to(ROOT)), re.sub(r"(?m)^\s*(//|/?\*).*$", "", path.read_text("utf-8"))
    yield "directory/guide/facts.toml", (ROOT / "directory" / "guide" / "facts.toml").read_text("utf-8")


def test_pages_emails_and_commands_use_plain_words() -> None:
    found: list[str] = []
    for place, text in _texts():
        if place.startswith(WORDS_OF_REVIEWS):
            continue
        flat = re.sub(r"\s+", " ", text)
        for words, instead in INSTEAD.items():
            found += [
                f"{place}: “{flat[max(0, match.start() - 40) : match.end() + 40]}”. Say: {instead}"
                for match in re.finditer(rf"\b(?:{words})\b", flat, re.IGNORECASE)
            ]
    assert found == []
