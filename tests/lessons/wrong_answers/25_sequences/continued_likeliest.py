"""Takes the likeliest step."""

from solution import *

LOSES = ("test_continued",)
SAYS = "the likeliest step is taken"


def continued(step, state, start, count, seed):
    melody: list[np.ndarray] = []
    for heard in start[:-1]:
        _, state = step(heard, state)
    kinds = start[-1]
    while len(melody) < count:
        logits, state = step(kinds, state)
        p = np.exp(logits - logits.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        kinds = p.argmax(axis=1)
        melody.append(kinds)
    return np.stack(melody)
