"""How well ratings are estimated, beside what one would use instead, on simulated reviews whose truth is known.

    python benchmarks/ratings.py [--seeds 5] [--providers 60 400 1500] [--reviews 1000000]

Two simulators make reviews: heavy-tailed counts, four sources of different bias, stars shaped like a J, quality that
changes, bursts of bought five-star reviews and of one-star attacks, a part of them with nearly the same text, and a
part of the honest ones verified. The numbers of `trust.py` were chosen on the first; the second has other shapes
throughout. The priors of `calibration.py` were set so that the interval covers its 90 % on both and on others whose
stars come about in still other ways; how far it goes is learned from the reviews alone. The true rating of a provider
is the mean of the stars that honest patients of this site would give it today.

The others: the plain mean, the Bayesian average (C m + sum) / (C + n) with the mean m of all stars and the median count
C, and the lower Wilson bound of the share of four and five stars. Printed, as means over the seeds:

- nDCG@10 of the order in random neighborhoods of 40 (gain 2^g - 1, g the fifth of all providers, 0 to 4), and
  Kendall's tau-b there;
- coverage: how many true ratings lie in our 90 % interval;
- how many percentiles a provider with a bought burst gains, and one that is attacked loses, against the same reviews
  without the fakes.

The first comparison is of the largest of the directories. For each size it then says how far the interval went and what
it covered, and what fakes do to a provider with `FEW` honest reviews: an attack of 8 to 25 one-star reviews within ten
days, half of them near-copies, and a bought burst of 10 to 40.

Before anything is timed, our estimates are compared with a plain version of the formula. Then one new review is put
into a database, and `flask ratings estimate` reads `--reviews` reviews of a tenth as many providers in a process of its
own.
"""

import argparse
import csv
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import fmean, median

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from directory import create_app
from directory.extensions import db
from directory.providers.sources import known_source
from directory.ratings.csv_reviews import COLUMNS
from directory.ratings.model import Reviews, ages, no_averages
from directory.ratings.near_duplicates import clusters, letters
from directory.ratings.parameters import learn_parameters
from directory.ratings.posterior import estimate_ratings
from directory.ratings.trust import Written, trust_reviews
from directory.reviews.estimating import estimate_ratings as estimate_stored
from directory.reviews.models import Review
from tests import factories
from tests.ratings.plain_ratings import PlainReview, plain_estimate

Floats = NDArray[np.float64]
SOURCES = ["site", "maps", "portal", "forum"]
NEIGHBORHOOD, TOP, NEIGHBORHOODS = 40, 10, 400
WORDS = re.findall(
    r"\w+",
    """the staff were kind and listened to me about my neck injections hurt less than before with time after two weeks i
    could turn head again when driving work they explained dose side effects parking waiting room was full but doctor
    took his her answered questions relief lasted for months insurance paperwork handled quickly needle small slight
    soreness next day would recommend anyone who suffers from spasms""",
)
SHORT = ("Great doctor!", "so good", "Highly recommend", "Очень хороший врач, всем советую", "bad", "Not happy.", "")


@dataclass(frozen=True)
class World:
    """Reviews as columns, one row each, and the truth about each provider."""

    provider: NDArray[np.int64]
    source: NDArray[np.int64]
    stars: Floats
    day: Floats  # 0 is today
    verified: NDArray[np.bool_]
    fake: NDArray[np.bool_]
    text: NDArray[np.object_]
    truth: Floats
    bought: NDArray[np.int64]  # whose reviews were bought
    attacked: NDArray[np.int64]

    def without_fakes(self) -> "World":
        honest = ~self.fake
        columns = {name: getattr(self, name)[honest] for name in _COLUMNS}
        return replace(self, **columns)


_COLUMNS = ("provider", "source", "stars", "day", "verified", "fake", "text")


def sentence(chance: np.random.Generator, words: int) -> str:
    return " ".join(WORDS[index] for index in chance.integers(0, len(WORDS), words))


def honest_text(chance: np.random.Generator, share: float) -> str:
    """A text of its own, or one of the short phrases that many write."""
    if chance.random() < share:
        return sentence(chance, int(chance.integers(6, 45)))
    return SHORT[int(chance.integers(len(SHORT)))]


