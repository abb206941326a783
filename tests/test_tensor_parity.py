"""Every op of Tensor, and every layer without convolution, over 100 random configurations, beside PyTorch's.

Each function draws one configuration: the inputs, and the same computation in both libraries. Tolerances are those of
`test_parity.py`; inputs are kept where values and gradients are of order 1.
"""

import sys

import numpy as np
import pytest
import torch

from minae import Tensor, cat, maximum, minimum, nn, stack, where
from tests.test_parity import CONFIGURATIONS, TOLERANCE, compare, over_dtypes, random_shape

POWERS = [0.0, 1.0, 2.0, -1.0, 0.5, 2.5]


def broadcastable(rng):
    """Two shapes that broadcast: some axes of size 1, and perhaps of unequal rank."""
    shape = random_shape(rng)
    shapes = [tuple(1 if rng.random() < 0.3 else n for n in shape) for _ in range(2)]
    cut = int(rng.integers(0, len(shape) + 1)) if rng.random() < 0.5 else 0
    return [shapes[0], shapes[1][cut:]] if rng.random() < 0.5 else [shapes[1][cut:], shapes[0]]


def away_from_zero(rng, shape):
    return rng.choice([-1.0, 1.0], shape) * rng.uniform(0.5, 2, shape)


def binary(call, second=away_from_zero, first=away_from_zero):
    def draw(rng):
        a, b = broadcastable(rng)
        return [first(rng, a), second(rng, b)], call, call

    return draw


def two(ours, theirs):
    """Of whole numbers, so that many are equal."""

    def draw(rng):
        return [rng.integers(-1, 2, shape).astype(float) for shape in broadcastable(rng)], ours, theirs

    return draw


def positive(rng, shape):
    return rng.uniform(0.5, 2, shape)


def unary(ours, theirs=None, values=positive):
    return lambda rng: ([values(rng, random_shape(rng))], ours, theirs or ours)


def draw_pow(rng):
    power = float(rng.choice(POWERS))
    return [positive(rng, random_shape(rng))], lambda x: x**power, lambda x: x**power


def draw_matmul(rng):
    n, k, m = (int(size) for size in rng.integers(1, 7, 3))
    batch_a, batch_b = broadcastable(rng)
    a = (k,) if rng.random() < 0.2 else (*batch_a, n, k)
    b = (k,) if rng.random() < 0.2 else (*batch_b, k, m)
    return [rng.standard_normal(a), rng.standard_normal(b)], lambda a, b: a @ b, lambda a, b: a @ b


def reduction(ours, theirs, values=lambda rng, shape: rng.standard_normal(shape)):
    def draw(rng):
        shape = random_shape(rng)
        count = int(rng.integers(1, len(shape) + 1)) if shape and rng.random() < 0.8 else len(shape)
        axes = tuple(int(a) for a in rng.permutation(len(shape))[:count])
        axes = tuple(a - len(shape) if rng.random() < 0.5 else a for a in axes)
        keep = bool(rng.random() < 0.5)
        axis = None if count == len(shape) and rng.random() < 0.5 else axes
        dim = tuple(range(len(shape))) if axis is None else axes
        return [values(rng, shape)], lambda x: ours(x, axis, keep), lambda x: theirs(x, dim, keep)

    return draw


def with_ties(rng, shape):
    return rng.integers(0, 3, shape).astype("float64")


def draw_reshape(rng):
    shape = random_shape(rng)
    new = [shape, (-1,), (1, -1, 1), (int(np.prod(shape)), 1)][int(rng.integers(4))]
    return [rng.standard_normal(shape)], lambda x: x.reshape(*new), lambda x: x.reshape(new)


def draw_flatten(rng):
    shape = random_shape(rng)
    start = int(rng.integers(-len(shape), len(shape))) if shape else 0
    return [rng.standard_normal(shape)], lambda x: x.flatten(start), lambda x: x.flatten(start)


def draw_transpose(rng):
    shape = random_shape(rng)
    axes = [int(a) for a in rng.permutation(len(shape))]
    return [rng.standard_normal(shape)], lambda x: x.transpose(axes), lambda x: x.permute(axes)


