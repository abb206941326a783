"""When two gradients that should be one differ by more than rounding."""

import numpy as np

from .problem import EPSILON, Problem, typical_size

Gradients = dict[int, np.ndarray]


class Comparison:
    """Gradients for one cotangent, to compare others with, each element by its scale.

    The scale of an element is that of the terms that are added to make it, which the
    same cotangent with other signs shows. The values of f tell what may have cancelled
    inside a vjp, and inputs that differ in their last digits how far rounding goes.
    """

    def __init__(self, problem: Problem, cotangent: np.ndarray):
        self.problem, self.cotangent = problem, cotangent
        self.gradients = problem.backward(problem.f, cotangent)
        signs = [problem.rng.choice([-1.0, 1.0], cotangent.shape) for _ in range(3)]
        flipped = [problem.backward(problem.f, sign * cotangent) for sign in signs]
        inside = float(np.sum(np.abs(cotangent * problem.at_point)))
        shaken = [self._shaken() for _ in range(3)]
        self.rounding, self.noise = {}, {}
        for i, gradient in self.gradients.items():
            x = problem.inputs[i]
            terms = np.max(np.abs([gradient, *(run[i] for run in flipped)]), axis=0)
            size = np.minimum(1.0, np.maximum(np.abs(x), typical_size(x)))
            spread = np.max(np.abs([run[i] - gradient for run in shaken]), axis=0)
            self.rounding[i] = 1e-12 * terms + 16 * EPSILON * inside / size
            self.noise[i] = self.rounding[i] + 30 * spread

    def _shaken(self) -> Gradients:
        """The gradients at inputs that differ by a rounding or two."""
        problem = self.problem
        inputs = [
            np.asarray(x * (1 + 4 * EPSILON * problem.rng.integers(-1, 2, x.shape)))
            if i in problem.checked
            else x
            for i, x in enumerate(problem.inputs)
        ]
        leaves = problem.leaves(inputs)
        return problem.backward(problem.f, self.cotangent, leaves)

    def holds(
        self, found: Gradients, size: float = 1.0, same_way: bool = False
    ) -> bool:
        """Whether these are the same gradients, if the cotangent is `size` times c.

        If they were computed in the `same_way`, rounding has no say. NaN is the same as
        NaN.
        """
        allowed = self.rounding if same_way else self.noise
        return all(
            _close(gradient / size, self.gradients[i], allowed[i])
            for i, gradient in found.items()
        )


def _close(a: np.ndarray, b: np.ndarray, allowed: np.ndarray) -> bool:
    """Whether two arrays differ by no more than is allowed; NaN is the same as NaN."""
    alike = (a == b) | (np.isnan(a) & np.isnan(b))
    near = np.abs(a - b) <= np.nan_to_num(allowed, posinf=0.0)
    return bool((alike | near).all())
