"""How many threads BLAS has, and the line that says when several lose to one."""

import os
import subprocess
import sys

import pytest
from threadpoolctl import threadpool_limits

from minae.cli import main
from minae.cli import train as train_command
from minae.support import threads


@pytest.fixture
def two_threads():
    with threadpool_limits(2, user_api="blas"):
        if threads.blas_threads() != 2:
            pytest.fail("this BLAS cannot have two threads, so nothing here is tested")
        yield


def clock(together, alone):
    """Seconds that depend on how many threads there are at that moment."""
    return lambda: alone if threads.blas_threads() == 1 else together


def test_limited_inside_and_as_before_outside(two_threads):
    with threads.limited(1):
        assert threads.blas_threads() == 1
    assert threads.blas_threads() == 2
    with threads.limited(None):
        assert threads.blas_threads() == 2


@pytest.mark.parametrize(
    ("together", "told"), [(0.5, False), (1.0, False), (1.09, False), (1.1, True), (1.5, True), (29.3, True)]
)
def test_it_says_so_when_two_threads_lose_to_one(two_threads, together, told):
    line = threads.advice(clock(together, 1.0))
    assert (line is not None) == told
    if line:
        assert f"2 BLAS threads take {together:.1f} times as long as one" in line and "--threads 1" in line
    assert threads.blas_threads() == 2


def test_one_slow_measurement_is_no_reason(two_threads):
    seconds = iter([9.0, 1.0] + [1.0] * 100)
    assert threads.advice(lambda: next(seconds)) is None


def test_one_thread_needs_no_advice():
    with threads.limited(1):
        assert threads.advice(lambda: pytest.fail("measured")) is None


def test_it_measures_matrix_products(two_threads):
    told = threads.advice()  # once: on a busy machine the next answer may be another
    assert told is None or "--threads 1" in told
    assert 0 < threads._seconds() < 5


def test_the_command_has_as_many_threads_as_asked(two_threads, tmp_path, monkeypatch, capsys):
    counts = []
    monkeypatch.setattr(train_command, "_report", lambda *args: counts.append(threads.blas_threads()))
    monkeypatch.setattr(train_command, "advice", lambda: "this machine is busy")
    command = ["train", "vae", "--limit", "20", "--epochs", "1", "--hidden", "2", "--out", str(tmp_path / "run")]
    assert main([*command, "--threads", "1"]) == 0
    assert "busy" not in capsys.readouterr().out, "who has chosen needs no advice"
    assert main([*command, "--overwrite"]) == 0
    assert "this machine is busy\n" in capsys.readouterr().out
    assert counts == [1, 2] and threads.blas_threads() == 2


@pytest.mark.parametrize("value", ["0", "-1", "1.5", "all"])
def test_wrong_counts(capsys, value):
    with pytest.raises(SystemExit):
        main(["evaluate", "run", "--threads", value])
    assert "argument --threads: expected a whole number of at least 1" in capsys.readouterr().err


def test_importing_minae_does_not_need_it():
    code = "import sys, minae, minae.support.threads; assert 'threadpoolctl' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", code], env=os.environ).returncode == 0
