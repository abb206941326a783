"""What runs in the process of a submission: it loads the exercise and answers what the grader asks."""

import contextlib
import operator
import os
import socket
import sys
import traceback
from pathlib import Path
from typing import Any

from . import wire
from .exercises import call, load, provide
from .imports import EngineError, refuse_engines

MEMORY = 2 << 30  # bytes
FILE_SIZE = 16 << 20
PROCESSES = 1000  # with bubblewrap, which counts those of the submission alone
EXERCISE = "exercise.py"


def main(connection: int | None, isolated: bool) -> None:
    """Serve the grader until it hangs up. `connection` is an open socket; on Windows it comes through stdin."""
    opened = _open(connection)
    _limit_resources(isolated)
    if isolated:
        os.dup2(os.open(os.devnull, os.O_RDONLY), sys.stdin.fileno())  # nobody answers input()
    else:
        _hide(str(Path(__file__).resolve().parents[1]))
    with contextlib.suppress(EOFError, OSError):
        Server(opened).serve_for_ever()
    os._exit(0)


class GraderFunction(wire.Reference):
    """A function that a test handed over. Calling it asks the grader, which runs it."""

    __name__ = "function"

    def __init__(self, server: "Server", number: int):
        super().__init__(number)
        self._server = server

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._server.ask("call", self, args, kwargs)


class Server:
    """Answers requests. While the submission calls a function of the grader's, more requests may come in between."""

    def __init__(self, connection: socket.socket):
        self.connection = connection
        self.objects: dict[int, Any] = {}  # what the grader holds a handle of
        self.numbers: dict[int, int] = {}  # the number of each, by id
        self.count = 0
        self.numpy_only = False

    def serve_for_ever(self) -> None:
        self.send(("value", "ready"))
        while True:
            self.answer(self.receive())

    def ask(self, *request: Any) -> Any:
        self.send(request)
        while (message := self.receive())[0] not in ("value", "error"):
            self.answer(message)
        if message[0] == "error":
            _, kind, text = message
            raise getattr(__import__("builtins"), kind, RuntimeError)(text)
        return message[1]

    def answer(self, request: tuple) -> None:
        try:
            self.send(("value", self.do(*request)))
        except BaseException as error:  # SystemExit and KeyboardInterrupt of a submission are its errors too
            self.send(("error", *_describe(error)))

    def do(self, dropped: list[int], what: str, *details: Any) -> Any:
        """One request of the grader's, which also says which objects it does not need any more."""
        for number in dropped:
            self.numbers.pop(id(self.objects.pop(number, None)), None)
        match what, details:
            case "load", (source, numpy_only, earlier):
                self.objects.clear()
                self.numbers.clear()
                if numpy_only and not self.numpy_only:
                    refuse_engines()
                self.numpy_only = numpy_only
                Path(EXERCISE).write_text(source, "utf-8", "replace")  # inspect.getsource looks for it
                provide(earlier, numpy_only)
                return load(source, Path(EXERCISE), numpy_only)
            case "call", (function, args, kwargs):
                return call(function, args, kwargs)
            case "get", (target, name):
                return getattr(target, name)
            case "set", (target, name, value):
                return setattr(target, name, value)
            case "list", (target,):
                return list(target)
            case "operator", (name, *operands):
                return getattr(operator, name)(*operands)
        raise ValueError(f"unknown request {what!r}")

    def send(self, message: tuple) -> None:
        wire.send(self.connection, message, self.refer)

    def receive(self) -> tuple:
        return wire.receive(self.connection, self.resolve)

    def refer(self, value: Any) -> dict:
        """What stands for an object of the submission's, or for a function of the grader's that goes back."""
        if isinstance(value, GraderFunction):
            return {"yours": value._number}
        number = self.numbers.setdefault(id(value), self.count)
        if number == self.count:
            self.count += 1
            self.objects[number] = value
        name = getattr(value, "__name__", "")
        return {"mine": number, "type": type(value).__name__, "name": name if isinstance(name, str) else ""}

    def resolve(self, tree: dict) -> Any:
        if "yours" in tree:
            return self.objects[tree["yours"]]
        return GraderFunction(self, tree["mine"])


def _describe(error: BaseException) -> tuple[str, str, int | None]:
    """The type of an error, its message and the last line of the exercise that it passed."""
    lines = [line for frame, line in traceback.walk_tb(error.__traceback__) if frame.f_code.co_filename == EXERCISE]
    if isinstance(error, SyntaxError) and error.filename == EXERCISE:
        return type(error).__name__, str(error.msg), error.lineno
    if isinstance(error, EngineError):
        return type(error).__name__, str(error), None
    try:
        text = str(error)[:1000]
    except BaseException:
        text = "(an error whose message cannot be read)"
    return type(error).__name__, text, lines[-1] if lines else None


def _open(connection: int | None) -> socket.socket:
    if sys.platform == "win32":
        return socket.fromshare(sys.stdin.buffer.read())
    return socket.socket(fileno=connection)


def _limit_resources(isolated: bool) -> None:
    """Memory, file size, no core files. Windows has no such limits."""
    limits = {"RLIMIT_AS": MEMORY, "RLIMIT_FSIZE": FILE_SIZE, "RLIMIT_CORE": 0}
    if isolated:
        limits["RLIMIT_NPROC"] = PROCESSES
    if sys.platform != "win32":
        import resource

        for limit, value in limits.items():
            with contextlib.suppress(ValueError, OSError, AttributeError):
                resource.setrlimit(getattr(resource, limit), (value, value))
    with contextlib.suppress(OSError):  # Linux: where memory runs out, this process goes first, and not the grader
        Path("/proc/self/oom_score_adj").write_text("1000")


def _hide(folder: str) -> None:
    """Refuse to open the files of the course, where solutions lie. A hurdle, not a wall."""

    def refuse(event: str, args: tuple, real: Any = os.path.realpath, decode: Any = os.fsdecode) -> None:
        if event == "open" and isinstance(args[0], (str, bytes)) and real(decode(args[0])).startswith(folder + os.sep):
            raise PermissionError("an exercise cannot open the files of the course")

    sys.addaudithook(refuse)
