"""A mean over pixels."""

from solution import *

LOSES = ("test_copying_moves_encoder_and_decoder",)
SAYS = "a mean over pixels"


def three_gradients(x, drawn, encoder, decoder, judge):
    x, drawn = Tensor(x), Tensor(drawn)
    coder, drawer = leaves(encoder), leaves(decoder)
    logits = network(network(x, coder), drawer)
    copying = F.binary_cross_entropy_with_logits(logits, x, "mean")
    of_copying = slopes(copying, [*coder, *drawer])

    critic, codes = leaves(judge), network(x, encoder)
    judging = F.softplus(-network(drawn, critic)).mean() + F.softplus(network(codes, critic)).mean()
    of_judging = slopes(judging, critic)

    deceiver = leaves(encoder)
    deceiving = F.softplus(-network(network(x, deceiver), judge)).mean()
    return of_copying, of_judging, slopes(deceiving, deceiver)
