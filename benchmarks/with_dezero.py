"""DeZero (NumPy), with its own functions and its own Adam.

DeZero 0.0.13 is older than NumPy 2, and needs two repairs, made here from outside:
- `np.int`, which its data sets mention, is gone from NumPy; without it DeZero cannot be imported.
- It turns a Python number into a 0-d array, and NumPy 2 makes float64 of float32 times that. Here such a number becomes
  float32, as NumPy 1 treated it; else DeZero would compute half of a step in float64, and more slowly.

It has no upsampling: a reshape, a broadcast and a reshape make one. Its pooling pads with zeros, not with minus
infinity, which is the same behind a ReLU.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

if "int" not in vars(np):
    vars(np)["int"] = int

import dezero
import dezero.functions as F
from dezero import Variable, core
from dezero.optimizers import Adam

from . import networks
from .machine import copy, product  # DeZero's matrix products and copies are NumPy's
from .networks import Layer, Network

__all__ = ["NOTE", "VERSION", "chain", "copy", "inference", "product", "training"]

VERSION = dezero.__version__
NOTE = "on NumPy 2 by two repairs: np.int is put back, and Python numbers count as float32"


def as_array(value: Any, array_module: Any = np) -> Any:
    return array_module.asarray(value, dtype=np.float32) if np.isscalar(value) else value


core.as_array = as_array


def apply(layer: Layer, x: Any, weights: Iterator[Any]) -> Any:
    match layer:
        case networks.ReLU():
            return F.relu(x)
        case networks.Dense():
            return F.linear(x, next(weights), next(weights))
        case networks.Conv(_, _, _, stride, padding):
            return F.conv2d(x, next(weights), next(weights), stride, padding)
        case networks.ConvTranspose(_, _, _, stride, padding):
            return F.deconv2d(x, next(weights), next(weights), stride, padding)
        case networks.MaxPool(padding):
            return F.pooling(x, 2, 2, padding)
        case networks.Upsample():
            n, c, h, w = x.shape
            blocks = F.broadcast_to(x.reshape(n, c, h, 1, w, 1), (n, c, h, 2, w, 2))
            return blocks.reshape(n, c, 2 * h, 2 * w)
        case networks.Flatten():
            return F.flatten(x)
        case networks.Unflatten(shape):
            return x.reshape(len(x), *shape)
    raise TypeError(f"no function for {layer}")


class Model(dezero.Model):
    def __init__(self, network: Network, weights: list[np.ndarray]):
        super().__init__()
        self.network = network
        for index, weight in enumerate(weights):  # a dense weight is (in, out) here
            value = np.ascontiguousarray(weight.T) if weight.ndim == 2 else weight.copy()
            setattr(self, f"weight{index}", dezero.Parameter(value))

    def weights(self) -> Iterator[Any]:
        return (getattr(self, f"weight{index}") for index in range(len(self._params)))

    def loss(self, x: Any, eps: np.ndarray) -> Any:
        left, kl = self.weights(), 0.0
        h = run(self.network.encoder, x, left)
        if self.network.latent:
            mu, log_var = (apply(head, h, left) for head in self.network.heads())
            kl = 0.5 * F.sum(mu**2 + F.exp(log_var) - 1 - log_var) / len(x)
            h = mu + F.exp(0.5 * log_var) * eps
        return F.sigmoid_cross_entropy(run(self.network.decoder, h, left), x) + kl

    def reconstruct(self, x: Any) -> Any:
        left = self.weights()
        h = run(self.network.encoder, x, left)
        if self.network.latent:
            h, _ = (apply(head, h, left) for head in self.network.heads())
        return F.sigmoid(run(self.network.decoder, h, left))


def run(layers: tuple[Layer, ...], x: Any, weights: Iterator[Any]) -> Any:
    for layer in layers:
        x = apply(layer, x, weights)
    return x


def training(network: Network, weights: list[np.ndarray], images: np.ndarray, noise: np.ndarray) -> Callable[[], float]:
    model = Model(network, weights)
    optimizer = Adam().setup(model)

    def step() -> float:
        model.cleargrads()
        loss = model.loss(Variable(images), noise)
        loss.backward()
        optimizer.update()
        return float(loss.data)

    return step


def inference(network: Network, weights: list[np.ndarray], batches: np.ndarray) -> Callable[[], float]:
    model = Model(network, weights)

    def infer() -> float:
        with dezero.no_grad():
            return float(np.mean([model.reconstruct(Variable(batch)).data.mean() for batch in batches]))

    return infer


def chain(length: int) -> Callable[[], float]:
    x, a = Variable(np.ones(1, np.float32)), Variable(np.ones(1, np.float32))

    def step() -> float:
        x.cleargrad()
        a.cleargrad()
        y = x
        for _ in range(length):
            y = y * a
        y.backward()
        return float(a.grad.data[0])

    return step
