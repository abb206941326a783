"""Loading an exercise, and calling it: a function of the exercise must not change the arrays it is given."""

import ast
import base64
import functools
import inspect
import marshal
import sys
import zlib
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import numpy as np

from . import wire
from .imports import check_imports

MARKERS = (
    "points(n): what the test is worth in its lesson, of 10 in all",
    "seconds(n): how long a call of the exercise may compute, if that is more than usual",
    "numpy_only: an exercise that imports minae or another engine scores nothing",
)

OWN, REFERENCE = "own", "reference"
Supply = tuple[str, str, str, list[str]]  # what a project gets: a lesson, OWN or REFERENCE, a program, names in it


class InPlaceError(AssertionError):
    """A function of an exercise changed an array that it was given."""


def random_cases(seed: int, test_name: str) -> np.random.Generator:
    """A generator that depends on the seed and on the test's name, so that no two tests draw the same cases."""
    return np.random.default_rng([seed, zlib.crc32(test_name.encode())])


def load(source: str, path: Path, numpy_only: bool = False, name: str = "exercise") -> ModuleType:
    """Run the source of an exercise as a module of its own, new at every call.

    With `numpy_only`, raises EngineError if the source imports an engine.
    """
    if numpy_only:
        check_imports(ast.parse(source, str(path)))
    module = ModuleType(name)
    module.__file__ = str(path)
    sys.modules[name] = module  # dataclasses and inspect look a class's module up by name
    exec(compile(source, str(path), "exec"), module.__dict__)
    vars(module).setdefault("__getattr__", _missing)
    return module


def compiled(source: str) -> str:
    """A reference solution as it goes into the process of a submission: no source, no comments and no docstrings."""
    code = compile(source, "reference", "exec", optimize=2)
    return base64.b64encode(marshal.dumps(code)).decode("ascii")


def provide(supplies: list[Supply], numpy_only: bool = False) -> None:
    """Make what a project finds with `from earlier import ...`.

    Each program runs as a module of its own, because functions of different lessons may have the same name.
    """
    earlier = ModuleType("earlier")
    for lesson, kind, program, names in supplies:
        if kind == REFERENCE:
            module = ModuleType(f"reference of {lesson}")
            exec(marshal.loads(base64.b64decode(program)), module.__dict__)
            vars(earlier).update((name, vars(module)[name]) for name in names)
        else:
            vars(earlier).update(_own(lesson, program, names, numpy_only))
    sys.modules["earlier"] = earlier


def _own(lesson: str, program: str, names: list[str], numpy_only: bool) -> dict[str, Any]:
    """Functions of the learner's. In place of one that is not there, one that says so when it is called."""
    try:
        module, why = load(program, Path(lesson, "exercise.py"), numpy_only, lesson), "there is none"
    except Exception as error:
        module, why = ModuleType(lesson), str(error)
    return {name: getattr(module, name, None) or _unwritten(f"{name}, of {lesson}: {why}") for name in names}


def _unwritten(what: str) -> Any:
    def function(*args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError(what)

    return function


def _missing(name: str) -> Any:
    """Python calls this for an attribute that a module lacks."""
    raise AttributeError(f"exercise.py has no {'class' if name[:1].isupper() else 'function'} `{name}`")


def call(function: Any, args: tuple, kwargs: dict) -> Any:
    """function(*args, **kwargs); an array that it changes in place is an error."""
    given = [*args, *kwargs.values()]
    before = [_content(value) for value in given]
    result = function(*args, **kwargs)
    for place, value in enumerate(given):
        if _content(value) != before[place]:
            name = getattr(function, "__name__", "the function")
            which = [*_parameters(function, len(args)), *kwargs][place]
            raise InPlaceError(f"{name} changed {which} in place; leave it as it was, and make a new array")
    return result


def _parameters(function: Any, count: int) -> list[str]:
    """What the function calls its first `count` arguments."""
    try:
        names = list(inspect.signature(function).parameters)
    except (TypeError, ValueError):  # one written in C
        names = []
    return [*names, *(f"its argument {place + 1}" for place in range(len(names), count))][:count]


def _content(value: Any) -> Any:
    """What is in an array or a Tensor, or in those of a list; None of anything else."""
    if isinstance(value, np.ndarray):
        return value.tobytes()
    if isinstance(value, wire.tensors()):
        return value.numpy().tobytes()
    return [_content(member) for member in value] if type(value) in (list, tuple) else None


def watched_module(module: ModuleType) -> ModuleType:
    """A copy of the module in which every function is called through `call`."""
    copy = ModuleType(module.__name__)
    for name, member in vars(module).items():
        setattr(copy, name, _watched(member))
    return copy


def _watched(value: Any) -> Any:
    """The same value; functions, also those that functions return, go through `call`."""
    if isinstance(value, FunctionType):

        @functools.wraps(value)
        def function(*args, **kwargs):
            return _watched(call(value, args, kwargs))

        return function
    if type(value) in (tuple, list):
        return type(value)(map(_watched, value))
    return value
