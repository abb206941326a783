"""Lesson 17's training in full: minutes, so it is slow. `pytest -n 0 -m slow tests/lessons/test_the_trick.py`"""

import runpy

import pytest

from lessons.tools.catalogue import HERE
from minae import data


@pytest.mark.slow
def test_the_vae_of_the_exercise_reaches_106_nats():
    """The network and the budget of a widely used example, on the two ops of the solution, on all test pictures."""
    train_vae = runpy.run_path(str(HERE / "17_the_trick" / "solution.py"))["train_vae"]
    pictures, test = (data.mnist(part)[0].reshape(-1, 784) for part in ("train", "test"))
    reconstruction, kl, _ = train_vae(pictures, test, 400, 20, 10, 128, 1e-3, 0)
    assert 100 < reconstruction + kl <= 106  # far below would be no bound: see section 5
