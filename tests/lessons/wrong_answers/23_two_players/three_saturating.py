"""The encoder goes down on ln(1 - D)."""

from solution import *

LOSES = ("test_deceiving_moves_the_encoder",)
SAYS = "flat where the judge is sure"


def three_gradients(x, drawn, encoder, decoder, judge):
    x, drawn = Tensor(x), Tensor(drawn)
    coder, drawer = leaves(encoder), leaves(decoder)
    logits = network(network(x, coder), drawer)
    copying = F.binary_cross_entropy_with_logits(logits, x, "sum") / len(x)
    of_copying = slopes(copying, [*coder, *drawer])

    critic, codes = leaves(judge), network(x, encoder)
    judging = F.softplus(-network(drawn, critic)).mean() + F.softplus(network(codes, critic)).mean()
    of_judging = slopes(judging, critic)

    deceiver = leaves(encoder)
    deceiving = -F.softplus(network(network(x, deceiver), judge)).mean()
    return of_copying, of_judging, slopes(deceiving, deceiver)
