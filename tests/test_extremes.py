"""Every op at 0, infinity, NaN, the largest and smallest floats gives what PyTorch gives, or what is written down."""

import numpy as np
import pytest

from minae.checker.cases import CASES
from minae.tensors import add, div, getitem, mul, neg, pow_, sub
from tests import extremes
from tests.extremes import DIFFERENT, ONE, PAIRS, TWO, may_differ

ROWS = list(extremes.rows())
SIGNS = {"-x": neg, "a + b": add, "a - b": sub, "a * b": mul, "a / b": div, "a ** b": pow_, "x[[0, 0]]": getitem}


def agree(ours, theirs, rtol):
    return all(np.allclose(a, b, rtol=rtol, atol=0, equal_nan=True) for a, b in zip(ours, theirs, strict=True))


def test_every_op_is_in_the_table():
    named = {name for table in (ONE, TWO, PAIRS) for name in table}
    missing = {case.op for case in CASES if case.op.__name__.strip("_") not in named} - set(SIGNS.values())
    assert not missing


@pytest.mark.parametrize("op", [*ONE, *TWO, *PAIRS])
def test_as_in_pytorch(op):
    found = {}
    for name, inputs, arrays, ours, theirs in ROWS:
        if name == op and not agree(extremes.ours(ours, arrays), extremes.theirs(theirs, arrays), 1e-10):
            found[(op, *inputs)] = (extremes.ours(ours, arrays), extremes.theirs(theirs, arrays))
    assert not {key: values for key, values in found.items() if not may_differ(op, key[1:])}
    if op != "batch_norm":  # where PyTorch's own result depends on how many threads it has
        for name, where, why in DIFFERENT:  # no difference is claimed that is not there
            assert name != op or any(where(*key[1:]) for key in found), why


@pytest.mark.parametrize("op", [*ONE, *TWO, *PAIRS])
def test_float32_too(op):
    """Its own largest and smallest numbers, with inputs of float64 cut to its range."""
    limits = np.finfo(np.float32)
    small = {extremes.LIMITS.max: limits.max, extremes.LIMITS.tiny: limits.tiny}
    small[extremes.LIMITS.smallest_subnormal] = limits.smallest_subnormal
    small |= {-wide: -narrow for wide, narrow in small.items()}
    for name, inputs, arrays, ours, theirs in ROWS:
        if name == op and not may_differ(op, inputs):
            narrow = [np.vectorize(lambda x: small.get(x, x))(array).astype(np.float32) for array in arrays]
            found, expected = extremes.ours(ours, narrow), extremes.theirs(theirs, narrow)
            assert agree(found, expected, 1e-5), (inputs, found, expected)


@pytest.mark.parametrize("target", [0.0, 0.3])
def test_an_infinite_logit_costs_infinitely_much(target):
    """Where PyTorch gives NaN too, what is right is said in figures."""
    bce = TWO["binary_cross_entropy_with_logits"][0]
    assert extremes.ours(bce, [np.array(np.inf), np.array(target)])[0] == np.inf
    assert extremes.ours(bce, [np.array(-np.inf), np.array(1 - target)])[0] == np.inf


def test_the_page_shows_it():
    assert extremes.PAGE.read_text("utf-8") == extremes.page(), "run python -m tests.extremes"
