"""What the checker says of vjps that are wrong whatever their numbers: each fault by its own words, and a reason."""

import re
from collections import Counter

import numpy as np
import pytest

from minae import differentiable, gradcheck, where
from minae.checker import likely_cause

A = np.random.default_rng(0).standard_normal((2, 3))
B = np.random.default_rng(1).standard_normal((2, 3))


def second_needs_the_first(a, b):
    kept = [np.zeros_like(a)]

    def grad_a(g):
        kept[0] = g * a
        return g * b

    return a * b, (grad_a, lambda g: kept[0])


def one_buffer_for_both(a, b):
    buffer = np.empty_like(a)
    return a * b, (lambda g: np.multiply(g, b, out=buffer), lambda g: np.multiply(g, a, out=buffer))


BUFFER = np.empty((2, 3))


def one_buffer_for_all(a):
    return a * a, (lambda g: np.multiply(2 * g, a, out=BUFFER),)


def writes_into_g(a):
    def grad(g):
        g *= 2 * a
        return g

    return a * a, (grad,)


def writes_into_its_input(a):
    def grad(g):
        total = 2 * g * a
        a[...] = 0
        return total

    return a * a, (grad,)


def writes_into_its_value(a):
    y = a * a

    def grad(g):
        y[...] = 0
        return 2 * g * a

    return y, (grad,)


def constant_gradient(a):
    return a * a, (lambda g: 2 * g * a + 1e-3,)


def flushed(a):
    return a * a, (lambda g: 2 * np.where(np.abs(g) < 1e-9, 0, g) * a,)


def clipped(a):
    return a * a, (lambda g: 2 * np.clip(g, -1e5, 1e5) * a,)


def only_row_major(a):
    return a * a, (lambda g: 2 * g * a if a.flags.c_contiguous else 3 * g * a,)


def only_row_major_cotangents(a):
    return a * a, (lambda g: 2 * g * a if g.flags.c_contiguous else 3 * g * a,)


def only_cotangents_of_its_own(a):
    return a * a, (lambda g: 2 * g * a if 0 not in g.strides else 3 * g * a,)


def worn_out():
    calls = [0]

    def op(a):
        def grad(g):
            calls[0] += 1
            return 2 * g * a * (1 if calls[0] < 25 else 2)

        return a * a, (grad,)

    return op


def last_call():
    last = []

    def op(a):
        last[:] = [a]
        return a * a, (lambda g: 2 * g * last[0],)

    return op


def first_call():
    first = []

    def op(a):
        first.append(a.copy())
        return a * a, (lambda g: 2 * g * first[0],)

    return op


FAULTS = {
    "the gradient of one input alone is not the one it has beside the others": (second_needs_the_first, A, B),
    "the gradients change if the vjps run in the opposite order": (second_needs_the_first, A, B),
    "the gradients change if the inputs are results of other ops: two vjps return": (one_buffer_for_both, A, B),
    "a later backward changes this gradient: a vjp returns a buffer that it keeps": (one_buffer_for_all, A),
    "twice that of f(x): a vjp writes into g, or into what another vjp keeps": (writes_into_g, A),
    "backward changes its inputs": (writes_into_its_input, A),
    "backward changes the value of f: a vjp writes into what the op returned": (writes_into_its_value, A),
    "the gradient of a zero cotangent is not zero": (constant_gradient, A),
    "backward is not linear in the cotangent: for 1e+06 c the gradient is not 1e+06 times that for c": (clipped, A),
    "backward is not linear in the cotangent: for 8.7e-19 c the gradient is not 8.7e-19 times": (flushed, A),
    "f or its gradient is another one where inputs are column-major": (only_row_major, A),
    "f or its gradient is another one where inputs are a view of every other element": (only_row_major, A),
    "the gradient is another one where the cotangent is column-major": (only_row_major_cotangents, A),
    "the gradient is another one where the cotangent is broadcast": (only_cotangents_of_its_own, A),
    "the gradient is not the same time after time": (worn_out(), A),
    "elsewhere the gradient is wrong: a vjp may use inputs of another call": (first_call(), A),
    "another call of f before backward changes the gradient: a vjp reads a buffer": (last_call(), A),
}


