"""Wrong ops, each a real one with one mistake of the kind that people make. The gradient checker must catch them all.

Every op is written in the engine's own form. `plant` says what is wrong, at which inputs it is tried, and what the
report must name: the input, the index where only one element is wrong, and the cause where causes.py knows it.
"""

from dataclasses import dataclass

import numpy as np

from minae import differentiable
from minae.checker.samplers import distinct, nonzero, normal, positive, probability

BUGS = []


@dataclass(frozen=True)
class Bug:
    about: str
    op: object
    samplers: tuple
    input: int | None  # whose gradient is wrong; None where the fault is of the op as a whole
    index: tuple | None
    says: str
    verdict: str

    @property
    def name(self):
        return f"{self.op.__name__.strip('_')}: {self.about}"

    def make_inputs(self):
        rng = np.random.default_rng(5)
        return [np.asarray(sampler(rng)) for sampler in self.samplers]


def plant(about, *samplers, input=0, index=None, says="", verdict="fail"):
    """Add the op below to BUGS. `says`: a phrase that the report must hold."""

    def add(op):
        BUGS.append(Bug(about, op, samplers, input, index, says, verdict))
        return op

    return add


def exactly(values):
    return lambda rng: np.array(values, dtype=float)


# --- arithmetic -------------------------------------------------------------------------------------------------------


@plant("sign of the second input", normal(2, 3), normal(2, 3), input=1, says="the sign is wrong")
@differentiable
def sub(a, b):
    return a - b, (lambda g: g, lambda g: g)


@plant("factor 2 forgotten", nonzero(2, 3), says="it is 0.5")
@differentiable
def square(x):
    return x * x, (lambda g: g * x,)


@plant("the two vjps swapped", normal(2, 3), normal(2, 3), says="two vjps swapped")
@differentiable
def mul(a, b):
    return a * b, (lambda g: g * a, lambda g: g * b)


@plant("dL/db divided by b once, not twice", normal(2, 3), positive(2, 3), input=1)
@differentiable
def div(a, b):
    return a / b, (lambda g: g / b, lambda g: -g * a / b)


@plant("exponent not lowered", positive(2, 3), normal(2, 3))
@differentiable
def pow_(a, b):
    y = a**b
    return y, (lambda g: g * b * y, lambda g: g * y * np.log(a))


@plant("dL/db without ln a", positive(2, 3), normal(2, 3), input=1)
@differentiable
def power(a, b):
    y = a**b
    return y, (lambda g: g * b * a ** (b - 1), lambda g: g * y)


@plant("x for y", normal(2, 3))
@differentiable
def exp(x):
    return np.exp(x), (lambda g: g * x,)


@plant("factor 1 + 1e-6 in one element", normal(2, 3), index=(1, 2), says="a single element")
@differentiable
def exp_(x):
    y = np.exp(x)
    slip = np.ones(x.shape)
    slip[1, 2] += 1e-6
    return y, (lambda g: g * y * slip,)


@plant("factor 1 + 1e-4", normal(2, 3), says="it is 1.0001")
@differentiable
def exp__(x):
    y = np.exp(x)
    return y, (lambda g: g * y * 1.0001,)


@plant("times x for divided by x", positive(2, 3))
@differentiable
def log(x):
    return np.log(x), (lambda g: g * x,)


@plant("epsilon of 1e-6 in forward only", positive(2, 3))
@differentiable
def log_(x):
    return np.log(x + 1e-6), (lambda g: g / x,)


@plant("½ forgotten", positive(2, 3), says="it is 2")
@differentiable
def sqrt(x):
    y = np.sqrt(x)
    return y, (lambda g: g / y,)


@plant("pi as 3.14159 in backward only", normal(2, 3), says="it is 0.9999991")
@differentiable
def sin_pi(x):
    return np.sin(np.pi * x), (lambda g: g * 3.14159 * np.cos(np.pi * x),)


@plant("tiny (1e-9), and twice too large", normal(2, 3), says="it is 2")
@differentiable
def tiny(x):
    y = 1e-9 * np.exp(x)
    return y, (lambda g: 2 * g * y,)


