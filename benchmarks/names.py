"""How quickly a name is found among many, beside other ways to find it, in one run over the same names.

    python benchmarks/names.py [--names 1000000] [--seconds 10] [--postgresql URL]

The names are invented; the commonest are as common as in the United States (nearly one of a hundred is a Smith). The
queries are typed well and badly, rare and common. First everybody whom the index finds, with the points, is compared
with a plain scoring of every name, for as many queries as `--compared` says, and the run ends with an error where they
differ. Then each way takes the queries in turn until its seconds are over. The other ways are: LIKE over all names;
rapidfuzz over all names; the trigram index of the database (SQLite's FTS5, and PostgreSQL's pg_trgm where the server
has it), which finds what is typed well. Times are by the clock, which runs on while others use the machine, and of
processor time, without that of a PostgreSQL server; the load is that of the machine. URL names an
empty database; without it the names are in a SQLite file.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import chain, islice
from pathlib import Path
from typing import Any

import numpy as np
from flask import Flask
from psycopg import sql
from sqlalchemy import func, insert, select, text

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from directory import create_app
from directory.extensions import db
from directory.places.names import plain
from directory.providers.by_name.models import NameWord
from directory.providers.by_name.queries import find_names, with_extras
from directory.providers.by_name.scoring import Closeness, TypedName, read_name
from directory.providers.by_name.words import found_words, index_entries, name_words
from directory.providers.models import ORGANIZATION, PERSON, PracticeLocation, Provider
from directory.providers.names import words
from directory.providers.sources import known_source
from directory.search.named import search_by_name
from tests.providers.by_name.test_search import score_name

Way = Callable[[str], int]
"""How many are found."""
Named = tuple[str, str, str | None]
"""NPI, name and last name, which an organization has not."""

LAST = {
    "smith": 0.0088, "johnson": 0.0071, "williams": 0.006, "brown": 0.0058, "jones": 0.0056, "garcia": 0.0047,
    "miller": 0.0046, "davis": 0.0045, "rodriguez": 0.0044, "martinez": 0.0042, "hernandez": 0.0041, "lopez": 0.0035,
    "patel": 0.003, "lee": 0.0027, "nguyen": 0.003, "kim": 0.002, "o'brien": 0.0005, "de la cruz": 0.0004,
}  # fmt: skip
FIRST = {
    "james": 0.015, "michael": 0.017, "john": 0.0165, "robert": 0.0145, "david": 0.015, "jennifer": 0.0125,
    "mary": 0.011, "william": 0.011, "elizabeth": 0.009, "sarah": 0.009, "maria": 0.006, "ana": 0.002, "mark": 0.008,
}  # fmt: skip
OFFICE = sorted(
    words(
        "medical center health care physical therapy group associates clinic services family dental pharmacy hospital "
        "community home rehabilitation orthopedic counseling wellness pain management neurology county university"
    )
)
COMMON = ("smith", "john", "michael", "john smith", "maria garcia", "bob jones", "medical center", "neurology")
DAY = date(2026, 1, 2)
ROWS_AT_ONCE = 50_000
STARTS = sorted(words("b c d f g h k l m n p r s t v br ch cr dr fr gr kr st th tr"))
MIDDLES = sorted(words("a e i o u ai ee ou"))
ENDS = ["", "", "", "n", "r", "s", "l", "man", "son", "ez", "ski", "ton", "le", "ck"]


def invented_names(count: int) -> list[Named]:
    """Three of four are people, of whom two of three have a middle name or its initial; the others are practices."""
    chance, numbers = random.Random(count), np.random.default_rng(count)
    last, first = (
        _drawn(shares, _invented_words(chance, others), numbers, count)
        for shares, others in ((LAST, 150_000), (FIRST, 30_000))
    )
    middle = numbers.permutation(first)
    names: list[Named] = []
    for number in range(count):
        npi, family = str(1_000_000_000 + number), last[number]
        if number % 4 == 3:
            office = " ".join(chance.sample(OFFICE, chance.randint(1, 3)))
            names.append((npi, f"{family} {office}".title(), None))
        else:
            between = (middle[number][0] + ". ", middle[number] + " ", "")[number % 3]
            names.append((npi, f"{first[number]} {between}{family}".title(), family))
    return names


def _invented_words(chance: random.Random, count: int) -> list[str]:
    made: dict[str, None] = {}
    while len(made) < count:
        syllables = (chance.choice(STARTS) + chance.choice(MIDDLES) for _ in range(chance.choice((2, 2, 3))))
        made["".join(syllables) + chance.choice(ENDS)] = None
    return list(made)


def _drawn(shares: dict[str, float], others: list[str], numbers: np.random.Generator, count: int) -> Any:
    """`count` words: the common ones by their shares, the others the rarer the later they stand."""
    tail = (np.arange(len(others)) + 20) ** -0.9
    weights = np.concatenate((list(shares.values()), tail / tail.sum() * (1 - sum(shares.values()))))
    return np.array([*shares, *others])[numbers.choice(len(weights), count, p=weights)]


def queries(names: list[Named], count: int) -> list[str]:
    """Names as people type them: whole, the last alone, in another order, with a mistake; and the commonest."""
    chance = random.Random(14)
    typed = []
    for _ in range(count):
        name = plain(chance.choice(names)[1]).replace(".", "").split()
        kind = chance.random()
        if kind < 0.3:
            name = name[-1:]
        elif kind < 0.5:
            name.reverse()
        if chance.random() < 0.4:
            at = chance.randrange(len(name))
            name[at] = _mistyped(name[at], chance)
        typed.append(" ".join(name))
    return [*typed, *COMMON]


def _mistyped(word: str, chance: random.Random) -> str:
    at = chance.randrange(len(word))
    letter = chance.choice("aeiourstln")
    swapped = word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :]
    return chance.choice((word[:at] + word[at + 1 :], word[:at] + letter + word[at:], swapped))


def store(names: list[Named]) -> None:
    """Write all names and their index into the app's empty database, sorted as the index is."""
    db.create_all()
    known_source("demo")
    db.session.commit()
    sourced: dict[str, Any] = {"source_key": "demo", "as_of": DAY}
    _insert(
        Provider,
        (
            {"npi": npi, "name": name, "last_name": last, "entity_type": PERSON if last else ORGANIZATION, **sourced}
            for npi, name, last in names
        ),
    )
    address = {"address_key": "1", "line_1": "1 Example Street", "city": "Torrance", "state": "CA", "country": "US"}
    address |= {"is_primary": True, "precision": "none"}
    _insert(PracticeLocation, ({"npi": npi, **address, **sourced} for npi, _, _ in names))
    entries = sorted((word, npi) for npi, name, last in names for word in index_entries(name, None, last, ()))
    _insert(NameWord, ({"word": word, "npi": npi} for word, npi in entries))
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE" if db.engine.dialect.name == "sqlite" else "VACUUM ANALYZE"))


