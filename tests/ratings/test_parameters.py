"""What all providers share is found again from reviews that were made with it."""

import numpy as np
import pytest

from directory.ratings.model import (
    GRID,
    HALF_YEARS,
    PRIOR,
    SCALE,
    Parameters,
    Reviews,
    SourceEffect,
    star_probabilities,
)
from directory.ratings.parameters import expected_counts, learn_parameters
from tests.ratings.plain_ratings import star_chances

SOURCES = ["generous", SCALE, "harsh"]
TRUE = Parameters(
    cuts=(-1.6, -1.3, -0.95, -0.3),
    persistence=0.965,
    sources={"generous": SourceEffect(0.6, 0.6), SCALE: SourceEffect(0.0, 0.7), "harsh": SourceEffect(-0.5, 0.9)},
)


def made_with(parameters: Parameters, providers: int, each: int, seed: int = 1) -> Reviews:
    """Reviews drawn from the model itself, `each` a provider."""
    chance = np.random.default_rng(seed)
    quality = np.empty((providers, HALF_YEARS))
    quality[:, -1] = chance.normal(0, 1, providers)
    for age in reversed(range(HALF_YEARS - 1)):
        shock = chance.normal(0, 1, providers) * np.sqrt(1 - parameters.persistence**2)
        quality[:, age] = parameters.persistence * quality[:, age + 1] + shock
    provider = np.repeat(np.arange(providers), each)
    source = chance.integers(0, len(SOURCES), len(provider))
    age = chance.integers(0, 10, len(provider))
    chances = star_probabilities(parameters, SOURCES)[source, :, np.abs(GRID - quality[provider, age, None]).argmin(1)]
    stars = 1.0 + (chance.random((len(provider), 1)) > np.cumsum(chances, axis=1)).sum(axis=1)
    return Reviews(provider, source, np.minimum(stars, 5.0), age, np.ones(len(provider)))


def test_the_parameters_are_found_again() -> None:
    learned = learn_parameters(made_with(TRUE, 1_500, 12), SOURCES, 1_500)
    assert learned.mean == pytest.approx(TRUE.mean, abs=0.1)
    for source in SOURCES:
        assert learned.effect(source).bias == pytest.approx(TRUE.effect(source).bias, abs=0.12)
        assert learned.effect(source).spread == pytest.approx(TRUE.effect(source).spread, rel=0.15)
    assert abs(learned.persistence - TRUE.persistence) < 0.03


def test_without_reviews_the_parameters_are_the_prior() -> None:
    assert learn_parameters(made_with(TRUE, 0, 0), SOURCES, 0) == Parameters()


def test_a_handful_of_reviews_moves_the_parameters_a_little_and_breaks_nothing() -> None:
    learned = learn_parameters(Reviews(*(np.array(v) for v in ([0], [1], [5.0], [0], [1.0]))), SOURCES, 1)
    assert learned.mean == pytest.approx(Parameters().mean, abs=0.4)
    assert list(learned.cuts) == sorted(learned.cuts)


def test_a_source_that_only_gives_five_stars_breaks_nothing() -> None:
    reviews = made_with(TRUE, 40, 5)
    stars = np.where(reviews.source == 0, 5.0, reviews.stars)
    learned = learn_parameters(
        Reviews(reviews.provider, reviews.source, stars, reviews.age, reviews.trust), SOURCES, 40
    )
    assert learned.effect("generous").bias > 0.3
    assert np.isfinite(learned.mean)


def test_without_this_site_the_average_source_is_the_scale() -> None:
    reviews = made_with(TRUE, 300, 8)
    kept = reviews.take(np.flatnonzero(reviews.source != 1))
    learned = learn_parameters(kept, SOURCES, 300)
    assert learned.effect("harsh").bias < learned.effect(SCALE).bias == 0.0 < learned.effect("generous").bias


def test_a_large_directory_is_learned_from_some_of_its_providers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("directory.ratings.parameters.PROVIDERS_TO_LEARN_FROM", 400)
    learned = learn_parameters(made_with(TRUE, 1_500, 12), SOURCES, 1_500)
    assert learned.mean == pytest.approx(TRUE.mean, abs=0.15)


def test_the_log_likelihood_and_counts_are_those_of_the_plain_sums() -> None:
    """For two providers with all reviews in one half-year, by Bayes' rule quality by quality."""
    stars, source = [5.0, 4.0, 1.5], [0, 1, 2]
    reviews = Reviews(
        np.array([0, 0, 1]), np.array(source), np.array(stars), np.array([0, 0, 0]), np.array([1.0, 0.5, 1.0])
    )
    counts, log_likelihood = expected_counts(reviews, SOURCES, 2, TRUE)
    chances = [[star_chances(TRUE, name, float(quality)) for quality in GRID] for name in SOURCES]

    def said(node: int, provider: int) -> float:
        if provider == 0:
            return float(chances[0][node][4] * chances[1][node][3] ** 0.5)
        return float((chances[2][node][0] * chances[2][node][1]) ** 0.5)

    joint = np.array([[PRIOR[node] * said(node, provider) for node in range(len(GRID))] for provider in (0, 1)])
    posterior = joint / joint.sum(axis=1, keepdims=True)
    assert log_likelihood == pytest.approx(np.log(joint.sum(axis=1)).sum(), abs=1e-9)
    assert counts[0, 4] == pytest.approx(posterior[0])
    assert counts[1, 3] == pytest.approx(posterior[0] / 2)
    assert counts[2, 0] == pytest.approx(posterior[1] / 2)
    assert counts[2, 1] == pytest.approx(posterior[1] / 2)
    assert counts.sum() == pytest.approx(2.5)
