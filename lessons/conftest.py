"""What pytest needs to run a lesson's tests: the exercise, random cases, points. `pytest lessons/03_arrays`."""

from pathlib import Path

import pytest

from .tools.exercises import load, random_cases, watched_module


def pytest_addoption(parser):
    group = parser.getgroup("lessons")
    group.addoption("--exercise", type=Path, help="test this file instead of the exercise.py beside the tests")
    group.addoption("--seed", type=int, default=0, help="of the random cases (default: 0)")


def pytest_configure(config):
    config.addinivalue_line("markers", "points(n): what the test is worth in its lesson, of 10 in all")
    config.option.importmode = "importlib"  # every lesson has a test_exercise.py


def pytest_itemcollected(item):
    item.add_marker(pytest.mark.filterwarnings("default"))  # a learner's warning is no failure


@pytest.fixture
def exercise(request):
    """The learner's module, loaded afresh for each test."""
    path = request.config.getoption("--exercise", None) or request.path.with_name("exercise.py")
    return watched_module(load(path.read_bytes(), path))


@pytest.fixture
def rng(request):
    """Random cases of this test's own: the same ones every time, others for another --seed."""
    return random_cases(request.config.getoption("--seed", 0), request.node.name)
