"""Reading values from text: each function reads one, or raises ValueError."""

from collections.abc import Callable, Sequence

DIGITS = 18  # the most that a whole number may have, so that it fits into an int64


def whole(least: int) -> Callable[[str], int]:
    """Whole numbers of at least `least`."""

    def read(text: str) -> int:
        if not (
            text.isascii()
            and text.isdigit()
            and len(text) <= DIGITS
            and int(text) >= least
        ):
            limit = f" and at most {DIGITS} digits" if len(text) > DIGITS else ""
            raise ValueError(
                f"expected a whole number of at least {least}{limit}, "
                f"found {shown(text)}"
            )
        return int(text)

    return read


def not_negative(text: str) -> float:
    """Finite numbers of at least 0."""
    value = _number(text)
    if not 0 <= value < float("inf"):
        raise ValueError(f"expected a number of at least 0, found {shown(text)}")
    return value


def above_zero(text: str) -> float:
    """Finite numbers above 0."""
    value = _number(text)
    if not 0 < value < float("inf"):
        raise ValueError(f"expected a number above 0, found {shown(text)}")
    return value


def share(text: str) -> float:
    """Numbers above 0 and at most 1."""
    value = _number(text)
    if not 0 < value <= 1:
        raise ValueError(f"expected a number above 0, at most 1, found {shown(text)}")
    return value


def sizes(text: str) -> tuple[int, ...]:
    """Whole numbers of at least 1, separated by commas."""
    return tuple(whole(1)(size) for size in text.split(","))


def height_width(text: str) -> tuple[int, int]:
    """A size in pixels: one whole number for both ways, or height x width."""
    height, _, width = text.partition("x")
    try:
        return whole(1)(height), whole(1)(width or height)
    except ValueError as error:
        raise ValueError(
            f"expected a size such as 28 or 28x40, found {shown(text)}"
        ) from error


def one_of(names: Sequence[str]) -> Callable[[str], str]:
    """One of the names."""

    def read(text: str) -> str:
        if text not in names:
            raise ValueError(f"expected one of {', '.join(names)}, found {shown(text)}")
        return text

    return read


def shown(text: str) -> str:
    """A text as a message shows it: in quotes, and cut off if it is long."""
    return repr(text if len(text) <= 60 else text[:60] + "...")


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")
