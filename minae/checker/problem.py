"""A function at one point, with the gradients that backward() gives there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..autograd import no_grad
from ..tensors import Tensor

PROBES = 4  # this many random steps test whether f is linear
EPSILON = 2.0**-53
UNBALANCED = 1e4  # outputs that differ by more are weighted, so that each is heard


class Problem:
    """A function f at one point in float64, and its gradients there by backward().

    They are the gradients of Σ c * f for a random cotangent c.
    """

    def __init__(
        self, f: Callable[..., Tensor], inputs: Sequence[Any], rng: np.random.Generator
    ):
        self.f = f
        self.rng = rng
        self.inputs = [in_float64(value) for value in inputs]
        wanted = [
            i
            for i, value in enumerate(inputs)
            if isinstance(value, Tensor) and value.requires_grad
        ]
        self.checked = wanted or [
            i for i, value in enumerate(self.inputs) if is_floating(value)
        ]
        if not self.checked:
            raise TypeError(
                "gradcheck: no input is floating, so there is no gradient to check"
            )
        self.at_point = self.value(None, None)
        numbers = rng.standard_normal(self.at_point.shape)
        self.probes = {number: self._probe(number) for number in self.checked}
        self.cotangent = numbers * self._weights()
        leaves = self.leaves()
        self.gradients = self.backward(self.f, self.cotangent, leaves)
        self.is_reached = any(leaves[i].grad is not None for i in self.checked)

    def value(self, number: int | None, array: np.ndarray | None) -> np.ndarray:
        """The value of f with `array` in place of input `number`."""
        inputs = [
            np.asarray(array) if i == number else x for i, x in enumerate(self.inputs)
        ]
        with no_grad():
            result = self.f(
                *[Tensor(x.copy()) if isinstance(x, np.ndarray) else x for x in inputs]
            )
        if not isinstance(result, Tensor):
            raise TypeError(
                f"gradcheck: f must return a Tensor, found {type(result).__name__}"
            )
        return result.numpy()

    def leaves(
        self,
        inputs: Sequence[Any] | None = None,
        needed: Sequence[int] | None = None,
        copied: bool = True,
    ) -> list[Any]:
        """Fresh Tensors of the inputs; those `needed` (all checked) want a gradient."""
        needed = self.checked if needed is None else needed
        return [
            Tensor(x.copy() if copied else x, requires_grad=i in needed)
            if isinstance(x, np.ndarray)
            else x
            for i, x in enumerate(self.inputs if inputs is None else inputs)
        ]

    def elsewhere(self) -> list[Any]:
        """Inputs that differ from these in every floating number."""
        return [np.asarray(0.5 * x + 0.1) if is_floating(x) else x for x in self.inputs]

    def backward(
        self,
        f: Callable[..., Tensor],
        cotangent: np.ndarray,
        leaves: list[Any] | None = None,
    ) -> dict[int, np.ndarray]:
        """The gradient of each leaf that wants one; zeros if f does not depend on it.

        Without `leaves`, of each checked input.
        """
        leaves = self.leaves() if leaves is None else leaves
        result = f(*leaves)
        if result.requires_grad:
            result.backward(cotangent)
        return {
            i: np.zeros_like(leaf.data) if leaf.grad is None else leaf.grad.copy()
            for i, leaf in enumerate(leaves)
            if isinstance(leaf, Tensor) and leaf.requires_grad
        }

    def _weights(self) -> Any:
        """A weight for each output: 1, unless outputs differ so much that some drown.

        Then each is divided by how much it changes, rounded to a power of 2.
        """
        moved = np.max([probe.changes for probe in self.probes.values()], axis=0)
        if not moved.any():
            return 1.0
        smallest = max(moved[moved > 0].min(), moved.max() * 2.0**-60)
        if moved.max() <= UNBALANCED * smallest:
            return 1.0
        return 2.0 ** -np.round(np.log2(np.maximum(moved, smallest) / smallest))

    def _probe(self, number: int) -> "Probe":
        """How f behaves far from x.

        The random steps d are larger than x, so that they cross a kink at 0.
        """
        x, here = self.inputs[number], self.at_point
        size = 1 + 2 * np.abs(x).max(initial=0)
        steps = [
            self.rng.choice([-1, 1], x.shape) * self.rng.uniform(1, 2, x.shape) * size
            for _ in range(PROBES)
        ]
        ahead = [self.value(number, x + d) for d in steps]
        behind = [self.value(number, x - d) for d in steps]
        both = self.value(number, x + steps[0] + steps[1])
        # Each output is judged by its own size, for another may be far larger.
        sizes = np.abs([here, both, *ahead, *behind])
        largest = np.max(np.where(np.isfinite(sizes), sizes, 0), axis=0)
        bends = [a + b - 2 * here for a, b in zip(ahead, behind, strict=True)] + [
            both + here - ahead[0] - ahead[1]
        ]
        is_linear = np.isfinite(sizes).all() and all(
            (np.abs(bend) <= 1e-13 * largest).all() for bend in bends
        )
        changes = self.changes(ahead + behind)
        return Probe(bool(is_linear), largest, changes, float(size))

    def changes(self, values: list[np.ndarray]) -> np.ndarray:
        """How far each output is from its value here, at most; infinity is left out."""
        away = np.abs(np.subtract(values, self.at_point))
        return np.max(np.where(np.isfinite(away), away, 0), axis=0)

    def steepness(self, changes: np.ndarray, distance: float) -> float:
        """How steep Σ c * f may be, if f changes so much at that distance."""
        return float(np.sum(np.abs(self.cotangent) * changes)) / distance


@dataclass
class Probe:
    """How f behaves far from x.

    Whether it is linear up to rounding, the largest finite value of each output, how
    much it changes, and at what distance.
    """

    is_linear: bool
    largest: np.ndarray
    changes: np.ndarray
    distance: float


def in_float64(value: Any) -> Any:
    """Floating inputs as float64 arrays, other Tensors as arrays, all else as it is."""
    if isinstance(value, Tensor):
        value = value.numpy()
    if isinstance(value, float | np.ndarray | np.generic):
        array = np.asarray(value)
        return array.astype(np.float64) if array.dtype.kind == "f" else array
    return value


def is_floating(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.dtype.kind == "f"


def typical_size(x: np.ndarray) -> float:
    """The median size of the elements that are not 0; 1 if all are 0.

    One huge number does not change it.
    """
    sizes = np.abs(x[x != 0])
    return float(np.median(sizes)) if sizes.size else 1.0
