"""How long a call may take. What counts is the time that a submission computes: a busy machine costs no points."""

import contextlib
import os
import sys
import time
from pathlib import Path

PAUSE = 0.1  # seconds between two looks at it
STRETCH = 60  # a call may last this many times its seconds, however little it computes
TICK = 1 / os.sysconf("SC_CLK_TCK") if sys.platform == "linux" else 1.0  # the unit of /proc/PID/stat


class Deadline:
    """A time on the wall."""

    def __init__(self, seconds: float):
        self.end = time.monotonic() + seconds

    def check(self) -> None:
        """Raises TimeoutError when the time is over."""
        if time.monotonic() >= self.end:
            raise TimeoutError


class Patience:
    """With a process: it may compute for some seconds before it answers, or do nothing for as long."""

    def __init__(self, pid: int, seconds: float):
        self.pid = pid
        self.seconds = seconds
        self.start = self.awake = time.monotonic()  # awake: when it was last seen to compute
        self.next_look = self.start + PAUSE
        self.first: float | None = None
        self.last = 0.0

    @property
    def spent(self) -> float:
        """Seconds that it has computed. The first look comes late, so a short call's time is that on the wall."""
        return time.monotonic() - self.start if self.first is None else self.last - self.first

    def check(self) -> None:
        """Raises TimeoutError, saying which of the two it did, when patience is at its end."""
        now = time.monotonic()
        if now < self.next_look:
            return
        self.next_look = now + PAUSE
        computed, runs = _look_at(self.pid)
        if self.first is None:
            self.first = self.last = computed
        if runs or computed > self.last:
            self.awake = now
        self.last = max(self.last, computed)
        if self.last - self.first > self.seconds:
            raise TimeoutError("of computing")
        if now - self.awake > self.seconds or now - self.start > STRETCH * self.seconds:
            raise TimeoutError("of doing nothing")


def _look_at(pid: int) -> tuple[float, bool]:
    """Seconds that a process and all that it started have computed, and whether one of them runs or wants to.

    Where the system does not tell (it is not Linux), all time counts.
    """
    if sys.platform != "linux":
        return time.monotonic(), True
    seconds, runs, pids = 0.0, False, [pid]
    for found in pids:
        with contextlib.suppress(OSError):  # it has just ended
            state, *fields = Path(f"/proc/{found}/stat").read_text().rpartition(")")[2].split()
            seconds += sum(map(int, fields[10:14])) * TICK  # its own, and that of children that have ended
            runs = runs or state in "RD"
            pids += _children(found)
    return seconds, runs


def _children(pid: int) -> list[int]:
    """The processes that its threads have started."""
    texts = [path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/children")]
    return [int(child) for text in texts for child in text.split()]
