"""Loading an exercise, and calling it: a function of the exercise must not change the arrays it is given."""

import functools
import sys
import zlib
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import numpy as np


class InPlaceError(AssertionError):
    """A function of an exercise changed an array that it was given."""


def random_cases(seed: int, test_name: str) -> np.random.Generator:
    """A generator that depends on the seed and on the test's name, so that no two tests draw the same cases."""
    return np.random.default_rng([seed, zlib.crc32(test_name.encode())])


def load(source: bytes, path: Path) -> ModuleType:
    """Run the source of an exercise as a module of its own, new at every call."""
    module = ModuleType("exercise")
    module.__file__ = str(path)
    sys.modules["exercise"] = module  # dataclasses and inspect look a class's module up by name
    exec(compile(source, str(path), "exec"), module.__dict__)
    return module


def call(function: Any, args: tuple, kwargs: dict) -> Any:
    """function(*args, **kwargs); an array that it changes in place is an error."""
    given = {**dict(enumerate(args, start=1)), **kwargs}
    before = {place: _content(value) for place, value in given.items()}
    result = function(*args, **kwargs)
    for place, value in given.items():
        if _content(value) != before[place]:
            name = getattr(function, "__name__", "the function")
            raise InPlaceError(f"{name} changed its argument {place} in place; make a new array and return that")
    return result


def _content(value: Any) -> Any:
    """What is in an array, or in the arrays of a list; None of anything else."""
    if isinstance(value, np.ndarray):
        return value.tobytes()
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
