"""MyGrad (NumPy), with its memory guard off, as its documentation advises for speed.

Numbers are float32 by name: MyGrad turns a Python number into a 0-d array, and NumPy 2 makes float64 of float32 times
that. Adam is written out: MyGrad has no optimisers. It has no upsampling, but `repeat`; and its pooling does not pad:
a row and a column of zeros are put before the image, which is the same as padding behind a ReLU.
"""

from collections.abc import Callable, Iterator
from typing import Any

import mygrad as mg
import numpy as np
from mygrad.nnet import conv_nd, max_pool, relu, sigmoid

from . import networks
from .machine import copy, product  # MyGrad's matrix products and copies are NumPy's
from .networks import CannotExpress, Layer, Network

__all__ = ["NOTE", "VERSION", "chain", "copy", "inference", "product", "training"]

VERSION = mg.__version__
NOTE = "memory guard off; Adam written out in NumPy"

ONE, HALF = np.float32(1), np.float32(0.5)
ZERO = np.array(0, np.float32)  # logaddexp's type wants an array

mg.turn_memory_guarding_off()


def check_expressible(network: Network) -> None:
    layers = (*network.encoder, *network.decoder)
    if any(isinstance(layer, networks.ConvTranspose) for layer in layers):
        raise CannotExpress(
            "MyGrad has no transposed convolution (and its conv_nd refuses 3x3, stride 2, padding 1 on 28x28)"
        )


def apply(layer: Layer, x: Any, weights: Iterator[Any]) -> Any:
    match layer:
        case networks.ReLU():
            return relu(x)
        case networks.Dense():
            return x @ next(weights).T + next(weights)
        case networks.Conv(_, _, _, stride, padding):
            y = conv_nd(x, next(weights), stride=stride, padding=padding)
            return y + next(weights).reshape(-1, 1, 1)
        case networks.MaxPool(padding):
            return max_pool(zeros_before(x) if padding else x, (2, 2), 2)
        case networks.Upsample():
            return mg.repeat(mg.repeat(x, 2, axis=2), 2, axis=3)
        case networks.Flatten():
            return x.reshape(len(x), -1)
        case networks.Unflatten(shape):
            return x.reshape(len(x), *shape)
    raise TypeError(f"no function for {layer}")


def zeros_before(x: Any) -> Any:
    n, c, h, w = x.shape
    x = mg.concatenate([np.zeros((n, c, 1, w), np.float32), x], axis=2)
    return mg.concatenate([np.zeros((n, c, h + 1, 1), np.float32), x], axis=3)


def run(layers: tuple[Layer, ...], x: Any, weights: Iterator[Any]) -> Any:
    for layer in layers:
        x = apply(layer, x, weights)
    return x


def loss(network: Network, weights: list[Any], x: Any, eps: np.ndarray) -> Any:
    left, kl = iter(weights), np.float32(0)
    h = run(network.encoder, x, left)
    if network.latent:
        mu, log_var = (apply(head, h, left) for head in network.heads())
        kl = HALF * (mu * mu + mg.exp(log_var) - ONE - log_var).sum()
        h = mu + mg.exp(HALF * log_var) * eps
    logits = run(network.decoder, h, left)
    return ((mg.logaddexp(ZERO, logits) - x * logits).sum() + kl) / np.float32(len(x))


def reconstruct(network: Network, weights: list[Any], x: Any) -> Any:
    left = iter(weights)
    h = run(network.encoder, x, left)
    if network.latent:
        h, _ = (apply(head, h, left) for head in network.heads())
    return sigmoid(run(network.decoder, h, left))


class Adam:
    def __init__(self, parameters: list[Any]):
        self.parameters, self.t = parameters, 0
        self.m = [np.zeros_like(p.data) for p in parameters]
        self.v = [np.zeros_like(p.data) for p in parameters]

    def step(self) -> None:
        self.t += 1
        for p, m, v in zip(self.parameters, self.m, self.v):
            m += 0.1 * (p.grad - m)
            v += 0.001 * (p.grad * p.grad - v)
            p.data -= 1e-3 / (1 - 0.9**self.t) * m / (np.sqrt(v / (1 - 0.999**self.t)) + 1e-8)


def training(network: Network, weights: list[np.ndarray], images: np.ndarray, noise: np.ndarray) -> Callable[[], float]:
    check_expressible(network)
    parameters = [mg.tensor(weight) for weight in weights]
    optimizer = Adam(parameters)
    x = mg.tensor(images, constant=True)

    def step() -> float:
        value = loss(network, parameters, x, noise)
        value.backward()
        optimizer.step()
        return value.item()

    return step


def inference(network: Network, weights: list[np.ndarray], batches: np.ndarray) -> Callable[[], float]:
    check_expressible(network)
    parameters = [mg.tensor(weight) for weight in weights]

    def infer() -> float:
        with mg.no_autodiff:
            return float(np.mean([reconstruct(network, parameters, mg.tensor(x)).data.mean() for x in batches]))

    return infer


def chain(length: int) -> Callable[[], float]:
    x = mg.tensor(np.ones(1, np.float32), constant=True)
    a: Any = mg.tensor(np.ones(1, np.float32))  # Any: a gradient is None until backward()

    def step() -> float:
        y = x
        for _ in range(length):
            y = y * a
        y.backward()
        return float(a.grad[0])

    return step
