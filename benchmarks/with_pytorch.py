"""PyTorch, eager, on the CPU, with its defaults."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from . import networks
from .machine import matrices
from .networks import Layer, Network

VERSION = torch.__version__
NOTE = ""


def to_module(layer: Layer) -> nn.Module:
    match layer:
        case networks.ReLU():
            return nn.ReLU()
        case networks.Dense(inputs, outputs):
            return nn.Linear(inputs, outputs)
        case networks.Conv(inputs, outputs, kernel, stride, padding):
            return nn.Conv2d(inputs, outputs, kernel, stride, padding)
        case networks.ConvTranspose(inputs, outputs, kernel, stride, padding):
            return nn.ConvTranspose2d(inputs, outputs, kernel, stride, padding)
        case networks.MaxPool(padding):
            return nn.MaxPool2d(2, padding=padding)
        case networks.Upsample():
            return nn.Upsample(scale_factor=2)
        case networks.Flatten():
            return nn.Flatten()
        case networks.Unflatten(shape):
            return nn.Unflatten(1, shape)
    raise TypeError(f"no module for {layer}")


class Model(nn.Module):
    def __init__(self, network: Network, weights: list[np.ndarray]):
        super().__init__()
        self.encoder = nn.Sequential(*map(to_module, network.encoder))
        self.heads = nn.ModuleList(map(to_module, network.heads()))
        self.decoder = nn.Sequential(*map(to_module, network.decoder))
        with torch.no_grad():
            for parameter, weight in zip(self.parameters(), weights, strict=True):
                parameter.copy_(torch.from_numpy(weight))

    def loss(self, x: torch.Tensor, eps: torch.Tensor) -> torch.Tensor:
        h, kl = self.encoder(x), 0.0
        if self.heads:
            mu, log_var = (head(h) for head in self.heads)
            kl = 0.5 * (mu**2 + log_var.exp() - 1 - log_var).sum()
            h = mu + (0.5 * log_var).exp() * eps
        return (F.binary_cross_entropy_with_logits(self.decoder(h), x, reduction="sum") + kl) / len(x)

    def reconstruct(self, x: torch.Tensor) -> torch.Tensor:
        h = self.encoder(x)
        return torch.sigmoid(self.decoder(self.heads[0](h) if self.heads else h))


def training(network: Network, weights: list[np.ndarray], images: np.ndarray, noise: np.ndarray) -> Callable[[], float]:
    model = Model(network, weights)
    optimizer = torch.optim.Adam(model.parameters())
    x, eps = torch.from_numpy(images), torch.from_numpy(noise)

    def step() -> float:
        optimizer.zero_grad()
        loss = model.loss(x, eps)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def inference(network: Network, weights: list[np.ndarray], batches: np.ndarray) -> Callable[[], float]:
    model = Model(network, weights)

    @torch.inference_mode()
    def run() -> float:
        return float(np.mean([model.reconstruct(torch.from_numpy(batch)).mean().item() for batch in batches]))

    return run


def chain(length: int) -> Callable[[], float]:
    x = torch.ones(1)
    a: Any = torch.ones(1, requires_grad=True)  # Any: a gradient is None until backward()

    def step() -> float:
        a.grad, y = None, x
        for _ in range(length):
            y = y * a
        y.backward()
        return a.grad.item()

    return step


def product(n: int) -> Callable[[], float]:
    a, b = map(torch.from_numpy, matrices(n))
    out = torch.empty_like(a)
    return lambda: torch.matmul(a, b, out=out)[0, 0].item()


def copy(count: int) -> Callable[[], float]:
    source, target = torch.ones(count), torch.zeros(count)
    return lambda: target.copy_(source)[-1].item()
