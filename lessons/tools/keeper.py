"""The start of a submission's process, and the process that sees to its end.

The submission's parent is the keeper, not the grader: who kills its parent harms nobody else. The keeper waits until
the grader lets go of a pipe, or dies, and then kills whatever the submission has left running. Not on Windows, which
cannot fork.
"""

import contextlib
import ctypes
import os
import signal
import sys
from pathlib import Path

assert sys.platform != "win32"

ADOPT_ORPHANS = 36  # Linux: PR_SET_CHILD_SUBREAPER


def start(connection: int, isolated: bool) -> None:
    """Fork: the child runs the submission, the parent keeps it."""
    _adopt_orphans()
    if os.fork():
        os.close(connection)
        _wait_for_the_end_of(sys.stdin.fileno())
        _kill_all()
    os.dup2(os.open(os.devnull, os.O_RDONLY), sys.stdin.fileno())  # the pipe is the keeper's alone
    from .worker import main  # not before the fork: the keeper needs no NumPy

    main(connection, isolated)


def _adopt_orphans() -> None:
    """A process whose parent is gone becomes the keeper's own child, also when it has left the process group."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(ADOPT_ORPHANS, 1, 0, 0, 0)


def _wait_for_the_end_of(pipe: int) -> None:
    while os.read(pipe, 1):
        pass


def _kill_all() -> None:
    """Kill children until there are none (their own children then are ours), and at last the group, with itself."""
    while children := _children():
        for child in children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(child, 0)
    os.killpg(0, signal.SIGKILL)


def _children() -> list[int]:
    """The children of this process, where the system tells (Linux)."""
    try:
        return [int(pid) for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()]
    except OSError:
        return []
