"""Solutions and wrong answers, as they are tested."""

import ast
from pathlib import Path
from types import ModuleType

from lessons.tools.catalogue import Lesson
from lessons.tools.exercises import load, provide, watched_module
from lessons.tools.grade import gather
from lessons.tools.reading import text_of

WRONG = sorted((Path(__file__).parent / "wrong_answers").glob("*/*.py"))


class Here:
    """A submission that may run in this process, as `pytest lessons/NN_slug` does it: ours are not hostile."""

    deaths = ()

    def __init__(self, lesson: Lesson, source: bytes):
        self.source = source
        self.earlier = gather(lesson, own={}).supplies  # references alone

    def allow(self, seconds: float) -> None:
        """Ours take no longer than they may."""

    def load(self, numpy_only: bool = False) -> ModuleType:
        provide(self.earlier, numpy_only)
        return watched_module(load(text_of(self.source), Path("exercise.py"), numpy_only))


def constants(path: Path) -> tuple[tuple[str, ...], str | tuple[str, ...]]:
    """LOSES and SAYS, without running what is wrong."""
    assigned = {
        statement.targets[0].id: ast.literal_eval(statement.value)
        for statement in ast.parse(path.read_text("utf-8")).body
        if isinstance(statement, ast.Assign) and getattr(statement.targets[0], "id", "") in ("LOSES", "SAYS")
    }
    return assigned["LOSES"], assigned["SAYS"]


def on_top_of_the_solution(path: Path, lesson: Lesson) -> bytes:
    """One file in which `from solution import *` works where there is no solution: in the submission's process."""
    solution = (lesson.folder / "solution.py").read_text("utf-8")
    register = (
        "import sys, types; sys.modules['solution'] = types.ModuleType('solution'); "
        f"exec(compile({solution!r}, 'exercise.py', 'exec'), vars(sys.modules['solution']))\n"
    )
    return (register + path.read_text("utf-8")).encode()
