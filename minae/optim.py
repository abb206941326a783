"""Optimisers change parameters in place; schedules change their learning rates.

Both by PyTorch's formulas, with its names and defaults.
"""

import math
from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from .backend import Array, moved_to, to_numpy, xp_of
from .support.argument_checks import check_number, check_whole
from .support.changes import to_overwrite
from .tensors import Tensor


class Optimizer:
    """Holds the parameters and visits each of them at every step.

    A subclass says what a step does to one parameter.

    Raises TypeError for anything but a list of Tensors. Raises ValueError for an empty
    list, a parameter listed twice, a Tensor that is not a leaf, or a learning rate
    below 0.
    """

    # The names of the attributes that hold one array for each parameter.
    buffers: tuple[str, ...] = ()

    def __init__(self, params: Iterable[Tensor], lr: float):
        name = type(self).__name__
        self.params = _leaves(name, params)
        self.lr = lr
        self.steps = [0] * len(self.params)
        _check(name, lr=(lr, 0, math.inf))

    def zero_grad(self) -> None:
        """Forget the gradients, because backward() adds to `.grad`."""
        for parameter in self.params:
            parameter.grad = None

    def step(self) -> None:
        """Change every parameter that has a gradient."""
        for index, parameter in enumerate(self.params):
            if parameter.grad is not None:
                self.steps[index] += 1
                w = to_overwrite(parameter)
                self._follow(index, w)
                self._update(index, w, parameter.grad)

    def state_dict(self) -> dict[str, np.ndarray]:
        """Copies, by name, of everything that the next step depends on.

        The parameters and their gradients are not included.
        """
        lr, steps = np.array(self.lr, np.float64), np.array(self.steps, np.int64)
        buffers = {name: to_numpy(x).copy() for name, x in self._named_buffers()}
        return {"lr": lr, "steps": steps, **buffers}

    def load_state_dict(self, state: Mapping[str, np.ndarray]) -> None:
        """Continue from where `state_dict()` was taken.

        Raises ValueError if the names, shapes or dtypes in `state` are different.
        """
        expected, found = _kinds(self.state_dict()), _kinds(state)
        for name in sorted(expected.keys() | found.keys()):
            if expected.get(name) != found.get(name):
                raise ValueError(
                    f"{type(self).__name__}: the state does not fit these parameters: "
                    f"of {name}, expected {expected.get(name, 'nothing')}, "
                    f"found {found.get(name, 'nothing')}"
                )
        self.lr = float(state["lr"])
        self.steps = [int(count) for count in state["steps"]]
        for name, array in self._named_buffers():
            array[...] = xp_of(array).asarray(state[name])

    def _follow(self, index: int, w: Array) -> None:
        """Take a parameter's buffers along, if `.to()` has moved it since."""
        for buffer in self.buffers:
            arrays = getattr(self, buffer)
            if arrays[index].dtype != w.dtype or type(arrays[index]) is not type(w):
                arrays[index] = moved_to(arrays[index], like=w)

    def _named_buffers(self) -> Iterator[tuple[str, Array]]:
        for buffer in self.buffers:
            for index, array in enumerate(getattr(self, buffer)):
                yield f"{buffer}.{index}", array

    def _update(self, index: int, w: Array, g: Array) -> None:
        """Change w, the array of parameter `index`, in place, by its gradient g."""
        raise NotImplementedError

    def _zeros(self) -> list[Array]:
        """One array of zeros for each parameter."""
        arrays = [parameter.data for parameter in self.params]
        return [xp_of(array).zeros_like(array) for array in arrays]


class SGD(Optimizer):
    """Stochastic gradient descent, optionally with momentum and weight decay.

    v ← momentum v + g (v = g at the first step),   w ← w - lr v
    With weight decay, g + weight_decay w stands for g: the gradient of the loss plus
    ½ weight_decay Σ w².
    PyTorch: `torch.optim.SGD`.
    """

    buffers = ("velocity",)

    def __init__(
        self,
        params: Iterable[Tensor],
        lr: float = 1e-3,
        momentum: float = 0.0,
        weight_decay: float = 0.0,
    ):
        super().__init__(params, lr)
        _check("SGD", momentum=(momentum, 0, math.inf))
        _check("SGD", weight_decay=(weight_decay, 0, math.inf))
        self.momentum, self.weight_decay = momentum, weight_decay
        self.velocity = self._zeros()

    def _update(self, index: int, w: Array, g: Array) -> None:
        v = self.velocity[index]
        if self.weight_decay:
            g = g + self.weight_decay * w
        v *= self.momentum
        v += g
        w -= self.lr * v


