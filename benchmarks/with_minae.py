"""minae: its own models, as `minae train` trains them."""

from collections.abc import Callable
from typing import Any

import numpy as np

from minae import Tensor, __version__, kernels, no_grad
from minae import functional as F
from minae.models import VAE, ConvAE, ConvVAE, Model
from minae.nn import Conv2d, ReLU, Sequential

from .machine import copy, product  # minae's matrix products and copies are NumPy's
from .networks import Conv, Network

__all__ = ["NOTE", "VERSION", "chain", "copy", "inference", "product", "training"]

VERSION = __version__
NOTE = ""

MODELS: dict[str, Callable[[], Any]] = {
    "dense_vae": lambda: VAE(hidden=512, latent=2),
    "conv_ae": ConvAE,
    "conv_vae": lambda: ConvVAE(latent=16),
}


class ConvStack(Model):
    """`networks.conv_stack`, which is no model of minae's."""

    at_once = 128

    def __init__(self, network: Network):
        self.layers = Sequential(
            *(
                Conv2d(layer.inputs, layer.outputs, layer.kernel, layer.stride, layer.padding)
                if isinstance(layer, Conv)
                else ReLU()
                for layer in (*network.encoder, *network.decoder)
            )
        )

    def losses(self, x: Tensor, labels: Any = None, rng: Any = None) -> dict[str, Tensor]:
        return {"loss": F.binary_cross_entropy_with_logits(self.layers(x), x, reduction="sum") / len(x)}


def make_model(network: Network, weights: list[np.ndarray]) -> Any:
    model = MODELS[network.name]() if network.name in MODELS else ConvStack(network)
    for parameter, weight in zip(model.parameters(), weights, strict=True):
        parameter.data[...] = weight
    return model


def training(network: Network, weights: list[np.ndarray], images: np.ndarray, noise: np.ndarray) -> Callable[[], float]:
    model = make_model(network, weights)
    optimizers = model.optimizers(lr=1e-3)

    def step() -> float:
        x = Tensor(kernels.active().in_memory_order(images))  # what `minae.training` makes of each batch
        return model.training_step(optimizers, x, None, Given(noise))["loss"].item()

    return step


class Given:
    """A generator whose normal numbers are those given, row after row: the noise that every library gets."""

    def __init__(self, noise: np.ndarray):
        self.noise = noise

    def standard_normal(self, shape: tuple[int, ...], dtype: Any) -> np.ndarray:
        drawn, self.noise = np.split(self.noise, [shape[0]])
        return drawn.astype(dtype, copy=False)


def inference(network: Network, weights: list[np.ndarray], batches: np.ndarray) -> Callable[[], float]:
    model = make_model(network, weights)

    @no_grad()
    def run() -> float:
        return float(np.mean([model.reconstruct(Tensor(batch)).numpy().mean() for batch in batches]))

    return run


def chain(length: int) -> Callable[[], float]:
    x = Tensor(np.ones(1, np.float32))
    a: Any = Tensor(np.ones(1, np.float32), requires_grad=True)  # Any: a gradient is None until backward()

    def step() -> float:
        a.grad, y = None, x
        for _ in range(length):
            y = y * a
        y.backward()
        return a.grad.item()

    return step
