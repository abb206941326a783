"""Every piece of the museum: it trains, its gradient check passes, its own test sees it, and only it."""

from functools import cache

import numpy as np
import pytest

from lessons.tools import museum
from lessons.tools.museum import Piece, pieces, run_program

SEEDS = (0, 1, 2)
FALLS_TO = 0.5  # the part of the first loss that is left, at most

each_piece = pytest.mark.parametrize("piece", pieces(), ids=lambda piece: piece.name)
as_it_stood_and_mended = pytest.mark.parametrize("version", ["faulty", "mended"])


@cache
def program(piece: Piece, version: str):
    return run_program(getattr(piece, version))


def trained(piece, version, seed):
    return np.array(program(piece, version).train(seed)[0])


@each_piece
@as_it_stood_and_mended
@pytest.mark.parametrize("seed", SEEDS)
def test_it_trains(piece, version, seed):
    losses = trained(piece, version, seed)
    last = losses[-max(1, len(losses) // 10) :].mean()
    assert np.isfinite(losses).all() and last < FALLS_TO * losses[0]


@each_piece
@as_it_stood_and_mended
def test_its_gradient_check_passes(piece, version):
    for seed in SEEDS:
        assert program(piece, version).check_gradients(seed).verdict == "pass"


@each_piece
def test_its_test_sees_it_and_passes_when_it_is_mended(piece):
    assert piece.complaint(program(piece, "faulty")) != ""
    assert piece.complaint(program(piece, "mended")) == ""


@each_piece
def test_its_harm_is_as_large_as_its_label_says_and_is_mended(piece):
    for seed in SEEDS:
        faulty, mended = (piece.sees.harm(program(piece, version), seed)["harm"] for version in ("faulty", "mended"))
        assert mended < piece.label["above"] < faulty


@each_piece
def test_a_seed_gives_the_same_training_again_and_another_seed_another(piece):
    again = np.array(run_program(piece.faulty).train(0)[0])
    assert (again == trained(piece, "faulty", 0)).all() and (again != trained(piece, "faulty", 1)).any()


@each_piece
def test_it_can_be_read_at_one_sitting(piece):
    """And a program says nothing that only its label may say."""
    lines = [line for line in piece.faulty.splitlines() if line]
    assert 30 <= len(lines) <= 60 and max(map(len, lines)) <= 88
    changed = museum._difference(piece).splitlines()
    assert 1 <= len(changed) <= 6 and not [line for line in changed if "#" in line]
    assert piece.name not in piece.faulty and "museum" not in piece.faulty
