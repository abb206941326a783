"""Is a training step slower than it was? `python -m benchmarks.versions CHECKOUT [--pairs 40]`.

Compares the working tree with another checkout of the project, such as a clone at an earlier commit. A pair is some
steps of the one and as many of the other, in random order, each in a process of its own. Noise that lasts longer than a
pair then touches both alike. Printed is the median of the pairs' ratios, new time by old time, with a 95 % interval
(bootstrap: the pairs are drawn again 10,000 times).

Where an array happens to lie in memory changes its speed: the same code, in processes that differ in this alone,
differs by 2 to 4 % in `dense_vae`. So each pair starts two new processes, and each first takes some memory at random.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

import numpy as np

NETWORKS = ("dense_vae", "conv_ae", "conv_vae")
HERE = Path(__file__).resolve().parents[1]

WORKER = """
import statistics, sys, time
import numpy as np
sizes = np.random.default_rng(int(sys.argv[2])).integers(1, 4096, 50)
taken = [np.empty(size, np.uint8) for size in sizes]
from benchmarks import child, networks, with_minae
from benchmarks.workloads import Case
network = {n.name: n for n in (networks.DENSE_VAE, networks.CONV_AE, networks.CONV_VAE)}[sys.argv[1]]
step = child.make_step(with_minae, Case(128, network=network))
child.repeat(step, 0.3)
print("ready", flush=True)
for line in sys.stdin:
    times = []
    for _ in range(int(line)):
        start = time.perf_counter()
        step()
        times.append(time.perf_counter() - start)
    print(statistics.median(times), flush=True)
"""


class Version:
    """A process that holds one version's step, and times it when asked."""

    def __init__(self, checkout: Path, network: str, seed: int):
        slow = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")  # some machines set them, to half the speed
        environment = {name: value for name, value in os.environ.items() if name not in slow}
        environment["PYTHONPATH"] = str(checkout)
        command = [sys.executable, "-c", WORKER, network, str(seed)]
        process = subprocess.Popen(
            command, cwd=checkout, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        if not (process.stdin and process.stdout and process.stdout.readline().strip() == "ready"):
            raise RuntimeError(f"{checkout}: the benchmark of {network} did not start")
        self.process, self.questions, self.answers = process, process.stdin, process.stdout

    def median(self, steps: int) -> float:
        """Seconds of a step."""
        self.questions.write(f"{steps}\n")
        self.questions.flush()
        return float(self.answers.readline())

    def __enter__(self) -> "Version":
        return self

    def __exit__(self, *_: object) -> None:
        self.questions.close()
        self.process.wait()


def pair(old: Path, new: Path, network: str, seconds: float, rng: np.random.Generator) -> tuple[float, float]:
    """Seconds of a step of the old and of the new version."""
    seeds = rng.integers(2**31, size=2)
    with Version(old, network, seeds[0]) as a, Version(new, network, seeds[1]) as b:
        steps = max(1, round(seconds / a.median(5)))
        times = {version: version.median(steps) for version in ((a, b) if rng.random() < 0.5 else (b, a))}
    return times[a], times[b]


def interval(values: np.ndarray) -> tuple[float, float]:
    """The 95 % interval of the median, by drawing the values again."""
    rng = np.random.default_rng(0)
    medians = np.median(rng.choice(values, (10_000, len(values))), axis=1)
    low, high = np.quantile(medians, (0.025, 0.975))
    return float(low), float(high)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkout", type=Path, help="another checkout, to compare with")
    parser.add_argument("--pairs", type=int, default=40)
    parser.add_argument("--seconds", type=float, default=0.7, help="of each version in a pair")
    options = parser.parse_args()
    rng = np.random.default_rng(0)
    for network in NETWORKS:
        pairs = [pair(options.checkout.resolve(), HERE, network, options.seconds, rng) for _ in range(options.pairs)]
        old, new = np.array(pairs).T
        low, high = interval(new / old)
        told = f"{network:10} {1e3 * np.median(old):6.2f} ms before; now {np.median(new / old):.3f} times that"
        print(f"{told} (95 %: {low:.3f} to {high:.3f}; {options.pairs} pairs)", flush=True)


if __name__ == "__main__":
    main()
