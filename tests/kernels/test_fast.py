"""What is special about the fast kernels: blocks, ways of computing, and the memory that results lie in."""

import tracemalloc

import numpy as np
import pytest

from minae.kernels import fast as kernels
from tests.kernels import oracles
from tests.kernels.cases import CALLS, CASES, arguments, close, draw, every_image

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


@pytest.mark.parametrize(("outputs", "taps", "exchanged"), [(3, 1, 1), (4, 0, 1), (7, 0, 1), (8, 0, 0), (9, 0, 0)])
def test_which_way_is_taken_from_eight_channels(outputs, taps, exchanged, monkeypatch):
    """To fewer than half as many channels by taps. The weight's gradient copies the windows of whichever is smaller."""
    calls = []
    for name in ("_conv2d_by_taps", "_flip"):
        way = getattr(kernels, name)
        monkeypatch.setattr(kernels, name, lambda *args, name=name, way=way: calls.append(name) or way(*args))
    rng = np.random.default_rng(0)
    x, weight = rng.standard_normal((2, 8, 6, 5)), rng.standard_normal((outputs, 8, 3, 3))
    y = kernels.conv2d(x, weight, (1, 1), (1, 1))
    assert calls.count("_conv2d_by_taps") == taps
    kernels.conv2d_weight_grad(y, x, (3, 3), (1, 1), (1, 1))
    assert calls.count("_flip") == exchanged


@pytest.mark.parametrize("start", range(-9, 10))
def test_overlap_of_taps_and_image(start):
    for size, output, stride in np.ndindex(7, 7, 5):
        stride += 1
        expected = [(start + p * stride, p) for p in range(output) if 0 <= start + p * stride < size]
        into, out = kernels._overlap(size, output, stride, start)
        assert list(zip(range(size)[into], range(output)[out], strict=True)) == expected


# --- memory -----------------------------------------------------------------------------------------------------------


@every_image
def test_results_lie_batch_last(name):
    result = CALLS[name](kernels, *arguments())
    assert result.transpose(1, 2, 3, 0).flags.c_contiguous
    assert np.shares_memory(kernels.in_memory_order(result), result)  # the next layer copies nothing,
    assert np.shares_memory(result.reshape(len(result), -1), result)  # nor does flattening,
    assert (np.maximum(result, 0) * 2).strides == result.strides  # and elementwise functions keep the order


@every_image
def test_batch_last_inputs_are_not_copied(name, monkeypatch):
    inputs = [kernels.in_memory_order(array) if array.shape[1] > 1 else array for array in arguments()]
    copied = []

    def ascontiguousarray(array, contiguous=np.ascontiguousarray):
        copied.append(not np.shares_memory(result := contiguous(array), array))
        return result

    monkeypatch.setattr(np, "ascontiguousarray", ascontiguousarray)
    CALLS[name](kernels, inputs[0], inputs[1], inputs[2])
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
    x = kernels.in_memory_order(np.zeros((8, 16, 32, 32), np.float32))
    windows = kernels._windows(x, (3, 3), (1, 1), (0, 0))
    assert peak_memory(next, windows) < 3.1 * x.nbytes


@pytest.mark.parametrize("outputs, stride", [(4, (1, 1)), (1, (1, 1)), (4, (2, 2))])
def test_large_images_need_little_memory_beside_their_results(outputs, stride, monkeypatch):
    monkeypatch.setattr(kernels, "WORKSPACE", 2**18)
    x = kernels.in_memory_order(np.zeros((4, 4, 200, 64)))
    weight = np.zeros((outputs, 4, 5, 5))
    y = kernels.conv2d(x, weight, stride, (2, 2))
    beside = 4 * 2**18  # a block, the one before, which is let go after it, and the rows that they share; not 8 MB
    assert peak_memory(kernels.conv2d, x, weight, stride, (2, 2)) < y.nbytes + beside
    assert peak_memory(kernels.conv2d_weight_grad, y, x, (5, 5), stride, (2, 2)) < beside
    assert peak_memory(kernels.conv2d_input_grad, y, weight, stride, (2, 2), (200, 64)) < x.nbytes + beside
