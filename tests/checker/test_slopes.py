"""Numerical slopes against known derivatives: within their own bars, and the bars tight."""

from dataclasses import replace

import numpy as np
import pytest

from minae.checker.extrapolation import extrapolate
from minae.checker.slopes import STEPS, exact_steps, observed_order, slope

ONE = np.ones(1)


def along(f, x, unit=1.0):
    """The slope of a function of a number at x."""
    return slope(lambda t: np.atleast_1d(f(x + t)), ONE, unit)


SMOOTH = [
    ("sin", np.sin, 1.0, np.cos(1.0)),
    ("exp", np.exp, 1.5, np.exp(1.5)),
    ("log", np.log, 2.0, 0.5),
    ("sqrt", np.sqrt, 3.0, 0.5 / np.sqrt(3.0)),
    ("tanh", np.tanh, 0.7, 1 - np.tanh(0.7) ** 2),
    ("1/x", lambda x: 1 / x, 1.3, -1 / 1.69),
    ("softplus", lambda x: np.log1p(np.exp(x)), -0.4, 1 / (1 + np.exp(0.4))),
    ("degree 9", lambda x: x**9, 1.1, 9 * 1.1**8),
    ("high curvature", lambda x: np.sin(40 * x), 0.3, 40 * np.cos(12.0)),
    ("period 1/8", lambda x: np.sin(16 * np.pi * x), 0.25, 16 * np.pi),
    ("x |x|", lambda x: x * abs(x), 0.8, 1.6),
]


@pytest.mark.parametrize(("name", "f", "x", "exact"), SMOOTH, ids=[case[0] for case in SMOOTH])
def test_a_smooth_slope_is_right_within_its_bar_and_the_bar_is_tight(name, f, x, exact):
    found = along(f, x)
    assert abs(found.value - exact) <= 10 * found.error
    assert 0 < found.error <= 2e-11 * abs(exact)
    assert abs(found.value - exact) <= 2e-12 * abs(exact)
    assert not found.is_kink


@pytest.mark.parametrize("scale", 10.0 ** np.arange(-9, 10, 3))
@pytest.mark.parametrize("size", 10.0 ** np.arange(-9, 10, 3))
def test_scales_of_value_and_argument_change_nothing(scale, size):
    found = along(lambda x: scale * np.exp(x / size), 0.5 * size, unit=0.5 * size)
    exact = scale / size * np.exp(0.5)
    assert abs(found.value - exact) <= 10 * found.error
    assert found.error <= 1e-11 * exact


@pytest.mark.parametrize("x", [-2.0, 0.3, 1.7])
@pytest.mark.parametrize("coefficients", [(3.0,), (2.0, -1.0), (0.5, 2.0, -3.0)])
def test_up_to_degree_2_only_rounding_is_left(coefficients, x):
    exact = np.polyval(np.polyder(coefficients), x)
    found = along(lambda t: np.polyval(coefficients, t), x)
    assert abs(found.value - exact) <= min(10 * found.error, 3e-14)
    assert found.error <= 1e-12


def test_random_functions_keep_their_word():
    """500 sums of waves and powers: no slope is more than ten bars off, and nearly all within one."""
    rng = np.random.default_rng(0)
    ratios, bars = [], []
    for _ in range(500):
        a, k, phase, x = rng.standard_normal(4) * [2, 5, 3, 1]
        found = along(lambda t, a=a, k=k, p=phase: a * np.sin(k * t + p) + np.exp(0.3 * t) + t**3, x, max(abs(x), 0.1))
        exact = a * k * np.cos(k * x + phase) + 0.3 * np.exp(0.3 * x) + 3 * x * x
        ratios.append(abs(found.value - exact) / found.error)
        bars.append(found.error / (abs(exact) + abs(a * k)))
    assert max(ratios) < 5 and np.mean(np.array(ratios) < 1) > 0.98
    assert max(bars) < 1e-10 and np.median(bars) < 1e-12


@pytest.mark.parametrize("distance", 10.0 ** -np.arange(1, 6))
def test_close_to_a_kink_the_near_side_is_found(distance):
    for x, exact in ((distance, 1.0), (-distance, 0.0)):
        found = along(lambda t: np.maximum(t, 0), x)
        assert not found.is_kink
        assert abs(found.value - exact) <= min(10 * found.error, 1e-8)


KINKS = [
    ("relu", lambda x: np.maximum(x, 0), 0.0, 0.0, 1.0),
    ("leaky relu", lambda x: np.where(x > 0, x, 0.01 * x), 0.0, 0.01, 1.0),
    ("abs of sin", lambda x: np.abs(np.sin(x)), 0.0, -1.0, 1.0),
    ("relu of a curve", lambda x: np.maximum(np.exp(x) - 1, 0), 0.0, 0.0, 1.0),
    ("a slight kink", lambda x: x + 1e-5 * np.abs(x), 0.0, 1 - 1e-5, 1 + 1e-5),
    ("a slight kink under a large value", lambda x: 1e3 + x + 1e-5 * np.abs(x), 0.0, 1 - 1e-5, 1 + 1e-5),
    ("tiny", lambda x: 1e-9 * np.maximum(x, 0), 0.0, 0.0, 1e-9),
    ("max of two lines", lambda x: np.maximum(3 * x, 2 - x), 0.5, -1.0, 3.0),
]


