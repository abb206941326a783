"""Signs are not read."""

import numpy as np
from solution import *

LOSES = ("test_read_tune",)
SAYS = "signs are left out"


def read_tune(text):
    steps, altered, rests = [], {}, False
    for bar_line, sign, letter, octaves, times, slash, parts in TOKEN.findall(text):
        if bar_line:
            altered = {}
            continue
        place = letter, octaves
        if False:
            altered[place] = {"^": 1, "_": -1, "=": 0}[sign]
        pitch = 60 + WHITE["CDEFGAB".find(letter.upper())] + 12 * letter.islower()
        pitch += 12 * (octaves.count("'") - octaves.count(",")) + altered.get(place, 0)
        first = pitch if letter != "z" else HOLD if rests else REST
        rests = letter == "z"
        length = 2 * int(times or 1) // (int(parts or 2) if slash else 1)
        steps += [first] + [HOLD] * (length - 1)
    missing = -len(steps) % BAR
    steps += [HOLD if rests else REST] * (missing > 0) + [HOLD] * (missing - 1)
    return np.array(steps, np.uint8)
