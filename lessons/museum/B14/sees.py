"""What sees B14: plant a mistake in the op, and look whether the check notices."""

import numpy as np

from lessons import drawing
from minae import Tensor, where


def huber(r, edge=1.0):
    return where(abs(r.numpy()) < edge, 0.5 * r**2, abs(r) - 0.5)


MUTANTS = {
    "a square below -1": lambda r: where(r.numpy() < -1, 0.5 * r**2, huber(r)),
    "no cost below -1": lambda r: where(r.numpy() < -1, 0 * r, huber(r)),
    "no cost above 2": lambda r: where(r.numpy() > 2, 0 * r, huber(r)),
    "a bend at 1.5": lambda r: huber(r, 1.5),
    "a square everywhere": lambda r: 0.5 * r**2,
}


def test_its_check_notices_wrong_ops(program):
    assert program.check_huber(program.huber), "the check refuses the right op"
    passed = passing(program)
    assert not passed, f"the check lets wrong ops pass: {', '.join(passed)}"


def passing(program):
    return [name for name, mutant in MUTANTS.items() if program.check_huber(mutant)]


def harm(program, seed=0):
    """The part of the wrong ops that the check lets pass."""
    passed, r = passing(program), Tensor(np.linspace(-4, 4, 81))
    off = [np.abs(MUTANTS[name](r).numpy() - huber(r).numpy()).max() for name in passed]
    found = {
        "harm": len(passed) / len(MUTANTS),
        "passed": len(passed),
        "count": len(MUTANTS),
    }
    return {**found, "names": ", ".join(passed), "off": max(off, default=0.0)}


def draw(faulty, mended):
    axes = drawing.axes("The Huber loss, and what the check lets pass", "r", "loss")
    r = np.linspace(-3, 3, 241)
    axes.plot(r, huber(Tensor(r)).numpy(), color="black", linewidth=3, label="right")
    for name in faulty["names"].split(", "):
        axes.plot(r, MUTANTS[name](Tensor(r)).numpy(), label=name)
    axes.legend(fontsize="x-small")
    return axes.figure
