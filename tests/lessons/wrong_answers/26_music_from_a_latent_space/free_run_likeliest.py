"""Never draws."""

from solution import *

LOSES = ("test_free_run",)
SAYS = "above temperature 0 steps are drawn"


def free_run(step, state, z, length, kinds, temperature, seed):
    chosen: list[np.ndarray] = []
    hears = np.zeros((len(z), kinds))
    for _ in range(length):
        scores, state = step(hears, z, state)
        if temperature:
            scores = scores / temperature
        chosen.append(scores.argmax(axis=1))
        hears = np.eye(kinds)[chosen[-1]]
    return np.stack(chosen, axis=1)
