"""Every piece of the museum: it trains, its gradient check passes, its own test sees it, and only it."""

import re
import subprocess
import sys
from functools import cache

import numpy as np
import pytest
from PIL import Image

from lessons.tools import museum
from lessons.tools.catalogue import LessonError
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
def test_its_gradient_check_passes(piece):
    assert program(piece, "faulty").check_gradients(0).verdict == "pass"
    assert program(piece, "mended").check_gradients(1).verdict == "pass"


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
def test_its_harm_is_told_and_drawn(piece, tmp_path):
    harms = {version: piece.sees.harm(program(piece, version)) for version in ("faulty", "mended")}
    assert re.search(r"\d", piece.label["harm"].format(**harms))
    museum.draw(piece, harms, tmp_path / "harm.png")
    pixels = np.asarray(Image.open(tmp_path / "harm.png").convert("RGB")).reshape(-1, 3)
    assert len(np.unique(pixels, axis=0)) > 20


@each_piece
def test_a_seed_gives_the_same_training_again_and_another_seed_another(piece):
    again = np.array(run_program(piece.faulty).train(0)[0])
    assert (again == trained(piece, "faulty", 0)).all() and (again != trained(piece, "faulty", 1)).any()


@each_piece
def test_it_can_be_read_at_one_sitting(piece):
    """And a program says nothing that only its label may say; how it is set does not tell either."""
    lines = [line for line in piece.faulty.splitlines() if line]
    assert 30 <= len(lines) <= 60
    changed = museum._difference(piece).splitlines()
    assert 1 <= len(changed) <= 6 and not [line for line in changed if "#" in line]
    assert piece.name not in piece.faulty and "museum" not in piece.faulty
    command = [sys.executable, "-m", "ruff", "format", "--check", "--quiet", "--line-length=88", "-"]
    for source in (piece.faulty, piece.mended):
        assert max(map(len, source.splitlines())) <= 88
        assert subprocess.run(command, input=source, text=True, capture_output=True).returncode == 0


def test_all_that_is_said_of_a_piece_is_shown(capsys, tmp_path):
    museum.show(museum.find("b14"), tmp_path / "harm.png")
    said = capsys.readouterr().out
    for heading in (
        "Why it passes:",
        "Symptom:",
        "Where it stood:",
        "Where you met it:",
        "The test that sees it:",
        "The mend:",
        "The harm:",
    ):
        assert f"\n{heading}\n" in said
    assert said.startswith("B14: A hundred times the same case\n")
    assert ": pass (" in said and "\nmended: passes\n" in said and "\nas it stood: the check lets" in said
    assert "\n    +    rng = np.random.default_rng(0)\n" in said


@each_piece
def test_it_names_the_lesson_where_it_was_met(piece):
    assert re.match(r"lesson [1-9]\d?\b", piece.label["met"])


def test_there_are_eighteen():
    assert [piece.name for piece in pieces()] == [f"B{number}" for number in range(1, 19)]
    assert museum.listing().count("\n") == 17
    with pytest.raises(LessonError, match="no piece 'B19' in the museum; there are B1, B2, "):
        museum.find("B19")


def test_a_mend_must_fit(tmp_path):
    (tmp_path / "program.py").write_text("x = 1\nx = 1\n")
    (tmp_path / "label.toml").write_text('[[mend]]\nwrong = "x = 1"\nright = "x = 2"\n')
    with pytest.raises(LessonError, match=r"expected 'x = 1' once in program\.py"):
        _ = Piece(tmp_path).mended
