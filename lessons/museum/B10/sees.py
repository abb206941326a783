"""What sees B10: black and white may be exchanged."""

import numpy as np

from lessons import drawing
from minae import Tensor


def test_black_and_white_may_be_exchanged(program):
    for logit in (0.4, -3.0, 12.0):
        p = 1 / (1 + np.exp(-np.array([[logit]])))
        for x in (np.zeros((1, 1)), np.ones((1, 1))):
            one, other = (
                program.cross_entropy(Tensor(a), Tensor(b)).item()
                for a, b in ((p, x), (1 - p, 1 - x))
            )
            told = f"a pixel of {x.item():.0f} with p = {p.item():.6f} costs {one:.5f}"
            told += f"; exchanged, it costs {other:.5f}"
            assert np.isclose(one, other, rtol=1e-4), told


def harm(program, seed=0):
    """What fresh digits cost, in nats per pixel, without any clipping."""
    ten = program.train(seed)[1].numpy()
    x, which = program.digits(300, 600)
    logits = which @ ten
    painted = program.paint(Tensor(np.eye(10)), Tensor(ten)).numpy()
    nats = (np.logaddexp(0, logits) - x * logits).mean()
    return {"harm": nats, "dots": int((painted > 0.999).sum()), "painted": painted}


def draw(faulty, mended):
    return drawing.pictures(
        {"as it stood": faulty["painted"], "mended": mended["painted"]}, (14, 14)
    )
