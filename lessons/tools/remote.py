"""The grader's side of a submission: a stand-in for its module, and for whatever its functions return.

The submission runs in a process of its own. Values cross by copy, functions and objects stay there and are called from
here. So all a submission can do to its tests is to return wrong values, to raise, or to die.
"""

import builtins
from collections.abc import Sequence
from typing import Any
from weakref import WeakValueDictionary

from . import wire
from .exercises import Supply
from .handle import Handle
from .imports import EngineError
from .isolation import Isolation, find
from .patience import Patience
from .process import Process

TIMEOUT = 10.0  # seconds that a call may compute
LESSON = 6  # all calls of a lesson together may take this many time-outs

# What a submission raises is raised here as the same type, so that a test can expect it.
ERRORS = (
    *(ValueError, TypeError, IndexError, KeyError, LookupError, AttributeError, NameError, AssertionError),
    *(ArithmeticError, ZeroDivisionError, FloatingPointError, OverflowError, RuntimeError, NotImplementedError),
)


class SubmissionError(Exception):
    """What the submission raised: its type, its message and the line of exercise.py."""

    def __init__(self, kind: str, text: str, line: int | None):
        place = "" if line is None else f" (exercise.py, line {line})"
        super().__init__(f"{kind}: {text}{place}" if text else f"{kind}{place}")
        self.kind, self.text = kind, text

    def __str__(self) -> str:
        return str(self.args[0])  # KeyError's own would add quotes


class Gone(SubmissionError):
    """The submission's process did not answer any more. What has been asked of it is lost."""

    def __init__(self, text: str):
        Exception.__init__(self, text)
        self.kind, self.text = "Gone", text


