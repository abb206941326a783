"""What sees B12: no row stands in both parts."""

import numpy as np

from lessons import drawing
from minae import Tensor


def test_no_picture_is_in_both_parts(program):
    x = np.arange(34.0).reshape(17, 2)
    training, validation = program.split(x, 5, 0)
    both = {*map(tuple, training)} & {*map(tuple, validation)}
    assert not both, (
        f"17 pictures, 5 to validate: {len(both)} of them are trained on too"
    )


def harm(program, seed=0):
    """How many times the error that it prints fresh pictures have."""
    losses, weights, validated = program.train(seed)
    fresh = program.loss(Tensor(program.digits(500, 1000)), *weights).item()
    printed = min(validated)
    return {
        "harm": fresh / printed,
        "printed": printed,
        "fresh": fresh,
        "losses": losses,
        "validated": validated,
    }


def draw(faulty, mended):
    panels = drawing.grid(1, 2, (7, 3.2))[0]
    for axes, found, title in zip(panels, (faulty, mended), ("as it stood", "mended")):
        axes.plot(found["losses"], label="training")
        axes.plot(found["validated"], label="validation")
        axes.axhline(found["fresh"], color="C3", linestyle=":", label="fresh pictures")
        axes.set(title=title, xlabel="epoch", ylabel="error per pixel", ylim=(0, 0.04))
        axes.legend()
    return panels[0].figure
