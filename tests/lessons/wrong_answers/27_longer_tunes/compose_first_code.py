"""Every bar from the first code."""

from solution import *

LOSES = ("test_compose",)
SAYS = "every bar is written from the first bar's code"


def compose(codes, begin, step, length, kinds):
    told, melody = np.zeros((codes.shape[1], kinds)), []
    for _ in codes:
        state = begin(codes[0])
        for _ in range(length):
            logits, state = step(told, codes[0], state)
            chosen = logits.argmax(axis=1)
            melody.append(chosen)
            told = np.eye(kinds)[chosen]
    return np.stack(melody, axis=1)
