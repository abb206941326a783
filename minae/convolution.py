"""The ops of convolutional networks: convolution and its transpose, pooling, and upsampling.

Names, argument order and defaults are those of `torch.nn.functional`. Images are (N, C, H, W), batches may be empty.
Sizes, strides and paddings are whole numbers, or pairs (h, w). Each op raises TypeError for inputs that are not
floating or not of one dtype, and ValueError for shapes that do not fit. How they are computed, and why so fast, is said
in `kernels.py`.
"""

from typing import Any

from . import kernels
from .backend import Array
from .checks import as_pair, check_floats
from .kernels import Pair
from .tensor import differentiable

__all__ = ["avg_pool2d", "conv2d", "conv_transpose2d", "max_pool2d", "upsample_nearest2d"]


@differentiable
def conv2d(x, weight, bias=None, stride=1, padding=0):
    """y[n, o, p, q] = b[o] + Σ over c, i, j of w[o, c, i, j] x[n, c, p·s + i - padding, q·s + j - padding]

    with zeros outside x (strictly a cross-correlation: the kernel is not flipped). Linear in x and in w, so that dL/dx
    and dL/dw are its adjoints applied to g; dL/db = Σ g over n, p, q.
    Shapes: x (N, C, H, W), weight (O, C, kh, kw), bias (O,) -> (N, O, H', W') with H' = ⌊(H + 2 padding - kh) / s⌋ + 1.
    PyTorch: `F.conv2d`. Source: Dumoulin & Visin 2016, "A guide to convolution arithmetic for deep learning".
    """
    stride, padding = as_pair("stride", stride, 1), as_pair("padding", padding, 0)
    _check_convolution(x, weight, bias, inputs=1)
    size, kernel = x.shape[2:], weight.shape[2:]
    _check_fits(kernel, size, padding)
    y = kernels.conv2d(x, weight, stride, padding)
    return _add_bias(y, bias), (
        lambda g: kernels.conv2d_input_grad(g, weight, stride, padding, size),
        lambda g: kernels.conv2d_weight_grad(g, x, kernel, stride, padding),
        lambda g: kernels.channel_sum(g),
    )


@differentiable
def conv_transpose2d(x, weight, bias=None, stride=1, padding=0, output_padding=0):
    """The adjoint of conv2d in its image, as an op: y is what dL/dx of conv2d is for g = x, plus the bias.

    y[n, o, p·s + i - padding, q·s + j - padding] collects w[c, o, i, j] x[n, c, p, q] over c, i, j, p, q. Its own
    adjoints are therefore conv2d (dL/dx), and dL/dw of conv2d with x and g in each other's place.
    Shapes: x (N, C, H, W), weight (C, O, kh, kw), bias (O,) -> (N, O, H', W') with
    H' = (H - 1) s - 2 padding + kh + output_padding. Several H' make conv2d return to H: output_padding, less than the
    stride, chooses among them.
    PyTorch: `F.conv_transpose2d`. Source: Dumoulin & Visin 2016, chapter 4.
    """
    stride, padding = as_pair("stride", stride, 1), as_pair("padding", padding, 0)
    output_padding = as_pair("output_padding", output_padding, 0)
    _check_convolution(x, weight, bias, inputs=0)
    size, kernel = _transposed_size(x.shape[2:], weight.shape[2:], stride, padding, output_padding), weight.shape[2:]
    y = kernels.conv2d_input_grad(x, weight, stride, padding, size)
    return _add_bias(y, bias), (
        lambda g: kernels.conv2d(g, weight, stride, padding),
        lambda g: kernels.conv2d_weight_grad(x, g, kernel, stride, padding),
        lambda g: kernels.channel_sum(g),
    )


@differentiable
def max_pool2d(x, kernel_size, stride=None, padding=0):
    """y = the largest x in each window, dL/dx = g at that place, 0 elsewhere; windows that overlap add up.

    Of equal largest numbers the first one, row by row, takes all of g, as in PyTorch. A NaN in a window makes its y NaN
    (and its g goes to the window's first place). Outside the image there is nothing to choose, whatever the padding.
    Shapes: x (N, C, H, W) -> (N, C, H', W') with H' = ⌊(H + 2 padding - kernel_size) / stride⌋ + 1; the stride is the
    kernel_size if it is not given, the padding at most half of it.   PyTorch: `F.max_pool2d`.
    """
    window = _pooling(x, kernel_size, stride, padding)
    y = kernels.max_pool2d(x, *window)
    return y, (lambda g: kernels.max_pool2d_grad(g, x, y, *window),)


