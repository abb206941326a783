"""Grading a folder of submissions: one folder per student, one row per student."""

import csv
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

import minae

from .catalogue import HERE, Lesson, LessonError
from .grade import LARGEST, Result, grade, no_points
from .guard import Guard


@dataclass
class Student:
    """The results of one student, a result per lesson."""

    name: str
    results: list[Result] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)  # files of the course that were put back

    @property
    def points(self) -> float:
        return sum(result.points for result in self.results)

    @property
    def remark(self) -> str:
        remarks = [f"{result.lesson}: {remark}" for result in self.results for remark in result.remarks]
        if self.changed:
            remarks.append(f"this submission changed files of the course, which were put back: {self.changed}")
        return one_line("; ".join(remarks))


def find_students(folder: Path, lessons: list[Lesson], one: bool = False) -> list[Path]:
    """The folders of the students: those in `folder`, or `folder` itself if it is one student's.

    If there must be `one`, a folder in which nothing is found is that student's too, who has handed in nothing.
    """
    if not folder.is_dir():
        raise LessonError(f"{folder}: expected a folder of submissions, found none")
    if any(_is_there(path) for lesson in lessons for path in _places(folder, lesson, len(lessons) == 1)):
        return [folder]
    found = sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))
    if one and not found:
        return [folder]
    if not found:
        raise LessonError(f"{folder}: expected one folder per student, found none")
    return found


def grade_all(folders: list[Path], lessons: list[Lesson], seed: int, timeout: float) -> Iterator[Student]:
    """Grade each student in turn. Whatever a submission does to the course's files is undone before the next."""
    for lesson in lessons:
        no_points(lesson, "")  # tests that do not run are found before the first submission
    guard = Guard(HERE, Path(minae.__file__).parent, *(lesson.folder for lesson in lessons))
    try:
        for folder in folders:
            student = Student(folder.name or folder.resolve().name)
            for lesson in lessons:
                student.results.append(_grade_one(folder, lesson, len(lessons) == 1, seed, timeout))
                student.changed += guard.restore()
            yield student
    finally:
        guard.restore()


def _grade_one(folder: Path, lesson: Lesson, only: bool, seed: int, timeout: float) -> Result:
    try:
        source = _read(folder, lesson, only)
    except LessonError as error:
        return no_points(lesson, str(error))
    try:
        return grade(lesson, source, seed, timeout)
    except (LessonError, MemoryError, OSError) as error:
        return no_points(
            lesson, f"the grader failed ({type(error).__name__}: {error}); please look at this one yourself"
        )


def _read(folder: Path, lesson: Lesson, only: bool) -> bytes:
    """The submitted file. Raises LessonError, saying why there is none."""
    path = next(filter(_is_there, _places(folder, lesson, only)), None)
    if path is None:
        raise LessonError("nothing handed in")
    way = [path, *path.parents]
    if any(place.is_symlink() for place in way[: way.index(folder)]):
        raise LessonError(f"{path.name} is a symbolic link, not a file")
    if not stat.S_ISREG(path.stat().st_mode):
        raise LessonError(f"{path.name} is not a file")
    if path.stat().st_size > LARGEST:
        raise LessonError(f"{path.name} has {path.stat().st_size:,} bytes; at most {LARGEST:,} are read")
    try:
        source = path.read_bytes()
    except OSError as error:
        raise LessonError(f"{path.name} cannot be read ({error.strerror})") from error
    if not source.strip():
        raise LessonError(f"{path.name} is empty")
    return source


def _places(folder: Path, lesson: Lesson, only: bool) -> list[Path]:
    """Where an exercise may lie; exercise.py alone will do if only one lesson is graded."""
    places = [folder / lesson.name / "exercise.py", folder / "lessons" / lesson.name / "exercise.py"]
    return [*places, folder / f"{lesson.name}.py", *([folder / "exercise.py"] if only else [])]


def _is_there(path: Path) -> bool:
    try:
        path.lstat()
    except OSError:
        return False
    return True


class Table:
    """The CSV file: a column per lesson, the total, and remarks. A row is on the disk as soon as it is known."""

    def __init__(self, file: TextIO, lessons: list[Lesson]):
        self.file = file
        self.writer = csv.writer(file, lineterminator="\n")
        self._write("student", *(lesson.name for lesson in lessons), "total", "remarks")

    def add(self, student: Student) -> None:
        points = (f"{result.points:g}" for result in student.results)
        self._write(harmless(one_line(student.name)), *points, f"{student.points:g}", harmless(student.remark))

    def _write(self, *cells: str) -> None:
        self.writer.writerow(cells)
        self.file.flush()


def harmless(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else text


def one_line(text: str) -> str:
    """The text without line breaks, and without what a terminal would obey."""
    return "".join(letter if letter.isprintable() else "?" for letter in " ".join(text.split()))
