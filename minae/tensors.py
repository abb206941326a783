"""Tensor, and `@differentiable`, which makes ops of Tensors out of functions of arrays.

An op is a function of arrays that returns its value and one vjp per input:

    @differentiable
    def mul(a, b):
        return a * b, (lambda g: g * b, lambda g: g * a)

Forward and backward stand side by side, and what backward needs is what the lambdas
keep. What all ops share is done once, here and in autograd.py: Tensors are unwrapped,
the graph is recorded, only the vjps that are needed are called, and gradients are
summed back over broadcast axes.
"""

import inspect
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import numpy as np

from . import autograd
from .autograd import Node, inside_no_grad
from .backend import Array, as_array, ones_like, to_numpy
from .ops import arithmetic, indexing, joining, piecewise, reductions, shapes
from .ops.axes import Axis, as_axis
from .support.argument_checks import check_wide
from .support.array_protocols import ArrayProtocols
from .support.changes import Moment, give_away, moment_of, moments, shared_moment
from .support.errors import GraphError
from .support.op_contract import guarded, in_order, missing_vjp, op_name, plain


def differentiable(op: Callable[..., tuple[Any, tuple]]) -> Callable[..., "Tensor"]:
    """Lift `op`, a function of arrays that returns `(value, vjps)`, to Tensors.

    vjps[i] takes g = dL/dy to dL/d(argument i). It must not write into g, and may
    return the shape of the broadcast result: the engine sums it back. Arguments that
    have no vjp, after those that have one, get no gradient.

    Raises TypeError where `op` returns no such pair. An error inside `op` is raised
    again with the op's name.
    """
    run, name, signature = guarded(op), op_name(op), inspect.signature(op)

    @wraps(op)
    def lifted(*args: Any, **options: Any) -> Tensor:
        if options:
            args, options = in_order(name, signature, args, options)
        arrays = [arg._data if isinstance(arg, Tensor) else plain(arg) for arg in args]
        value, vjps = run(arrays, options)
        return record(name, args, value, vjps)

    return lifted


def record(name: str, args: tuple, value: Array, vjps: tuple) -> "Tensor":
    """An op's value as a Tensor, with a Node if one of its inputs needs a gradient."""
    edges = []
    if not inside_no_grad():
        for index, arg in enumerate(args):
            if isinstance(arg, Tensor) and arg._requires_grad:
                if index >= len(vjps):
                    raise missing_vjp(name, index, arg)
                edges.append((arg._node or arg, vjps[index], index))
    result = Tensor.__new__(Tensor)  # without the checks of __init__
    result._data, result.grad = value, None
    result._moment = shared_moment(value, args)
    result._node = Node(name, value, edges, moments(args)) if edges else None
    result._requires_grad = result._node is not None
    return result


