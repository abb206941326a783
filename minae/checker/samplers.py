"""A case of an op to check, and how its inputs are drawn.

The inputs are float64, lie away from kinks, and are sized so that gradients are of
order 1. Where possible the axes have different primes as sizes: two equal sizes could
hide a mix-up.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..backend import Generator
from ..tensors import Tensor

Sampler = Callable[[Generator], np.ndarray]


@dataclass(frozen=True)
class Case:
    """One op, with a way to draw its inputs and a way to call it.

    `about` says what is special about this case. Without `call`, the op is called as it
    is. All inputs are differentiable; labels, noise and indices are constants inside
    `call`.
    """

    op: Callable[..., Tensor]
    about: str
    samplers: tuple[Sampler, ...]
    call: Callable[..., Tensor] | None = None

    @property
    def name(self) -> str:
        return f"{self.op.__name__.strip('_')}: {self.about}"

    @property
    def f(self) -> Callable[..., Tensor]:
        """The function of Tensors to check."""
        return self.call or self.op

    def make_inputs(self, rng: Generator) -> tuple[np.ndarray, ...]:
        """Draw float64 arrays for `f`: the same ones for the same state of `rng`."""
        return tuple(np.asarray(sampler(rng)) for sampler in self.samplers)


# --- inputs ---------------------------------------------------------------------------


def normal(*shape: int) -> Sampler:
    return lambda rng: rng.standard_normal(shape)


def uniform(low: float, high: float, *shape: int) -> Sampler:
    return lambda rng: rng.uniform(low, high, shape)


def positive(*shape: int) -> Sampler:
    return uniform(0.5, 2.0, *shape)


def probability(*shape: int) -> Sampler:
    return uniform(0.05, 0.95, *shape)


def nonzero(*shape: int) -> Sampler:
    """Numbers of both signs, at least 0.5 away from 0."""
    return lambda rng: rng.choice([-1.0, 1.0], shape) * rng.uniform(0.5, 2.0, shape)


def whole(*shape: int) -> Sampler:
    return lambda rng: rng.integers(-3, 4, shape).astype(float)


def half(*shape: int) -> Sampler:
    """Numbers that are 0.5 away from all whole numbers."""
    return lambda rng: rng.integers(-3, 4, shape) + 0.5


def distinct(*shape: int) -> Sampler:
    """Numbers at least 0.5 apart, so that a small step changes no maximum."""
    return lambda rng: 0.5 * rng.permutation(int(np.prod(shape))).reshape(shape)