def first_world(seed: int, providers: int) -> World:
    """Latent quality with a normal part and one that drifts within two years; stars by cuts through noise."""
    chance = np.random.default_rng(seed)
    cuts, years = np.array([-1.35, -1.1, -0.8, -0.25]), 6.0
    months = int(12 * years) + 1
    quality = chance.normal(0, 1, providers)
    drift = np.zeros((providers, months))
    stay = np.exp(-1 / 24)
    drift[:, 0] = chance.normal(0, 0.5, providers)
    for month in range(1, months):
        drift[:, month] = stay * drift[:, month - 1] + chance.normal(0, 0.5 * np.sqrt(1 - stay**2), providers)
    counts = np.minimum(400, 3 * (chance.pareto(1.1, providers) + 0.3)).astype(np.int64)
    whose = np.repeat(np.arange(providers), counts)
    source = chosen(chance, chance.dirichlet([0.8, 0.9, 0.5, 0.5], providers)[whose])
    age_years = years * (1 - np.sqrt(chance.random(len(whose))))
    month = np.clip((12 * (years - age_years)).astype(np.int64), 0, months - 1)
    bias, noise = np.array([0.0, 0.55, -0.45, 0.25])[source], np.array([1.0, 0.9, 1.3, 0.8])[source]
    felt = 0.8 * (quality[whose] + drift[whose, month]) + bias + noise * chance.normal(0, 1, len(whose))
    now = 0.8 * (quality + drift[:, -1])
    draws = np.sort(chance.normal(0, 1, 20_001))
    truth = 1 + sum(1 - np.searchsorted(draws, cut - now) / len(draws) for cut in cuts)
    return finished(
        chance,
        whose=whose,
        source=source,
        stars=1.0 + (felt[:, None] > cuts).sum(axis=1),
        day=-365.25 * age_years,
        verified=chance.random(len(whose)) < np.array([0.45, 0.05, 0.0, 0.1])[source],
        own_text=0.6,
        truth=truth,
        plan=FakePlan(share=0.06, bought=(8, 25), attacks=(6, 20), days=(10, 10), alike=0.55, newest_day=12, waves=1),
    )


def second_world(seed: int, providers: int) -> World:
    """Shares of delighted, content and angry patients; care that changes at once; other counts, ages and bursts."""
    chance = np.random.default_rng(seed + 5_000)
    delighted = chance.beta(4.0, 1.9, providers)
    changes = chance.random(providers) < 0.3
    change_day = -chance.random(providers) * 5 * 365
    before = np.where(changes, chance.beta(4.0, 1.9, providers), delighted)
    counts = np.minimum(900, 2 + chance.negative_binomial(0.5, 0.5 / (0.5 + 18), providers))
    counts[chance.random(providers) < 0.08] = 0
    whose = np.repeat(np.arange(providers), counts)
    source = chosen(chance, np.tile([0.2, 0.4, 0.15, 0.25], (len(whose), 1)))
    day = -chance.gamma(1.5, 500, len(whose))
    share = np.where(day < change_day[whose], before[whose], delighted[whose])
    odds = share / (1 - share) * np.array([1.0, 1.9, 0.6, 1.25])[source]
    happy = chance.random(len(whose)) < odds / (1 + odds)
    angry = chance.random(len(whose)) < np.array([0.6, 0.45, 0.8, 0.6])[source]
    good = np.where(chance.random(len(whose)) < np.array([0.85, 0.9, 0.75, 0.8])[source], 5, 4)
    stars = np.where(happy, good, np.where(angry, 1, chance.integers(2, 5, len(whose))))
    return finished(
        chance,
        whose=whose,
        source=source,
        stars=stars.astype(np.float64),
        day=day,
        verified=chance.random(len(whose)) < np.array([0.35, 0.0, 0.2, 0.0])[source],
        own_text=0.7,
        truth=delighted * 4.85 + (1 - delighted) * (0.6 * 1 + 0.4 * 3),
        plan=FakePlan(share=0.05, bought=(6, 40), attacks=(5, 25), days=(2, 30), alike=0.4, newest_day=5, waves=2),
    )


def chosen(chance: np.random.Generator, shares: Floats) -> NDArray[np.int64]:
    """An index for each row, drawn by the row's shares."""
    drawn = chance.random(len(shares))[:, None] > np.cumsum(shares, axis=1)
    return np.minimum(drawn.sum(axis=1), shares.shape[1] - 1)


