"""The process that a submission runs in: its own session, folder and environment, and a socket to the grader."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import IO

import minae

from . import wire
from .isolation import INSIDE, Isolation
from .patience import Deadline

KEPT = 4000  # bytes of what a submission prints
START = 60.0  # seconds for Python and NumPy to start
END = 2.0  # seconds for the keeper to kill what is left
PATHS = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "LANG")  # all that it sees of our environment
ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
TOOLS = Path(__file__).resolve().parent  # lessons/tools
FLAGS = ("-I", "-B", "-u", "-X", "utf8")  # isolated, no files written, nothing printed is held back
COMMAND = "import sys; sys.path[:] = {}; from {}.{}; main({})"


class Process:
    """A running process. `connection` is the socket to it; `stop()` kills it and all that it has started."""

    def __init__(self, isolation: Isolation, with_minae: bool = True):
        self.isolation = isolation
        self.folder = tempfile.mkdtemp(prefix="minae-exercise-")
        self.connection, theirs = socket.socketpair()
        posix = sys.platform != "win32"
        program = self._program(theirs.fileno() if posix else None)
        self.popen = subprocess.Popen(
            isolation.wrap([sys.executable, *FLAGS, "-c", program], with_minae),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=self.folder,
            env=self._environment(),
            pass_fds=(theirs.fileno(),) if posix else (),
            start_new_session=posix,
        )
        self._stdin, self._stdout = _pipes(self.popen)
        if sys.platform == "win32":
            self._stdin.write(theirs.share(self.popen.pid))
            self._stdin.close()
        theirs.close()
        self.output = bytearray()
        self._reader = threading.Thread(target=self._read_output, daemon=True)
        self._reader.start()
        self._wait_until_ready()

    def stop(self) -> bytes:
        """Kill the process, what it started, and its folder. Returns the beginning of what it printed."""
        self.connection.close()
        with contextlib.suppress(OSError):
            self._stdin.close()  # the keeper waits for this, and kills everything
        try:
            self.popen.wait(END if self._kept else 0)
        except subprocess.TimeoutExpired:
            self.popen.kill()
            self.popen.wait()
        if self._kept:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.popen.pid, signal.SIGKILL)  # in case that the submission killed the keeper
        self._reader.join(1)
        with contextlib.suppress(RecursionError):  # a folder may be nested as deep as a submission likes
            shutil.rmtree(self.folder, ignore_errors=True)
        return bytes(self.output)

    def _environment(self) -> dict[str, str]:
        """The paths that Python needs; nothing else of ours, which may hold secrets."""
        ours = {name: os.environ[name] for name in PATHS if name in os.environ}
        folder = INSIDE if self.isolation.bwrap else self.folder
        return {**ours, **ONE_THREAD, "HOME": folder, "TMPDIR": folder, "MPLBACKEND": "Agg"}

    @property
    def _kept(self) -> bool:
        """Whether a keeper sees to its end. Bubblewrap does that itself, and Windows cannot fork."""
        return sys.platform != "win32" and not self.isolation.bwrap

    def _program(self, connection: int | None) -> str:
        """What it runs. It finds the same packages as we do, but nothing through the working directory."""
        roots = [str(TOOLS.parents[1]), str(Path(minae.__file__).resolve().parents[1])]
        entry = "keeper import start as main" if self._kept else "worker import main"
        package = f"{TOOLS.parent.name}.{TOOLS.name}"
        arguments = f"{connection}, {bool(self.isolation.bwrap)}"
        return COMMAND.format(json.dumps([*roots, *filter(None, sys.path)]), package, entry, arguments)

    def _read_output(self) -> None:
        """Keep the beginning of what is printed, and read the rest away."""
        pipe = self._stdout.fileno()
        with contextlib.suppress(OSError):
            while chunk := os.read(pipe, 1 << 20):
                self.output += chunk[: max(0, KEPT - len(self.output))]
        self._stdout.close()

    def _wait_until_ready(self) -> None:
        try:
            wire.receive(self.connection, dict, Deadline(START))
        except (OSError, EOFError) as error:
            printed = self.stop().decode(errors="replace").strip().splitlines()
            raise OSError(f"the process for an exercise does not start: {printed[-1:] or error}") from error


def _pipes(popen: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    """Its standard input and output. They are there if they were asked for, which the type of Popen does not know."""
    if popen.stdin is None or popen.stdout is None:
        raise ValueError("expected a process that was started with stdin=PIPE and stdout=PIPE")
    return popen.stdin, popen.stdout
