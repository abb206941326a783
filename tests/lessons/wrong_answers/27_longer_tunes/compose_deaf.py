"""Each bar begins in silence."""

from solution import *

LOSES = ("test_compose",)
SAYS = "must hear the last step of the bar before"


def compose(codes, begin, step, length):
    chosen = []
    for code in codes:
        state, before = begin(code), np.full(codes.shape[1], -1)
        for _ in range(length):
            logits, state = step(before, code, state)
            before = logits.argmax(axis=1)
            chosen.append(before)
    return np.stack(chosen, axis=1)
