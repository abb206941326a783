"""The last kind goes into the next tune."""

from solution import *

LOSES = ("test_surprises",)
SAYS = "the last kind of one tune"


def surprises(step, state, begin, tunes):
    nats = np.zeros(len(tunes))
    before = begin
    for place, tune in enumerate(tunes):
        now = state
        for kind in tune:
            logits, now = step(np.array([before]), now)
            peak = logits.max()
            nats[place] += peak + np.log(np.exp(logits - peak).sum()) - logits[0, kind]
            before = kind
    return nats
