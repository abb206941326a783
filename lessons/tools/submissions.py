"""Grading many submissions: all are read before the first one runs, so that none can change another."""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import minae

from .candidates import Work
from .catalogue import HERE, Lesson, LessonError
from .finding import HandedIn
from .grade import Result, grade, no_points
from .guard import Guard
from .isolation import Isolation
from .table import one_line


@dataclass
class Student:
    """The results of one student, a result per lesson."""

    name: str
    isolation: str
    results: list[Result] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)  # files of the course that were put back

    @property
    def points(self) -> float:
        return sum(result.points for result in self.results)

    @property
    def remark(self) -> str:
        remarks = [
            f"{result.lesson}: {remark}"
            for result in self.results
            for remark in (*result.remarks, *result.earlier.notes)
        ]
        if self.changed:
            remarks.append(f"this submission changed files of the course, which were put back: {self.changed}")
        return one_line("; ".join(remarks))


def grade_all(
    submissions: list[HandedIn],
    lessons: list[Lesson],
    seed: int,
    timeout: float,
    isolation: Isolation,
    begin: Callable[[str], None] | None = None,
) -> Iterator[Student]:
    """Grade each student in turn, having told `begin` who it is.

    Where nothing isolates them, what one does to the course's files is undone.
    """
    folders = [HERE, Path(minae.__file__).parent, *(lesson.folder for lesson in lessons)]
    with nullcontext() if isolation.bwrap else Guard(*folders) as guard:
        for handed_in in submissions:
            if begin:
                begin(handed_in.student)
            student = Student(handed_in.student, str(isolation))
            for lesson, work in zip(lessons, handed_in.works, strict=True):
                student.results.append(_grade_one(lesson, work, seed, timeout, isolation, handed_in.earlier))
                student.changed += guard.restore() if guard else []
            yield student


def _grade_one(
    lesson: Lesson, work: Work, seed: int, timeout: float, isolation: Isolation, own: dict[str, bytes | None]
) -> Result:
    if work.source is None:
        return no_points(lesson, work.remark)
    try:
        result = grade(lesson, work.source, seed, timeout, isolation, own)
    except (LessonError, MemoryError, OSError) as error:
        result = no_points(
            lesson, f"the grader failed ({type(error).__name__}: {error}); please look at this one yourself"
        )
    result.remarks[:0] = [work.remark] if work.remark else []
    return result
