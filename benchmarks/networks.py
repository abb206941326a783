"""The networks that every library trains, as plain data, with the same weights, images and noise for all of them.

A network is an encoder and a decoder, each a row of layers. With `latent` above 0 two dense heads between them give mu
and log_var, and z = mu + exp(log_var / 2) eps is decoded; otherwise the decoder reads what the encoder says. The loss,
in nats per image, is the binary cross-entropy from logits, summed over pixels, plus the Gaussian KL divergence where
there is a latent; averaged over the batch.

Weights are in PyTorch's layouts and order: weight, bias, layer by layer, encoder, mu, log_var, decoder.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

Shape = tuple[int, ...]


class CannotExpress(Exception):
    """The library lacks something that the workload needs; the message says what."""


# --- layers: their weights, the shape of their result for one image, and its multiply-adds ----------------------------


@dataclass(frozen=True)
class Layer:
    """A layer without weights that keeps its input's shape, unless a subclass says otherwise."""

    def weights(self) -> list[Shape]:
        return []

    def output(self, shape: Shape) -> Shape:
        return shape

    def multiply_adds(self, shape: Shape) -> int:
        return 0


@dataclass(frozen=True)
class ReLU(Layer):
    pass


@dataclass(frozen=True)
class Dense(Layer):
    inputs: int
    outputs: int

    def weights(self) -> list[Shape]:
        return [(self.outputs, self.inputs), (self.outputs,)]

    def output(self, shape: Shape) -> Shape:
        return (self.outputs,)

    def multiply_adds(self, shape: Shape) -> int:
        return self.inputs * self.outputs


@dataclass(frozen=True)
class Conv(Layer):
    inputs: int
    outputs: int
    kernel: int = 3
    stride: int = 1
    padding: int = 1

    def weights(self) -> list[Shape]:
        return [(self.outputs, self.inputs, self.kernel, self.kernel), (self.outputs,)]

    def output(self, shape: Shape) -> Shape:
        return (self.outputs, *((n + 2 * self.padding - self.kernel) // self.stride + 1 for n in shape[1:]))

    def multiply_adds(self, shape: Shape) -> int:
        return self.kernel**2 * self.inputs * math.prod(self.output(shape))


@dataclass(frozen=True)
class ConvTranspose(Layer):
    inputs: int
    outputs: int
    kernel: int = 4
    stride: int = 2
    padding: int = 1

    def weights(self) -> list[Shape]:
        return [(self.inputs, self.outputs, self.kernel, self.kernel), (self.outputs,)]

    def output(self, shape: Shape) -> Shape:
        return (self.outputs, *((n - 1) * self.stride - 2 * self.padding + self.kernel for n in shape[1:]))

    def multiply_adds(self, shape: Shape) -> int:
        return self.kernel**2 * self.outputs * math.prod(shape)


@dataclass(frozen=True)
class MaxPool(Layer):
    """Windows of 2x2, 2 apart."""

    padding: int = 0

    def output(self, shape: Shape) -> Shape:
        return (shape[0], *((n + 2 * self.padding) // 2 for n in shape[1:]))


@dataclass(frozen=True)
class Upsample(Layer):
    """Each pixel as a block of 2x2."""

    def output(self, shape: Shape) -> Shape:
        return (shape[0], 2 * shape[1], 2 * shape[2])


@dataclass(frozen=True)
class Flatten(Layer):
    def output(self, shape: Shape) -> Shape:
        return (math.prod(shape),)


@dataclass(frozen=True)
class Unflatten(Layer):
    shape: Shape

    def output(self, shape: Shape) -> Shape:
        return self.shape


# --- networks ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Network:
    name: str
    encoder: tuple[Layer, ...]
    decoder: tuple[Layer, ...]
    latent: int = 0
    image_shape: Shape = (1, 28, 28)

    def heads(self) -> tuple[Layer, ...]:
        """The layers that give mu and log_var."""
        return (Dense(_output(self.encoder, self.image_shape)[0], self.latent),) * 2 if self.latent else ()

    def steps(self) -> Iterator[tuple[Layer, Shape]]:
        """Every layer with the shape of its input, for one image."""
        yield from _with_shapes(self.encoder, self.image_shape)
        code = _output(self.encoder, self.image_shape)
        yield from ((head, code) for head in self.heads())
        yield from _with_shapes(self.decoder, (self.latent,) if self.latent else code)


def _with_shapes(layers: tuple[Layer, ...], shape: Shape) -> Iterator[tuple[Layer, Shape]]:
    for layer in layers:
        yield layer, shape
        shape = layer.output(shape)


def _output(layers: tuple[Layer, ...], shape: Shape) -> Shape:
    for layer in layers:
        shape = layer.output(shape)
    return shape


DENSE_VAE = Network(
    "dense_vae",
    encoder=(Flatten(), Dense(784, 512), ReLU()),
    decoder=(Dense(2, 512), ReLU(), Dense(512, 784), Unflatten((1, 28, 28))),
    latent=2,
)
CONV_AE = Network(
    "conv_ae",
    encoder=(
        *(Conv(1, 16), ReLU(), MaxPool()),
        *(Conv(16, 8), ReLU(), MaxPool()),
        *(Conv(8, 8), ReLU(), MaxPool(padding=1)),
    ),
    decoder=(
        *(Conv(8, 8), ReLU(), Upsample()),
        *(Conv(8, 8), ReLU(), Upsample()),
        *(Conv(8, 16, padding=0), ReLU(), Upsample()),
        Conv(16, 1),
    ),
)
CONV_VAE = Network(
    "conv_vae",
    encoder=(
        *(Conv(1, 32, stride=2), ReLU()),
        *(Conv(32, 64, stride=2), ReLU()),
        *(Flatten(), Dense(3136, 128), ReLU()),
    ),
    decoder=(
        *(Dense(16, 3136), ReLU(), Unflatten((64, 7, 7))),
        *(ConvTranspose(64, 32), ReLU()),
        ConvTranspose(32, 1),
    ),
    latent=16,
)


def conv_stack(depth: int, side: int) -> Network:
    """3x3 convolutions only, of 16 channels and `depth` of them between the first and the last.

    It takes images of any size, every layer does the same work, and every library here can express it.
    """
    between = (Conv(16, 16), ReLU()) * depth
    return Network("conv_stack", (Conv(1, 16), ReLU(), *between), (Conv(16, 1),), image_shape=(1, side, side))


# --- what they are fed ------------------------------------------------------------------------------------------------


def weights(network: Network) -> list[np.ndarray]:
    """float32, uniform in ±1/√fan_in, PyTorch's default; the same at every call."""
    rng = np.random.default_rng(0)
    arrays = []
    for layer, _ in network.steps():
        if shapes := layer.weights():
            bound = math.prod(shapes[0][1:]) ** -0.5
            arrays += [rng.uniform(-bound, bound, shape).astype(np.float32) for shape in shapes]
    return arrays


def images(network: Network, count: int) -> np.ndarray:
    """float32 (count, C, H, W) in [0, 1), the same at every call: speed does not depend on what they show."""
    return np.random.default_rng(1).random((count, *network.image_shape), dtype=np.float32)


def noise(network: Network, count: int) -> np.ndarray:
    """eps of the variational networks, (count, latent): given and not drawn, so that all libraries compute one loss."""
    return np.random.default_rng(2).standard_normal((count, network.latent), dtype=np.float32)