class Submission:
    """One exercise.py, in a process that is started when needed and again after a death.

    Every call must return within `timeout` seconds of computing, and all calls together within LESSON times that. A
    test that trains may ask for more: `allow(seconds)`.
    """

    def __init__(
        self,
        source: str,
        timeout: float = TIMEOUT,
        isolation: Isolation | None = None,
        earlier: Sequence[Supply] = (),
    ):
        self.source = source
        self.earlier = list(earlier)  # what `from earlier import ...` finds there
        self.isolation = isolation or find()
        self.least = self.timeout = timeout
        self.seconds_left = LESSON * timeout
        self.deaths: list[str] = []  # how its processes ended, other than by our hand
        self.output = b""  # the beginning of what it printed
        self._process: Process | None = None
        self._waiting: Patience | None = None

    def __enter__(self) -> "Submission":
        return self

    def __exit__(self, *_: Any) -> None:
        self._stop()

    def allow(self, seconds: float) -> None:
        """From now on a call may take so long, if that is more than the others may."""
        self.timeout = max(self.least, seconds)
        self.seconds_left += self.timeout - self.least

    def load(self, numpy_only: bool = False) -> Any:
        """The module, run afresh. Its functions can be called as if they were here."""
        if self._process is None:
            self._process = Process(self.isolation, with_minae=not numpy_only)
        self._handles: WeakValueDictionary[int, Handle] = WeakValueDictionary()
        self._dropped: set[int] = set()  # numbers of objects that no handle is left of
        self._functions: dict[int, Any] = {}  # the functions that tests handed over, by id
        return self.ask("load", self.source, numpy_only, self.earlier)

    def ask(self, *request: Any) -> Any:
        """Put a request to the process, and serve the calls of our functions that it makes before it answers."""
        if self._waiting is not None:  # within a call that the submission makes of a test's function
            return self._exchange(request)
        self._waiting = waiting = self._patience()
        try:
            return self._exchange(request)
        except TimeoutError as error:
            used_up = "the time that all calls of this lesson may take together is used up"
            too_slow = f"your code did not return within {self.timeout:g} s {error}"
            raise self._died(too_slow if self.timeout <= self.seconds_left else used_up) from None
        except (EOFError, ConnectionError):
            raise self._died("your code ended its process: an exit, a crash, or too much memory") from None
        except wire.WireError as error:
            raise self._died(f"your code disturbed its connection to the grader ({str(error)[:200]})") from None
        finally:
            self._waiting = None
            self.seconds_left -= waiting.spent

    def _patience(self) -> Patience:
        """What a call may take."""
        return Patience(self._running.popen.pid, min(self.timeout, self.seconds_left))

    @property
    def _running(self) -> Process:
        """The process. Raises Gone if there is none."""
        if self._process is None:
            raise Gone(self.deaths[-1] if self.deaths else "the submission is not running")
        return self._process

    def _exchange(self, request: tuple) -> Any:
        dropped = list(self._dropped)
        self._dropped.clear()
        self._send((dropped, *request))
        while (message := self._receive())[0] == "call":
            self._call(*message[1:])
        if message[0] == "error":
            raise _error(*message[1:])
        return message[1]

    def _call(self, function: Any, args: tuple, kwargs: dict) -> None:
        """The submission calls a function that a test gave it: that, and nothing else of ours, it may."""
        if isinstance(function, Handle) or not callable(function):
            raise wire.WireError("a call of what is no function of the test's")
        try:
            self._send(("value", function(*args, **kwargs)))
        except (Gone, wire.WireError, EOFError, ConnectionError, TimeoutError):
            raise
        except Exception as error:
            self._send(("error", _kind(error).__name__, str(error)[:1000]))

    def _send(self, message: tuple) -> None:
        wire.send(self._running.connection, message, self._refer, self._waiting)

    def _receive(self) -> tuple:
        try:
            message = wire.receive(self._running.connection, self._resolve, self._waiting)
            if not (isinstance(message, tuple) and len(message) == {"value": 2, "error": 4, "call": 4}[message[0]]):
                raise wire.WireError("a message of another form")
        except (TypeError, KeyError, IndexError) as error:
            raise wire.WireError(f"a message of another form ({error})") from None
        return message

    def _refer(self, value: Any) -> dict:
        """What stands for a function of ours, or for an object of the submission's that goes back."""
        if isinstance(value, Handle):
            if value._submission is not self or self._handles.get(value._number) is not value:
                raise ValueError(f"{value!r} belongs to a process that has ended")
            return {"yours": value._number}
        if not callable(value):
            kind = type(value).__name__
            raise TypeError(
                f"tests hand over numbers (a seed, for randomness), arrays, Tensors and functions, not {kind}"
            )
        self._functions[id(value)] = value
        return {"mine": id(value)}  # without its name, which may tell what is expected of it

    def _resolve(self, tree: dict) -> Any:
        if "yours" in tree:
            return self._functions[tree["yours"]]
        number = tree["mine"]
        self._dropped.discard(number)
        handle = self._handles.get(number)
        if handle is None:
            handle = self._handles[number] = Handle(self, self._dropped, number, tree["type"], tree["name"])
        return handle

    def _died(self, how: str) -> Gone:
        self.deaths.append(how)
        self._stop()
        return Gone(how)

    def _stop(self) -> None:
        if self._process is not None:
            self.output += self._process.stop()
            self._process = None


def _error(kind: str, text: str, line: int | None) -> SubmissionError:
    """The submission's error, as one of the built-in type of the same name too, if that is one of ERRORS."""
    kind, text = str(kind)[:100], str(text)[:1000]
    line = line if isinstance(line, int) else None
    if kind == EngineError.__name__:
        return SubmissionError(kind, text, None)
    builtin = ValueError if kind == "LinAlgError" else getattr(builtins, kind, None)  # NumPy's is a ValueError
    if builtin not in ERRORS:
        return SubmissionError(kind, text, line)
    return type(kind, (SubmissionError, builtin), {})(kind, text, line)


def _kind(error: Exception) -> type[Exception]:
    """The built-in type that an error of a test's function reaches the submission as."""
    return next((kind for kind in type(error).__mro__ if kind in ERRORS), RuntimeError)
