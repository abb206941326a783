"""Grading one exercise: its tests run here, the exercise in a process of its own, and each test has its points."""

import contextlib
import linecache
import os
import sys
import time
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType, ModuleType
from unittest import mock

import pytest

from . import earlier
from .catalogue import Lesson, LessonError
from .earlier import Earlier
from .exercises import MARKERS, random_cases
from .imports import EngineError
from .isolation import Isolation, find
from .reading import text_of
from .remote import TIMEOUT, Gone, Submission, SubmissionError

# Plain assertions, so that a failure is what the test's author wrote, and no settings or plug-ins from elsewhere.
PYTEST = ["--noconftest", "--import-mode=importlib", "--assert=plain", "--strict-markers", "-s", "-c", os.devnull]
WITHOUT = ("terminal", "cacheprovider", "logging", "warnings", "faulthandler", "threadexception", "unraisableexception")


@dataclass
class Verdict:
    """What a test said."""

    name: str
    points: float
    possible: float
    message: str = ""

    @property
    def test(self) -> str:
        """The test's name, without what it was parametrised with."""
        return self.name.partition("[")[0]

    @property
    def title(self) -> str:
        return self.name.removeprefix("test_").replace("_", " ")


@dataclass
class Result:
    """The verdicts on one exercise, and what else is to be said about it."""

    lesson: str
    verdicts: list[Verdict] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    load_failure: str = ""  # why exercise.py could not be run at all
    output: str = ""
    seconds: float = 0.0
    isolation: str = ""  # what the exercise was run in
    earlier: Earlier = field(default_factory=Earlier)  # what a project took from earlier exercises

    @property
    def points(self) -> float:
        return sum(verdict.points for verdict in self.verdicts)

    @property
    def possible(self) -> float:
        return sum(verdict.possible for verdict in self.verdicts)


def grade(
    lesson: Lesson,
    source: bytes,
    seed: int = 0,
    timeout: float = TIMEOUT,
    isolation: Isolation | None = None,
    own: Mapping[str, bytes | None] = MappingProxyType({}),
) -> Result:
    """Run the tests of a lesson on the source of an exercise. Raises LessonError if the tests do not run.

    A project takes functions from `own`, the earlier exercises by lesson, where they are right.
    """
    start, isolation = time.monotonic(), isolation or find()
    provided = gather(lesson, own, seed, timeout, isolation)
    with Submission(text_of(source), timeout, isolation, provided.supplies) as submission:
        result = run_tests(lesson, submission, seed)
    result.output = submission.output.decode(errors="replace")
    result.seconds = time.monotonic() - start
    result.isolation = str(isolation)
    result.earlier = provided
    return result


def gather(
    project: Lesson,
    own: Mapping[str, bytes | None],
    seed: int = 0,
    timeout: float = TIMEOUT,
    isolation: Isolation | None = None,
) -> Earlier:
    """What there is for a project, after running the tests that earlier exercises must have passed."""

    def failures(lesson: Lesson, source: bytes, tests: list[str]) -> dict[str, str]:
        with Submission(text_of(source), timeout, isolation) as submission:
            result = run_tests(lesson, submission, seed, tests=tests)
        failed = [verdict for verdict in result.verdicts if verdict.points < verdict.possible]
        return {verdict.test: result.load_failure or f"`{verdict.title}` is not passed" for verdict in failed}

    return earlier.gather(project, own, failures)


def run_tests(lesson: Lesson, submission: Submission, seed: int = 0, tests: Sequence[str] = ()) -> Result:
    """The verdicts of a lesson's tests, or of those that are named, and what went wrong besides."""
    grading = _Grading(submission, seed)
    _run_pytest(lesson, grading, tests=tests)
    remarks = [grading.load_failure] if grading.load_failure else list(dict.fromkeys(submission.deaths))  # each once
    return Result(lesson.name, grading.verdicts, remarks, grading.load_failure)


def no_points(lesson: Lesson, remark: str) -> Result:
    """What an exercise gets that cannot be run: every test, and no points."""
    grading = _Grading(Submission("", isolation=Isolation()), 0)  # which is never started
    _run_pytest(lesson, grading, "--collect-only")
    for verdict in grading.verdicts:
        verdict.message = remark
    return Result(lesson.name, grading.verdicts, [remark])


