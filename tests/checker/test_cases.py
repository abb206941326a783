"""The table behind `minae gradcheck`: each case calls the op that it is named for, and computes what its name says."""

import numpy as np
import pytest
import torch
import torch.nn.functional as T

from minae import Tensor
from minae.checker.cases import CASES

over_cases = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


def names_of_ops(result):
    names, waiting = set(), [result._node]
    while waiting:
        node = waiting.pop()
        if hasattr(node, "edges"):
            names.add(node.name)
            waiting += [source for source, _, _ in node.edges]
    return names


@over_cases
def test_a_case_calls_its_op(case):
    leaves = [Tensor(x, requires_grad=True) for x in case.make_inputs(np.random.default_rng(0))]
    assert case.op.__name__.strip("_") in names_of_ops(case.f(*leaves))


def test_no_two_cases_have_one_name():
    names = [case.name for case in CASES]
    assert len(set(names)) == len(names)


def every_second(a, b):
    shape = np.broadcast_shapes(np.shape(a), np.shape(b))
    return np.where(np.arange(np.prod(shape, dtype=int)).reshape(shape) % 2 == 0, a, b)


def in_torch(f, **options):
    return lambda *arrays: f(*map(torch.tensor, arrays), **options).numpy()


def gru_in_torch(x, h, *weights):
    flags = (True, 1, 0.0, False, False, False)
    return torch.gru(torch.tensor(x), torch.tensor(h)[None], [*map(torch.tensor, weights)], *flags)[0].numpy()


def each_alone(x, h, *weights, turn=1):
    """Sequences of 2, 5 and 1 steps, each read by itself, from its end on if turn is -1; the rest is what it keeps."""
    read = []
    for n, length in enumerate([2, 5, 1]):
        y = gru_in_torch(x[:length, [n]][::turn].copy(), h[[n]], *weights)[::turn]
        kept = y[-1:] if turn == 1 else h[None, [n]]
        read.append(np.concatenate([y, kept.repeat(5 - length, axis=0)]))
    return np.concatenate(read, axis=1)


