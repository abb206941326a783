"""Whose a file is, and which lesson it is for: folders, archives, and the downloads of learning platforms."""

import dataclasses
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from .catalogue import Lesson, LessonError
from .files import JUNK, File, files
from .reading import program_of, text_of

# How platforms name what they give a teacher: Moodle folders or files, the others a file or an archive per student.
MOODLE = re.compile(r"(?P<who>.+?)_(?P<id>\d+)_assignsubmission_[a-z]+_?(?P<name>.*)")
BLACKBOARD = re.compile(r"(?:.*_)?(?P<who>[^_]+)_attempt_(?P<id>\d{4}(?:-\d\d){5})(?:_(?P<name>.+)|\..*)")
CANVAS = re.compile(r"(?P<who>[^_]+)_(?:late_)?(?P<id>\d+)_\d+_(?P<name>.+)", re.IGNORECASE)
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


@dataclass
class HandedIn:
    """What one student handed in, lesson by lesson."""

    student: str
    works: list[Work] = field(default_factory=list)


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


def find(place: Path, lessons: list[Lesson], one: bool = False) -> tuple[list[HandedIn], list[str]]:
    """All that was handed in, read into memory, and the files that are nobody's. With `one`, all is one student's."""
    if not (place.is_dir() or (place.suffix.lower() == ".zip" and place.is_file())):
        raise LessonError(f"{place}: expected a folder of submissions, found none")
    found = files(place)
    if one or any(_is_an_exercise(file, lessons) for file in found):
        owned, nobodys = {place.resolve().name: [Candidate(file, file.parts) for file in found]}, list[str]()
    else:
        owned, nobodys = _by_student(place, found, lessons)
    if not owned:
        raise LessonError(f"{place}: expected one folder per student, found none")
    return [HandedIn(name, _works(owned[name], lessons)) for name in sorted(owned)], nobodys


def _is_an_exercise(file: File, lessons: list[Lesson]) -> bool:
    """Whether it lies in the folder itself as an exercise does in a student's: that folder is a student's then."""
    alone = Candidate(file, file.parts)
    folder = file.parts[0] == "lessons" or any(file.parts[0] == lesson.name for lesson in lessons)
    return folder or (len(file.parts) == 1 and alone.kind != "" and _says_a_lesson(alone, lessons))


def _says_a_lesson(candidate: Candidate, lessons: list[Lesson]) -> bool:
    return any(_likeness(candidate, lesson, True) in (AS_ASKED, BY_NAME) for lesson in lessons)


def _by_student(place: Path, found: list[File], lessons: list[Lesson]) -> tuple[dict[str, list[Candidate]], list[str]]:
    """The files of each student, by name, and those that are nobody's."""
    owned: dict[tuple[str, str], list[Candidate]] = {}
    nobodys = []
    for file in found:
        who, number, candidate = _whose(file)
        if who or _fits(candidate, lessons):
            owned.setdefault((who or candidate.stem, number), []).append(candidate)
        else:
            nobodys.append(candidate.shown)
    if place.is_dir():  # a folder in which nothing is found is a student's too
        for folder in place.iterdir():
            if folder.is_dir() and not folder.is_symlink() and not JUNK.fullmatch(folder.name):
                who, number, _ = _whose(File((folder.name, "")))
                owned.setdefault((who, number), [])
    names = [who for who, _ in owned]
    named = {(who if names.count(who) == 1 else f"{who} ({number})"): files for (who, number), files in owned.items()}
    return named, nobodys


def _whose(file: File) -> tuple[str, str, Candidate]:
    """The student ("" if nobody's), the platform's number for them, and the file below the student's folder."""
    first, *rest = file.parts
    archive = first[: -len(".zip")] if first.lower().endswith(".zip") else ""
    platforms = (MOODLE,) if rest and not archive else (MOODLE, BLACKBOARD, CANVAS)
    match = next(filter(None, (platform.fullmatch(first) for platform in platforms)), None)
    if match is None:
        return (archive or first if rest else ""), "", Candidate(file, tuple(rest) or file.parts)
    candidate = Candidate(file, tuple(rest) or (match["name"] or first,))
    if match.re is BLACKBOARD:  # whose number is the time; the name is the student's own
        return match["who"], "", dataclasses.replace(candidate, attempt=match["id"])
    return match["who"], match["id"], candidate


