"""The museum: small programs that train, whose gradient checks pass, and that are wrong.

A piece is a folder lessons/museum/BN: `program.py` as it stood, `label.toml` with what to say of it and how to mend it,
and `sees.py` with the test that sees it and the harm. `exam.py` hands programs out without their labels.
"""

import argparse
import difflib
import functools
import importlib.util
import inspect
import re
import textwrap
import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from .catalogue import HERE, LessonError
from .terminal import wrapped

MUSEUM = HERE / "museum"
RULE = "-" * 72


@dataclass(frozen=True)
class Piece:
    """A famous mistake."""

    folder: Path

    @property
    def name(self) -> str:
        return self.folder.name

    @cached_property
    def label(self) -> dict[str, Any]:
        """Its title, symptom, why its gradient check passes, place, the lesson where it was met, harm, and the mend."""
        return tomllib.loads((self.folder / "label.toml").read_text("utf-8"))

    @cached_property
    def faulty(self) -> str:
        """The program as it stood."""
        return (self.folder / "program.py").read_text("utf-8")

    @cached_property
    def mended(self) -> str:
        """The same program without the mistake. Raises LessonError if the label's mend does not fit."""
        source = self.faulty
        for mend in self.label["mend"]:
            if source.count(mend["wrong"]) != 1:
                raise LessonError(f"{self.folder}: expected {mend['wrong']!r} once in program.py")
            source = source.replace(mend["wrong"], mend["right"])
        return source

    @cached_property
    def sees(self) -> ModuleType:
        """The module with the test that sees it, `harm` and `draw`."""
        return module_of(self.folder / "sees.py")

    @property
    def test(self) -> FunctionType:
        """The test that fails on the program as it stood, and passes on the mended one."""
        (test,) = (value for name, value in vars(self.sees).items() if name.startswith("test_"))
        return test

    def complaint(self, program: ModuleType) -> str:
        """What the test says of a program, "" if it passes."""
        try:
            self.test(program)
        except AssertionError as error:
            return str(error)
        return ""


def run_program(source: str) -> ModuleType:
    """The program as a module of its own. What it has trained with a seed it need not train again."""
    module = ModuleType("program")
    exec(compile(source, "program.py", "exec"), vars(module))
    vars(module)["train"] = functools.cache(module.train)
    return module


def module_of(path: Path) -> ModuleType:
    """A file as a module of its own, outside of any package."""
    spec = importlib.util.spec_from_file_location(f"{path.parent.name}.{path.stem}", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def pieces() -> list[Piece]:
    """All of them, in the order of their numbers."""
    found = [Piece(path.parent) for path in MUSEUM.glob("B*/label.toml")]
    return sorted(found, key=lambda piece: int(piece.name[1:]))


def find(name: str) -> Piece:
    """The piece of this name. Raises LessonError if there is none."""
    for piece in pieces():
        if piece.name == name.upper():
            return piece
    raise LessonError(f"no piece {name!r} in the museum; there are {', '.join(piece.name for piece in pieces())}")


def listing() -> str:
    """A line for each piece: its name, and what is on its label."""
    return "\n".join(f"{piece.name:4}{piece.label['title']}" for piece in pieces())


def show(piece: Piece, figure: Path | None = None) -> None:
    """Print all there is to see of a piece, and draw its harm: into a file, or a window."""
    faulty, mended = run_program(piece.faulty), run_program(piece.mended)
    losses, label = faulty.train(0)[0], piece.label
    print(f"{piece.name}: {label['title']}\n{RULE}\n{piece.faulty}{RULE}")
    print(f"Its loss falls from {losses[0]:.3g} to {losses[-1]:.3g}. Its gradient check:")
    print(textwrap.indent(str(faulty.check_gradients(0)), "    "))
    _say("Why it passes", label["passes"])
    _say("Symptom", label["symptom"])
    _say("Where it stood", label["place"])
    _say("Where you met it", label["met"])
    print(f"\nThe test that sees it:\n\n{textwrap.indent(inspect.getsource(piece.test), '    ')}")
    print(f"as it stood: {piece.complaint(faulty) or 'passes'}\nmended: {piece.complaint(mended) or 'passes'}")
    print(f"\nThe mend:\n\n{textwrap.indent(_difference(piece), '    ')}")
    harms = {"faulty": piece.sees.harm(faulty), "mended": piece.sees.harm(mended)}
    _say("The harm", label["harm"].format(**harms))
    draw(piece, harms, figure)


def draw(piece: Piece, harms: dict[str, Any], file: Path | None) -> None:
    """The figure of the harm, from what `sees.harm` found of both programs."""
    from lessons import drawing

    figure = piece.sees.draw(**harms)
    if file is None:
        drawing.show(figure, alt=piece.label["title"])
    else:
        figure.savefig(file)
        print(f"\n{file} has the figure")


def _say(heading: str, text: str) -> None:
    print(f"\n{heading}:\n{wrapped(' '.join(text.split()), '    ')}")


def _difference(piece: Piece) -> str:
    """The lines that change, without those around them."""
    lines = difflib.unified_diff(piece.faulty.splitlines(), piece.mended.splitlines(), n=0, lineterm="")
    return "\n".join(line for line in lines if re.match(r"[-+](?![-+])", line))


# --- the command ---


def visit(options: argparse.Namespace) -> int:
    """List the famous mistakes, show one, or hand out or grade an exam."""
    if options.exam is None and (options.folder or options.grade):
        raise LessonError("museum: --folder and --grade go with --exam SEED")
    if options.exam is not None:
        return _exam(options)
    if options.piece:
        show(find(options.piece), options.figure)
    else:
        print(listing())
    return 0


def _exam(options: argparse.Namespace) -> int:
    from . import exam, isolation

    if options.grade is None:
        folder = options.folder or Path(f"exam_{options.exam}")
        exam.hand_out(folder, options.exam)
        print(f"{folder}: begin with its README.md")
        return 0
    verdicts = exam.grade(options.exam, options.grade.read_bytes(), isolation.find())
    for verdict in verdicts:
        print(f"{verdict.points:>3g} / {verdict.possible:g}  {verdict.name}")
        print(wrapped(verdict.message, " " * 9))
    points, possible = exam.points(verdicts), sum(verdict.possible for verdict in verdicts)
    print(f"\n{points:g} of {possible:g} points")
    return 0 if points == possible else 1


def add_to(commands) -> None:
    """Add `museum` to the commands."""
    command = commands.add_parser("museum", help=visit.__doc__, description=visit.__doc__)
    command.set_defaults(command=visit)
    command.add_argument("piece", metavar="BN", nargs="?", help="B1, for example (default: list them)")
    command.add_argument("--figure", metavar="FILE", type=Path, help="draw into this file (default: a window)")
    command.add_argument("--exam", metavar="SEED", type=int, help="hand out ten programs without labels")
    command.add_argument("--folder", metavar="DIR", type=Path, help="for the exam (default: exam_SEED)")
    command.add_argument("--grade", metavar="FILE", type=Path, help="grade the answers.py of that exam")
