"""Noise that belongs to an image, whichever process computes it."""

from collections.abc import Callable
from typing import Any

import numpy as np


class Noise:
    """A generator for models: it draws for the whole batch, and gives the share's rows.

    `team` says which rows are the share's: `team.own`, of `team.count`. The first axis
    of what is drawn is that of the images; a single number is for all.

    A share of more than `at_once` images passes through the network in parts, and each
    part gets the next rows of one draw. A single process cuts the batch into other
    parts and draws for one after the other, which gives the same rows only as long as
    each draws once. So in a batch of more than `at_once`, a model may draw once.

    Raises ValueError for other shapes, and for a second draw in such a batch.
    """

    def __init__(self, team: Any, rng: Any, at_once: float):
        self.team, self.rng, self.at_once = team, rng, at_once
        self.batch: slice | None = None  # the one of the last draw
        self.rows = np.empty(0)  # those drawn, but not given yet

    def standard_normal(self, size: Any = None, dtype: Any = np.float64) -> Any:
        return self._share(lambda size: self.rng.standard_normal(size, dtype), size)

    def random(self, size: Any = None, dtype: Any = np.float64) -> Any:
        return self._share(lambda size: self.rng.random(size, dtype), size)

    def integers(self, low: Any, high: Any = None, size: Any = None) -> Any:
        return self._share(lambda size: self.rng.integers(low, high, size), size)

    def __getattr__(self, name: str) -> Any:
        known = "standard_normal, random and integers"
        raise AttributeError(f"by shares: models can draw by {known}, not by {name}")

    def _share(self, draw: Callable[[Any], Any], size: Any) -> Any:
        own, count = self.team.own, self.team.count
        shape = size if isinstance(size, tuple) else () if size is None else (size,)
        used_up = self.batch is own and not len(self.rows)
        if count > self.at_once and (used_up or not shape):
            raise ValueError(
                f"by shares: the model draws more than once for a batch of {count}, "
                f"which is more than its at_once, {self.at_once}; choose a smaller "
                "batch, or set a larger at_once"
            )
        if not shape:
            return draw(None)
        if used_up or self.batch is not own:
            self.batch, self.rows = own, draw((count, *shape[1:]))[own]
        if shape[1:] != self.rows.shape[1:] or shape[0] not in self._lengths():
            raise ValueError(
                "by shares: random numbers must be drawn for each of the share's "
                f"{len(self.rows)} images, as the first axis, or be a single one; "
                f"found the shape {shape}"
            )
        given, self.rows = self.rows[: shape[0]], self.rows[shape[0] :]
        return given

    def _lengths(self) -> tuple[float, float]:
        """How many rows the next part can ask for: all that are left, or `at_once`."""
        return len(self.rows), min(self.at_once, len(self.rows))
