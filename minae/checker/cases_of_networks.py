"""The cases of the ops in functional.py and in the files that it imports from."""

from collections.abc import Callable
from functools import partial

import numpy as np

from ..backend import xp_of
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
    gru,
    gru_cell,
    kl_divergence,
    layer_norm,
    leaky_relu,
    linear,
    log_softmax,
    logsumexp,
    lstm_cell,
    mse_loss,
    pad,
    relu,
    reparameterize,
    sigmoid,
    silu,
    softmax,
    softplus,
)
from ..tensors import Tensor
from .samplers import Case, Sampler, distinct, nonzero, normal, probability, uniform

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


def embedding_of(rows: list | int) -> Callable[[Tensor], Tensor]:
    return lambda weight: embedding(
        xp_of(weight.data).asarray(np.array(rows, dtype=np.int64)), weight
    )


# --- the cases ------------------------------------------------------------------------

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

LOGSUMEXP = [
    Case(logsumexp, about, (normal(*shape),), partial(logsumexp, axis=axis))
    for about, shape, axis in [
        ("axis 0", (2, 3, 5), 0),
        ("axis -2", (2, 3, 5), -2),
        ("1-D", (5,), 0),
        ("of one", (3, 1), 1),
        ("no rows", (0, 3), -1),
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

# --- the ops of recurrent.py ----------------------------------------------------------


def gates_of(count: int, inputs: int, size: int) -> tuple[Sampler, ...]:
    """The weights and biases of `count` gates, small enough to leave them half open."""
    rows = count * size
    shapes = ((rows, inputs), (rows, size), (rows,), (rows,))
    return tuple(uniform(-0.7, 0.7, *shape) for shape in shapes)


READ: list[tuple[str, tuple[int, int, int], int, dict]] = [
    ("five steps", (5, 2, 1), 4, {}),
    ("in reverse", (3, 2, 7), 4, {"reverse": True}),
    ("without bias", (3, 2, 1), 2, {}),
    ("lengths", (5, 3, 2), 4, {"lengths": [2, 5, 1]}),
    ("lengths, in reverse", (5, 3, 2), 4, {"lengths": [2, 5, 1], "reverse": True}),
    ("one step", (1, 2, 5), 4, {}),
    ("no steps", (0, 2, 5), 4, {}),
    ("no rows", (2, 0, 5), 4, {"lengths": []}),
]

RECURRENT = [
    Case(
        op,
        about,
        (
            normal(rows, inputs),
            *states * (normal(rows, size),),
            *gates_of(gates, inputs, size)[:given],
        ),
    )
    for op, states, gates in [(gru_cell, 1, 3), (lstm_cell, 2, 4)]
    for about, rows, inputs, size, given in [
        ("2-D", 2, 3, 5, 4),
        ("without bias", 5, 2, 3, 2),
        ("sizes 1", 1, 1, 1, 4),
        ("no rows", 0, 3, 2, 4),
    ]
] + [
    Case(
        gru,
        about,
        (normal(*shape), normal(shape[1], 3), *gates_of(3, shape[2], 3)[:given]),
        partial(gru, **options),
    )
    for about, shape, given, options in READ
]
