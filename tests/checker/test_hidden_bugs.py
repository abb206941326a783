"""Bugs that hide, and right functions that look wrong: none of the first passes, none of the second fails."""

import re
from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from minae import gradcheck
from tests.checker.hidden_bugs import HIDDEN
from tests.checker.in_torch import passes_in_torch
from tests.checker.nasty_functions import NASTY

PAGE = Path(__file__).parents[2] / "docs" / "gradcheck.md"
SEEDS = pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 5))])


def verdict(f, inputs, seed=0):
    return gradcheck(f, *inputs, raise_on_failure=False, rng=seed).verdict


@cache
def verdicts_on_bugs(seed=0):
    return {str(bug): verdict(bug.op, bug.inputs, seed) for bug in HIDDEN}


@cache
def verdicts_on_nasty(seed=0):
    return {str(nasty): verdict(nasty.f, nasty.inputs, seed) for nasty in NASTY}


@SEEDS
def test_no_bug_that_hides_passes(seed):
    found = verdicts_on_bugs(seed)
    assert [bug for bug, said in found.items() if said not in ("fail", "inconclusive")] == []
    assert len(found) == len(HIDDEN) >= 130
    assert Counter(found.values())["fail"] >= 100


@SEEDS
def test_no_nasty_function_fails(seed):
    found = verdicts_on_nasty(seed)
    assert [nasty for nasty, said in found.items() if said not in ("pass", "inconclusive")] == []
    assert len(found) == len(NASTY) >= 110
    assert Counter(found.values())["pass"] >= 100


@pytest.mark.parametrize("distance", 10.0 ** -np.arange(1, 16))
def test_a_kink_near_by_is_none_here(distance):
    """Smaller steps than the distance see none; where there are none, nothing is said."""
    nasty = [case for case in NASTY if case.name.endswith(f"relu, {distance:g} above")]
    allowed = ("pass",) if distance > 1e-7 else ("pass", "inconclusive")
    assert verdict(nasty[0].f, nasty[0].inputs) in allowed


def ours():
    """For each kind: how many are planted, and how many the checker catches (or, of right ones, fails)."""
    caught = Counter(bug.kind for bug in HIDDEN if verdicts_on_bugs()[str(bug)] != "pass")
    failed = Counter(nasty.kind for nasty in NASTY if verdicts_on_nasty()[str(nasty)] in ("fail", "kink"))
    planted, right = Counter(bug.kind for bug in HIDDEN), Counter(nasty.kind for nasty in NASTY)
    return [(kind, planted[kind], caught[kind]) for kind in planted], [
        (kind, right[kind], failed[kind]) for kind in right
    ]


def theirs():
    """The same of torch.autograd.gradcheck, after ours: some bugs count how often they were called."""
    ours()
    caught = Counter(bug.kind for bug in HIDDEN if not passes_in_torch(bug.op, bug.inputs))
    failed = Counter(nasty.kind for nasty in NASTY if not passes_in_torch(nasty.f, nasty.inputs))
    return caught, failed


def rows_of_the_page():
    rows = re.findall(r"^\| ([^|]+?) \| (\d+) \| (\d+) \| (\d+) \|$", PAGE.read_text(), re.MULTILINE)
    return [(kind, *map(int, numbers)) for kind, *numbers in rows]


@pytest.mark.slow
def test_the_page_shows_what_is_caught():
    caught, failed = ours()
    assert [row[:3] for row in rows_of_the_page()] == [*caught, *failed]


@pytest.mark.slow
def test_the_page_shows_what_pytorch_catches():
    caught, failed = theirs()
    kinds = dict.fromkeys(bug.kind for bug in HIDDEN)
    rows = rows_of_the_page()
    assert [row[3] for row in rows[: len(kinds)]] == [caught[kind] for kind in kinds]
    assert [row[3] for row in rows[len(kinds) :]] == [failed[row[0]] for row in rows[len(kinds) :]]
