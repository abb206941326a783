"""What sees B2: after one step, all players have moved."""

from statistics import NormalDist

import numpy as np

from lessons import drawing
from minae import Tensor


def test_every_player_moves(program):
    before, after = (program.train(0, steps=steps)[1] for steps in (0, 1))
    for player, place in (("encoder", 0), ("decoder", 4), ("judge", 8)):
        moved = not np.array_equal(before[place].numpy(), after[place].numpy())
        assert moved, f"the {player} is after a step what it was before"


def harm(program, seed=0):
    """How far sorted codes of fresh points are from those of N(0, 1), on average."""
    _, weights, judged = program.train(seed)
    x = program.points(500, np.random.default_rng(seed + 1))
    codes = program.network(Tensor(x), *weights[:4]).numpy()[:, 0]
    normal = np.array(
        [NormalDist().inv_cdf((place + 0.5) / 500) for place in range(500)]
    )
    drawn = program.network(Tensor(normal[:, None]), *weights[4:8]).numpy()
    return {
        "harm": np.abs(np.sort(codes) - normal).mean(),
        "codes": codes,
        "judged": judged,
        "drawn": drawn,
        "x": x,
    }


def draw(faulty, mended):
    panels = drawing.grid(1, 2, (7, 3.2))[0]
    for axes, found, title in zip(panels, (faulty, mended), ("as it stood", "mended")):
        axes.plot(*found["x"].T, ".", color="lightgrey", label="points")
        axes.plot(*found["drawn"].T, ".", color="C3", label="decoded from N(0, 1)")
        axes.set(title=title, xlim=(-3, 3), ylim=(-2, 2))
        axes.legend()
    return panels[0].figure
