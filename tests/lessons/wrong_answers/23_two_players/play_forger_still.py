"""Cuts the dots off for both."""

from solution import *

LOSES = ("test_play",)
SAYS = "the forger does not move"


def play(real, noise, forger, judge, lr):
    forger = [nn.Parameter(w.copy()) for w in forger]
    judge = [nn.Parameter(w.copy()) for w in judge]
    optimizer = optim.SGD([*forger, *judge], lr)
    for batch, eps in zip(real, noise, strict=True):
        optimizer.zero_grad()
        made = network(Tensor(eps), forger)
        of_real, of_made = network(Tensor(batch), judge), network(made.detach(), judge)
        still = [w.detach() for w in judge]
        judging = F.softplus(-of_real).mean() + F.softplus(of_made).mean()
        deceiving = F.softplus(-network(made.detach(), still)).mean()
        (judging + deceiving).backward()
        for w in forger:
            w.grad = np.zeros_like(w.numpy())
        optimizer.step()
    return [w.numpy() for w in forger], [w.numpy() for w in judge]
