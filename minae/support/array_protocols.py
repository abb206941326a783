"""What Python and NumPy ask of something that holds an array.

Lengths, comparisons, text, copies. None of it takes part in gradients.
"""

import operator
from collections.abc import Callable, Iterator
from numbers import Number
from typing import Any

import numpy as np

from ..backend import Array, as_array, to_numpy
from .errors import GraphError

INSTEAD = {  # of functions of NumPy that a gradient should pass through
    "amax": "tensor.max(axis)",
    "amin": "tensor.min(axis)",
    "array_split": "tensor.split(sizes, axis)",
    "broadcast_to": "tensor.broadcast_to(shape)",
    "clip": "tensor.clip(min, max)",
    "concatenate": "minae.cat(tensors, axis)",
    "cumsum": "tensor.cumsum(axis)",
    "dot": "a @ b",
    "expand_dims": "tensor.unsqueeze(axis)",
    "matmul": "a @ b",
    "max": "tensor.max(axis)",
    "mean": "tensor.mean(axis)",
    "min": "tensor.min(axis)",
    "pad": "minae.functional.pad(tensor, pad)",
    "prod": "tensor.prod(axis)",
    "ravel": "tensor.flatten()",
    "reshape": "tensor.reshape(shape)",
    "split": "tensor.split(sizes, axis)",
    "squeeze": "tensor.squeeze(axis)",
    "stack": "minae.stack(tensors, axis)",
    "std": "tensor.std(axis, correction=0)",
    "sum": "tensor.sum(axis)",
    "swapaxes": "tensor.swapaxes(axis0, axis1)",
    "transpose": "tensor.transpose(axes)",
    "var": "tensor.var(axis, correction=0)",
    "where": "minae.where(condition, a, b)",
}


class ArrayProtocols:
    """The base of Tensor, which has `data`, `numpy()`, `item()` and `requires_grad`."""

    __slots__ = ()
    __array_ufunc__ = None  # so that `array * tensor` comes to Tensor.__rmul__
    __hash__ = object.__hash__  # tensors are told apart by identity in sets and dicts

    data: Array
    _data: Array
    _moment: Any
    grad: Array | None
    requires_grad: bool
    _node: Any
    numpy: Callable[[], np.ndarray]
    item: Callable[[], float]

    def __len__(self) -> int:
        if self._data.ndim == 0:
            raise TypeError("len: a 0-d tensor has no length")
        return self._data.shape[0]

    def __iter__(self) -> Iterator[Any]:
        return (self[i] for i in range(len(self)))

    def __getitem__(self, index: Any) -> Any:
        raise NotImplementedError

    def __bool__(self) -> bool:
        return bool(self.item())

    def __float__(self) -> float:
        return float(self.item())

    def __int__(self) -> int:
        return int(self.item())

    def __format__(self, style: str) -> str:
        """A single value in this style, as f"{loss:.3f}"; without a style, as str()."""
        return format(self.item(), style) if style else str(self)

    def __repr__(self) -> str:
        values = np.array2string(
            to_numpy(self._data), separator=", ", prefix="Tensor(", threshold=100
        )
        grad = ", requires_grad=True" if self.requires_grad else ""
        return f"Tensor({values}, dtype={self._data.dtype}{grad})"

    # --- comparisons: arrays of booleans ----------------------------------------------

    def __eq__(self, other: Any) -> Any:
        return _compare(operator.eq, self, other)

    def __ne__(self, other: Any) -> Any:
        return _compare(operator.ne, self, other)

    def __lt__(self, other: Any) -> Any:
        return _compare(operator.lt, self, other)

    def __le__(self, other: Any) -> Any:
        return _compare(operator.le, self, other)

    def __gt__(self, other: Any) -> Any:
        return _compare(operator.gt, self, other)

    def __ge__(self, other: Any) -> Any:
        return _compare(operator.ge, self, other)

    # --- NumPy ------------------------------------------------------------------------

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        """What np.asarray(tensor) gives: the values, without their history.

        np.array(tensor) is a copy, np.asarray(tensor) the same memory where it can be.
        """
        values = self.numpy()
        if copy is False and dtype is not None and values.dtype != dtype:
            raise ValueError(f"a copy is needed to make {dtype} of {values.dtype}")
        return values.astype(dtype or values.dtype, copy=bool(copy))

    def __array_function__(
        self, function: Callable, types: Any, args: Any, options: Any
    ) -> Any:
        """NumPy's functions take the values of tensors that need no gradient.

        Of others they would lose it: TypeError, which says what to use instead.
        """
        name = function.__name__
        if _any_requires_grad([*args, *options.values()]):
            instead = INSTEAD.get(name, "Tensor's methods and minae.functional")
            raise TypeError(
                f"np.{name}: the gradient would be lost in NumPy's function: use "
                f"{instead}; or, for the values alone, pass tensor.numpy()"
            )
        return function(*_values(args), **_values(options))

    # --- copies and pickles -----------------------------------------------------------

    def __reduce__(self) -> Any:
        """A leaf can be copied deeply, and pickled; the result of an op cannot."""
        if self._node is not None:
            raise GraphError(
                "copy: this tensor is the result of an op, and its graph cannot be "
                "copied: copy tensor.detach(), or the leaves that it was made from"
            )
        return _restore, (type(self), self._data, self.requires_grad, self.grad)


def _restore(kind: Any, data: Array, requires_grad: bool, grad: Array | None) -> Any:
    """A leaf, as `__reduce__` has described it."""
    tensor = kind.__new__(kind)
    tensor._data, tensor._moment, tensor.grad, tensor._node = data, None, grad, None
    tensor.requires_grad = requires_grad
    return tensor


def _compare(compare: Callable, tensor: ArrayProtocols, other: Any) -> Any:
    if isinstance(other, ArrayProtocols):
        other = other._data
    elif not isinstance(other, Number | list | tuple) and not hasattr(other, "dtype"):
        return NotImplemented
    return as_array(compare(tensor._data, other))


def _any_requires_grad(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return any(map(_any_requires_grad, value))
    return isinstance(value, ArrayProtocols) and value.requires_grad


def _values(value: Any) -> Any:
    """The same with arrays in the place of tensors, also in lists, tuples and dicts."""
    if isinstance(value, dict):
        return {name: _values(member) for name, member in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(map(_values, value))
    return value.numpy() if isinstance(value, ArrayProtocols) else value
