"""The least likely step."""

from solution import *

LOSES = ("test_compose",)
SAYS = "least likely"


def compose(codes, begin, step, length, kinds):
    told, melody = np.zeros((codes.shape[1], kinds)), []
    for code in codes:
        state = begin(code)
        for _ in range(length):
            logits, state = step(told, code, state)
            chosen = logits.argmin(axis=1)
            melody.append(chosen)
            told = np.eye(kinds)[chosen]
    return np.stack(melody, axis=1)
