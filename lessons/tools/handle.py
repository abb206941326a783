"""Stands for a function, a module or an object that stays in a submission's process."""

from typing import Any

from . import wire


class Handle(wire.Reference):
    """A function, module or object of the submission's.

    It can be called; its public attributes can be read, and set to numbers. Arithmetic with it must give another such
    object: were a number allowed, an object could pass for whatever a test subtracts from it. It has no truth, no
    order, and is equal to itself alone.
    """

    def __init__(self, submission: Any, dropped: set[int], number: int, kind: str, name: str):
        self.__dict__.update(_submission=submission, _dropped=dropped, _number=int(number), _kind=str(kind)[:100])
        if name:
            self.__dict__["__name__"] = str(name)[:100]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(f"tests read public attributes only, not {name}")
        return self._submission.ask("get", self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name.startswith("_") or isinstance(value, Handle) or callable(value):
            raise AttributeError(f"tests set public attributes to numbers only, not {name} to {value!r}")
        self._submission.ask("set", self, name, value)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._submission.ask("call", self, args, kwargs)

    def __iter__(self) -> Any:
        return iter(self._submission.ask("list", self))

    def _calculate(self, name: str, *operands: Any) -> "Handle":
        """One operator, which must give an object again."""
        result = self._submission.ask("operator", name, *operands)
        if not isinstance(result, Handle):
            raise TypeError(f"{name} of {self!r} must give such an object again, found {type(result).__name__}")
        return result

    def __bool__(self) -> bool:
        raise TypeError(f"a number, an array or a truth value is needed here, not {self!r}")

    def __repr__(self) -> str:
        return f"<{self._kind} {self.__dict__.get('__name__', '')}".rstrip() + " of exercise.py>"

    def __del__(self) -> None:
        self._dropped.add(self._number)


for _name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul"):
    setattr(Handle, f"__{_name}__", lambda self, other, name=_name: self._calculate(name, self, other))
    setattr(Handle, f"__r{_name}__", lambda self, other, name=_name: self._calculate(name, other, self))
for _name in ("neg", "pos", "abs"):
    setattr(Handle, f"__{_name}__", lambda self, name=_name: self._calculate(name, self))
