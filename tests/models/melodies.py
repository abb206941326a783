"""Random melodies for tests."""

import numpy as np

from minae.data.melody import HIGHEST, HOLD, LOWEST, REST


def random_melodies(rng, count, bars=2):
    """Steps (count, 16 bars), uint8: notes from LOWEST to HIGHEST, holds and rests, beginning with a note."""
    shape = count, 16 * bars
    pitches = rng.integers(LOWEST, HIGHEST + 1, shape)
    others = np.where(rng.random(shape) < 0.9, HOLD, REST)
    steps = np.where(rng.random(shape) < 0.3, pitches, others)
    steps[:, 0] = pitches[:, 0]
    return steps.astype(np.uint8)
