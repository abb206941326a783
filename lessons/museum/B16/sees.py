"""What sees B16: no row stands in both sets."""

import numpy as np

from lessons import drawing
from minae import Tensor


def test_no_point_is_in_both_sets(program):
    for seed in (0, 7):
        (training, _), (test, _) = program.data_sets(seed)
        both = {*map(tuple, training)} & {*map(tuple, test)}
        assert not both, (
            f"{len(test)} points to test on: {len(both)} of them are trained on too"
        )


def harm(program, seed=0):
    """By how much the accuracy that it prints is above that on 5,000 fresh points."""
    weights, test = program.train(seed)[1], program.data_sets(seed)[1]
    printed = program.accuracy(*test, weights)
    fresh = program.accuracy(*program.moons(5000, seed=12345), weights)
    return {
        "harm": printed - fresh,
        "printed": printed,
        "fresh": fresh,
        "test": test,
        "map": on_a_grid(program, weights),
    }


PLACES = np.linspace(-2.5, 2.5, 80)


def on_a_grid(program, weights):
    x = np.stack(np.meshgrid(PLACES, PLACES), axis=-1).reshape(-1, 2)
    return program.logits(Tensor(x), *weights).numpy().argmax(axis=1).reshape(80, 80)


def draw(faulty, mended):
    panels = drawing.grid(1, 2, (7, 3.6))[0]
    for axes, found, title in zip(panels, (faulty, mended), ("as it stood", "mended")):
        axes.pcolormesh(PLACES, PLACES, found["map"], cmap="Pastel1", vmax=8)
        x, which = found["test"]
        axes.scatter(*x.T, c=which, cmap="Set1", vmax=8, s=12)
        axes.set(
            title=f"{title}: its test points",
            xlabel=f"prints {found['printed']:.1%}, has {found['fresh']:.1%}",
        )
    return panels[0].figure
