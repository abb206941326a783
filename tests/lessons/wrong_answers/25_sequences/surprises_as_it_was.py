"""Both leaks."""

from solution import *

LOSES = ("test_surprises",)
SAYS = "its state, and the last kind"


def surprises(step, state, begin, tunes):
    nats = np.zeros(len(tunes))
    before = begin
    for place, tune in enumerate(tunes):
        for kind in tune:
            logits, state = step(np.array([before]), state)
            peak = logits.max()
            nats[place] += peak + np.log(np.exp(logits - peak).sum()) - logits[0, kind]
            before = kind
    return nats