@plant("tiny (1e-9), and zero", normal(2, 3), says="the vjp returns zeros")
@differentiable
def tiny_(x):
    return 1e-9 * np.exp(x), (lambda g: 0 * g,)


# --- activations ------------------------------------------------------------------------------------------------------


@plant("1 - y for 1 - y²", normal(2, 3))
@differentiable
def tanh(x):
    y = np.tanh(x)
    return y, (lambda g: g * (1 - y),)


@plant("saturated, and the last factor forgotten", exactly([9.0, -10.0, 8.5]))
@differentiable
def tanh_(x):
    y = np.tanh(x)
    return y, (lambda g: g * (1 - y * y) * np.abs(x),)


@plant("y for y (1 - y)", normal(2, 3))
@differentiable
def sigmoid(x):
    y = 1 / (1 + np.exp(-x))
    return y, (lambda g: g * y,)


@plant("sigmoid of -x", normal(2, 3))
@differentiable
def softplus(x):
    return np.log1p(np.exp(x)), (lambda g: g / (1 + np.exp(x)),)


@plant("mask of the wrong branch", nonzero(3, 5))
@differentiable
def relu(x):
    return np.maximum(x, 0), (lambda g: g * (x < 0),)


@plant("no mask", nonzero(3, 5), says="exactly where the input is negative")
@differentiable
def relu_(x):
    return np.maximum(x, 0), (lambda g: g,)


@plant("mask >= for >, at 0", exactly([1.5, 0.0, -0.5]), index=(1,), verdict="kink", says="the right one")
@differentiable
def relu__(x):
    return np.maximum(x, 0), (lambda g: g * (x >= 0),)


@plant("twice the right slope, at 0", exactly([1.5, 0.0, -0.5]), index=(1,), verdict="kink", says="outside both")
@differentiable
def relu___(x):
    return np.maximum(x, 0), (lambda g: g * (1.0 * (x >= 0) + (x == 0)),)


@plant("mask from y where the slope is negative", nonzero(3, 5), says="exactly where the input is negative")
@differentiable
def leaky_relu(x):
    y = np.where(x > 0, x, -0.2 * x)
    return y, (lambda g: np.where(y > 0, g, -0.2 * g),)


@plant("product rule: one term missing", normal(2, 3))
@differentiable
def silu(x):
    p = 1 / (1 + np.exp(-x))
    return x * p, (lambda g: g * p,)


@plant("exact forward, backward of its approximation", normal(2, 3))
@differentiable
def gelu(x):
    """x Φ(x), with the derivative of x sigmoid(1.5957691 (x + 0.044715 x³)), for x near 0."""
    c = np.sqrt(2 / np.pi)
    phi = 0.5 + 0.5 * _erf(x / np.sqrt(2))
    t = np.tanh(c * (x + 0.044715 * x**3))
    return x * phi, (lambda g: g * (0.5 * (1 + t) + 0.5 * x * (1 - t * t) * c * (1 + 0.134145 * x * x)),)


@plant("sum term forgotten", normal(3, 5))
@differentiable
def log_softmax(x):
    return x - np.log(np.exp(x).sum(axis=-1, keepdims=True)), (lambda g: g,)


@plant("sum over the wrong axis of a square", normal(3, 3))
@differentiable
def log_softmax_(x):
    y = x - np.log(np.exp(x).sum(axis=-1, keepdims=True))
    return y, (lambda g: g - np.exp(y) * g.sum(axis=0),)


@plant("mean taken for a constant", normal(3, 5))
@differentiable
def centre(x):
    return x - x.mean(axis=0), (lambda g: g,)


@plant("variance taken for a constant", normal(5, 2))
@differentiable
def standardise(x):
    std = np.sqrt(x.var(axis=0) + 1e-5)
    return (x - x.mean(axis=0)) / std, (lambda g: (g - g.mean(axis=0)) / std,)


# --- linear maps ------------------------------------------------------------------------------------------------------


@plant("weight gradient transposed", normal(2, 3), normal(3, 3), input=1, says="transposed")
@differentiable
def linear(x, weight):
    return x @ weight.T, (lambda g: g @ weight, lambda g: x.T @ g)


