"""What sees B7: training and validation give the same number for the same pictures."""

import numpy as np

from lessons import drawing
from minae import Tensor


def test_training_and_validation_measure_the_same(program):
    rng = np.random.default_rng(0)
    x, eps, weights = (
        rng.integers(0, 2, (5, 7)) * 1.0,
        rng.standard_normal((5, 3)),
        program.start(rng, 7, 5, 3),
    )
    training, validation = (
        f(Tensor(x), Tensor(eps), *weights).item()
        for f in (program.loss, program.validate)
    )
    told = f"5 pictures cost {training:.3f} in training, {validation:.3f} in validation"
    assert np.isclose(training, validation), told


def harm(program, seed=0):
    """By how many nats pictures of the training seem to cost more than others."""
    losses, _, validated = program.train(seed)
    training, validation = np.mean(losses[-40:]), np.mean(validated[-40:])
    found = {
        "harm": training - validation,
        "training": training,
        "validation": validation,
    }
    return {**found, "losses": losses, "validated": validated}


def draw(faulty, mended):
    panels = drawing.grid(1, 2, (7, 3.2))[0]
    for axes, found, title in zip(panels, (faulty, mended), ("as it stood", "mended")):
        axes.plot(found["losses"], label="training")
        axes.plot(found["validated"], label="validation")
        axes.set(title=title, xlabel="step", ylabel="what is printed", ylim=(40, 110))
        axes.legend()
    return panels[0].figure
