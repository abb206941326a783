"""What sees B9: another value of an option gives another result."""

from lessons import drawing
from minae import Tensor
from minae import functional as F

DECAYS = (0.0, 0.001, 0.003, 0.01, 0.03)


def test_changing_the_decay_changes_the_training(program):
    without, some = (program.train(0, decay=decay, steps=5)[0] for decay in (0.0, 0.1))
    assert some != without, (
        f"after 5 steps the loss is {some[-1]:.6f} with decay and without"
    )


def harm(program, seed=0):
    """What fresh pictures cost, in nats each, after training with a decay of 0.01."""
    x, labels = program.digits(500, 1500)
    costs = []
    for decay in DECAYS:
        weights = program.train(seed, decay=decay)[1]
        costs.append(F.cross_entropy(program.logits(Tensor(x), weights), labels).item())
    return {"harm": costs[3], "without": costs[0], "costs": costs}


def draw(faulty, mended):
    axes = drawing.axes("The same seed, five decays", "decay", "nats per fresh picture")
    for found, name in ((faulty, "as it stood"), (mended, "mended")):
        axes.plot(range(len(DECAYS)), found["costs"], "o-", label=name)
    axes.set_xticks(range(len(DECAYS)), map(str, DECAYS))
    axes.legend()
    return axes.figure
