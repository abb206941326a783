"""What several processes gain: `python -m benchmarks.shares` (it needs `pip install -e '.[mpi]'`).

Two processes on this machine, with one BLAS thread each, measure `allreduce` by the size of its message; a step of two
processes beside that of one, in turns; and steps of one process by the number of images. From these, and from the
latency and bandwidth of a network, it computes what a step would take with up to 64 processes (`allreduce_time`).
"""

import argparse
import json
import math
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from minae.support.processes import launched
from minae.training.loop import train_epoch
from minae.training.shares import Alone, Team

from . import networks, with_minae
from .networks import Network
from .run import ROOT, THREADS, processor

NETWORKS = (networks.DENSE_VAE, networks.CONV_AE, networks.CONV_VAE)
BATCH = 128
COUNTS = (1, 2, 4, 8, 16, 32, 64)  # of processes
MESSAGES = tuple(4**power for power in range(2, 12))  # bytes
LOSSES = 24  # bytes: three float64 are added up in every step, besides the gradients
STEPS = 10  # of one, before it is the other's turn
# Seconds until a message arrives, and bytes per second: what networks of these names usually reach. Not measured.
ASSUMED = {"1 Gbit/s": (50e-6, 0.94e9 / 8), "10 Gbit/s": (20e-6, 9.4e9 / 8)}


def allreduce_time(count: int, size: int, latency: float, bandwidth: float) -> float:
    """Seconds until `count` processes have the sum of their messages of `size` bytes.

    2 ⌈log₂ P⌉ latency + 2 (P - 1) / P size / bandwidth: pairs exchange halves and add, then quarters, and so on, until
    each has 1/P of the sum; then the same way back. No other way sends fewer bytes.
    Source: Thakur, Rabenseifner & Gropp 2005, "Optimization of Collective Communication Operations in MPICH", 4.5.
    """
    return 2 * math.ceil(math.log2(count)) * latency + 2 * (count - 1) / count * size / bandwidth


def fitted(times: dict[int, float]) -> tuple[float, float]:
    """The latency and bandwidth with which the formula gives the smallest and the largest message's time (P = 2)."""
    smallest, largest = min(times), max(times)
    return times[smallest] / 2, (largest - smallest) / (times[largest] - times[smallest])


# --- what the two processes do ----------------------------------------------------------------------------------------


