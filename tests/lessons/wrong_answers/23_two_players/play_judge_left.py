"""Mends the forger alone."""

from solution import *

LOSES = ("test_play",)
SAYS = "the judge uses slopes of the forger"


def play(real, noise, forger, judge, lr):
    forger = [nn.Parameter(w.copy()) for w in forger]
    judge = [nn.Parameter(w.copy()) for w in judge]
    optimizer = optim.SGD([*forger, *judge], lr)
    for batch, eps in zip(real, noise, strict=True):
        optimizer.zero_grad()
        made = network(Tensor(eps), forger)
        of_real, of_made = network(Tensor(batch), judge), network(made.detach(), judge)
        [w.detach() for w in judge]
        judging = F.softplus(-of_real).mean() + F.softplus(of_made).mean()
        deceiving = F.softplus(-network(made, judge)).mean()
        (judging + deceiving).backward()
        optimizer.step()
    return [w.numpy() for w in forger], [w.numpy() for w in judge]
