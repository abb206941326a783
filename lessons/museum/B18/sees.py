"""What sees B18: plant a mistake in the KL, and look whether the check notices."""

import numpy as np

from lessons import drawing
from minae import Tensor

MUTANTS = {
    "log_var read as the logarithm of a std": lambda mu, s: (
        0.5 * (mu**2 + (2 * s).exp() - 1 - 2 * s).sum(axis=1)
    ),
    "the variance of half the logarithm": lambda mu, s: (
        0.5 * (mu**2 + (0.5 * s).exp() - 1 - 0.5 * s).sum(axis=1)
    ),
    "no variance at all": lambda mu, s: 0.5 * (mu**2 + 0 * s).sum(axis=1),
    "the wrong sign of log_var": lambda mu, s: (
        0.5 * (mu**2 + s.exp() - 1 + s).sum(axis=1)
    ),
    "no factor of one half": lambda mu, s: (mu**2 + s.exp() - 1 - s).sum(axis=1),
}


def test_its_check_notices_wrong_kls(program):
    assert program.check_kl(program.kl_divergence), "the check refuses the right KL"
    passed = passing(program)
    assert not passed, f"the check lets wrong KLs pass: {', '.join(passed)}"


def passing(program):
    return [name for name, mutant in MUTANTS.items() if program.check_kl(mutant)]


def harm(program, seed=0):
    """The part of the wrong KLs that the check lets pass."""
    passed, mu, log_var = (
        passing(program),
        Tensor(np.ones((1, 1))),
        Tensor(np.full((1, 1), 2.0)),
    )
    right = program.kl_divergence(mu, log_var).item()
    off = [abs(MUTANTS[name](mu, log_var).item() - right) for name in passed]
    found = {
        "harm": len(passed) / len(MUTANTS),
        "passed": len(passed),
        "count": len(MUTANTS),
    }
    return {
        **found,
        "names": ", ".join(passed),
        "off": max(off, default=0),
        "kl": program.kl_divergence,
    }


def draw(faulty, mended):
    axes = drawing.axes("KL of N(0, exp(log_var)) from N(0, 1)", "log_var", "nats")
    s = np.linspace(-2, 2, 81)[:, None]
    axes.plot(
        s,
        faulty["kl"](Tensor(0 * s), Tensor(s)).numpy(),
        color="black",
        linewidth=3,
        label="right",
    )
    for name, mutant in MUTANTS.items():
        axes.plot(s, mutant(Tensor(0 * s), Tensor(s)).numpy(), label=name)
    axes.axvline(0, color="grey", linestyle=":")
    axes.legend(fontsize="x-small")
    return axes.figure