@dataclass(frozen=True)
class FakePlan:
    share: float  # of providers that are bought, and as many attacked
    bought: tuple[int, int]  # reviews in a burst, from and to
    attacks: tuple[int, int]
    days: tuple[float, float]  # how long a burst lasts
    alike: float  # share of a burst's texts that are copies with some words changed
    newest_day: float
    waves: int  # at most, a provider
    masked: float = 0.1  # share of a burst that gives one star less, or more


ATTACK = FakePlan(
    share=0.07, bought=(0, 0), attacks=(8, 25), days=(1, 10), alike=0.5, newest_day=10, waves=1, masked=0.0
)
BOUGHT = replace(ATTACK, bought=(10, 40), attacks=(0, 0))
FEW = (1, 5)  # honest reviews


def finished(
    chance: np.random.Generator,
    *,
    whose: NDArray[np.int64],
    source: NDArray[np.int64],
    stars: Floats,
    day: Floats,
    verified: NDArray[np.bool_],
    own_text: float,
    truth: Floats,
    plan: FakePlan,
) -> World:
    """The world with texts and with the fakes of `plan`: bought for the worse half, attacks on the better half."""
    number = len(truth)
    rank = np.argsort(np.argsort(truth))
    victims = int(plan.share * number)
    bought = chance.choice(np.flatnonzero(rank < number / 2), victims, replace=False)
    attacked = chance.choice(np.flatnonzero(rank >= number / 2), victims, replace=False)
    fakes: list[Fake] = []
    for targets, given, sizes in ((bought, 5.0, plan.bought), (attacked, 1.0, plan.attacks)):
        for target in targets:
            for _ in range(int(chance.integers(1, plan.waves + 1))):
                fakes += burst(chance, int(target), given, sizes, plan)
    honest = World(
        provider=whose,
        source=source,
        stars=stars,
        day=day,
        verified=verified,
        fake=np.zeros(len(whose), np.bool_),
        text=np.array([honest_text(chance, own_text) for _ in whose], np.object_),
        truth=truth,
        bought=bought,
        attacked=attacked,
    )
    return with_fakes(honest, fakes)


Fake = tuple[int, int, float, float, str]
"""Provider, source, stars, day and text."""


def with_fakes(world: World, fakes: list[Fake]) -> World:
    provider, source, stars, day, text = zip(*fakes, strict=True)
    return replace(
        world,
        provider=np.concatenate((world.provider, np.array(provider, np.int64))),
        source=np.concatenate((world.source, np.array(source, np.int64))),
        stars=np.concatenate((world.stars, stars)),
        day=np.minimum(0, np.concatenate((world.day, day))),
        verified=np.concatenate((world.verified, np.zeros(len(fakes), np.bool_))),
        fake=np.concatenate((world.fake, np.ones(len(fakes), np.bool_))),
        text=np.concatenate((world.text, np.array(text, np.object_))),
    )


def on_few_reviews(honest: World, plan: FakePlan, seed: int) -> World:
    """A world without fakes, and one burst of `plan` on each of some providers that have `FEW` reviews."""
    chance = np.random.default_rng(seed + 9_000)
    number = len(honest.truth)
    counts, rank = np.bincount(honest.provider, minlength=number), percentiles(honest.truth)
    attacks = plan.attacks[1] > 0
    suited = np.flatnonzero((counts >= FEW[0]) & (counts <= FEW[1]) & ((rank >= 50) == attacks))
    targets = chance.choice(suited, min(len(suited), max(3, int(plan.share * number))), replace=False)
    given, sizes = (1.0, plan.attacks) if attacks else (5.0, plan.bought)
    fakes = [fake for target in targets for fake in burst(chance, int(target), given, sizes, plan)]
    return with_fakes(replace(honest, bought=targets, attacked=targets), fakes)


def burst(chance: np.random.Generator, target: int, given: float, sizes: tuple[int, int], plan: FakePlan) -> list[Fake]:
    start = -chance.random() * 700 - plan.newest_day
    lasts = chance.uniform(*plan.days)
    mostly_on = int(chance.integers(len(SOURCES)))
    template = sentence(chance, 20).split()
    fakes = []
    for _ in range(int(chance.integers(sizes[0], sizes[1] + 1))):
        if chance.random() < plan.alike:
            words = list(template)
            for _ in range(int(chance.integers(0, 3))):
                words[int(chance.integers(len(words)))] = WORDS[int(chance.integers(len(WORDS)))]
            text = " ".join(words)
        else:
            text = sentence(chance, int(chance.integers(6, 30)))
        source = mostly_on if chance.random() < 0.8 else int(chance.integers(len(SOURCES)))
        masked = 0.0 if chance.random() < 1 - plan.masked else (-1.0 if given == 5.0 else 1.0)
        fakes.append((target, source, given + masked, start + chance.random() * lasts, text))
    return fakes


