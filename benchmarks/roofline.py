"""What a training step has to do at least, and how long that takes a machine at its limits."""

import math
from collections.abc import Iterator

from .networks import Flatten, Network, Unflatten


def least_seconds(network: Network, batch: int, flops: float, bandwidth: float) -> float:
    """The roofline of a training step, for a machine of so many FLOPs and bytes per second.

    Each op reads its inputs once and writes its result once. It takes the longer of two times: that of its arithmetic,
    and that of its bytes. Counted are the layers, forward and backward (but no gradient of the images), the loss, and
    Adam. No strict bound: a library that fuses ops, or finds their inputs in a cache, moves fewer bytes.
    Source: Williams, Waterman & Patterson 2009, "Roofline: an insightful visual performance model".
    """
    return sum(max(2 * products / flops, 4 * numbers / bandwidth) for products, numbers in ops(network, batch))


def ops(network: Network, batch: int) -> Iterator[tuple[int, int]]:
    """(multiply-adds, float32 numbers read and written) of every op of a training step."""
    parameters, input_needs_gradient = 0, False
    for layer, shape in network.steps():
        if isinstance(layer, Flatten | Unflatten):
            continue
        weights = sum(math.prod(shape) for shape in layer.weights())
        numbers = batch * (math.prod(shape) + math.prod(layer.output(shape))) + weights
        for _ in range(1 + input_needs_gradient + bool(weights)):  # forward, and backward to each
            yield batch * layer.multiply_adds(shape), numbers
        parameters += weights
        input_needs_gradient = True
    pixels = batch * math.prod(network.image_shape)
    yield 0, 2 * pixels  # the loss reads logits and images
    yield 0, 3 * pixels  # its gradient is written too
    yield 0, 7 * parameters  # Adam reads g, w, m, v and writes w, m, v