@plant("bias gradient of the first row only", normal(4, 3), normal(2, 3), normal(2), input=2)
@differentiable
def linear_(x, weight, bias):
    return x @ weight.T + bias, (lambda g: g @ weight, lambda g: g.T @ x, lambda g: g[0])


@plant("bias gradient averaged over the batch", normal(4, 3), normal(2, 3), normal(2), input=2, says="it is 0.25")
@differentiable
def linear__(x, weight, bias):
    return x @ weight.T + bias, (lambda g: g @ weight, lambda g: g.T @ x, lambda g: g.mean(axis=0))


@plant("the last row of the batch left out", normal(4, 3), normal(2, 3), input=1)
@differentiable
def linear___(x, weight):
    return x @ weight.T, (lambda g: g @ weight, lambda g: g[:-1].T @ x[:-1])


@plant("b for its transpose", normal(3, 3), normal(3, 3))
@differentiable
def matmul(a, b):
    return a @ b, (lambda g: g @ b, lambda g: a.T @ g)


@plant("broadcast summed over the wrong axis of a square", normal(3, 3), normal(3), input=1)
@differentiable
def add(a, b):
    return a + b, (lambda g: g, lambda g: g.sum(axis=1))


@plant("broadcast averaged", normal(4, 3), normal(3), input=1, says="it is 0.25")
@differentiable
def add_(a, b):
    return a + b, (lambda g: g, lambda g: g.mean(axis=0))


# --- reductions and shapes --------------------------------------------------------------------------------------------


@plant("1/n forgotten", normal(2, 3), says="a mean without its 1/n")
@differentiable
def mean(x):
    return x.mean(), (lambda g: np.broadcast_to(g, x.shape),)


@plant("repeated along the wrong axis of a square", normal(3, 3), says="transposed")
@differentiable
def sum_(x):
    return x.sum(axis=1), (lambda g: np.broadcast_to(g, x.shape),)


@plant("to the first element, not to the largest", exactly([[0.0, 1, 2], [1, 0, -1]]))
@differentiable
def max_(x):
    first = np.array([[1, 0, 0], [1, 0, 0]])
    return x.max(axis=1), (lambda g: g[:, None] * first,)


@plant("ties not shared", exactly([2.0, 1.0, 2.0]), verdict="kink", says="the right one")
@differentiable
def max__(x):
    return x.max(), (lambda g: g * (x == x.max()),)


@plant("column-major order in backward", normal(2, 6))
@differentiable
def reshape(x):
    return x.reshape(3, 4), (lambda g: g.reshape(x.shape, order="F"),)


@plant("permuted once more, not back", normal(2, 2, 2))
@differentiable
def transpose(x):
    return x.transpose(1, 2, 0), (lambda g: g.transpose(1, 2, 0),)


@plant("slice off by one", normal(6), says="shifted by one")
@differentiable
def getitem(x):
    def grad_x(g):
        grad = np.zeros(x.shape)
        grad[2:5] = g
        return grad

    return x[1:4], (grad_x,)


@plant("of a place chosen twice, one gradient is lost", normal(5), index=(3,), says="a single element")
@differentiable
def getitem_(x):
    def grad_x(g):
        grad = np.zeros(x.shape)
        grad[[0, 3, 3]] = g
        return grad

    return x[[0, 3, 3]], (grad_x,)


# --- losses and the variational pieces --------------------------------------------------------------------------------


@plant("mean dropped", normal(2, 3), normal(2, 3), says="a mean without its 1/n")
@differentiable
def mse_loss(x, target):
    d = x - target
    return (d * d).mean(), (lambda g: g * 2 * d, lambda g: -g * 2 * d / d.size)


@plant("sign of the target's gradient", normal(2, 3), probability(2, 3), input=1, says="the sign is wrong")
@differentiable
def binary_cross_entropy_with_logits(x, target):
    p = 1 / (1 + np.exp(-x))
    return np.log1p(np.exp(x)) - x * target, (lambda g: g * (p - target), lambda g: g * x)


@plant("p for p - t", normal(2, 3), probability(2, 3))
@differentiable
def binary_cross_entropy_with_logits_(x, target):
    p = 1 / (1 + np.exp(-x))
    return np.log1p(np.exp(x)) - x * target, (lambda g: g * p, lambda g: -g * x)


