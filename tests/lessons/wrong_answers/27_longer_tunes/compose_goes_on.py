"""The state goes on across the bar line."""

from solution import *

LOSES = ("test_compose",)
SAYS = "every bar begins afresh"


def compose(codes, begin, step, length, kinds):
    told, melody = np.zeros((codes.shape[1], kinds)), []
    state = begin(codes[0])
    for code in codes:
        for _ in range(length):
            logits, state = step(told, code, state)
            chosen = logits.argmax(axis=1)
            melody.append(chosen)
            told = np.eye(kinds)[chosen]
    return np.stack(melody, axis=1)
