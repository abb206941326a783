"""The commands of teachers, which students' copies come without: grade submissions, build, release, the museum."""

import argparse
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from . import catalogue, museum
from .catalogue import LessonError
from .isolation import Isolation
from .isolation import find as isolate

WARNING = """lessons: NO ISOLATION. Submissions can read and change what you can, other people's work among it.
lessons: Install bubblewrap, or use a container (lessons/README.md has the command)."""


def add_to(commands, grade: argparse.ArgumentParser) -> None:
    """Add `build` and `release` to the commands, and what grades submissions to `grade`."""
    help_of_it = "grade this folder (or zip archive): a folder per student, or what a learning platform gives"
    grade.add_argument("--submissions", metavar="DIR", type=Path, help=help_of_it)
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
    command.add_argument("lessons", metavar="NN", nargs="*", help="03, 3 or 03_arrays; P2, a project (default: all)")
    command = commands.add_parser("release", help=release.__doc__, description=release.__doc__)
    command.set_defaults(command=release)
    where = "a folder that is new or empty (default: an archive in dist/)"
    command.add_argument("folder", metavar="DIR", type=Path, nargs="?", help=where)
    museum.add_to(commands)


def grade_submissions(options: argparse.Namespace) -> None:
    """Grade every student, a line each, and write the results."""
    from . import finding
    from .grade import no_points
    from .table import Table, new_seed

    if not options.submissions or not (options.csv or options.gradescope):
        raise LessonError("grade: --submissions DIR goes with --csv FILE, with --gradescope FILE, or with both")
    lessons = catalogue.with_exercise(options.lessons)
    for lesson in lessons:
        no_points(lesson, "")  # tests that do not run are found before the first submission
    isolation = isolate(options.isolation, options.submissions)
    found, nobodys = finding.find(options.submissions, lessons, one=options.gradescope is not None)
    names = [lesson.name for lesson in lessons]
    with Table(options.csv, names, options.seed) if options.csv else nullcontext() as table:
        if options.seed is None:
            options.seed = table.seed if table else new_seed()
        _say_what_was_found(found, nobodys, isolation, table)
        print(f"seed: {options.seed}")
        if table:
            found = [one for one in found if one.student not in table.rows]
        _grade_in_turn(options, found, lessons, isolation, table)


def _say_what_was_found(found: list, nobodys: list[str], isolation: Isolation, table: Any) -> None:
    from .table import one_line

    print(f"isolation: {isolation}")
    if not isolation.bwrap:
        print(WARNING, file=sys.stderr, flush=True)
    print(f"found {len(found)} student{'s' * (len(found) != 1)}")
    if nobodys:
        print(f"taken for nobody's: {one_line(', '.join(nobodys))}")
    if table and table.rows:
        print(f"going on after {len(table.rows)} that are graded already, says {table.unfinished}")


def _grade_in_turn(options: argparse.Namespace, found: list, lessons: list, isolation: Isolation, table: Any) -> None:
    from .gradescope import results_json
    from .submissions import grade_all
    from .table import one_line

    for student in grade_all(found, lessons, options.seed, options.timeout, isolation, table and table.begin):
        if table:
            table.add(student.name, [result.points for result in student.results], student.isolation, student.remark)
        print(f"{student.points:g}  {one_line(student.name)}  {student.remark}", flush=True)
        if options.gradescope:
            options.gradescope.write_text(results_json(student), "utf-8")


def build(options: argparse.Namespace) -> None:
    """Make the notebooks: run lesson.py and keep its text, output and pictures in lesson.ipynb."""
    from .build import build, is_built

    for lesson in catalogue.find(options.lessons) if options.lessons else catalogue.lessons():
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
