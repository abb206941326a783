"""`minae gradcheck`: every op, checked."""

import argparse
from typing import Any

from ..checker.every_op import check_all, table
from ..support.parsing import whole
from .shared_arguments import add_command, typed


def add_to(commands: Any) -> None:
    about = "check the gradients of every op"
    command = add_command(commands, "gradcheck", gradcheck, about)
    about = "of the inputs and cotangents (default: 0)"
    command.add_argument("--seed", type=typed(whole(0)), default=0, help=about)


def gradcheck(options: argparse.Namespace) -> None:
    """Check the gradients of every op on a table of inputs. Exit status 1 if one does
    not pass."""
    rows = check_all(rng=options.seed)
    print(table(rows))
    if failed := [row.name for row in rows if not row.ok]:
        raise ValueError(f"gradcheck: {', '.join(failed)} did not pass")
