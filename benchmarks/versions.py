"""Is a training step slower than it was? `python -m benchmarks.versions CHECKOUT [--pairs 40]`.

Compares the working tree with another checkout of the project, such as a clone at an earlier commit. Both stay loaded,
each in a process of its own, and take turns: a pair is some steps of the one and as many of the other, in random order.
Noise that lasts longer than a pair then touches both alike. Printed is the median of the pairs' ratios, new time by old
time, with a 95 % interval (bootstrap: the pairs are drawn again 10,000 times).
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
from benchmarks import child, networks, with_minae
from benchmarks.workloads import Case
network = {n.name: n for n in (networks.DENSE_VAE, networks.CONV_AE, networks.CONV_VAE)}[sys.argv[1]]
step = child.make_step(with_minae, Case(128, network=network))
child.repeat(step, 1.0)
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

    def __init__(self, checkout: Path, network: str):
        slow = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")  # some machines set them, to half the speed
        environment = {name: value for name, value in os.environ.items() if name not in slow}
        environment["PYTHONPATH"] = str(checkout)
        command = [sys.executable, "-c", WORKER, network]
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

    def close(self) -> None:
        self.questions.close()
        self.process.wait()


def ratios(old: Version, new: Version, pairs: int, steps: int) -> np.ndarray:
    """New time by old time, for each pair."""
    rng, found = np.random.default_rng(0), []
    for new_first in rng.permutation(np.arange(pairs) % 2 == 0):
        first, second = (new, old) if new_first else (old, new)
        a, b = first.median(steps), second.median(steps)
        found.append(a / b if new_first else b / a)
    return np.array(found)


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
    for network in NETWORKS:
        old, new = Version(options.checkout.resolve(), network), Version(HERE, network)
        one_step = old.median(20)
        found = ratios(old, new, options.pairs, max(1, round(options.seconds / one_step)))
        low, high = interval(found)
        told = f"{network:10} {1e3 * one_step:6.2f} ms before; now {np.median(found):.3f} times that"
        print(f"{told} (95 %: {low:.3f} to {high:.3f}; {options.pairs} pairs)", flush=True)
        old.close()
        new.close()


if __name__ == "__main__":
    main()
