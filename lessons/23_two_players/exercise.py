"""Exercise 23: two players.

Replace each `raise NotImplementedError(...)` by your code. Two functions run already,
and are wrong: mend them. Check with

    python -m lessons grade 23        (or: pytest lessons/23_two_players)

A judge gives a logit for each dot: how sure it is that the dot was drawn from the rule,
and not made by the forger. Losses are in nats. The first three functions need NumPy
alone, and the last one, too; the others need minae. When `three_gradients` passes,
train with it in full (half a minute on a quiet computer):

    python lessons/23_two_players/exercise.py

Do not write into the arrays that you get. Hints in steps are in the lesson.
"""

from itertools import pairwise

import numpy as np

from minae import Tensor, data, nn, optim
from minae import functional as F


def best_logit(x, mu, log_var, other_mu, other_log_var):
    """The logit of the best judge between two Gaussians, at each dot of x.

    Real dots come from the first Gaussian, made ones from the second, as many of each.
    The coordinates of a dot are independent. log_var is the logarithm of the variance.
    What is ln p - ln q?

    Shapes: x (N, D); mu, log_var, other_mu and other_log_var (D,) -> (N,).
    It must be right far away, too, where both densities are 0 for the computer.
    """
    raise NotImplementedError("best_logit: a logit for each dot")


def judge_loss(real, made):
    """What the judge pays, in nats: a mean for real dots, plus a mean for made dots.

    For a real dot it pays -ln D, for a made one -ln(1 - D), and D = sigmoid(logit).
    Logits may be as large as 1000.

    Shapes: real (N,) and made (M,), logits -> a number. So g is a number, too.

    Returns: the loss, and a tuple of two vjps, of real and of made.
    """
    raise NotImplementedError("judge_loss: the value and two vjps")


def forger_loss(made):
    """What the forger pays for being seen through, in nats: the mean of -ln D.

    Returns: the loss, and a tuple with one vjp, of the logits made (M,).
    """
    raise NotImplementedError("forger_loss: the value and a vjp")


def network(x, weights):
    """A dense network, with leaky relus between its layers. weights: [w, b, w, b, ...].

    Takes Tensors and arrays. Nothing to write here.
    """
    for place in range(0, len(weights), 2):
        x = F.leaky_relu(x, 0.2) if place else x
        x = x @ weights[place] + weights[place + 1]
    return x


def three_gradients(x, drawn, encoder, decoder, judge):
    """The slopes for one step of an adversarial autoencoder.

    There are three losses, all taken at the weights as they are given:

    1. copying: the BCE of the decoder's logits, summed over pixels, per picture;
    2. judging: the judge's loss, `drawn` against the codes;
    3. deceiving: the forger's loss of the codes.

    Whose weights does each of them move, and whose does it leave alone?

    Args:
        x: pictures (N, D), from 0 to 1.
        drawn: dots that were drawn from the rule, (M, latent).
        encoder, decoder, judge: lists of arrays [w, b, w, b, ...] for `network`. The
            judge ends in a single logit: (N, 1).

    Returns: three lists of arrays, shaped like the weights. Of copying: for the encoder
        and then the decoder. Of judging: for the judge. Of deceiving: for the encoder.
    """
    raise NotImplementedError("three_gradients: three lists of slopes")


# Debug. Sections 3 and 5 of the lesson.


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


