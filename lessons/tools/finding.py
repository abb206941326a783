"""Whose the files are that were handed in: folders, archives, and the downloads of learning platforms."""

import re
from dataclasses import dataclass, field, replace
from pathlib import Path

from .candidates import AS_ASKED, BY_NAME, Candidate, Work, choose, defined, likeness
from .catalogue import Lesson, LessonError
from .earlier import needed
from .files import JUNK, File, files

# How platforms name what they give a teacher: Moodle folders or files, the others a file or an archive per student.
MOODLE = re.compile(r"(?P<who>.+?)_(?P<id>\d+)_assignsubmission_[a-z]+_?(?P<name>.*)")
BLACKBOARD = re.compile(r"(?:.*_)?(?P<who>[^_]+)_attempt_(?P<id>\d{4}(?:-\d\d){5})(?:_(?P<name>.+)|\..*)")
CANVAS = re.compile(r"(?P<who>[^_]+)_(?:late_)?(?P<id>\d+)_\d+_(?P<name>.+)", re.IGNORECASE)


@dataclass
class HandedIn:
    """What one student handed in, lesson by lesson, and the earlier exercises that projects among these take from."""

    student: str
    works: list[Work] = field(default_factory=list)
    earlier: dict[str, bytes | None] = field(default_factory=dict)


def find(place: Path, lessons: list[Lesson], one: bool = False) -> tuple[list[HandedIn], list[str]]:
    """All that was handed in, read into memory, and the files that are nobody's. With `one`, all is one student's."""
    if not (place.is_dir() or (place.suffix.lower() == ".zip" and place.is_file())):
        raise LessonError(f"{place}: expected a folder of submissions, found none")
    found = files(place)
    if one or (any(_is_an_exercise(file, lessons) for file in found) and not any(map(_platform, found))):
        owned, nobodys = {place.resolve().name: [Candidate(file, file.parts) for file in found]}, list[str]()
    else:
        owned, nobodys = _by_student(place, found, lessons)
    if not owned:
        raise LessonError(f"{place}: expected one folder per student, found none")
    return [_read(name, owned[name], lessons) for name in sorted(owned)], nobodys


def _read(student: str, candidates: list[Candidate], lessons: list[Lesson]) -> HandedIn:
    taken_from = dict.fromkeys(earlier for lesson in lessons for earlier in needed(lesson))
    known = list(dict.fromkeys([*lessons, *taken_from]))
    works = [choose(candidates, lesson, known, only=len(lessons) == 1) for lesson in lessons]
    earlier = {lesson.name: choose(candidates, lesson, known).source for lesson in taken_from}
    return HandedIn(student, works, earlier)


def _is_an_exercise(file: File, lessons: list[Lesson]) -> bool:
    """Whether it lies in the folder itself as an exercise does in a student's: that folder is a student's then."""
    alone = Candidate(file, file.parts)
    folder = file.parts[0] == "lessons" or any(file.parts[0] == lesson.name for lesson in lessons)
    return folder or (len(file.parts) == 1 and alone.kind != "" and _says_a_lesson(alone, lessons))


def _says_a_lesson(candidate: Candidate, lessons: list[Lesson]) -> bool:
    return any(likeness(candidate, lesson, True) in (AS_ASKED, BY_NAME) for lesson in lessons)


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
    shown = {(who, number): f"{who} ({number})" if number and names.count(who) > 1 else who for who, number in owned}
    return {shown[student]: candidates for student, candidates in owned.items()}, nobodys


def _whose(file: File) -> tuple[str, str, Candidate]:
    """The student ("" if nobody's), the platform's number for them, and the file below the student's folder."""
    first, *rest = file.parts
    match = _platform(file)
    if match is None:
        owner = first[: -len(".zip")] if first.lower().endswith(".zip") else first
        return (owner if rest else ""), "", Candidate(file, tuple(rest) or file.parts)
    candidate = Candidate(file, tuple(rest) or (match["name"] or first,))
    if match.re is BLACKBOARD:  # whose number is the time; the name is the student's own
        return match["who"], "", replace(candidate, attempt=match["id"])
    return match["who"], match["id"], candidate


def _platform(file: File) -> re.Match[str] | None:
    """What a platform's name for a folder, an archive or a file says."""
    first, *rest = file.parts
    is_folder = rest and not first.lower().endswith(".zip")
    matches = (platform.fullmatch(first) for platform in ((MOODLE,) if is_folder else (MOODLE, BLACKBOARD, CANVAS)))
    return next(filter(None, matches), None)


def _fits(candidate: Candidate, lessons: list[Lesson]) -> bool:
    """Whether a file that no folder and no platform gives to a student is an exercise with a student's name."""
    is_exercise = any(defined(candidate, lesson) for lesson in lessons)
    return len(candidate.file.parts) == 1 and is_exercise and not _says_a_lesson(candidate, lessons)
