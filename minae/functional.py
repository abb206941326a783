"""The ops of networks: linear maps, activations, losses, and the variational pieces.

Names, argument order and defaults are those of `torch.nn.functional` wherever it has
the function. Losses take `reduction`: "mean" over all elements (the default), "sum", or
"none". Every op here wants floating inputs of one dtype, so that float32 stays float32;
each raises TypeError otherwise, and ValueError for shapes that do not fit.
"""

import math
from collections.abc import Callable

import numpy as np

from . import kernels
from .backend import Array, standard_normal, uniform, xp_of
from .convolution import (
    avg_pool2d,
    conv2d,
    conv_transpose2d,
    max_pool2d,
    upsample_nearest2d,
)
from .normalisation import batch_norm, group_norm, layer_norm
from .ops.error_function import erfc
from .ops.indexing import getitem
from .recurrent import gru, gru_cell, lstm_cell
from .support.argument_checks import (
    check_arrays,
    check_floats,
    check_number,
    check_same_shape,
    is_whole,
)
from .support.logarithms import expm1, log1p
from .support.sums import wide_sum
from .tensors import differentiable, tanh

__all__ = [
    "avg_pool2d",
    "batch_norm",
    "binary_cross_entropy_with_logits",
    "conv2d",
    "conv_transpose2d",
    "cross_entropy",
    "dropout",
    "embedding",
    "gaussian_kl",
    "gelu",
    "group_norm",
    "gru",
    "gru_cell",
    "kl_divergence",
    "layer_norm",
    "leaky_relu",
    "linear",
    "log_softmax",
    "logsumexp",
    "lstm_cell",
    "max_pool2d",
    "mse_loss",
    "pad",
    "relu",
    "reparameterize",
    "sigmoid",
    "silu",
    "softmax",
    "softplus",
    "tanh",
    "upsample_nearest2d",
]


@differentiable
def linear(x, weight, bias=None):
    """y = x Wᵀ + b,   dL/dx = g W,   dL/dW = gᵀ x,   dL/db = Σ g over all but `out`

    Where partial sums overflow, their order decides between an infinity and NaN; it is
    the order of the BLAS library, here and in PyTorch.
    Shapes: x (..., in), weight (out, in), bias (out,) -> (..., out).
    PyTorch: `F.linear`.
    """
    check_floats(x=x, weight=weight, bias=bias, optional="bias")
    _check_linear(x, weight, bias)
    product = kernels.active().product
    y = product(_rows(x), weight.T)
    if bias is not None:
        y += bias
    return y.reshape(*x.shape[:-1], len(weight)), (
        lambda g: product(_rows(g), weight).reshape(x.shape),
        lambda g: _rows(g).T @ _rows(x),
        lambda g: wide_sum(_rows(g), (0,)),
    )


@differentiable
def embedding(input, weight):
    """y = weight[input], the rows with these numbers,   dL/dweight = Σ g at each row

    A row that is looked up several times collects all of its g.
    Shapes: input, whole numbers from 0 to V - 1, of any shape; weight (V, D);
    -> (*input.shape, D).   PyTorch: `F.embedding`.
    """
    check_arrays(input=input)
    check_floats(weight=weight)
    if input.dtype.kind not in "iu":
        raise TypeError(f"input must hold whole numbers, found {input.dtype}")
    if weight.ndim != 2:
        raise ValueError("expected weight (V, D)")
    last = len(weight) - 1
    # On a GPU the look would cost a wait for the device.
    if (
        xp_of(input) is np
        and input.size
        and not 0 <= input.min() <= input.max() <= last
    ):
        found = f"{input.min()} to {input.max()}"
        raise ValueError(f"input must hold numbers from 0 to {last}, found {found}")
    y, (grad_weight,) = getitem(weight, input)
    return y, (None, grad_weight)