def draw_getitem(rng):
    shape = tuple(int(n) for n in rng.integers(2, 6, 3))
    index = [
        lambda n: slice(int(rng.integers(0, n)), None, int(rng.integers(1, 3))),
        lambda n: int(rng.integers(-n, n)),
        lambda n: rng.integers(-n, n, 4).tolist(),  # places may repeat
        lambda n: (rng.random(n) < 0.6).tolist(),
    ]
    kinds = rng.integers(0, 2, 3)
    if (
        rng.random() < 0.5
    ):  # one array, beside slices: where a number stands, NumPy and PyTorch order the axes differently
        kinds = np.zeros(3, int)
        kinds[int(rng.integers(3))] = rng.integers(2, 4)
    places = tuple(index[kind](n) for kind, n in zip(kinds, shape, strict=True))
    places = places[: int(rng.integers(1, 4))]
    return [rng.standard_normal(shape)], lambda x: x[places], lambda x: x[places]


def draw_clip(rng):
    """Some numbers lie exactly at a bound."""
    low, high = (float(bound) for bound in np.sort(rng.integers(-2, 3, 2)))
    low, high = [(low, high), (low, None), (None, high), (high, low)][int(rng.integers(4))]
    values = rng.choice([-2.0, -1.0, 0.0, 1.0, 2.0, 0.5, -1.5], random_shape(rng))
    return [values], lambda x: x.clip(low, high), lambda x: x.clip(low, high)


def draw_where(rng):
    a, b = broadcastable(rng)
    condition = rng.random(np.broadcast_shapes(a, b)) < 0.5
    number = [None, 0.5, 2][int(rng.integers(3))]
    if number is not None:
        return (
            [rng.standard_normal(a)],
            lambda x: where(condition, number, x),
            lambda x: torch_where(condition, number, x),
        )
    arrays = [rng.standard_normal(a), rng.standard_normal(b)]
    return arrays, lambda x, y: where(condition, x, y), lambda x, y: torch_where(condition, x, y)


def torch_where(condition, a, b):
    return torch.where(torch.from_numpy(np.asarray(condition)), a, b)


def variance(ours, theirs):
    """Axes with at least two elements, and each correction that leaves a divisor above 0."""

    def draw(rng):
        shape = tuple(n + 1 for n in random_shape(rng, fewest=1))
        axes = tuple(int(a) for a in rng.permutation(len(shape))[: int(rng.integers(1, len(shape) + 1))])
        axis = None if len(axes) == len(shape) and rng.random() < 0.5 else axes
        correction, keep = int(rng.integers(0, 2)), bool(rng.random() < 0.5)
        values = rng.standard_normal(shape)
        return [values], lambda x: ours(x, axis, keep, correction), lambda x: theirs(x, axis, correction, keep)

    return draw


def draw_squeeze(rng):
    shape = tuple(1 if rng.random() < 0.5 else n for n in random_shape(rng))
    ones = [i for i, n in enumerate(shape) if n == 1]
    if not ones or rng.random() < 0.5:
        return [rng.standard_normal(shape)], lambda x: x.squeeze(), lambda x: x.squeeze()
    axes = tuple(i - len(shape) if rng.random() < 0.5 else i for i in ones[: int(rng.integers(1, len(ones) + 1))])
    axis = axes[0] if len(axes) == 1 else axes
    return [rng.standard_normal(shape)], lambda x: x.squeeze(axis), lambda x: x.squeeze(axis)


def draw_cumsum(rng):
    shape = random_shape(rng, fewest=1)
    axis = int(rng.integers(-len(shape), len(shape)))
    return [rng.standard_normal(shape)], lambda x: x.cumsum(axis), lambda x: x.cumsum(axis)


def torch_prod(x, dim, keep):
    """PyTorch's takes one axis at a time."""
    for axis in sorted((a % x.ndim for a in dim), reverse=True):
        x = x.prod(axis, keep)
    return x


