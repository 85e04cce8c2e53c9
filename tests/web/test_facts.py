"""The figures that pages quote: each with its source, and a file with a mistake is refused by name."""

from pathlib import Path

import pytest

from directory.web.facts import FactsError, fact, facts, read_facts

GOOD = {"words": '"Twelve weeks."', "source": '"A trial"', "basis": '"seen"', "value": "12", "unit": '"weeks"'}


def read(folder: Path, **fields: str | None) -> None:
    path = folder / "facts.toml"
    lines = [f"{name} = {value}" for name, value in {**GOOD, **fields}.items() if value is not None]
    path.write_text("\n".join(["[twelve]", *lines]), encoding="utf-8")
    read_facts(path)


def test_a_fact_is_found_by_its_name() -> None:
    found = fact("retreatment_days_botox")
    assert (found.figure, found.sd, found.unit, found.year) == (80.7, 14.4, "days", 1998)
    assert found.ends == pytest.approx((66.3, 95.1))
    assert "1998;64:6-12" in found.source


def test_a_name_that_is_not_there_is_refused() -> None:
    with pytest.raises(FactsError, match="no entry nonsense"):
        fact("nonsense")


def test_every_fact_has_words_and_a_source_and_no_figure_stands_twice() -> None:
    assert all(each.words and each.source for each in facts().values())
    words = [each.words for each in facts().values()]
    assert len(set(words)) == len(words)


def test_every_figure_stands_in_its_words() -> None:
    spelled = {2: "two", 3: "three", 4: "four", 6: "six", 7: "week", 14: "two weeks"}
    for each in facts().values():
        for figure in (each.value, each.sd, each.low, each.high):
            if figure:
                written = (f"{figure:g}", f"{figure:,}", spelled.get(figure, f"{figure:g}"))
                assert any(form in each.words for form in written), each.key


def test_what_a_fact_does_not_have_is_refused_by_name() -> None:
    with pytest.raises(FactsError, match="boxed_warning has no value"):
        _ = fact("boxed_warning").figure
    with pytest.raises(FactsError, match="cycle_weeks has no range"):
        _ = fact("cycle_weeks").ends


def test_a_good_entry_is_read(tmp_path: Path) -> None:
    read(tmp_path, year="1998", link='"https://trial.example/"', sd="1.5")


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"words": None}, "needs words"),
        ({"words": '" "'}, "needs text as its words"),
        ({"source": None}, "needs source"),
        ({"basis": '"rumor"'}, "basis that is one of: seen, to_confirm"),
        ({"value": '"12"'}, "needs a number as its value"),
        ({"value": "nan"}, "needs a number as its value"),
        ({"value": "true"}, "needs a number as its value"),
        ({"unit": None}, "needs a unit"),
        ({"value": None}, "needs a unit with its figure, and none without"),
        ({"low": "1", "high": "2"}, "a value and a range"),
        ({"value": None, "low": "1"}, "both low and high"),
        ({"value": None, "low": "2", "high": "2"}, "low below high"),
        ({"value": None, "low": "1", "high": "2", "sd": "1"}, "an sd without a value"),
        ({"year": "98"}, "year of four digits"),
        ({"link": '"http://trial.example/"'}, "https://"),
        ({"color": '"red"'}, "not known: color"),
    ],
)
def test_a_mistake_is_named_with_its_entry(tmp_path: Path, fields: dict[str, str | None], why: str) -> None:
    with pytest.raises(FactsError, match=f"twelve .*{why}"):
        read(tmp_path, **fields)


@pytest.mark.parametrize("text", ["[twelve", "twelve = 1"])
def test_a_file_that_is_no_table_of_facts_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "facts.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FactsError):
        read_facts(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FactsError, match="cannot be read"):
        read_facts(tmp_path / "facts.toml")
