"""Divides by temperature 0."""

from solution import *

LOSES = ("test_free_run",)
SAYS = "with temperature 0 nothing is divided"


def free_run(step, state, z, length, kinds, temperature, seed):
    rng, chosen = np.random.default_rng(seed), []
    before = np.zeros((len(z), kinds))
    for _ in range(length):
        logits, state = step(before, z, state)
        logits = logits / np.float64(temperature)
        p = np.exp(logits - logits.max(axis=1, keepdims=True))
        below = np.cumsum(p / p.sum(axis=1, keepdims=True), axis=1)
        chosen.append((rng.random((len(z), 1)) > below).sum(axis=1).clip(0, kinds - 1))
        before = np.eye(kinds)[chosen[-1]]
    return np.stack(chosen, axis=1)
