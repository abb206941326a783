"""Sums of a million float32 numbers, wherever the engine takes one, in whatever order they lie in memory."""

import numpy as np
import pytest

from minae import Tensor
from minae import functional as F
from minae.support.sums import FEW, wide_cumsum, wide_sum

MANY = 10**6


def close_to_exact(found, terms, axis):
    """Within 1e-5 of the sum of absolute values, which is what rounding is measured by."""
    exact = terms.astype(np.float64)
    assert found.dtype == np.float32
    error = np.abs(found - exact.sum(axis=axis))
    assert np.all(error <= 1e-5 * np.abs(exact).sum(axis=axis)), error.max()


LAYOUTS = {
    "C order": lambda x: x,
    "Fortran order": np.asfortranarray,
    "reversed": lambda x: x[::-1].copy()[::-1],
    "every third column": lambda x: np.repeat(x, 3, axis=1)[:, ::3],
    "every second row": lambda x: np.repeat(x, 2, axis=0)[::2],
    "a repeated row": lambda x: np.broadcast_to(x[:1], x.shape),
    "a repeated column": lambda x: np.broadcast_to(x[:, :1], x.shape),
}


def terms(rows=MANY, columns=2):
    return (0.1 + 0.01 * np.random.default_rng(0).standard_normal((rows, columns))).astype(np.float32)


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS.keys())
@pytest.mark.parametrize("axis", [0, 1, (0, 1), None], ids=str)
def test_sum_and_mean(layout, axis):
    x = layout(terms())
    close_to_exact(Tensor(x).sum(axis).data, x, axis)
    count = x.size if axis is None else np.prod([x.shape[a] for a in np.atleast_1d(axis)])
    close_to_exact((Tensor(x).mean(axis) * float(count)).data, x, axis)


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_what_was_broadcast(layout):
    g = layout(terms())
    row, number = Tensor(np.zeros(2, np.float32), True), Tensor(np.float32(0), True)
    (Tensor(np.zeros(g.shape, np.float32)) + row + number).backward(g)
    close_to_exact(row.grad, g, 0)
    close_to_exact(number.grad, g, None)


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_a_bias(layout):
    g = layout(terms())
    weight, bias = Tensor(np.zeros((2, 1), np.float32)), Tensor(np.zeros(2, np.float32), True)
    F.linear(Tensor(np.zeros((len(g), 1), np.float32)), weight, bias).backward(g)
    close_to_exact(bias.grad, g, 0)


@pytest.mark.parametrize("shape", [(MANY // 4, 3, 2, 2), (2, 3, 700, 700), (1, 3, 3, MANY // 4)], ids=str)
@pytest.mark.parametrize("order", ["nchw", "chwn", "nhwc"])
def test_a_bias_of_a_convolution(shape, order, each_kernels):
    g = terms(np.prod(shape) // 4, 4).reshape(shape)
    to_memory = ["nchw".index(axis) for axis in order]
    g = np.ascontiguousarray(g.transpose(to_memory)).transpose(np.argsort(to_memory))
    close_to_exact(each_kernels.channel_sum(g), g, (0, 2, 3))


@pytest.mark.parametrize("axis", [0, 1])
def test_log_softmax_over_many_classes(axis):
    x = terms().T if axis == 1 else terms()
    y = F.log_softmax(Tensor(x, True), axis=axis)
    exact = x.astype(np.float64)
    exact -= np.log(np.exp(exact).sum(axis=axis, keepdims=True))
    np.testing.assert_allclose(y.data, exact, rtol=2e-6)


@pytest.mark.parametrize("axis", [0, 1])
def test_logsumexp_over_many_terms(axis):
    x = terms().T if axis == 1 else terms()
    exact = np.log(np.exp(x.astype(np.float64)).sum(axis=axis))
    np.testing.assert_allclose(F.logsumexp(Tensor(x), axis).data, exact, rtol=2e-6)


@pytest.mark.parametrize("reduction", ["sum", "mean"])
@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_losses(reduction, layout):
    x = layout(terms())
    squares = np.square(x, dtype=np.float32)
    loss = F.mse_loss(Tensor(x), np.zeros_like(x), reduction=reduction)
    close_to_exact(np.float32(loss.data * (x.size if reduction == "mean" else 1)), squares, None)


def test_a_kl_of_many_latents():
    mu = terms().T
    kl = F.gaussian_kl(Tensor(mu), np.zeros_like(mu))
    close_to_exact(kl.data, 0.5 * mu * mu, 1)


def test_few_numbers_are_added_as_they_are():
    """As many as that have no error to speak of even one after another, and float64 would cost more than it gives."""
    for worst in (np.float32(0.1), np.float32(1 / 3), np.float32(16777215)):
        total = np.float32(0)
        for _ in range(FEW):
            total += worst
        assert abs(total - FEW * np.float64(worst)) <= 1e-5 * FEW * np.float64(worst)


@pytest.mark.parametrize("dtype", [np.float64, np.int64, np.bool_])
def test_other_dtypes_are_left_alone(dtype):
    x = np.ones((300, 2), dtype)
    assert wide_sum(x, (0,)).dtype == x.sum(axis=0).dtype
    np.testing.assert_array_equal(wide_sum(x, (0,), keepdims=True), [[300, 300]])


@pytest.mark.parametrize(("function", "in_numpy"), [(wide_sum, np.sum), (wide_cumsum, np.cumsum)])
def test_many_float32_numbers_are_added_in_float64_and_few_as_they_are(function, in_numpy):
    x = terms(FEW + 1, 50)
    for count in (FEW, FEW + 1):
        some = x[:count]
        as_they_are, wide = in_numpy(some, axis=0), in_numpy(some, axis=0, dtype=np.float64).astype(np.float32)
        assert not np.array_equal(as_they_are, wide)
        axis = (0,) if function is wide_sum else 0
        np.testing.assert_array_equal(function(some, axis), wide if count > FEW else as_they_are)
