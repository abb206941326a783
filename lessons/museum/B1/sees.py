"""What sees B1: the variance of samples, where log_var is not 0."""

import numpy as np

from lessons import drawing
from minae import Tensor


def test_samples_have_the_variance_that_the_kl_reads(program):
    eps = np.random.default_rng(0).standard_normal((20_000, 1))
    for log_var in (-1.5, 0.7):
        spread = (
            program.sample(Tensor(0 * eps), Tensor(0 * eps + log_var), Tensor(eps))
            .numpy()
            .var()
        )
        expected = np.exp(log_var)
        told = (
            f"log_var {log_var}: expected variance {expected:.3f}, found {spread:.3f}"
        )
        assert abs(spread / expected - 1) < 5 * np.sqrt(2 / len(eps)), told


def harm(program, seed=0):
    """By how many nats the printed bound lies below the truth, on fresh points."""
    weights, rng = program.train(seed)[1], np.random.default_rng(seed + 1)
    x = program.points(500, rng)
    printed = np.mean(
        [
            program.loss(Tensor(x), rng.standard_normal((500, 1)), *weights).item()
            for _ in range(50)
        ]
    )
    true = -log_p(program, x, weights[4:]).mean()
    z = np.linspace(-2.5, 2.5, 200)[:, None]
    drawn = program.network(Tensor(z), *weights[4:]).numpy()
    return {
        "harm": true - printed,
        "printed": printed,
        "true": true,
        "points": x,
        "drawn": drawn,
    }


def log_p(program, x, decoder):
    """ln p(x) = ln ∫ p(x|z) p(z) dz, as a sum over 2,000 places z."""
    z = np.linspace(-6, 6, 2000)[:, None]
    squares = ((x[:, None] - program.network(Tensor(z), *decoder).numpy()) ** 2).sum(
        axis=2
    )
    joint = (
        -squares / (2 * program.NOISE**2)
        - z[:, 0] ** 2 / 2
        - np.log(2 * np.pi) * 1.5
        - 2 * np.log(program.NOISE)
    )
    largest = joint.max(axis=1)
    return largest + np.log(
        np.exp(joint - largest[:, None]).sum(axis=1) * (z[1, 0] - z[0, 0])
    )


def draw(faulty, mended):
    left, right = drawing.grid(1, 2, (7, 3.2))[0]
    for axes, found, title in (
        (left, faulty, "as it stood"),
        (right, mended, "mended"),
    ):
        axes.plot(*found["points"].T, ".", color="lightgrey")
        axes.plot(*found["drawn"].T, color="C3")
        below = f"prints {found['printed']:.2f} nats, the truth is {found['true']:.2f}"
        axes.set(title=title, xlabel=below, xlim=(-3, 3), ylim=(-2, 2))
    return left.figure
