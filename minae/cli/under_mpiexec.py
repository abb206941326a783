"""`mpiexec -n P minae train MODEL`: who prints, and how one that fails ends all.

Each of the P processes starts another one, which trains, and waits for it. So somebody
is left to say which process was killed, and by what. As the one that waited ends with
an error, the launcher ends all others.
"""

import argparse
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path

from ..support.processes import launched, let_the_first_tell, tell
from .train import train

TRAINS = "MINAE_TRAINS"  # set in the environment of the process that trains
Outcome = tuple[int, str]  # exit status and what there is to say of a failure


@contextmanager
def first_prints() -> Iterator[None]:
    """Inside, only process 0 prints: what all would say is said once."""
    if launched()[0] == 0:
        yield
        return
    with open(os.devnull, "w") as nowhere:
        with redirect_stdout(nowhere), redirect_stderr(nowhere):
            yield


def run(
    options: argparse.Namespace,
    arguments: list[str] | None,
    command: Callable[[argparse.Namespace], Outcome],
) -> int:
    """Run a command in one of several processes. Returns the exit status."""
    if options.command is not train:
        if launched()[0] == 0:
            tell("only `minae train` runs in several processes; leave mpiexec out")
        return 1
    if TRAINS not in os.environ:
        return _watch(options, sys.argv[1:] if arguments is None else arguments)
    threading.Thread(target=_end_with_the_watcher, daemon=True).start()
    with first_prints():
        status, failure = command(options)
    if status == 0:
        return 0
    let_the_first_tell()
    tell(failure + (_how_to_go_on(options) if launched()[0] else ""))
    sys.stdout.flush()
    # without MPI's own end, which would wait for the others
    os._exit(status)


def _watch(options: argparse.Namespace, arguments: list[str]) -> int:
    """Start the process that trains, wait for it, and tell if it was killed.

    Ctrl-C is passed on to process 0 only: as long as the others go on with their
    shares, it comes back from where it waits for them, and says what is kept.
    """
    if launched()[0] > 0:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    trains = subprocess.Popen(
        [sys.executable, "-m", "minae", *arguments],
        env={**os.environ, TRAINS: "1"},
        stdin=subprocess.PIPE,  # ends when this process does
        close_fds=False,  # one of them leads to the launcher
        start_new_session=True,
    )
    while True:
        try:
            status = trains.wait()
            break
        except KeyboardInterrupt:
            trains.send_signal(signal.SIGINT)
    if status >= 0:
        return status
    tell(f"killed by {signal.Signals(-status).name}{_how_to_go_on(options)}")
    return 1


def _end_with_the_watcher() -> None:
    os.read(0, 1)
    os._exit(1)


def _how_to_go_on(options: argparse.Namespace) -> str:
    folder = options.resume or options.out
    if folder is None or not (Path(folder) / "config.json").exists():
        return ""
    return f"; --resume {folder} goes on from its last epoch"
