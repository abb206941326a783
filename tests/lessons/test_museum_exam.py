"""The museum's exam: ten programs by seed, without a label, and the grading of what is handed in for them."""

import subprocess
import sys

import pytest

from lessons.tools import exam
from lessons.tools.catalogue import HERE, LessonError
from lessons.tools.exam import Paper
from lessons.tools.isolation import Isolation
from lessons.tools.museum import pieces
from lessons.tools.release import release

SEED = 3
CHECK = """
def check_{number:02}(program):
    named = {{}}
    exec({source!r}, named)
    (test,) = [value for name, value in named.items() if name.startswith("test_")]
    test(types.SimpleNamespace(**program))
"""


def answers(papers) -> bytes:
    """The museum's own tests, handed in."""
    sources = [(paper.piece.folder / "sees.py").read_text("utf-8") for paper in papers]
    alone = [source.replace("from lessons import drawing\n", "") for source in sources]
    checks = [CHECK.format(number=paper.number, source=source) for paper, source in zip(papers, alone)]
    return "\n".join(["import types", *checks]).encode()


def run(*arguments):
    command = [sys.executable, "-B", "-m", "lessons", "museum", *map(str, arguments)]
    return subprocess.run(command, cwd=HERE.parent, capture_output=True, text=True, timeout=300)


def test_an_exam_is_drawn_by_its_seed():
    drawn = [exam.draw(seed) for seed in range(20)]
    assert drawn == [exam.draw(seed) for seed in range(20)]
    assert len({tuple(paper.piece.name for paper in papers) for papers in drawn}) == 20
    for papers in drawn:
        assert len({paper.piece.name for paper in papers}) == exam.PROGRAMS
        assert sum(paper.is_right for paper in papers) in exam.RIGHT


def test_what_is_handed_out_runs_and_tells_nothing(tmp_path):
    done = run("--exam", SEED, "--folder", tmp_path / "exam")
    assert (done.returncode, done.stderr) == (0, "")
    files = {path.name: path.read_text("utf-8") for path in (tmp_path / "exam").iterdir()}
    papers = exam.draw(SEED)
    assert set(files) == {*(f"{paper.name}.py" for paper in papers), "README.md", "answers.py", "try_answers.py"}
    for paper in papers:
        text = files[f"{paper.name}.py"]
        assert text == paper.source
        assert paper.piece.label["title"] not in text and "mend" not in text and "lessons" not in text
    (tmp_path / "exam" / "answers.py").write_bytes(answers(papers).replace(b"check_01", b"another"))
    tried = subprocess.run(
        [sys.executable, "-B", "try_answers.py"], cwd=tmp_path / "exam", capture_output=True, text=True, timeout=300
    )
    assert (tried.returncode, tried.stderr) == (0, "")
    said = tried.stdout.splitlines()
    assert said[0] == "program_01: no check" and len(said) == exam.PROGRAMS
    for paper, line in zip(papers[1:], said[1:]):
        expected = "your check passes" if paper.is_right else "your check objects: AssertionError: "
        assert line.startswith(f"{paper.name}: {expected}")
    assert run("--exam", SEED, "--folder", tmp_path / "exam").returncode == 2  # nothing is overwritten


def test_tests_that_see_have_full_points(monkeypatch):
    """Those of all pieces: what they ask of a program can be asked from another process."""
    papers = [Paper(number, piece, False) for number, piece in enumerate(pieces(), 1)]
    monkeypatch.setattr(exam, "draw", lambda seed: papers)
    verdicts = exam.grade(SEED, answers(papers))
    assert {verdict.message: verdict.points for verdict in verdicts if not verdict.points} == {}


def test_tests_that_see_do_not_object_to_what_is_right():
    papers = exam.draw(SEED)
    verdicts = exam.grade(SEED, answers(papers), Isolation())
    assert [verdict.points for verdict in verdicts] == [0 if paper.is_right else 1 for paper in papers]
    assert exam.points(verdicts) == sum(verdict.possible for verdict in verdicts)


