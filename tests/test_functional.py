"""minae.functional: against unfused compositions, at extremes, at kinks, and called wrongly."""

import math

import numpy as np
import pytest
from mpmath import mp

from minae import Tensor, cat, stack
from minae import functional as F
from minae.ops.error_function import COEFFICIENTS, erfc

# Two ways to compute the same in float64, of values of order 1.
SAME = {"rtol": 1e-12, "atol": 1e-13}


def leaf(array, dtype="float64"):
    return Tensor(np.array(array, dtype=dtype), requires_grad=True)


def value_and_gradients(f, *arrays):
    """f's value and its gradients for one fixed random cotangent."""
    inputs = [leaf(array) for array in arrays]
    y = f(*inputs)
    y.backward(np.random.default_rng(9).standard_normal(y.shape))
    return [y.numpy(), *(x.grad for x in inputs)]


# ---- fused ops against compositions of Tensor's own operators ---------------------------------------------

RNG = np.random.default_rng(0)
X, W, B = RNG.standard_normal((5, 3)), RNG.standard_normal((2, 3)), RNG.standard_normal(2)
LOGITS, PROBABILITIES = RNG.standard_normal((5, 3)), RNG.uniform(0.1, 0.9, (5, 3))
EPS, LABELS = RNG.standard_normal((5, 3)), np.array([2, 0, 1, 1, 0])
REDUCE = {"mean": Tensor.mean, "sum": Tensor.sum, "none": lambda losses: losses}


def naive_sigmoid(x):
    return 1.0 / (1.0 + (-x).exp())


def naive_bce(x, t):
    return -(t * naive_sigmoid(x).log() + (1.0 - t) * (1.0 - naive_sigmoid(x)).log())


def naive_log_softmax(x):
    return x - x.exp().sum(axis=1, keepdims=True).log()


def naive_kl(mu, log_var):
    return 0.5 * (mu * mu + log_var.exp() - 1.0 - log_var).sum(axis=1)


def naive_norm(x, axes, eps):
    """Every step by an op of its own, also the mean and the variance."""
    centred = x - x.mean(axis=axes, keepdims=True)
    return centred / ((centred**2).mean(axis=axes, keepdims=True) + eps).sqrt()


def naive_batch_norm(x, w, b):
    shape = (1, -1, *[1] * (x.ndim - 2))
    return naive_norm(x, (0, *range(2, x.ndim)), 1e-5) * w.reshape(shape) + b.reshape(shape)


def naive_group_norm(x, w, b):
    normalised = naive_norm(x.reshape(5, 2, 2, 3), (2, 3), 1e-5).reshape(x.shape)
    return normalised * w.reshape(1, 4, 1) + b.reshape(1, 4, 1)


def trained_batch_norm(x, w, b):
    return F.batch_norm(x, None, None, w, b, training=True)


def gates(count):
    """weight_ih, weight_hh and both biases of `count` gates, for 3 inputs and 2 units."""
    rng = np.random.default_rng(count)
    return [rng.standard_normal(shape) for shape in [(2 * count, 3), (2 * count, 2), (2 * count,), (2 * count,)]]


def naive_gru_cell(x, h, w_ih, w_hh, b_ih=0.0, b_hh=0.0):
    """Gate by gate, as the paper writes it (but for the place of r)."""
    i, s = x @ w_ih.T + b_ih, h @ w_hh.T + b_hh
    r, z = naive_sigmoid(i[:, :2] + s[:, :2]), naive_sigmoid(i[:, 2:4] + s[:, 2:4])
    n = (i[:, 4:] + r * s[:, 4:]).tanh()
    return (1.0 - z) * n + z * h


def naive_lstm_cell(x, h, c, w_ih, w_hh, b_ih=0.0, b_hh=0.0):
    i, f, n, o = (x @ w_ih.T + b_ih + h @ w_hh.T + b_hh).split(2, axis=1)
    c = naive_sigmoid(f) * c + naive_sigmoid(i) * n.tanh()
    return stack([naive_sigmoid(o) * c.tanh(), c])


STATE = RNG.standard_normal((5, 2))
CHANNELS = RNG.standard_normal((5, 4, 3))
PER_CHANNEL = RNG.standard_normal((2, 4))

