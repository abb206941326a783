"""The benchmark of several processes: its formula, and that it runs."""

import sys

import pytest

from benchmarks import shares


def test_the_sum_of_several_messages_by_hand():
    """Four processes, 800 bytes: halves and quarters there and back, 2 (400 + 200) bytes in 4 messages."""
    assert shares.allreduce_time(4, 800, latency=3.0, bandwidth=100.0) == pytest.approx(4 * 3.0 + 1200 / 100)
    assert shares.allreduce_time(3, 900, latency=3.0, bandwidth=100.0) == pytest.approx(4 * 3.0 + 1200 / 100)
    assert shares.allreduce_time(1, 800, latency=3.0, bandwidth=100.0) == 0


def test_latency_and_bandwidth_give_the_times_that_they_are_fitted_to():
    times = {size: shares.allreduce_time(2, size, latency=2e-6, bandwidth=3e9) for size in (16, 256, 10**7)}
    latency, bandwidth = shares.fitted(times)
    assert bandwidth == pytest.approx(3e9)
    assert latency == pytest.approx(2e-6, rel=2e-3)  # the smallest message has 16 bytes


@pytest.mark.slow
def test_it_runs(capsys, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["shares", "--rounds", "1"])
    shares.main()
    out = capsys.readouterr().out
    assert all(f"{network.name}, batch 128: one " in out for network in shares.NETWORKS)
    assert out.count(" 1 Gbit/s, the batch divided") == 3
