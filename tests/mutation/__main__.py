"""Mutation testing of all of minae: does a test notice each of many small faults?

    python -m tests.mutation record              which tests run which line, and for how long: a run of the suite, once
    python -m tests.mutation record tests/nn     the same for new tests alone, added to the record
    python -m tests.mutation --count 1000        draws mutants by a seed; each meets the tests that run its line
    python -m tests.mutation --again             the survivors once more

Every verdict is written to a log as it comes, and what is in the log is not tried again, so that a long run may be
stopped and gone on with. Each mutant lives in a copy of the checkout. Left out are tests of the source's text
(tests/test_package.py) and of the lessons, which print the source: they would object to any change. `SURVIVORS.md`
lists what no test noticed.
"""

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

from tests.mutation.mutants import ROOT, Mutant, drawn
from tests.mutation.record import FOLDER, Record, record
from tests.mutation.runner import FORK, first_failure, import_what_is_slow


def killer_of(mutant: Mutant, record: Record, checkout: Path, options: argparse.Namespace) -> tuple[str, str]:
    """The test that notices a mutant, or none; and how many of the tests that run its line were tried."""
    tests = record.tests(mutant.path, mutant.line)
    stages = record.near_and_far(tests, mutant.path, options.seconds)
    place = checkout / mutant.path
    original = place.rename(place.with_suffix(".original"))
    shutil.copyfile(original, place) if options.control else place.write_text(mutant.source, "utf-8")
    try:
        killers = (first_failure(stage, record.durations, checkout) for stage in stages if stage)
        return next(filter(None, killers), ""), f"{sum(map(len, stages))} of {len(tests)} tests"
    finally:
        original.replace(place)


def judge(mutants: list[Mutant], record: Record, options: argparse.Namespace) -> None:
    """Write the verdict on each mutant to the log."""
    with tempfile.TemporaryDirectory() as folder:
        checkout = Path(folder) / "minae"
        shutil.copytree(ROOT, checkout, ignore=shutil.ignore_patterns(".*", "__pycache__", "runs"))
        for mutant in mutants:
            began = time.perf_counter()
            killer, tried = killer_of(mutant, record, checkout, options)
            verdict = ["killed" if killer else "SURVIVES", f"{time.perf_counter() - began:.0f} s", killer or tried]
            with options.log.open("a") as log:
                print(*verdict, mutant, sep="\t", file=log)
            print(*verdict, mutant, sep="\t", flush=True)


def verdicts(log: Path) -> dict[str, str]:
    """The last verdict on each mutant in a log."""
    lines = log.read_text().splitlines() if log.exists() else []
    return {line.split("\t")[-1]: line.split("\t")[0] for line in lines}


def summary(mutants: list[Mutant], log: Path) -> str:
    """How many of the mutants are killed, with Wilson's interval of 95 % for the share in all of minae."""
    known = verdicts(log)
    tried = [mutant for mutant in mutants if str(mutant) in known]
    alive = [mutant for mutant in tried if known[str(mutant)] == "SURVIVES"]
    n, killed = len(tried), len(tried) - len(alive)
    if n == 0:
        return "Nothing was tried."
    middle, half = (killed + 1.92) / (n + 3.84), 1.96 / (n + 3.84) * (killed * (n - killed) / n + 0.96) ** 0.5
    share = f"{killed / n:.1%} ({middle - half:.1%} to {middle + half:.1%})"
    lines = [f"{killed} of {n} killed: {share}. Not tried: {len(mutants) - n}. What no test notices:"]
    return "\n- ".join([*lines, *sorted(map(str, alive))])


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__.splitlines()[0])
    parser.add_argument("action", nargs="?", choices=["record", "run", "summary"], default="run")
    parser.add_argument("paths", nargs="*", help="tests to record again; the rest of the record is kept")
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=60.0, help="of tests for each mutant at most (default: 60)")
    parser.add_argument("--again", action="store_true", help="try the survivors in the log once more, and nothing else")
    parser.add_argument("--control", action="store_true", help="plant no fault: nothing may be killed")
    parser.add_argument("--log", type=Path, default=FOLDER / "log")
    options = parser.parse_args()
    if options.action == "record":
        record(options.paths)
        return 0
    mutants, known = drawn(options.count, options.seed), verdicts(options.log)
    if options.action == "run":
        wanted = "SURVIVES" if options.again else None
        todo = [mutant for mutant in mutants if known.get(str(mutant)) == wanted]
        import_what_is_slow()
        shares = [todo[number :: options.workers] for number in range(options.workers)]
        workers = [FORK.Process(target=judge, args=(share, Record(), options)) for share in shares]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    print(summary(mutants, options.log))
    return 0


if __name__ == "__main__":
    sys.exit(main())