COMPOSITIONS = {
    "batch_norm": (trained_batch_norm, naive_batch_norm, (CHANNELS, *PER_CHANNEL)),
    "batch_norm, 2-D": (trained_batch_norm, naive_batch_norm, (CHANNELS[:, :, 0], *PER_CHANNEL)),
    "batch_norm, in use": (
        lambda x: F.batch_norm(x, PER_CHANNEL[0], PER_CHANNEL[1] ** 2),
        lambda x: (x - PER_CHANNEL[0]) / np.sqrt(PER_CHANNEL[1] ** 2 + 1e-5),
        (CHANNELS[:, :, 0],),
    ),
    "layer_norm": (
        lambda x, w, b: F.layer_norm(x, (4, 3), w, b),
        lambda x, w, b: naive_norm(x, (1, 2), 1e-5) * w + b,
        (CHANNELS, CHANNELS[0], CHANNELS[1]),
    ),
    "group_norm": (lambda x, w, b: F.group_norm(x, 2, w, b), naive_group_norm, (CHANNELS, *PER_CHANNEL)),
    "dropout": (
        lambda x: F.dropout(x, 0.25, noise=PROBABILITIES),
        lambda x: x * (PROBABILITIES >= 0.25) / 0.75,
        (X,),
    ),
    "linear": (F.linear, lambda x, w, b: x @ w.T + b, (X, W, B)),
    "linear, no bias": (F.linear, lambda x, w: x @ w.T, (X, W)),
    "linear, 1-D": (F.linear, lambda x, w, b: x @ w.T + b, (X[0], W, B)),
    "sigmoid": (F.sigmoid, naive_sigmoid, (X,)),
    "softplus": (F.softplus, lambda x: (1.0 + x.exp()).log(), (X,)),
    "relu": (F.relu, lambda x: x * (x.data > 0), (X,)),
    "leaky_relu": (lambda x: F.leaky_relu(x, 0.3), lambda x: x * np.where(x.data > 0, 1, 0.3), (X,)),
    "tanh": (F.tanh, lambda x: 2.0 * naive_sigmoid(2.0 * x) - 1.0, (X,)),
    "softmax": (F.softmax, lambda x: x.exp() / x.exp().sum(axis=1, keepdims=True), (X,)),
    "softmax, another axis": (lambda x: F.softmax(x, 0), lambda x: x.exp() / x.exp().sum(axis=0), (X,)),
    "gelu, by tanh": (
        lambda x: F.gelu(x, "tanh"),
        lambda x: 0.5 * x * (1.0 + (math.sqrt(2 / math.pi) * (x + 0.044715 * x**3.0)).tanh()),
        (np.abs(X),),
    ),
    "silu": (F.silu, lambda x: x * naive_sigmoid(x), (X,)),
    "pad": (
        lambda x: F.pad(x, (1, 2), 0.5),
        lambda x: cat([np.full((5, 1), 0.5), x, np.full((5, 2), 0.5)], 1),
        (X,),
    ),
    "embedding": (lambda w: F.embedding(LABELS, w), lambda w: w[LABELS], (X,)),
    "kl_divergence": (
        F.kl_divergence,
        lambda m, v, m0, v0: 0.5 * (((m - m0) ** 2 + v.exp()) / v0.exp() - 1.0 - v + v0).sum(axis=1),
        (X, LOGITS, EPS, PROBABILITIES),
    ),
    "kl_divergence from N(0, I)": (
        lambda m, v: F.kl_divergence(m, v, np.zeros_like(X), np.zeros_like(X)),
        F.gaussian_kl,
        (X, LOGITS),
    ),
    "gru_cell": (F.gru_cell, naive_gru_cell, (X, STATE, *gates(3))),
    "gru_cell, without bias": (F.gru_cell, naive_gru_cell, (X, STATE, *gates(3)[:2])),
    "lstm_cell": (F.lstm_cell, naive_lstm_cell, (X, STATE, STATE[::-1], *gates(4))),
    "lstm_cell, without bias": (F.lstm_cell, naive_lstm_cell, (X, STATE, STATE[::-1], *gates(4)[:2])),
    "gru, in reverse": (
        lambda x, *inputs: F.gru(x, *inputs, reverse=True),
        lambda x, *inputs: F.gru(x[::-1], *inputs)[::-1],
        (CHANNELS, CHANNELS[0, :, 1:], *gates(3)),
    ),
    "log_softmax": (F.log_softmax, naive_log_softmax, (X,)),
    "logsumexp": (lambda x: F.logsumexp(x, 0), lambda x: x.exp().sum(axis=0).log(), (X,)),
    "gaussian_kl": (F.gaussian_kl, naive_kl, (X, LOGITS)),
    "gaussian_kl, 4-D": (
        F.gaussian_kl,
        lambda mu, log_var: naive_kl(mu.flatten(1), log_var.flatten(1)),
        (RNG.standard_normal((5, 2, 3, 1)), RNG.standard_normal((5, 2, 3, 1))),
    ),
    "reparameterize": (
        lambda mu, log_var: F.reparameterize(mu, log_var, eps=EPS),
        lambda mu, log_var: mu + (0.5 * log_var).exp() * EPS,
        (X, LOGITS),
    ),
}
for _name in REDUCE:
    COMPOSITIONS |= {
        f"mse_loss, {_name}": (
            lambda x, t, name=_name: F.mse_loss(x, t, reduction=name),
            lambda x, t, name=_name: REDUCE[name]((x - t) ** 2),
            (X, LOGITS),
        ),
        f"binary_cross_entropy_with_logits, {_name}": (
            lambda x, t, name=_name: F.binary_cross_entropy_with_logits(x, t, reduction=name),
            lambda x, t, name=_name: REDUCE[name](naive_bce(x, t)),
            (LOGITS, PROBABILITIES),
        ),
        f"cross_entropy, {_name}": (
            lambda x, name=_name: F.cross_entropy(x, LABELS, reduction=name),
            lambda x, name=_name: REDUCE[name](-naive_log_softmax(x)[np.arange(5), LABELS]),
            (LOGITS,),
        ),
    }


