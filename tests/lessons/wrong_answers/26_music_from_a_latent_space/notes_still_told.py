"""Still told the truth."""

from solution import *

LOSES = ("test_notes_found",)
SAYS = "does not run free"


def notes_found(x, z, state, step, kinds, pitches):
    before, right = np.zeros((len(x), kinds)), []
    for truth in x.T:
        logits, state = step(before, z, state)
        right.append(logits.argmax(axis=1) == truth)
        before = np.eye(kinds)[truth]
    return np.array(right).T[x < pitches].mean()
