"""log1p and expm1 against float64's, over everything that float32 can hold."""

import numpy as np
import pytest

from minae import Tensor
from minae import functional as F
from minae.support import logarithms

FEW_ULP = 4
FUNCTIONS = pytest.mark.parametrize("name", ["log1p", "expm1"])


@pytest.fixture(params=["NumPy's own", "made of log, exp and tanh"])
def made_of_others(request, monkeypatch):
    """Both ways, whatever processor the test runs on."""
    here = request.param == "made of log, exp and tanh"
    monkeypatch.setattr(logarithms, "_avx2_is_the_best", lambda: here)
    return here


def numbers(name):
    """Of all sizes and of both signs, where the result is finite; many near 0 and near -1."""
    rng = np.random.default_rng(0)
    sizes = 10.0 ** rng.uniform(-37, 38, 20_000)
    near = rng.uniform(-1, 1, 20_000)
    x = np.concatenate([sizes, -sizes, near, 10 * near, near**9, near**15 - 1, 1e-7 * near]).astype(np.float32)
    return x[x > -1] if name == "log1p" else x[np.abs(x) < 88]


@FUNCTIONS
def test_to_a_few_units_in_the_last_place(name, made_of_others):
    x = numbers(name)
    found, exact = getattr(logarithms, name)(x), getattr(np, name)(x.astype(np.float64))
    assert found.dtype == np.float32
    errors = np.abs(found - exact) / np.spacing(np.abs(exact.astype(np.float32))).astype(np.float64)
    assert errors.max() <= FEW_ULP, (x[errors.argmax()], errors.max())


@FUNCTIONS
@pytest.mark.filterwarnings("ignore:divide by zero:RuntimeWarning", "ignore:overflow:RuntimeWarning")
def test_the_ends(name, made_of_others):
    x = np.array([np.inf, -1, 0, np.nan, -np.inf, 100, -200, 3e38], np.float32)
    x = x[~(x < -1)] if name == "log1p" else x
    np.testing.assert_allclose(getattr(logarithms, name)(x), getattr(np, name)(x), rtol=1e-6)


@FUNCTIONS
@pytest.mark.parametrize("shape", [(), (0,), (1,), (3, 5, 7)], ids=str)
@pytest.mark.parametrize("order", [lambda x: x, np.transpose, lambda x: np.broadcast_to(x, (2, *x.shape))])
def test_shapes_and_memory_order(name, shape, order, made_of_others):
    x = order(np.random.default_rng(0).random(shape, dtype=np.float32))
    before = x.copy()
    found = getattr(logarithms, name)(x)
    np.testing.assert_allclose(found, getattr(np, name)(before), rtol=1e-6)
    assert found.shape == x.shape and (x == before).all()


@FUNCTIONS
def test_float64_is_numpys(name, made_of_others):
    x = np.random.default_rng(0).uniform(-0.9, 3, 100)
    assert (getattr(logarithms, name)(x) == getattr(np, name)(x)).all()


def test_a_loss_is_the_same_both_ways(monkeypatch):
    """A logit of 40 costs e^-40, not 0, whichever way the logarithm goes."""
    logits, ones = Tensor(np.array([-3, -0.1, 0, 2, 17, 40], np.float32)), Tensor(np.ones(6, np.float32))
    exact = np.log1p(np.exp(-logits.data.astype(np.float64)))
    for here in (False, True):
        monkeypatch.setattr(logarithms, "_avx2_is_the_best", lambda here=here: here)
        found = F.binary_cross_entropy_with_logits(logits, ones, reduction="none")
        np.testing.assert_allclose(found.data, exact, rtol=1e-6)


@pytest.mark.parametrize(
    ("platform", "found", "slow"),
    [
        ("linux", ["X86_V3"], True),
        ("linux", ["X86_V3", "X86_V4", "AVX512_ICL"], False),
        ("win32", ["X86_V3", "X86_V4"], True),
        ("linux", ["AVX", "FMA3", "AVX2"], True),
        ("linux", ["AVX2", "AVX512F", "AVX512_SKX"], False),
        ("darwin", ["NEON", "NEON_FP16"], False),
        ("linux", [], False),
    ],
)
def test_which_processors_go_one_number_at_a_time(monkeypatch, platform, found, slow):
    monkeypatch.setattr(logarithms.sys, "platform", platform)
    monkeypatch.setattr(np, "show_config", lambda mode: {"SIMD Extensions": {"found": found}})
    assert logarithms._avx2_is_the_best.__wrapped__() is slow
