"""Arguments that several commands have."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..data import melodies
from ..data.sources import KNOWN
from ..support.parsing import height_width, whole


def add_command(
    commands: Any, name: str, run: Callable[[argparse.Namespace], None], about: str
) -> argparse.ArgumentParser:
    """A subcommand that calls `run` with its options; run's docstring describes it."""
    command = commands.add_parser(name, help=about, description=run.__doc__)
    command.set_defaults(command=run)
    debug = "show the whole traceback of a failure"
    command.add_argument("--debug", action="store_true", help=debug)
    threads = "at most so many threads for matrix products (default: all processors)"
    command.add_argument("--threads", metavar="N", type=typed(whole(1)), help=threads)
    return command


def typed(read: Callable[[str], Any]) -> Callable[[str], Any]:
    """A reader of values (see support/parsing.py) as argparse wants one."""

    def argument(text: str) -> Any:
        try:
            return read(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from error

    return argument


def add_value(
    command: argparse.ArgumentParser,
    name: str,
    read: Callable[[str], Any],
    default: Any,
    about: str,
) -> None:
    """An option that is None unless it is given; help tells what is then taken."""
    shown = ",".join(map(str, default)) if isinstance(default, tuple) else default
    told = about if default is None else f"{about} (default: {shown})"
    command.add_argument(name, type=typed(read), help=told)


def add_run(command: argparse.ArgumentParser, picture: bool = False) -> None:
    """The run folder, and where a picture of it goes."""
    about = "a run folder that `minae train` made"
    command.add_argument("run", metavar="RUN", help=about)
    if picture:
        about = "the picture (default: in the run's figures)"
        command.add_argument("--out", metavar="FILE", type=Path, help=about)
        about = "replace the FILE if it is there already"
        command.add_argument("--overwrite", action="store_true", help=about)


def add_melodies(command: argparse.ArgumentParser, default: str) -> None:
    command.add_argument("--data", help=f"{melodies.KNOWN} (default: {default})")


def add_data(command: argparse.ArgumentParser, default: str | None = None) -> None:
    which = default or "what the run was trained on"
    command.add_argument("--data", help=f"{KNOWN} (default: {which})")
    fit = command.add_mutually_exclusive_group()
    about = "cut squares of SIDE x SIDE pixels out of the images"
    fit.add_argument("--patch", metavar="SIDE", type=typed(whole(1)), help=about)
    about = "make all images of one size: 28, or 28x40 (height x width)"
    fit.add_argument("--resize", metavar="SIZE", type=typed(height_width), help=about)
