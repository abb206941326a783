"""The command `minae`: one file for each subcommand."""

from .entry import main

__all__ = ["main"]
