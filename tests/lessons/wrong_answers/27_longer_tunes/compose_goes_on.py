"""The state goes on across the bar line."""

from solution import *

LOSES = ("test_compose",)
SAYS = "every bar begins afresh"


def compose(codes, begin, step, length):
    before, chosen = np.full(codes.shape[1], -1), []
    state = begin(codes[0])
    for code in codes:
        for _ in range(length):
            logits, state = step(before, code, state)
            before = logits.argmax(axis=1)
            chosen.append(before)
    return np.stack(chosen, axis=1)
