"""Fresh chance each time."""

from solution import *

LOSES = ("test_continued",)
SAYS = "one seed gave two different results"


def continued(step, state, start, count, seed):
    rng = np.random.default_rng()
    melody: list[np.ndarray] = []
    for heard in start[:-1]:
        _, state = step(heard, state)
    kinds = start[-1]
    while len(melody) < count:
        logits, state = step(kinds, state)
        p = np.exp(logits - logits.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        dice = rng.random((len(p), 1))
        kinds = (p.cumsum(axis=1)[:, :-1] < dice).sum(axis=1)
        melody.append(kinds)
    return np.stack(melody)