@pytest.mark.parametrize(("name", "f", "x", "left", "right"), KINKS, ids=[case[0] for case in KINKS])
def test_a_kink_is_found_with_both_slopes(name, f, x, left, right):
    found = along(f, x)
    assert found.is_kink
    assert found.left == pytest.approx(left, rel=1e-9, abs=1e-16)
    assert found.right == pytest.approx(right, rel=1e-9, abs=1e-16)


@pytest.mark.parametrize("f", [lambda x: x * x, np.cosh, lambda x: x**4, lambda x: x * x * np.sign(x), np.sin])
def test_curvature_is_no_kink(f):
    assert not along(f, 0.0).is_kink
    assert not along(lambda x: 1e3 * f(20 * x), 0.05).is_kink


def test_what_does_not_depend_on_t_cancels_exactly():
    """A constant of 1e9 beside sin(x) leaves its slope as sharp as without it."""
    found = slope(lambda t: np.array([1e9, np.sin(1 + t)]), np.array([1.0, 1.0]), 1.0)
    assert abs(found.value - np.cos(1)) <= 10 * found.error <= 1e-11


def test_a_large_offset_widens_the_bar_by_as_much():
    for offset in 10.0 ** np.arange(0, 13, 3):
        found = along(lambda x, offset=offset: offset + np.sin(x), 1.0)
        assert abs(found.value - np.cos(1)) <= 10 * found.error
        assert found.error <= 2e-13 * max(1.0, offset) * 10


@pytest.mark.parametrize("x", [5.0, 10.0, 15.0, 17.0, 20.0, 40.0])
def test_a_saturated_slope_is_within_its_bar(x):
    found = along(np.tanh, x, unit=x)
    assert abs(found.value - 4 * np.exp(-2 * x) / (1 + np.exp(-2 * x)) ** 2) <= 10 * found.error + 1e-17
    assert found.error <= 1e-13
    assert not found.is_kink


def test_steps_out_of_the_domain_are_left_out():
    with np.errstate(all="ignore"):
        found = along(np.log, 1e-3)  # the first seven steps are larger than x
        assert abs(found.value - 1000) <= 10 * found.error <= 2e-5
        assert len(found.steps) == STEPS - 7
        at_border = along(np.sqrt, 0.0)
        outside = along(np.log, -1.0)
    assert at_border.error == outside.error == np.inf


def test_infinity_is_no_slope():
    assert along(lambda x: np.inf * np.ones_like(x), 1.0).error == np.inf


@pytest.mark.parametrize("digits", [6, 8, 10])
def test_a_function_that_rounds_says_so_in_its_bar(digits):
    found = along(lambda x: np.round(np.sin(x), digits), 1.0)
    assert abs(found.value - np.cos(1)) <= 10 * found.error
    assert 10.0**-digits / 100 < found.error < 10.0**-digits * 1e4


def test_noise_widens_the_bar():
    rng = np.random.default_rng(0)
    for size in (1e-12, 1e-9, 1e-6):
        found = along(lambda x, size=size: np.sin(x) + size * rng.standard_normal(), 1.0)
        assert abs(found.value - np.cos(1)) <= 10 * found.error
        assert found.error > size


def test_the_observed_order_is_2_for_right_and_0_for_wrong():
    for name, f, x, exact in SMOOTH[:7]:
        found = along(f, x)
        assert observed_order(found, exact) == pytest.approx(2, abs=0.1), name
        assert observed_order(found, exact * (1 + 1e-6)) == pytest.approx(0, abs=0.1), name
        assert observed_order(found, -exact) == pytest.approx(0, abs=0.1), name


def test_the_observed_order_is_the_median_of_the_last_five_halvings():
    orders = [5, 1, 1.5, 2, 2.5, 3]
    errors = [*2.0 ** -np.cumsum([0, *orders]), *np.zeros(8)]
    found = replace(along(np.sin, 1.0), differences=3 + np.array(errors), steps=2.0 ** -np.arange(len(errors)))
    assert observed_order(found, 3.0) == pytest.approx(2)


@pytest.mark.parametrize("place", [1000.0, 3e5])
def test_steps_are_256_units_in_the_last_place_at_least(place):
    steps = exact_steps(1.0, place)
    assert ((place + steps) - place == steps).all()
    assert steps[-1] / 2 < 2.0**-44 * place < steps[-1]


def test_the_steepest_slope_nearby_is_that_of_the_function_not_of_its_noise():
    """Rounded to six decimals, sin jumps by 1e-6 within less than a step of 1e-6."""
    for f in (np.sin, lambda x: np.round(np.sin(x), 6)):
        steepest = (np.sin(1) - np.sin(1 - 0.1234)) / 0.1234  # it is less steep everywhere else within the first step
        assert along(f, 1.0).near == pytest.approx(steepest, rel=1e-2)


def test_the_observed_order_of_nothing_but_rounding_is_none():
    assert observed_order(along(lambda x: 3 * x, 1.0), 3.0) is None


def test_extrapolation_is_exact_for_a_short_series():
    """c + a h² + b h⁴ + d h⁶, and the same in powers of h."""
    steps = 0.1 * 2.0 ** -np.arange(20)
    for power in (1, 2):
        h = steps**power
        limit = extrapolate(5 + 3 * h - 2 * h**2 + h**3, steps, np.zeros(20), power)
        assert abs(limit.value - 5) <= limit.error < 1e-6


def test_the_bar_covers_the_rounding_it_is_told_of():
    steps = 0.1 * 2.0 ** -np.arange(8)
    limit = extrapolate(np.full(8, 5.0), steps, np.full(8, 1e-6), 2)
    assert limit.error >= 1e-6 / steps[1]
