"""What sees B15: on average, more samples never make the bound worse."""

import numpy as np

from lessons import drawing
from minae import Tensor


def test_more_samples_bring_the_bound_nearer(program):
    nats = np.random.default_rng(0).normal(3, 2, (64, 50))
    bounds = [program.bound(Tensor(nats[:k])).numpy() for k in (1, 2, 8, 64)]
    means = [bound.mean() for bound in bounds]
    found = np.round(means, 2).tolist()
    told = f"1, 2, 8 and 64 samples: expected bounds that fall, found {found}"
    assert all(np.diff(means) < 0), told
    expected = -np.log(np.exp(-nats).mean(axis=0))
    assert np.allclose(bounds[-1], expected), (
        f"expected {expected[0]:.4f}, found {bounds[-1][0]:.4f}"
    )


COUNTS = (1, 2, 4, 8, 16, 32, 64)


def harm(program, seed=0):
    """By how many nats the bound of 64 samples lies above the truth."""
    weights, rng = program.train(seed)[1], np.random.default_rng(seed + 1)
    x = program.points(500, rng)
    eps = rng.standard_normal((64, 500))
    nats = program.nats_of_samples(Tensor(x), Tensor(eps), weights)
    bounds = [program.bound(nats[:k]).numpy().mean() for k in COUNTS]
    true = -log_p(program, x, weights[4:]).mean()
    return {
        "harm": bounds[-1] - true,
        "true": true,
        "one": bounds[0],
        "many": bounds[-1],
        "bounds": bounds,
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
    axes = drawing.axes(
        "The bound after training with 8 samples", "samples k", "nats per point"
    )
    for found, name, colour in (
        (faulty, "as it stood", "C3"),
        (mended, "mended", "C2"),
    ):
        axes.plot(
            COUNTS, found["bounds"], "o-", color=colour, label=f"{name}: what it prints"
        )
        axes.axhline(
            found["true"], color=colour, linestyle=":", label=f"{name}: the truth"
        )
    axes.set(xscale="log")
    axes.legend()
    return axes.figure
