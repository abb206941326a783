"""What sees B5: the noise is another one in every batch, and in every epoch."""

import numpy as np

from lessons import drawing
from minae import Tensor


def test_every_batch_has_noise_of_its_own(program):
    x = np.random.default_rng(0).random((2 * program.BATCH, 11))
    noises = [noisy - batch for noisy, batch in program.pairs(x, 2, 0)]
    for one in range(len(noises)):
        for other in range(one):
            told = f"of 4 batches in 2 epochs, {other} and {one} have the same noise"
            assert not np.allclose(noises[one], noises[other]), told


def harm(program, seed=0):
    """The squared error per pixel on fresh pictures with fresh noise."""
    losses, weights = program.train(seed)
    x = program.digits(250, 500)
    noisy = x + program.NOISE * np.random.default_rng(seed + 1).standard_normal(x.shape)
    cleaned = program.clean(Tensor(noisy), weights).numpy()
    printed = np.mean(losses[-30:])
    return {
        "harm": ((cleaned - x) ** 2).mean(),
        "printed": printed,
        "x": x,
        "noisy": noisy,
        "cleaned": cleaned,
    }


def draw(faulty, mended):
    rows = {"pictures": faulty["x"][:8], "noisy": faulty["noisy"][:8]}
    rows |= {"as it stood": faulty["cleaned"][:8], "mended": mended["cleaned"][:8]}
    return drawing.pictures(rows, (14, 14))
