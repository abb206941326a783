"""What a project takes from earlier exercises: the reader's own functions, or the reference where one is not right.

A function is right if the tests pass that project.toml names for it. No other tests are run.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from .catalogue import Lesson, Project, find
from .exercises import OWN, REFERENCE, Supply, compiled, load
from .reading import text_of

Failures = Callable[[Lesson, bytes, list[str]], dict[str, str]]  # which of these tests an exercise fails, and why


@dataclass
class Earlier:
    """What goes into the process of a project, and what its report says of it."""

    supplies: list[Supply] = field(default_factory=list)
    own: list[str] = field(default_factory=list)  # the names of the reader's functions
    notes: list[str] = field(default_factory=list)  # on the others

    @property
    def remarks(self) -> list[str]:
        """What a learner is told."""
        return ([f"your own {', '.join(self.own)}"] if self.own else []) + self.notes


def gather(project: Lesson, own: Mapping[str, bytes | None], failures: Failures) -> Earlier:
    """What there is for a project. `own` has the reader's earlier exercises, by lesson; None where there is none."""
    found = Earlier()
    for lesson, functions in needed(project).items():
        _gather_from(found, lesson, functions, own.get(lesson.name), failures)
    return found


def needed(project: Lesson) -> dict[Lesson, dict[str, list[str]]]:
    """The lessons that a project takes functions from: their names, each with the tests that it must have passed."""
    root = project.folder.parent
    return {find([name], root)[0]: functions for name, functions in project.earlier.items()}


def _gather_from(
    found: Earlier, lesson: Lesson, functions: dict[str, list[str]], source: bytes | None, failures: Failures
) -> None:
    tests = list(dict.fromkeys(test for wanted in functions.values() for test in wanted))
    failed = dict.fromkeys(tests, "nothing was handed in") if source is None else failures(lesson, source, tests)
    why = {name: failed[test] for name, wanted in functions.items() for test in wanted if test in failed}
    right = [name for name in functions if name not in why]
    text = text_of(source or b"")
    if right:
        found.supplies.append((lesson.name, OWN, text, right))
        found.own += right
    if why:
        reference = lesson.folder / "solution.py"
        stands_in = reference.exists()
        program = (REFERENCE, compiled(reference.read_text("utf-8"))) if stands_in else (OWN, text)
        found.supplies.append((lesson.name, *program, list(why)))
        said = "the reference stands in for" if stands_in else "this copy has no reference, so yours stays:"
        reasons = "; ".join(dict.fromkeys(why.values()))
        found.notes.append(f"{said} {', '.join(why)} (lesson {lesson.number}: {reasons})")


def of_the_learner(project: Lesson) -> dict[str, bytes | None]:
    """The exercises that stand in this copy of the course."""
    paths = {lesson.name: lesson.folder / "exercise.py" for lesson in needed(project)}
    return {name: path.read_bytes() if path.exists() else None for name, path in paths.items()}


# --- run by hand, without the grader ---


def by_hand(folder: Path, name: str) -> Any:
    """A function of an earlier exercise of the reader's, whether it is right or not. Raises AttributeError."""
    for lesson, functions in needed(Project(folder)).items():
        if name in functions:
            return getattr(_loaded(lesson), name)
    raise AttributeError(f"project.toml names no function `{name}`")


@cache
def _loaded(lesson: Lesson) -> ModuleType:
    path = lesson.folder / "exercise.py"
    return load(text_of(path.read_bytes()), path, name=lesson.name)
