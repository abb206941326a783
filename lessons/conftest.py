"""What pytest needs to run a lesson's tests: the exercise, random cases, points. `pytest lessons/03_arrays`."""

from functools import cache
from pathlib import Path

import pytest

from .tools.catalogue import Project
from .tools.earlier import Earlier, of_the_learner
from .tools.exercises import MARKERS, load, provide, random_cases, watched_module
from .tools.grade import gather
from .tools.reading import text_of


def pytest_addoption(parser):
    group = parser.getgroup("lessons")
    group.addoption("--exercise", type=Path, help="test this file instead of the exercise.py beside the tests")
    group.addoption("--seed", type=int, default=0, help="of the random cases (default: 0)")


def pytest_configure(config):
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)
    config.option.importmode = "importlib"  # every lesson has a test_exercise.py


def pytest_itemcollected(item):
    item.add_marker(pytest.mark.filterwarnings("default"))  # a learner's warning is no failure


@pytest.fixture
def exercise(request):
    """The learner's module, loaded afresh for each test."""
    path = request.config.getoption("--exercise", None) or request.path.with_name("exercise.py")
    numpy_only = request.node.get_closest_marker("numpy_only") is not None
    if request.path.with_name("project.toml").exists():
        provide(earlier(request.path.parent).supplies, numpy_only)
    return watched_module(load(text_of(path.read_bytes()), path, numpy_only))


@pytest.fixture
def rng(request):
    """Random cases of this test's own: the same ones every time, others for another --seed."""
    return random_cases(request.config.getoption("--seed", 0), request.node.name)


@cache
def earlier(folder: Path) -> Earlier:
    """What a project takes from earlier exercises."""
    project = Project(folder)
    return gather(project, of_the_learner(project))