@dataclass(frozen=True)
class Answer:
    rating: Floats
    low: Floats | None = None
    high: Floats | None = None
    widening: float = float("nan")


def columns_of(world: World) -> Reviews:
    cluster = clusters([letters(text) for text in world.text])
    known = np.zeros(len(cluster), np.bool_)
    written = Written(world.provider, world.source, world.stars, world.day, world.verified, cluster, known)
    trust = trust_reviews(written).trust
    return Reviews(world.provider, world.source, world.stars, ages(np.floor(world.day), 0), trust)


def ours(world: World) -> Answer:
    reviews, providers = columns_of(world), len(world.truth)
    parameters = learn_parameters(reviews, SOURCES, providers)
    found = estimate_ratings(reviews, no_averages(), SOURCES, providers, parameters)
    return Answer(found.rating, found.low, found.high, parameters.widening)


def _sums(world: World, values: Floats) -> tuple[Floats, Floats]:
    providers = len(world.truth)
    return (
        np.bincount(world.provider, minlength=providers).astype(np.float64),
        np.bincount(world.provider, values, providers),
    )


def plain_mean(world: World) -> Answer:
    number, total = _sums(world, world.stars)
    return Answer(np.where(number > 0, total / np.maximum(number, 1), world.stars.mean()))


def bayesian_average(world: World) -> Answer:
    number, total = _sums(world, world.stars)
    typical = float(np.median(number[number > 0]))
    return Answer((typical * world.stars.mean() + total) / (typical + number))


def wilson_bound(world: World) -> Answer:
    number, good = _sums(world, (world.stars >= 4).astype(np.float64))
    number, z = np.maximum(number, 1e-9), 1.96
    share = good / number
    center = share + z * z / (2 * number)
    margin = z * np.sqrt(share * (1 - share) / number + z * z / (4 * number**2))
    return Answer((center - margin) / (1 + z * z / number))


WAYS: dict[str, Callable[[World], Answer]] = {
    "plain mean": plain_mean,
    "Bayesian average": bayesian_average,
    "Wilson bound": wilson_bound,
    "the directory": ours,
}


@dataclass(frozen=True)
class Figures:
    ndcg: float
    tau: float
    coverage: float  # NaN without an interval
    width: float
    gained: float  # percentiles
    lost: float


def measured(world: World, way: Callable[[World], Answer]) -> Figures:
    answer, honest = way(world), way(world.without_fakes())
    moved = percentiles(answer.rating) - percentiles(honest.rating)
    coverage = width = float("nan")
    if answer.low is not None and answer.high is not None:
        coverage = covered(answer, world.truth)
        width = float((answer.high - answer.low).mean())
    ndcg, tau = order_quality(world.truth, answer.rating)
    return Figures(ndcg, tau, coverage, width, float(moved[world.bought].mean()), -float(moved[world.attacked].mean()))


def covered(answer: Answer, truth: Floats) -> float:
    assert answer.low is not None
    assert answer.high is not None
    return float(((answer.low <= truth) & (truth <= answer.high)).mean())


def percentiles(values: Floats) -> Floats:
    """0 to 100; equal values share the mean of their places."""
    ordered = np.sort(values)
    places = (np.searchsorted(ordered, values, "left") + np.searchsorted(ordered, values, "right") - 1) / 2
    return 100 * places / (len(values) - 1)


def order_quality(truth: Floats, rating: Floats) -> tuple[float, float]:
    chance = np.random.default_rng(0)
    gain = 2 ** np.minimum(4, np.floor(percentiles(truth) / 20)) - 1
    discount = 1 / np.log2(np.arange(TOP) + 2)
    ndcg, tau = [], []
    for _ in range(NEIGHBORHOODS):
        here = chance.choice(len(truth), NEIGHBORHOOD, replace=False)
        top = here[np.argsort(-rating[here], kind="stable")][:TOP]
        best = np.sort(gain[here])[::-1][:TOP]
        ndcg.append(float(gain[top] @ discount / (best @ discount)))
        ours_, true_ = (np.sign(values[here][:, None] - values[here]) for values in (rating, truth))
        tau.append(float((ours_ * true_).sum() / np.sqrt((ours_**2).sum() * (true_**2).sum())))
    return fmean(ndcg), fmean(tau)


