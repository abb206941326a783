"""The first bar's code for all, as the flat decoder."""

from solution import *

LOSES = ("test_compose",)
SAYS = "from the first bar's code"


def compose(codes, begin, step, length, kinds):
    told, melody = np.zeros((codes.shape[1], kinds)), []
    state = begin(codes[0])
    for _ in codes:
        for _ in range(length):
            logits, state = step(told, codes[0], state)
            chosen = logits.argmax(axis=1)
            melody.append(chosen)
            told = np.eye(kinds)[chosen]
    return np.stack(melody, axis=1)
