"""Every differentiable op, with inputs to try it on.

This is the table behind `minae gradcheck` and the tests of the engine. The inputs are
float64, lie away from kinks, and are sized so that gradients are of order 1. Where
possible the axes have different primes as sizes: two equal sizes could hide a mix-up.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from ..backend import Array, Generator, xp_of
from ..convolution import (
    avg_pool2d,
    conv2d,
    conv_transpose2d,
    max_pool2d,
    upsample_nearest2d,
)
from ..functional import (
    batch_norm,
    binary_cross_entropy_with_logits,
    cross_entropy,
    dropout,
    embedding,
    gaussian_kl,
    gelu,
    group_norm,
    kl_divergence,
    layer_norm,
    leaky_relu,
    linear,
    log_softmax,
    mse_loss,
    pad,
    relu,
    reparameterize,
    sigmoid,
    silu,
    softmax,
    softplus,
)
from ..tensors import (
    Tensor,
    _cat,
    _stack,
    abs_,
    add,
    broadcast_to,
    clip,
    cos,
    cumsum,
    div,
    exp,
    flatten,
    getitem,
    log,
    matmul,
    max_,
    maximum,
    mean,
    min_,
    minimum,
    mul,
    neg,
    pow_,
    prod,
    reshape,
    sin,
    sqrt,
    squeeze,
    std,
    sub,
    sum_,
    swapaxes,
    tanh,
    transpose,
    unsqueeze,
    var,
    where,
)

Sampler = Callable[[Generator], np.ndarray]


@dataclass(frozen=True)
class Case:
    """One op, with a way to draw its inputs and a way to call it.

    `about` says what is special about this case. Without `call`, the op is called as it
    is. All inputs are differentiable; labels, noise and indices are constants inside
    `call`.
    """

    op: Callable[..., Tensor]
    about: str
    samplers: tuple[Sampler, ...]
    call: Callable[..., Tensor] | None = None

    @property
    def name(self) -> str:
        return f"{self.op.__name__.strip('_')}: {self.about}"

    @property
    def f(self) -> Callable[..., Tensor]:
        """The function of Tensors to check."""
        return self.call or self.op

    def make_inputs(self, rng: Generator) -> tuple[np.ndarray, ...]:
        """Draw float64 arrays for `f`: the same ones for the same state of `rng`."""
        return tuple(np.asarray(sampler(rng)) for sampler in self.samplers)


# --- inputs ---------------------------------------------------------------------------


def normal(*shape: int) -> Sampler:
    return lambda rng: rng.standard_normal(shape)


def uniform(low: float, high: float, *shape: int) -> Sampler:
    return lambda rng: rng.uniform(low, high, shape)


def positive(*shape: int) -> Sampler:
    return uniform(0.5, 2.0, *shape)


def probability(*shape: int) -> Sampler:
    return uniform(0.05, 0.95, *shape)


def nonzero(*shape: int) -> Sampler:
    """Numbers of both signs, at least 0.5 away from 0."""
    return lambda rng: rng.choice([-1.0, 1.0], shape) * rng.uniform(0.5, 2.0, shape)


def whole(*shape: int) -> Sampler:
    return lambda rng: rng.integers(-3, 4, shape).astype(float)


def half(*shape: int) -> Sampler:
    """Numbers that are 0.5 away from all whole numbers."""
    return lambda rng: rng.integers(-3, 4, shape) + 0.5


def distinct(*shape: int) -> Sampler:
    """Numbers at least 0.5 apart, so that a small step changes no maximum."""
    return lambda rng: 0.5 * rng.permutation(int(np.prod(shape))).reshape(shape)


# --- constants: on the device and in the dtype of the input ---------------------------


def cross_entropy_of(labels: list[int], reduction: str) -> Callable[[Tensor], Tensor]:
    return lambda x: cross_entropy(
        x, xp_of(x.data).asarray(np.array(labels, dtype=np.int64)), reduction
    )


def reparameterize_with_noise(mu: Tensor, log_var: Tensor) -> Tensor:
    noise = np.random.default_rng(0).standard_normal(mu.shape)
    return reparameterize(
        mu, log_var, eps=xp_of(mu.data).asarray(noise.astype(mu.dtype))
    )


def dropout_with_noise(x: Tensor, p: float = 0.4, training: bool = True) -> Tensor:
    noise = np.random.default_rng(0).random(x.shape)
    return dropout(x, p, training, noise=xp_of(x.data).asarray(noise.astype(x.dtype)))


def batch_norm_trained(x: Tensor, *affine: Tensor) -> Tensor:
    return batch_norm(x, None, None, *affine, training=True, eps=0.1)


def batch_norm_used(x: Tensor, *affine: Tensor) -> Tensor:
    mean, var = np.linspace([-1.0, 0.5], [1.0, 2.0], x.shape[1], axis=1)
    xp = xp_of(x.data)
    running = [xp.asarray(array.astype(x.dtype)) for array in (mean, var)]
    return batch_norm(x, *running, *affine)


def layer_norm_of(*shape: int) -> Callable[..., Tensor]:
    return lambda x, *affine: layer_norm(x, shape, *affine, eps=0.1)


def group_norm_of(groups: int) -> Callable[..., Tensor]:
    return lambda x, *affine: group_norm(x, groups, *affine, eps=0.1)


def all_but(x: Tensor, *places: int) -> Array:
    """Ones in the shape of x, but for zeros at these places, counted in order."""
    ones = np.ones(x.shape, x.dtype)
    ones.flat[list(places)] = 0
    return xp_of(x.data).asarray(ones)


def embedding_of(rows: list | int) -> Callable[[Tensor], Tensor]:
    return lambda weight: embedding(
        xp_of(weight.data).asarray(np.array(rows, dtype=np.int64)), weight
    )


def where_checkered(a: Tensor | float, b: Tensor | float) -> Tensor:
    """Every second number from a, the others from b."""
    tensors = [x for x in (a, b) if isinstance(x, Tensor)]
    shape = np.broadcast_shapes(*[x.shape for x in tensors])
    every_second = np.arange(np.prod(shape, dtype=int)).reshape(shape) % 2 == 0
    return where(xp_of(tensors[0].data).asarray(every_second), a, b)


def index_array(index: list, like: Array) -> Array:
    return xp_of(like).asarray(np.array(index))


# --- the ops of tensors.py ------------------------------------------------------------

ARITHMETIC = [
    Case(add, "one shape", (normal(2, 3), normal(2, 3))),
    Case(add, "rank raised", (normal(3), normal(5, 2, 3))),
    Case(add, "axes of size 1 on both sides", (normal(2, 1, 5), normal(1, 3, 5))),
    Case(add, "0-d and 2-D", (normal(), normal(2, 3))),
    Case(add, "0-d", (normal(), normal())),
    Case(add, "empty", (normal(0, 3), normal(3))),
    Case(add, "size 1 against empty", (normal(1, 3), normal(0, 3))),
    Case(add, "a number", (normal(2, 3),), lambda x: 1.5 + x),
    Case(sub, "one shape", (normal(2, 3), normal(2, 3))),
    Case(sub, "rank raised", (normal(5, 2, 3), normal(2, 1))),
    Case(sub, "0-d", (normal(), normal())),
    Case(sub, "from a number", (normal(2, 3),), lambda x: 1.5 - x),
    Case(mul, "one shape", (normal(2, 3), normal(2, 3))),
    Case(mul, "rank raised", (normal(5, 1, 3), normal(2, 1))),
    Case(mul, "0-d and 2-D", (normal(2, 3), normal())),
    Case(mul, "0-d", (normal(), normal())),
    Case(mul, "empty", (normal(2, 0), normal(2, 1))),
    Case(mul, "by a number", (normal(2, 3),), lambda x: x * -2.5),
    Case(div, "one shape", (normal(2, 3), nonzero(2, 3))),
    Case(div, "rank raised", (normal(3), nonzero(5, 2, 1))),
    Case(div, "0-d", (normal(), nonzero())),
    Case(div, "empty", (normal(0), nonzero(0))),
    Case(div, "of a number", (nonzero(2, 3),), lambda x: 2.5 / x),
    Case(pow_, "both differentiable", (positive(2, 3), normal(2, 3))),
    Case(pow_, "rank raised", (positive(3), normal(5, 2, 1))),
    Case(pow_, "0-d", (positive(), normal())),
    Case(pow_, "empty", (positive(3, 0), normal())),
    Case(pow_, "exponent 0", (nonzero(2, 3),), lambda x: x**0),
    Case(pow_, "exponent 1", (normal(2, 3),), lambda x: x**1),
    Case(pow_, "exponent 2", (normal(2, 3),), lambda x: x**2),
    Case(pow_, "exponent 3", (normal(2, 3),), lambda x: x**3),
    Case(pow_, "exponent -1.5", (positive(2, 3),), lambda x: x**-1.5),
    Case(pow_, "of a number", (normal(2, 3),), lambda x: 1.5**x),
    Case(neg, "2-D", (normal(2, 3),)),
    Case(neg, "0-d", (normal(),)),
    Case(neg, "empty", (normal(0, 2),)),
]

ELEMENTWISE = [
    Case(op, about, (sampler(*shape),))
    for op, sampler in [
        (exp, normal),
        (log, positive),
        (sqrt, positive),
        (sin, normal),
        (cos, normal),
        (tanh, normal),
        (abs_, nonzero),
    ]
    for about, shape in [("2-D", (2, 3)), ("0-d", ()), ("empty", (3, 0))]
]

PIECEWISE = [
    Case(op, about, (whole(*a), half(*b)))
    for op in (maximum, minimum)
    for about, a, b in [
        ("one shape", (2, 3), (2, 3)),
        ("rank raised", (3,), (5, 2, 1)),
        ("0-d", (), ()),
        ("empty", (0, 3), (3,)),
    ]
] + [
    Case(maximum, "with a number", (nonzero(2, 3),), lambda x: maximum(x, 0.0)),
    Case(minimum, "of a number", (nonzero(2, 3),), lambda x: minimum(0.25, x)),
    Case(clip, "both bounds", (whole(5, 3),), partial(clip, min=-1.5, max=0.5)),
    Case(clip, "from below", (nonzero(2, 3),), partial(clip, min=0)),
    Case(clip, "from above", (nonzero(2, 3),), partial(clip, max=0.25)),
    Case(clip, "0-d", (nonzero(),), partial(clip, min=-0.25, max=7)),
    Case(clip, "empty", (nonzero(0, 2),), partial(clip, min=0)),
    Case(where, "one shape", (normal(2, 3), normal(2, 3)), where_checkered),
    Case(where, "rank raised", (normal(3), normal(5, 2, 1)), where_checkered),
    Case(where, "0-d and 2-D", (normal(), normal(2, 3)), where_checkered),
    Case(where, "0-d", (normal(), normal()), where_checkered),
    Case(where, "empty", (normal(0, 3), normal(3)), where_checkered),
    Case(where, "or a number", (normal(2, 3),), lambda x: where_checkered(x, 0.5)),
    Case(where, "a number, or", (normal(2, 3),), lambda x: where_checkered(0.5, x)),
]

MATMUL = [
    Case(matmul, "2-D by 2-D", (normal(2, 3), normal(3, 5))),
    Case(matmul, "1-D by 1-D", (normal(3), normal(3))),
    Case(matmul, "1-D by 2-D", (normal(3), normal(3, 5))),
    Case(matmul, "2-D by 1-D", (normal(2, 3), normal(3))),
    Case(matmul, "one batch", (normal(7, 2, 3), normal(7, 3, 5))),
    Case(matmul, "a batch by 2-D", (normal(7, 2, 3), normal(3, 5))),
    Case(matmul, "2-D by a batch", (normal(2, 3), normal(7, 3, 5))),
    Case(matmul, "1-D by a batch", (normal(3), normal(7, 3, 5))),
    Case(matmul, "a batch by 1-D", (normal(7, 2, 3), normal(3))),
    Case(matmul, "broadcast batches", (normal(7, 1, 2, 3), normal(5, 3, 2))),
    Case(matmul, "inner size 1", (normal(2, 1), normal(1, 3))),
    Case(matmul, "no rows", (normal(0, 3), normal(3, 5))),
    Case(matmul, "inner size 0", (normal(2, 0), normal(0, 3))),
]

REDUCED: list[tuple[str, tuple[int, ...], dict]] = [
    ("everything", (2, 3), {}),
    ("everything, kept", (2, 3), {"keepdims": True}),
    ("axis 0", (2, 3, 5), {"axis": 0}),
    ("axis -1", (2, 3, 5), {"axis": -1}),
    ("axis -2, kept", (2, 3, 5), {"axis": -2, "keepdims": True}),
    ("axes (2, 0)", (2, 3, 5), {"axis": (2, 0)}),
    ("axes (0, -1), kept", (2, 3, 5), {"axis": (0, -1), "keepdims": True}),
    ("no axis", (2, 3), {"axis": ()}),
    ("axis of size 1", (3, 1), {"axis": 1}),
    ("0-d", (), {}),
    ("beside an empty axis", (0, 3), {"axis": 1}),
]

VARIED: list[tuple[str, tuple[int, ...], dict]] = [
    ("everything", (2, 3), {}),
    ("everything, kept", (2, 3), {"keepdims": True}),
    ("axis 0", (2, 3, 5), {"axis": 0}),
    ("axis -1, without correction", (2, 3, 5), {"axis": -1, "correction": 0}),
    ("axes (2, 0), kept", (2, 3, 5), {"axis": (2, 0), "keepdims": True}),
    ("beside an axis of size 1", (3, 1), {"axis": (0, 1), "correction": 2}),
    ("beside an empty axis", (0, 3), {"axis": 1}),
]

REDUCTIONS = [
    Case(op, about, (sampler(*shape),), partial(op, **options))
    for op, sampler in [
        (sum_, normal),
        (mean, normal),
        (prod, positive),
        (max_, distinct),
        (min_, distinct),
    ]
    for about, shape, options in REDUCED
]
REDUCTIONS += [
    Case(op, about, (sampler(*shape),), partial(op, **options))
    for op, sampler in [(var, normal), (std, distinct)]
    for about, shape, options in VARIED
]
REDUCTIONS += [
    Case(sum_, "empty", (normal(0, 3),)),
    Case(sum_, "the empty axis", (normal(0, 3),), partial(sum_, axis=0)),
    Case(prod, "empty", (normal(0, 3),)),
    Case(prod, "the empty axis", (normal(0, 3),), partial(prod, axis=0)),
    Case(prod, "a zero", (normal(5),), lambda x: prod(x * all_but(x, 2))),
    Case(
        prod,
        "zeros in two rows, two in one",
        (normal(3, 5),),
        lambda x: prod(x * all_but(x, 1, 7, 8), axis=1),
    ),
    Case(cumsum, "axis 0", (normal(5, 3),), partial(cumsum, axis=0)),
    Case(cumsum, "axis -2", (normal(2, 3, 5),), partial(cumsum, axis=-2)),
    Case(cumsum, "one number", (normal(2, 1),), partial(cumsum, axis=1)),
    Case(cumsum, "empty", (normal(0, 3),), partial(cumsum, axis=0)),
]

SHAPES = [
    Case(reshape, "2-D to 3-D", (normal(6, 5),), lambda x: x.reshape(2, 5, 3)),
    Case(reshape, "-1", (normal(2, 3, 5),), lambda x: x.reshape((5, -1))),
    Case(reshape, "0-d to 1-D", (normal(),), lambda x: x.reshape(1)),
    Case(reshape, "1 element to 0-d", (normal(1, 1),), lambda x: x.reshape(())),
    Case(reshape, "empty", (normal(0, 3),), lambda x: x.reshape(5, 0)),
    Case(flatten, "all axes", (normal(2, 3, 5),)),
    Case(flatten, "from axis 1", (normal(2, 3, 5),), lambda x: x.flatten(1)),
    Case(flatten, "from axis -2", (normal(2, 3, 5),), lambda x: x.flatten(-2)),
    Case(flatten, "0-d", (normal(),)),
    Case(flatten, "empty", (normal(0, 3, 5),), lambda x: x.flatten(1)),
    Case(transpose, "reversed", (normal(2, 3, 5),)),
    Case(transpose, "a cycle", (normal(2, 3, 5),), lambda x: x.transpose(1, 2, 0)),
    Case(
        transpose,
        "negative axes",
        (normal(2, 3, 5),),
        lambda x: x.transpose((-1, 0, -2)),
    ),
    Case(transpose, "1-D", (normal(3),), lambda x: x.transpose(0)),
    Case(transpose, "0-d", (normal(),)),
    Case(transpose, "empty", (normal(0, 3),)),
]

SHAPES += [
    Case(squeeze, "every axis of size 1", (normal(1, 3, 1, 2),)),
    Case(squeeze, "one axis", (normal(1, 3, 1),), lambda x: x.squeeze(-1)),
    Case(squeeze, "two axes", (normal(1, 3, 1, 1),), lambda x: x.squeeze((0, -2))),
    Case(squeeze, "to 0-d", (normal(1, 1),)),
    Case(squeeze, "0-d", (normal(),)),
    Case(squeeze, "empty", (normal(0, 1),)),
    Case(unsqueeze, "in front", (normal(2, 3),), lambda x: x.unsqueeze(0)),
    Case(unsqueeze, "inside", (normal(2, 3),), lambda x: x.unsqueeze(-2)),
    Case(unsqueeze, "behind", (normal(2, 3),), lambda x: x.unsqueeze(-1)),
    Case(unsqueeze, "0-d", (normal(),), lambda x: x.unsqueeze(0)),
    Case(unsqueeze, "empty", (normal(0, 3),), lambda x: x.unsqueeze(1)),
]

SHAPES += [
    Case(swapaxes, "first and last", (normal(2, 3, 5),), lambda x: x.swapaxes(0, -1)),
    Case(swapaxes, "an axis and itself", (normal(2, 3),), lambda x: x.swapaxes(1, 1)),
    Case(swapaxes, "empty", (normal(0, 3),), lambda x: x.swapaxes(0, 1)),
    Case(
        broadcast_to, "rank raised", (normal(3),), lambda x: x.broadcast_to((5, 2, 3))
    ),
    Case(
        broadcast_to, "size 1", (normal(2, 1, 3),), lambda x: x.broadcast_to((2, 5, 3))
    ),
    Case(broadcast_to, "0-d", (normal(),), lambda x: x.broadcast_to((2, 3))),
    Case(broadcast_to, "its shape", (normal(2, 3),), lambda x: x.broadcast_to((2, 3))),
    Case(broadcast_to, "to empty", (normal(1, 3),), lambda x: x.broadcast_to((0, 3))),
]

JOINING = [
    Case(_cat, "axis 0", (normal(2, 3), normal(5, 3))),
    Case(_cat, "axis -1", (normal(2, 3, 1), normal(2, 3, 5)), partial(_cat, axis=-1)),
    Case(
        _cat, "three", (normal(2, 3), normal(2, 1), normal(2, 2)), partial(_cat, axis=1)
    ),
    Case(_cat, "one", (normal(2, 3),)),
    Case(_cat, "an empty one", (normal(2, 3), normal(0, 3))),
    Case(_cat, "all empty", (normal(2, 0), normal(3, 0))),
    Case(_stack, "axis 0", (normal(2, 3), normal(2, 3))),
    Case(_stack, "axis 1", (normal(2, 3), normal(2, 3)), partial(_stack, axis=1)),
    Case(_stack, "axis -1", (normal(2, 3), normal(2, 3)), partial(_stack, axis=-1)),
    Case(_stack, "three", (normal(5), normal(5), normal(5))),
    Case(_stack, "0-d", (normal(), normal())),
    Case(_stack, "one", (normal(2, 3),), partial(_stack, axis=2)),
    Case(_stack, "empty", (normal(0, 3), normal(0, 3))),
]

INDEXING = [
    Case(getitem, "an integer", (normal(3, 5),), lambda x: x[-1]),
    Case(getitem, "to 0-d", (normal(3, 5),), lambda x: x[1, 2]),
    Case(getitem, "slices", (normal(3, 7),), lambda x: x[::-1, 1:6:2]),
    Case(
        getitem,
        "ellipsis and a new axis",
        (normal(2, 3, 5),),
        lambda x: x[..., None, 1],
    ),
    Case(getitem, "0-d by ()", (normal(),), lambda x: x[()]),
    Case(getitem, "an empty slice", (normal(3, 2),), lambda x: x[2:2]),
    Case(getitem, "of an empty array", (normal(0, 2),), lambda x: x[:, 0]),
    Case(
        getitem, "a list with repeats", (normal(5, 2),), lambda x: x[[0, 3, 3, -2, 3]]
    ),
    Case(getitem, "an empty list", (normal(5, 2),), lambda x: x[[]]),
    Case(
        getitem,
        "an array with repeats",
        (normal(5, 2),),
        lambda x: x[index_array([[4, 4, 0], [4, 1, 0]], x.data)],
    ),
    Case(
        getitem,
        "a Tensor with repeats",
        (normal(5, 2),),
        lambda x: x[Tensor(index_array([1, 1, 3], x.data))],
    ),
    Case(
        getitem,
        "pairs with repeats",
        (normal(3, 5),),
        lambda x: x[[0, 0, 2, 0], [1, 1, 4, 2]],
    ),
    Case(
        getitem,
        "tuples with repeats",
        (normal(3, 5),),
        lambda x: x[(0, 0, 2), (1, 1, 4)],
    ),
    Case(
        getitem,
        "repeats beside a slice",
        (normal(3, 5, 2),),
        lambda x: x[1:, [4, 4, 0]],
    ),
    Case(
        getitem,
        "a mask",
        (normal(2, 2),),
        lambda x: x[index_array([[True, False], [True, True]], x.data)],
    ),
    Case(
        getitem,
        "a mask of rows",
        (normal(3, 2),),
        lambda x: x[index_array([True, False, True], x.data)],
    ),
    Case(
        getitem,
        "a mask that is all False",
        (normal(2),),
        lambda x: x[index_array([False, False], x.data)],
    ),
    Case(
        getitem,
        "a mask and repeats",
        (normal(3, 5),),
        lambda x: x[[True, False, True], [1, 1]],
    ),
]

# --- the ops of functional.py ---------------------------------------------------------

LINEAR = [
    Case(linear, "2-D", (normal(2, 3), normal(5, 3), normal(5))),
    Case(linear, "without bias", (normal(2, 3), normal(5, 3))),
    Case(linear, "1-D", (normal(3), normal(5, 3), normal(5))),
    Case(linear, "4-D", (normal(2, 7, 3, 5), normal(2, 5), normal(2))),
    Case(linear, "sizes 1", (normal(2, 1), normal(1, 1), normal(1))),
    Case(linear, "no rows", (normal(0, 3), normal(5, 3), normal(5))),
    Case(linear, "3-D, no rows", (normal(2, 0, 3), normal(5, 3), normal(5))),
]

ACTIVATIONS = [
    Case(op, about, (sampler(*shape),))
    for op, sampler in [
        (relu, nonzero),
        (leaky_relu, nonzero),
        (sigmoid, normal),
        (softplus, normal),
        (gelu, normal),
        (silu, normal),
    ]
    for about, shape in [("2-D", (3, 5)), ("0-d", ()), ("empty", (0, 2))]
] + [
    Case(
        leaky_relu,
        "slope 0.2",
        (nonzero(3, 5),),
        partial(leaky_relu, negative_slope=0.2),
    ),
    Case(
        leaky_relu,
        "slope -0.5",
        (nonzero(3, 5),),
        partial(leaky_relu, negative_slope=-0.5),
    ),
]

ACTIVATIONS += [
    Case(
        gelu, f"by tanh, {about}", (normal(*shape),), partial(gelu, approximate="tanh")
    )
    for about, shape in [("2-D", (3, 5)), ("0-d", ()), ("empty", (0, 2))]
]

EMBEDDING = [
    Case(embedding, "a row", (normal(5, 3),), embedding_of([2, 0, 4])),
    Case(embedding, "repeats", (normal(5, 3),), embedding_of([[1, 1], [4, 1]])),
    Case(embedding, "one", (normal(5, 3),), embedding_of(3)),
    Case(embedding, "none", (normal(5, 3),), embedding_of([])),
]

PAD = [
    Case(pad, "the last axis", (normal(2, 3),), partial(pad, pad=(1, 2))),
    Case(pad, "two axes", (normal(2, 3, 5),), partial(pad, pad=(0, 2, 1, 0), value=7)),
    Case(pad, "by nothing", (normal(2, 3),), partial(pad, pad=(0, 0))),
    Case(pad, "empty", (normal(0, 3),), partial(pad, pad=(1, 0, 1, 1))),
]

SOFTMAX = [
    Case(op, about, (normal(*shape),), partial(op, **options))
    for op in (softmax, log_softmax)
    for about, shape, options in [
        ("last axis", (3, 5), {}),
        ("axis 0", (2, 3, 5), {"axis": 0}),
        ("axis -2", (2, 3, 5), {"axis": -2}),
        ("one class", (3, 1), {}),
        ("no rows", (0, 3), {}),
    ]
]

DROPOUT = [
    Case(dropout, "2-D", (normal(3, 5),), dropout_with_noise),
    Case(dropout, "4-D", (normal(2, 3, 1, 5),), partial(dropout_with_noise, p=0.9)),
    Case(dropout, "0-d", (normal(),), partial(dropout_with_noise, p=0.2)),
    Case(dropout, "empty", (normal(0, 2),), dropout_with_noise),
    Case(dropout, "of nothing", (normal(3, 5),), partial(dropout_with_noise, p=0)),
    Case(
        dropout,
        "not training",
        (normal(3, 5),),
        partial(dropout_with_noise, training=False),
    ),
]

AFFINE = (normal(3), normal(3))

NORMALISATION = [
    Case(batch_norm, f"{about}, {mode}", (normal(*shape), *affine), call)
    for mode, call in [("training", batch_norm_trained), ("in use", batch_norm_used)]
    for about, shape, affine in [
        ("2-D", (7, 3), AFFINE),
        ("4-D", (2, 3, 1, 5), AFFINE),
        ("without bias", (5, 3), AFFINE[:1]),
        ("without weight and bias", (2, 3, 5), ()),
        ("one channel", (7, 1), (normal(1), normal(1))),
    ]
] + [
    Case(batch_norm, "no rows, in use", (normal(0, 3), *AFFINE), batch_norm_used),
    Case(layer_norm, "one axis", (normal(2, 5, 3), *AFFINE), layer_norm_of(3)),
    Case(
        layer_norm,
        "two axes",
        (normal(5, 2, 3), normal(2, 3), normal(2, 3)),
        layer_norm_of(2, 3),
    ),
    Case(layer_norm, "all axes", (normal(3), *AFFINE), layer_norm_of(3)),
    Case(layer_norm, "without bias", (normal(2, 3), normal(3)), layer_norm_of(3)),
    Case(layer_norm, "without weight and bias", (normal(2, 7),), layer_norm_of(7)),
    Case(layer_norm, "no rows", (normal(0, 3), *AFFINE), layer_norm_of(3)),
    Case(
        group_norm,
        "two groups",
        (normal(3, 4, 5), normal(4), normal(4)),
        group_norm_of(2),
    ),
    Case(group_norm, "one group", (normal(2, 3, 1, 2), *AFFINE), group_norm_of(1)),
    Case(group_norm, "a channel each", (normal(2, 3, 5), *AFFINE), group_norm_of(3)),
    Case(group_norm, "2-D", (normal(3, 6), normal(6), normal(6)), group_norm_of(2)),
    Case(group_norm, "without weight and bias", (normal(2, 4, 3),), group_norm_of(2)),
    Case(group_norm, "no rows", (normal(0, 3, 2), *AFFINE), group_norm_of(1)),
]

LOSSES = [
    Case(
        loss,
        f"{about}, {reduction}",
        (normal(*shape), target(*shape)),
        partial(loss, reduction=reduction),
    )
    for loss, target in [
        (mse_loss, normal),
        (binary_cross_entropy_with_logits, probability),
    ]
    for about, shape, reduction in [
        ("2-D", (3, 5), "mean"),
        ("2-D", (3, 5), "sum"),
        ("2-D", (3, 5), "none"),
        ("0-d", (), "mean"),
        ("0-d", (), "none"),
        ("empty", (0, 2), "sum"),
        ("empty", (0, 2), "none"),
    ]
] + [
    Case(
        cross_entropy,
        f"{about}, {reduction}",
        (normal(*shape),),
        cross_entropy_of(labels, reduction),
    )
    for about, shape, labels, reduction in [
        ("2-D", (5, 3), [2, 0, 1, 1, 2], "mean"),
        ("2-D", (5, 3), [2, 0, 1, 1, 2], "sum"),
        ("2-D", (5, 3), [2, 0, 1, 1, 2], "none"),
        ("one class", (2, 1), [0, 0], "mean"),
        ("no rows", (0, 3), [], "sum"),
        ("no rows", (0, 3), [], "none"),
    ]
]

VARIATIONAL = (
    [
        Case(op, about, (normal(*shape), normal(*shape)), call)
        for op, call in [
            (gaussian_kl, None),
            (reparameterize, reparameterize_with_noise),
        ]
        for about, shape in [
            ("2-D", (3, 2)),
            ("1-D", (3,)),
            ("4-D", (2, 3, 1, 5)),
            ("no rows", (0, 2)),
            ("no latents", (3, 0)),
        ]
    ]
    + [
        Case(kl_divergence, about, 4 * (normal(*shape),))
        for about, shape in [
            ("2-D", (3, 2)),
            ("1-D", (3,)),
            ("4-D", (2, 3, 1, 5)),
            ("no rows", (0, 2)),
            ("no latents", (3, 0)),
        ]
    ]
    + [
        Case(reparameterize, "0-d", (normal(), normal()), reparameterize_with_noise),
    ]
)

# --- the ops of convolution.py --------------------------------------------------------

CONVOLUTION = [
    Case(conv2d, "plain", (normal(2, 3, 5, 7), normal(4, 3, 2, 3), normal(4))),
    Case(conv2d, "without bias", (normal(2, 3, 5, 4), normal(2, 3, 3, 3))),
    Case(
        conv2d,
        "padded",
        (normal(1, 2, 3, 5), normal(3, 2, 3, 3), normal(3)),
        partial(conv2d, padding=1),
    ),
    Case(
        conv2d,
        "stride 2",
        (normal(2, 1, 7, 6), normal(3, 1, 3, 3), normal(3)),
        partial(conv2d, stride=2, padding=1),
    ),
    Case(
        conv2d,
        "pairs",
        (normal(2, 2, 7, 5), normal(3, 2, 3, 1)),
        partial(conv2d, stride=(2, 3), padding=(0, 1)),
    ),
    Case(
        conv2d,
        "stride beyond the kernel",
        (normal(1, 1, 7, 7), normal(1, 1, 2, 2)),
        partial(conv2d, stride=3),
    ),
    Case(conv2d, "kernel 1", (normal(2, 3, 4, 5), normal(2, 3, 1, 1), normal(2))),
    Case(
        conv2d,
        "kernel as large as the image",
        (normal(2, 3, 4, 5), normal(2, 3, 4, 5), normal(2)),
    ),
    Case(conv2d, "no images", (normal(0, 3, 4, 5), normal(2, 3, 3, 3), normal(2))),
    Case(
        conv_transpose2d, "plain", (normal(2, 3, 3, 4), normal(3, 2, 2, 3), normal(2))
    ),
    Case(conv_transpose2d, "without bias", (normal(2, 3, 3, 4), normal(3, 2, 3, 3))),
    Case(
        conv_transpose2d,
        "stride 2, padded, larger output",
        (normal(2, 3, 3, 4), normal(3, 2, 3, 3), normal(2)),
        partial(conv_transpose2d, stride=2, padding=1, output_padding=1),
    ),
    Case(
        conv_transpose2d,
        "pairs",
        (normal(1, 2, 3, 2), normal(2, 3, 3, 4)),
        partial(conv_transpose2d, stride=(3, 2), padding=(0, 1), output_padding=(2, 0)),
    ),
    Case(
        conv_transpose2d,
        "stride beyond the kernel",
        (normal(1, 1, 2, 3), normal(1, 2, 2, 2)),
        partial(conv_transpose2d, stride=3),
    ),
    Case(
        conv_transpose2d,
        "kernel 1",
        (normal(2, 3, 4, 5), normal(3, 2, 1, 1), normal(2)),
    ),
    Case(
        conv_transpose2d,
        "no images",
        (normal(0, 3, 4, 5), normal(3, 2, 3, 3), normal(2)),
    ),
]

POOLED: list[tuple[str, tuple[int, ...], dict]] = [
    ("2 by 2", (2, 3, 4, 6), {"kernel_size": 2}),
    ("a remainder that fits no window", (1, 2, 5, 7), {"kernel_size": 2}),
    ("overlapping", (2, 1, 5, 5), {"kernel_size": 3, "stride": 1}),
    ("gaps between windows", (1, 2, 7, 5), {"kernel_size": 2, "stride": 3}),
    ("padded", (2, 1, 5, 5), {"kernel_size": 3, "stride": 2, "padding": 1}),
    (
        "pairs",
        (1, 2, 5, 7),
        {"kernel_size": (2, 3), "stride": (1, 2), "padding": (1, 0)},
    ),
    ("no images", (0, 2, 4, 4), {"kernel_size": 2}),
]

POOLING = [
    Case(op, about, (sampler(*shape),), partial(op, **options))
    for op, sampler in [(max_pool2d, distinct), (avg_pool2d, normal)]
    for about, shape, options in POOLED
] + [
    Case(upsample_nearest2d, "twice", (normal(2, 3, 2, 3),)),
    Case(
        upsample_nearest2d,
        "pairs",
        (normal(1, 2, 3, 2),),
        partial(upsample_nearest2d, scale_factor=(3, 1)),
    ),
    Case(upsample_nearest2d, "no images", (normal(0, 3, 2, 3),)),
]

CASES: list[Case] = [
    *ARITHMETIC,
    *ELEMENTWISE,
    *PIECEWISE,
    *MATMUL,
    *REDUCTIONS,
    *SHAPES,
    *JOINING,
    *INDEXING,
    *LINEAR,
    *EMBEDDING,
    *PAD,
    *ACTIVATIONS,
    *SOFTMAX,
    *DROPOUT,
    *NORMALISATION,
    *LOSSES,
    *VARIATIONAL,
    *CONVOLUTION,
    *POOLING,
]
