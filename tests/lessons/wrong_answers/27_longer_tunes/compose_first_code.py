"""Every bar from the first code."""

from solution import *

LOSES = ("test_compose",)
SAYS = "every bar is written from the first bar's code"


def compose(codes, begin, step, length):
    before, chosen = np.full(codes.shape[1], -1), []
    for _ in codes:
        state = begin(codes[0])
        for _ in range(length):
            logits, state = step(before, codes[0], state)
            before = logits.argmax(axis=1)
            chosen.append(before)
    return np.stack(chosen, axis=1)
