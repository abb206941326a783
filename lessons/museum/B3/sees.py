"""What sees B3: one number for each code, and no weight without a gradient."""

import numpy as np

from lessons import drawing
from minae import Tensor


def test_it_gives_one_number_and_uses_every_weight(program):
    rng = np.random.default_rng(0)
    weights, codes = program.start(rng), rng.standard_normal((2, 3, 2))
    program.loss(*map(Tensor, codes), *weights).backward()
    unused = [place for place, weight in enumerate(weights) if weight.grad is None]
    assert not unused, f"no gradient reaches weights number {unused[0] + 1} of {len(weights)}"
    found = program.logit(Tensor(codes[0]), *weights).shape
    assert found == (3, 1), f"3 codes: expected answers of shape (3, 1), found {found}"


def harm(program, seed=0):
    """How many answers it gives for a code, above the one that is meant."""
    weights = program.train(seed)[1]
    codes = np.concatenate(program.codes(500, np.random.default_rng(seed + 1)))
    answers = program.logit(Tensor(codes), *weights).numpy() > 0
    agree = answers.mean(axis=1)
    disagree = ((agree > 0) & (agree < 1)).mean()
    return {"harm": answers.shape[1] - 1, "answers": answers.shape[1], "disagree": disagree, "agree": agree}


def draw(faulty, mended):
    axes = drawing.axes("Fresh codes, half of them of the ring", "part of the answers that say N(0, I)", "codes")
    axes.hist([faulty["agree"], mended["agree"]], 20, (0, 1), label=["as it stood", "mended"])
    axes.legend()
    return axes.figure