class _Grading:
    """A pytest plug-in: the fixtures of `conftest.py`, with the submission in its process, and the verdicts."""

    def __init__(self, submission: Submission, seed: int):
        self.submission = submission
        self.seed = seed
        self.load_failure = ""
        self.faults: list[str] = []  # of the tests, not of the submission
        self.interrupted = False
        self._by_test: dict[str, Verdict] = {}
        self._deaths_before = 0

    @property
    def verdicts(self) -> list[Verdict]:
        return list(self._by_test.values())

    @pytest.fixture
    def exercise(self, request):
        if self.load_failure:
            raise Gone(self.load_failure)
        try:
            return self.submission.load(numpy_only=request.node.get_closest_marker("numpy_only") is not None)
        except SubmissionError as error:
            of_an_engine = error.kind == EngineError.__name__
            self.load_failure = error.text if of_an_engine else f"exercise.py does not load: {error}"
            raise Gone(self.load_failure) from None
        except (OSError, MemoryError) as error:
            self.faults.append(str(error))
            raise

    @pytest.fixture
    def rng(self, request):
        return random_cases(self.seed, request.node.name)

    def pytest_configure(self, config):
        for marker in MARKERS:
            config.addinivalue_line("markers", marker)

    def pytest_collection_finish(self, session):
        for item in session.items:
            marker = item.get_closest_marker("points")
            self._by_test[item.nodeid] = Verdict(item.name, 0, marker.args[0] if marker else 1, "this test was not run")

    def pytest_runtest_setup(self, item):
        self._deaths_before = len(self.submission.deaths)
        marker = item.get_closest_marker("seconds")
        self.submission.allow(marker.args[0] if marker else 0)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item, call):
        report = yield
        verdict = self._by_test[item.nodeid]
        if call.excinfo is not None or not report.passed:
            verdict.points, verdict.message = 0, _explain(call.excinfo, item.path)
        elif len(self.submission.deaths) > self._deaths_before:  # although the test may have expected an error
            verdict.points, verdict.message = 0, self.submission.deaths[-1]
        elif call.when == "call":
            verdict.points, verdict.message = verdict.possible, ""
        return report

    def pytest_collectreport(self, report):
        if report.failed:
            self.faults.append(str(report.longrepr).strip().splitlines()[-1])

    def pytest_internalerror(self, excinfo):
        self.faults.append(f"{excinfo.typename}: {excinfo.value}")

    def pytest_keyboard_interrupt(self, excinfo):
        self.interrupted = excinfo.type is KeyboardInterrupt  # not pytest's own, after tests that do not load


def _run_pytest(lesson: Lesson, grading: _Grading, *options: str, tests: Sequence[str] = ()) -> None:
    arguments = [*PYTEST, *(f"-pno:{plugin}" for plugin in WITHOUT), f"--rootdir={lesson.folder}", *options]
    places = [f"{lesson.tests}::{test}" for test in tests] or [str(lesson.tests)]
    with _own_settings(lesson.folder):
        pytest.main([*arguments, *places], plugins=[grading])
    if grading.interrupted:
        raise KeyboardInterrupt
    if grading.faults or not grading.verdicts:
        raise LessonError(f"{lesson.tests}: the tests do not run: {(grading.faults or ['there are none'])[0]}")


@contextlib.contextmanager
def _own_settings(folder: Path) -> Iterator[None]:
    """No options from the environment, no files written, warnings ignored, and modules of the tests' own.

    So it makes no difference whether another pytest, within which this one runs, has loaded the same tests.
    """
    others, writes = _take_modules(folder), sys.dont_write_bytecode
    sys.dont_write_bytecode = True
    linecache.checkcache()
    settings = {"PYTEST_ADDOPTS": "", "PYTEST_PLUGINS": "", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    with mock.patch.dict(os.environ, settings), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        finally:
            sys.dont_write_bytecode = writes
            _take_modules(folder)
            sys.modules.update(others)


def _take_modules(folder: Path) -> dict[str, ModuleType]:
    """Remove the modules loaded from the folder."""
    places = {name: getattr(module, "__file__", None) for name, module in list(sys.modules.items())}
    return {name: sys.modules.pop(name) for name, place in places.items() if place and folder in Path(place).parents}


def _explain(excinfo: pytest.ExceptionInfo | None, tests: Path) -> str:
    """The message for the learner. An assertion's is the one that its author wrote."""
    if excinfo is None or isinstance(excinfo.value, pytest.skip.Exception):
        return "this test was not run"
    error: BaseException | None = excinfo.value
    while error is not None:  # minae raises errors of an op again, with more said
        if isinstance(error, Gone):
            return str(error)
        if isinstance(error, SubmissionError):
            if error.kind in ("InPlaceError", "EngineError") or error.text.startswith("exercise.py has no "):
                return error.text
            if error.kind == "NotImplementedError":
                return f"not written yet: {error.text}"
            return f"your code raised {error}"
        error = error.__cause__
    if isinstance(excinfo.value, (AssertionError, pytest.fail.Exception)) and str(excinfo.value):
        return str(excinfo.value)
    lines = [entry.lineno + 1 for entry in excinfo.traceback if entry.path == tests]
    line = linecache.getline(str(tests), lines[-1]).strip() if lines else ""
    return f"the test stopped at `{line}`: {excinfo.typename}: {excinfo.value}"
