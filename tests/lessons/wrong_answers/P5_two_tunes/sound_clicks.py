"""Notes begin and end at once."""

from itertools import pairwise

import numpy as np
from solution import *

LOSES = ("test_sound",)
SAYS = "it clicks"


def sound(steps, tempo, rate):
    seconds = 15 / tempo
    samples = np.zeros(round(len(steps) * seconds * rate), np.float32)
    begins = [*np.flatnonzero(steps != HOLD), len(steps)]
    for begin, end in pairwise(begins):
        if steps[begin] < HOLD:
            first, last = (round(place * seconds * rate) for place in (begin, end))
            t = np.arange(last - first) / rate
            swings = 440 * 2 ** ((int(steps[begin]) - 69) / 12) * t
            wave = sum(np.cos(2 * np.pi * k * swings) / 2**k for k in (1, 2, 3))
            samples[first:last] = 0.8 * np.exp(-t / 0.6) * wave
    return samples
