"""A melody as steps of a sixteenth: at each a note begins, a rest begins, or all holds.

A step is one number: 0 to 127, a note of that MIDI pitch begins (60 is middle C); 128,
the note or the rest goes on; 129, a rest begins. A bar of 4/4 has 16 steps.
Source: Roberts et al. 2018, "A Hierarchical Latent Vector Model for Learning Long-Term
Structure in Music" (arXiv:1803.05428), whose note-off is the rest here.
"""

from collections.abc import Iterable
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from ..backend import Array, moved_to, xp_of
from ..support.argument_checks import check_whole, is_whole

HOLD, REST = 128, 129
KINDS = 130  # how many different steps there are
BAR = 16  # steps in a bar of 4/4
LOWEST, HIGHEST = 36, 96  # MIDI pitches that models learn: C2 to C7


class Note(NamedTuple):
    """One note: its MIDI pitch, and its start and length in steps."""

    pitch: int
    start: int
    length: int


def steps_from(notes: Iterable[Note], length: int) -> np.ndarray:
    """Steps, uint8 (length,), of notes that follow each other; gaps become rests."""
    steps = np.full(length, HOLD, np.uint8)
    free = 0  # the first step after the note before
    for note in notes:
        if note.start > free:
            steps[free] = REST
        steps[note.start] = note.pitch
        free = note.start + note.length
    if free < length:
        steps[free] = REST
    return steps


def notes_in(steps: np.ndarray) -> list[Note]:
    """The notes of one melody, from its steps (T,).

    A hold before anything has begun is silence. Raises what `check_steps` raises.
    """
    check_steps("notes_in", steps)
    if steps.ndim != 1:
        raise ValueError(f"notes_in: expected steps (T,), found shape {steps.shape}")
    begins = [*np.flatnonzero(steps != HOLD).tolist(), len(steps)]
    return [
        Note(int(steps[start]), start, end - start)
        for start, end in pairwise(begins)
        if steps[start] < HOLD
    ]


def transpose(steps: np.ndarray, semitones: int | np.ndarray) -> np.ndarray:
    """The steps (..., T) with all notes higher by some semitones, uint8.

    `semitones` is a whole number, or an array (...) of one for each melody.
    Raises ValueError if a pitch leaves 0 to 127, and what `check_steps` raises.
    """
    check_steps("transpose", steps)
    by = np.asarray(semitones)
    if by.dtype.kind not in "iu":
        raise TypeError(
            f"transpose: semitones must be whole numbers, found {semitones!r}"
        )
    is_note = steps < HOLD
    moved = steps.astype(np.int64) + by[..., None]
    pitches = moved[np.broadcast_to(is_note, moved.shape)]
    if pitches.size and not (0 <= pitches.min() and pitches.max() < HOLD):
        raise ValueError(
            "transpose: expected pitches that stay within 0 to 127, "
            f"found {pitches.min()} to {pitches.max()}"
        )
    return np.where(is_note, moved, steps).astype(np.uint8)


def randomly_transposed(steps: Array, rng: Any, most: int = 5) -> Array:
    """Melodies (N, T), each higher or lower by up to `most` semitones, at random.

    Every shift that keeps a melody within LOWEST to HIGHEST is as likely as the others;
    the music stays the same, in another key, so this is more data for nothing.
    Steps on a GPU are not checked, as that would mean waiting for it.
    Raises ValueError unless `most` is a whole number of at least 0, and what
    `check_steps` raises.
    """
    check_whole("randomly_transposed: most", most, 0)
    xp = xp_of(steps)
    if xp is np:
        check_steps("randomly_transposed", steps)
    is_note, wide = steps < HOLD, steps.astype("int64")
    lowest = xp.where(is_note, wide, HIGHEST).min(axis=1)
    highest = xp.where(is_note, wide, LOWEST).max(axis=1)
    down = xp.clip(lowest - LOWEST, 0, most)
    up = xp.clip(HIGHEST - highest, 0, most)
    drawn = moved_to(rng.random(len(steps)), like=xp.empty(0))
    shift = xp.floor(drawn * (down + up + 1)).astype("int64") - down
    return xp.where(is_note, wide + shift[:, None], wide).astype("uint8")


def windows(steps: np.ndarray, bars: int, every: int = 1) -> np.ndarray:
    """All windows of some bars in a melody (T,), uint8 (N, 16 bars).

    Each begins `every` bars after the one before. A note that still sounds where a
    window begins is struck again there, since a window knows nothing before it.
    """
    size = BAR * bars
    starts = np.arange(0, len(steps) - size + 1, BAR * every)
    begun = np.where(steps == HOLD, 0, np.arange(len(steps)))
    sounding = steps[np.maximum.accumulate(begun)]  # what began last, for each step
    cut = steps[starts[:, None] + np.arange(size)]
    cut[:, 0] = sounding[starts]
    return cut


def intervals(steps: np.ndarray) -> bytes:
    """What stays the same when a melody is transposed: two alike give the same bytes.

    Pitches are counted from the first one; holds and rests keep their places.
    """
    pitches = steps[steps < HOLD]
    first = int(pitches[0]) if len(pitches) else 0
    wide = steps.astype(np.int64)
    return np.where(wide < HOLD, wide - first, wide + 1000).tobytes()


def check_steps(function: str, steps: np.ndarray) -> None:
    """Raises TypeError or ValueError for anything but whole numbers from 0 to 129."""
    if not isinstance(steps, np.ndarray) or steps.dtype.kind not in "iu":
        found = getattr(steps, "dtype", type(steps).__name__)
        raise TypeError(f"{function}: expected steps, whole numbers, found {found}")
    if steps.size and not (0 <= steps.min() and steps.max() < KINDS):
        raise ValueError(
            f"{function}: expected steps from 0 to {KINDS - 1}, "
            f"found {steps.min()} to {steps.max()}"
        )


def whole_bars(steps: int) -> int:
    """The number of steps in as many bars as so many steps need."""
    return -(-steps // BAR) * BAR


def check_bars(function: str, bars: int) -> None:
    if not is_whole(bars) or not 1 <= bars <= 64:
        raise ValueError(f"{function}: bars must be from 1 to 64, found {bars!r}")