class Tensor(ArrayProtocols):
    """An array that remembers how it was computed, so that gradients can flow back.

    Args:
        data: an array, or a number or a nested list (both take NumPy's dtype). An array
            is wrapped without a copy. If you write into it between forward and
            backward, gradients are wrong, and only `detect_anomaly` sees it.
        requires_grad: whether `backward()` leaves this tensor's gradient in `.grad`;
            for floating dtypes only.

    Raises TypeError for data that are not real numbers, and for requires_grad=True on
    integers or booleans.   PyTorch: `torch.Tensor`.
    """

    __slots__ = ("_data", "_moment", "grad", "_requires_grad", "_node", "__weakref__")

    _data: Array
    _moment: Moment | None
    grad: Array | None
    _requires_grad: bool
    _node: Node | None

    def __init__(self, data: Any, requires_grad: bool = False):
        self._data = _to_array(data)
        self._moment = moment_of(data) if isinstance(data, Tensor) else None
        self.grad = None
        self._node = None
        self.requires_grad = requires_grad

    @property
    def data(self) -> Array:
        """The values: the array itself.

        A graph needs them as they were. If they are changed before `backward()`, in
        place or by an optimiser, it raises GraphError. A new array may be assigned at
        any time.
        """
        return give_away(self)

    @data.setter
    def data(self, values: Array) -> None:
        if values is not self.data:
            self._data, self._moment = values, None

    @property
    def requires_grad(self) -> bool:
        """Whether ops on this tensor are recorded. Raises TypeError for integers."""
        return self._requires_grad

    @requires_grad.setter
    def requires_grad(self, wanted: bool) -> None:
        if wanted and self._data.dtype.kind != "f":
            raise TypeError(
                "Tensor: requires_grad=True needs a floating dtype, found "
                f"{self._data.dtype}; a derivative with respect to whole numbers does "
                "not exist: pass floats, e.g. array.astype('float32')"
            )
        self._requires_grad = bool(wanted)

    @property
    def shape(self) -> tuple[int, ...]:
        return self._data.shape

    @property
    def dtype(self) -> np.dtype:
        return self._data.dtype

    @property
    def ndim(self) -> int:
        return self._data.ndim

    @property
    def size(self) -> int:
        return self._data.size

    @property
    def is_leaf(self) -> bool:
        """Whether it was made by hand: no op that needs a gradient computed it."""
        return self._node is None

    @property
    def T(self) -> "Tensor":
        return transpose(self)

    def numpy(self) -> np.ndarray:
        """The values as a NumPy array: the same memory, or a copy from the GPU."""
        return to_numpy(self.data)

    def item(self) -> float:
        """The one value as a Python number. Raises ValueError if there are others."""
        if self.size != 1:
            wanted = "item: expected a tensor with one element, found shape"
            raise ValueError(f"{wanted} {self.shape}")
        return self._data.item()

    def detach(self) -> "Tensor":
        """A tensor with the same data that no gradient flows through."""
        return Tensor(self)

    def backward(self, grad: Any = None) -> None:
        """Add to the `.grad` of every leaf dL/d(leaf), and free the graph.

        Args:
            grad: dL/d(self), of self's shape; for a single value 1 if left out.

        Raises:
            GraphError: self depends on nothing that requires a gradient, or its graph
                was walked before.
            ValueError: `grad` is missing for more than one value, or has another shape.
        """
        g = self._cotangent(grad)
        if self._node is not None:
            autograd.backward(self._node, g)
        elif self.requires_grad:
            autograd.accumulate(self, g)
        else:
            raise GraphError(
                "backward: this tensor depends on nothing with requires_grad=True "
                "(or was computed under no_grad())"
            )

    def _cotangent(self, grad: Any) -> Array:
        if grad is None:
            if self.size != 1:
                raise ValueError(
                    f"backward: a result of shape {self.shape} needs a cotangent of "
                    "that shape: backward(grad); or reduce it to one loss first, "
                    "e.g. with .sum()"
                )
            return ones_like(self._data)
        grad = _to_array(grad, "backward")
        if grad.shape != self.shape:
            found = f"grad has shape {grad.shape}"
            raise ValueError(f"backward: {found}, expected the result's, {self.shape}")
        return grad.astype(self.dtype)

    def __add__(self, other: Any) -> "Tensor":
        return _operator(add, self, other)

    def __radd__(self, other: Any) -> "Tensor":
        return _operator(add, self, other, swapped=True)

    def __sub__(self, other: Any) -> "Tensor":
        return _operator(sub, self, other)

    def __rsub__(self, other: Any) -> "Tensor":
        return _operator(sub, self, other, swapped=True)

    def __mul__(self, other: Any) -> "Tensor":
        return _operator(mul, self, other)

    def __rmul__(self, other: Any) -> "Tensor":
        return _operator(mul, self, other, swapped=True)

    def __truediv__(self, other: Any) -> "Tensor":
        return _operator(div, self, other)

    def __rtruediv__(self, other: Any) -> "Tensor":
        return _operator(div, self, other, swapped=True)

    def __pow__(self, other: Any) -> "Tensor":
        return _operator(pow_, self, other)

    def __rpow__(self, other: Any) -> "Tensor":
        return _operator(pow_, self, other, swapped=True)

    def __matmul__(self, other: Any) -> "Tensor":
        return _operator(matmul, self, other)

    def __rmatmul__(self, other: Any) -> "Tensor":
        return _operator(matmul, self, other, swapped=True)

    def __neg__(self) -> "Tensor":
        return neg(self)

    def __abs__(self) -> "Tensor":
        return abs_(self)

    def __getitem__(self, index: Any) -> "Tensor":
        return getitem(self, index)

    def sum(self, axis: Axis = None, keepdims: bool = False) -> "Tensor":
        return sum_(self, axis, keepdims)

    def mean(self, axis: Axis = None, keepdims: bool = False) -> "Tensor":
        return mean(self, axis, keepdims)

    def max(self, axis: Axis = None, keepdims: bool = False) -> "Tensor":
        return max_(self, axis, keepdims)

    def min(self, axis: Axis = None, keepdims: bool = False) -> "Tensor":
        return min_(self, axis, keepdims)

    def var(
        self, axis: Axis = None, keepdims: bool = False, correction: int = 1
    ) -> "Tensor":
        return var(self, axis, keepdims, correction)

    def std(
        self, axis: Axis = None, keepdims: bool = False, correction: int = 1
    ) -> "Tensor":
        return std(self, axis, keepdims, correction)

    def prod(self, axis: Axis = None, keepdims: bool = False) -> "Tensor":
        return prod(self, axis, keepdims)

    def cumsum(self, axis: int) -> "Tensor":
        return cumsum(self, axis)

    def abs(self) -> "Tensor":
        return abs_(self)

    def clip(self, min: float | None = None, max: float | None = None) -> "Tensor":
        return clip(self, min, max)

    def exp(self) -> "Tensor":
        return exp(self)

    def log(self) -> "Tensor":
        return log(self)

    def sqrt(self) -> "Tensor":
        return sqrt(self)

    def sin(self) -> "Tensor":
        return sin(self)

    def cos(self) -> "Tensor":
        return cos(self)

    def tanh(self) -> "Tensor":
        return tanh(self)

    def reshape(self, *shape: Any) -> "Tensor":
        return reshape(self, shape[0] if len(shape) == 1 else shape)

    def transpose(self, *axes: Any) -> "Tensor":
        """With its axes permuted: transpose(1, 0), transpose((1, 0)), or reversed."""
        if len(axes) == 1 and not isinstance(axes[0], int):
            return transpose(self, axes[0])
        return transpose(self, axes or None)

    def flatten(self, start_dim: int = 0) -> "Tensor":
        """All axes from `start_dim` on as one."""
        return flatten(self, start_dim)

    def squeeze(self, axis: Axis = None) -> "Tensor":
        """Without its axes of size 1, or without `axis`, which must have size 1."""
        return squeeze(self, axis)

    def unsqueeze(self, axis: int) -> "Tensor":
        """With a new axis of size 1, at place `axis` of the result."""
        return unsqueeze(self, axis)

    def swapaxes(self, axis0: int, axis1: int) -> "Tensor":
        return swapaxes(self, axis0, axis1)

    def broadcast_to(self, shape: tuple[int, ...]) -> "Tensor":
        return broadcast_to(self, shape)

    def split(
        self, split_size_or_sections: int | Sequence[int], axis: int = 0
    ) -> tuple["Tensor", ...]:
        """The parts along `axis`, of one size (but for the last), or of these sizes.

        Each is self[a slice]. Raises ValueError for sizes that do not add up.
        PyTorch: `torch.split`.
        """
        axis = as_axis(axis, self.ndim, "split: axis")
        sizes = shapes.part_sizes(split_size_or_sections, self.shape[axis])
        ends = np.cumsum(sizes).tolist()
        return tuple(
            self[(slice(None),) * axis + (slice(end - size, end),)]
            for size, end in zip(sizes, ends)
        )


