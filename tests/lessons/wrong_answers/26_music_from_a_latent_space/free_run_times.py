"""Multiplies by the temperature."""

from solution import *

LOSES = ("test_free_run",)
SAYS = "divided by the temperature, not multiplied"


def free_run(step, state, z, length, kinds, temperature, seed):
    rng, chosen = np.random.default_rng(seed), []
    hears = np.zeros((len(z), kinds))
    for _ in range(length):
        scores, state = step(hears, z, state)
        if temperature:
            scores = scores * temperature + rng.gumbel(size=scores.shape)
        chosen.append(scores.argmax(axis=1))
        hears = np.eye(kinds)[chosen[-1]]
    return np.stack(chosen, axis=1)