def _insert(table: type[Any], rows: Iterable[dict[str, Any]]) -> None:
    connection, remaining = db.session.connection(), iter(rows)
    while chunk := list(islice(remaining, ROWS_AT_ONCE)):
        if connection.dialect.name == "sqlite":
            connection.execute(insert(table.__table__), chunk)
            continue
        columns = sql.SQL(", ").join(map(sql.Identifier, chunk[0]))
        into = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.__tablename__), columns)
        cursor: Any = connection.connection.cursor()
        with cursor.copy(into) as copy:
            for row in chunk:
                copy.write_row(tuple(row.values()))
    db.session.commit()


def our_way(typed: str) -> int:
    return len(find_names(read_name(typed)))


def our_page(typed: str) -> int:
    return search_by_name(typed).total


def like_way(typed: str) -> int:
    """Every word somewhere in the name."""
    holds = (func.lower(Provider.name).like(f"%{word}%") for word in plain(typed).split())
    return db.session.scalar(select(func.count()).select_from(Provider).where(*holds)) or 0


def rapidfuzz_way(names: list[Named]) -> Way:
    from rapidfuzz import fuzz, process

    plain_names = [plain(name) for _, name, _ in names]

    def answer(typed: str) -> int:
        return len(process.extract(plain(typed), plain_names, scorer=fuzz.token_sort_ratio, limit=20, score_cutoff=80))

    return answer