def draw_swapaxes(rng):
    shape = random_shape(rng, fewest=1)
    axes = [int(a) for a in rng.integers(-len(shape), len(shape), 2)]
    return [rng.standard_normal(shape)], lambda x: x.swapaxes(*axes), lambda x: x.swapaxes(*axes)


def draw_broadcast_to(rng):
    a, b = broadcastable(rng)
    shape = np.broadcast_shapes(a, b)
    return [rng.standard_normal(a)], lambda x: x.broadcast_to(shape), lambda x: x.broadcast_to(shape)


def draw_unsqueeze(rng):
    shape = random_shape(rng)
    axis = int(rng.integers(-len(shape) - 1, len(shape) + 1))
    return [rng.standard_normal(shape)], lambda x: x.unsqueeze(axis), lambda x: x.unsqueeze(axis)


def draw_cat(rng):
    shape = random_shape(rng, fewest=1)
    axis = int(rng.integers(-len(shape), len(shape)))
    sizes = rng.integers(1, 5, int(rng.integers(1, 5)))
    shapes = [tuple(int(n) if i == axis % len(shape) else m for i, m in enumerate(shape)) for n in sizes]
    return [rng.standard_normal(each) for each in shapes], lambda *x: cat(x, axis), lambda *x: torch.cat(x, axis)


def draw_stack(rng):
    shape = random_shape(rng, most=3)
    axis = int(rng.integers(-len(shape) - 1, len(shape) + 1))
    arrays = [rng.standard_normal(shape) for _ in range(int(rng.integers(1, 5)))]
    return arrays, lambda *x: stack(list(x), axis), lambda *x: torch.stack(x, axis)


OPS = {
    "add": binary(lambda a, b: a + b),
    "sub": binary(lambda a, b: a - b),
    "mul": binary(lambda a, b: a * b),
    "div": binary(lambda a, b: a / b),
    "pow": draw_pow,
    "pow, both": binary(lambda a, b: a**b, first=positive),
    "neg": unary(lambda x: -x),
    "exp": unary(lambda x: x.exp()),
    "log": unary(lambda x: x.log()),
    "sqrt": unary(lambda x: x.sqrt()),
    "tanh": unary(lambda x: x.tanh(), values=away_from_zero),
    "sin": unary(lambda x: x.sin(), values=away_from_zero),
    "cos": unary(lambda x: x.cos(), values=away_from_zero),
    "matmul": draw_matmul,
    "cumsum": draw_cumsum,
    "prod": reduction(Tensor.prod, torch_prod, values=lambda rng, shape: rng.uniform(0.8, 1.2, shape)),
    "prod, zeros": reduction(
        Tensor.prod, torch_prod, values=lambda rng, shape: rng.choice([0.0, 0.5, -1.0, 1.0], shape)
    ),
    "swapaxes": draw_swapaxes,
    "broadcast_to": draw_broadcast_to,
    "sum": reduction(lambda x, axis, keep: x.sum(axis, keep), lambda x, dim, keep: torch.sum(x, dim, keep)),
    "mean": reduction(lambda x, axis, keep: x.mean(axis, keep), lambda x, dim, keep: torch.mean(x, dim, keep)),
    "max": reduction(lambda x, axis, keep: x.max(axis, keep), lambda x, dim, keep: torch.amax(x, dim, keep)),
    "max, ties": reduction(
        lambda x, axis, keep: x.max(axis, keep), lambda x, dim, keep: torch.amax(x, dim, keep), values=with_ties
    ),
    "min": reduction(lambda x, axis, keep: x.min(axis, keep), lambda x, dim, keep: torch.amin(x, dim, keep)),
    "min, ties": reduction(
        lambda x, axis, keep: x.min(axis, keep), lambda x, dim, keep: torch.amin(x, dim, keep), values=with_ties
    ),
    "var": variance(Tensor.var, lambda x, dim, c, keep: torch.var(x, dim, correction=c, keepdim=keep)),
    "std": variance(Tensor.std, lambda x, dim, c, keep: torch.std(x, dim, correction=c, keepdim=keep)),
    "abs": unary(lambda x: x.abs(), values=lambda rng, shape: rng.integers(-2, 3, shape).astype(float)),
    "abs, Python's": unary(abs, values=away_from_zero),
    "maximum": two(maximum, torch.maximum),
    "minimum": two(minimum, torch.minimum),
    "clip": draw_clip,
    "where": draw_where,
    "reshape": draw_reshape,
    "flatten": draw_flatten,
    "transpose": draw_transpose,
    "getitem": draw_getitem,
    "squeeze": draw_squeeze,
    "unsqueeze": draw_unsqueeze,
    "cat": draw_cat,
    "stack": draw_stack,
}


