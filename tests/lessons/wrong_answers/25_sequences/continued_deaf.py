"""Does not hear what it draws."""

from solution import *

LOSES = ("test_continued",)
SAYS = "must hear what was drawn"


def continued(step, state, start, count, seed):
    rng = np.random.default_rng(seed)
    melody: list[np.ndarray] = []
    for heard in start[:-1]:
        _, state = step(heard, state)
    kinds = start[-1]
    while len(melody) < count:
        logits, state = step(kinds, state)
        p = np.exp(logits - logits.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        dice = rng.random((len(p), 1))
        drawn = (p.cumsum(axis=1)[:, :-1] < dice).sum(axis=1)
        melody.append(drawn)
    return np.stack(melody)
