"""Right but nasty: functions whose gradients are right, at points where a checker is easily misled. None may fail.

Each entry has a kind, a name, a function of Tensors and its inputs.
"""

from dataclasses import dataclass

import numpy as np

import minae.functional as F
from minae import Tensor, differentiable
from minae.tensors import max_

NASTY = []


@dataclass(frozen=True)
class Nasty:
    kind: str
    name: str
    f: object
    inputs: list

    def __str__(self):
        return f"{self.kind}: {self.name}"


def add(kind, name, f, *inputs):
    NASTY.append(Nasty(kind, name, f, [np.asarray(x) for x in inputs]))


def normal(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape)


def op(f, derivative):
    """An elementwise op, from a function of arrays and its derivative."""
    return differentiable(lambda x: (f(x), (lambda g: g * derivative(x),)))


def softmax(x):
    return F.log_softmax(x).exp()


# --- saturated --------------------------------------------------------------------------------------------------------

KIND = "saturated"
for logits in ([0, 10.0], [0, 30.0], [0, 50.0], [0, 700.0], [-40.0, 0, 40], [0, 36.0, 37.0]):
    add(KIND, f"softmax at {logits}", softmax, np.array(logits, dtype=float))
    add(KIND, f"log_softmax at {logits}", F.log_softmax, np.array(logits, dtype=float))
    add(KIND, f"1 - softmax at {logits}", lambda x: 1 - softmax(x), np.array(logits, dtype=float))
for size in (3, 10, 50, 300):
    add(KIND, f"softmax of rows, size {size}", softmax, size * normal(3, 5))
    add(KIND, f"cross entropy, size {size}", lambda x: F.cross_entropy(x, np.array([0, 2, 1])), size * normal(3, 5))
add(KIND, "softmax of 300 logits", softmax, 50 * normal(300))
for name, f in (("sigmoid", F.sigmoid), ("tanh", Tensor.tanh), ("softplus", F.softplus)):
    for at in (8.0, 20.0, 37.0, 300.0):
        add(KIND, f"{name} at ±{at:g}", f, np.array([at, -at, 0.5]))
add(KIND, "tanh of 300", Tensor.tanh, 20 * normal(300))
add(KIND, "1 + e^-x", lambda x: (-x).exp() + 1, np.array([1.0, 30.0, 36.5, 40.0]))
add(KIND, "a bell far out", lambda x: 1 + (-x * x).exp(), np.array([0.5, 6.0, 8.0, 40.0]))

# --- narrow features --------------------------------------------------------------------------------------------------

KIND = "narrow"


def bump(width):
    return lambda x: (((x - 1) * (1 / width)) ** 2 * -1).exp()


for width in (1e-2, 1e-4, 1e-6, 1e-8, 1e-10, 1e-12):
    add(KIND, f"a bump of width {width:g}", bump(width), np.array([1 + 0.3 * width]))
    add(KIND, f"its top, of width {width:g}", bump(width), np.array([1.0]))
    add(KIND, f"on a slope, of width {width:g}", lambda x, w=width: bump(w)(x) + 3 * x, np.array([1 - 0.7 * width, 2]))
for turns in (1e2, 1e4, 1e6, 1e8):
    wave = op(lambda x, k=turns: np.sin(k * x), lambda x, k=turns: k * np.cos(k * x))
    add(KIND, f"a wave of {turns:g} turns", wave, np.array([0.3, 1.7]))
for steep in (1e3, 1e6, 1e9):
    add(
        KIND,
        f"a sigmoid {steep:g} times as steep",
        lambda x, k=steep: F.sigmoid((x - 1) * k),
        np.array([1 + 0.5 / steep]),
    )
    add(
        KIND,
        f"a softplus {steep:g} times as steep",
        lambda x, k=steep: F.softplus((x - 1) * k),
        np.array([1 - 0.5 / steep]),
    )

# --- a kink near by ---------------------------------------------------------------------------------------------------

KIND = "near a kink"
for distance in 10.0 ** -np.arange(1, 16):
    add(KIND, f"relu, {distance:g} above", lambda x: F.relu(x - 1), np.array([1 + distance]))
    add(KIND, f"relu, {distance:g} below", lambda x: F.relu(x - 1), np.array([1 - distance, 3.0]))
for distance in (1e-4, 1e-8, 1e-12):
    add(KIND, f"max, {distance:g} apart", max_, np.array([1, 1 + distance, 0.5]))
    add(KIND, f"pooling, {distance:g} apart", lambda x: F.max_pool2d(x, 2), np.array([[[[1, 1 + distance], [0, -1]]]]))
    add(KIND, f"leaky relu, {distance:g} off", lambda x: F.leaky_relu(x + 3), np.array([-3 + distance, -3 - distance]))
    step = op(lambda x: np.where(x > 1, x * x, 0.0), lambda x: np.where(x > 1, 2 * x, 0.0))
    add(KIND, f"a jump {distance:g} away", step, np.array([1 + distance]))

