"""One workload in one library, in a process of its own: `python -m benchmarks.child` prints its findings as JSON.

Every measurement warms up first; the results of the first steps (the losses) are kept, for comparison.
"""

import argparse
import gc
import json
import statistics
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

from . import machine, networks
from .networks import CannotExpress, Network
from .workloads import LIBRARIES, Case, Workload, workloads

CHECKED_STEPS = 3
INFERENCE_BATCH = 1000
MEMORY_STEPS = 30
GROWTH_STEPS = 1000


def measure(library: str, workload: Workload, seconds: float) -> dict[str, Any]:
    """What was found, for each case of the workload; or why it could not be: "missing" or "cannot"."""
    try:
        module = import_module(f"benchmarks.with_{library}")
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] in ("benchmarks", "minae"):
            raise
        return {"missing": f"not installed ({error})"}
    try:
        cases = [
            MEASURES[workload.kind](module, workload, case, seconds / len(workload.cases)) for case in workload.cases
        ]
    except CannotExpress as error:
        return {"cannot": str(error)}
    return {"version": module.VERSION, "note": module.NOTE, "blas": blas(), "cases": cases}


def training(module: Any, workload: Workload, case: Case, seconds: float) -> dict[str, Any]:
    return timed(make_step(module, case), workload, case, seconds)


def inference(module: Any, workload: Workload, case: Case, seconds: float) -> dict[str, Any]:
    network = network_of(case)
    images = networks.images(network, case.count)
    batches = images.reshape(-1, min(case.count, INFERENCE_BATCH), *network.image_shape)
    return timed(module.inference(network, networks.weights(network), batches), workload, case, seconds)


def chain(module: Any, workload: Workload, case: Case, seconds: float) -> dict[str, Any]:
    return timed(module.chain(case.count), workload, case, seconds)


def product(module: Any, workload: Workload, case: Case, seconds: float) -> dict[str, Any]:
    return timed(module.product(case.count), workload, case, seconds)


def copy(module: Any, workload: Workload, case: Case, seconds: float) -> dict[str, Any]:
    return timed(module.copy(case.count), workload, case, seconds)


def memory(module: Any, workload: Workload, case: Case, seconds: float) -> dict[str, Any]:
    """The peak after 30 steps; and by how much memory grows in 1,000 more with the cyclic collector off."""
    imported = machine.megabytes()
    step = make_step(module, case)
    checks = repeat(step, 10 * seconds, CHECKED_STEPS, MEMORY_STEPS)[:CHECKED_STEPS]
    peak = machine.peak_megabytes()
    before = machine.megabytes()
    gc.disable()
    try:
        steps = len(repeat(step, 30 * seconds, most=GROWTH_STEPS))
    finally:
        gc.enable()
    growth = machine.megabytes() - before
    return {"value": peak, "checks": checks, "imported": imported, "growth": growth, "growth_steps": steps}


MEASURES = {
    "training": training,
    "inference": inference,
    "chain": chain,
    "product": product,
    "copy": copy,
    "memory": memory,
}


def network_of(case: Case) -> Network:
    if case.network is None:
        raise ValueError("this workload needs a network, and its case has none")
    return case.network


def make_step(module: Any, case: Case) -> Callable[[], float]:
    network = network_of(case)
    images, noise = networks.images(network, case.count), networks.noise(network, case.count)
    return module.training(network, networks.weights(network), images, noise)


def timed(run: Callable[[], float], workload: Workload, case: Case, seconds: float) -> dict[str, Any]:
    """The median over as many runs as fit into `seconds`, after a warm-up."""
    checks = repeat(run, seconds, least=2, most=CHECKED_STEPS)
    repeat(run, seconds / 4)
    times: list[float] = []
    start, start_cpu = time.perf_counter(), time.process_time()
    while not times or time.perf_counter() < start + seconds:
        before = time.perf_counter()
        run()
        times.append(time.perf_counter() - before)
    cores = (time.process_time() - start_cpu) / (time.perf_counter() - start)
    return {"value": workload.value(case, statistics.median(times)), "checks": checks, "cores": cores}


def repeat(run: Callable[[], float], seconds: float, least: int = 1, most: float = float("inf")) -> list[float]:
    """The results of `least` runs, and of further ones, up to `most`, that begin within `seconds`."""
    results: list[float] = []
    start = time.perf_counter()
    while len(results) < least or (len(results) < most and time.perf_counter() < start + seconds):
        results.append(run())
    return results


def blas() -> str:
    """The BLAS behind NumPy and the kernel it chose for this processor, where threadpoolctl is there to say."""
    try:
        from threadpoolctl import threadpool_info
    except ModuleNotFoundError:
        return ""
    return ", ".join(
        f"{pool['internal_api']} {pool['version']} {pool.get('architecture', '')}, {pool['num_threads']} threads"
        for pool in threadpool_info()
        if pool["user_api"] == "blas" and "numpy" in pool["filepath"]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("library", choices=LIBRARIES)
    parser.add_argument("workload", choices=workloads())
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    print(json.dumps(measure(options.library, workloads(options.quick)[options.workload], options.seconds)))


if __name__ == "__main__":
    main()
