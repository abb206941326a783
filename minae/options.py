"""How the command line reads its values: each function turns a text into a value, or says what is wrong with it."""

from argparse import ArgumentTypeError
from collections.abc import Callable, Sequence


def whole(least: int) -> Callable[[str], int]:
    """Whole numbers of at least `least`."""

    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and int(text) >= least):
            raise ArgumentTypeError(f"expected a whole number of at least {least}, found {text!r}")
        return int(text)

    return read


def not_negative(text: str) -> float:
    """Finite numbers of at least 0."""
    value = _number(text)
    if not 0 <= value < float("inf"):
        raise ArgumentTypeError(f"expected a number of at least 0, found {text!r}")
    return value


def above_zero(text: str) -> float:
    """Finite numbers above 0."""
    value = _number(text)
    if not 0 < value < float("inf"):
        raise ArgumentTypeError(f"expected a number above 0, found {text!r}")
    return value


def sizes(text: str) -> tuple[int, ...]:
    """Whole numbers of at least 1, separated by commas."""
    return tuple(whole(1)(size) for size in text.split(","))


def one_of(names: Sequence[str]) -> Callable[[str], str]:
    """One of the names."""

    def read(text: str) -> str:
        if text not in names:
            raise ArgumentTypeError(f"expected one of {', '.join(names)}, found {text!r}")
        return text

    return read


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")