def _fits(candidate: Candidate, lessons: list[Lesson]) -> bool:
    """Whether a file that no folder and no platform gives to a student has an exercise in it."""
    return len(candidate.file.parts) == 1 and any(_defines(candidate, lesson) for lesson in lessons)


def _works(candidates: list[Candidate], lessons: list[Lesson]) -> list[Work]:
    return [_work(candidates, lesson, lessons) for lesson in lessons]


def _work(candidates: list[Candidate], lesson: Lesson, lessons: list[Lesson]) -> Work:
    """The best of the files for a lesson, with a remark if it is not where it should be, or not the only one."""
    likely = {c: like for c in candidates if (like := _how_likely(c, lesson, lessons)) is not None}
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


def _how_likely(candidate: Candidate, lesson: Lesson, lessons: list[Lesson]) -> int | None:
    """AS_ASKED, BY_NAME, BY_CONTENT, or None if it is not for this lesson."""
    if not candidate.kind:
        return _problem(candidate, lesson)
    like = _likeness(candidate, lesson, len(lessons) == 1)
    if like != AS_ASKED and any(_likeness(candidate, other, False) == AS_ASKED for other in lessons):
        return None
    defines = {other.name: _defines(candidate, other) for other in lessons}
    if like == AS_ASKED or (like == BY_NAME and defines[lesson.name] >= max(defines.values())):
        return like
    return BY_CONTENT if defines[lesson.name] == max(defines.values()) > 0 else None


def _problem(candidate: Candidate, lesson: Lesson) -> int | None:
    """A link to a folder, and an archive that cannot be read, are told."""
    is_one = candidate.file.problem and candidate.path[-1].lower() in (lesson.name, f"{lesson.name}.zip")
    is_archive = candidate.file.problem and candidate.path[-1].lower().endswith(".zip")
    return BY_NAME if is_one or is_archive else None


def _likeness(candidate: Candidate, lesson: Lesson, only: bool) -> int | None:
    """What its path says of the lesson; exercise.py alone will do if only one lesson is graded."""
    path = candidate.path
    asked = [(lesson.name, "exercise.py"), ("lessons", lesson.name, "exercise.py"), (f"{lesson.name}.py",)]
    if path in asked or (only and path == ("exercise.py",)):
        return AS_ASKED
    words = [_plain(part) for part in (*path[:-1], candidate.stem)]
    number = re.compile(rf"(lesson|exercise|ex|hw)?_?0?{int(lesson.number)}")
    if any(_plain(lesson.name) in word or number.fullmatch(word) for word in words):
        return BY_NAME
    return BY_NAME if only and _plain(COPY.sub("", candidate.stem)) == "exercise" else None


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


def _defines(candidate: Candidate, lesson: Lesson) -> int:
    """How many of the lesson's functions it defines."""
    stub = set(DEFINED.findall((lesson.folder / "exercise.py").read_text("utf-8")))
    return len(stub & set(DEFINED.findall(_content(candidate)))) if candidate.kind else 0


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
    yield _content(candidate) == (lesson.folder / "exercise.py").read_text("utf-8"), "the other is as it was given out"
    yield like, WHY[like]
    yield [-int(number) for number in candidate.attempt.split("-") if number], "it is the latest attempt"
    yield KINDS.index(candidate.kind) if candidate.kind else len(KINDS), "a program goes before a notebook or a text"
    yield (
        [-int(number) for number in re.findall(r"\d+", "".join(m[0] for m in [COPY.search(candidate.stem)] if m))],
        ("it has the highest number"),
    )


def _listed(names: list[str], most: int = 5) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