def tensor(data: Any, requires_grad: bool = False) -> Tensor:
    """A Tensor of a copy of `data`; `Tensor` itself wraps without one.

    PyTorch: `torch.tensor`. Raises TypeError as `Tensor` does.
    """
    return Tensor(_to_array(data).copy(), requires_grad)


def cat(tensors: Sequence[Any], axis: int = 0) -> Tensor:
    """The tensors, one after another along `axis`.   PyTorch: `torch.cat`.

    Raises TypeError for anything but a list or tuple of them, ValueError for shapes
    that differ elsewhere than along `axis`.
    """
    return _cat(*_several("cat", tensors), axis=axis)


def stack(tensors: Sequence[Any], axis: int = 0) -> Tensor:
    """The tensors, side by side along a new `axis`.   PyTorch: `torch.stack`.

    Raises TypeError for anything but a list or tuple of them, ValueError for shapes
    that differ.
    """
    return _stack(*_several("stack", tensors), axis=axis)


def _several(name: str, tensors: Any) -> Sequence[Any]:
    if not isinstance(tensors, list | tuple):
        found = type(tensors).__name__
        raise TypeError(f"{name}: expected a list of tensors, found {found}")
    return tensors


# The ops that the functions above call. They know no Tensor, so they are lifted here.
add, sub = differentiable(arithmetic.add), differentiable(arithmetic.sub)
mul, div = differentiable(arithmetic.mul), differentiable(arithmetic.div)
pow_, neg = differentiable(arithmetic.pow_), differentiable(arithmetic.neg)
exp, log = differentiable(arithmetic.exp), differentiable(arithmetic.log)
sqrt, tanh = differentiable(arithmetic.sqrt), differentiable(arithmetic.tanh)
sin, cos = differentiable(arithmetic.sin), differentiable(arithmetic.cos)
matmul = differentiable(arithmetic.matmul)
sum_, mean = differentiable(reductions.sum_), differentiable(reductions.mean)
max_, min_ = differentiable(reductions.max_), differentiable(reductions.min_)
var, std = differentiable(reductions.var), differentiable(reductions.std)
prod, cumsum = differentiable(reductions.prod), differentiable(reductions.cumsum)
reshape, flatten = differentiable(shapes.reshape), differentiable(shapes.flatten)
transpose = differentiable(shapes.transpose)
squeeze, unsqueeze = differentiable(shapes.squeeze), differentiable(shapes.unsqueeze)
swapaxes = differentiable(shapes.swapaxes)
broadcast_to = differentiable(shapes.broadcast_to)
getitem = differentiable(indexing.getitem)
_cat, _stack = differentiable(joining.cat), differentiable(joining.stack)
abs_, clip = differentiable(piecewise.abs_), differentiable(piecewise.clip)
maximum = differentiable(piecewise.maximum)
minimum = differentiable(piecewise.minimum)
where = differentiable(piecewise.where)


