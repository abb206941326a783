"""Mutation testing of all of minae: does a test notice each of many small faults?

    python -m tests.mutation record        once: which tests run which line, and for how long (a run of the suite)
    python -m tests.mutation --count 1000  draws mutants by a seed; each meets the tests that run its line

Every mutant lives in a copy of the checkout. Tests of the source's text (tests/test_package.py) and of the lessons,
which print the source, would object to any change, and are left out. `SURVIVORS.md` lists what no test noticed.
"""

import argparse
import json
import math
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue

from coverage.numbits import numbits_to_nums

from tests.mutation.mutants import ROOT, Mutant, drawn

RECORD = ROOT / ".mutation"
LEFT_OUT = ("tests/test_package.py", "tests/lessons/", "tests/benchmarks/")
FIRST = 8.0  # seconds of tests that are tried before all the others
OPTIONS = ["-x", "-q", "-n", "0", "-p", "no:cacheprovider", "-p", "no:randomly", "--no-header", "--tb", "no"]


# --- which tests run which line ---------------------------------------------------------------------------------------


def record() -> None:
    """Run the suite once, and keep what it covers and how long each test takes."""
    RECORD.mkdir(exist_ok=True)
    environment = {
        **os.environ,
        "COVERAGE_FILE": str(RECORD / "coverage"),
        "MINAE_DURATIONS": str(RECORD / "durations"),
    }
    command = [sys.executable, "-m", "pytest", "--cov=minae", "--cov-context=test", "--cov-report="]
    subprocess.run([*command, "-p", "tests.mutation.durations"], cwd=ROOT, env=environment, check=True)


class Coverage:
    """What `record` has kept."""

    def __init__(self) -> None:
        self.durations: dict[str, float] = json.loads((RECORD / "durations").read_text())
        self.database = sqlite3.connect(RECORD / "coverage", check_same_thread=False)

    def tests(self, path: str, line: int) -> list[str]:
        """The tests that run a line of a file, the quickest first."""
        rows = self.database.execute(
            "select context.context, numbits from line_bits join file on file.id = file_id "
            "join context on context.id = context_id where file.path like ?",
            (f"%/{path}",),
        )
        found = {context.partition("|")[0] for context, numbits in rows if line in numbits_to_nums(numbits)}
        tests = [test for test in found if test and not test.startswith(LEFT_OUT)]
        return sorted(tests, key=lambda test: self.durations.get(test, 1.0))


def mirrored(path: str) -> list[str]:
    """The test files of a module: where to look if its lines run in other processes only, or when it is imported."""
    parts = Path(path).with_suffix("").parts[1:]
    candidates = [ROOT / "tests" / Path(*parts[:-1]) / f"test_{parts[-1]}.py", ROOT / "tests" / Path(*parts[:-1])]
    found = next((place for place in candidates if place.exists()), ROOT / "tests")
    files = [found] if found.is_file() else sorted(found.rglob("test_*.py"))
    names = [file.relative_to(ROOT).as_posix() for file in files]
    return [name for name in names if not name.startswith(LEFT_OUT)]


# --- one mutant -------------------------------------------------------------------------------------------------------


def run_tests(tests: Iterable[str], checkout: Path, limit: float) -> bool:
    """Whether all of them pass, in a process of their own, with the checkout's minae."""
    (checkout / "selected").write_text("\n".join(tests))
    environment = {
        **os.environ,
        "PYTHONPATH": str(checkout),
        "PYTHONDONTWRITEBYTECODE": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
    command = [sys.executable, "-m", "pytest", *OPTIONS, "-p", "tests.mutation.selection"]
    process = subprocess.Popen(
        command,
        cwd=checkout,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        return process.wait(limit) == 0
    except subprocess.TimeoutExpired:
        return False
    finally:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()


def survives(mutant: Mutant, coverage: Coverage, checkout: Path, seconds: float) -> bool:
    """Whether the tests that run the line of a mutant pass all the same: so many seconds of them, at most."""
    tests = coverage.tests(mutant.path, mutant.line)
    mirror = mirrored(mutant.path)
    stages = first_and_rest(tests, mirror, coverage, seconds) if tests else [mirror]
    place = checkout / mutant.path
    original = place.read_bytes()
    place.write_text(mutant.source, "utf-8")
    try:
        for stage in stages:
            expected = sum(coverage.durations.get(test, 60.0) for test in stage)
            if not run_tests(stage, checkout, limit=120 + 10 * expected):
                return False
        return True
    finally:
        place.write_bytes(original)


def first_and_rest(tests: list[str], mirror: list[str], coverage: Coverage, seconds: float) -> list[list[str]]:
    """The most promising tests, while they take no more than FIRST seconds together; then the rest.

    First come those in the test files that mirror the module, then the quickest of every file in turn.
    """
    turn: Counter[str] = Counter()
    order = {}
    for test in tests:
        file = test.partition("::")[0]
        turn[file] += 1
        order[test] = (file not in mirror, turn[file])
    first, rest, spent = [], [], 0.0
    for test in sorted(tests, key=order.__getitem__):
        spent += coverage.durations.get(test, 1.0) + 0.01
        if spent < seconds:
            (first if spent < FIRST else rest).append(test)
    return [stage for stage in (first, rest) if stage]


# --- all of them ------------------------------------------------------------------------------------------------------


def survivors_of(mutants: list[Mutant], workers: int, seconds: float) -> list[Mutant]:
    coverage, checkouts = Coverage(), Queue[Path]()
    with tempfile.TemporaryDirectory() as folder:
        for number in range(workers):
            checkout = Path(folder) / str(number)
            shutil.copytree(ROOT, checkout, ignore=shutil.ignore_patterns(".git", ".mutation", "__pycache__", "runs"))
            checkouts.put(checkout)

        def judge(mutant: Mutant) -> bool:
            checkout, began = checkouts.get(), time.perf_counter()
            try:
                alive = survives(mutant, coverage, checkout, seconds)
            finally:
                checkouts.put(checkout)
            took = time.perf_counter() - began
            print(f"{'SURVIVES' if alive else 'killed'}\t{took:.0f} s\t{mutant}", flush=True)
            return alive

        with ThreadPoolExecutor(workers) as pool:
            alive = list(pool.map(judge, mutants))
    return [mutant for mutant, lives in zip(mutants, alive, strict=True) if lives]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__.splitlines()[0])
    parser.add_argument("action", nargs="?", choices=["record", "run"], default="run")
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--skip", type=int, default=0, help="how many of the draw to leave out at its beginning")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument(
        "--seconds", type=float, default=math.inf, help="of tests for each mutant at most (default: all)"
    )
    parser.add_argument("--again", type=Path, help="only the survivors in what an earlier run has printed")
    options = parser.parse_args()
    if options.action == "record":
        record()
        return 0
    mutants = drawn(options.count, options.seed)[options.skip :]
    if options.again:
        survived = {line.split("\t")[-1] for line in options.again.read_text().splitlines() if line[:8] == "SURVIVES"}
        mutants = [mutant for mutant in mutants if str(mutant) in survived]
    survivors = survivors_of(mutants, options.workers, options.seconds)
    print(f"\n{len(mutants) - len(survivors)} of {len(mutants)} killed. What no test notices:")
    for mutant in sorted(map(str, survivors)):
        print(f"- {mutant}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