@pytest.mark.parametrize(("fused", "composed", "arrays"), COMPOSITIONS.values(), ids=COMPOSITIONS)
def test_a_fused_op_is_its_composition(fused, composed, arrays):
    for found, expected in zip(value_and_gradients(fused, *arrays), value_and_gradients(composed, *arrays)):
        np.testing.assert_allclose(found, expected, **SAME)


def test_the_default_reduction_is_the_mean():
    for loss in (F.mse_loss, F.binary_cross_entropy_with_logits):
        assert loss(leaf(LOGITS), PROBABILITIES).item() == loss(leaf(LOGITS), PROBABILITIES, "mean").item()
    assert F.cross_entropy(leaf(LOGITS), LABELS).item() == F.cross_entropy(leaf(LOGITS), LABELS, "mean").item()


# ---- extremes: finite wherever the true value is representable ---------------------------------------------

# One float32 rounding is 6e-8; each of these values takes at most a few.
ROUNDING = {"rtol": 5e-7}
LARGEST = float(np.finfo("float32").max)


@pytest.mark.parametrize("log_var", [-60.0, -20.0, -1e-3, 0.0, 1e-3, 20.0, 60.0])
@pytest.mark.parametrize("mu", [-1e4, 0.0, 3.0])
def test_gaussian_kl_at_extremes(mu, log_var):
    mean, spread = leaf([[mu]], "float32"), leaf([[log_var]], "float32")
    kl = F.gaussian_kl(mean, spread)
    kl.sum().backward()
    v = float(spread.data[0, 0])
    np.testing.assert_allclose(kl.data, [0.5 * (mu * mu + (math.expm1(v) - v))], atol=1e-10, **ROUNDING)
    np.testing.assert_allclose(mean.grad, [[mu]], **ROUNDING)
    np.testing.assert_allclose(spread.grad, [[0.5 * math.expm1(v)]], **ROUNDING)


@pytest.mark.parametrize("log_var", [-60.0, -20.0, 0.0, 20.0, 60.0])
def test_reparameterize_at_extremes(log_var):
    mu, spread = leaf([1.5], "float32"), leaf([log_var], "float32")
    z = F.reparameterize(mu, spread, eps=np.array([-2.0], "float32"))
    z.sum().backward()
    noise = -2.0 * math.exp(log_var / 2)
    np.testing.assert_allclose(z.data, [1.5 + noise], **ROUNDING)
    np.testing.assert_allclose(spread.grad, [noise / 2], **ROUNDING)


EXTREME_LOGITS = [-1e4, -100.0, -30.0, -20.0, -1.0, -1e-4, 0.0, 1e-4, 1.0, 20.0, 30.0, 100.0, 1e4]