@differentiable
def pad(x, pad, value=0.0):
    """y = x with `value` before and behind it along its last axes,   dL/dx = g inside

    `pad` has two numbers for an axis, before and behind, the last axis first:
    (left, right, top, bottom, ...).   PyTorch: `F.pad`, with mode="constant".
    """
    check_floats(x=x)
    check_number("value", value)
    widths = tuple(pad) if isinstance(pad, tuple | list) else ()
    wrong = len(widths) % 2 or not all(is_whole(n) and n >= 0 for n in widths)
    if not widths or wrong:
        wanted = "pad must be pairs of whole numbers, such as (left, right)"
        raise ValueError(f"{wanted}, found {pad!r}")
    if len(widths) > 2 * x.ndim:
        raise ValueError(f"pad has more pairs than x has axes, found {pad!r}")
    pairs = [(0, 0)] * (x.ndim - len(widths) // 2)
    pairs += list(zip(widths[-2::-2], widths[::-2]))
    y = xp_of(x).pad(x, pairs, mode="constant", constant_values=float(value))
    inside = tuple(slice(before, before + n) for (before, _), n in zip(pairs, x.shape))
    return y, (lambda g: g[inside],)


# --- activations ----------------------------------------------------------------------


@differentiable
def relu(x):
    """y = max(x, 0),   dL/dx = g where x > 0, else 0

    At the kink, x = 0, the slope is 0, as in PyTorch.
    """
    check_floats(x=x)
    y = _positive_part(x)
    return y, (lambda g: g * (y != 0),)  # y is never below 0, and NaN is not 0


@differentiable
def leaky_relu(x, negative_slope=0.01):
    """y = x where x > 0, else slope * x,   dL/dx = g where x > 0, else slope * g

    At the kink, x = 0, the slope is the negative one, as in PyTorch.
    """
    check_floats(x=x)
    check_number("negative_slope", negative_slope)
    # 1 or negative_slope; `where` takes seven times as long
    above = x > 0
    slope = above + x.dtype.type(negative_slope) * ~above
    return slope * x, (lambda g: slope * g,)


@differentiable
def sigmoid(x):
    """y = 1 / (1 + e^-x),   dL/dx = g y (1 - y)"""
    check_floats(x=x)
    y = _sigmoid(x, _exp_minus_abs(x))
    return y, (lambda g: g * y * (1 - y),)


@differentiable
def softplus(x):
    """y = ln(1 + e^x) = max(x, 0) + ln(1 + e^-|x|),   dL/dx = g sigmoid(x)"""
    check_floats(x=x)
    e = _exp_minus_abs(x)
    return _positive_part(x) + log1p(e), (lambda g: g * _sigmoid(x, e),)


@differentiable
def gelu(x, approximate="none"):
    """y = x Φ(x) for the share Φ of N(0, 1) below x,   dL/dx = g (Φ(x) + x φ(x))

    with the density φ(x) = e^(-x²/2) / √(2π). With approximate="tanh",
    y = ½ x (1 + tanh u),   dL/dx = ½ g (1 + tanh u + x u' (1 - tanh² u)),
    for u = √(2/π) (x + 0.044715 x³), which takes a third of the time. At inf the slope
    is 1, at -inf 0, and y is NaN there (in PyTorch the slopes are NaN too).
    PyTorch: `F.gelu`. Source: Hendrycks & Gimpel 2016, "Gaussian error linear units".
    """
    check_floats(x=x)
    if approximate not in ("none", "tanh"):
        raise ValueError(f"approximate must be 'none' or 'tanh', found {approximate!r}")
    xp = xp_of(x)
    near = xp.clip(x, -40, 40)  # beyond, both forms are at their limits
    if approximate == "none":
        share = erfc(near * -math.sqrt(0.5)) / 2
        density = xp.exp(-near * near / 2) * (1 / math.sqrt(2 * math.pi))
        return x * share, (lambda g: g * (share + near * density),)
    scale = math.sqrt(2 / math.pi)
    t = xp.tanh(scale * (near + 0.044715 * near**3))
    slope = scale * (1 + 3 * 0.044715 * near * near)
    return x * ((1 + t) / 2), (
        lambda g: g * ((1 + t + near * slope * (1 - t * t)) / 2),
    )


@differentiable
def silu(x):
    """y = x sigmoid(x),   dL/dx = g s (1 + x (1 - s)) with s = sigmoid(x)

    PyTorch: `F.silu`. Source: Elfwing et al. 2018; also known as swish.
    """
    check_floats(x=x)
    s = _sigmoid(x, _exp_minus_abs(x))
    return x * s, (lambda g: g * s * (1 + x * (1 - s)),)


@differentiable
def softmax(x, axis=-1):
    """y = e^x / Σ e^x over `axis`,   dL/dx = y (g - Σ g y over `axis`)

    PyTorch: `F.softmax`, where the axis is called `dim`.
    """
    check_floats(x=x)
    xp = xp_of(x)
    y = xp.exp(_log_softmax(x, axis))

    def grad_x(g):
        # The same for all g + constant. With g = 0 at the largest y, which may be 1 but
        # for rounding, the two terms are never almost equal.
        g = g - xp.take_along_axis(g, y.argmax(axis=axis, keepdims=True), axis)
        return y * (g - wide_sum(g * y, (axis,), keepdims=True))

    return y, (grad_x,)


@differentiable
def log_softmax(x, axis=-1):
    """y = x - ln Σ e^x over `axis`,   dL/dx = g - e^y Σ g over `axis`

    PyTorch: `F.log_softmax`, where the axis is called `dim`.
    """
    check_floats(x=x)
    xp = xp_of(x)
    y = _log_softmax(x, axis)
    return y, (lambda g: g - xp.exp(y) * wide_sum(g, (axis,), True),)


@differentiable
def logsumexp(x, axis):
    """y = ln Σ e^x over `axis`, which is dropped,   dL/dx = g e^x / Σ e^x

    So each x gets the share of g that softmax(x) gives it. x is shifted by its maximum,
    so that no exponential overflows. Elements of -inf count as e^-inf = 0, and get no
    gradient. (In PyTorch the slopes are NaN if all are -inf, and 1 for equal x so large
    that x + ln 2 is rounded to x.)
    PyTorch: `torch.logsumexp`, where the axis is called `dim`.
    """
    check_floats(x=x)
    _check_axis(x, axis)
    xp = xp_of(x)
    peak = x.max(axis=axis, keepdims=True)
    shift = xp.where(xp.isfinite(peak), peak, 0)
    e = xp.exp(x - shift)
    total = wide_sum(e, (axis,), keepdims=True)
    nothing = total == 0  # all x are -inf; added, as ln 0 and 0 / 0 would warn
    y = xp.where(nothing, -xp.inf, shift + xp.log(total + nothing))
    return y.squeeze(axis), (
        lambda g: xp.expand_dims(g, axis) * (e / (total + nothing)),
    )


@differentiable
def dropout(x, p=0.5, training=True, noise=None, rng=None):
    """y = x / (1 - p) where noise >= p, else 0,   dL/dx = g / (1 - p) there, else 0

    Each number is dropped with probability p, 0 <= p < 1; the others grow, so that the
    mean of y is x. With training=False, y = x.
    Args:
        noise: of the shape of x, uniform in [0, 1); where not given, drawn from `rng`
            (a generator or a seed; None: fresh entropy).
    PyTorch: `F.dropout`. Source: Srivastava et al. 2014, "Dropout: a simple way to
    prevent neural networks from overfitting".
    """
    check_floats(x=x, noise=noise, optional="noise")
    check_number("p", p, 0, 1)
    if not training:
        return x, (lambda g: g,)
    noise = uniform(rng, like=x) if noise is None else noise
    check_same_shape(x=x, noise=noise)
    scale = (noise >= p) * x.dtype.type(1 / (1 - p))
    return x * scale, (lambda g: g * scale,)


# --- losses ---------------------------------------------------------------------------


@differentiable
def mse_loss(input, target, reduction="mean"):
    """l = (x - t)²,   dl/dx = 2 (x - t),   dl/dt = -dl/dx

    Shapes: input and target alike.   PyTorch: `F.mse_loss`.
    """
    check_floats(input=input, target=target)
    check_same_shape(input=input, target=target)
    difference = input - target
    loss, spread = _reduce(difference * difference, reduction)
    return loss, (
        lambda g: spread(g) * (2 * difference),
        lambda g: spread(g) * (-2 * difference),
    )


@differentiable
def binary_cross_entropy_with_logits(input, target, reduction="mean"):
    """l = -t ln p - (1 - t) ln(1 - p) with p = sigmoid(x), in nats, for t in [0, 1]

    dl/dx = p - t,   dl/dt = -x.
    Computed as max(x, 0) (1 - t) - min(x, 0) t + ln(1 + e^-|x|), which neither
    overflows nor takes the logarithm of 0. An infinite logit costs infinitely much, and
    NaN where it is multiplied by 0: if x = inf and t = 1, for example.
    Shapes: input (the logits x) and target alike.
    PyTorch: `F.binary_cross_entropy_with_logits`.
    """
    check_floats(input=input, target=target)
    check_same_shape(input=input, target=target)
    e = _exp_minus_abs(input)
    # The small logarithm comes last: added to max(x, 0), it would be rounded away.
    wrong = _positive_part(input) * (1 - target) + _positive_part(-input) * target
    losses = wrong + log1p(e)
    loss, spread = _reduce(losses, reduction)
    return loss, (
        lambda g: spread(g) * (_sigmoid(input, e) - target),
        lambda g: spread(g) * -input,
    )


@differentiable
def cross_entropy(input, target, reduction="mean"):
    """l = -log_softmax(x)[label], in nats,   dl/dx = softmax(x) - onehot(label)

    Shapes: input (N, C) logits, target (N,) integer labels in [0, C).
    PyTorch: `F.cross_entropy`.
    """
    xp = xp_of(input)
    check_floats(input=input)
    _check_labels(input, target)
    chosen = target[:, None] == xp.arange(input.shape[1])
    # On a GPU the look would cost a wait for the device.
    if xp is np and not chosen.any(axis=1).all():
        last = input.shape[1] - 1
        raise ValueError(f"target must hold labels from 0 to {last}")
    y = _log_softmax(input, axis=1)
    loss, spread = _reduce(-xp.where(chosen, y, 0).sum(axis=1), reduction)
    return loss, (lambda g: _as_column(spread(g)) * (xp.exp(y) - chosen),)


# --- the variational pieces -----------------------------------------------------------


@differentiable
def gaussian_kl(mu, log_var):
    """KL(N(mu, diag exp(log_var)) || N(0, I)) = ½ Σ (mu² + e^log_var - 1 - log_var)

    in nats, per example.   dKL/dmu = mu,   dKL/dlog_var = ½ (e^log_var - 1).
    Shapes: mu and log_var (N, ...) -> (N,).
    Source: Kingma & Welling 2014, "Auto-Encoding Variational Bayes", appendix B.
    """
    check_floats(mu=mu, log_var=log_var)
    check_same_shape(mu=mu, log_var=log_var)
    if mu.ndim == 0:
        raise ValueError("expected mu and log_var (N, ...)")
    # e^log_var - 1 without the cancellation near log_var = 0
    var_minus_1 = expm1(log_var)
    latents = tuple(range(1, mu.ndim))
    kl = 0.5 * wide_sum(mu * mu + (var_minus_1 - log_var), latents)

    def per_latent(g):
        return g.reshape(len(mu), *[1] * (mu.ndim - 1))

    return kl, (
        lambda g: per_latent(g) * mu,
        lambda g: per_latent(g) * (0.5 * var_minus_1),
    )


@differentiable
def kl_divergence(mu, log_var, prior_mu, prior_log_var):
    """KL(N(mu, diag e^log_var) || N(prior_mu, diag e^prior_log_var)), in nats,

    = ½ Σ (d² / v₀ + r - 1 - ln r), per example, with d = mu - prior_mu,
    v₀ = e^prior_log_var and the ratio of the variances r = e^(log_var - prior_log_var).
    dKL/dmu = d / v₀ = -dKL/dprior_mu,   dKL/dlog_var = ½ (r - 1),
    dKL/dprior_log_var = -½ (r - 1 + d² / v₀).   See `gaussian_kl` for N(0, I).
    Shapes: all (N, ...) -> (N,).
    PyTorch: `torch.distributions.kl_divergence` of two Normal distributions, summed.
    """
    inputs = {"mu": mu, "log_var": log_var, "prior_mu": prior_mu}
    inputs["prior_log_var"] = prior_log_var
    check_floats(**inputs)
    check_same_shape(**inputs)
    if mu.ndim == 0:
        raise ValueError("expected all four (N, ...)")
    log_ratio = log_var - prior_log_var
    ratio_minus_1 = expm1(log_ratio)  # without the cancellation near a ratio of 1
    scaled = (mu - prior_mu) * xp_of(mu).exp(-prior_log_var)  # d / v₀
    square = scaled * (mu - prior_mu)
    latents = tuple(range(1, mu.ndim))
    kl = 0.5 * wide_sum(square + (ratio_minus_1 - log_ratio), latents)

    def per_latent(g):
        return g.reshape(len(mu), *[1] * (mu.ndim - 1))

    return kl, (
        lambda g: per_latent(g) * scaled,
        lambda g: per_latent(g) * (0.5 * ratio_minus_1),
        lambda g: per_latent(g) * -scaled,
        lambda g: per_latent(g) * (-0.5 * (ratio_minus_1 + square)),
    )


@differentiable
def reparameterize(mu, log_var, eps=None, rng=None):
    """z = mu + std * eps with std = exp(log_var / 2), a sample of N(mu, diag std²)

    that gradients pass through.   dL/dmu = g,   dL/dlog_var = ½ g std eps.
    Shapes: mu, log_var and eps alike.
    Args:
        eps: the noise, from N(0, 1); where not given, drawn from `rng` (a generator or
            a seed; None: fresh entropy).
    Source: Kingma & Welling 2014, "Auto-Encoding Variational Bayes", section 2.4.
    """
    check_floats(mu=mu, log_var=log_var, eps=eps, optional="eps")
    eps = standard_normal(rng, like=mu) if eps is None else eps
    check_same_shape(mu=mu, log_var=log_var, eps=eps)
    noise = xp_of(mu).exp(0.5 * log_var) * eps
    return mu + noise, (lambda g: g, lambda g: g * (0.5 * noise))


# --- what these ops share -------------------------------------------------------------


def _rows(x: Array) -> Array:
    """x (..., n) as a matrix of rows. (Not -1, which is undefined for a size of 0.)"""
    return x.reshape(math.prod(x.shape[:-1]), x.shape[-1])


def _positive_part(x: Array) -> Array:
    """max(x, 0). NumPy's `maximum` is not vectorised for a single 0; `clip` is."""
    return xp_of(x).clip(x, 0, math.inf)


def _exp_minus_abs(x: Array) -> Array:
    """e^-|x|, which cannot overflow: sigmoid and softplus are made of it."""
    xp = xp_of(x)
    return xp.exp(-xp.abs(x))


def _sigmoid(x: Array, e: Array) -> Array:
    """1 / (1 + e^-x), given e = e^-|x|: 1 / (1 + e) where x >= 0, else e / (1 + e)."""
    # e <= 1, so the larger of e and (x >= 0) is 1 or e; `where` is slower
    return xp_of(x).maximum(e, x >= 0) / (1 + e)


def _log_softmax(x: Array, axis: int) -> Array:
    """x - ln Σ e^x, shifted by the maximum so that no exponential overflows."""
    _check_axis(x, axis)
    xp = xp_of(x)
    shifted = x - x.max(axis=axis, keepdims=True)
    return shifted - xp.log(wide_sum(xp.exp(shifted), (axis,), True))


def _check_axis(x: Array, axis: int) -> None:
    if not is_whole(axis):
        raise TypeError(f"axis must be a whole number, found {axis!r}")
    if not -x.ndim <= axis < x.ndim or x.shape[axis] == 0:
        raise ValueError(
            f"axis {axis} must be an axis of the input, with at least one class"
        )


def _reduce(losses: Array, reduction: str) -> tuple[Array, Callable[[Array], Array]]:
    """The reduced losses, and how a cotangent of that spreads over the single losses.

    (A cotangent of their sum is that of each: broadcasting spreads it.)
    """
    if reduction == "none":
        return losses, lambda g: g
    if reduction == "sum":
        return wide_sum(losses), lambda g: g
    if reduction == "mean":
        if losses.size == 0:
            raise ValueError("reduction 'mean' of no elements")
        return wide_sum(losses) / losses.size, lambda g: g / losses.size
    raise ValueError(f"reduction must be 'mean', 'sum' or 'none', found {reduction!r}")


def _as_column(g: Array) -> Array:
    """A cotangent per example (N,) as (N, 1); a single one stays as it is."""
    return g[:, None] if g.ndim == 1 else g


def _check_linear(x: Array, weight: Array, bias: Array | None) -> None:
    if weight.ndim != 2 or x.ndim == 0 or x.shape[-1] != weight.shape[1]:
        raise ValueError(
            "expected x (..., in) and weight (out, in) with one size for `in`"
        )
    if bias is not None and bias.shape != weight.shape[:1]:
        raise ValueError("expected bias (out,) for weight (out, in)")


def _check_labels(input: Array, target: Array) -> None:
    check_arrays(target=target)
    if input.ndim != 2 or target.shape != input.shape[:1]:
        raise ValueError("expected input (N, C) and target (N,)")
    if target.dtype.kind not in "iu":
        raise TypeError("target must hold integer labels")
