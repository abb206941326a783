"""Your functions of earlier lessons, as they are, when you run the project by hand. The grader brings its own."""

from pathlib import Path

from lessons.tools.earlier import by_hand


def __getattr__(name):
    return by_hand(Path(__file__).parent, name)