# --- large, small, and both -------------------------------------------------------------------------------------------

KIND = "of all sizes"


@differentiable
def sin_and_cos(x):
    return np.stack([1e14 * np.sin(x), np.cos(x)]), (lambda g: g[0] * 1e14 * np.cos(x) - g[1] * np.sin(x),)


square = op(lambda x: x * x, lambda x: 2 * x)
inverse = op(lambda x: 1 / x, lambda x: -1 / x**2)
mixed = 10.0 ** np.random.default_rng(0).uniform(-8, 8, 400)
add(KIND, "squares beside 1e10", square, np.r_[1e10, normal(20)])
add(KIND, "squares beside 1e10, 500", square, np.r_[1e10, normal(499)])
add(KIND, "the sum of squares beside 1e8", lambda x: (x * x).sum(), np.r_[1e8, normal(20)])
add(KIND, "the sum of squares beside 1e8, 500", lambda x: (x * x).sum(), np.r_[1e8, normal(499)])
add(KIND, "squares from 1e-8 to 1e8", square, mixed)
add(KIND, "inverses from 1e-8 to 1e8", inverse, mixed)
add(KIND, "logarithms from 1e-8 to 1e8", lambda x: x.log(), mixed)
add(KIND, "a sum from 1e-8 to 1e8", lambda x: x.sum(), mixed)
add(KIND, "exp from -700 to 700", lambda x: x.exp(), np.array([-700, -40, 0, 40, 700.0]))
add(KIND, "the root of 1e-300 and 1e300", lambda x: x.sqrt(), np.array([1e-300, 1.0, 1e300]))
add(KIND, "1e-200 sin", op(lambda x: 1e-200 * np.sin(x), lambda x: 1e-200 * np.cos(x)), normal(3))
add(KIND, "1e200 sin", op(lambda x: 1e200 * np.sin(x), lambda x: 1e200 * np.cos(x)), normal(3))
add(KIND, "x to the 50th", lambda x: x**50, np.array([0.9, 1.1, -1.3, 2.0]))
add(KIND, "a product with 1e12", lambda x, w: x * w, np.r_[1e12, normal(20)], normal(21, seed=1))
add(KIND, "matmul with 1e9", lambda x, w: x @ w, np.diag([1e9, 1.0, 1e-9]) @ normal(3, 4), normal(4, 2, seed=1))
add(
    KIND,
    "1e14 sin beside cos",
    differentiable(
        lambda x: (np.stack([1e14 * np.sin(x), np.cos(x)]), (lambda g: g[0] * 1e14 * np.cos(x) - g[1] * np.sin(x),))
    ),
    normal(4),
)
add(KIND, "under 1e9", lambda x: x.exp() + 1e9, normal(3))
add(KIND, "in and out of 1e12", lambda x: (x.exp() + 1e12) - 1e12, normal(3))
add(KIND, "in and out of 1e16", lambda x: (x.exp() + 1e16) - 1e16, np.array([3.0, 10.0]))

# --- nothing, or next to nothing --------------------------------------------------------------------------------------

KIND = "next to nothing"


def normalise(x):
    centred = x - x.mean(axis=0)
    return centred / (centred * centred).mean(axis=0).sqrt()


add(KIND, "two samples normalised", normalise, normal(2, 3))
add(KIND, "two small samples normalised", normalise, 1e-6 * normal(2, 3))
add(KIND, "far samples normalised", normalise, 1e4 + normal(5, 3))
add(KIND, "a constant", lambda x: x**0, normal(3))
add(KIND, "softmax of one class", softmax, normal(3, 1))
add(KIND, "the sum of a softmax", lambda x: softmax(x).sum(axis=1), normal(3, 4))
add(KIND, "x - x", lambda x: x - x, normal(3))
add(KIND, "x / x", lambda x: x / x, normal(3))
add(KIND, "dead relus", lambda x: F.relu(x), np.array([-1e6, -1e-6, -3, 2]))
add(KIND, "300 dead relus", lambda x: F.relu(x), -np.abs(normal(300)) - 0.1)
add(KIND, "an input without influence", lambda a, b: a * a, normal(3), normal(3, seed=1))
add(KIND, "x |x| at 0", op(lambda x: x * np.abs(x), lambda x: 2 * np.abs(x)), np.array([0.0, 1.0]))
add(
    KIND,
    "|x|^1.5 at 0",
    op(lambda x: np.abs(x) ** 1.5, lambda x: 1.5 * np.sign(x) * np.abs(x) ** 0.5),
    np.array([0.0, 1.0]),
)
add(KIND, "x³ at 0", lambda x: x**3, np.array([0.0, 1e-9, -2.0]))
add(KIND, "cos at 0", op(np.cos, lambda x: -np.sin(x)), np.array([0.0, 1e-8, 1.0]))
add(KIND, "a floor between two steps", op(np.floor, lambda x: 0 * x), np.array([0.5, 2.3]))
add(KIND, "a KL near its minimum", F.gaussian_kl, 1e-9 * normal(2, 3), 1e-9 * normal(2, 3, seed=1))
add(
    KIND,
    "a wave that fits the steps",
    op(lambda x: np.sin(16 * np.pi * x), lambda x: 16 * np.pi * np.cos(16 * np.pi * x)),
    np.array([0.25, 0.3]),
)