class RMSprop(Optimizer):
    """Gradient steps, divided by the root mean square of recent gradients.

    s ← alpha s + (1 - alpha) g²,   w ← w - lr g / (√s + eps)
    PyTorch: `torch.optim.RMSprop`.
    Source: Hinton, "Neural Networks for Machine Learning", lecture 6e.
    """

    buffers = ("square",)

    def __init__(
        self,
        params: Iterable[Tensor],
        lr: float = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
    ):
        super().__init__(params, lr)
        _check("RMSprop", alpha=(alpha, 0, 1), eps=(eps, 0, math.inf))
        self.alpha, self.eps = alpha, eps
        self.square = self._zeros()

    def _update(self, index: int, w: Array, g: Array) -> None:
        s = self.square[index]
        s *= self.alpha
        s += (1 - self.alpha) * g * g
        w -= self.lr * g / (xp_of(w).sqrt(s) + self.eps)


class Adam(Optimizer):
    """Steps along the mean of recent gradients, divided by their root mean square.

    w ← w - lr m̂ / (√v̂ + eps), with two weighted means of all gradients so far:
    m̂ = (g + β₁ g' + β₁² g'' + ...) / (1 + β₁ + β₁² + ...), and v̂ of g², with β₂.
    The sums above the line are kept: s ← β₁ s + g and q ← β₂ q + g². Those below it
    are numbers, (1 - βᵗ) / (1 - β) at step t.

    Kingma and Ba keep m = (1 - β₁) s and v = (1 - β₂) q, and divide by 1 - βᵗ. That is
    the same, but two passes more over all the weights.
    PyTorch: `torch.optim.Adam`. Source: Kingma & Ba 2015, algorithm 1.
    """

    buffers = ("sum", "square_sum")

    def __init__(
        self,
        params: Iterable[Tensor],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
    ):
        super().__init__(params, lr)
        name = type(self).__name__
        if not isinstance(betas, tuple | list) or len(betas) != 2:
            raise ValueError(f"{name}: betas must be two numbers, found {betas!r}")
        _check(name, eps=(eps, 0, math.inf))
        for index, beta in enumerate(betas):
            _check(name, **{f"betas[{index}]": (beta, 0, 1)})
        self.betas, self.eps = betas, eps
        self.sum = self._zeros()
        self.square_sum = self._zeros()

    def _update(self, index: int, w: Array, g: Array) -> None:
        beta1, beta2 = self.betas
        t, s, q = self.steps[index], self.sum[index], self.square_sum[index]
        s_weights = (1 - beta1**t) / (1 - beta1)
        root = math.sqrt((1 - beta2**t) / (1 - beta2))
        # w - lr (s / s_weights) / (√q / root + eps), with the numbers taken out
        lr, eps = self.lr * root / s_weights, self.eps * root

        xp = xp_of(w)
        change = xp.multiply(g, g, out=xp.empty_like(q))
        s *= beta1
        s += g
        q *= beta2
        q += change
        # w -= lr * s / (√q + eps), in the memory that g² needs no more.
        xp.sqrt(q, out=change)
        change += eps
        xp.divide(s, change, out=change)
        w -= lr * change


class AdamW(Adam):
    """Adam, with weights that decay by themselves, not by way of the gradient.

    w ← w - lr weight_decay w before each of Adam's steps. (Added to the gradient,
    as SGD does it, the decay would be divided by the root mean square, too.)
    PyTorch: `torch.optim.AdamW`.
    Source: Loshchilov & Hutter 2019, "Decoupled weight decay regularization".
    """

    def __init__(
        self,
        params: Iterable[Tensor],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
    ):
        super().__init__(params, lr, betas, eps)
        _check("AdamW", weight_decay=(weight_decay, 0, math.inf))
        self.weight_decay = weight_decay

    def _update(self, index: int, w: Array, g: Array) -> None:
        w *= 1 - self.lr * self.weight_decay
        super()._update(index, w, g)


