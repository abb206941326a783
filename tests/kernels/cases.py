"""Random arguments for convolutions and poolings, and every kernel as a call."""

import numpy as np
import pytest

from minae.kernels import output_size

CASES = range(60)


def draw(seed):
    """Random small arguments of a convolution: uneven pairs, every size from 1, now and then the extremes."""
    rng = np.random.default_rng(seed)

    def pair(low, high):
        return int(rng.integers(low, high + 1)), int(rng.integers(low, high + 1))

    size, padding, stride = pair(1, 7), pair(0, 3), pair(1, 4)
    largest = size[0] + 2 * padding[0], size[1] + 2 * padding[1]
    kernel = largest if rng.random() < 0.15 else tuple(int(rng.integers(1, min(n, 4) + 1)) for n in largest)
    batch, channels, outputs = (int(n) for n in rng.choice([1, 2, 3, 5], 3))
    x = rng.standard_normal((batch, channels, *size))
    weight = rng.standard_normal((outputs, channels, *kernel))
    g = rng.standard_normal((batch, outputs, *output_size(size, kernel, stride, padding)))
    return x, weight, g, stride, padding


def draw_pooling(seed):
    """The same for a pooling: the padding at most half of the kernel; half of the images have many equal numbers."""
    rng = np.random.default_rng(seed)
    kernel = tuple(int(n) for n in rng.integers(1, 5, 2))
    padding = tuple(int(rng.integers(0, k // 2 + 1)) for k in kernel)
    stride = kernel if rng.random() < 0.3 else tuple(int(n) for n in rng.integers(1, 5, 2))
    size = tuple(int(rng.integers(max(1, k - 2 * p), 9)) for k, p in zip(kernel, padding))
    shape = (*(int(n) for n in rng.choice([1, 2, 3], 2)), *size)
    x = rng.standard_normal(shape) if rng.random() < 0.5 else rng.integers(0, 3, shape).astype(float)
    g = rng.standard_normal((*shape[:2], *output_size(size, kernel, stride, padding)))
    return x, g, kernel, stride, padding


def close(result, expected):
    np.testing.assert_allclose(result, expected, rtol=1e-12, atol=1e-12)


X, G = (3, 4, 6, 5), (3, 2, 6, 5)
STEP, PAD = (1, 1), (1, 1)
CALLS = {  # of kernels k, on x, the weight and g; x and g as (N, C, H, W)
    "conv2d": lambda k, x, w, g: k.conv2d(x, w, STEP, PAD),
    "conv2d by taps": lambda k, x, w, g: k.conv2d(x, w[:1], STEP, PAD),
    "conv2d with stride": lambda k, x, w, g: k.conv2d(x, w, (2, 3), PAD),
    "conv2d_input_grad": lambda k, x, w, g: k.conv2d_input_grad(g, w, STEP, PAD, (6, 5)),
    "conv2d_input_grad with stride": lambda k, x, w, g: k.conv2d_input_grad(g, w, (2, 3), PAD, (12, 14)),
    "conv2d_weight_grad": lambda k, x, w, g: k.conv2d_weight_grad(g, x[:, :1], (3, 3), STEP, PAD),
    "conv2d_weight_grad exchanged": lambda k, x, w, g: k.conv2d_weight_grad(g, x, (3, 3), STEP, PAD),
    "channel_sum": lambda k, x, w, g: k.channel_sum(g),
    "max_pool2d": lambda k, x, w, g: k.max_pool2d(x, (2, 3), (1, 2), PAD),
    "max_pool2d_grad": lambda k, x, w, g: k.max_pool2d_grad(
        x[:, :2, :3, :2], g, k.max_pool2d(g, (2, 2), (2, 2), (0, 0)), (2, 2), (2, 2), (0, 0)
    ),
    "max_pool2d_grad of overlaps": lambda k, x, w, g: k.max_pool2d_grad(
        x[:, :2, :5, :4], g, k.max_pool2d(g, (2, 2), STEP, (0, 0)), (2, 2), STEP, (0, 0)
    ),
    "sum_pool2d": lambda k, x, w, g: k.sum_pool2d(x, (2, 3), (1, 2), PAD),
    "sum_pool2d_grad": lambda k, x, w, g: k.sum_pool2d_grad(g, (2, 2), (2, 2), (0, 0), (12, 10)),
    "upsample_nearest2d": lambda k, x, w, g: k.upsample_nearest2d(x, (2, 3)),
}
IMAGES = sorted(set(CALLS) - {"conv2d_weight_grad", "conv2d_weight_grad exchanged", "channel_sum"})
every_kernel = pytest.mark.parametrize("name", CALLS)
every_image = pytest.mark.parametrize("name", IMAGES)


def arguments(dtype=np.float64, batch=3):
    rng = np.random.default_rng(2)
    return [rng.standard_normal(shape).astype(dtype) for shape in ((batch, *X[1:]), (2, 4, 3, 3), (batch, *G[1:]))]
