"""What the tests of exercises share: is a number right, and if not, what is to be said about it?

`mistakes` stands everywhere for the known ones: what to tell -> what it gives. That is an array, or one or several of
the words "shape" (any other shape), "infinite" (a number that is not finite) and "raises" (an error). What is said to a
learner stands in judging.toml, so that it can be translated.
"""

import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

SAY = tomllib.loads(Path(__file__).with_name("judging.toml").read_text("utf-8"))
WHAT, EXPECTED, FORM = SAY["what"], SAY["expected"], SAY["form"]
ERRORS = (ValueError, TypeError, IndexError, NameError, ZeroDivisionError, RuntimeWarning)
NONE: Mapping[str, Any] = {}


def check_op(
    what: str,
    op: Callable,
    inputs: Sequence[Any],
    value: np.ndarray | None,
    g: Any,
    gradients: Mapping[str, tuple[np.ndarray | None, Mapping[str, Any]]],
    mistakes: Mapping[str, Any] = NONE,
    dtypes: Iterable[Any] = (np.float64, np.float32),
) -> None:
    """An op of lesson 3's form: its value, and the vjp of each differentiable input.

    gradients: by the name of each such input, in their order, the right gradient for the cotangent g, and the mistakes
    of this vjp. `mistakes` are those of the value. A value or gradient that is None is not asked.
    """
    for dtype in dtypes:
        found, vjps = value_and_vjps(what, op, in_dtype(inputs, dtype), list(gradients), mistakes)
        if value is not None:
            compare(the_value(what), found, value, mistakes, dtype)
        for vjp, (name, (expected, of_vjp)) in zip(vjps, gradients.items(), strict=True):
            if expected is not None:
                check_vjp(what, name, vjp, g, expected, of_vjp, dtype)


def in_dtype(inputs: Iterable[Any], dtype: Any) -> list[Any]:
    """The arrays of floats in this dtype, the rest as it is."""
    return [x.astype(dtype) if isinstance(x, np.ndarray) and x.dtype.kind == "f" else x for x in inputs]


def value_and_vjps(
    what: str, op: Callable, inputs: Sequence[Any], names: Sequence[str], mistakes: Mapping[str, Any] = NONE
) -> tuple[Any, tuple]:
    """What an op returns: its value, and a tuple with a vjp for each name. Another form fails, and is told."""
    result = call(what, op, *inputs, mistakes=mistakes)
    form = FORM["one" if len(names) == 1 else "many"].format(what=what, count=len(names), names=", ".join(names))
    is_pair = isinstance(result, tuple) and len(result) == 2
    assert is_pair, form + FORM["found"].format(found=kind(result))
    value, vjps = result
    comma = FORM["comma"] if len(names) == 1 and callable(vjps) else ""
    assert isinstance(vjps, tuple), form + FORM["no_tuple"].format(found=kind(vjps)) + comma
    numbers = [vjp for vjp in vjps if not callable(vjp)]
    assert not numbers, FORM["no_vjp"].format(what=what, found=kind(numbers[0]))
    assert len(vjps) == len(names), form + FORM["count"].format(found=len(vjps))
    return value, vjps


def the_value(what: str) -> str:
    """The name, in messages, of the value of an op."""
    return WHAT["value"].format(what=what)


def check_vjp(
    what: str,
    name: str,
    vjp: Callable,
    g: Any,
    expected: np.ndarray,
    mistakes: Mapping[str, Any] = NONE,
    dtype: Any = np.float64,
) -> None:
    """The vjp of the input with this name. It is called twice: the second call must not remember the first."""
    what, g = WHAT["vjp"].format(what=what, name=name), g.astype(dtype) if isinstance(g, np.ndarray) else g
    compare(what, call(what, vjp, g, mistakes=mistakes), expected, mistakes, dtype)
    again, what = call(what, vjp, g, mistakes=mistakes), WHAT["again"].format(what=what)
    assert is_close(np.asarray(again), np.asarray(expected), dtype), FORM["kept"].format(what=what)


def call(what: str, function: Callable, *args: Any, mistakes: Mapping[str, Any] = NONE, **options: Any) -> Any:
    """The result; of an error from inside: what was called, and a hint."""
    try:
        return function(*args, **options)
    except ERRORS as error:
        if "'g' is not defined" in str(error):
            hints = [FORM["no_g"]]
        else:
            word = "infinite" if isinstance(error, RuntimeWarning) else "raises"
            hints = [cause for cause, wrong in mistakes.items() if isinstance(wrong, str) and word in wrong.split()]
        raise AssertionError(EXPECTED["raised"].format(what=what, error=described(error)) + cause_of(hints)) from None


