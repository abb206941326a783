"""The fast kernels against plain loops, against each other by adjoint identities, and the memory they lie in."""

import tracemalloc

import numpy as np
import pytest

from minae import kernels
from minae.backend import register_library
from tests import oracles, strict_device

CASES = range(60)


def draw(seed):
    """Random small arguments of a convolution: uneven pairs, every size from 1, now and then the extremes."""
    rng = np.random.default_rng(seed)

    def pair(low, high):
        return int(rng.integers(low, high + 1)), int(rng.integers(low, high + 1))

    size, padding, stride = pair(1, 7), pair(0, 3), pair(1, 4)
    largest = size[0] + 2 * padding[0], size[1] + 2 * padding[1]
    kernel = largest if rng.random() < 0.15 else tuple(int(rng.integers(1, min(n, 4) + 1)) for n in largest)
    batch, channels, outputs = (int(n) for n in rng.choice([1, 2, 3, 5], 3))
    x = rng.standard_normal((batch, channels, *size))
    weight = rng.standard_normal((outputs, channels, *kernel))
    g = rng.standard_normal((batch, outputs, *kernels.output_size(size, kernel, stride, padding)))
    return x, weight, g, stride, padding


def draw_pooling(seed):
    """The same for a pooling: the padding at most half of the kernel; half of the images have many equal numbers."""
    rng = np.random.default_rng(seed)
    kernel = tuple(int(n) for n in rng.integers(1, 5, 2))
    padding = tuple(int(rng.integers(0, k // 2 + 1)) for k in kernel)
    stride = kernel if rng.random() < 0.3 else tuple(int(n) for n in rng.integers(1, 5, 2))
    size = tuple(int(rng.integers(max(1, k - 2 * p), 9)) for k, p in zip(kernel, padding))
    shape = (*(int(n) for n in rng.choice([1, 2, 3], 2)), *size)
    x = rng.standard_normal(shape) if rng.random() < 0.5 else rng.integers(0, 3, shape).astype(float)
    g = rng.standard_normal((*shape[:2], *kernels.output_size(size, kernel, stride, padding)))
    return x, g, kernel, stride, padding


def close(result, expected):
    np.testing.assert_allclose(result, expected, rtol=1e-12, atol=1e-12)


# --- against the plain loops ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("workspace", [kernels.WORKSPACE, 1, 1000])
@pytest.mark.parametrize("seed", CASES)
def test_conv2d_and_its_adjoints(seed, workspace, monkeypatch):
    """In one block, row by row, and in blocks between."""
    monkeypatch.setattr(kernels, "WORKSPACE", workspace)
    x, weight, g, stride, padding = draw(seed)
    kernel = weight.shape[2:]
    y = oracles.conv2d(x, weight, stride, padding)
    close(kernels.conv2d(x, weight, stride, padding), y)
    close(kernels._conv2d_by_taps(x, weight, stride, padding), y)
    close(
        kernels.conv2d_weight_grad(g, x, kernel, stride, padding),
        oracles.conv2d_weight_grad(g, x, kernel, stride, padding),
    )
    extra = [(n + 2 * p - k) % s for n, p, k, s in zip(x.shape[2:], padding, kernel, stride)]
    close(
        kernels.conv2d_input_grad(g, weight, stride, padding, x.shape[2:]),
        oracles.conv_transpose2d(g, weight, stride, padding, extra),
    )


def test_the_random_cases_reach_every_way_of_computing(monkeypatch):
    taken = {"by windows": 0, "by taps": 0, "exchanged": 0}
    by_taps, flip = kernels._conv2d_by_taps, kernels._flip

    def count(way, function):
        return lambda *args: taken.update({way: taken[way] + 1}) or function(*args)

    monkeypatch.setattr(kernels, "_conv2d_by_taps", count("by taps", by_taps))
    for seed in CASES:
        x, weight, g, stride, padding = draw(seed)
        kernels.conv2d(x, weight, stride, padding)
    taken["by windows"] = len(CASES) - taken["by taps"]
    monkeypatch.setattr(kernels, "_flip", count("exchanged", flip))
    for seed in CASES:
        x, weight, g, stride, padding = draw(seed)
        kernels.conv2d_weight_grad(g, x, weight.shape[2:], stride, padding)
    assert min(taken.values()) >= 3, taken


@pytest.mark.parametrize("seed", CASES)
def test_pooling_and_its_adjoints(seed):
    x, g, *window = draw_pooling(seed)
    y = kernels.max_pool2d(x, *window)
    assert np.array_equal(y, oracles.max_pool2d(x, *window)[0])
    close(kernels.max_pool2d_grad(g, x, y, *window), oracles.max_pool2d_grad(g, x, *window))
    close(kernels.sum_pool2d(x, *window), oracles.sum_pool2d(x, *window))
    close(kernels.sum_pool2d_grad(g, *window, x.shape[2:]), oracles.sum_pool2d_grad(g, *window, x.shape[2:]))


@pytest.mark.parametrize("factor", [(1, 1), (2, 2), (3, 1), (1, 4), (2, 5)])
def test_upsampling(factor):
    x = np.random.default_rng(1).standard_normal((3, 2, 4, 5))
    assert np.array_equal(kernels.upsample_nearest2d(x, factor), oracles.upsample_nearest2d(x, factor))


@pytest.mark.parametrize("start", range(-9, 10))
def test_overlap_of_taps_and_image(start):
    for size, output, stride in np.ndindex(7, 7, 5):
        stride += 1
        expected = [(start + p * stride, p) for p in range(output) if 0 <= start + p * stride < size]
        into, out = kernels._overlap(size, output, stride, start)
        assert list(zip(range(size)[into], range(output)[out], strict=True)) == expected


# --- adjoint identities: <A x, y> = <x, A' y> -------------------------------------------------------------------------


def assert_adjoint(forward, x, y, backward):
    """Both products to 1e-13 of |A x| |y|, or of |x| |A' y|: the sums have the same terms in another order."""
    scale = max(np.linalg.norm(forward) * np.linalg.norm(y), np.linalg.norm(x) * np.linalg.norm(backward))
    assert abs((forward * y).sum() - (x * backward).sum()) <= 1e-13 * scale


@pytest.mark.parametrize("seed", CASES)
def test_adjoint_identities(seed):
    x, weight, g, stride, padding = draw(1000 + seed)
    y = kernels.conv2d(x, weight, stride, padding)
    assert_adjoint(y, x, g, kernels.conv2d_input_grad(g, weight, stride, padding, x.shape[2:]))
    assert_adjoint(y, weight, g, kernels.conv2d_weight_grad(g, x, weight.shape[2:], stride, padding))
    x, g, *window = draw_pooling(1000 + seed)
    y = kernels.max_pool2d(x, *window)
    assert_adjoint(y, x, g, kernels.max_pool2d_grad(g, x, y, *window))
    assert_adjoint(kernels.sum_pool2d(x, *window), x, g, kernels.sum_pool2d_grad(g, *window, x.shape[2:]))
    factor = window[0]
    blocks = kernels.upsample_nearest2d(x, factor)
    cotangent = np.random.default_rng(seed).standard_normal(blocks.shape)
    assert_adjoint(blocks, x, cotangent, kernels.sum_pool2d(cotangent, factor, factor, (0, 0)))


# --- every kernel: memory, dtypes, libraries --------------------------------------------------------------------------

X, G = (3, 4, 6, 5), (3, 2, 6, 5)
STEP, PAD = (1, 1), (1, 1)
KERNELS = {  # what is called on x, the weight and g; x and g as (N, C, H, W)
    "conv2d": lambda x, w, g: kernels.conv2d(x, w, STEP, PAD),
    "conv2d by taps": lambda x, w, g: kernels.conv2d(x, w[:1], STEP, PAD),
    "conv2d with stride": lambda x, w, g: kernels.conv2d(x, w, (2, 3), PAD),
    "conv2d_input_grad": lambda x, w, g: kernels.conv2d_input_grad(g, w, STEP, PAD, (6, 5)),
    "conv2d_input_grad with stride": lambda x, w, g: kernels.conv2d_input_grad(g, w, (2, 3), PAD, (12, 14)),
    "conv2d_weight_grad": lambda x, w, g: kernels.conv2d_weight_grad(g, x[:, :1], (3, 3), STEP, PAD),
    "conv2d_weight_grad exchanged": lambda x, w, g: kernels.conv2d_weight_grad(g, x, (3, 3), STEP, PAD),
    "channel_sum": lambda x, w, g: kernels.channel_sum(g),
    "max_pool2d": lambda x, w, g: kernels.max_pool2d(x, (2, 3), (1, 2), PAD),
    "max_pool2d_grad": lambda x, w, g: kernels.max_pool2d_grad(
        x[:, :2, :3, :2], g, kernels.max_pool2d(g, (2, 2), (2, 2), (0, 0)), (2, 2), (2, 2), (0, 0)
    ),
    "max_pool2d_grad of overlaps": lambda x, w, g: kernels.max_pool2d_grad(
        x[:, :2, :5, :4], g, kernels.max_pool2d(g, (2, 2), STEP, (0, 0)), (2, 2), STEP, (0, 0)
    ),
    "sum_pool2d": lambda x, w, g: kernels.sum_pool2d(x, (2, 3), (1, 2), PAD),
    "sum_pool2d_grad": lambda x, w, g: kernels.sum_pool2d_grad(g, (2, 2), (2, 2), (0, 0), (12, 10)),
    "upsample_nearest2d": lambda x, w, g: kernels.upsample_nearest2d(x, (2, 3)),
}
IMAGES = sorted(set(KERNELS) - {"conv2d_weight_grad", "conv2d_weight_grad exchanged", "channel_sum"})
every_kernel = pytest.mark.parametrize("name", KERNELS)
every_image = pytest.mark.parametrize("name", IMAGES)


def arguments(dtype=np.float64, batch=3):
    rng = np.random.default_rng(2)
    return [rng.standard_normal(shape).astype(dtype) for shape in ((batch, *X[1:]), (2, 4, 3, 3), (batch, *G[1:]))]


@every_kernel
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dtype_stays(name, dtype):
    assert KERNELS[name](*arguments(dtype)).dtype == dtype


@every_kernel
def test_nothing_is_written_into_the_inputs(name):
    inputs = arguments()
    before = [array.copy() for array in inputs]
    for array in inputs:
        array.flags.writeable = False
    KERNELS[name](*inputs)
    for array, copy in zip(inputs, before):
        assert np.array_equal(array, copy)


STRANGE = {  # the same numbers in another memory
    "Fortran order": np.asfortranarray,
    "channels last": lambda x: np.ascontiguousarray(x.transpose(0, 2, 3, 1)).transpose(0, 3, 1, 2),
    "batch last": kernels.batch_last,
    "every second": lambda x: np.repeat(np.repeat(x, 2, 0), 2, 3)[::2, :, :, ::2],
    "backwards": lambda x: x[::-1, ::-1, ::-1, ::-1].copy()[::-1, ::-1, ::-1, ::-1],
}


@every_kernel
@pytest.mark.parametrize("memory", STRANGE)
def test_memory_in_any_order(name, memory):
    inputs = arguments()
    close(KERNELS[name](*map(STRANGE[memory], inputs)), KERNELS[name](*inputs))


@every_kernel
def test_broadcast_views(name):
    """sum()'s gradient, for one, is a single number with the strides 0."""
    inputs = [np.broadcast_to(array[:1, :1, :1, :1], array.shape) for array in arguments()]
    close(KERNELS[name](*inputs), KERNELS[name](*[array.copy() for array in inputs]))


@every_kernel
def test_an_empty_batch(name):
    expected = KERNELS[name](*arguments())
    result = KERNELS[name](*arguments(batch=0))
    assert result.shape == ((0, *expected.shape[1:]) if name in IMAGES else expected.shape) and not result.any()


@every_image
def test_results_lie_batch_last(name):
    result = KERNELS[name](*arguments())
    assert result.transpose(1, 2, 3, 0).flags.c_contiguous
    assert np.shares_memory(kernels.batch_last(result), result)  # the next layer copies nothing,
    assert np.shares_memory(result.reshape(len(result), -1), result)  # nor does flattening,
    assert (np.maximum(result, 0) * 2).strides == result.strides  # and elementwise functions keep the order


@every_image
def test_batch_last_inputs_are_not_copied(name, monkeypatch):
    inputs = [kernels.batch_last(array) if array.shape[1] > 1 else array for array in arguments()]
    copied = []

    def ascontiguousarray(array, contiguous=np.ascontiguousarray):
        copied.append(not np.shares_memory(result := contiguous(array), array))
        return result

    monkeypatch.setattr(np, "ascontiguousarray", ascontiguousarray)
    KERNELS[name](inputs[0], inputs[1], inputs[2])
    expected = name.startswith("max_pool2d_grad")  # there a part of x is cut out above
    assert any(copied) == expected


def peak_memory(function, *args):
    tracemalloc.start()
    function(*args)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def test_windows_copy_each_number_once_for_each_column_of_the_kernel(monkeypatch):
    """And not once for each of its places: memory of 3 images for a 3x3 kernel, and not of 9."""
    monkeypatch.setattr(kernels, "WORKSPACE", 2**30)
    x = kernels.batch_last(np.zeros((8, 16, 32, 32), np.float32))
    windows = kernels._windows(x, (3, 3), (1, 1), (0, 0))
    assert peak_memory(next, windows) < 3.1 * x.nbytes


@pytest.mark.parametrize("outputs, stride", [(4, (1, 1)), (1, (1, 1)), (4, (2, 2))])
def test_large_images_need_little_memory_beside_their_results(outputs, stride, monkeypatch):
    monkeypatch.setattr(kernels, "WORKSPACE", 2**18)
    x = kernels.batch_last(np.zeros((4, 4, 200, 64)))
    weight = np.zeros((outputs, 4, 5, 5))
    y = kernels.conv2d(x, weight, stride, (2, 2))
    beside = 4 * 2**18  # a block, the one before, which is let go after it, and the rows that they share; not 8 MB
    assert peak_memory(kernels.conv2d, x, weight, stride, (2, 2)) < y.nbytes + beside
    assert peak_memory(kernels.conv2d_weight_grad, y, x, (5, 5), stride, (2, 2)) < beside
    assert peak_memory(kernels.conv2d_input_grad, y, weight, stride, (2, 2), (200, 64)) < x.nbytes + beside


@every_kernel
def test_under_the_rules_of_cupy(name):
    register_library(strict_device.ndarray, strict_device)
    inputs = arguments(np.float32)
    on_device = [strict_device.asarray(array) for array in inputs]
    with strict_device.count_reads() as reads:
        result = KERNELS[name](*on_device)
    assert reads.count == 0
    assert isinstance(result, strict_device.ndarray)
    assert np.array_equal(result.get(), KERNELS[name](*inputs))
