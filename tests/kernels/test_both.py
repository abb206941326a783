"""Both kernels, the plain and the fast ones: against loops over single numbers, and what must hold for either."""

import numpy as np
import pytest

import minae
from minae import Tensor, gradcheck
from minae.checker.cases_of_networks import CONVOLUTION, POOLING
from minae.kernels import KERNELS, active, fast, plain
from minae.models import ConvAE, ConvVAE
from tests import strict_device
from tests.kernels import oracles
from tests.kernels.cases import CALLS, CASES, IMAGES, arguments, close, draw, draw_pooling, every_kernel


@pytest.fixture(params=list(KERNELS))
def k(request):
    """The kernels that are tested."""
    return KERNELS[request.param]


# --- against the loops ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", CASES)
def test_conv2d_and_its_adjoints(k, seed):
    x, weight, g, stride, padding = draw(seed)
    kernel = weight.shape[2:]
    close(k.conv2d(x, weight, stride, padding), oracles.conv2d(x, weight, stride, padding))
    close(
        k.conv2d_weight_grad(g, x, kernel, stride, padding),
        oracles.conv2d_weight_grad(g, x, kernel, stride, padding),
    )
    extra = [(n + 2 * p - k) % s for n, p, k, s in zip(x.shape[2:], padding, kernel, stride)]
    close(
        k.conv2d_input_grad(g, weight, stride, padding, x.shape[2:]),
        oracles.conv_transpose2d(g, weight, stride, padding, extra),
    )
    close(k.channel_sum(g), [g[:, channel].sum() for channel in range(g.shape[1])])


@pytest.mark.parametrize("seed", CASES)
def test_pooling_and_its_adjoints(k, seed):
    x, g, *window = draw_pooling(seed)
    y = k.max_pool2d(x, *window)
    assert np.array_equal(y, oracles.max_pool2d(x, *window)[0])
    close(k.max_pool2d_grad(g, x, y, *window), oracles.max_pool2d_grad(g, x, *window))
    close(k.sum_pool2d(x, *window), oracles.sum_pool2d(x, *window))
    close(k.sum_pool2d_grad(g, *window, x.shape[2:]), oracles.sum_pool2d_grad(g, *window, x.shape[2:]))


@pytest.mark.parametrize("factor", [(1, 1), (2, 2), (3, 1), (1, 4), (2, 5)])
def test_upsampling(k, factor):
    x = np.random.default_rng(1).standard_normal((3, 2, 4, 5))
    assert np.array_equal(k.upsample_nearest2d(x, factor), oracles.upsample_nearest2d(x, factor))


def test_the_product_of_linear_layers(k):
    rng = np.random.default_rng(0)
    rows, matrix = rng.standard_normal((5, 3)), rng.standard_normal((3, 2))
    close(k.product(rows, matrix), rows @ matrix)


# --- adjoint identities: <A x, y> = <x, A' y> -------------------------------------------------------------------------


def assert_adjoint(forward, x, y, backward):
    """Both products to 1e-13 of |A x| |y|, or of |x| |A' y|: the sums have the same terms in another order."""
    scale = max(np.linalg.norm(forward) * np.linalg.norm(y), np.linalg.norm(x) * np.linalg.norm(backward))
    assert abs((forward * y).sum() - (x * backward).sum()) <= 1e-13 * scale


@pytest.mark.parametrize("seed", CASES)
def test_adjoint_identities(k, seed):
    x, weight, g, stride, padding = draw(1000 + seed)
    y = k.conv2d(x, weight, stride, padding)
    assert_adjoint(y, x, g, k.conv2d_input_grad(g, weight, stride, padding, x.shape[2:]))
    assert_adjoint(y, weight, g, k.conv2d_weight_grad(g, x, weight.shape[2:], stride, padding))
    x, g, *window = draw_pooling(1000 + seed)
    y = k.max_pool2d(x, *window)
    assert_adjoint(y, x, g, k.max_pool2d_grad(g, x, y, *window))
    assert_adjoint(k.sum_pool2d(x, *window), x, g, k.sum_pool2d_grad(g, *window, x.shape[2:]))
    factor = window[0]
    blocks = k.upsample_nearest2d(x, factor)
    cotangent = np.random.default_rng(seed).standard_normal(blocks.shape)
    assert_adjoint(blocks, x, cotangent, k.sum_pool2d(cotangent, factor, factor, (0, 0)))


# --- every kernel: memory, dtypes, libraries --------------------------------------------------------------------------


@every_kernel
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dtype_stays(k, name, dtype):
    assert CALLS[name](k, *arguments(dtype)).dtype == dtype


