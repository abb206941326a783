"""The command `python -m lessons`. Exit status: 0 done (and full points), 1 points are missing, 2 it cannot be done."""

import argparse
import os
import sys
from pathlib import Path

from . import catalogue, quiz
from .catalogue import HERE, LessonError

FOR_TEACHERS = (HERE / "release.py").exists()  # a student's copy comes without what teachers use


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # a terminal without mathematical letters
    try:
        return options.command(options) or 0
    except KeyboardInterrupt:
        print("lessons: interrupted", file=sys.stderr)
        return 130
    except ModuleNotFoundError as error:
        print(f"lessons: {error.name} is not installed; run: pip install '.[lessons]'", file=sys.stderr)
    except (LessonError, OSError) as error:
        print(f"lessons: {' '.join(str(error).split())}", file=sys.stderr)
    return 2


def list_lessons(options: argparse.Namespace) -> None:
    """List the lessons: what they are about, how long they take, how far you are."""
    print(catalogue.listing())


def ask_quiz(options: argparse.Namespace) -> None:
    """Answer a lesson's questions, each with an explanation."""
    quiz.ask_all(catalogue.find([options.lesson])[0])


def grade(options: argparse.Namespace) -> int:
    """Check your exercises: points per test, and what to look at where some are missing."""
    if FOR_TEACHERS and (options.submissions or options.csv or options.gradescope):
        return _grade_submissions(options)
    from .grade import grade
    from .report import show

    full = True
    for lesson in catalogue.find(options.lessons):
        result = grade(lesson, (lesson.folder / "exercise.py").read_bytes(), options.seed, options.timeout)
        print(show(result, lesson.quiz()["title"]), end="\n\n")
        catalogue.note_progress(lesson, points=result.points, of=result.possible)
        full = full and result.points == result.possible
    return 0 if full else 1


def _grade_submissions(options: argparse.Namespace) -> int:
    from .gradescope import results_json
    from .submissions import Table, find_students, grade_all, one_line

    if not options.submissions or not (options.csv or options.gradescope):
        raise LessonError("grade: --submissions DIR goes with --csv FILE, with --gradescope FILE, or with both")
    lessons = catalogue.find(options.lessons)
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
    return 0


def build(options: argparse.Namespace) -> None:
    """Make the notebooks: run every lesson.py and keep its text, output and pictures in lesson.ipynb."""
    from .build import build

    for lesson in catalogue.find(options.lessons):
        print(f"{build(lesson)}", flush=True)


def release(options: argparse.Namespace) -> None:
    """Copy what students need into a new folder: minae and the lessons, without solutions."""
    from .release import release

    release(options.folder)
    print(f"{options.folder}: begin with its README.md")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m lessons", description="Lessons that build minae, piece by piece.")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add(commands, "list", list_lessons)
    _add(commands, "quiz", ask_quiz).add_argument("lesson", metavar="NN", help="3, 03 or 03_arrays")

    command = _add(commands, "grade", grade)
    _add_lessons(command)
    command.add_argument("--seed", type=_whole, default=0, help="of the random cases (default: 0)")
    command.add_argument("--timeout", type=_seconds, default=10.0, help="seconds that a call may take (default: 10)")
    if FOR_TEACHERS:
        command.add_argument("--submissions", metavar="DIR", type=Path, help="grade this folder: a folder per student")
        command.add_argument("--csv", metavar="FILE", type=Path, help="write a row per student")
        command.add_argument("--gradescope", metavar="FILE", type=Path, help="write results.json of one submission")
        _add_lessons(_add(commands, "build", build))
        command = _add(commands, "release", release)
        command.add_argument("folder", metavar="DIR", type=Path, help="a folder that is new or empty")
    return parser


def _add(commands, name: str, function) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=function.__doc__, description=function.__doc__)
    command.set_defaults(command=function)
    return command


def _add_lessons(command: argparse.ArgumentParser) -> None:
    command.add_argument("lessons", metavar="NN", nargs="*", help="3, 03 or 03_arrays (default: all)")


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(f"expected a whole number of at least 0, found {text!r}")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < 1e6:
        raise argparse.ArgumentTypeError(f"expected a number of seconds above 0, found {text!r}")
    return seconds


if __name__ == "__main__":
    sys.exit(main())
