"""The ops of convolutional networks: convolution, its transpose, pooling, upsampling.

Names, argument order and defaults are those of `torch.nn.functional`. Images are
(N, C, H, W), batches may be empty. Sizes, strides and paddings are whole numbers, or
pairs (h, w). Each op raises TypeError for inputs that are not floating or not of one
dtype, and ValueError for shapes that do not fit. How they are computed is said in
kernels/plain.py, and how they are computed fast in kernels/fast.py.
"""

from typing import Any

from . import kernels
from .backend import Array
from .kernels import Pair
from .support.argument_checks import as_pair, check_floats
from .tensors import differentiable

__all__ = [
    "avg_pool2d",
    "conv2d",
    "conv_transpose2d",
    "max_pool2d",
    "upsample_nearest2d",
]


@differentiable
def conv2d(x, weight, bias=None, stride=1, padding=0):
    """y[n, o, p, q] = b[o] + Σ over c, i, j of w[o, c, i, j] x[n, c, p·s + i, q·s + j]

    with x padded by zeros (strictly a cross-correlation: the kernel is not flipped).
    Linear in x and in w, so that dL/dx and dL/dw are its adjoints applied to g;
    dL/db = Σ g over n, p, q.
    Shapes: x (N, C, H, W), weight (O, C, kh, kw), bias (O,) -> (N, O, H', W') with
    H' = ⌊(H + 2 padding - kh) / s⌋ + 1.
    PyTorch: `F.conv2d`. Source: Dumoulin & Visin 2016, "A guide to convolution
    arithmetic for deep learning".
    """
    stride, padding = as_pair("stride", stride, 1), as_pair("padding", padding, 0)
    _check_conv2d(x, weight, bias, padding)
    size, kernel, using = x.shape[2:], weight.shape[2:], kernels.active()
    y = _add_bias(using.conv2d(x, weight, stride, padding), bias)
    return y, (
        lambda g: using.conv2d_input_grad(g, weight, stride, padding, size),
        lambda g: using.conv2d_weight_grad(g, x, kernel, stride, padding),
        lambda g: using.channel_sum(g),
    )


@differentiable
def conv_transpose2d(x, weight, bias=None, stride=1, padding=0, output_padding=0):
    """The adjoint of conv2d in its image, as an op: what dL/dx of conv2d is for g = x

    plus the bias: y[n, o, p·s + i, q·s + j] collects w[c, o, i, j] x[n, c, p, q], and
    is then cut by the padding. Its own adjoints are therefore conv2d (dL/dx), and dL/dw
    of conv2d with x and g in each other's place.
    Shapes: x (N, C, H, W), weight (C, O, kh, kw), bias (O,) -> (N, O, H', W') with
    H' = (H - 1) s - 2 padding + kh + output_padding. Several H' make conv2d return to
    H: output_padding, less than the stride, chooses among them.
    PyTorch: `F.conv_transpose2d`. Source: Dumoulin & Visin 2016, chapter 4.
    """
    stride, padding = as_pair("stride", stride, 1), as_pair("padding", padding, 0)
    output_padding = as_pair("output_padding", output_padding, 0)
    _check_conv_transpose2d(x, weight, bias)
    kernel, using = weight.shape[2:], kernels.active()
    size = _transposed_size(x.shape[2:], kernel, stride, padding, output_padding)
    y = _add_bias(using.conv2d_input_grad(x, weight, stride, padding, size), bias)
    return y, (
        lambda g: using.conv2d(g, weight, stride, padding),
        lambda g: using.conv2d_weight_grad(x, g, kernel, stride, padding),
        lambda g: using.channel_sum(g),
    )


@differentiable
def max_pool2d(x, kernel_size, stride=None, padding=0):
    """y = the largest x in each window,   dL/dx = g at that place, 0 elsewhere

    Windows that overlap add up. Of equal largest numbers the first one, row by row,
    takes all of g, as in PyTorch. A NaN in a window makes its y NaN (and its g goes to
    the window's first place that is not below it, in PyTorch to its last NaN). What
    lies outside the image is never chosen, whatever the padding.
    Shapes: x (N, C, H, W) -> (N, C, H', W') with
    H' = ⌊(H + 2 padding - kernel_size) / stride⌋ + 1; the stride is the kernel_size if
    it is not given, the padding at most half of it.   PyTorch: `F.max_pool2d`.
    """
    window, using = _pooling(x, kernel_size, stride, padding), kernels.active()
    y = using.max_pool2d(x, *window)
    return y, (lambda g: using.max_pool2d_grad(g, x, y, *window),)