def exact_softplus(x):
    return max(x, 0.0) + math.log1p(math.exp(-abs(x)))


def exact_sigmoid(x):
    return math.exp(min(x, 0.0)) / (1 + math.exp(-abs(x)))


@pytest.mark.parametrize("logit", EXTREME_LOGITS)
@pytest.mark.parametrize("target", [0.0, 1.0])
def test_bce_at_extremes(logit, target):
    """-ln of the probability of what happened: softplus of the logit against it. exp(-100) and less is 0 in float32."""
    x = leaf([logit], "float32")
    loss = F.binary_cross_entropy_with_logits(x, np.array([target], "float32"), reduction="sum")
    loss.backward()
    logit = float(x.data[0])
    np.testing.assert_allclose(loss.data, exact_softplus(-logit if target else logit), atol=1e-38, **ROUNDING)
    np.testing.assert_allclose(x.grad, [exact_sigmoid(logit) - target], atol=6e-8, **ROUNDING)


@pytest.mark.parametrize("logit", EXTREME_LOGITS)
def test_bce_does_not_care_which_class_is_called_1(logit):
    """The loss of x for target t is that of -x for 1 - t, to the last digit."""
    x, mirrored = leaf([logit], "float32"), leaf([-logit], "float32")
    for target in (0.0, 0.25, 0.5, 1.0):
        loss = F.binary_cross_entropy_with_logits(x, np.array([target], "float32"))
        same = F.binary_cross_entropy_with_logits(mirrored, np.array([1 - target], "float32"))
        np.testing.assert_allclose(loss.data, same.data, **ROUNDING)


@pytest.mark.parametrize("logit", EXTREME_LOGITS)
def test_sigmoid_and_softplus_at_extremes(logit):
    x = leaf([logit], "float32")
    exact = float(x.data[0])
    np.testing.assert_allclose(F.sigmoid(x).data, [exact_sigmoid(exact)], atol=1e-38, **ROUNDING)
    np.testing.assert_allclose(F.softplus(x).data, [exact_softplus(exact)], atol=1e-38, **ROUNDING)
    (F.softplus(x) + F.sigmoid(x)).backward()
    slope = exact_sigmoid(exact) * (1 + exact_sigmoid(-exact))
    np.testing.assert_allclose(x.grad, [slope], atol=6e-8, **ROUNDING)


@pytest.mark.parametrize("scale", [1e4, 1e30, LARGEST / 4])
def test_log_softmax_and_cross_entropy_of_huge_logits(scale):
    x = leaf([[scale, 0.0, -scale]], "float32")
    y = F.log_softmax(x)
    np.testing.assert_allclose(y.data, [[0.0, -scale, -2 * scale]], **ROUNDING)
    loss = F.cross_entropy(x, np.array([1]))
    loss.backward()
    np.testing.assert_allclose(loss.data, scale, **ROUNDING)
    np.testing.assert_array_equal(x.grad, [[1, -1, 0]])


def test_softmax_where_it_is_saturated():
    """float32: no NaN, no overflow, and gradients of single probabilities that are right to their last digits."""
    x = leaf([[200.0, 0.0, -200.0], [88.0, 70.0, 69.0]], "float32")
    y = F.softmax(x)
    np.testing.assert_allclose(y.data, [[1, 0, 0], [1, math.exp(-18), math.exp(-19)]], rtol=1e-5, atol=1e-38)
    y.backward(np.array([[0, 0, 0], [5, 6, 7]], "float32"))
    rest = [math.exp(-18), math.exp(-19)]
    np.testing.assert_allclose(x.grad, [[0, 0, 0], [-rest[0] - 2 * rest[1], rest[0], 2 * rest[1]]], rtol=1e-5)


@pytest.mark.parametrize("shift", [-1e5, 0.0, 1e5])
def test_logsumexp_at_any_scale(shift):
    """ln Σ e^(x + c) = c + ln Σ e^x, and the shares are the same: softmax(x), also where all e^x under- or overflow."""
    x = leaf(X + shift)
    y = F.logsumexp(x, 0)
    np.testing.assert_allclose(y.data - shift, np.log(np.exp(X).sum(axis=0)), atol=1e-10)
    y.sum().backward()
    np.testing.assert_allclose(x.grad, F.softmax(X, 0).data, atol=1e-10)


