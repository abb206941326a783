"""The library's own error types.

Elsewhere, a wrong value is a ValueError and a wrong type is a TypeError.
"""


class FileError(ValueError):
    """A file that cannot be used.

    The message names it, what was expected and what was found.
    """


class AnomalyError(ArithmeticError, ValueError):
    """A NaN, an infinity or a changed array, found by `detect_anomaly`.

    The message names the op that made or used it, and the line.
    """


class DivergenceError(ArithmeticError, ValueError):
    """A loss that is no longer finite. The message gives the step of training."""


class GraphError(ValueError, RuntimeError):
    """backward() asked for something that the graph cannot give.

    PyTorch raises RuntimeError here.
    """


def plain_kind(error: Exception) -> type[Exception]:
    """The type in which to raise an error again, with a longer message.

    It is IndexError, TypeError or ValueError where the error is one of NumPy's own
    subclasses, which cannot be made from a message alone.
    """
    kinds = (AnomalyError, IndexError, TypeError, ValueError)
    return next(kind for kind in kinds if isinstance(error, kind))
