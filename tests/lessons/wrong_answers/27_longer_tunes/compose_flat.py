"""The first bar's code for all, as the flat decoder."""

from solution import *

LOSES = ("test_compose",)
SAYS = "from the first bar's code"


def compose(codes, begin, step, length):
    before, chosen = np.full(codes.shape[1], -1), []
    state = begin(codes[0])
    for _ in codes:
        for _ in range(length):
            logits, state = step(before, codes[0], state)
            before = logits.argmax(axis=1)
            chosen.append(before)
    return np.stack(chosen, axis=1)
