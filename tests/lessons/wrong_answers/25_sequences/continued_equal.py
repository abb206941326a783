"""All kinds alike."""

from solution import *

LOSES = ("test_continued",)
SAYS = "at ["


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
        kinds = (dice[:, 0] * p.shape[1]).astype(int)
        melody.append(kinds)
    return np.stack(melody)
