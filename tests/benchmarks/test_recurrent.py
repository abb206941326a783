"""The benchmark of a GRU beside PyTorch's: that it runs, and compares the same layer."""

import numpy as np

from benchmarks import recurrent


def test_it_runs(capsys):
    recurrent.main(["--rounds", "1", "--units", "3", "5"])
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line.endswith("units")] == ["3 units", "5 units"]
    assert [line.split()[0] for line in lines[4:7]] == ["minae", "by", "PyTorch"]
    assert lines[6].endswith("1.00 (1.00 to 1.00)      1.00 (1.00 to 1.00)")


def test_all_three_ways_compute_one_thing():
    rng = np.random.default_rng(0)
    layer = recurrent.minae.nn.GRU(3, 2, rng=0)
    x, g = (rng.standard_normal((5, 7, n)).astype(np.float32) for n in (3, 2))
    gradients = []
    for kernels in ("fast", "plain"):
        recurrent.with_minae(kernels, layer, x, g)()
        gradients.append([weight.grad for weight in layer.parameters()])
    twin = recurrent.twin_of(layer)
    recurrent.with_pytorch(twin, x, g)()
    gradients.append([weight.grad.numpy() for weight in twin.parameters()])
    for fast, plain, theirs in zip(*gradients, strict=True):
        np.testing.assert_allclose(fast, plain, rtol=1e-4, atol=1e-5)
        np.testing.assert_allclose(fast, theirs, rtol=1e-4, atol=1e-5)