def check_exactness() -> None:
    world = first_world(99, 120)
    reviews = columns_of(world)
    parameters = learn_parameters(reviews, SOURCES, len(world.truth))
    found = estimate_ratings(reviews, no_averages(), SOURCES, len(world.truth), parameters)
    checked = 0
    for provider in range(len(world.truth)):
        rows = np.flatnonzero(reviews.provider == provider)[:40]
        if len(rows) < (reviews.provider == provider).sum():
            continue
        plain = [
            PlainReview(SOURCES[reviews.source[row]], reviews.stars[row], int(reviews.age[row]), reviews.trust[row])
            for row in rows
        ]
        expected = plain_estimate(plain, [], parameters)
        estimate = (found.rating[provider], found.low[provider], found.high[provider])
        assert np.allclose(estimate, expected, atol=1e-8), (provider, estimate, expected)
        checked += 1
    print(f"Exact: the estimates of {checked} providers are those of the plain version, within 1e-8 stars.\n")


def compare(name: str, world_of: Callable[[int, int], World], seeds: int, providers: int) -> None:
    worlds = [world_of(seed, providers) for seed in range(1, seeds + 1)]
    reviews = fmean(len(world.stars) for world in worlds)
    fakes = fmean(float(world.fake.mean()) for world in worlds)
    print(f"{name}: {seeds} seeds, {providers:,} providers, {reviews:,.0f} reviews, {fakes:.0%} of them fake")
    print(f"{'':18}nDCG@10    tau  covered  width  bought gains  attacked loses")
    table: dict[str, Figures] = {}
    for label, way in WAYS.items():
        runs = [measured(world, way) for world in worlds]
        mean = Figures(*(fmean(getattr(run, each.name) for run in runs) for each in fields(Figures)))
        table[label] = mean
        covered = f"{mean.coverage:7.1%}  {mean.width:5.2f}" if mean.coverage == mean.coverage else f"{'':14}"
        print(f"{label:18}{mean.ndcg:7.3f}  {mean.tau:5.3f}  {covered}  {mean.gained:12.1f}  {mean.lost:14.1f}")
    us, bayes = table["the directory"], table["Bayesian average"]
    print(f"Over the Bayesian average: nDCG@10 {us.ndcg - bayes.ndcg:+.3f}, tau {us.tau - bayes.tau:+.3f}\n")


def at_each_size(name: str, world_of: Callable[[int, int], World], seeds: int, sizes: list[int]) -> None:
    print(f"{name}, by the number of providers: our interval, and fakes on a provider with few honest reviews")
    print(f"{'':18}nDCG@10    tau  covered  widened  attack costs  burst gains  short texts taken for copies")
    for providers in sizes:
        rows = []
        for seed in range(1, seeds + 1):
            world = world_of(seed, providers)
            honest = world.without_fakes()
            answer, before = ours(world), percentiles(ours(honest).rating)
            moved = []
            for plan in (ATTACK, BOUGHT):
                planted = on_few_reviews(honest, plan, seed)
                moved.append(float((percentiles(ours(planted).rating) - before)[planted.attacked].mean()))
            order = order_quality(world.truth, answer.rating)
            rows.append(
                (*order, covered(answer, world.truth), answer.widening, -moved[0], moved[1], copies_of_short(world))
            )
        ndcg, tau, share, widening, lost, gained, copies = (fmean(column) for column in zip(*rows, strict=True))
        print(
            f"{providers:6,} providers  {ndcg:7.3f}  {tau:5.3f}  {share:7.1%}  {widening:7.2f}  {lost:12.1f}  "
            f"{gained:11.1f}  {copies:10.0f}"
        )
    print()


def copies_of_short(world: World) -> int:
    cluster = clusters([letters(text) for text in world.text])
    short = np.isin(world.text, SHORT)
    return int((np.bincount(cluster, minlength=len(cluster))[cluster] > 1)[short].sum())


