"""The state goes into the next tune."""

from solution import *

LOSES = ("test_surprises",)
SAYS = "the state of one tune still"


def surprises(step, state, begin, tunes):
    nats = np.zeros(len(tunes))
    for place, tune in enumerate(tunes):
        before, now = begin, (now if place else state)
        for kind in tune:
            logits, now = step(np.array([before]), now)
            peak = logits.max()
            nats[place] += peak + np.log(np.exp(logits - peak).sum()) - logits[0, kind]
            before = kind
    return nats
