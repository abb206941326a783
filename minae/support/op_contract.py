"""What stands between the engine and an op that is wrong.

The engine reads as if every op kept its promise: to return a value and one vjp per
input, whose results are gradients. The promise is checked here. Whatever goes wrong
inside an op is reported with the op's name and the shapes it was given.
"""

import inspect
from collections.abc import Callable
from itertools import zip_longest
from typing import Any

import numpy as np

from ..backend import Array, as_array, is_array, library_of
from . import anomaly
from .anomaly import is_on as looking_for_anomalies
from .errors import plain_kind

FAILURES = (ValueError, TypeError, IndexError)
NUMPY_1 = np.lib.NumpyVersion(np.__version__) < "2.0.0"


def op_name(op: Callable) -> str:
    """The name of an op in messages: `sum_` and `pow_` merely avoid Python's names."""
    return op.__name__.strip("_")


# --- forward --------------------------------------------------------------------------


def guarded(op: Callable) -> Callable[[list, dict], tuple[Array, tuple]]:
    """`op` as a function of its arguments that raises errors with its name in them.

    Raises TypeError if `op` does not return a value and a tuple of vjps.
    """
    if not callable(op):
        raise TypeError(f"differentiable: expected a function, found {op!r}")
    name, parameters = op_name(op), inspect.signature(op).parameters

    def run(arrays: list, options: dict) -> tuple[Array, tuple]:
        if looking := looking_for_anomalies():
            inputs = _named(parameters, arrays)
            copies = anomaly.copies_of(inputs)
        try:
            pair = op(*arrays, **options)
            if type(pair) is not tuple or len(pair) != 2 or type(pair[1]) is not tuple:
                raise TypeError(
                    "an op returns a pair: its value, and a tuple of vjps, "
                    "one per differentiable input"
                )
            value, vjps = pair
            if type(value) not in library_of:
                value = as_array(value)
            if NUMPY_1 and value.ndim == 0:
                value = _narrow(value, arrays)
        except FAILURES as error:
            told = _explain(error, name, _named(parameters, arrays))
            raise plain_kind(error)(told) from error
        if looking:
            anomaly.check_value(name, value, inputs)
            vjps = anomaly.located(vjps, value, copies)
        return value, vjps

    return run


def plain(value: Any) -> Any:
    """An argument that is not a Tensor, with NumPy's subclasses made plain arrays.

    A np.matrix, for one, would multiply otherwise than an array.
    """
    return as_array(value) if isinstance(value, np.ndarray) else value


def in_order(
    name: str, signature: inspect.Signature, args: tuple, options: dict
) -> tuple[tuple, dict]:
    """Arguments passed by name, put in their places: `f(x, weight=w)` as `f(x, w)`.

    An input is then recognised however it was passed.
    """
    try:
        bound = signature.bind(*args, **options)
    except TypeError as error:
        wanted = f"its signature is {name}{signature}"
        raise TypeError(f"{name}: {error}; {wanted}") from None
    bound.apply_defaults()
    return bound.args, bound.kwargs


def missing_vjp(name: str, index: int, arg: Any) -> TypeError:
    """The error to raise if an input needs a gradient and the op has no vjp for it."""
    return TypeError(
        f"{name}: input {index}, of shape {arg.shape}, requires a gradient, but the op "
        "has no vjp for it: pass it .detach()ed"
    )


def _narrow(value: Array, arrays: list) -> Array:
    """A 0-d result in the dtype of the inputs, as in NumPy 2.

    NumPy 1 makes a float64 when a 0-d float32 meets a Python number.
    """
    dtypes = [getattr(array, "dtype", np.dtype(int)) for array in arrays]
    floats = [dtype for dtype in dtypes if dtype.kind == "f"]
    narrows = floats and value.dtype.kind == "f"
    return value.astype(np.result_type(*floats)) if narrows else value


def _named(parameters: Any, arrays: list) -> dict[str, Any]:
    """The arguments by name. Those of `*tensors` are tensors[0], tensors[1], ..."""
    first = next(iter(parameters.values()), None)
    if first is not None and first.kind is first.VAR_POSITIONAL:
        return {f"{first.name}[{i}]": array for i, array in enumerate(arrays)}
    return dict(zip(parameters, arrays))


def _explain(error: Exception, name: str, named: dict[str, Any]) -> str:
    """The error's message, between the op's name and the shapes of its inputs."""
    shapes = [
        f"{parameter} {array.shape} {array.dtype}"
        for parameter, array in named.items()
        if hasattr(array, "shape")
    ]
    text = str(error)
    if "could not be broadcast" in text:
        text = (
            "the shapes do not broadcast: counted from the last axis, "
            "two sizes must be equal or one of them 1"
        )
    return f"{name}: {text}" + (f" (found {', '.join(shapes)})" if shapes else "")


# --- backward -------------------------------------------------------------------------


def call_vjp(vjp: Callable, g: Array, destination: Any, name: str, index: int) -> Array:
    """vjp(g) as an array of the destination's dtype, whose shape sums to its shape.

    Args:
        destination: the input that the gradient is for: it has a shape and a dtype.
        name: the op's name, for messages.
        index: the input's place among the op's arguments, for messages.

    Raises ValueError, TypeError or IndexError, if the vjp did or if its result is not a
    gradient of that input.
    """
    try:
        gradient = vjp(g)
        if type(gradient) not in library_of:
            gradient = _as_real_array(gradient)
        if gradient.dtype != destination.dtype:
            gradient = _as_dtype(gradient, destination.dtype)
        if gradient.shape != destination.shape:
            _check_sums_to(gradient.shape, destination.shape)
    except FAILURES as error:
        told = f"{name}: the vjp of input {index}: {error}"
        raise plain_kind(error)(told) from error
    if looking_for_anomalies():
        anomaly.check_gradient(name, index, gradient, g, vjp)
    return gradient


def _as_real_array(gradient: Any) -> Array:
    if not is_array(gradient):
        raise TypeError(f"expected an array, found {type(gradient).__name__}")
    return as_array(gradient)  # NumPy often turns 0-d arrays into scalars


def _as_dtype(gradient: Array, dtype: Any) -> Array:
    if gradient.dtype.kind not in "fiub":
        raise TypeError(f"expected real numbers, found {gradient.dtype}")
    return gradient.astype(dtype)


def _check_sums_to(found: tuple[int, ...], shape: tuple[int, ...]) -> None:
    """Raise ValueError unless broadcasting can have turned `shape` into `found`."""
    for size, size_found in zip_longest(reversed(shape), reversed(found)):
        missing = size_found is None  # `found` has fewer axes than `shape`
        added = size is None  # broadcasting has put this axis in front
        if missing or not (added or size == 1 or size == size_found):
            raise ValueError(
                f"expected a gradient of the input's shape, {shape}, found {found} "
                "(axes that broadcasting added are summed away)"
            )