def second_opinion(made, drawn, seed):
    """What a fresh judge pays, after it learned, on dots that are new to it; in nats.

    The first half of `made` and of `drawn` is to learn from, the second half to be
    judged. If the two follow the same rule, no judge can be expected to pay less than
    2 ln 2. If not, it learns to.

    This runs, and its answer says nothing. There are two mistakes. Mend them.

    Shapes: made and drawn (N, D), float32 -> a number.
    """
    rng, half = np.random.default_rng(seed), len(made) // 2
    hidden, last = nn.Linear(made.shape[1], 64, rng=rng), nn.Linear(64, 1, rng=rng)
    judge = nn.Sequential(hidden, nn.LeakyReLU(0.2), last)

    def loss(some_drawn, some_made):
        of_drawn, of_made = judge(Tensor(some_drawn)), judge(Tensor(some_made))
        return F.softplus(-of_drawn).mean() + F.softplus(of_made).mean()

    optimizer = optim.Adam(judge.parameters(), 0.01)
    for _ in range(400):
        some, others = rng.integers(0, half, (2, 100))
        optimizer.zero_grad()
        loss(drawn[some], made[others]).backward()
    return loss(drawn[:half], made[:half]).item()


# Experiment. Predict before you run.


def slopes_of_a_forger(mu, n, seed):
    """How the forger's loss changes with mu, for two losses.

    The rule is N(0, 1). The forger makes dots z = mu + eps. The judge is the best one
    for this mu, and stands still. Take n dots, and the slope in mu of

    1. the mean of ln(1 - D(z)), which is what the judge gains, with its sign turned;
    2. the mean of -ln D(z), your `forger_loss`.

    Returns: two numbers.
    """
    raise NotImplementedError("slopes_of_a_forger: two slopes")


# At mu = 6 one of the two is almost 0. Which one, and why is that bad for a beginner?
# In a line:
WHY_IT_STOPS = ""


# In full. Nothing to write here.


def start(sizes, rng):
    weights = []
    for n, m in pairwise(sizes):
        most = n**-0.5
        weights += [rng.uniform(-most, most, (n, m)), rng.uniform(-most, most, m)]
    return [nn.Parameter(w.astype(np.float32)) for w in weights]


def ring(n, rng):
    """n dots from ten small Gaussians on a circle: put a rule of yours here."""
    angle = 2 * np.pi / 10 * rng.integers(10, size=n)
    centres = 4 * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return (centres + 0.4 * rng.standard_normal((n, 2))).astype(np.float32)


def train_aae(x, rule, epochs, seed, lr=0.001):
    """Three optimisers, moved by your three gradients: encoder, decoder and judge."""
    rng = np.random.default_rng(seed)
    sizes = (784, 64, 2), (2, 64, 784), (2, 64, 64, 1)
    encoder, decoder, judge = (start(layers, rng) for layers in sizes)
    players = [*encoder, *decoder], judge, encoder
    betas = (0.9, 0.999), (0.5, 0.999), (0.5, 0.999)
    optimizers = [optim.Adam(w, lr, b) for w, b in zip(players, betas)]
    for epoch in range(epochs):
        for optimizer, factor in zip(optimizers, (1, 2, 1)):
            optimizer.lr = factor * lr * (1 - epoch / epochs)
        for rows in data.batches(len(x), 128, rng):
            networks = encoder, decoder, judge
            arrays = [[w.numpy() for w in weights] for weights in networks]
            found = three_gradients(x[rows], rule(len(rows), rng), *arrays)
            for optimizer, weights, slopes in zip(optimizers, players, found):
                for weight, slope in zip(weights, slopes):
                    weight.grad = slope
                optimizer.step()
    return encoder, decoder, judge


if __name__ == "__main__":
    from lessons import drawing

    pictures, labels = data.mnist("train")
    pictures = pictures.reshape(-1, 784)
    encoder, decoder, judge = train_aae(pictures[:55_000], ring, 20, 0)
    codes = network(Tensor(pictures[55_000:]), encoder).numpy()
    axes = drawing.axes("My codes", "first number", "second number", size=(5, 5))
    axes.scatter(codes[:, 0], codes[:, 1], c=labels[55_000:], cmap="tab10", s=4)
    drawing.plt.savefig("my_ring.png")
    drawn = ring(len(codes), np.random.default_rng(1))
    print(f"a second opinion: {second_opinion(codes, drawn, 0):.3f} nats")
    print("my_ring.png has the codes of 5,000 other pictures")
