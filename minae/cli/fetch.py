"""`minae fetch`: data that minae knows and does not contain."""

import argparse
from typing import Any

from .shared_arguments import add_command


def add_to(commands: Any) -> None:
    about = "download Fashion-MNIST's training split"
    command = add_command(commands, "fetch", fetch, about)
    command.add_argument("name", choices=["fashion-mnist"], help="the data set")


def fetch(options: argparse.Namespace) -> None:
    """Download Fashion-MNIST's training images (26 MB), check them, and put them where
    `--data fashion-mnist` finds them: into the folder that the environment variable
    MINAE_DATA names, or else into .minae in your home folder."""
    from ..data.fetching import fetch_fashion_mnist

    for path in fetch_fashion_mnist():
        print(f"fetched {path}")