def described(error: BaseException) -> str:
    """Its type and message; that of an error from another process begins with the type."""
    name, text = type(error).__name__, str(error)
    return text if text.startswith(name) else f"{name}: {text}"


def compare(
    what: str,
    found: Any,
    expected: Any,
    mistakes: Mapping[str, Any] = NONE,
    dtype: Any = np.float64,
    any_dtype: bool = False,
) -> None:
    """Fail with what was expected, what came, and the mistake that gives just this, if it is a known one.

    dtype: how exact it must be, and what it must be, unless any will do. Python's own numbers have none.
    """
    expected = np.asarray(expected)
    assert found is not None, EXPECTED["nothing"].format(what=what, expected=wanted(expected))
    is_numbers = isinstance(found, (np.ndarray, np.generic, int, float)) and np.asarray(found).dtype.kind in "fiu"
    assert is_numbers, differs(what, wanted(expected), kind(found))
    is_python = isinstance(found, (int, float)) and not isinstance(found, np.generic)
    found = np.asarray(found)
    if not is_close(found, expected, dtype):
        general = {"infinite": not np.isfinite(found).all(), "shape": found.shape != expected.shape}
        same = [
            cause
            for cause, wrong in mistakes.items()
            if (
                any(general.get(word, False) for word in wrong.split())
                if isinstance(wrong, str)
                else is_close(found, np.asarray(wrong), dtype)
            )
        ]
        difference = first_difference(found, expected, dtype)
        raise AssertionError(EXPECTED["difference"].format(what=what, difference=difference) + cause_of(same))
    is_dtype = any_dtype or is_python or found.dtype == dtype
    assert is_dtype, EXPECTED["dtype"].format(what=what, expected=np.dtype(dtype), found=found.dtype)


def differs(what: str, expected: Any, found: Any) -> str:
    """What to say where the two are texts, or things with a text."""
    return EXPECTED["value"].format(what=what, expected=expected, found=found)


def cause_of(causes: Sequence[str]) -> str:
    """The first of the causes, if there is one."""
    return EXPECTED["cause"].format(cause=causes[0]) if causes else ""


def first_difference(found: np.ndarray, expected: np.ndarray, dtype: Any = np.float64) -> str:
    """Two shapes, or the first element that differs, with both values."""
    if found.shape != expected.shape:
        return EXPECTED["shape"].format(expected=expected.shape, found=found.shape)
    wrong = np.argwhere(~within(found, expected, dtype))
    place = tuple(wrong[0])
    digits = next((d for d in (4, 7) if f"{expected[place]:.{d}g}" != f"{found[place]:.{d}g}"), 17)
    return EXPECTED["element_of_many" if place else "element"].format(
        place=", ".join(map(str, place)),
        expected=f"{expected[place]:.{digits}g}",
        found=f"{found[place]:.{digits}g}",
        wrong=len(wrong),
        size=expected.size,
    )


def is_close(found: np.ndarray, expected: np.ndarray, dtype: Any = np.float64) -> bool:
    """Within rounding, of arrays of one shape."""
    return found.shape == expected.shape and bool(within(found, expected, dtype).all())


def within(found: np.ndarray, expected: np.ndarray, dtype: Any = np.float64) -> np.ndarray:
    """Where the numbers are equal up to rounding, which is that of the largest in the whole array."""
    tolerance = 1e-4 if dtype == np.float32 else 1e-10
    finite = np.abs(expected[np.isfinite(expected)])
    return np.isclose(found, expected, rtol=0, atol=tolerance * finite.max(initial=1.0), equal_nan=True)


def wanted(expected: np.ndarray) -> str:
    """What was asked for, in a few words, without giving it away."""
    return WHAT["of_shape"].format(shape=expected.shape) if expected.ndim else WHAT["number"]


def kind(value: Any) -> str:
    """What a value is, in a few words."""
    if isinstance(value, (tuple, list, dict)):
        return WHAT["sequence"].format(type=type(value).__name__, count=len(value))
    if isinstance(value, np.ndarray) and value.ndim:
        return WHAT["array"].format(shape=value.shape, dtype=value.dtype)
    return WHAT["function"] if callable(value) else f"{value!r:.60}"
