"""Runs every workload in every library in turn, A B C D A B C D ..., each time in a new process.

Nothing else of ours runs meanwhile, so that each library has the machine for itself, and what slows the machine for a
while slows all of them.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from . import processors, report
from .rows import Result, failed, make_rows
from .workloads import LIBRARIES, MAIN, Workload, workloads

ROOT = Path(__file__).parents[1]
UNSET = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NPROC")  # NPROC: XLA's, behind JAX


def run_all(chosen: list[Workload], libraries: list[str], options: argparse.Namespace) -> Iterator[list[Result]]:
    """The results of each workload, one for each processor and library. What failed is left out of the later rounds."""
    for workload in chosen:
        results = [Result(workload, library, processor) for processor in options.processors for library in libraries]
        for number in range(1 if workload.kind == "memory" else options.rounds):  # memory has no noise to average
            for result in results:
                if not result.problem:
                    turn = f"{workload.name}, round {number + 1}: {result.library}, {result.processor}"
                    print(turn, file=sys.stderr, flush=True)
                    environment = child_environment(options.threads, result.processor)
                    result.add(run_child(command(workload, result.library, options), environment, options.timeout))
        yield results


def command(workload: Workload, library: str, options: argparse.Namespace) -> list[str]:
    quick = ["--quick"] if options.quick else []
    return [
        *(sys.executable, "-m", "benchmarks.child", library, workload.name),
        *("--seconds", str(options.seconds), *quick),
    ]


def run_child(command: list[str], environment: dict[str, str], timeout: float) -> dict[str, Any]:
    """What a child printed on its last line, or {"error": the last line of what it complained of}."""
    try:
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=timeout)
    except subprocess.TimeoutExpired:
        return {"error": f"took longer than {timeout:g} s"}
    if done.returncode != 0:
        complaint = done.stderr.strip().splitlines() or ["no message"]
        return {"error": f"exit status {done.returncode}: {complaint[-1]}"}
    return json.loads(done.stdout.strip().splitlines()[-1])


def child_environment(threads: int, processor: str) -> dict[str, str]:
    """Ours, with one number of threads for all libraries, no GPU, and nothing that keeps OpenBLAS from its best.

    Except where the processor is to be used as if it had no AVX-512.
    """
    kept = {name: value for name, value in os.environ.items() if name not in UNSET}
    common = dict.fromkeys(THREADS, str(threads)) | {"JAX_PLATFORMS": "cpu", "CUDA_VISIBLE_DEVICES": ""}
    return kept | common | processors.environment(processor)


def describe_machine(threads: int) -> list[str]:
    """What a reader needs to know of the machine and of how it was used."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    was = ", ".join(f"{name}={os.environ[name]}" for name in UNSET if name in os.environ) or "neither was set"
    lines = [
        f"{processor()}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}",
        f"{threads} threads for every library ({', '.join(THREADS)})",
        f"{' and '.join(UNSET)} are unset for all of them (here: {was})",
    ]
    if load > 1:
        lines.append(
            f"CAUTION: the load was {load:.1f} at the start: others use this machine, so do not trust the times"
        )
    return lines


def processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.splitlines()[0])
    parser.add_argument("--workloads", nargs="+", choices=workloads(), metavar="NAME", help="default: all")
    parser.add_argument("--libraries", nargs="+", choices=LIBRARIES, default=list(LIBRARIES), metavar="NAME")
    parser.add_argument("--threads", type=int, default=2, help="for every library (default: %(default)s)")
    parser.add_argument(
        "--processors",
        nargs="+",
        choices=processors.TITLES,
        default=list(processors.available()),
        metavar="NAME",
        help=f"{', '.join(processors.TITLES)} (as if it had no AVX-512); default: what this processor can be",
    )
    parser.add_argument("--rounds", type=int, help="times each library has its turn (default: 5; short: 3; quick: 1)")
    parser.add_argument("--seconds", type=float, help="of measuring at each turn (default: 2; short: 1; quick: 0.02)")
    parser.add_argument("--timeout", type=float, default=900, help="seconds for one turn (default: %(default)g)")
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--short", action="store_true", help=f"the main table ({' '.join(MAIN)}), in ten minutes")
    length.add_argument("--quick", action="store_true", help="tiny sizes: does everything run? The times mean nothing")
    parser.add_argument("--out", type=Path, default=Path("runs/benchmarks"), help="folder (default: %(default)s)")
    parser.epilog = f"workloads: {' '.join(workloads())}; libraries: {' '.join(LIBRARIES)}"
    options = parser.parse_args(arguments)
    options.workloads = options.workloads or list(MAIN if options.short else workloads())
    options.rounds = options.rounds or (1 if options.quick else 3 if options.short else 5)
    options.seconds = options.seconds or (0.02 if options.quick else 1.0 if options.short else 2.0)
    return options


def main(arguments: list[str] | None = None) -> int:
    """Exit status 1 where a library failed or two disagree about a loss; missing ones are no failure."""
    options = parse(arguments)
    about = describe_machine(options.threads)
    available = workloads(options.quick)
    results: list[Result] = []
    try:
        for some in run_all([available[name] for name in options.workloads], options.libraries, options):
            results += some
    except KeyboardInterrupt:
        about.append("CAUTION: interrupted; these are the workloads measured until then")
    finally:
        rows = make_rows(results)
        print(report.write(results, rows, about, options.out))
        print(f"\nWritten to {options.out}: results.txt, results.csv, results*.png")
    return 1 if failed(rows) else 0