class LRScheduler:
    """Sets an optimiser's learning rate, by the number of times `step()` was called.

    Call it after every epoch (or after every step, if the schedule counts steps). A
    subclass says what the rate is at time t; it depends on nothing but t and the rate
    at the beginning, so that a schedule that is resumed sets exactly the same rates.

    Raises TypeError for anything but an Optimizer.
    PyTorch: `torch.optim.lr_scheduler`.
    """

    def __init__(self, optimizer: Optimizer):
        if not isinstance(optimizer, Optimizer):
            wanted = f"{type(self).__name__}: expected an optimiser"
            raise TypeError(f"{wanted}, found {type(optimizer).__name__}")
        self.optimizer = optimizer
        self.base_lr = optimizer.lr
        self.last_epoch = 0

    def step(self) -> None:
        """One epoch is over: set the learning rate of the next."""
        self.last_epoch += 1
        self.optimizer.lr = self._lr(self.last_epoch)

    def state_dict(self) -> dict[str, np.ndarray]:
        """What `load_state_dict` needs to continue from here."""
        base_lr = np.array(self.base_lr, np.float64)
        return {"base_lr": base_lr, "last_epoch": np.array(self.last_epoch, np.int64)}

    def load_state_dict(self, state: Mapping[str, np.ndarray]) -> None:
        """Continue from where `state_dict()` was taken; sets the learning rate, too.

        Raises ValueError if `state` is not that of a schedule.
        """
        if (expected := _kinds(self.state_dict())) != (found := _kinds(state)):
            name = type(self).__name__
            raise ValueError(f"{name}: expected the state {expected}, found {found}")
        self.base_lr = float(state["base_lr"])
        self.last_epoch = int(state["last_epoch"])
        self.optimizer.lr = self._lr(self.last_epoch)

    def _lr(self, t: int) -> float:
        raise NotImplementedError


class StepLR(LRScheduler):
    """lr = lr₀ gamma^⌊t / step_size⌋: multiplied by gamma every `step_size` epochs.

    PyTorch: `torch.optim.lr_scheduler.StepLR`.
    """

    def __init__(self, optimizer: Optimizer, step_size: int, gamma: float = 0.1):
        super().__init__(optimizer)
        check_whole("StepLR: step_size", step_size, 1)
        _check("StepLR", gamma=(gamma, 0, math.inf))
        self.step_size, self.gamma = step_size, gamma

    def _lr(self, t: int) -> float:
        return self.base_lr * self.gamma ** (t // self.step_size)


class CosineAnnealingLR(LRScheduler):
    """lr = eta_min + ½ (lr₀ - eta_min) (1 + cos(π t / T_max)): from lr₀ to eta_min

    in T_max epochs, slowly at both ends. After them it rises again.
    PyTorch: `torch.optim.lr_scheduler.CosineAnnealingLR`.
    Source: Loshchilov & Hutter 2017, "SGDR: stochastic gradient descent with warm
    restarts", equation 5, without the restarts.
    """

    def __init__(self, optimizer: Optimizer, T_max: int, eta_min: float = 0.0):
        super().__init__(optimizer)
        check_whole("CosineAnnealingLR: T_max", T_max, 1)
        _check("CosineAnnealingLR", eta_min=(eta_min, 0, math.inf))
        self.T_max, self.eta_min = T_max, eta_min

    def _lr(self, t: int) -> float:
        share = (1 + math.cos(math.pi * t / self.T_max)) / 2
        return self.eta_min + (self.base_lr - self.eta_min) * share


def _leaves(name: str, params: Iterable[Tensor]) -> list[Tensor]:
    """The parameters as a list, after checking them."""
    wanted = "expected a list of Tensors, such as model.parameters()"
    if isinstance(params, Tensor) or not isinstance(params, Iterable):
        raise TypeError(f"{name}: {wanted}, found {type(params).__name__}")
    leaves = list(params)
    if not leaves:
        raise ValueError(f"{name}: no parameters to optimise")
    for leaf in leaves:
        if not isinstance(leaf, Tensor):
            raise TypeError(f"{name}: {wanted}, found {type(leaf).__name__}")
        if not leaf.is_leaf:
            raise ValueError(
                f"{name}: a parameter must be a leaf, not the result of an op, "
                "which keeps no gradient of its own"
            )
    if len({id(leaf) for leaf in leaves}) < len(leaves):
        raise ValueError(
            f"{name}: a parameter is listed twice, so each step would change it twice"
        )
    return leaves


def _kinds(arrays: Mapping[str, np.ndarray]) -> dict[str, tuple]:
    """The shape and dtype of each array, by name."""
    return {name: (array.shape, str(array.dtype)) for name, array in arrays.items()}


def _check(name: str, **options: tuple[float, float, float]) -> None:
    """Check that each option (value, lowest, limit) is a number in [lowest, limit)."""
    for option, (value, lowest, limit) in options.items():
        check_number(f"{name}: {option}", value, lowest, limit)
