"""PyTorch with `torch.compile`, and with its fused Adam: the fastest that it offers on the CPU."""

import os
from collections.abc import Callable

import numpy as np
import torch
from torch._inductor import config

from .networks import CannotExpress, Network
from .with_pytorch import VERSION, Model, copy, product  # compiled or not, the last two are one call

__all__ = ["NOTE", "VERSION", "chain", "copy", "inference", "product", "training"]

NOTE = "torch.compile with its defaults, Adam(fused=True); compiling is not in the times"

if os.environ.get("ATEN_CPU_CAPABILITY") == "avx2":
    config.cpp.march = "haswell"  # by default its C++ compiler uses all that this processor has


def training(network: Network, weights: list[np.ndarray], images: np.ndarray, noise: np.ndarray) -> Callable[[], float]:
    model = Model(network, weights)
    optimizer = torch.optim.Adam(model.parameters(), fused=True)
    x, eps = torch.from_numpy(images), torch.from_numpy(noise)
    loss_of = torch.compile(model.loss)

    def step() -> float:
        optimizer.zero_grad()
        loss = loss_of(x, eps)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def inference(network: Network, weights: list[np.ndarray], batches: np.ndarray) -> Callable[[], float]:
    model = Model(network, weights)
    reconstruct = torch.compile(model.reconstruct)

    @torch.inference_mode()
    def run() -> float:
        return float(np.mean([reconstruct(torch.from_numpy(batch)).mean().item() for batch in batches]))

    return run


def chain(length: int) -> Callable[[], float]:
    raise CannotExpress("a compiled chain leaves no engine to measure")
