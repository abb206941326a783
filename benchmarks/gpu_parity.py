"""For a machine with an NVIDIA GPU: does CuPy compute what NumPy computes?

    pip install -e '.[cuda12]' && python -m benchmarks.gpu_parity

Runs every op of `minae.opcases`, forward and backward, and a short training, in both libraries on the same numbers, and
prints the largest relative differences. Exit status 1 where one exceeds its limit.
"""

import sys
from typing import Any

import numpy as np

from minae import Tensor
from minae.backend import library, to_numpy
from minae.checker.cases import CASES
from minae.checker.samplers import Case
from minae.models import VAE

OP_LIMIT = 1e-12  # float64, relative to the largest number of the same array
TRAINING_LIMIT = 1e-9  # after 100 steps in float64, each of which passes rounding on to the next
STEPS = 100


def op_difference(case: Case, xp: Any) -> float:
    """The largest relative difference of a case's value and gradients between NumPy and `xp`."""
    inputs = case.make_inputs(np.random.default_rng(0))
    results = []
    for to_library in (np.asarray, xp.asarray):
        leaves = [Tensor(to_library(x), requires_grad=True) for x in inputs]
        value = case.f(*leaves)
        cotangent = np.random.default_rng(1).standard_normal(value.shape)
        value.backward(to_library(cotangent))
        results.append([value.numpy(), *[to_numpy(leaf.grad) for leaf in leaves]])
    return max(relative_difference(there, here) for here, there in zip(*results, strict=True))


def training_difference(xp: Any) -> float:
    """The largest relative difference between the losses of a VAE trained on the same numbers in NumPy and in `xp`."""
    rng = np.random.default_rng(0)
    images = rng.random((STEPS, 32, 1, 7, 7))
    noise = rng.standard_normal((STEPS, 32, 3))
    losses = [train(to_library, images, noise) for to_library in (np.asarray, xp.asarray)]
    return relative_difference(losses[1], losses[0])


def train(to_library: Any, images: np.ndarray, noise: np.ndarray) -> np.ndarray:
    model = VAE(image_shape=(1, 7, 7), hidden=23, latent=3, rng=0)
    for parameter in model.parameters():
        parameter.data = to_library(parameter.data.astype(np.float64))
    (optimizer,) = model.optimizers(lr=1e-3)
    losses = []
    for batch, eps in zip(images, noise, strict=True):
        optimizer.zero_grad()
        loss = model.losses(Tensor(to_library(batch)), eps=to_library(eps))["loss"]
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return np.array(losses)


def relative_difference(found: np.ndarray, expected: np.ndarray) -> float:
    scale = np.abs(expected).max(initial=0) or 1.0
    return float(np.abs(found - expected).max(initial=0) / scale)


def compare(xp: Any) -> bool:
    """Print every comparison; whether all are within their limits."""
    rows = [(case.name, op_difference(case, xp), OP_LIMIT) for case in CASES]
    rows.append((f"training a VAE, {STEPS} steps", training_difference(xp), TRAINING_LIMIT))
    for name, difference, limit in rows:
        print(f"{name:60} {difference:8.1e}  {'ok' if difference <= limit else f'MORE THAN {limit:.0e}'}")
    return all(difference <= limit for _, difference, limit in rows)


def main() -> int:
    try:
        xp = library("cuda")
    except ValueError as error:
        print(f"gpu_parity: {error}", file=sys.stderr)
        return 1
    return 0 if compare(xp) else 1


if __name__ == "__main__":
    sys.exit(main())