SAID = {  # of cases with options, what PyTorch or NumPy computes
    "add: a number": lambda x: x + 1.5,
    "sub: from a number": lambda x: 1.5 - x,
    "mul: by a number": lambda x: -2.5 * x,
    "div: of a number": lambda x: 2.5 / x,
    "pow: exponent 0": np.ones_like,
    "pow: exponent 1": lambda x: x,
    "pow: exponent 2": np.square,
    "pow: exponent 3": lambda x: x * x * x,
    "pow: exponent -1.5": lambda x: 1 / np.sqrt(x) ** 3,
    "pow: of a number": lambda x: np.exp(x * np.log(1.5)),
    "maximum: with a number": in_torch(T.relu),
    "minimum: of a number": in_torch(torch.clamp, max=0.25),
    "clip: both bounds": in_torch(torch.clamp, min=-1.5, max=0.5),
    "clip: from below": in_torch(torch.clamp, min=0),
    "clip: from above": in_torch(torch.clamp, max=0.25),
    "clip: 0-d": in_torch(torch.clamp, max=0.25),
    "where: one shape": every_second,
    "where: rank raised": every_second,
    "where: 0-d and 2-D": every_second,
    "where: or a number": lambda x: every_second(x, 0.5),
    "where: a number, or": lambda x: every_second(0.5, x),
    "sum: axes (2, 0)": in_torch(torch.sum, dim=(2, 0)),
    "mean: axis -2, kept": in_torch(torch.mean, dim=-2, keepdim=True),
    "prod: axis 0": in_torch(torch.prod, dim=0),
    "prod: a zero": lambda x: np.zeros(()),
    "prod: zeros in two rows, two in one": lambda x: np.array([0, 0, x[2].prod()]),
    "max: axes (0, -1), kept": lambda x: x.max(axis=(0, 2), keepdims=True),
    "min: everything, kept": lambda x: x.min(keepdims=True),
    "var: axis -1, without correction": in_torch(torch.var, dim=-1, correction=0),
    "var: beside an axis of size 1": in_torch(torch.var, dim=(0, 1), correction=2),
    "std: axes (2, 0), kept": in_torch(torch.std, dim=(2, 0), keepdim=True),
    "cumsum: axis 0": in_torch(torch.cumsum, dim=0),
    "cumsum: axis -2": in_torch(torch.cumsum, dim=-2),
    "cumsum: one number": lambda x: x,
    "reshape: 2-D to 3-D": lambda x: x.reshape(2, 5, 3),
    "reshape: -1": lambda x: x.reshape(5, 6),
    "flatten: from axis 1": in_torch(torch.flatten, start_dim=1),
    "flatten: from axis -2": in_torch(torch.flatten, start_dim=-2),
    "transpose: a cycle": in_torch(torch.permute, dims=(1, 2, 0)),
    "transpose: negative axes": in_torch(torch.permute, dims=(-1, 0, -2)),
    "squeeze: one axis": lambda x: x[:, :, 0],
    "squeeze: two axes": lambda x: x[0, :, 0],
    "unsqueeze: in front": lambda x: x[None],
    "unsqueeze: inside": lambda x: x[:, None],
    "unsqueeze: behind": lambda x: x[:, :, None],
    "swapaxes: first and last": lambda x: x.transpose(2, 1, 0),
    "swapaxes: an axis and itself": lambda x: x,
    "broadcast_to: rank raised": lambda x: np.broadcast_to(x, (5, 2, 3)),
    "broadcast_to: size 1": lambda x: np.repeat(x, 5, axis=1),
    "cat: axis -1": lambda *arrays: np.concatenate(arrays, axis=2),
    "cat: three": lambda *arrays: np.concatenate(arrays, axis=1),
    "stack: axis 1": lambda *arrays: np.stack(arrays, axis=1),
    "stack: axis -1": lambda *arrays: np.stack(arrays, axis=2),
    "stack: one": lambda x: x[:, :, None],
    "getitem: slices": lambda x: x[::-1, [1, 3, 5]],
    "getitem: a list with repeats": lambda x: x.take([0, 3, 3, 3, 3], axis=0),
    "leaky_relu: slope 0.2": in_torch(T.leaky_relu, negative_slope=0.2),
    "leaky_relu: slope -0.5": in_torch(T.leaky_relu, negative_slope=-0.5),
    "gelu: by tanh, 2-D": in_torch(T.gelu, approximate="tanh"),
    "embedding: repeats": lambda weight: weight[[[1, 1], [4, 1]]],
    "pad: the last axis": in_torch(T.pad, pad=(1, 2)),
    "pad: two axes": in_torch(T.pad, pad=(0, 2, 1, 0), value=7),
    "softmax: axis -2": in_torch(torch.softmax, dim=-2),
    "log_softmax: axis 0": in_torch(torch.log_softmax, dim=0),
    "logsumexp: axis -2": in_torch(torch.logsumexp, dim=-2),
    "dropout: of nothing": lambda x: x,
    "dropout: not training": lambda x: x,
    "layer_norm: two axes": lambda x, w, b: in_torch(T.layer_norm, normalized_shape=(2, 3), eps=0.1)(x) * w + b,
    "group_norm: two groups": lambda x, w, b: (
        in_torch(T.group_norm, num_groups=2, eps=0.1)(x) * w[:, None] + b[:, None]
    ),
    "gru: in reverse": lambda x, *others: gru_in_torch(x[::-1].copy(), *others)[::-1],
    "gru: lengths": each_alone,
    "gru: lengths, in reverse": lambda *inputs: each_alone(*inputs, turn=-1),
    "mse_loss: 2-D, sum": in_torch(T.mse_loss, reduction="sum"),
    "mse_loss: 2-D, none": in_torch(T.mse_loss, reduction="none"),
    "binary_cross_entropy_with_logits: 2-D, mean": in_torch(T.binary_cross_entropy_with_logits),
    "cross_entropy: 2-D, sum": in_torch(T.cross_entropy, target=torch.tensor([2, 0, 1, 1, 2]), reduction="sum"),
    "conv2d: padded": in_torch(T.conv2d, padding=1),
    "conv2d: stride 2": in_torch(T.conv2d, stride=2, padding=1),
    "conv2d: pairs": in_torch(T.conv2d, stride=(2, 3), padding=(0, 1)),
    "conv2d: stride beyond the kernel": in_torch(T.conv2d, stride=3),
    "conv_transpose2d: stride 2, padded, larger output": in_torch(
        T.conv_transpose2d, stride=2, padding=1, output_padding=1
    ),
    "conv_transpose2d: pairs": in_torch(T.conv_transpose2d, stride=(3, 2), padding=(0, 1), output_padding=(2, 0)),
    "conv_transpose2d: stride beyond the kernel": in_torch(T.conv_transpose2d, stride=3),
    "max_pool2d: overlapping": in_torch(T.max_pool2d, kernel_size=3, stride=1),
    "max_pool2d: padded": in_torch(T.max_pool2d, kernel_size=3, stride=2, padding=1),
    "avg_pool2d: gaps between windows": in_torch(T.avg_pool2d, kernel_size=2, stride=3),
    "avg_pool2d: pairs": in_torch(T.avg_pool2d, kernel_size=(2, 3), stride=(1, 2), padding=(1, 0)),
    "upsample_nearest2d: pairs": lambda x: x.repeat(3, axis=2),
}


@pytest.mark.parametrize("name", SAID)
def test_a_case_computes_what_its_name_says(name):
    (case,) = [case for case in CASES if case.name == name]
    arrays = case.make_inputs(np.random.default_rng(0))
    found, expected = case.f(*map(Tensor, arrays)).numpy(), np.asarray(SAID[name](*arrays))
    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-14)


def test_samples_lie_where_their_cases_need_them():
    """Ops with kinks get inputs away from them, and every sign, bound and branch is met."""
    rng = np.random.default_rng(0)
    both = next(case for case in CASES if case.name == "clip: both bounds")
    x = np.concatenate([both.make_inputs(rng)[0] for _ in range(20)])
    assert (x < -1.5).any() and (x > 0.5).any() and ((x > -1.5) & (x < 0.5)).any()
    for name in ("relu: 2-D", "abs: 2-D", "leaky_relu: 2-D"):
        (case,) = [case for case in CASES if case.name == name]
        x = np.concatenate([case.make_inputs(rng)[0] for _ in range(20)])
        assert np.abs(x).min() >= 0.5 and (x < 0).any() and (x > 0).any()
