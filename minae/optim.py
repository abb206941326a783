"""Optimisers: each changes its parameters in place, by PyTorch's formulas and defaults."""

import math
from collections.abc import Iterable
from numbers import Real

from .backend import Array, xp_of
from .tensor import Tensor


class Optimizer:
    """Keeps the parameters, and walks them at each step. A subclass says what a step does to one.

    Raises TypeError for what is no list of Tensors, and ValueError for an empty one, one that names a parameter twice,
    a Tensor that is no leaf, or a learning rate below 0.
    """

    def __init__(self, params: Iterable[Tensor], lr: float):
        name = type(self).__name__
        self.params = _leaves(name, params)
        self.lr = lr
        self.steps = [0] * len(self.params)
        _check(name, lr=(lr, 0, math.inf))

    def zero_grad(self) -> None:
        """Forget the gradients: backward() adds to `.grad`, so without this the last step's would count again."""
        for parameter in self.params:
            parameter.grad = None

    def step(self) -> None:
        """Change every parameter that has a gradient."""
        for index, parameter in enumerate(self.params):
            if parameter.grad is not None:
                self.steps[index] += 1
                self._update(index, parameter.data, parameter.grad)

    def _update(self, index: int, value: Array, grad: Array) -> None:
        raise NotImplementedError

    def _zeros(self) -> list[Array]:
        """One array of zeros for each parameter."""
        return [xp_of(parameter.data).zeros_like(parameter.data) for parameter in self.params]


class SGD(Optimizer):
    """v ← momentum v + g (v = g at the first step),   w ← w - lr v.   PyTorch: `torch.optim.SGD`."""

    def __init__(self, params: Iterable[Tensor], lr: float = 1e-3, momentum: float = 0.0):
        super().__init__(params, lr)
        _check("SGD", momentum=(momentum, 0, math.inf))
        self.momentum = momentum
        self.velocity = self._zeros()

    def _update(self, index: int, value: Array, grad: Array) -> None:
        velocity = self.velocity[index]
        velocity *= self.momentum
        velocity += grad
        value -= self.lr * velocity


class RMSprop(Optimizer):
    """s ← alpha s + (1 - alpha) g²,   w ← w - lr g / (√s + eps).   PyTorch: `torch.optim.RMSprop`.

    Source: Hinton, "Neural Networks for Machine Learning", lecture 6e.
    """

    def __init__(self, params: Iterable[Tensor], lr: float = 1e-2, alpha: float = 0.99, eps: float = 1e-8):
        super().__init__(params, lr)
        _check("RMSprop", alpha=(alpha, 0, 1), eps=(eps, 0, math.inf))
        self.alpha, self.eps = alpha, eps
        self.square = self._zeros()

    def _update(self, index: int, value: Array, grad: Array) -> None:
        square = self.square[index]
        square *= self.alpha
        square += (1 - self.alpha) * grad * grad
        value -= self.lr * grad / (xp_of(value).sqrt(square) + self.eps)


class Adam(Optimizer):
    """m ← β₁ m + (1 - β₁) g,   v ← β₂ v + (1 - β₂) g²,   w ← w - lr m̂ / (√v̂ + eps)

    with m̂ = m / (1 - β₁ᵗ) and v̂ = v / (1 - β₂ᵗ) at step t.   PyTorch: `torch.optim.Adam`.
    Source: Kingma & Ba 2015, algorithm 1.
    """

    def __init__(
        self,
        params: Iterable[Tensor],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
    ):
        super().__init__(params, lr)
        if not isinstance(betas, tuple | list) or len(betas) != 2:
            raise ValueError(f"Adam: betas must be two numbers, found {betas!r}")
        _check("Adam", **{"betas[0]": (betas[0], 0, 1), "betas[1]": (betas[1], 0, 1), "eps": (eps, 0, math.inf)})
        self.betas, self.eps = betas, eps
        self.mean = self._zeros()
        self.square = self._zeros()

    def _update(self, index: int, value: Array, grad: Array) -> None:
        mean, square = self.mean[index], self.square[index]
        beta1, beta2 = self.betas
        mean *= beta1
        mean += (1 - beta1) * grad
        square *= beta2
        square += (1 - beta2) * grad * grad
        scale = xp_of(value).sqrt(square)
        scale /= math.sqrt(1 - beta2 ** self.steps[index])
        scale += self.eps
        value -= self.lr / (1 - beta1 ** self.steps[index]) * mean / scale


def _leaves(name: str, params: Iterable[Tensor]) -> list[Tensor]:
    """The parameters as a list, checked."""
    if isinstance(params, Tensor) or not isinstance(params, Iterable):
        raise TypeError(
            f"{name}: expected a list of Tensors, such as model.parameters(), found {type(params).__name__}"
        )
    leaves = list(params)
    if not leaves:
        raise ValueError(f"{name}: no parameters to optimise")
    for leaf in leaves:
        if not isinstance(leaf, Tensor):
            raise TypeError(f"{name}: expected Tensors, such as model.parameters(), found {type(leaf).__name__}")
        if not leaf.is_leaf:
            raise ValueError(
                f"{name}: a parameter must be a leaf, not the result of an op: it has no gradient of its own"
            )
    if len({id(leaf) for leaf in leaves}) < len(leaves):
        raise ValueError(f"{name}: a parameter is listed twice, and would be changed twice at each step")
    return leaves


def _check(name: str, **options: tuple[float, float, float]) -> None:
    """Each option (value, lowest, limit) must be a number in [lowest, limit)."""
    for option, (value, lowest, limit) in options.items():
        if not isinstance(value, Real):
            raise TypeError(f"{name}: {option} must be a number, found {value!r}")
        if not lowest <= value < limit:
            raise ValueError(f"{name}: {option} must be at least {lowest} and below {limit}, found {value}")
