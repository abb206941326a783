"""A tune: a name and its melody, of one piece or several."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from ..support.errors import FileError
from .melody import HIGHEST, HOLD, LOWEST, transpose


class Tune(NamedTuple):
    """A tune's name, and its pieces: each is steps, uint8 (T,), in whole bars."""

    name: str
    pieces: list[np.ndarray]

    @property
    def pitches(self) -> np.ndarray:
        """The MIDI pitches of all its notes."""
        return np.concatenate([piece[piece < HOLD] for piece in self.pieces])


def within_range(tune: Tune) -> tuple[Tune, list[str]]:
    """The tune in MIDI pitches 36 to 96, and a note if it was transposed for that.

    It is moved by whole octaves, as few as possible. Raises FileError if its notes are
    too far apart.
    """
    low, high = int(tune.pitches.min()), int(tune.pitches.max())
    octaves = next(_octaves_that_fit(low, high), None)
    if octaves is None:
        raise FileError(
            f"{tune.name}: expected notes within the MIDI pitches {LOWEST} to "
            f"{HIGHEST}, or any {HIGHEST - LOWEST} semitones, found {low} to {high}"
        )
    if octaves == 0:
        return tune, []
    moved = [transpose(piece, 12 * octaves) for piece in tune.pieces]
    told = f"{tune.name}: transposed by {octaves:+d} octaves, from {low} to {high}"
    return Tune(tune.name, moved), [told]


def _octaves_that_fit(low: int, high: int) -> Iterator[int]:
    nearest_first = sorted(range(-10, 11), key=abs)
    return (
        by
        for by in nearest_first
        if LOWEST <= low + 12 * by and high + 12 * by <= HIGHEST
    )
