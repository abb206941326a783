"""The script for people with a GPU: it runs through on the stand-in, sees a difference, and says so without a GPU."""

import numpy as np
import pytest

from benchmarks import gpu_parity
from tests import strict_device


def test_all_ops_and_a_training_agree_on_the_stand_in(capsys):
    assert gpu_parity.compare(strict_device), capsys.readouterr().out


def test_a_library_that_computes_otherwise_is_noticed(monkeypatch, capsys):
    exp = strict_device.exp
    monkeypatch.setattr(strict_device, "exp", lambda x: exp(x) * (1 + 1e-9), raising=False)
    assert not gpu_parity.compare(strict_device)
    assert "MORE THAN" in capsys.readouterr().out


def test_without_a_gpu_it_says_what_to_do(capsys):
    try:
        import cupy

        cupy.cuda.runtime.getDevice()
    except Exception:
        assert gpu_parity.main() == 1
        assert "cuda" in capsys.readouterr().err
    else:
        assert gpu_parity.main() == 0


@pytest.mark.parametrize(("found", "difference"), [([1.0, 2.0], 0.0), ([1.0, 2.2], 0.1), ([], 0.0)])
def test_relative_difference(found, difference):
    expected = np.array([1.0, 2.0])[: len(found)]
    assert gpu_parity.relative_difference(np.array(found), expected) == pytest.approx(difference)
