"""The command `minae`: chooses the subcommand, and tells failures in one line."""

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from ..support.processes import launched
from ..support.threads import limited
from ..support.version import __version__
from . import (
    denoise,
    evaluate,
    fetch,
    gradcheck,
    interpolate,
    probe,
    reconstruct,
    sample,
    train,
    under_mpiexec,
    upscale,
)

COMMANDS = (
    *(train, sample, reconstruct, interpolate, evaluate, probe),
    *(denoise, upscale, gradcheck, fetch),
)


def main(arguments: list[str] | None = None) -> int:
    """Run one command.

    Exit status: 0 done, 1 it failed (and says why in one line), 2 the arguments are
    wrong, 130 it was interrupted.
    """
    for stream in filter(None, (sys.stdout, sys.stderr)):
        if hasattr(stream, "reconfigure"):
            # a terminal without the letter ± is no reason to fail
            stream.reconfigure(errors="backslashreplace")
    parser = _parser()
    with under_mpiexec.first_prints():
        options = parser.parse_args(arguments)
        if options.command is None:
            parser.print_help()
            return 0
    if launched()[1] > 1:
        return under_mpiexec.run(options, arguments, _run)
    status, failure = _run(options)
    if status:
        print(f"minae: {failure}", file=sys.stderr)
    return status


def _run(options: argparse.Namespace) -> tuple[int, str]:
    """The exit status, and what there is to say of a failure."""
    try:
        with _no_window(), limited(options.threads):
            options.command(options)
    except KeyboardInterrupt as error:
        return 130, ": ".join(["interrupted", *map(str, error.args)])
    except (ValueError, TypeError, OSError, MemoryError) as error:
        if options.debug:
            raise
        return 1, " ".join(str(error).split()) or type(error).__name__
    return 0, ""


@contextmanager
def _no_window() -> Iterator[None]:
    """Figures go into files: what windows matplotlib is set to open does not matter."""
    before = os.environ.get("MPLBACKEND")
    os.environ["MPLBACKEND"] = "agg"
    try:
        yield
    finally:
        if before is None:
            del os.environ["MPLBACKEND"]
        else:
            os.environ["MPLBACKEND"] = before


def _parser() -> argparse.ArgumentParser:
    about = "Train autoencoders on a small autograd engine."
    parser = argparse.ArgumentParser(prog="minae", description=about)
    parser.add_argument("--version", action="version", version=f"minae {__version__}")
    parser.set_defaults(command=None, debug=False, threads=None)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for command in COMMANDS:
        command.add_to(commands)
    return parser