def test_logsumexp_of_numbers_that_count_as_nothing():
    """e^-inf is 0. Where there is nothing else, the sum is 0, and nothing gets a share."""
    x = leaf([[-np.inf, -np.inf, 3.0], [-np.inf, 2.0, -np.inf]])
    y = F.logsumexp(x, 0)
    np.testing.assert_array_equal(y.data, [-np.inf, 2, 3])
    y.backward(np.array([5.0, 6.0, 7.0]))
    np.testing.assert_array_equal(x.grad, [[0, 0, 7], [0, 6, 0]])


def test_log_softmax_does_not_feel_a_shift():
    shifted = F.log_softmax(Tensor(X + 1e6)).data
    np.testing.assert_allclose(shifted, F.log_softmax(Tensor(X)).data, atol=1e-9)


def test_classes_ruled_out_by_minus_infinity():
    x = leaf([[0.0, -np.inf, 0.0]])
    F.cross_entropy(x, np.array([2])).backward()
    np.testing.assert_allclose(x.grad, [[0.5, 0.0, -0.5]], rtol=1e-15)


@pytest.mark.parametrize("op", [F.relu, F.leaky_relu, F.sigmoid, F.softplus, F.tanh], ids=lambda op: op.__name__)
def test_activations_at_infinity_are_their_limits(op):
    limits = {"relu": (0, np.inf), "leaky_relu": (-np.inf, np.inf), "sigmoid": (0, 1), "softplus": (0, np.inf)}
    expected = limits.get(op.__name__, (-1, 1))
    np.testing.assert_array_equal(op(Tensor([-np.inf, np.inf])).data, expected)
    assert np.isnan(op(Tensor([np.nan])).data).all()


def test_the_coefficients_are_those_of_the_chebyshev_series():
    """Of ln(erfc(z) / t) + z², t = 2 / (2 + z), on t = (1 + x) / 2, from its values at 64 nodes in 40 digits."""
    with mp.workdps(40):
        angles = [mp.pi * (k + mp.mpf(0.5)) / 64 for k in range(64)]
        series = []
        for t in [(1 + mp.cos(angle)) / 2 for angle in angles]:
            z = 2 / t - 2
            series.append(mp.log(mp.erfc(z) / t) + z * z)
        exact = [sum(y * mp.cos(j * angle) for y, angle in zip(series, angles)) / 32 for j in range(len(COEFFICIENTS))]
    for found, coefficient in zip(COEFFICIENTS, exact):
        assert abs(found - coefficient) <= max(2e-18, np.spacing(abs(found))), coefficient
    assert erfc(np.zeros(1)) == pytest.approx(1, rel=1e-15)


def test_the_error_function_to_1e_14_of_its_value():
    x = np.linspace(-6, 6, 4801)[1:-1]
    np.testing.assert_allclose(erfc(x), [math.erfc(v) for v in x], rtol=1e-14)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_gelu_is_x_times_the_share_below_x(dtype):
    """Exactly, by Python's erf, from one end of the range to the other; and its slope."""
    x = leaf(np.concatenate([np.linspace(-12, 12, 97), [-1e30, -50, 50, 1e30]]), dtype)
    exact = x.data.astype(float)
    share = np.array([math.erfc(-v / math.sqrt(2)) / 2 for v in exact])
    with np.errstate(over="ignore"):
        density = np.exp(-exact * exact / 2) / math.sqrt(2 * math.pi)
    rounding = {"rtol": 1e-12, "atol": 1e-15} if dtype == "float64" else {"rtol": 2e-6, "atol": 2e-7}
    y = F.gelu(x)
    y.backward(np.ones(x.shape))
    np.testing.assert_allclose(y.data, exact * share, **rounding)
    np.testing.assert_allclose(x.grad, share + exact * density, **rounding)
    z = leaf(x.data, dtype)
    F.gelu(z, "tanh").backward(np.ones(x.shape))
    np.testing.assert_allclose(z.grad, x.grad, atol=2e-3)
    np.testing.assert_allclose(F.gelu(z, "tanh").data, y.data, rtol=1e-6, atol=2e-3)


