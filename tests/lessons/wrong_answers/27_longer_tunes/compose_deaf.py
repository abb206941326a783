"""Each bar begins in silence."""

from solution import *

LOSES = ("test_compose",)
SAYS = "must hear the last step of the bar before"


def compose(codes, begin, step, length, kinds):
    melody = []
    for code in codes:
        state, told = begin(code), np.zeros((codes.shape[1], kinds))
        for _ in range(length):
            logits, state = step(told, code, state)
            chosen = logits.argmax(axis=1)
            melody.append(chosen)
            told = np.eye(kinds)[chosen]
    return np.stack(melody, axis=1)
