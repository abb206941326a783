"""What sees B17: ln p far away from all bells, by log-sum-exp in long doubles."""

import numpy as np

from lessons import drawing
from minae import Tensor


def test_log_p_is_right_far_away_from_all_bells(program):
    x, means, log_stds, logits = (
        np.array([0.5, 9.0, -30.0, 80.0]),
        [-1.0, 2.0],
        [0.3, -0.2],
        [0.1, 0.7],
    )
    found = program.log_p(
        *(Tensor(np.array(value)) for value in (x, means, log_stds, logits))
    ).numpy()
    for place, value, expected in zip(x, found, true_log_p(x, means, log_stds, logits)):
        assert np.isclose(value, expected), (
            f"x = {place}: expected ln p = {expected:.2f}, found {value:.2f}"
        )


def true_log_p(x, means, log_stds, logits):
    """ln p(x) by log-sum-exp."""
    x, means, log_stds, logits = (
        np.asarray(value, np.longdouble) for value in (x, means, log_stds, logits)
    )
    terms = (
        -0.5 * ((x[:, None] - means) / np.exp(log_stds)) ** 2
        - log_stds
        - 0.5 * np.log(2 * np.pi)
    )
    terms = terms + logits - np.log(np.exp(logits).sum())
    largest = terms.max(axis=1)
    return (largest + np.log(np.exp(terms - largest[:, None]).sum(axis=1))).astype(
        float
    )


def harm(program, seed=0):
    """What a fresh point truly costs, in nats."""
    weights = [weight.numpy() for weight in program.train(seed)[1]]
    x = program.points(400, np.random.default_rng(seed + 1))
    printed = program.loss(*map(Tensor, (x, *weights))).item()
    away = np.abs(weights[0] - 16).min()
    return {
        "harm": -true_log_p(x, *weights).mean(),
        "printed": printed,
        "away": away,
        "x": x,
        "weights": weights,
    }


def draw(faulty, mended):
    panels = drawing.grid(2, 1, (6, 3.6))[:, 0]
    for axes, found, title in zip(panels, (faulty, mended), ("as it stood", "mended")):
        axes.hist(found["x"], 80, density=True, color="lightgrey")
        x = np.linspace(-3, 19, 900)
        axes.plot(x, np.exp(true_log_p(x, *found["weights"])), color="C3")
        axes.set(title=f"{title}: {found['harm']:.1f} nats per point", yticks=[])
    return panels[0].figure
