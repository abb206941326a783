"""Hears the last step of the beginning alone."""

from solution import *

LOSES = ("test_continued",)
SAYS = "must hear the whole beginning"


def continued(step, state, start, count, seed):
    rng = np.random.default_rng(seed)
    melody: list[np.ndarray] = []
    kinds = start[-1]
    while len(melody) < count:
        logits, state = step(kinds, state)
        p = np.exp(logits - logits.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        dice = rng.random((len(p), 1))
        kinds = (p.cumsum(axis=1)[:, :-1] < dice).sum(axis=1)
        melody.append(kinds)
    return np.stack(melody)