def test_relu_and_leaky_relu_at_the_kink():
    for zero in (0.0, -0.0):
        x, leaky = leaf([zero]), leaf([zero])
        F.relu(x).backward()
        F.leaky_relu(leaky, 0.25).backward()
        assert x.grad == 0.0 and leaky.grad == 0.25


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_layer_norm_of_equal_numbers_is_0_and_its_slope_finite(dtype):
    """x̂ is 0, the mean of ĝ is taken from ĝ, and 1 / std is 1 / √eps."""
    x = leaf([[3.0, 3.0, 3.0], [0.0, 1.0, 5.0]], dtype)
    y = F.layer_norm(x, 3)
    y.backward(np.array([[3.0, 0.0, 0.0], [0.0, 0.0, 0.0]], dtype))
    np.testing.assert_array_equal(y.data[0], 0)
    np.testing.assert_allclose(x.grad, np.array([[2, -1, -1], [0, 0, 0]]) / np.sqrt(1e-5), rtol=1e-6)


def test_batch_norm_follows_the_batch():
    mean, var = np.zeros(3), np.ones(3)
    F.batch_norm(Tensor(X), mean, var, training=True, momentum=0.3)
    np.testing.assert_allclose(mean, 0.3 * X.mean(axis=0), **SAME)
    np.testing.assert_allclose(var, 0.7 + 0.3 * X.var(axis=0, ddof=1), **SAME)
    kept = mean.copy(), var.copy()
    F.batch_norm(Tensor(X), mean, var)
    np.testing.assert_array_equal((mean, var), kept)


# ---- what the variational pieces mean ----------------------------------------------------------------------


def test_gaussian_kl_vanishes_only_at_the_standard_normal():
    zeros = np.zeros((4, 3))
    np.testing.assert_array_equal(F.gaussian_kl(leaf(zeros), leaf(zeros)).data, np.zeros(4))
    rng = np.random.default_rng(0)
    assert (F.gaussian_kl(leaf(rng.normal(size=(100, 3))), leaf(rng.normal(size=(100, 3)))).data > 0).all()


def test_reparameterize_draws_from_its_rng():
    mu, log_var = leaf(np.zeros((4, 3))), leaf(np.zeros((4, 3)))
    first, again, other = (F.reparameterize(mu, log_var, rng=seed).data for seed in (7, 7, 8))
    assert first.tobytes() == again.tobytes() and (first != other).all()
    generator = np.random.default_rng(7)
    np.testing.assert_array_equal(F.reparameterize(mu, log_var, rng=generator).data, first)
    assert (F.reparameterize(mu, log_var, rng=generator).data != first).all()
    assert (F.reparameterize(mu, log_var).data != F.reparameterize(mu, log_var).data).all()


def test_noise_passed_in_leaves_the_generator_alone():
    generator = np.random.default_rng(7)
    F.reparameterize(leaf(X), leaf(X), eps=EPS, rng=generator)
    assert generator.standard_normal() == np.random.default_rng(7).standard_normal()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("log_var", [-2.0, 0.0, 1.5])
def test_moments_of_the_sample(log_var, dtype):
    """5 sigma tests with the exact standard errors of n = 100,000 normal draws."""
    n, std = 100_000, math.exp(log_var / 2)
    z = F.reparameterize(leaf(np.full(n, 0.7), dtype), leaf(np.full(n, log_var), dtype), rng=3).data
    assert z.dtype == dtype
    eps = (z.astype("float64") - 0.7) / std
    assert abs(eps.mean()) < 5 / math.sqrt(n)
    assert abs((eps**2).mean() - 1) < 5 * math.sqrt(2 / n)
    assert abs((eps**3).mean()) < 5 * math.sqrt(15 / n)
    assert abs((eps**4).mean() - 3) < 5 * math.sqrt(96 / n)


# ---- called wrongly ----------------------------------------------------------------------------------------

