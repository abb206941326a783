"""What sees B4: each player moves by the slope of its own loss, and of no other."""

from statistics import NormalDist

import numpy as np

from lessons import drawing
from minae import Tensor

PLAYERS = {"encoder": 2, "decoder": 6, "judge": 10}  # the place of a matrix of each


def test_each_player_moves_by_its_own_loss(program):
    rng = np.random.default_rng(0)
    x, drawn, weights = (
        Tensor(program.points(30, rng)),
        Tensor(rng.standard_normal((30, 1))),
        program.start(rng),
    )

    def of_judge(*weights):
        return program.judge_loss(drawn, program.network(x, *weights[:4]), *weights[8:])

    found = program.gradients(x, drawn, weights)[2]
    for player, place in PLAYERS.items():
        nats = (
            of_judge
            if player == "judge"
            else lambda *weights: program.loss(x, *weights)
        )
        expected = slope(nats, weights, place)
        own = found[place][0, 0]
        told = f"a weight of the {player}: expected {expected:.4f}, found {own:.4f}"
        assert np.isclose(own, expected, rtol=1e-4, atol=1e-6), told


def slope(nats, weights, place, h=1e-4):
    """The slope of a loss in the first element of a weight, by two values beside it."""

    def moved(step):
        arrays = [weight.numpy().copy() for weight in weights]
        arrays[place][0, 0] += step
        return nats(*map(Tensor, arrays)).item()

    return (moved(h) - moved(-h)) / (2 * h)


def harm(program, seed=0):
    """How far sorted codes of fresh points are from those of N(0, 1), on average."""
    _, weights, judged = program.train(seed)
    x = program.points(500, np.random.default_rng(seed + 1))
    codes = program.network(Tensor(x), *weights[:4]).numpy()[:, 0]
    normal = np.array(
        [NormalDist().inv_cdf((place + 0.5) / 500) for place in range(500)]
    )
    places = np.linspace(-4, 4, 200)
    judge = 1 / (
        1
        + np.exp(-program.network(Tensor(places[:, None]), *weights[8:]).numpy()[:, 0])
    )
    return {
        "harm": np.abs(np.sort(codes) - normal).mean(),
        "judged": judged,
        "codes": codes,
        "judge": judge,
    }


def draw(faulty, mended):
    panels = drawing.grid(1, 2, (7, 3.2))[0]
    for axes, found, title in zip(panels, (faulty, mended), ("as it stood", "mended")):
        axes.hist(found["codes"], 40, density=True, color="lightgrey", label="codes")
        axes.plot(
            np.linspace(-4, 4, 200),
            found["judge"],
            color="C3",
            label="the judge: from N(0, 1)?",
        )
        axes.set(title=title, ylim=(0, 1.1))
        axes.legend()
    return panels[0].figure
