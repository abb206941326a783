"""Which lessons and projects there are, and how far the learner has come."""

import json
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import records

HERE = Path(__file__).resolve().parents[1]  # the folder of the lessons
PROGRESS = ".progress.json"


class LessonError(Exception):
    """What a command of the course cannot do, in one line."""


@dataclass(frozen=True)
class Lesson:
    """A lesson is a folder NN_slug."""

    folder: Path

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def number(self) -> str:
        return self.name.partition("_")[0]

    @property
    def tests(self) -> Path:
        return self.folder / "test_exercise.py"

    @property
    def numpy_only(self) -> bool:
        """Its exercise may import no engine."""
        return "\npytestmark = pytest.mark.numpy_only\n" in self.tests.read_text("utf-8")

    @property
    def place(self) -> str:
        """The lesson that it is, or stands behind."""
        return self.name

    @property
    def has_exercise(self) -> bool:
        """A first look has none."""
        return self.tests.exists()

    @property
    def title(self) -> str:
        return str(self.quiz()["title"])

    @property
    def minutes(self) -> tuple[str, str]:
        """How many to read it, and to write the exercise; "-" where there is none."""
        quiz = self.quiz()
        return str(quiz["minutes"]), str(quiz.get("exercise_minutes", "-"))

    @property
    def earlier(self) -> dict[str, dict[str, list[str]]]:
        """What it takes from earlier exercises: {"03_arrays": {"matmul": [the tests that it must have passed]}}."""
        return {}

    def quiz(self) -> dict[str, Any]:
        """The title, the minutes, and the questions before and after."""
        path = self.folder / "quiz.json"
        try:
            return json.loads(path.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise LessonError(f"{path}: the quiz cannot be read ({error})") from error


class Project(Lesson):
    """What a part ends with is a folder PN_slug. It has a task, project.md, in place of a lesson, and no quiz."""

    @property
    def title(self) -> str:
        return str(self._about["title"])

    @property
    def minutes(self) -> tuple[str, str]:
        return "-", str(self._about["minutes"])

    @property
    def earlier(self) -> dict[str, dict[str, list[str]]]:
        return self._about["earlier"]

    @property
    def place(self) -> str:
        """`after` in project.toml, or the last lesson that it takes something from."""
        return str(self._about.get("after") or max(self.earlier))

    def quiz(self) -> dict[str, Any]:
        raise LessonError(f"{self.name} is a project, which has no quiz")

    @property
    def _about(self) -> dict[str, Any]:
        """project.toml."""
        path = self.folder / "project.toml"
        try:
            return tomllib.loads(path.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise LessonError(f"{path}: the project cannot be read ({error})") from error


def lessons(root: Path = HERE) -> list[Lesson]:
    """All lessons, in order."""
    return [Lesson(folder) for folder in sorted(root.glob("[0-9][0-9]_*")) if folder.is_dir()]


def projects(root: Path = HERE) -> list[Project]:
    """All projects, in order."""
    return [Project(folder) for folder in sorted(root.glob("P[0-9]_*")) if folder.is_dir()]


def course(root: Path = HERE) -> list[Lesson]:
    """Lessons and projects: each project in its place, behind a lesson."""
    return sorted([*lessons(root), *projects(root)], key=lambda one: (one.place, one.name))


def find(wanted: list[str], root: Path = HERE) -> list[Lesson]:
    """The lessons and projects of these names (3, 03 or 03_arrays; P2 or P2_network); all of them if none is named."""
    there = course(root)
    if not wanted:
        return there
    return [_find_one(name, there) for name in wanted]


def with_exercise(wanted: list[str], root: Path = HERE) -> list[Lesson]:
    """As `find`, for what is graded: of all lessons, those that have an exercise. One that is named must have one."""
    found = find(wanted, root)
    if wanted and (without := [lesson for lesson in found if not lesson.has_exercise]):
        raise LessonError(f"{without[0].name} has no exercise")
    return [lesson for lesson in found if lesson.has_exercise]


def _find_one(wanted: str, there: list[Lesson]) -> Lesson:
    number = f"{int(wanted):02}" if re.fullmatch("[0-9]{1,2}", wanted) else wanted.upper()
    for lesson in there:
        if wanted == lesson.name or number == lesson.number:
            return lesson
    raise LessonError(f"no lesson {wanted!r}; there are {', '.join(lesson.name for lesson in there) or 'none'}")


def progress(root: Path = HERE) -> dict[str, dict[str, Any]]:
    """What was done, by lesson: {"03_arrays": {"quiz": "after", "before": [2, 3], "points": 7.0, "of": 10.0}}."""
    return records.read(root / PROGRESS)


def note_progress(lesson: Lesson, **done: Any) -> None:
    """Remember what was done."""
    root = lesson.folder.parent
    noted = progress(root)
    noted[lesson.name] = {**noted.get(lesson.name, {}), **done}
    records.write(root / PROGRESS, noted)


def listing(root: Path = HERE) -> str:
    """A table of the course: what, how many minutes to read and to write the exercise, and progress."""
    done = progress(root)
    rows = [("", "lesson", "minutes to read", "to write", "quiz before", "after", "points")]
    for lesson in course(root):
        so_far = done.get(lesson.name, {})
        points = f"{so_far['points']:g}/{so_far['of']:g}" if _is_score(so_far) else "-"
        right = _right(so_far, "before"), _right(so_far, "after")
        rows.append((lesson.number, lesson.title, *lesson.minutes, *right, points))
    width = max(len(title) for _, title, *_ in rows)
    return "\n".join(
        f"{n:3}{title:{width}}  {r:>15}  {w:>8}  {b:11}  {a:5}  {p}".rstrip() for n, title, r, w, b, a, p in rows
    )


def _right(noted: dict[str, Any], part: str) -> str:
    """How many questions of a part of the quiz were answered right, of how many."""
    score = noted.get(part)
    if isinstance(score, list) and len(score) == 2 and all(type(number) is int for number in score):
        return "/".join(map(str, score))
    return "-"


def _is_score(noted: dict[str, Any]) -> bool:
    return all(isinstance(noted.get(name), (int, float)) for name in ("points", "of"))
