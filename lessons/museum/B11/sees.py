"""What sees B11: the judge is shown codes, and what codes are to look like."""

import numpy as np

from lessons import drawing
from minae import Tensor


def test_the_judge_is_shown_codes_and_draws(program):
    rng = np.random.default_rng(0)
    x, drawn, weights = (
        Tensor(program.points(50, rng)),
        Tensor(rng.standard_normal((50, 2))),
        program.start(rng),
    )
    real, made = program.shown(x, drawn, weights)
    codes = program.network(x, *weights[:4])
    for what, found, expected in (
        ("N(0, I)", real, drawn),
        ("the encoder", made, codes),
    ):
        near = f"near {expected.numpy().mean(axis=0).round(1)}, the judge looks near"
        told = (
            f"what comes from {what} lies {near} {found.numpy().mean(axis=0).round(1)}"
        )
        assert np.allclose(found.numpy(), expected.numpy()), told


def harm(program, seed=0):
    """How far sorted codes of fresh points are from sorted draws, on average."""
    weights, rng = program.train(seed)[1], np.random.default_rng(seed + 1)
    x, drawn = program.points(1000, rng), rng.standard_normal((1000, 2))
    codes = program.network(Tensor(x), *weights[:4]).numpy()
    apart = np.abs(np.sort(codes, axis=0) - np.sort(drawn, axis=0)).mean()
    std = " and ".join(f"{std:.2f}" for std in codes.std(axis=0))
    return {"harm": apart, "std": std, "codes": codes, "drawn": drawn}


def draw(faulty, mended):
    panels = drawing.grid(1, 2, (7, 3.6))[0]
    for axes, found, title in zip(panels, (faulty, mended), ("as it stood", "mended")):
        axes.plot(*found["drawn"].T, ".", color="lightgrey", label="draws from N(0, I)")
        axes.plot(*found["codes"].T, ".", color="C3", label="codes")
        axes.set(title=title, xlim=(-4, 4), ylim=(-4, 4))
        axes.legend()
    return panels[0].figure