def trigram_way(names: list[Named]) -> tuple[str, Way] | None:
    """The database's own trigram index of whole names; None where the server has no pg_trgm."""
    connection = db.session.connection()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("CREATE VIRTUAL TABLE whole_name USING fts5(name, tokenize='trigram', detail=full)")
        connection.exec_driver_sql(
            "INSERT INTO whole_name (rowid, name) SELECT CAST(npi AS INTEGER), name FROM provider"
        )
        db.session.commit()
        matching = text("SELECT count(*) FROM whole_name WHERE whole_name MATCH :words")

        def by_fts(typed: str) -> int:
            quoted = " ".join(f'"{word}"' for word in name_words(typed) if len(word) > 2)
            return int(db.session.scalar(matching, {"words": quoted}) or 0) if quoted else 0

        return "SQLite's FTS5 trigrams", by_fts
    has_it = "SELECT count(*) FROM pg_available_extensions WHERE name = 'pg_trgm'"
    if not db.session.scalar(text(has_it)):
        return None
    connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    connection.exec_driver_sql("CREATE INDEX whole_name ON provider USING gin (lower(name) gin_trgm_ops)")
    db.session.commit()
    similar = text(
        "SELECT npi FROM provider WHERE :typed <% lower(name) ORDER BY :typed <<-> lower(name), npi LIMIT 20"
    )

    def by_trgm(typed: str) -> int:
        return len(db.session.execute(similar, {"typed": plain(typed)}).all())

    return "PostgreSQL's pg_trgm", by_trgm


def compare(names: list[Named], typed: Iterable[str]) -> int:
    """End the run where the index does not find whom a plain scoring of all names finds, with the same points."""
    words_of = {npi: found_words([name], last) for npi, name, last in names}
    count = 0
    for each in typed:
        name = read_name(each)
        matches = with_extras(name, find_names(name))
        if matches.is_partial:
            continue
        found = dict(zip(map(str, matches.npis.tolist()), matches.points.tolist(), strict=True))
        if found != _plain_scoring(name, words_of):
            sys.exit(f"the index and a plain scoring of every name find others for {each!r}")
        count += 1
    return count


def _plain_scoring(name: TypedName, words_of: dict[str, frozenset[str]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for closeness in Closeness:
        if found:
            break
        found = {npi: points for npi, its in words_of.items() if (points := score_name(name, its, closeness))}
    return found


def report(label: str, way: Way, typed: list[str], seconds: float) -> None:
    """Each query in turn until the seconds are over, the common ones once more by themselves."""
    for each in COMMON:
        way(each)  # the pages of the database that all queries need are read
    taken: list[tuple[float, float]] = []
    until = time.perf_counter() + seconds
    for each in _again(typed):
        start, used = time.perf_counter(), time.process_time()
        way(each)
        taken.append((1000 * (time.perf_counter() - start), 1000 * (time.process_time() - used)))
        if time.perf_counter() > until and len(taken) >= 20:
            break
    figures = "".join(f"{figure:9.2f}" for figure in np.percentile(taken, (50, 99, 100), axis=0).T.flat)
    print(f"  {label:<40}{figures}{len(taken):9,}{os.getloadavg()[0]:6.1f}", flush=True)


def _again(typed: list[str]) -> Iterator[str]:
    return chain.from_iterable(iter(lambda: typed, None))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--names", type=int, default=1_000_000)
    parser.add_argument("--queries", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--compared", type=int, default=20, help="queries answered by a plain scoring too")
    parser.add_argument("--postgresql", metavar="URL", help="an empty database")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = options.postgresql or f"sqlite:///{os.path.join(folder, 'names.sqlite3')}"
        app: Flask = create_app({"SQLALCHEMY_DATABASE_URI": url})
        with app.app_context():
            measure(options)


def measure(options: argparse.Namespace) -> None:
    names = invented_names(options.names)
    start = time.perf_counter()
    store(names)
    stored_in = time.perf_counter() - start
    print(f"{len(names):,} names on {db.engine.dialect.name}, stored in {stored_in:.0f} s.", flush=True)
    typed = queries(names, options.queries)
    compared = compare(names, [*typed[: options.compared], COMMON[0]])
    print(f"For {compared} queries the index finds whom a plain scoring of every name finds, with the same points.\n")
    print(f"  {'in milliseconds, by the clock and':<40}{'median':>9}{'p99':>9}{'most':>9}", end="")
    print(f"{'median':>9}{'p99':>9}{'most':>9}{'queries':>9}{'load':>6}\n  of this process's processor time")
    report("the directory's index of words", our_way, typed, options.seconds)
    report("the same, of well-known names alone", our_way, list(COMMON), options.seconds)
    report("the same, with the page of results", our_page, typed, options.seconds)
    if trigrams := trigram_way(names):
        report(f"{trigrams[0]}", trigrams[1], typed, options.seconds)
        report("the same, of well-known names alone", trigrams[1], list(COMMON), options.seconds)
    report("LIKE over all names", like_way, typed, options.seconds)
    report("rapidfuzz over all names", rapidfuzz_way(names), typed, options.seconds)


if __name__ == "__main__":
    main()