X32, INTS, LIST = Tensor(np.ones((5, 3), "float32")), Tensor(np.ones((5, 3), "int64")), [[1.0, 2.0, 3.0]] * 5
X53, X52 = Tensor(np.ones((5, 3))), Tensor(np.ones((5, 2)))
BAD_CALLS = {
    "linear: x a list": (TypeError, lambda: F.linear(LIST, X53), ["linear", "x", "list"]),
    "linear: weight a list": (TypeError, lambda: F.linear(X53, LIST), ["linear", "weight", "list"]),
    "linear: bias a list": (TypeError, lambda: F.linear(X53, X53, [1.0] * 5), ["linear", "bias", "list"]),
    "linear: x integers": (TypeError, lambda: F.linear(INTS, X53), ["linear", "x", "int64"]),
    "linear: mixed": (TypeError, lambda: F.linear(X32, X53), ["linear", "x", "float32", "weight", "float64"]),
    "linear: bias mixed": (TypeError, lambda: F.linear(X53, X53, X32[:, 0]), ["linear", "bias", "float32"]),
    "linear: sizes": (ValueError, lambda: F.linear(X53, X52), ["linear", "(5, 3)", "(5, 2)"]),
    "linear: weight 1-D": (ValueError, lambda: F.linear(X53, X53[0]), ["linear", "weight", "(3,)"]),
    "linear: x 0-d": (ValueError, lambda: F.linear(Tensor(1.0), X53), ["linear", "x", "()"]),
    "linear: bias size": (ValueError, lambda: F.linear(X53, X53, X53[0]), ["linear", "bias", "(3,)", "(5, 3)"]),
    "linear: no weight": (TypeError, lambda: F.linear(X53), ["linear", "weight"]),
    "linear: unknown name": (TypeError, lambda: F.linear(X53, X53, weights=X53), ["linear", "weights"]),
    "log_softmax: axis": (ValueError, lambda: F.log_softmax(X53, axis=2), ["log_softmax", "2", "(5, 3)"]),
    "log_softmax: no axis": (TypeError, lambda: F.log_softmax(X53, axis=None), ["log_softmax", "axis", "None"]),
    "log_softmax: no class": (ValueError, lambda: F.log_softmax(Tensor(np.ones((5, 0)))), ["log_softmax", "(5, 0)"]),
    "log_softmax: PyTorch's dim": (TypeError, lambda: F.log_softmax(X53, dim=1), ["log_softmax", "dim", "axis"]),
    "mse_loss: shapes": (ValueError, lambda: F.mse_loss(X53, X52), ["mse_loss", "target", "(5, 3)", "(5, 2)"]),
    "mse_loss: would broadcast": (ValueError, lambda: F.mse_loss(X53, X53[0]), ["mse_loss", "(5, 3)", "(3,)"]),
    "mse_loss: target a list": (TypeError, lambda: F.mse_loss(X53, LIST), ["mse_loss", "target", "list"]),
    "mse_loss: target integers": (TypeError, lambda: F.mse_loss(X53, INTS), ["mse_loss", "target", "int64"]),
    "mse_loss: mixed": (TypeError, lambda: F.mse_loss(X53, X32), ["mse_loss", "float64", "float32"]),
    "mse_loss: reduction": (ValueError, lambda: F.mse_loss(X53, X53, "avg"), ["mse_loss", "'avg'", "mean"]),
    "mse_loss: mean of nothing": (ValueError, lambda: F.mse_loss(X53[:0], X53[:0]), ["mse_loss", "mean", "(0, 3)"]),
    "bce: shapes": (
        ValueError,
        lambda: F.binary_cross_entropy_with_logits(X53, X52),
        ["binary_cross_entropy_with_logits", "(5, 3)", "(5, 2)"],
    ),
    "bce: target integers": (
        TypeError,
        lambda: F.binary_cross_entropy_with_logits(X53, INTS),
        ["binary_cross_entropy_with_logits", "target", "int64"],
    ),
    "bce: target booleans": (
        TypeError,
        lambda: F.binary_cross_entropy_with_logits(X53, X53.data > 0),
        ["binary_cross_entropy_with_logits", "target", "bool"],
    ),
    "bce: reduction": (
        ValueError,
        lambda: F.binary_cross_entropy_with_logits(X53, X53, reduction=None),
        ["binary_cross_entropy_with_logits", "None", "sum"],
    ),
    "cross_entropy: label 3 of 3": (
        ValueError,
        lambda: F.cross_entropy(X53, np.array([0, 1, 2, 3, 0])),
        ["cross_entropy", "target", "2"],
    ),
    "cross_entropy: label -1": (
        ValueError,
        lambda: F.cross_entropy(X53, np.array([0, 1, 2, -1, 0])),
        ["cross_entropy", "target", "0"],
    ),
    "cross_entropy: too few labels": (
        ValueError,
        lambda: F.cross_entropy(X53, np.array([0, 1])),
        ["cross_entropy", "(5, 3)", "(2,)"],
    ),
    "cross_entropy: one-hot": (
        TypeError,
        lambda: F.cross_entropy(X53, X53[:, 0]),
        ["cross_entropy", "target", "float64"],
    ),
    "cross_entropy: labels a list": (
        TypeError,
        lambda: F.cross_entropy(X53, [0] * 5),
        ["cross_entropy", "target", "list"],
    ),
    "cross_entropy: 3-D": (
        ValueError,
        lambda: F.cross_entropy(Tensor(np.ones((2, 3, 4))), np.array([0, 1])),
        ["cross_entropy", "(2, 3, 4)"],
    ),
    "cross_entropy: reduction": (
        ValueError,
        lambda: F.cross_entropy(X53, LABELS, reduction="batchmean"),
        ["cross_entropy", "'batchmean'"],
    ),
    "gaussian_kl: shapes": (ValueError, lambda: F.gaussian_kl(X53, X52), ["gaussian_kl", "mu", "log_var", "(5, 2)"]),
    "gaussian_kl: 0-d": (ValueError, lambda: F.gaussian_kl(Tensor(1.0), Tensor(1.0)), ["gaussian_kl", "()"]),
    "gaussian_kl: a list": (TypeError, lambda: F.gaussian_kl(LIST, X53), ["gaussian_kl", "mu", "list"]),
    "gaussian_kl: integers": (TypeError, lambda: F.gaussian_kl(X53, INTS), ["gaussian_kl", "log_var", "int64"]),
    "reparameterize: shapes": (ValueError, lambda: F.reparameterize(X53, X52), ["reparameterize", "(5, 3)", "(5, 2)"]),
    "reparameterize: noise": (
        ValueError,
        lambda: F.reparameterize(X53, X53, eps=EPS[0]),
        ["reparameterize", "eps", "(3,)"],
    ),
    "reparameterize: noise of another dtype": (
        TypeError,
        lambda: F.reparameterize(X32, X32, eps=EPS),
        ["reparameterize", "eps", "float64", "float32"],
    ),
    "reparameterize: mu a list": (TypeError, lambda: F.reparameterize(LIST, X53), ["reparameterize", "mu", "list"]),
    "reparameterize: mu integers": (TypeError, lambda: F.reparameterize(INTS, INTS), ["reparameterize", "mu", "int64"]),
    "reparameterize: mixed": (TypeError, lambda: F.reparameterize(X32, X53), ["reparameterize", "float32", "float64"]),
}
for _op in (F.relu, F.leaky_relu, F.sigmoid, F.softplus, F.log_softmax, F.tanh):
    BAD_CALLS[f"{_op.__name__}: a list"] = (TypeError, lambda op=_op: op(LIST), [_op.__name__, "x", "list"])
    BAD_CALLS[f"{_op.__name__}: integers"] = (
        TypeError,
        lambda op=_op: op(INTS),
        [_op.__name__, "x", "int64", "(5, 3)"],
    )


