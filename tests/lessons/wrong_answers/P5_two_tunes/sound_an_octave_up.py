"""4 pi in place of 2 pi."""

from itertools import pairwise

import numpy as np
from solution import *

LOSES = ("test_sound",)
SAYS = "an octave too high"


def sound(steps, tempo, rate):
    seconds = 15 / tempo
    samples = np.zeros(round(len(steps) * seconds * rate), np.float32)
    begins = [*np.flatnonzero(steps != HOLD), len(steps)]
    for begin, end in pairwise(begins):
        if steps[begin] < HOLD:
            first, last = (round(place * seconds * rate) for place in (begin, end))
            t = np.arange(last - first) / rate
            swings = 440 * 2 ** ((int(steps[begin]) - 69) / 12) * t
            wave = sum(np.sin(4 * np.pi * k * swings) / 2**k for k in (1, 2, 3))
            soft = np.minimum(1, np.minimum(t, t[::-1]) / 0.02)
            samples[first:last] = 0.8 * soft * np.exp(-t / 0.6) * wave
    return samples
