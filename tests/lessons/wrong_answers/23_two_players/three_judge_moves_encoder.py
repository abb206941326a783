"""B4: codes are not cut off for the judge."""

from solution import *

LOSES = ("test_deceiving_moves_the_encoder",)
SAYS = "would look for D = 1/2"


def three_gradients(x, drawn, encoder, decoder, judge):
    x, drawn = Tensor(x), Tensor(drawn)
    coder, drawer = leaves(encoder), leaves(decoder)
    logits = network(network(x, coder), drawer)
    copying = F.binary_cross_entropy_with_logits(logits, x, "sum") / len(x)
    of_copying = slopes(copying, [*coder, *drawer])

    critic, deceiver = leaves(judge), leaves(encoder)
    codes = network(x, deceiver)
    judging = F.softplus(-network(drawn, critic)).mean() + F.softplus(network(codes, critic)).mean()
    of_judging = slopes(judging, critic)

    deceiving = F.softplus(-network(network(x, deceiver), judge)).mean()
    return of_copying, of_judging, slopes(deceiving, deceiver)