@plant("softmax without the one-hot label", normal(4, 3))
@differentiable
def cross_entropy(x):
    y = x - np.log(np.exp(x).sum(axis=1, keepdims=True))
    return -y[np.arange(4), [2, 0, 1, 1]], (lambda g: g[:, None] * np.exp(y),)


@plant("var for var - 1", normal(4, 3), normal(4, 3), input=1)
@differentiable
def gaussian_kl(mu, log_var):
    kl = 0.5 * (mu * mu + np.exp(log_var) - 1 - log_var).sum(axis=1)
    return kl, (lambda g: g[:, None] * mu, lambda g: g[:, None] * 0.5 * np.exp(log_var))


@plant("½ forgotten", normal(4, 3), normal(4, 3), input=1, says="it is 2")
@differentiable
def gaussian_kl_(mu, log_var):
    kl = 0.5 * (mu * mu + np.exp(log_var) - 1 - log_var).sum(axis=1)
    return kl, (lambda g: g[:, None] * mu, lambda g: g[:, None] * (np.exp(log_var) - 1))


@plant("½ forgotten", normal(4, 3), normal(4, 3), normal(4, 3), input=1, says="it is 2")
@differentiable
def reparameterize(mu, log_var, eps):
    std = np.exp(log_var / 2)
    return mu + std * eps, (lambda g: g, lambda g: g * std * eps, lambda g: g * std)


@plant("std forgotten", normal(4, 3), normal(4, 3), normal(4, 3), input=1)
@differentiable
def reparameterize_(mu, log_var, eps):
    std = np.exp(log_var / 2)
    return mu + std * eps, (lambda g: g, lambda g: 0.5 * g * eps, lambda g: g * std)


# --- convolution and pooling ------------------------------------------------------------------------------------------

IMAGES, KERNELS = normal(2, 3, 5, 6), normal(2, 3, 3, 3)


@plant("weight gradient flipped", IMAGES, KERNELS, input=1, says="flipped")
@differentiable
def conv2d(x, weight):
    dx, dw = _conv_vjps(x, weight)
    return _conv(x, weight), (dx, lambda g: np.flip(dw(g), (2, 3)))


@plant("input gradient with the kernel not turned round", IMAGES, KERNELS)
@differentiable
def conv2d_(x, weight):
    return _conv(x, weight), (_conv_vjps(x, np.flip(weight, (2, 3)))[0], _conv_vjps(x, weight)[1])


@plant("channels of the weight swapped", normal(2, 3, 4, 4), normal(3, 3, 3, 3))
@differentiable
def conv2d__(x, weight):
    return _conv(x, weight), (_conv_vjps(x, weight.swapaxes(0, 1))[0], _conv_vjps(x, weight)[1])


@plant("weight gradient with its channels swapped", normal(2, 3, 4, 4), normal(3, 3, 3, 3), input=1)
@differentiable
def conv2d_weight(x, weight):
    dx, dw = _conv_vjps(x, weight)
    return _conv(x, weight), (dx, lambda g: dw(g).swapaxes(0, 1))


@plant("stride 2: taps one off in backward", IMAGES, KERNELS)
@differentiable
def conv2d_stride(x, weight):
    dx, dw = _conv_vjps(x, weight, stride=2, padding=1)
    return _conv(x, weight, stride=2, padding=1), (lambda g: np.roll(dx(g), 1, axis=2), dw)


@plant("stride 2: what the last stride leaves over gets a gradient", normal(1, 1, 6, 6), normal(1, 1, 3, 3))
@differentiable
def conv2d_rest(x, weight):
    dx, dw = _conv_vjps(x, weight, stride=2)

    def grad_x(g):
        grad = dx(g)
        grad[:, :, -1] = grad[:, :, -2]
        return grad

    return _conv(x, weight, stride=2), (grad_x, dw)


@plant("padding cropped one off", IMAGES, KERNELS, says="shifted by one")
@differentiable
def conv2d_padding(x, weight):
    dw = _conv_vjps(x, weight, padding=1)[1]
    padded = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    dpadded = _conv_vjps(padded, weight)[0]
    return _conv(x, weight, padding=1), (lambda g: np.roll(dpadded(g)[:, :, 1:-1, 1:-1], 1, axis=3), dw)


