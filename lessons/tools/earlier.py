"""What a project takes from earlier exercises: the reader's own functions, or the reference where one is not right.

A function is right if the tests pass that project.toml names for it. No other tests are run. Of a lesson that is
written with minae, only what the functions need is taken; so it can still be refused where NumPy alone is asked for.
"""

import ast
from collections.abc import Callable, Iterable, Mapping
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
    part = (lambda program: program) if lesson.numpy_only else (lambda program: part_of(program, functions))
    source = None if source is None else part(text_of(source)).encode()
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
        program = (REFERENCE, compiled(part(reference.read_text("utf-8")))) if stands_in else (OWN, text)
        found.supplies.append((lesson.name, *program, list(why)))
        said = "the reference stands in for" if stands_in else "this copy has no reference, so yours stays:"
        reasons = "; ".join(dict.fromkeys(why.values()))
        found.notes.append(f"{said} {', '.join(why)} (lesson {lesson.number}: {reasons})")


def part_of(program: str, names: Iterable[str]) -> str:
    """The functions, classes, imports and assignments of a program that these names need, and that those need."""
    try:
        statements = ast.parse(program).body
    except SyntaxError:
        return program  # it is told where it is loaded
    kept: list[ast.stmt] = []
    before: set[str] = set()
    needed_names = set(names)
    while needed_names != before:
        before = set(needed_names)
        kept = [statement for statement in statements if _made_by(statement) & needed_names]
        needed_names |= set().union(*map(_taken_from_outside, kept))
    return ast.unparse(ast.Module(kept, []))


def _made_by(statement: ast.stmt) -> set[str]:
    """The names that a statement of a module makes; of loops and branches, none."""
    if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
        return {statement.name}
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        return {alias.asname or alias.name.partition(".")[0] for alias in statement.names}
    return _names(statement, ast.Store) if isinstance(statement, (ast.Assign, ast.AnnAssign)) else set()


def _taken_from_outside(statement: ast.stmt) -> set[str]:
    own = {node.arg for node in ast.walk(statement) if isinstance(node, ast.arg)}
    return _names(statement, ast.Load) - _names(statement, ast.Store) - own


def _names(statement: ast.stmt, context: type[ast.expr_context]) -> set[str]:
    return {node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, context)}


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