@differentiable
def avg_pool2d(x, kernel_size, stride=None, padding=0):
    """y = (Σ x over each window) / (kh·kw),   dL/dx = g / (kh·kw) all over the window

    The padding counts as zeros: the divisor is always kh·kw, PyTorch's default
    (count_include_pad=True).
    Shapes and arguments as for max_pool2d.   PyTorch: `F.avg_pool2d`.
    """
    window, using = _pooling(x, kernel_size, stride, padding), kernels.active()
    size, area = x.shape[2:], window[0][0] * window[0][1]
    y = using.sum_pool2d(x, *window) / area
    return y, (lambda g: using.sum_pool2d_grad(g / area, *window, size),)


@differentiable
def upsample_nearest2d(x, scale_factor=2):
    """y = each pixel of x as a block of h x w equal ones,   dL/dx = Σ g over the block

    Shapes: x (N, C, H, W) -> (N, C, H·h, W·w) for scale_factor (h, w), whole numbers.
    PyTorch: `F.interpolate(x, scale_factor=scale_factor, mode="nearest")`.
    """
    factor, using = as_pair("scale_factor", scale_factor, 1), kernels.active()
    check_floats(x=x)
    _check_image("x", x)
    y = using.upsample_nearest2d(x, factor)
    return y, (lambda g: using.sum_pool2d(g, factor, factor, (0, 0)),)


# --- what these ops share -------------------------------------------------------------


def _add_bias(y: Array, bias: Array | None) -> Array:
    if bias is not None:
        y += bias[:, None, None]
    return y


def _pooling(
    x: Array, kernel_size: Any, stride: Any, padding: Any
) -> tuple[Pair, Pair, Pair]:
    """Kernel, stride and padding of a pooling op, checked."""
    kernel = as_pair("kernel_size", kernel_size, 1)
    padding = as_pair("padding", padding, 0)
    stride = kernel if stride is None else as_pair("stride", stride, 1)
    check_floats(x=x)
    _check_image("x", x)
    if any(2 * p > k for k, p in zip(kernel, padding)):
        raise ValueError(
            f"padding {_times(padding)} must be at most half of the kernel, "
            f"{_times(kernel)}: a window would lie outside the image"
        )
    _check_fits(kernel, x.shape[2:], padding)
    return kernel, stride, padding


def _check_conv2d(x: Array, weight: Array, bias: Array | None, padding: Pair) -> None:
    _check_kinds(x, weight, bias, "(out, in, kh, kw)")
    outputs, inputs = weight.shape[:2]
    _check_channels(x, bias, inputs, outputs)
    _check_fits(weight.shape[2:], x.shape[2:], padding)


def _check_conv_transpose2d(x: Array, weight: Array, bias: Array | None) -> None:
    _check_kinds(x, weight, bias, "(in, out, kh, kw)")
    inputs, outputs = weight.shape[:2]
    _check_channels(x, bias, inputs, outputs)


def _check_kinds(x: Array, weight: Array, bias: Array | None, axes: str) -> None:
    check_floats(x=x, weight=weight, bias=bias, optional="bias")
    _check_image("x", x)
    if weight.ndim != 4 or 0 in weight.shape:
        raise ValueError(
            f"expected weight {axes}, none of them 0, found {weight.shape}"
        )


def _check_channels(x: Array, bias: Array | None, inputs: int, outputs: int) -> None:
    if inputs != x.shape[1]:
        raise ValueError(f"weight expects {inputs} input channels, x has {x.shape[1]}")
    if bias is not None and bias.shape != (outputs,):
        raise ValueError(
            f"bias must be ({outputs},): one number for each output channel of weight"
        )


def _check_image(name: str, x: Array) -> None:
    if x.ndim != 4 or 0 in x.shape[1:]:
        raise ValueError(
            f"expected {name} (N, C, H, W), where only N may be 0, found {x.shape}"
        )


def _check_fits(kernel: Pair, size: Pair, padding: Pair) -> None:
    padded = size[0] + 2 * padding[0], size[1] + 2 * padding[1]
    if kernel[0] > padded[0] or kernel[1] > padded[1]:
        found = f"larger than the padded input {_times(padded)}"
        raise ValueError(f"kernel {_times(kernel)} is {found}")


def _transposed_size(
    size: Pair, kernel: Pair, stride: Pair, padding: Pair, output_padding: Pair
) -> Pair:
    """A size of which conv2d makes `size`: the smallest, and output_padding more."""
    if any(extra >= s for extra, s in zip(output_padding, stride)):
        raise ValueError(
            f"output_padding {_times(output_padding)} must be smaller than the "
            f"stride {_times(stride)}"
        )
    height, width = (
        (n - 1) * s - 2 * p + k + extra
        for n, k, s, p, extra in zip(size, kernel, stride, padding, output_padding)
    )
    if height < 1 or width < 1:
        left = f"leaves nothing of the result: {height}x{width}"
        raise ValueError(f"padding {_times(padding)} {left}")
    return height, width


def _times(pair: Pair) -> str:
    return f"{pair[0]}x{pair[1]}"
