"""A column for each melody."""

from solution import *

LOSES = ("test_compose",)
SAYS = "a row for each melody"


def compose(codes, begin, step, length):
    before, chosen = np.full(codes.shape[1], -1), []
    for code in codes:
        state = begin(code)
        for _ in range(length):
            logits, state = step(before, code, state)
            before = logits.argmax(axis=1)
            chosen.append(before)
    return np.stack(chosen)
