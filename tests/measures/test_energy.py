"""The energy distance: its definition, its closed forms, and what it is of equal samples."""

import math

import numpy as np
import pytest

from minae.measures.energy import energy_distance


def by_definition(x, y):
    def mean(a, b):
        return np.mean([[math.dist(p, q) for q in b] for p in a])

    return 2 * mean(x, y) - mean(x, x) - mean(y, y)


def points(n, d, seed):
    return np.random.default_rng(seed).standard_normal((n, d))


@pytest.mark.parametrize("d", [1, 2, 5])
def test_definition(d):
    x, y = points(23, d, 0), 2 * points(17, d, 1) + 1
    assert energy_distance(x, y) == pytest.approx(by_definition(x, y), rel=1e-12)


def test_blocks_of_rows_change_nothing(monkeypatch):
    x, y = points(23, 3, 0), points(17, 3, 1)
    whole = energy_distance(x, y)
    monkeypatch.setattr("minae.energy.ROWS", 5)
    assert energy_distance(x, y) == pytest.approx(whole, rel=1e-12)


def test_two_points():
    assert energy_distance(np.zeros((1, 2)), np.array([[3.0, 4.0]])) == 10
    assert energy_distance(np.zeros((1, 2), np.float32), np.array([[3, 4]], np.float32)) == 10


def test_it_is_symmetric_scales_as_lengths_do_and_ignores_where_the_origin_is():
    x, y = points(23, 3, 0), 1 + points(17, 3, 1)
    distance = energy_distance(x, y)
    assert energy_distance(y, x) == pytest.approx(distance, rel=1e-12)
    assert energy_distance(7 * x, 7 * y) == pytest.approx(7 * distance, rel=1e-12)
    assert energy_distance(x + 5, y + 5) == pytest.approx(distance, rel=1e-10)


def test_float32_points_far_from_the_origin():
    """Their differences are small beside them, and the sum is of many: it is computed in float64."""
    x, y = (1000 + points(300, 2, 0)).astype(np.float32), (1000 + points(200, 2, 1)).astype(np.float32)
    assert energy_distance(x, y) == pytest.approx(energy_distance(x.astype(float), y.astype(float)), rel=1e-14)


def test_a_sample_and_itself():
    x = points(50, 3, 0)
    assert energy_distance(x, x) == 0
    assert energy_distance(x, x[::-1]) == pytest.approx(0, abs=1e-14)


def z_score(found, expected):
    return (np.mean(found) - expected) / (np.std(found, ddof=1) / math.sqrt(len(found)))


def test_two_normal_distributions_against_the_closed_form():
    """With X - Y ~ N(-d, 2) in one dimension, E|X - Y| = (2/√π) e^(-d²/4) + d erf(d/2)."""
    d, n = 1.5, 200
    apart = 2 / math.sqrt(math.pi) * math.exp(-(d**2) / 4) + d * math.erf(d / 2)
    within = 2 / math.sqrt(math.pi)
    found = [energy_distance(points(n, 1, seed), points(n, 1, seed + 1000) + d) for seed in range(200)]
    assert abs(z_score(found, 2 * apart - 2 * within + 2 * within / n)) < 5


def test_samples_of_one_distribution_are_as_far_apart_as_the_docstring_says():
    n, m = 100, 50
    found = np.array([energy_distance(points(n, 2, seed), points(m, 2, seed + 1000)) for seed in range(400)])
    expected = (1 / n + 1 / m) * math.sqrt(math.pi)  # E|X - X'| = √π for N(0, I) in the plane
    assert abs(z_score(found, expected)) < 5
    assert found.min() >= 0


def test_what_means_and_variances_do_not_tell_it_tells():
    x = points(2000, 1, 0)
    two_valued = np.sign(points(2000, 1, 1))  # mean 0 and variance 1, as N(0, 1)
    assert energy_distance(x, two_valued) > 10 * energy_distance(x, points(2000, 1, 2))


@pytest.mark.parametrize("shapes", [((3, 2), (3, 1)), ((3,), (3,)), ((0, 2), (3, 2)), ((3, 2), (0, 2))], ids=str)
def test_bad_shapes(shapes):
    with pytest.raises(ValueError, match="expected points"):
        energy_distance(*(np.zeros(shape) for shape in shapes))
