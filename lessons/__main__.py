"""The command `python -m lessons`. Exit status: 0 done (and full points), 1 points are missing, 2 it cannot be done."""

import argparse
import sys
from datetime import date

from .tools import catalogue, quiz
from .tools.catalogue import HERE, LessonError
from .tools.memory import Memory


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal without mathematical letters
    try:
        return options.command(options) or 0
    except KeyboardInterrupt:
        print("lessons: interrupted", file=sys.stderr)
        return 130
    except ModuleNotFoundError as error:
        print(f'lessons: {error.name} is not installed; run: pip install -e ".[lessons]"', file=sys.stderr)
    except (LessonError, OSError) as error:
        print(f"lessons: {' '.join(str(error).split())}", file=sys.stderr)
    return 2


def list_lessons(options: argparse.Namespace) -> None:
    """List lessons and projects: what they are about, how long they take, how far you are."""
    print(catalogue.listing())
    if count := len(Memory(HERE, date.today()).again(catalogue.lessons())):
        print(f"\nto ask again: {count} (python -m lessons review)")


def ask_quiz(options: argparse.Namespace) -> None:
    """Answer a lesson's questions, each with an explanation."""
    quiz.ask_all(catalogue.find([options.lesson])[0], options.part)


def review(options: argparse.Namespace) -> None:
    """Answer again, after some days, the questions that you missed."""
    quiz.ask_again(catalogue.lessons())


def grade(options: argparse.Namespace) -> int:
    """Check your exercises: points per test, and what to look at where some are missing."""
    from .tools import earlier, isolation
    from .tools.grade import grade
    from .tools.report import show

    full, isolated = True, isolation.find(options.isolation)
    for lesson in catalogue.with_exercise(options.lessons):
        source = (lesson.folder / "exercise.py").read_bytes()
        own = earlier.of_the_learner(lesson)
        result = grade(lesson, source, options.seed or 0, options.timeout, isolated, own)
        print(show(result, lesson.title), end="\n\n")
        if not result.load_failure:
            catalogue.note_progress(lesson, points=result.points, of=result.possible)
        full = full and result.points == result.possible
    return 0 if full else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m lessons", description="Lessons that build minae, piece by piece.")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add(commands, "list", list_lessons)

    command = _add(commands, "quiz", ask_quiz)
    command.add_argument("lesson", metavar="NN", help="03, 3 or 03_arrays")
    which = "which questions (default: after, once those before are answered)"
    command.add_argument("part", nargs="?", choices=["before", "after"], help=which)

    _add(commands, "review", review)

    command = _add(commands, "grade", grade)
    _add_lessons(command)
    command.add_argument("--seed", type=_whole, help="of the random cases (default: 0; for submissions, a new one)")
    command.add_argument("--timeout", type=_seconds, default=10.0, help="seconds that a call may compute (default: 10)")
    isolation = "what exercises run in (default: bubblewrap where it works)"
    command.add_argument("--isolation", choices=["auto", "bubblewrap", "none"], default="auto", help=isolation)
    if (HERE / "tools" / "teaching.py").exists():
        from .tools.teaching import add_to

        add_to(commands, command)
    return parser


def _add(commands, name: str, function) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=function.__doc__, description=function.__doc__)
    command.set_defaults(command=function)
    return command


def _add_lessons(command: argparse.ArgumentParser) -> None:
    command.add_argument("lessons", metavar="NN", nargs="*", help="03, 3 or 03_arrays; P2, a project (default: all)")


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