def test_every_op_of_tensor_is_here():
    module = sys.modules[Tensor.__module__]
    ops = {name.strip("_") for name, value in vars(module).items() if hasattr(value, "__wrapped__")}
    assert ops == {name.split(",")[0] for name in OPS}


@over_dtypes
@pytest.mark.parametrize("name", OPS)
def test_random_configurations_of_ops(name, dtype):
    for seed in range(CONFIGURATIONS):
        rng = np.random.default_rng(seed)
        arrays, ours, theirs = OPS[name](rng)
        compare(ours, theirs, arrays, {}, len(arrays), rng, dtype)


def draw_linear(rng):
    inputs, outputs = (int(n) for n in rng.integers(1, 12, 2))
    bias = bool(rng.random() < 0.7)
    shape = (*random_shape(rng, most=3), inputs)
    return nn.Linear(inputs, outputs, bias, rng=rng), torch.nn.Linear(inputs, outputs, bias), shape


def draw_flatten_layer(rng):
    shape = random_shape(rng, fewest=2)
    start = int(rng.integers(0, len(shape)))
    return nn.Flatten(start), torch.nn.Flatten(start), shape


def draw_unflatten(rng):
    sizes = tuple(int(n) for n in rng.integers(1, 5, 3))
    before, after = random_shape(rng, most=2), random_shape(rng, most=2)
    dim = len(before) if rng.random() < 0.5 else -1 - len(after)
    return nn.Unflatten(dim, sizes), torch.nn.Unflatten(dim, sizes), (*before, int(np.prod(sizes)), *after)


def activation(ours, theirs):
    return lambda rng: (ours(), theirs(), random_shape(rng))


def draw_leaky_relu(rng):
    slope = float(rng.uniform(0, 0.9))
    return nn.LeakyReLU(slope), torch.nn.LeakyReLU(slope), random_shape(rng)


def draw_sequential(rng):
    a, b, c = (int(n) for n in rng.integers(1, 9, 3))
    ours = nn.Sequential(nn.Linear(a, b, rng=rng), nn.Tanh(), nn.Linear(b, c, rng=rng))
    theirs = torch.nn.Sequential(torch.nn.Linear(a, b), torch.nn.Tanh(), torch.nn.Linear(b, c))
    return ours, theirs, (*random_shape(rng, most=2), a)


def draw_batch_norm(ours, theirs, fewest, most):
    def draw(rng):
        features = int(rng.integers(1, 6))
        options = {"eps": float(rng.uniform(1e-5, 0.1)), "momentum": float(rng.random()), "affine": rng.random() < 0.7}
        layer, twin = ours(features, **options), theirs(features, **options)
        state = {name: rng.uniform(0.5, 2, array.shape) for name, array in layer.state_dict().items() if array.ndim}
        layer.load_state_dict(state | {"num_batches_tracked": np.array(7)})
        if rng.random() < 0.5:
            layer.eval(), twin.eval()
        return layer, twin, (int(rng.integers(4, 9)), features, *random_shape(rng, fewest, most))

    return draw


def draw_layer_norm(rng):
    shape = (*random_shape(rng, most=1), 5)
    options = {
        "eps": float(rng.uniform(1e-5, 0.1)),
        "elementwise_affine": rng.random() < 0.7,
        "bias": rng.random() < 0.7,
    }
    normalized = shape[0] if len(shape) == 1 else shape
    layer = with_random_weights(nn.LayerNorm(normalized, **options), rng)
    return layer, torch.nn.LayerNorm(normalized, **options), (*random_shape(rng, most=2), *shape)


