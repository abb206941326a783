"""What sees B13: sizes that are all different, and a sequence alone."""

import numpy as np

from lessons import drawing
from minae import Tensor


def test_a_sequence_is_copied_without_the_others(program):
    rng = np.random.default_rng(0)
    x, weights = rng.standard_normal((5, 7)), program.start(rng, 7, 11, 3)
    found = program.copy(Tensor(x), *weights).numpy()
    assert found.shape == (5, 7), (
        f"5 sequences of 7 steps: expected copies of shape (5, 7), found {found.shape}"
    )
    alone = program.copy(Tensor(x[2:3]), *weights).numpy()
    assert np.allclose(found[2:3], alone), (
        "a sequence in a batch is copied otherwise than alone"
    )


def harm(program, seed=0):
    """The squared error per step on sequences that were not trained on."""
    losses, weights = program.train(seed)
    x = program.waves(program.BATCH, np.random.default_rng(seed + 100))
    copies = program.copy(Tensor(x), *weights).numpy()
    return {
        "harm": ((copies - x) ** 2).mean(),
        "printed": losses[-1],
        "x": x,
        "copies": copies,
    }


def draw(faulty, mended):
    panels = drawing.grid(2, 3, (7, 3.6))
    for line, found, name in zip(panels, (faulty, mended), ("as it stood", "mended")):
        line[0].set_ylabel(name)
        for axes, x, copy in zip(line, found["x"], found["copies"]):
            axes.plot(x, color="grey", linewidth=3)
            axes.plot(copy, color="C3")
            axes.set(ylim=(-2, 2), xticks=[], yticks=[])
    panels[0, 1].set_title("three fresh sequences (grey) and their copies")
    return panels[0, 0].figure
