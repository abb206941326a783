"""The draft."""

from solution import *

LOSES = ("test_play",)
SAYS = "still the draft"


def play(real, noise, forger, judge, lr):
    """Some steps of the game on a plane: the weights afterwards.

    In each step both players move at once by plain descent, each by the slope of its
    own loss at the weights before the step. The judge's loss is `judge_loss`, the
    forger's is `forger_loss`.

    This runs, and both losses have right slopes. Whose slopes does each player use?
    There are two mistakes. Mend them.

    Args:
        real: a batch of real dots for each step, (steps, N, 2).
        noise: what the forger makes dots of, (steps, N, n).
        forger, judge: lists of arrays for `network`.

    Returns: the forger's weights and the judge's, two lists of arrays.
    """
    forger = [nn.Parameter(w.copy()) for w in forger]
    judge = [nn.Parameter(w.copy()) for w in judge]
    optimizer = optim.SGD([*forger, *judge], lr)
    for batch, eps in zip(real, noise):
        optimizer.zero_grad()
        made = network(Tensor(eps), forger)
        of_real, of_made = network(Tensor(batch), judge), network(made, judge)
        judging = F.softplus(-of_real).mean() + F.softplus(of_made).mean()
        deceiving = F.softplus(-network(made, judge)).mean()
        (judging + deceiving).backward()
        optimizer.step()
    return [w.numpy() for w in forger], [w.numpy() for w in judge]
