"""The least likely step."""

from solution import *

LOSES = ("test_compose",)
SAYS = "least likely"


def compose(codes, begin, step, length):
    before, chosen = np.full(codes.shape[1], -1), []
    for code in codes:
        state = begin(code)
        for _ in range(length):
            logits, state = step(before, code, state)
            before = logits.argmin(axis=1)
            chosen.append(before)
    return np.stack(chosen, axis=1)
