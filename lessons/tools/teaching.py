"""The commands of teachers, which students' copies come without: grade submissions, build notebooks, release."""

import argparse
import os
from pathlib import Path

from . import catalogue
from .catalogue import LessonError


def add_to(commands, grade: argparse.ArgumentParser) -> None:
    """Add `build` and `release` to the commands, and what grades submissions to `grade`."""
    grade.add_argument("--submissions", metavar="DIR", type=Path, help="grade this folder: a folder per student")
    grade.add_argument("--csv", metavar="FILE", type=Path, help="write a row per student")
    grade.add_argument("--gradescope", metavar="FILE", type=Path, help="write results.json of one submission")
    own = grade.get_default("command")
    grade.set_defaults(command=lambda options: (grade_submissions if _of_others(options) else own)(options))
    command = commands.add_parser("build", help=build.__doc__, description=build.__doc__)
    command.set_defaults(command=build)
    command.add_argument(
        "lessons", metavar="NN", nargs="*", help="03, 3 or 03_arrays (default: those that were changed)"
    )
    command.add_argument("--all", action="store_true", help="all of them, as after a change of what they draw with")
    command = commands.add_parser("check", help=check.__doc__, description=check.__doc__)
    command.set_defaults(command=check)
    command.add_argument("lessons", metavar="NN", nargs="*", help="03, 3 or 03_arrays (default: all)")
    command = commands.add_parser("release", help=release.__doc__, description=release.__doc__)
    command.set_defaults(command=release)
    where = "a folder that is new or empty (default: an archive in dist/)"
    command.add_argument("folder", metavar="DIR", type=Path, nargs="?", help=where)


def grade_submissions(options: argparse.Namespace) -> None:
    """Grade every student, a line each, and write the results."""
    from .gradescope import results_json
    from .submissions import Table, find_students, grade_all, one_line

    if not options.submissions or not (options.csv or options.gradescope):
        raise LessonError("grade: --submissions DIR goes with --csv FILE, with --gradescope FILE, or with both")
    lessons = catalogue.with_exercise(options.lessons)
    folders = find_students(options.submissions, lessons, one=options.gradescope is not None)
    if options.gradescope and len(folders) > 1:
        raise LessonError(f"--gradescope takes one submission; {options.submissions} holds {len(folders)}")
    students = grade_all(folders, lessons, options.seed, options.timeout)
    with open(options.csv or os.devnull, "w", encoding="utf-8", errors="backslashreplace", newline="") as file:
        table = Table(file, lessons)
        for student in students:
            table.add(student)
            print(f"{student.points:g}  {one_line(student.name)}  {student.remark}", flush=True)
            if options.gradescope:
                options.gradescope.write_text(results_json(student), "utf-8")


def build(options: argparse.Namespace) -> None:
    """Make the notebooks: run lesson.py and keep its text, output and pictures in lesson.ipynb."""
    from .build import build, is_built

    for lesson in catalogue.find(options.lessons):
        if options.lessons or options.all or not is_built(lesson):
            print(f"{build(lesson)}", flush=True)


def check(options: argparse.Namespace) -> int:
    """Say what a program can see to be wrong with the form of lessons that are built."""
    from .form import complaints

    found = [complaint for lesson in catalogue.find(options.lessons) for complaint in complaints(lesson)]
    print("\n".join(found) or "nothing found")
    return 1 if found else 0


def release(options: argparse.Namespace) -> None:
    """Copy what students need into a new folder or an archive: minae and the lessons, without solutions."""
    from .release import archive, release

    if options.folder is None:
        print(archive(Path("dist")))
    else:
        release(options.folder)
        print(f"{options.folder}: begin with its README.md")


def _of_others(options: argparse.Namespace) -> bool:
    return bool(options.submissions or options.csv or options.gradescope)
