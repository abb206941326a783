"""The museum's exam: ten programs without labels, and the grading of the tests that are handed in for them.

Most are as they stood, a few are mended. A test that is handed in must fail on a program as it stood and pass on the
mended one. It runs in the process of a submission; of a program it sees functions, which run here, and never its text.
"""

import ast
import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .catalogue import LessonError
from .grade import Verdict
from .isolation import Isolation
from .museum import MUSEUM, Piece, module_of, pieces, run_program
from .reading import text_of
from .remote import Submission, SubmissionError

OWN_FILES = MUSEUM / "exam"
PROGRAMS = 10
RIGHT = (2, 3, 4)  # how many of them are mended
SECONDS = 120.0  # for a check


@dataclass(frozen=True)
class Paper:
    """A program of an exam."""

    number: int
    piece: Piece
    is_right: bool

    @property
    def name(self) -> str:
        return f"program_{self.number:02}"

    @property
    def check(self) -> str:
        return f"check_{self.number:02}"

    @property
    def source(self) -> str:
        return self.piece.mended if self.is_right else self.piece.faulty


def draw(seed: int) -> list[Paper]:
    """The programs of an exam: the same for the same seed, while the museum has the same pieces."""
    rng, there = np.random.default_rng(seed), pieces()
    if len(there) < PROGRAMS:
        raise LessonError(f"the museum has {len(there)} pieces, expected at least {PROGRAMS}")
    chosen = rng.permutation(len(there))[:PROGRAMS]
    right = set(rng.permutation(PROGRAMS)[: rng.choice(RIGHT)])
    return [Paper(place + 1, there[number], place in right) for place, number in enumerate(chosen)]


def hand_out(folder: Path, seed: int) -> None:
    """Fill a folder, new or empty, with the programs, what to write, and how to try it."""
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise LessonError(f"{folder}: expected a new or empty folder")
    papers = draw(seed)
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("README.md", "answers.py", "try_answers.py"):
        shutil.copyfile(OWN_FILES / name, folder / name)
    for paper in papers:
        (folder / f"{paper.name}.py").write_text(paper.source, "utf-8")


def grade(seed: int, answers: bytes, isolation: Isolation | None = None) -> list[Verdict]:
    """A verdict on each program. One that is right is worth nothing, and costs a point if a check objects to it.

    Raises LessonError if the answers cannot be run at all.
    """
    source = text_of(answers)
    with Submission(source, isolation=isolation) as submission:
        try:
            submission.load()
        except SubmissionError as error:
            raise LessonError(f"the answers cannot be run: {error}") from error
    return [_verdict(paper, source, isolation) for paper in draw(seed)]


def points(verdicts: list[Verdict]) -> float:
    """Of all programs together, never below 0."""
    return max(0.0, sum(verdict.points for verdict in verdicts))


def _verdict(paper: Paper, source: str, isolation: Isolation | None) -> Verdict:
    verdict = Verdict(paper.name, 0, 0 if paper.is_right else 1)
    if paper.check not in _functions(source):
        verdict.message = f"there is no {paper.check}" + ("" if paper.is_right else f", and it is {_title(paper)}")
        return verdict
    said = _objection(paper.source, paper.check, source, isolation)
    if paper.is_right:
        verdict.points = -1 if said else 0
        verdict.message = f"it is right, and {paper.check} objects: {said}" if said else "right, and not objected to"
    elif not said:
        verdict.message = f"{paper.check} passes, and it is {_title(paper)}"
    elif of_mended := _objection(paper.piece.mended, paper.check, source, isolation):
        verdict.message = f"{paper.check} objects to the mended program, too: {of_mended}"
    else:
        verdict.points, verdict.message = 1, f"{_title(paper)}: {said}"
    return verdict


def _title(paper: Paper) -> str:
    return f"wrong ({paper.piece.name}, {paper.piece.label['title']})"


def _functions(source: str) -> set[str]:
    return {node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)}


def _objection(program: str, check: str, source: str, isolation: Isolation | None) -> str:
    """What a check says of a program, "" if it passes. In a new process, which has seen no other program."""
    given = module_of(OWN_FILES / "try_answers.py").functions_of  # so that both give the same
    with Submission(source, SECONDS, isolation) as submission:
        try:
            getattr(submission.load(), check)(given(vars(run_program(program))))
        except SubmissionError as error:
            return str(error)
    return ""