@plant("bias gradient averaged over the places", IMAGES, KERNELS, normal(2), input=2, says="times the right one")
@differentiable
def conv2d_bias(x, weight, bias):
    y = _conv(x, weight) + bias[:, None, None]
    return y, (*_conv_vjps(x, weight), lambda g: g.mean(axis=(2, 3)).sum(axis=0))


@plant("bias gradient of the first image only", IMAGES, KERNELS, normal(2), input=2)
@differentiable
def conv2d_bias_(x, weight, bias):
    y = _conv(x, weight) + bias[:, None, None]
    return y, (*_conv_vjps(x, weight), lambda g: g[0].sum(axis=(1, 2)))


@plant("factor 1 + 1e-6 in one weight", IMAGES, KERNELS, input=1, index=(1, 0, 2, 1), says="a single element")
@differentiable
def conv2d_slip(x, weight):
    dx, dw = _conv_vjps(x, weight)
    slip = np.ones(weight.shape)
    slip[1, 0, 2, 1] += 1e-6
    return _conv(x, weight), (dx, lambda g: dw(g) * slip)


@plant("to the first place of each window, not to the largest", distinct(1, 2, 4, 6))
@differentiable
def max_pool2d(x):
    y = _windows(x).max(axis=(3, 5))

    def grad_x(g):
        grad = np.zeros_like(_windows(x))
        grad[:, :, :, 0, :, 0] = g
        return grad.reshape(x.shape)

    return y, (grad_x,)


@plant("divided by 2, not by 4", normal(1, 3, 4, 6), says="it is 2")
@differentiable
def avg_pool2d(x):
    return _windows(x).mean(axis=(3, 5)), (lambda g: _repeat(g) / 2,)


@plant("one of four copies", normal(1, 2, 2, 3))
@differentiable
def upsample_nearest2d(x):
    return _repeat(x), (lambda g: g[:, :, ::2, ::2],)


# --- state, contract, precision ---------------------------------------------------------------------------------------

_buffer = np.zeros((2, 3))


@plant(
    "a buffer that the next call overwrites", normal(2, 3), input=None, says="reads a buffer that the call overwrote"
)
@differentiable
def exp_buffered(x):
    np.exp(x, out=_buffer)
    return _buffer.copy(), (lambda g: g * _buffer,)


@plant("the gradient is a buffer that the next backward overwrites", normal(2, 3), input=None, says="returns a buffer")
@differentiable
def exp_workspace(x):
    y = np.exp(x)
    return y, (lambda g: np.multiply(g, y, out=_buffer),)


@plant("a vjp writes into g", normal(2, 3), input=None, says="writes into g")
@differentiable
def exp_in_place(x):
    y = np.exp(x)
    return y, (lambda g: np.multiply(g, y, out=g),)


@plant("a vjp changes its input", normal(2, 3), input=None, says="backward changes its inputs")
@differentiable
def square_in_place(x):
    return x * x, (lambda g: np.multiply(x, 2 * g, out=x).copy(),)


@plant("a vjp changes the value", normal(2, 3), input=None, says="backward changes the value")
@differentiable
def exp_used_up(x):
    y = np.exp(x)
    return y, (lambda g: np.multiply(y, g, out=y).copy(),)


_noise = np.random.default_rng(0)


@plant("other values at each call", normal(2, 3), input=None, says="two values for the same inputs")
@differentiable
def dropout(x):
    keep = _noise.random(x.shape) < 0.5
    return x * keep, (lambda g: g * keep,)


@plant("other gradients at each call", normal(2, 3), input=None, says="not linear in the cotangent")
@differentiable
def exp_noisy(x):
    y = np.exp(x)
    return y, (lambda g: g * y * (1 + 1e-9 * _noise.standard_normal()),)


@plant("not linear in g", normal(2, 3), says="not linear in the cotangent")
@differentiable
def square_of_g(x):
    return 0.5 * x * x, (lambda g: g * g * x,)


