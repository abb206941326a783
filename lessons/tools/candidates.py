"""Which of a student's files is the exercise of a lesson: by its place, by its name, or by what it defines."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from .catalogue import Lesson, LessonError, Project
from .files import File
from .reading import program_of, text_of

KINDS = (".py", ".py.txt", ".txt", ".ipynb")  # the earlier is taken
OF_THE_COURSE = re.compile(r"(test_.*|conftest|lesson|quiz)(\.py|\.ipynb)+", re.IGNORECASE)
COPY = re.compile(r"([ _-]*\(\d+\)|-\d+|[ _-]+(copy|copie|kopie|copia)( \d+)?)+$", re.IGNORECASE)  # exercise (1)
DEFINED = re.compile(r"\b(?:def|class)\s+(\w+)")

AS_ASKED, BY_NAME, BY_CONTENT = range(3)
WHY = ("it lies where the course asks for it", "its name says the lesson", "it defines this lesson's functions")


@dataclass
class Work:
    """What one student handed in for one lesson: a program, or why there is none."""

    source: bytes | None = None
    remark: str = ""


@dataclass(frozen=True)
class Candidate:
    """A file that may be a student's exercise."""

    file: File
    path: tuple[str, ...]  # below the student's folder
    attempt: str = ""  # when it was handed in, if the platform says

    @property
    def shown(self) -> str:
        return "/".join(self.path)

    @property
    def kind(self) -> str:
        """Its ending, of KINDS; "" of other files and of those that the course brings along."""
        name = self.path[-1].lower()
        fitting = [kind for kind in KINDS if name.endswith(kind)]
        return "" if OF_THE_COURSE.fullmatch(name) or not fitting else max(fitting, key=len)

    @property
    def stem(self) -> str:
        return self.path[-1][: len(self.path[-1]) - len(self.kind)]


def choose(candidates: list[Candidate], lesson: Lesson, lessons: list[Lesson], only: bool = False) -> Work:
    """The best of the files for a lesson, with a remark if it is not where it should be, or not the only one.

    With `only`, nothing else was to be handed in.
    """
    likely = {c: like for c in candidates if (like := _how_likely(c, lesson, lessons, only)) is not None}
    if not likely:
        others = [candidate.shown for candidate in candidates]
        return Work(None, "nothing handed in" + (f" for it; found {_listed(others)}" if others else ""))
    best, *rest = sorted(likely, key=lambda c: _order(c, likely[c], lesson))
    remark = "" if likely[best] == AS_ASKED else f"taken from {best.shown}"
    if rest := [other for other in rest if _content(other) != _content(best)]:
        names = _listed([candidate.shown for candidate in (best, *rest)])
        remark = f"found {names}; took {best.shown}: {_why(best, rest[0], likely, lesson)}"
    try:
        return Work(_program(best), remark)
    except LessonError as error:
        return Work(None, f"{remark}; {error}" if remark else str(error))


def _program(candidate: Candidate) -> bytes:
    """The program in the file. Raises LessonError, saying why there is none."""
    content = candidate.file.read()
    if not content.strip():
        raise LessonError(f"{candidate.file.name} is empty")
    return program_of(content).encode() if candidate.kind == ".ipynb" else content


def _how_likely(candidate: Candidate, lesson: Lesson, lessons: list[Lesson], only: bool) -> int | None:
    """AS_ASKED, BY_NAME, BY_CONTENT, or None if it is not for this lesson."""
    if not candidate.kind:
        return _problem(candidate, lesson)
    like = likeness(candidate, lesson, only)
    if like != AS_ASKED and any(likeness(candidate, other, False) == AS_ASKED for other in lessons):
        return None
    defines = {other.name: defined(candidate, other) for other in lessons}
    if like == AS_ASKED or (like == BY_NAME and defines[lesson.name] >= max(defines.values())):
        return like
    return BY_CONTENT if defines[lesson.name] == max(defines.values()) > 0 else None


def _problem(candidate: Candidate, lesson: Lesson) -> int | None:
    """A link to a folder, and an archive that cannot be read, are told."""
    is_one = candidate.file.problem and candidate.path[-1].lower() in (lesson.name, f"{lesson.name}.zip")
    is_archive = candidate.file.problem and candidate.path[-1].lower().endswith(".zip")
    return BY_NAME if is_one or is_archive else None


def likeness(candidate: Candidate, lesson: Lesson, only: bool) -> int | None:
    """What its path says of the lesson; exercise.py alone will do if only one lesson is graded."""
    path = candidate.path
    asked = [(lesson.name, "exercise.py"), ("lessons", lesson.name, "exercise.py"), (f"{lesson.name}.py",)]
    if path in asked or (only and path == ("exercise.py",)):
        return AS_ASKED
    words = [_plain(part) for part in (*path[:-1], candidate.stem)]
    kind = "(project|p)" if isinstance(lesson, Project) else "(lesson|exercise|ex|hw)?"
    number = re.compile(rf"{kind}_?0?{int(lesson.number.lstrip('P'))}")
    if any(_plain(lesson.name) in word or number.fullmatch(word) for word in words):
        return BY_NAME
    return BY_NAME if only and _plain(COPY.sub("", candidate.stem)) == "exercise" else None


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


def defined(candidate: Candidate, lesson: Lesson) -> int:
    """How many of the lesson's functions it defines."""
    if not candidate.kind:
        return 0
    return len(set(DEFINED.findall(_stub(lesson))) & set(DEFINED.findall(_content(candidate))))


@lru_cache(maxsize=64)
def _stub(lesson: Lesson) -> str:
    """The exercise as it was given out."""
    return (lesson.folder / "exercise.py").read_text("utf-8")


@lru_cache(maxsize=256)
def _content(candidate: Candidate) -> str:
    try:
        return text_of(candidate.file.read())
    except LessonError:
        return ""


def _order(candidate: Candidate, like: int, lesson: Lesson) -> tuple:
    """The smallest is taken."""
    return (*(key for key, _ in _reasons(candidate, like, lesson)), candidate.path)


def _why(best: Candidate, other: Candidate, likely: dict[Candidate, int], lesson: Lesson) -> str:
    """The first reason for which the best is before the other."""
    reasons = zip(_reasons(best, likely[best], lesson), _reasons(other, likely[other], lesson), strict=True)
    return next((why for (mine, why), (theirs, _) in reasons if mine != theirs), "the first by name")


def _reasons(candidate: Candidate, like: int, lesson: Lesson) -> Iterator[tuple]:
    """What is compared, in order, and what to say of it."""
    yield _content(candidate) == _stub(lesson), "the other is as it was given out"
    yield like, WHY[like]
    yield [-int(number) for number in candidate.attempt.split("-") if number], "it is the latest attempt"
    yield KINDS.index(candidate.kind) if candidate.kind else len(KINDS), "a program goes before a notebook or a text"
    mark = COPY.search(candidate.stem)
    yield [-int(number) for number in re.findall(r"\d+", mark[0] if mark else "")], "it has the highest number"


def _listed(names: list[str], most: int = 5) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
