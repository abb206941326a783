"""A course of one small lesson, in a folder of its own, with copies of the machinery and of minae's source.

Grading guards the files of the course: it must not guard the repository's while people work on them.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LESSON = "01_tiny"
WITHOUT = shutil.ignore_patterns("files", "__pycache__")  # files: the data sets

TESTS = """
import numpy as np
import pytest

import minae


@pytest.mark.points(3)
def test_double(exercise, rng):
    x = rng.standard_normal(5)
    y, vjps = exercise.double(x)
    assert np.allclose(y, 2 * x), f"double: expected {2 * x}, found {y}. Usual cause: x + 2"


@pytest.mark.points(2)
def test_gradient_of_double(exercise, rng):
    assert minae.gradcheck(minae.differentiable(exercise.double), minae.Tensor(rng.standard_normal(5))).ok


@pytest.mark.points(2)
def test_slope(exercise, rng):
    at = rng.uniform(1, 2)
    assert abs(exercise.slope(lambda x: x * x, at) - 2 * at) < 1e-6, "slope: expected 2x"


@pytest.mark.points(1)
def test_root_of_a_negative_number(exercise):
    with pytest.raises(ValueError):
        exercise.root(-1.0)


@pytest.mark.points(2)
def test_counter(exercise):
    counter = 1 + (exercise.Counter(2) + 3)
    counter.mark = 7.0
    assert (counter.count, counter.mark) == (6, 7.0), "Counter: expected a count of 6 and a mark of 7"
"""

STUB = '''
"""Exercise 1."""


def double(x):
    """y = 2 x"""
    raise NotImplementedError("double: return the value and one vjp")


def slope(f, x):
    raise NotImplementedError("slope: a difference quotient")


def root(x):
    raise NotImplementedError("root: the square root")


class Counter:
    def __init__(self, count):
        raise NotImplementedError("Counter: keep the count")
'''

SOLUTION = """
import numpy as np


def double(x):
    return 2 * x, (lambda g: 2 * g,)


def slope(f, x):
    h = 1e-5
    return (f(x + h) - f(x - h)) / (2 * h)


def root(x):
    if x < 0:
        raise ValueError("no real root")
    return x**0.5


class Counter:
    def __init__(self, count):
        self.count = count

    def __add__(self, other):
        return Counter(self.count + other)

    __radd__ = __add__
"""

LESSON_PY = """
# %% [markdown]
# # Doubling
#
# Twice $x$ is $2x$.

# %%
import matplotlib.pyplot as plt

import time

x = 21
print(2 * x, flush=True)
time.sleep(0.3)
print(2 * x + 1)

# %%
plt.plot([1, 2], [2, 4]);
"""

QUIZ = """{"title": "Doubling", "minutes": 5, "exercise_minutes": 7,
 "before": [{"question": "What is twice 2?", "choices": ["2", "4"], "answer": 1, "why": ["That is once.", "2 + 2."]}],
 "after": [{"question": "What is twice 1?", "choices": ["2", "3"], "answer": 0, "why": ["1 + 1.", "Three times."]}]}
"""

PROJECT = "P1_tiny"

PROJECT_FILES = {
    "project.toml": """
title = "Project: twice twice"
minutes = 9

[earlier.01_tiny]
double = ["test_double"]
slope = ["test_slope"]
Counter = ["test_counter"]
""",
    "exercise.py": """
from earlier import Counter, double, slope


def four_times(x):
    raise NotImplementedError("four_times: double it twice")


def where_from():
    raise NotImplementedError("where_from: the module of double")
""",
    "solution.py": """
from earlier import Counter, double, slope


def four_times(x):
    return double(double(x)[0])[0]


def where_from():
    return double.__module__
""",
    "test_exercise.py": """
import pytest

import minae

pytestmark = pytest.mark.numpy_only


@pytest.mark.points(9)
def test_four_times(exercise, rng):
    x = minae.Tensor(rng.standard_normal(5)).numpy()
    assert (exercise.four_times(x) == 4 * x).all(), "four_times: expected 4 x"


@pytest.mark.points(1)
def test_where_from(exercise):
    assert isinstance(exercise.where_from(), str)
""",
    "messages.toml": "",
    "project.md": "# Twice twice\n",
    "earlier.py": (ROOT / "lessons" / "P2_network" / "earlier.py").read_text("utf-8"),
    "run.py": "import exercise\n\nprint(exercise.where_from())\n",
}


def add_project(course: Path) -> Path:
    """A project that takes from the lesson, in its folder. Both ask for NumPy alone."""
    tests = course / "lessons" / LESSON / "test_exercise.py"
    mark = "import pytest\n\npytestmark = pytest.mark.numpy_only\n"
    tests.write_text(tests.read_text("utf-8").replace("import pytest\n", mark, 1), "utf-8")
    folder = course / "lessons" / PROJECT
    folder.mkdir()
    for name, content in PROJECT_FILES.items():
        (folder / name).write_text(content.lstrip(), "utf-8")
    return folder


def make_course(folder: Path) -> Path:
    """The root of the course, from which `python -m lessons` works."""
    lesson = folder / "lessons" / LESSON
    lesson.mkdir(parents=True)
    others = [ROOT / "lessons" / name for name in ("pytest.ini", "START.md", "glossary.md")]
    for source in [*(ROOT / "lessons").glob("*.py"), *others]:
        shutil.copy(source, folder / "lessons")
    shutil.copytree(ROOT / "lessons" / "tools", folder / "lessons" / "tools", ignore=WITHOUT)
    shutil.copytree(ROOT / "minae", folder / "minae", ignore=WITHOUT)
    for name in ("LICENSE", "pyproject.toml", "setup.cfg", ".gitignore"):
        shutil.copy(ROOT / name, folder)
    contents = {"test_exercise.py": TESTS, "exercise.py": STUB, "solution.py": SOLUTION, "lesson.py": LESSON_PY}
    for name, content in {**contents, "quiz.json": QUIZ, "messages.toml": ""}.items():
        (lesson / name).write_text(content.lstrip(), "utf-8")
    return folder


def run(course: Path, *arguments: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess:
    """`python -m lessons ARGUMENTS` in the root of the course."""
    return subprocess.run(
        [sys.executable, "-B", "-m", "lessons", *arguments],
        cwd=course,
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONIOENCODING": "utf-8", "COLUMNS": "100", **environment},
    )
