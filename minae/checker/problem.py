"""A function at one point, with the gradients that backward() gives there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..autograd import no_grad
from ..tensors import Tensor

PROBES = 4  # this many random steps test whether f is linear


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
        self.cotangent = rng.standard_normal(self.at_point.shape)
        self.gradients = self.backward(self.f, self.cotangent)
        self.probes = {number: self._probe(number) for number in self.checked}
        self.reach = {number: self._reach(number) for number in self.checked}

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

    def leaves(self) -> list[Any]:
        return [
            Tensor(x.copy(), requires_grad=i in self.checked)
            if isinstance(x, np.ndarray)
            else x
            for i, x in enumerate(self.inputs)
        ]

    def backward(
        self, f: Callable[..., Tensor], cotangent: np.ndarray
    ) -> dict[int, np.ndarray]:
        """The gradient of each checked input; zeros if f does not depend on it."""
        leaves = self.leaves()
        result = f(*leaves)
        if result.requires_grad:
            result.backward(cotangent)
        return {
            i: np.zeros_like(self.inputs[i])
            if leaves[i].grad is None
            else leaves[i].grad.copy()
            for i in self.checked
        }

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
        largest = max(
            float(np.abs(value).max(initial=0))
            for value in (here, both, *ahead, *behind)
        )
        bends = [a + b - 2 * here for a, b in zip(ahead, behind, strict=True)] + [
            both + here - ahead[0] - ahead[1]
        ]
        is_linear = np.isfinite(largest) and all(
            (np.abs(bend) <= 1e-13 * largest).all() for bend in bends
        )
        return Probe(
            bool(is_linear), largest, self._gradient_up_to(ahead + behind, size)
        )

    def _reach(self, number: int) -> float:
        """How large the gradient of Σ c * f usually is, about |x| away from x."""
        x = self.inputs[number]
        size = max(1.0, typical_size(x))
        d = size * self.rng.uniform(-2, 2, x.shape)
        return self._gradient_up_to(
            [self.value(number, x + d), self.value(number, x - d)], size
        )

    def _gradient_up_to(self, values: list[np.ndarray], distance: float) -> float:
        """How large the gradient of Σ c * f is on the way to other values of f.

        Infinite values are left out.
        """
        changes = [
            np.where(np.isfinite(value), np.abs(value - self.at_point), 0)
            for value in values
        ]
        return (
            float(np.sum(np.abs(self.cotangent) * np.max(changes, axis=0))) / distance
        )


@dataclass
class Probe:
    """How f behaves far from x.

    Whether it is linear up to rounding, its largest value, and how large its gradient
    is on the way.
    """

    is_linear: bool
    largest: float
    gradient: float


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
    """The root mean square of an input, for a step of its own size; 1 for zeros."""
    if x.size == 0:
        return 1.0
    return float(np.sqrt(np.mean(x * x))) or 1.0
