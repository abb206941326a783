"""Which tests run which line of minae and how long they take, and in which order they are tried on a mutant."""

import json
import os
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from coverage.numbits import numbits_to_nums

from tests.mutation.mutants import ROOT

FOLDER = ROOT / ".mutation"
LEFT_OUT = ("tests/test_package.py", "tests/lessons/", "tests/benchmarks/")
NEAR = 4.0  # seconds of tests that are tried before all the others
QUICK = 0.1  # seconds


def record(paths: list[str]) -> None:
    """Run the suite, or what is in some paths, and keep what it covers and how long each test takes."""
    FOLDER.mkdir(exist_ok=True)
    environment = {
        **os.environ,
        "COVERAGE_FILE": str(FOLDER / "coverage"),
        "MINAE_DURATIONS": str(FOLDER / "durations"),
    }
    command = [sys.executable, "-m", "pytest", "--cov=minae", "--cov-context=test", "--cov-report=", *paths]
    added = ["--cov-append"] if paths else []
    if not paths:
        (FOLDER / "durations").unlink(missing_ok=True)
    subprocess.run([*command, *added, "-p", "tests.mutation.durations"], cwd=ROOT, env=environment, check=True)


class Record:
    """What `record` has kept."""

    def __init__(self) -> None:
        self.durations: dict[str, float] = json.loads((FOLDER / "durations").read_text())
        self.database = sqlite3.connect(FOLDER / "coverage")
        rows = self.database.execute("select context, numbits from line_bits join context on context.id = context_id")
        self.lines: Counter[str] = Counter()  # of minae that each test runs
        for context, numbits in rows:
            self.lines[context.partition("|")[0]] += int.from_bytes(numbits, "little").bit_count()

    def tests(self, path: str, line: int) -> list[str]:
        """The tests that run a line of a file, the most specific first.

        For a line that runs when the file is imported, or in other processes alone, then come the tests that run
        anything else of that file, and those in the test files that mirror it.
        """
        rows = self.database.execute(
            "select context.context, numbits from line_bits join file on file.id = file_id "
            "join context on context.id = context_id where file.path like ?",
            (f"%/{path}",),
        ).fetchall()
        found = {context.partition("|")[0] for context, numbits in rows if line in numbits_to_nums(numbits)}
        others = set()
        if not found or "" in found:
            mirror = mirrored(path)
            others = {context.partition("|")[0] for context, _ in rows}
            others |= {test for test in self.durations if test.startswith(mirror)}
        return self.ordered(found) + self.ordered(others - found)

    def ordered(self, tests: Iterable[str]) -> list[str]:
        """The quick ones first; of these one of each function, then another of each; first those that run few lines."""
        turn: Counter[str] = Counter()
        order = {}
        tests = [test for test in tests if test in self.durations and not test.startswith(LEFT_OUT)]
        for test in sorted(tests, key=lambda test: (self.lines[test], self.durations[test])):
            function = test.partition("[")[0]
            turn[function] += 1
            order[test] = (self.durations[test] > QUICK, turn[function], self.lines[test])
        return sorted(order, key=order.__getitem__)

    def near_and_far(self, tests: list[str], path: str, seconds: float) -> list[list[str]]:
        """Tests of the few files that are likeliest to notice, NEAR seconds of them; then `seconds` of the others."""
        files = list(dict.fromkeys(test.partition("::")[0] for test in tests))
        near_files = (*mirrored(path), *files[:3])
        near, far, near_time, time = [], [], 0.0, 0.0
        for test in sorted(tests, key=lambda test: not test.startswith(near_files)):  # stable
            took = self.durations[test] + 0.01
            if test.startswith(near_files) and near_time + took < NEAR:
                near_time += took
                near.append(test)
            elif time + took < seconds:
                time += took
                far.append(test)
        return [near, far]


def mirrored(path: str) -> tuple[str, ...]:
    """The test files named after a module, or after the beginning of its name; failing that its folder of tests."""
    place = "tests" / Path(path).relative_to("minae")
    files = [file for file in (ROOT / place.parent).glob("test_*.py") if place.stem.startswith(file.stem[5:])]
    folder = [f"{place.parent.as_posix()}/"] if place.parent.name != "tests" else []
    return tuple(file.relative_to(ROOT).as_posix() for file in files) or tuple(folder)
