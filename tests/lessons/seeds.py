"""Do the thresholds of what trains hold for other seeds? python -m tests.lessons.seeds NN [--seeds 10]

It runs the tests of a lesson or project that train, those marked `seconds`. The solution must pass each with every
seed, and a wrong answer that says in LOSES that it loses one must lose it with every seed.
"""

import argparse
import ast
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lessons.tools.catalogue import Lesson, with_exercise
from lessons.tools.grade import run_tests

from .answers import WRONG, Here, constants, on_top_of_the_solution

SOLUTION = "solution"


@dataclass(frozen=True)
class Row:
    """How often an answer passed a test."""

    answer: str
    test: str
    passed: int
    of: int

    @property
    def fits(self) -> bool:
        return self.passed == (self.of if self.answer == SOLUTION else 0)

    def __str__(self) -> str:
        return f"{'    ' if self.fits else 'BAD '}{self.passed:3} of {self.of} passed  {self.answer:40}  {self.test}"


def measure(lesson: Lesson, seeds: Iterable[int]) -> Iterator[Row]:
    """A row for each answer that trains, and each test that it must pass or lose."""
    trained, seeds = training_tests(lesson), list(seeds)
    for name, source, tests in _answers(lesson, trained):
        results = [run_tests(lesson, Here(lesson, source), seed, tests) for seed in seeds]
        passed = [verdict.test for result in results for verdict in result.verdicts if verdict.points]
        yield from (Row(name, test, passed.count(test), len(seeds)) for test in tests)


def _answers(lesson: Lesson, trained: list[str]) -> Iterator[tuple[str, bytes, list[str]]]:
    """The solution and the wrong answers, with the tests that are run on each."""
    if trained:
        yield SOLUTION, (lesson.folder / "solution.py").read_bytes(), trained
    for path in (path for path in WRONG if path.parent.name == lesson.name):
        if lost := [test for test in trained if test in constants(path)[0]]:
            yield path.stem, on_top_of_the_solution(path, lesson), lost


def training_tests(lesson: Lesson) -> list[str]:
    """The names of the tests that are marked `seconds`."""
    return [test.name for test in _tests(lesson) if any(map(_gives_seconds, test.decorator_list))]


def names_of_tests(lesson: Lesson) -> list[str]:
    """The names of all its tests."""
    return [test.name for test in _tests(lesson)]


def _tests(lesson: Lesson) -> list[ast.FunctionDef]:
    found = ast.parse(lesson.tests.read_text("utf-8")).body
    return [node for node in found if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]


def _gives_seconds(decorator: ast.expr) -> bool:
    return ast.unparse(decorator).startswith("pytest.mark.seconds(")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.lessons.seeds", description=__doc__)
    parser.add_argument("lesson", metavar="NN", help="07, 7 or 07_learning; P2, a project")
    parser.add_argument("--seeds", type=int, default=10, help="how many (default: 10)")
    options = parser.parse_args(arguments)
    fits = True
    for row in measure(with_exercise([options.lesson])[0], range(options.seeds)):
        print(row, flush=True)
        fits = fits and row.fits
    return 0 if fits else 1


if __name__ == "__main__":
    sys.exit(main())
