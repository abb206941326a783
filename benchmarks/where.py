"""Where the time of a training step goes: `python -m benchmarks.where [--out PICTURE]`.

A sampling profile: every millisecond a second thread looks which line of the library is being executed, and sorts it
into one of KINDS. (A signal would not do: Python handles it some instructions later, after the matrix product.)

Each workload is measured as it is, and with the plain convolutions (`minae.use_kernels("plain")`) and an
allocator that returns every large array to the system (what glibc does unless told otherwise; see
`minae.support.memory`). A process for each. `--processor avx2`: as if the processor had no AVX-512.
"""

import argparse
import json
import linecache
import os
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from types import FrameType

from matplotlib.figure import Figure

import minae

from . import processors
from .networks import CONV_AE, CONV_VAE, DENSE_VAE
from .workloads import Case

NETWORKS = {network.name: network for network in (DENSE_VAE, CONV_AE, CONV_VAE)}
WAYS = ("plain", "fast")
KINDS = {  # and how they are drawn
    "matrix products": "C0",
    "copies and sums of shifted images": "C1",
    "elementwise passes: bias, activations, loss": "C2",
    "Adam": "C4",
    "Python: graph, walk, modules": "0.6",
}
PRODUCT = ("matmul(", ".dot(", " @ ", "einsum(")
MINAE = Path(minae.__file__).parent
LIMIT = 128 * 1024  # glibc's first limit: larger arrays come fresh from the system, and go back there


def measure(network: str, way: str, seconds: float) -> dict[str, float]:
    """Milliseconds of a step by kind, and "step", its median."""
    from . import child, with_minae

    minae.use_kernels(way)
    step = child.make_step(with_minae, Case(128, network=NETWORKS[network]))
    child.repeat(step, seconds / 4)
    found: Counter[str] = Counter()
    times: list[float] = []
    end, main_thread = time.perf_counter() + seconds, threading.get_ident()

    def look() -> None:
        while time.perf_counter() < end:
            time.sleep(1e-3)
            found[kind(sys._current_frames()[main_thread])] += 1

    sys.setswitchinterval(5e-5)  # NumPy lets the other thread in while it computes; Python soon after
    threading.Thread(target=look, daemon=True).start()
    while time.perf_counter() < end:
        before = time.perf_counter()
        step()
        times.append(time.perf_counter() - before)
    median = 1e3 * statistics.median(times)
    return {"step": median, **{name: median * found[name] / found.total() for name in KINDS}}


def kind(frame: FrameType | None) -> str:
    """What the innermost line of ours is doing."""
    while frame is not None:
        file, line = Path(frame.f_code.co_filename), linecache.getline(frame.f_code.co_filename, frame.f_lineno or 0)
        if file.is_relative_to(MINAE):
            if any(mark in line for mark in PRODUCT):
                return "matrix products"
            if file.parent.name == "kernels":
                return "copies and sums of shifted images"
            if file.name == "optim.py":
                return "Adam"
            if file.name in ("functional.py", "convolution.py") or file.parent.name == "ops":
                return "elementwise passes: bias, activations, loss"
            return "Python: graph, walk, modules"
        frame = frame.f_back
    return "Python: graph, walk, modules"


def in_a_process(network: str, way: str, seconds: float, processor: str = processors.NATIVE) -> dict[str, float]:
    env = {name: value for name, value in os.environ.items() if name not in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")}
    env |= processors.environment(processor)
    if way == "plain":
        env |= {"MALLOC_MMAP_THRESHOLD_": str(LIMIT), "MALLOC_TRIM_THRESHOLD_": str(LIMIT)}
    command = [sys.executable, "-m", "benchmarks.where", "--measure", network, way, "--seconds", str(seconds)]
    return json.loads(subprocess.run(command, env=env, stdout=subprocess.PIPE, text=True, check=True).stdout)


def picture(results: dict[tuple[str, str], dict[str, float]]) -> Figure:
    """A bar for each workload and way, cut into kinds."""
    figure = Figure(figsize=(9, 0.5 * len(results) + 1.6), dpi=110, layout="constrained")
    panel = figure.subplots()
    names = [f"{network}, {way}" for network, way in results]
    left = [0.0] * len(results)
    for name, colour in KINDS.items():
        widths = [found[name] for found in results.values()]
        panel.barh(names, widths, left=left, color=colour, label=name)
        left = [start + width for start, width in zip(left, widths)]
    for place, (end, found) in enumerate(zip(left, results.values())):
        panel.annotate(f" {found['step']:.1f} ms", (end, place), va="center")
    panel.invert_yaxis()
    panel.set_xlim(0, 1.12 * max(left))
    panel.set_xlabel("milliseconds of a training step, batch 128")
    figure.legend(loc="outside lower center", ncols=2, fontsize="small", frameon=False)
    return figure


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("runs/benchmarks/where.png"))
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--processor", choices=processors.TITLES, default=processors.NATIVE)
    parser.add_argument("--measure", nargs=2, metavar=("NETWORK", "WAY"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        network, way = options.measure
        print(json.dumps(measure(network, way, options.seconds)))
        return
    cases = [(network, way) for network in NETWORKS for way in WAYS if (network, way) != ("dense_vae", "plain")]
    results = {case: in_a_process(*case, options.seconds, options.processor) for case in cases}
    for case, found in results.items():
        print(
            f"{', '.join(case)}: {found.pop('step'):.1f} ms = "
            + " + ".join(f"{ms:.1f} {name}" for name, ms in found.items())
        )
        found["step"] = sum(found.values())
    options.out.parent.mkdir(parents=True, exist_ok=True)
    picture(results).savefig(options.out)
    print(f"picture in {options.out}")


if __name__ == "__main__":
    main()
