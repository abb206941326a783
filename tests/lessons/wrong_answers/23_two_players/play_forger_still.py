"""Cuts the dots off for both."""

from solution import *

LOSES = ("test_play",)
SAYS = "the forger does not move"


def play(real, noise, forger, judge, lr):
    forger = [nn.Parameter(w) for w in forger]
    judge = [nn.Parameter(w) for w in judge]
    optimizer = optim.SGD([*forger, *judge], lr)
    for batch, eps in zip(real, noise, strict=True):
        optimizer.zero_grad()
        made = network(Tensor(eps), forger)
        of_real, of_made = network(Tensor(batch), judge), network(made.detach(), judge)
        (F.softplus(-of_real).mean() + F.softplus(of_made).mean()).backward()
        still = [w.detach() for w in judge]
        F.softplus(-network(made.detach() + 0 * made, still)).mean().backward()
        optimizer.step()
    return [w.numpy() for w in forger], [w.numpy() for w in judge]
