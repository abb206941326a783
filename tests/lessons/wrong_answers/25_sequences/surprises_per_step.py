"""Nats of a step."""

from solution import *

LOSES = ("test_surprises",)
SAYS = "nats of the whole tune"


def surprises(step, state, begin, tunes):
    nats = np.zeros(len(tunes))
    for place, tune in enumerate(tunes):
        before, now = begin, state
        for kind in tune:
            logits, now = step(np.array([before]), now)
            peak = logits.max()
            nats[place] += peak + np.log(np.exp(logits - peak).sum()) - logits[0, kind]
            before = kind
    return nats / np.array([len(tune) for tune in tunes])
