"""Optimisers: each changes its parameters in place, by PyTorch's formulas and defaults."""

import math
from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from .backend import Array, to_numpy, xp_of
from .checks import check_number
from .tensor import Tensor


class Optimizer:
    """Keeps the parameters, and walks them at each step. A subclass says what a step does to one.

    Raises TypeError for what is no list of Tensors, and ValueError for an empty one, one that names a parameter twice,
    a Tensor that is no leaf, or a learning rate below 0.
    """

    buffers: tuple[str, ...] = ()  # the attributes that hold an array for each parameter

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

    def state_dict(self) -> dict[str, np.ndarray]:
        """Copies of all that the next step depends on, besides the parameters and their gradients, by name."""
        state = {"lr": np.array(self.lr, np.float64), "steps": np.array(self.steps, np.int64)}
        return state | {name: to_numpy(array).copy() for name, array in self._named_buffers()}

    def load_state_dict(self, state: Mapping[str, np.ndarray]) -> None:
        """Go on from where `state_dict()` was taken. Raises ValueError for a state of other names, shapes or dtypes."""
        expected = self.state_dict()
        kinds, found = (
            {name: (array.shape, str(array.dtype)) for name, array in arrays.items()} for arrays in (expected, state)
        )
        if wrong := sorted(name for name in kinds.keys() | found.keys() if kinds.get(name) != found.get(name)):
            name = wrong[0]
            raise ValueError(
                f"{type(self).__name__}: the state does not fit these parameters: of {name}, expected "
                f"{kinds.get(name, 'nothing')}, found {found.get(name, 'nothing')}"
            )
        self.lr = float(state["lr"])
        self.steps = [int(count) for count in state["steps"]]
        for name, array in self._named_buffers():
            array[...] = xp_of(array).asarray(state[name])

    def _named_buffers(self) -> Iterator[tuple[str, Array]]:
        for buffer in self.buffers:
            for index, array in enumerate(getattr(self, buffer)):
                yield f"{buffer}.{index}", array

    def _update(self, index: int, value: Array, grad: Array) -> None:
        raise NotImplementedError

    def _zeros(self) -> list[Array]:
        """One array of zeros for each parameter."""
        return [xp_of(parameter.data).zeros_like(parameter.data) for parameter in self.params]


class SGD(Optimizer):
    """v ← momentum v + g (v = g at the first step),   w ← w - lr v.   PyTorch: `torch.optim.SGD`."""

    buffers = ("velocity",)

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

    buffers = ("square",)

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
    Source: Kingma & Ba 2015, algorithm 1, in the order of operations that section 2 recommends: √(1 - β₂ᵗ) and 1 - β₁ᵗ
    are made part of the two numbers eps and lr, instead of dividing whole arrays by them.
    """

    buffers = ("mean", "square")

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
        correction = math.sqrt(1 - beta2 ** self.steps[index])
        scale = xp_of(value).sqrt(square)
        scale += self.eps * correction
        value -= self.lr * correction / (1 - beta1 ** self.steps[index]) * mean / scale


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
        check_number(f"{name}: {option}", value, lowest, limit)
