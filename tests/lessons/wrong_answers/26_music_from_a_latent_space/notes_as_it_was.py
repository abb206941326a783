"""The draft."""

from solution import *

LOSES = ("test_notes_found",)
SAYS = "this is still the draft"


def notes_found(x, z, state, step, kinds, pitches):
    before, right = np.zeros((len(x), kinds)), []
    for truth in x.T:
        logits, state = step(before, z, state)
        right.append(logits.argmax(axis=1) == truth)
        before = np.eye(kinds)[truth]
    return np.mean(right)
