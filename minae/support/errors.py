"""The library's own error types.

Elsewhere, a wrong value is a ValueError and a wrong type is a TypeError.
"""


class FileError(ValueError):
    """A file that cannot be used.

    The message names it, what was expected and what was found.
    """


class AnomalyError(ArithmeticError, ValueError):
    """A NaN or an infinity, found by `detect_anomaly`.

    The message names the op that made it, and the line.
    """


class DivergenceError(ArithmeticError, ValueError):
    """A loss that is no longer finite. The message gives the step of training."""


class GraphError(ValueError, RuntimeError):
    """backward() asked for something that the graph cannot give.

    PyTorch raises RuntimeError here.
    """


def plain_kind(error: Exception) -> type[Exception]:
    """The built-in type of an error: IndexError, TypeError or ValueError.

    NumPy's own subclasses cannot be made from a message alone.
    """
    return next(
        kind for kind in (IndexError, TypeError, ValueError) if isinstance(error, kind)
    )