@plant("a gradient for a zero cotangent", normal(2, 3), says="zero cotangent")
@differentiable
def exp_offset(x):
    y = np.exp(x)
    return y, (lambda g: g * y + 1e-7,)


@plant("right only for a cotangent of ones", normal(2, 3))
@differentiable
def exp_ones(x):
    y = np.exp(x)
    return y, (lambda g: g.mean() * y,)


@plant("zero", normal(2, 3), says="the vjp returns zeros")
@differentiable
def forgotten(x):
    return np.exp(x), (lambda g: np.zeros(x.shape),)


@plant("NaN", normal(2, 3), index=(0, 0), says="it is not finite")
@differentiable
def undefined(x):
    def grad_x(g):
        grad = g * np.exp(x)
        grad[0, 0] = np.nan
        return grad

    return np.exp(x), (grad_x,)


@plant("float32 inside backward", normal(2, 3), says="right to seven digits")
@differentiable
def exp_rounded(x):
    y = np.exp(x)
    return y, (lambda g: g * y.astype(np.float32),)


@plant("float32 inside forward", normal(2, 3), verdict="inconclusive")
@differentiable
def exp_rounded_(x):
    return np.exp(x.astype(np.float32)).astype(np.float64), (lambda g: g * np.exp(x),)


@plant("float32 in, float64 out", lambda rng: rng.standard_normal(3).astype(np.float32), input=None, says="is float64")
@differentiable
def exp_widened(x):
    y = np.exp(x.astype(np.float64))
    return y, (lambda g: g * y,)


@plant("factor 1 + 1e-6 in one of 1000 elements", normal(1000), index=(637,))
@differentiable
def exp_large(x):
    y = np.exp(x)
    slip = np.ones(x.shape)
    slip[637] += 1e-6
    return y.sum(), (lambda g: g * y * slip,)


@plant("an offset of 1e9 hides the sign", normal(2, 3), says="the sign is wrong")
@differentiable
def offset(x):
    return 1e9 + x, (lambda g: -g,)


# --- right pieces that wrong ops are made of --------------------------------------------------------------------------


def _conv(x, weight, stride=1, padding=0):
    """y[n, o, p, q] = Σ x[n, c, stride p + i, stride q + j] weight[o, c, i, j] over c, i, j, with x zero-padded."""
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    height, width = ((size - k) // stride + 1 for size, k in zip(x.shape[2:], weight.shape[2:], strict=True))
    return sum(
        np.einsum("nchw,oc->nohw", _tap(x, i, j, stride, height, width), weight[:, :, i, j])
        for i, j in np.ndindex(weight.shape[2:])
    )


def _conv_vjps(x, weight, stride=1, padding=0):
    """The right vjps of _conv, tap by tap."""
    padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))

    def grad_x(g):
        grad = np.zeros_like(padded)
        for i, j in np.ndindex(weight.shape[2:]):
            _tap(grad, i, j, stride, *g.shape[2:])[...] += np.einsum("nohw,oc->nchw", g, weight[:, :, i, j])
        return grad[:, :, padding : padding + x.shape[2], padding : padding + x.shape[3]]

    def grad_weight(g):
        grad = np.zeros_like(weight)
        for i, j in np.ndindex(weight.shape[2:]):
            grad[:, :, i, j] = np.einsum("nohw,nchw->oc", g, _tap(padded, i, j, stride, *g.shape[2:]))
        return grad

    return grad_x, grad_weight


def _tap(x, i, j, stride, height, width):
    """The pixels that element (i, j) of the kernel meets: a view."""
    return x[:, :, i : i + stride * height : stride, j : j + stride * width : stride]


def _windows(x):
    """(N, C, H, W) as (N, C, H/2, 2, W/2, 2)."""
    return x.reshape(*x.shape[:2], x.shape[2] // 2, 2, x.shape[3] // 2, 2)


def _repeat(x):
    return x.repeat(2, axis=2).repeat(2, axis=3)


def _erf(x):
    """2/√π Σ (-1)^n x^(2n+1) / (n! (2n+1))."""
    term, total = x, x
    for n in range(1, 60):
        term = -term * x * x / n
        total = total + term / (2 * n + 1)
    return total * 2 / np.sqrt(np.pi)