def measure(rounds: int) -> dict[str, Any]:
    """What process 0 finds. The other one takes its part in it, and sleeps while process 0 works alone."""
    from mpi4py import MPI

    both, alone = Team(MPI.COMM_WORLD), Team(MPI.COMM_SELF)
    found: dict[str, Any] = {"allreduce": allreduce_times(both, rounds)}
    for network in NETWORKS:
        turns = {"one": (BATCH, Alone()), "two": (BATCH, both)}
        turns |= {str(BATCH // count): (BATCH // count, alone) for count in COUNTS}
        steps = {name: trainer(network, *turn) for name, turn in turns.items()}
        times: dict[str, list[list[tuple[float, float]]]] = {name: [] for name in steps}
        for _ in range(rounds):
            for name, step in steps.items():
                both.wait()
                if name == "two" or both.rank == 0:
                    times[name].append(step())
        both.wait()
        found[network.name] = times
    return found


def allreduce_times(team: Team, rounds: int) -> dict[int, list[float]]:
    """Seconds by bytes."""
    times: dict[int, list[float]] = {size: [] for size in MESSAGES}
    for _ in range(rounds):
        for size, found in times.items():
            message = np.ones(size // 4, np.float32)
            for _ in range(max(3, min(100, 10**6 // size))):
                team.comm.Barrier()
                start = time.perf_counter()
                team.sum_of_all(message)
                found.append(time.perf_counter() - start)
    return times


def trainer(network: Network, batch: int, team: Alone) -> Callable[[], list[tuple[float, float]]]:
    """A function that takes STEPS steps, and returns the seconds of each, by the clock and of this processor's work."""
    model = with_minae.make_model(network, networks.weights(network))
    images, optimizers = networks.images(network, batch * STEPS), model.optimizers(1e-3)
    options: dict[str, Any] = {"batch_size": batch, "shuffle_rng": None, "team": team}

    def steps() -> list[tuple[float, float]]:
        moments = [(time.perf_counter(), time.process_time())]
        options["after_step"] = lambda loss: moments.append((time.perf_counter(), time.process_time()))
        train_epoch(model, optimizers, (images, None), noise_rng=np.random.default_rng(0), **options)
        return [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(moments)]

    steps()  # to warm up
    return steps


# --- what follows from it ---------------------------------------------------------------------------------------------


def report(found: dict[str, Any]) -> list[str]:
    times = {int(size): float(np.quantile(seconds, 0.1)) for size, seconds in found["allreduce"].items()}
    latency, bandwidth = fitted(times)
    lines = [f"{processor()}, {os.cpu_count()} cores; two processes of one thread each"]
    lines.append("allreduce, µs (the fastest tenth): " + ", ".join(f"{n} B {1e6 * t:.1f}" for n, t in times.items()))
    lines.append(f"latency {1e6 * latency:.2f} µs, bandwidth {bandwidth / 1e9:.2f} GB/s")
    for network in NETWORKS:
        lines += ["", *report_on(network, found[network.name], {"here": (latency, bandwidth), **ASSUMED})]
    return lines


def report_on(network: Network, times: dict[str, Any], links: dict[str, tuple[float, float]]) -> list[str]:
    """By the clock for one process beside two. By the processor's work for shares, as others may use the machine."""
    clock = {name: np.median(np.array(times[name])[..., 0], axis=1) for name in ("one", "two")}
    low, middle, high = np.quantile(clock["one"] / clock["two"], (0.25, 0.5, 0.75))
    told = ", ".join(f"{name} {1e3 * np.median(seconds):.2f} ms" for name, seconds in clock.items())
    lines = [f"{network.name}, batch {BATCH}: {told}; {middle:.2f} times as fast (quartiles {low:.2f} to {high:.2f})"]
    seconds = {name: float(np.median(np.array(turns)[..., 1])) for name, turns in times.items() if turns}
    shares = ", ".join(f"{BATCH // count} in {1e3 * seconds[str(BATCH // count)]:.2f}" for count in COUNTS)
    lines.append(f"work for a batch alone {1e3 * seconds['one']:.2f} ms; for a share of images, in ms: {shares}")
    size = sum(weight.nbytes for weight in networks.weights(network))
    lines.append(f"{size / 1e6:.2f} MB of gradients; a step by the formula, ms (times as many images as one process):")
    lines.append("P".rjust(28) + "".join(f"{count:>15}" for count in COUNTS))
    for name, link in links.items():
        for kind in ("the batch divided", f"{BATCH} images each"):
            row = []
            for count in COUNTS:
                images = BATCH // count if kind == "the batch divided" else BATCH
                messages = sum(allreduce_time(count, message, *link) for message in (size, LOSSES))
                step = seconds["one"] if count == 1 else seconds[str(images)] + messages
                gain = images * count / BATCH * seconds["one"] / step
                row.append(f"{1e3 * step:.2f} ({gain:.2f})".rjust(15))
            lines.append(f"{name}, {kind}".rjust(28) + "".join(row))
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.shares", description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=30, help="turns of each (default: %(default)s)")
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        found = measure(options.rounds)
        if launched()[0] == 0:
            print(json.dumps(found))
        return
    mpiexec = shutil.which("mpiexec", path=os.path.dirname(sys.executable)) or "mpiexec"
    command = [mpiexec, "-n", "2", sys.executable, "-m", "benchmarks.shares", "--worker"]
    environment = os.environ | dict.fromkeys(THREADS, "1")
    done = subprocess.run(
        [*command, "--rounds", str(options.rounds)], cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True
    )
    print("\n".join(report(json.loads(done.stdout))))


if __name__ == "__main__":
    main()