# --- state that is right ----------------------------------------------------------------------------------------------

KIND = "with state or layout"
_known = {}


@differentiable
def remembered(x):
    """Computes each value once, and keeps it by what x holds."""
    y = _known.setdefault(x.tobytes(), np.exp(x))
    return y.copy(), (lambda g: g * y,)


@differentiable
def lazily(a, b):
    """Both vjps share a product, which the first of them to run computes."""
    kept = []

    def product(g):
        if not kept or kept[0] is not g:
            kept[:] = [g, g * a * a * b * b]
        return kept[1]

    return 0.5 * (a * b) ** 2, (lambda g: product(g) / a, lambda g: product(g) / b)


@differentiable
def by_columns(x):
    """In column-major order, from end to end."""
    y = np.exp(np.asfortranarray(x))
    return y, (lambda g: np.asfortranarray(g) * y,)


@differentiable
def on_a_copy(x):
    def grad_x(g):
        g = g.copy()
        g *= np.cos(x)
        return g

    return np.sin(x), (grad_x,)


@differentiable
def raveled(x):
    return np.sin(x).ravel(), (lambda g: g.reshape(x.shape) * np.cos(x),)


for f in (remembered, by_columns, on_a_copy, raveled):
    add(KIND, f.__name__, f, normal(3, 4))
add(KIND, "lazily", lazily, normal(3), normal(3, seed=1))
add(KIND, "a broadcast mean", lambda x: (x - x.mean(axis=0)).sum(axis=1), normal(4, 3))
add(KIND, "turned round", lambda x: x.T[::-1].reshape(-1), normal(3, 4))

# --- float32 ----------------------------------------------------------------------------------------------------------

KIND = "float32"


def narrow(x):
    return np.asarray(x, dtype=np.float32)


add(KIND, "saturated tanh", lambda x: x.tanh(), narrow([0.5, 5.0, 8.0, 10.0]))
add(KIND, "saturated sigmoid", F.sigmoid, narrow([-100, -20, 15.0, 90]))
add(KIND, "saturated softmax", softmax, narrow(20 * normal(3, 5)))
add(KIND, "log_softmax", F.log_softmax, narrow(30 * normal(3, 5)))
add(KIND, "exp that overflows", lambda x: x.exp(), narrow([1.0, 50, 89.5]))
add(KIND, "exp that underflows", lambda x: x.exp(), narrow([1.0, -50, -95, -110]))
add(KIND, "squares of all sizes", square, narrow([1e6, 1.0, 1e-6, 1e-18]))
add(KIND, "in and out of 1e6", lambda x: (x.exp() + 1e6) - 1e6, narrow(normal(4)))
add(KIND, "its square", lambda x: ((x.exp() + 1e5) - 1e5) ** 2, narrow(normal(4)))
add(KIND, "far samples normalised", normalise, narrow(100 + normal(6, 2)))
add(KIND, "a long sum", lambda x: (x * x).sum(), narrow(normal(5000)))
add(KIND, "a convolution", F.conv2d, narrow(normal(2, 3, 5, 5)), narrow(normal(2, 3, 3, 3)), narrow(normal(2)))
add(KIND, "sin of large numbers", op(np.sin, np.cos), narrow([1e3, 1e5, 3.0]))
add(KIND, "a KL near its minimum", F.gaussian_kl, narrow(1e-4 * normal(2, 3)), narrow(1e-4 * normal(2, 3, seed=1)))
add(KIND, "300 of all sizes", lambda x: x.tanh(), narrow(10.0 ** np.random.default_rng(1).uniform(-4, 1.2, 300)))