def write_reviews(path: Path, reviews: int) -> None:
    """A CSV of invented reviews of a tenth as many providers, with heavy-tailed counts."""
    chance = np.random.default_rng(11)
    providers = reviews // 10
    weights = chance.pareto(1.05, providers) + 0.1
    whose = np.sort(chance.choice(providers, reviews, p=weights / weights.sum()))
    quality = chance.normal(0, 1, providers)[whose]
    stars = 1 + (quality[:, None] + chance.normal(0, 1, (reviews, 1)) > [-1.35, -1.1, -0.8, -0.25]).sum(axis=1)
    vocabulary = np.array(WORDS + [f"{one}{other}" for one in WORDS[:60] for other in WORDS[60:]])
    today = datetime(2026, 1, 1, tzinfo=UTC)
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(COLUMNS)
        for number, (provider, given) in enumerate(zip(whose.tolist(), stars.tolist(), strict=True)):
            words = int(chance.integers(0, 35))
            text = " ".join(vocabulary[chance.integers(0, len(vocabulary), words)]) if words > 5 else ""
            day = (today - timedelta(days=int(chance.integers(0, 2_200)))).date().isoformat()
            source = SOURCES[number % 4]
            rows.writerow((9_000_000_000 + provider, source, number, given, int(number % 12 == 0), "", day, "A.", text))


def time_one_pass(reviews: int) -> None:
    with tempfile.TemporaryDirectory(prefix="ratings-bench-") as folder:
        path = Path(folder) / "reviews.csv"
        write_reviews(path, reviews)
        done = subprocess.run(
            [sys.executable, __file__, "--child", str(path)], check=True, capture_output=True, text=True
        )
        measured_: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    print(
        f"flask ratings estimate: {reviews:,} reviews of {reviews // 10:,} providers in {measured_['seconds']:.1f} s "
        f"({measured_['cpu_seconds']:.1f} s of processor), peak {measured_['peak_mb']:,.0f} MB"
    )


def child(path: Path) -> None:
    """The real command, in this process, from the file to the last line of its answer."""
    os.environ["DATABASE_URL"] = "sqlite://"
    app = create_app()
    started, cpu_started = time.perf_counter(), time.process_time()
    sys.stdin, out = path.open(encoding="utf-8", newline=""), sys.stdout
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        sys.stdout = nowhere
        app.cli.main(["ratings", "estimate"], prog_name="flask", standalone_mode=False)
        sys.stdout = out
    seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - cpu_started
    peak = int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]) / 1024
    print(json.dumps({"seconds": seconds, "cpu_seconds": cpu_seconds, "peak_mb": peak}))


def time_one_review(providers: int) -> None:
    """From a new review of a provider that has 40 until its estimate is in the database too; before the commit."""
    today = datetime.now(UTC)
    with tempfile.TemporaryDirectory(prefix="ratings-bench-") as folder:
        app = create_app({"SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder}/directory.sqlite3"})
        with app.app_context():
            db.create_all()
            known_source("site")
            npis = [factories.provider().npi for _ in range(providers)]
            for number in range(40 * providers):
                day = today - timedelta(days=number // 5 + 30)
                factories.review(
                    npis[number % providers], rating=float(1 + number * 7 % 5), source_key="site", created_at=day
                )
            estimate_stored()
            db.session.commit()
            milliseconds = []
            for npi in npis[: providers // 2]:
                db.session.add(Review(npi=npi, source_key="site", source_review_id=npi, rating=5.0, created_at=today))
                db.session.flush()
                started = time.perf_counter()
                assert estimate_stored([npi]) == 1
                milliseconds.append(1_000 * (time.perf_counter() - started))
                db.session.commit()
            db.session.remove()
            db.engine.dispose()
    print(
        f"The estimate after one new review of a provider with 40: median {median(milliseconds):.1f} ms, "
        f"slowest of {len(milliseconds)} {max(milliseconds):.1f} ms\n"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--providers", type=int, nargs="+", default=[60, 400, 1_500])
    parser.add_argument("--reviews", type=int, default=1_000_000)
    parser.add_argument("--child", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        child(Path(arguments.child))
        return
    check_exactness()
    largest = max(arguments.providers)
    time_one_review(min(200, largest))
    for name, world_of in (("The first simulator", first_world), ("The second simulator", second_world)):
        compare(name, world_of, arguments.seeds, largest)
        at_each_size(name, world_of, arguments.seeds, arguments.providers)
    time_one_pass(arguments.reviews)


if __name__ == "__main__":
    main()