def draw_group_norm(rng):
    groups = int(rng.integers(1, 4))
    channels, affine = groups * int(rng.integers(6, 9)), bool(rng.random() < 0.7)
    layer = with_random_weights(nn.GroupNorm(groups, channels, affine=affine), rng)
    return layer, torch.nn.GroupNorm(groups, channels, affine=affine), (2, channels, *random_shape(rng, most=2))


def with_random_weights(layer, rng):
    layer.load_state_dict({name: rng.standard_normal(x.shape) for name, x in layer.state_dict().items()})
    return layer


def draw_softmax(rng):
    shape = random_shape(rng, fewest=1)
    axis = int(rng.integers(-len(shape), len(shape)))
    return nn.Softmax(axis), torch.nn.Softmax(axis), shape


def draw_embedding(rng):
    """A layer that looks its rows up where the (floating) input says: compared by its weight's gradient."""
    things, size = (int(n) for n in rng.integers(1, 7, 2))
    index = rng.integers(0, things, random_shape(rng, most=3))
    ours, theirs = nn.Embedding(things, size, rng=rng), torch.nn.Embedding(things, size)
    shape = (*index.shape, size)

    class Plus(nn.Module):
        def __init__(self):
            self.table = ours

        def forward(self, x):
            return x + self.table(index)

    class TorchPlus(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.table = theirs

        def forward(self, x):
            return x + self.table(torch.from_numpy(np.asarray(index)))

    return Plus(), TorchPlus(), shape


LAYERS = {
    "Embedding": draw_embedding,
    "GELU": activation(nn.GELU, torch.nn.GELU),
    "GELU, tanh": activation(lambda: nn.GELU("tanh"), lambda: torch.nn.GELU("tanh")),
    "SiLU": activation(nn.SiLU, torch.nn.SiLU),
    "BatchNorm1d": draw_batch_norm(nn.BatchNorm1d, torch.nn.BatchNorm1d, 0, 1),
    "BatchNorm2d": draw_batch_norm(nn.BatchNorm2d, torch.nn.BatchNorm2d, 2, 2),
    "LayerNorm": draw_layer_norm,
    "GroupNorm": draw_group_norm,
    "Dropout, in use": lambda rng: (nn.Dropout(0.3).eval(), torch.nn.Dropout(0.3).eval(), random_shape(rng)),
    "Softmax": draw_softmax,
    "Linear": draw_linear,
    "Flatten": draw_flatten_layer,
    "Unflatten": draw_unflatten,
    "ReLU": activation(nn.ReLU, torch.nn.ReLU),
    "LeakyReLU": draw_leaky_relu,
    "Sigmoid": activation(nn.Sigmoid, torch.nn.Sigmoid),
    "Tanh": activation(nn.Tanh, torch.nn.Tanh),
    "Sequential": draw_sequential,
}


@over_dtypes
@pytest.mark.parametrize("name", LAYERS)
def test_random_configurations_of_layers(name, dtype):
    """Value, gradient of the input, and gradients of all parameters, from one set of weights."""
    for seed in range(CONFIGURATIONS):
        rng = np.random.default_rng(seed)
        layer, twin, shape = LAYERS[name](rng)
        layer.to(dtype=dtype)
        twin.to(torch.float64)
        twin.load_state_dict({key: torch.tensor(value) for key, value in layer.state_dict().items()})
        compare(layer, twin, [rng.standard_normal(shape)], {}, 1, rng, dtype)
        ours, theirs = dict(layer.named_parameters()), dict(twin.named_parameters())
        assert ours.keys() == theirs.keys()
        after = {key: value.numpy() for key, value in twin.state_dict().items()}
        assert list(layer.state_dict()) == list(after)
        for key, buffer in layer.named_buffers():
            np.testing.assert_allclose(buffer.data, after[key], **TOLERANCE[dtype], err_msg=key)
        for key, parameter in ours.items():
            scale = 1e-10 if dtype == "float64" else 1e-4
            np.testing.assert_allclose(parameter.grad, theirs[key].grad.numpy(), rtol=scale, atol=scale, err_msg=key)
