"""Codes are cut off before the decoder."""

from solution import *

LOSES = ("test_copying_moves_encoder_and_decoder",)
SAYS = "cut off (detach) between encoder and decoder"


def three_gradients(x, drawn, encoder, decoder, judge):
    x, drawn = Tensor(x), Tensor(drawn)
    coder, drawer = leaves(encoder), leaves(decoder)
    logits = network(network(x, coder), drawer) + 0
    copying = F.binary_cross_entropy_with_logits(logits, x, "sum") / len(x)
    of_copying = slopes(copying, [*coder, *drawer])

    critic, codes = leaves(judge), network(x, encoder)
    judging = F.softplus(-network(drawn, critic)).mean() + F.softplus(network(codes, critic)).mean()
    of_judging = slopes(judging, critic)

    deceiver = leaves(encoder)
    deceiving = F.softplus(-network(network(x, deceiver), judge)).mean()
    of_copying[: len(coder)] = [0 * w for w in of_copying[: len(coder)]]
    return of_copying, of_judging, slopes(deceiving, deceiver)
