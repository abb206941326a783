"""A GRU beside PyTorch's, at the size of a small MusicVAE: `python -m benchmarks.recurrent`.

Forward and backward of one layer in float32, in minae's two ways (the fast one, and an op for every step) and in
PyTorch, in turns, so that whatever else the machine does slows all of them. The ratios are those of neighbouring turns,
by the clock and by the processor's work. The latter is what to read on a machine that others use; there one thread each
is best, as threads of BLAS wait for each other: `OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 python -m ...`.
"""

import argparse
import os
import time
from collections.abc import Callable

import numpy as np
import torch

import minae

from .run import processor

STEPS, BATCH, INPUTS = 32, 128, 128
UNITS = (128, 256)


def with_minae(kernels: str, layer: minae.nn.GRU, x: np.ndarray, g: np.ndarray) -> Callable[[], None]:
    def run() -> None:
        with minae.use_kernels(kernels):
            output, _ = layer(minae.Tensor(x, requires_grad=True))
            layer.zero_grad()
            output.backward(g)

    return run


def twin_of(layer: minae.nn.GRU) -> torch.nn.GRU:
    twin = torch.nn.GRU(layer.input_size, layer.hidden_size)
    twin.load_state_dict({name: torch.from_numpy(array) for name, array in layer.state_dict().items()})
    return twin


def with_pytorch(twin: torch.nn.GRU, x: np.ndarray, g: np.ndarray) -> Callable[[], None]:
    inputs, cotangent = torch.from_numpy(x).requires_grad_(), torch.from_numpy(g)

    def run() -> None:
        output, _ = twin(inputs)
        twin.zero_grad()
        inputs.grad = None
        output.backward(cotangent)

    return run


def measure(units: int, rounds: int) -> dict[str, np.ndarray]:
    """Seconds of each way in each round, by the clock and of the processor; without the first round, which warms up."""
    rng = np.random.default_rng(0)
    layer = minae.nn.GRU(INPUTS, units, rng=0)
    x, g = (rng.standard_normal((STEPS, BATCH, n)).astype(np.float32) for n in (INPUTS, units))
    ways = {"minae": with_minae("fast", layer, x, g), "by steps": with_minae("plain", layer, x, g)}
    ways |= {"PyTorch": with_pytorch(twin_of(layer), x, g)}
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for _ in range(rounds + 1):
        for name, run in ways.items():
            clock, work = time.perf_counter(), time.process_time()
            run()
            times[name].append((time.perf_counter() - clock, time.process_time() - work))
    return {name: np.array(seconds[1:]) for name, seconds in times.items()}


def report(units: int, times: dict[str, np.ndarray]) -> list[str]:
    lines = [f"{units} units"]
    for name, seconds in times.items():
        told = [f"{1e3 * fastest:7.1f}" for fastest in seconds.min(axis=0)]
        ratios = np.quantile(seconds / times["PyTorch"], (0.5, 0.25, 0.75), axis=0)
        told += [f"{middle:9.2f} ({low:.2f} to {high:.2f})" for middle, low, high in ratios.T]
        lines.append(f"{name:>10}{' '.join(told)}")
    return lines


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.recurrent", description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=30, help="turns of each (default: %(default)s)")
    parser.add_argument("--units", type=int, nargs="+", default=UNITS, help=f"default: {UNITS}")
    options = parser.parse_args(arguments)
    print(f"{processor()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print(
        f"forward and backward, batch {BATCH}, {STEPS} steps, {INPUTS} inputs: ms of the fastest turn, by the clock and"
    )
    print("of the processor; then the share of PyTorch's time, the median and the quartiles, by either")
    for units in options.units:
        print("\n".join(report(units, measure(units, options.rounds))), flush=True)


if __name__ == "__main__":
    main()
