"""The cases of the ops in tensors.py."""

from functools import partial

import numpy as np

from ..backend import Array, xp_of
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
from .samplers import Case, distinct, half, nonzero, normal, positive, whole

# --- constants: on the device and in the dtype of the input ---------------------------


def all_but(x: Tensor, *places: int) -> Array:
    """Ones in the shape of x, but for zeros at these places, counted in order."""
    ones = np.ones(x.shape, x.dtype)
    ones.flat[list(places)] = 0
    return xp_of(x.data).asarray(ones)


def where_checkered(a: Tensor | float, b: Tensor | float) -> Tensor:
    """Every second number from a, the others from b."""
    tensors = [x for x in (a, b) if isinstance(x, Tensor)]
    shape = np.broadcast_shapes(*[x.shape for x in tensors])
    every_second = np.arange(np.prod(shape, dtype=int)).reshape(shape) % 2 == 0
    return where(xp_of(tensors[0].data).asarray(every_second), a, b)


def index_array(index: list, like: Array) -> Array:
    return xp_of(like).asarray(np.array(index))


# --- the cases ------------------------------------------------------------------------

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
    Case(clip, "0-d", (nonzero(),), partial(clip, max=0.25)),
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