def _operator(
    op: Callable[..., Tensor], this: Tensor, other: Any, swapped: bool = False
) -> Tensor:
    """this + other, or with swapped=True other + this, for the `op` add; and so on.

    A bare number takes the tensor's dtype, so that float32 stays float32.
    """
    if not isinstance(other, Tensor):
        if isinstance(other, int | float | np.integer):
            other = this.dtype.type(other) if this.dtype.kind == "f" else other
        elif not hasattr(other, "dtype"):
            return NotImplemented
        elif getattr(other.dtype, "kind", "") not in tuple("fiub"):
            found = f"{other.dtype} {other.shape} beside a tensor {this.shape}"
            raise TypeError(f"{op_name(op)}: expected real numbers, found {found}")
    return op(other, this) if swapped else op(this, other)


def _to_array(data: Any, name: str = "Tensor") -> Array:
    """The array in a Tensor, an array itself, or one of the numbers in nested lists."""
    if isinstance(data, Tensor):
        return data._data
    try:
        array = as_array(data)
    except ValueError as error:
        wanted = "an array, a number, or nested lists of equal lengths"
        raise TypeError(f"{name}: expected {wanted} ({error})") from None
    if array.dtype.kind not in "fiub":
        found = f"dtype {array.dtype}, shape {array.shape}"
        raise TypeError(f"{name}: expected real numbers, found {found}")
    check_wide(name, array.dtype)
    return array