@pytest.mark.parametrize("words", FAULTS)
def test_a_fault_is_told_in_its_own_words(words):
    op, *inputs = FAULTS[words]
    report = gradcheck(differentiable(op), *inputs, raise_on_failure=False)
    assert report.verdict == "fail"
    assert [fault for fault in report.faults if words in fault], report.faults
    assert words in str(report)


def test_a_gradient_that_is_nan_now_and_then_is_not_the_same():
    @differentiable
    def op(a):
        return a * a, (lambda g: 2 * g * a if 0 not in g.strides else np.nan * a,)

    report = gradcheck(op, A, raise_on_failure=False)
    assert report.faults == ["the gradient is another one where the cotangent is broadcast"]


def test_a_nan_that_f_does_not_use_is_no_fault():
    x = np.array([1.0, np.nan, -2.0])
    report = gradcheck(lambda x: (where(np.isfinite(x.data), x, 0.0) ** 2).sum(), x, raise_on_failure=False)
    assert report.faults == []


def test_elements_that_are_0_go_elsewhere_too():
    """There exp(x) of another call is right as long as x stays 0."""
    first = []

    @differentiable
    def op(a):
        first.append(np.exp(a))
        return np.exp(a), (lambda g: g * first[0],)

    told = gradcheck(op, np.zeros((2, 3)), raise_on_failure=False).faults
    assert "elsewhere the gradient is wrong: a vjp may use inputs of another call" in told


def test_a_slip_in_a_single_call_is_found_where_rounding_alone_would_do_more():
    """A billionth of the gradient of sin(1e8 x), which an input's last digit changes by more than that.

    The calls of the vjp are counted; in each run another one slips. Those that a check compares with a computation in
    another way, as with another order in memory, may hide it; of those that are done in the same way none may.
    """
    calls, slip = [], [0]

    @differentiable
    def op(a):
        def grad(g):
            calls.append(g)
            return 1e8 * np.cos(1e8 * a) * g * (1 + 1e-9 * (len(calls) == slip[0]))

        return np.sin(1e8 * a), (grad,)

    def faults():
        calls.clear()
        return gradcheck(op, A[0, :1], raise_on_failure=False).faults

    assert faults() == []
    found = Counter()
    for slip[0] in range(3, len(calls) + 1):  # the first two are what all others are compared with
        found.update(faults())
    words = {
        "another call of f before backward changes": 1,
        "the gradient of f(x) + f(x) is not twice": 2,
        "backward is not linear in the cotangent: for ": 9,  # -1 and 2 to ±20 and ±60, of either sign
        "the gradient of one input alone": 1,
        "if the vjps run in the opposite order": 1,
        "if the inputs are results of other ops": 1,
        "the gradient is not the same time after time": 10,
        "the value or the gradient of f changes after many calls": 1,
    }
    assert {some: sum(count for told, count in found.items() if some in told) for some in words} == words
    assert found.total() == sum(words.values())
    factors = {told.split("for ")[1].split(" c ")[0] for told in found if "not linear" in told}
    assert factors == set("-1 1e+06 -1e+06 1.2e+18 -1.2e+18 9.5e-07 -9.5e-07 8.7e-19 -8.7e-19".split())


HALVES = {  # of a cotangent, which a vjp may treat in its own way
    "its positive and its negative numbers": lambda g: (g >= 0).all() and np.ptp(g) > 0 and (g == 0).any(),
    "every other number of it": lambda g: not g.flat[::2].any() and g.flat[1::2].all(),
    "one of them a single number": lambda g: np.count_nonzero(g) == 1,
}


@pytest.mark.parametrize("about", HALVES)
def test_a_cotangent_of_a_certain_look_is_tried(about):
    @differentiable
    def op(a):
        return a * a, (lambda g: (2 if HALVES[about](g) else 1) * 2 * g * a,)

    told = [fault for fault in gradcheck(op, A, raise_on_failure=False).faults if "two parts" in fault]
    assert len(told) == 1 and f"for two parts of one, {about}, do not add up" in told[0]


def test_one_example_of_each_kind_is_enough():
    """The square of g is wrong for every factor and every pair of parts: the report names one of each."""

    @differentiable
    def op(a):
        return a * a, (lambda g: 2 * g * g * a,)

    told = [fault for fault in gradcheck(op, A, raise_on_failure=False).faults if "not linear" in fault]
    assert len(told) == 2 and " times that for c" in told[0] and "do not add up" in told[1]