@every_kernel
def test_nothing_is_written_into_the_inputs(k, name):
    inputs = arguments()
    before = [array.copy() for array in inputs]
    for array in inputs:
        array.flags.writeable = False
    CALLS[name](k, *inputs)
    for array, copy in zip(inputs, before):
        assert np.array_equal(array, copy)


STRANGE = {  # the same numbers in another memory
    "Fortran order": np.asfortranarray,
    "channels last": lambda x: np.ascontiguousarray(x.transpose(0, 2, 3, 1)).transpose(0, 3, 1, 2),
    "batch last": fast.in_memory_order,
    "every second": lambda x: np.repeat(np.repeat(x, 2, 0), 2, 3)[::2, :, :, ::2],
    "backwards": lambda x: x[::-1, ::-1, ::-1, ::-1].copy()[::-1, ::-1, ::-1, ::-1],
}


@every_kernel
@pytest.mark.parametrize("memory", STRANGE)
def test_memory_in_any_order(k, name, memory):
    inputs = arguments()
    close(CALLS[name](k, *map(STRANGE[memory], inputs)), CALLS[name](k, *inputs))


@every_kernel
def test_broadcast_views(k, name):
    """sum()'s gradient, for one, is a single number with the strides 0."""
    inputs = [np.broadcast_to(array[:1, :1, :1, :1], array.shape) for array in arguments()]
    close(CALLS[name](k, *inputs), CALLS[name](k, *[array.copy() for array in inputs]))


@every_kernel
def test_an_empty_batch(k, name):
    expected = CALLS[name](k, *arguments())
    result = CALLS[name](k, *arguments(batch=0))
    assert result.shape == ((0, *expected.shape[1:]) if name in IMAGES else expected.shape) and not result.any()


@every_kernel
def test_under_the_rules_of_cupy(k, name):
    inputs = arguments(np.float32)
    on_device = [strict_device.asarray(array) for array in inputs]
    with strict_device.count_reads() as reads:
        result = CALLS[name](k, *on_device)
    assert reads.count == 0
    assert isinstance(result, strict_device.ndarray)
    assert np.array_equal(result.get(), CALLS[name](k, *inputs))


# --- choosing them ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", [*CONVOLUTION, *POOLING], ids=lambda case: case.name)
def test_gradients_of_the_plain_kernels(case):
    with minae.use_kernels("plain"):
        report = gradcheck(case.f, *case.make_inputs(np.random.default_rng(0)), raise_on_failure=False)
    assert report.ok or ("no images" in case.name and report.is_empty), report


@pytest.mark.parametrize("model", [ConvAE, ConvVAE])
def test_a_network_gives_the_same_with_both(model):
    """Losses and gradients to rounding, in float64."""
    x = np.random.default_rng(0).random((5, 1, 28, 28))
    found = []
    for name in KERNELS:
        with minae.use_kernels(name):
            network = model(rng=0).to(dtype=np.float64)
            loss = network.losses(Tensor(x), rng=np.random.default_rng(1))["loss"]
            loss.backward()
        found.append([loss.data, *(parameter.grad for parameter in network.parameters())])
    for a, b in zip(*found, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-10, atol=1e-10 * np.abs(b).max())


def test_the_choice_lasts_until_another_one_or_the_end_of_the_block():
    assert active() is fast
    with minae.use_kernels("plain"):
        assert active() is plain
        with minae.use_kernels("fast"):
            assert active() is fast
        assert active() is plain
    assert active() is fast
    minae.use_kernels("plain")
    assert active() is plain
    minae.use_kernels("fast")
    assert active() is fast


def test_a_graph_goes_back_by_the_kernels_it_came_by(monkeypatch):
    """Whatever is chosen in between."""
    called = []
    for name, kernels in KERNELS.items():
        original = kernels.channel_sum
        monkeypatch.setattr(kernels, "channel_sum", lambda g, n=name, f=original: called.append(n) or f(g))
    weight, bias = Tensor(np.ones((1, 1, 2, 2)), True), Tensor(np.ones(1), True)
    with minae.use_kernels("plain"):
        y = minae.functional.conv2d(Tensor(np.ones((1, 1, 3, 3))), weight, bias).sum()
    y.backward()
    assert called == ["plain"]


@pytest.mark.parametrize("name", ["slow", "", None, 3])
def test_there_are_no_others(name):
    with pytest.raises(ValueError, match="use_kernels: expected 'plain' or 'fast', found "):
        minae.use_kernels(name)
    assert active() is fast


def test_both_have_the_same_functions():
    def public(kernels):
        return {
            name for name, value in vars(kernels).items() if callable(value) and value.__module__ == kernels.__name__
        }

    shared = {name for name in public(plain) & public(fast) if not name.startswith("_")}
    assert {name for name in public(fast) if not name.startswith("_")} == shared
    assert public(plain) - shared == {"pad", "unpad", "taps", "product_of"}
