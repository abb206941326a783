"""What sees B3: one number for each code, and no weight without a say."""

import numpy as np

from lessons import drawing
from minae import Tensor


def test_it_gives_one_number_and_uses_every_weight(program):
    rng = np.random.default_rng(0)
    codes, weights = Tensor(rng.standard_normal((3, 2))), program.start(rng)
    found = program.logit(codes, *weights).numpy()
    for place, weight in enumerate(weights):
        moved = [*weights[:place], Tensor(weight.numpy() + 0.1), *weights[place + 1 :]]
        told = f"the answer does not depend on weights {place + 1} of {len(weights)}"
        assert not np.array_equal(program.logit(codes, *moved).numpy(), found), told
    told = f"3 codes: expected answers of shape (3, 1), found {found.shape}"
    assert found.shape == (3, 1), told


def harm(program, seed=0):
    """How many answers it gives for a code, above the one that is meant."""
    weights = program.train(seed)[1]
    codes = np.concatenate(program.codes(500, np.random.default_rng(seed + 1)))
    answers = program.logit(Tensor(codes), *weights).numpy() > 0
    agree = answers.mean(axis=1)
    disagree = ((agree > 0) & (agree < 1)).mean()
    return {
        "harm": answers.shape[1] - 1,
        "answers": answers.shape[1],
        "disagree": disagree,
        "agree": agree,
    }


def draw(faulty, mended):
    axes = drawing.axes(
        "Fresh codes, half of them of the ring",
        "part of the answers that say N(0, I)",
        "codes",
    )
    axes.hist(
        [faulty["agree"], mended["agree"]],
        20,
        range=(0, 1),
        label=["as it stood", "mended"],
    )
    axes.legend()
    return axes.figure