FIRST = """
from pathlib import Path

def object_once():
    seen = Path("seen").exists()
    Path("seen").touch()
    assert seen, "the first program is wrong"
"""
ANYTHING = {
    "nothing": "",
    "an objection to all": "\n".join(f"def check_{n:02}(program):\n    raise ValueError('no')\n" for n in range(1, 5)),
    "no objection": "\n".join(f"def check_{n:02}(program):\n    pass\n" for n in range(1, 5)),
    "an objection to the first of two": FIRST
    + "\n".join(f"def check_{n:02}(program):\n    object_once()\n" for n in range(1, 5)),
    "the text": "\n".join(
        f"def check_{n:02}(program):\n    import inspect\n    assert 'exp' in inspect.getsource(program['train'])\n"
        for n in range(1, 5)
    ),
}


@pytest.mark.parametrize("kind", ANYTHING)
def test_what_does_not_tell_wrong_from_mended_has_no_points(kind):
    verdicts = exam.grade(SEED, ANYTHING[kind].encode())
    assert exam.points(verdicts) == 0 and all(verdict.message for verdict in verdicts)


def test_an_objection_to_a_right_program_costs_a_point():
    papers = exam.draw(SEED)
    right = next(paper for paper in papers if paper.is_right)
    refusal = f"\ndef {right.check}(program):\n    assert False, 'no'\n".encode()
    handed_in = answers([paper for paper in papers if not paper.is_right][:2]) + refusal
    verdicts = exam.grade(SEED, handed_in)
    assert exam.points(verdicts) == 2 - 1
    line = len(handed_in.splitlines())
    told = f"it is right, and {right.check} objects: AssertionError: no (exercise.py, line {line})"
    assert verdicts[right.number - 1].message == told


def test_answers_that_do_not_run_are_told(tmp_path):
    with pytest.raises(LessonError, match="the answers cannot be run: SyntaxError: "):
        exam.grade(SEED, b"def check_01(program:")
    (tmp_path / "answers.py").write_text("")
    done = run("--exam", SEED, "--grade", tmp_path / "answers.py")
    assert done.returncode == 1 and done.stdout.count("there is no check_") == 10
    assert done.stdout.endswith(f"\n0 of {sum(not paper.is_right for paper in exam.draw(SEED))} points\n")
    done = run("--grade", tmp_path / "answers.py")
    assert (done.returncode, done.stderr) == (2, "lessons: museum: --folder and --grade go with --exam SEED\n")


def test_the_released_copy_has_an_exam_and_no_label(tmp_path):
    release(tmp_path / "copy")
    museum = tmp_path / "copy" / "lessons" / "museum"
    papers = exam.draw(0)
    expected = {f"exam/{name}" for name in ("README.md", "answers.py", "try_answers.py")}
    expected |= {f"exam/{paper.name}.py" for paper in papers}
    assert {path.relative_to(museum).as_posix() for path in museum.rglob("*") if path.is_file()} == expected
    texts = [path.read_text("utf-8") for path in (tmp_path / "copy").rglob("*.py")]
    texts += [path.read_text("utf-8") for path in (tmp_path / "copy" / "lessons").rglob("*.md")]
    texts += [path.read_text("utf-8") for path in (tmp_path / "copy" / "lessons").rglob("*.ipynb")]
    secrets = {paper.piece.label["title"] for paper in papers} | {paper.piece.test.__name__ for paper in papers}
    assert [secret for secret in secrets for text in texts if secret in text] == []
    others = {mend["wrong" if paper.is_right else "right"] for paper in papers for mend in paper.piece.label["mend"]}
    programs = "".join(path.read_text("utf-8") for path in museum.rglob("program_*.py"))
    assert [text for text in others if "\n" in text and text in programs] == []
    for name in ("museum.py", "exam.py", "teaching.py"):
        assert not (tmp_path / "copy" / "lessons" / "tools" / name).exists()
    done = subprocess.run(
        [sys.executable, "-B", "program_01.py"], cwd=museum / "exam", capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "") and ": pass (" in done.stdout