# --- a guess at the cause ---------------------------------------------------------------------------------------------

RIGHT = np.random.default_rng(2).standard_normal((5, 5)) + 0.1
X = np.random.default_rng(3).standard_normal((5, 5))
ONE = np.zeros((5, 5), bool)
ONE[1, 2] = True
ROW = np.zeros((5, 5), bool)
ROW[4] = True
GUESSES = {
    "it is not finite": np.full((5, 5), np.nan),
    "the vjp returns zeros": 0 * RIGHT,
    "the sign is wrong": -RIGHT,
    "a single element is wrong": RIGHT + ONE,
    "it is right to seven digits": RIGHT * (1 + 3e-8),
    "it is 0.5 times the right one$": RIGHT / 2,
    "it is 5 times the right one, and 5 is a size of the inputs": 5 * RIGHT,
    "it is 0.04 times the right one, and 25 is a size of the inputs": RIGHT / 25,
    "it is 7 times the right one, and 7 is a size": 7 * RIGHT,  # of the other input
    "it is 2 times the right one$": 2 * RIGHT,
    "the gradient is transposed": RIGHT.T,
    "the gradient is flipped": RIGHT[:, ::-1],
    "flipped: should a kernel": RIGHT[::-1],
    "be rotated": RIGHT[::-1, ::-1],
    "shifted by one along an axis": np.roll(RIGHT, 1, 0),
    "an index off by one": np.roll(RIGHT, -1, 1),
    "wrong exactly where the input is negative": np.where(X < 0, RIGHT + 1, RIGHT),
    "wrong exactly where the input is positive": np.where(X > 0, RIGHT * RIGHT + 2, RIGHT),
    "whole rows or borders are wrong": np.where(ROW, 3 * RIGHT, RIGHT),
    "^$": RIGHT + X * np.tri(5),  # nothing that anybody would know
}


@pytest.mark.parametrize("words", GUESSES)
def test_a_guess_at_the_cause(words):
    gradient = GUESSES[words]
    wrong = ~np.isclose(gradient, RIGHT, rtol=1e-9)
    assert re.search(words, likely_cause.guess_cause(gradient, RIGHT, wrong, X, [np.ones((7, 1))]))


def test_a_swap_of_two_vjps_is_guessed():
    other = RIGHT**3
    wrong = np.ones((5, 5), bool)
    assert "are two vjps swapped?" in likely_cause.guess_cause(other, RIGHT, wrong, X, [RIGHT[:2], other])


@pytest.mark.parametrize("gradient", [[3.0, 2.0, 1.0], [2.0, 3.0, 1.0]])
def test_a_vector_is_flipped_or_shifted_too(gradient):
    told = likely_cause.guess_cause(
        np.array(gradient), np.array([1.0, 2.0, 3.0]), np.ones(3, bool), np.array([1.0, -1, 1]), []
    )
    assert "flipped" in told if gradient[0] == 3 else "shifted" in told


@pytest.mark.parametrize("size", [2, 3, 4])
def test_a_factor_that_is_a_size_may_come_from_a_mean_but_2_has_many_causes(size):
    x = np.linspace(1, 2, size)
    told = likely_cause.guess_cause(size * x, x, np.ones(size, bool), x, [])
    assert (f"{size} is a size of the inputs" in told) == (size > 2)


@pytest.mark.parametrize(("where", "whole"), [((0, slice(None), 2), False), ((slice(None), slice(None), 2), True)])
def test_a_line_of_a_volume_is_no_border_and_a_plane_is(where, whole):
    right = np.random.default_rng(4).standard_normal((3, 4, 5)) + 0.1
    gradient = right.copy()
    gradient[where] *= 3 + right[where]
    told = likely_cause.guess_cause(gradient, right, gradient != right, right.round() ** 2 + 1, [])
    assert told.startswith("whole rows or borders are wrong") == whole


def test_of_a_single_number_no_guess_is_too_much():
    """It has no rows, no order and no other element: only its factor is told."""
    one = np.array(1.0)
    assert likely_cause.guess_cause(3 * one, one, np.array(True), one, []) == "it is 3 times the right one"
