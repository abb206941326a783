"""A column for each melody."""

from solution import *

LOSES = ("test_compose",)
SAYS = "a row for each melody"


def compose(codes, begin, step, length, kinds):
    told, melody = np.zeros((codes.shape[1], kinds)), []
    for code in codes:
        state = begin(code)
        for _ in range(length):
            logits, state = step(told, code, state)
            chosen = logits.argmax(axis=1)
            melody.append(chosen)
            told = np.eye(kinds)[chosen]
    return np.stack(melody)
