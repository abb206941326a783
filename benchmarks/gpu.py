"""For a machine with an NVIDIA GPU: what a training step takes there.

    pip install -e '.[cuda12]' && python -m benchmarks.gpu

The networks of the main table, with Adam, batch 128 and 1,024: minae with CuPy on the card, minae with NumPy on the
processor beside it, and PyTorch on the card where it is installed. Turn by turn, medians; each step ends with the loss
on the host, so that all its work is done.
"""

import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from minae import Tensor, kernels
from minae.backend import library

from . import networks, with_minae
from .networks import CONV_AE, CONV_VAE, DENSE_VAE, Network

ROUNDS, SECONDS, WARM_UP = 5, 1.0, 10


def minae_step(network: Network, batch: int, xp: Any) -> Callable[[], float]:
    model = with_minae.make_model(network, networks.weights(network))
    for parameter in model.parameters():
        parameter.data = xp.asarray(parameter.data)
    optimizers = model.optimizers(lr=1e-3)
    x, eps = (xp.asarray(array) for array in (networks.images(network, batch), networks.noise(network, batch)))

    in_order = kernels.active().in_memory_order  # as `minae.training` takes each batch

    def step() -> float:
        return model.training_step(optimizers, Tensor(in_order(x)), None, with_minae.Given(eps))["loss"].item()

    return step


def pytorch_step(network: Network, batch: int) -> Callable[[], float] | None:
    try:
        import torch

        from .with_pytorch import Model
    except ImportError:
        return None
    model = Model(network, networks.weights(network)).cuda()
    optimizer = torch.optim.Adam(model.parameters())
    x, eps = (
        torch.from_numpy(array).cuda() for array in (networks.images(network, batch), networks.noise(network, batch))
    )

    def step() -> float:
        optimizer.zero_grad()
        loss = model.loss(x, eps)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def milliseconds(step: Callable[[], float]) -> float:
    """The mean of as many steps as fit into a second."""
    begin, count = time.perf_counter(), 0
    while time.perf_counter() - begin < SECONDS:
        step()
        count += 1
    return 1e3 * (time.perf_counter() - begin) / count


def compare(network: Network, batch: int, xp: Any) -> dict[str, float]:
    steps = {"minae, GPU": minae_step(network, batch, xp), "minae, processor": minae_step(network, batch, np)}
    if there := pytorch_step(network, batch):
        steps["PyTorch, GPU"] = there
    losses = {name: [step() for _ in range(WARM_UP)] for name, step in steps.items()}
    for name, found in losses.items():
        np.testing.assert_allclose(found, losses["minae, processor"], rtol=1e-4, err_msg=name)
    times: dict[str, list[float]] = {name: [] for name in steps}
    for _ in range(ROUNDS):
        for name, step in steps.items():
            times[name].append(milliseconds(step))
    return {name: statistics.median(found) for name, found in times.items()}


def main() -> int:
    try:
        xp = library("cuda")
    except ValueError as error:
        print(f"gpu: {error}", file=sys.stderr)
        return 1
    print("ms a training step")
    for network in (DENSE_VAE, CONV_AE, CONV_VAE):
        for batch in (128, 1024):
            found = compare(network, batch, xp)
            print(f"{network.name:10} batch {batch:5}: " + ", ".join(f"{name} {ms:.2f}" for name, ms in found.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