@differentiable
def avg_pool2d(x, kernel_size, stride=None, padding=0):
    """y = (Σ x over each window) / (kh·kw), dL/dx = g / (kh·kw) at each place of the window.

    The padding counts as zeros: the divisor is always kh·kw, PyTorch's default (count_include_pad=True).
    Shapes and arguments as for max_pool2d.   PyTorch: `F.avg_pool2d`.
    """
    window = _pooling(x, kernel_size, stride, padding)
    size, area = x.shape[2:], window[0][0] * window[0][1]
    return kernels.sum_pool2d(x, *window) / area, (lambda g: kernels.sum_pool2d_grad(g / area, *window, size),)


@differentiable
def upsample_nearest2d(x, scale_factor=2):
    """y = each pixel of x as a block of h x w equal pixels, dL/dx = Σ g over the block.

    Shapes: x (N, C, H, W) -> (N, C, H·h, W·w) for scale_factor (h, w), whole numbers.
    PyTorch: `F.interpolate(x, scale_factor=scale_factor, mode="nearest")`.
    """
    factor = as_pair("scale_factor", scale_factor, 1)
    check_floats(x=x)
    _check_image("x", x)
    return kernels.upsample_nearest2d(x, factor), (lambda g: kernels.sum_pool2d(g, factor, factor, (0, 0)),)


# --- what these ops share ---------------------------------------------------------------------------------------------


def _add_bias(y: Array, bias: Array | None) -> Array:
    if bias is not None:
        y += bias[:, None, None]
    return y


def _pooling(x: Array, kernel_size: Any, stride: Any, padding: Any) -> tuple[Pair, Pair, Pair]:
    """Kernel, stride and padding of a pooling op, checked."""
    kernel, padding = as_pair("kernel_size", kernel_size, 1), as_pair("padding", padding, 0)
    stride = kernel if stride is None else as_pair("stride", stride, 1)
    check_floats(x=x)
    _check_image("x", x)
    if any(2 * p > k for k, p in zip(kernel, padding)):
        raise ValueError(
            f"padding {_times(padding)} must be at most half of the kernel, {_times(kernel)}: "
            "a window would lie outside the image"
        )
    _check_fits(kernel, x.shape[2:], padding)
    return kernel, stride, padding


def _check_convolution(x: Array, weight: Array, bias: Array | None, inputs: int) -> None:
    """`inputs`: the axis of weight that belongs to the channels of x; the other one belongs to those of the result."""
    check_floats(x=x, weight=weight, bias=bias, optional="bias")
    _check_image("x", x)
    axes = ("out", "in")[:: 2 * inputs - 1]
    if weight.ndim != 4 or 0 in weight.shape:
        raise ValueError(f"expected weight ({', '.join(axes)}, kh, kw), none of them 0, found {weight.shape}")
    if weight.shape[inputs] != x.shape[1]:
        raise ValueError(f"weight expects {weight.shape[inputs]} input channels, x has {x.shape[1]}")
    if bias is not None and bias.shape != (weight.shape[1 - inputs],):
        raise ValueError(f"bias must be ({weight.shape[1 - inputs]},): one number for each output channel of weight")


def _check_image(name: str, x: Array) -> None:
    if x.ndim != 4 or 0 in x.shape[1:]:
        raise ValueError(f"expected {name} (N, C, H, W), where only N may be 0, found {x.shape}")


def _check_fits(kernel: Pair, size: Pair, padding: Pair) -> None:
    padded = size[0] + 2 * padding[0], size[1] + 2 * padding[1]
    if kernel[0] > padded[0] or kernel[1] > padded[1]:
        raise ValueError(f"kernel {_times(kernel)} is larger than the padded input {_times(padded)}")


def _transposed_size(size: Pair, kernel: Pair, stride: Pair, padding: Pair, output_padding: Pair) -> Pair:
    """A size of which conv2d makes `size`: the smallest there is, and output_padding more."""
    if any(extra >= s for extra, s in zip(output_padding, stride)):
        raise ValueError(f"output_padding {_times(output_padding)} must be smaller than the stride {_times(stride)}")
    height, width = (
        (n - 1) * s - 2 * p + k + extra for n, k, s, p, extra in zip(size, kernel, stride, padding, output_padding)
    )
    if height < 1 or width < 1:
        raise ValueError(f"padding {_times(padding)} leaves nothing of the result: {height}x{width}")
    return height, width


def _times(pair: Pair) -> str:
    return f"{pair[0]}x{pair[1]}"