@pytest.mark.parametrize(("error", "call", "words"), BAD_CALLS.values(), ids=BAD_CALLS)
def test_errors_name_the_op_the_argument_and_what_was_found(error, call, words):
    with pytest.raises(error) as caught:
        call()
    message = str(caught.value)
    assert "\n" not in message and message.startswith(f"{words[0]}: ")
    assert [word for word in words if word not in message] == [], message


@pytest.mark.parametrize("slope", [np.float64(0.2), np.float32(0.2), 0.2, 1], ids=lambda s: type(s).__name__)
def test_the_slope_does_not_change_the_dtype(slope):
    x = leaf([-1.0, 1.0], "float32")
    y = F.leaky_relu(x, slope)
    y.sum().backward()
    assert y.dtype == np.float32
    np.testing.assert_allclose(x.grad, [float(slope), 1.0], rtol=1e-7)


def test_plain_arrays_are_constants():
    x = leaf(X)
    F.mse_loss(x, LOGITS, reduction="sum").backward()
    np.testing.assert_allclose(x.grad, 2 * (X - LOGITS), rtol=1e-15)


def test_labels_may_be_a_tensor_and_of_any_integer_dtype():
    expected = F.cross_entropy(Tensor(LOGITS), LABELS).item()
    for labels in (LABELS.astype("uint8"), LABELS.astype("int32"), Tensor(LABELS)):
        assert F.cross_entropy(Tensor(LOGITS), labels).item() == expected
