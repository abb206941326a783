"""What sees B6: twice the pixels cost twice as much, and so do twice the latents."""

import numpy as np

from lessons import drawing
from minae import Tensor


def test_pixels_add_up_and_so_do_latents(program):
    rng = np.random.default_rng(0)
    x, logits = rng.integers(0, 2, (5, 7)) * 1.0, rng.standard_normal((5, 7))
    mu, log_var = rng.standard_normal((2, 5, 3))
    once, twice = (
        [part.item() for part in parts(program, x, logits, mu, log_var, times)]
        for times in (1, 2)
    )
    for what, one, two in zip(
        ("the reconstruction of twice the pixels", "the KL of twice the latents"),
        once,
        twice,
    ):
        assert np.isclose(two, 2 * one), (
            f"{what}: expected {2 * one:.3f}, found {two:.3f}"
        )


def parts(program, x, logits, mu, log_var, times):
    return program.losses_of(
        *(Tensor(np.tile(array, times)) for array in (x, logits, mu, log_var))
    )


def harm(program, seed=0):
    """What fresh pictures cost, in nats each: all pixels and all latents count."""
    weights, rng = program.train(seed)[1], np.random.default_rng(seed + 1)
    x = program.digits(300, 600)
    mu, log_var = (part.numpy() for part in program.encode(Tensor(x), weights))
    z = mu + np.exp(0.5 * log_var) * rng.standard_normal(mu.shape)
    logits = program.decode(Tensor(z), weights).numpy()
    reconstruction = (np.logaddexp(0, logits) - x * logits).sum(axis=1).mean()
    kl = 0.5 * (mu**2 + np.exp(log_var) - 1 - log_var).sum(axis=1).mean()
    copies = 1 / (1 + np.exp(-logits))
    return {
        "harm": reconstruction + kl,
        "kl": kl,
        "reconstruction": reconstruction,
        "x": x,
        "copies": copies,
    }


def draw(faulty, mended):
    rows = {
        "pictures": faulty["x"][:8],
        "as it stood": faulty["copies"][:8],
        "mended": mended["copies"][:8],
    }
    return drawing.pictures(rows, (14, 14))
