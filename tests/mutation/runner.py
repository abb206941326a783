"""Runs tests on a mutant in a process forked from this one, which has imported all but minae and its tests."""

import importlib
import multiprocessing
import os
import signal
import sys
from pathlib import Path

import pytest

FORK = multiprocessing.get_context("fork")
SLOW = "cupy matplotlib.pyplot numpy PIL.Image safetensors.numpy torch tqdm".split()
OPTIONS = "-x -q -n 0 -p no:cacheprovider --no-header --tb no --durations 0".split()


def import_what_is_slow() -> None:
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    for name in SLOW:
        importlib.import_module(name)


def first_failure(tests: list[str], durations: dict[str, float], checkout: Path) -> str:
    """The first of these tests that fails or hangs in a checkout; "" if all pass."""
    begun = checkout.with_name("begun")
    begun.write_text("(import)")
    process = FORK.Process(target=_run, args=(tests, durations, checkout, begun))
    process.start()
    process.join(600 + 30 * sum(durations[test] for test in tests))  # a busy machine must not pass for a hang
    passed = process.exitcode == 0
    try:
        os.killpg(process.pid, signal.SIGKILL)  # with whatever it has started
    except ProcessLookupError:
        pass
    process.join()
    return "" if passed else begun.read_text()


def _run(tests: list[str], durations: dict[str, float], checkout: Path, begun: Path) -> None:
    os.setsid()
    for name in list(sys.modules):
        if name.partition(".")[0] in ("minae", "tests"):
            del sys.modules[name]
    os.chdir(checkout)
    sys.path.insert(0, str(checkout))
    os.environ.update(PYTHONPATH=str(checkout), PYTHONDONTWRITEBYTECODE="1")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    files = sorted({test.partition("::")[0] for test in tests})
    status = pytest.main(
        [*OPTIONS, "--basetemp", str(checkout.with_name("temporary")), *files],
        plugins=[Chosen(tests, durations, begun)],
    )
    sys.exit(status not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED))


class Chosen:
    """A plugin of pytest: these tests alone, in this order. One that hangs ends the process."""

    def __init__(self, tests: list[str], durations: dict[str, float], begun: Path) -> None:
        self.place = {test: number for number, test in enumerate(tests)}
        self.durations, self.begun = durations, begun

    def pytest_collection_modifyitems(self, config, items):
        kept = [item for item in items if item.nodeid in self.place]
        config.hook.pytest_deselected(items=[item for item in items if item.nodeid not in self.place])
        items[:] = sorted(kept, key=lambda item: self.place[item.nodeid])

    def pytest_runtest_logstart(self, nodeid):
        self.begun.write_text(nodeid)
        signal.alarm(round(20 + 20 * self.durations[nodeid]))
