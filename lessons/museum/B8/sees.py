"""What sees B8: the moments of the noise, which comes from N(0, 1)."""

import numpy as np

from lessons import drawing
from minae import Tensor


def test_noise_has_mean_0_and_variance_1(program):
    eps = program.noise(np.random.default_rng(0), (20_000,))
    n = len(eps)
    assert abs(eps.mean()) < 5 / np.sqrt(n), (
        f"expected a mean of 0, found {eps.mean():.4f}"
    )
    assert abs(eps.var() - 1) < 5 * np.sqrt(2 / n), (
        f"expected a variance of 1, found {eps.var():.4f}"
    )


def harm(program, seed=0):
    """How many nats more a fresh picture costs than it prints, with full noise."""
    weights, rng = program.train(seed)[1], np.random.default_rng(seed + 1)
    x = program.digits(300, 600)
    nats = lambda noise: np.mean(
        [program.loss(Tensor(x), noise(), *weights).item() for _ in range(10)]
    )
    printed, true = (
        nats(lambda: program.noise(rng, (300, 2))),
        nats(lambda: rng.standard_normal((300, 2))),
    )
    drawn = program.decode(Tensor(rng.standard_normal((8, 2))), weights).numpy()
    return {
        "harm": true - printed,
        "printed": printed,
        "true": true,
        "drawn": 1 / (1 + np.exp(-drawn)),
    }


def draw(faulty, mended):
    return drawing.pictures(
        {"as it stood": faulty["drawn"], "mended": mended["drawn"]}, (14, 14)
    )
