"""Tensor, `@differentiable`, and the ops behind Tensor's operators and methods.

An op is a function of arrays that returns its value and one vjp per input:

    @differentiable
    def mul(a, b):
        return a * b, (lambda g: g * b, lambda g: g * a)

Forward and backward stand side by side, and what backward needs is what the lambdas keep. All that ops share is done
once, here and in `autograd.py`: unwrapping, recording, calling only the vjps that are needed, summing gradients back
over broadcast axes, and putting the op's name and shapes into every error.
"""

import inspect
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

import numpy as np

from . import anomaly, autograd
from .autograd import Node
from .backend import Array, as_array, to_numpy, xp_of
from .checks import check_arrays, check_floats, is_whole
from .errors import GraphError, plain_kind

Axis = int | tuple[int, ...] | None


class Tensor:
    """An array that remembers how it was computed, so that gradients can flow back through it.

    Args:
        data: an array (wrapped without a copy), a number, or a nested list (both take NumPy's dtype).
        requires_grad: whether `backward()` shall leave this tensor's gradient in `.grad`; floating dtypes only.

    Raises TypeError for data that are no numbers, and for requires_grad=True on integers or booleans.
    """

    __slots__ = ("data", "grad", "requires_grad", "_node", "__weakref__")
    __array_ufunc__ = None  # so that `array * tensor` comes to Tensor.__rmul__, and not to a NumPy loop over objects

    data: Array
    grad: Array | None
    requires_grad: bool
    _node: Node | None

    def __init__(self, data: Any, requires_grad: bool = False):
        self.data = _to_array(data)
        if requires_grad and self.data.dtype.kind != "f":
            raise TypeError(
                f"Tensor: requires_grad=True needs a floating dtype, found {self.data.dtype}; "
                "a derivative with respect to whole numbers does not exist: pass floats, e.g. array.astype('float32')"
            )
        self.grad = None
        self.requires_grad = requires_grad
        self._node = None

    @property
    def shape(self) -> tuple[int, ...]:
        return self.data.shape

    @property
    def dtype(self) -> np.dtype:
        return self.data.dtype

    @property
    def ndim(self) -> int:
        return self.data.ndim

    @property
    def size(self) -> int:
        return self.data.size

    @property
    def is_leaf(self) -> bool:
        """Whether the tensor was made by hand: no op that needs a gradient computed it."""
        return self._node is None

    @property
    def T(self) -> "Tensor":
        return transpose(self)

    def numpy(self) -> np.ndarray:
        """The values as a NumPy array: sharing memory on the CPU, a copy from the GPU."""
        return to_numpy(self.data)

    def item(self) -> float:
        """The one value as a Python number. Raises ValueError if there is not exactly one."""
        if self.size != 1:
            raise ValueError(f"item: expected a tensor with one element, found shape {self.shape}")
        return self.data.item()

    def detach(self) -> "Tensor":
        """A tensor with the same data that no gradient flows through."""
        return Tensor(self.data)

    def backward(self, grad: Any = None) -> None:
        """Add to the `.grad` of every leaf its vector-Jacobian product with `grad`, and free the graph.

        Args:
            grad: dL/d(self), of self's shape; may be left out for a single value, where it is 1.

        Raises:
            GraphError: self does not depend on anything that requires a gradient, or its graph was walked before.
            ValueError: `grad` is missing for more than one value, or has another shape.
        """
        g = self._cotangent(grad)
        if self._node is not None:
            autograd.backward(self._node, g)
        elif self.requires_grad:
            autograd.accumulate(self, g)
        else:
            raise GraphError(
                "backward: this tensor depends on nothing with requires_grad=True (or was computed under no_grad())"
            )

    def _cotangent(self, grad: Any) -> Array:
        if grad is None:
            if self.size != 1:
                raise ValueError(
                    f"backward: a result of shape {self.shape} needs a cotangent of that shape: backward(grad); "
                    "or reduce it to one loss first, e.g. with .sum()"
                )
            return autograd.ones_like(self.data)
        grad = _to_array(grad, "backward")
        if grad.shape != self.shape:
            raise ValueError(f"backward: grad has shape {grad.shape}, expected the result's, {self.shape}")
        return grad.astype(self.dtype)

    def __add__(self, other: Any) -> "Tensor":
        return _binary(add, self, other)

    def __radd__(self, other: Any) -> "Tensor":
        return _binary(add, self, other, swap=True)

    def __sub__(self, other: Any) -> "Tensor":
        return _binary(sub, self, other)

    def __rsub__(self, other: Any) -> "Tensor":
        return _binary(sub, self, other, swap=True)

    def __mul__(self, other: Any) -> "Tensor":
        return _binary(mul, self, other)

    def __rmul__(self, other: Any) -> "Tensor":
        return _binary(mul, self, other, swap=True)

    def __truediv__(self, other: Any) -> "Tensor":
        return _binary(div, self, other)

    def __rtruediv__(self, other: Any) -> "Tensor":
        return _binary(div, self, other, swap=True)

    def __pow__(self, other: Any) -> "Tensor":
        return _binary(pow_, self, other)

    def __rpow__(self, other: Any) -> "Tensor":
        return _binary(pow_, self, other, swap=True)

    def __matmul__(self, other: Any) -> "Tensor":
        return _binary(matmul, self, other)

    def __rmatmul__(self, other: Any) -> "Tensor":
        return _binary(matmul, self, other, swap=True)

    def __neg__(self) -> "Tensor":
        return neg(self)

    def __getitem__(self, index: Any) -> "Tensor":
        return getitem(self, index)

    def __len__(self) -> int:
        if self.ndim == 0:
            raise TypeError("len: a 0-d tensor has no length")
        return self.shape[0]

    def __iter__(self) -> Iterator["Tensor"]:
        return (self[i] for i in range(len(self)))

    def __bool__(self) -> bool:
        return bool(self.item())

    def __float__(self) -> float:
        return float(self.item())

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        """What np.asarray(tensor) gives: the values, without their history."""
        return self.numpy() if dtype is None else self.numpy().astype(dtype)

    def __repr__(self) -> str:
        values = np.array2string(self.numpy(), separator=", ", prefix="Tensor(", threshold=100)
        return f"Tensor({values}, dtype={self.dtype}" + (", requires_grad=True)" if self.requires_grad else ")")

    def sum(self, axis: Axis = None, keepdims: bool = False) -> "Tensor":
        return sum_(self, axis, keepdims)

    def mean(self, axis: Axis = None, keepdims: bool = False) -> "Tensor":
        return mean(self, axis, keepdims)

    def max(self, axis: Axis = None, keepdims: bool = False) -> "Tensor":
        return max_(self, axis, keepdims)

    def exp(self) -> "Tensor":
        return exp(self)

    def log(self) -> "Tensor":
        return log(self)

    def sqrt(self) -> "Tensor":
        return sqrt(self)

    def tanh(self) -> "Tensor":
        return tanh(self)

    def reshape(self, *shape: Any) -> "Tensor":
        return reshape(self, shape[0] if len(shape) == 1 else shape)

    def transpose(self, *axes: Any) -> "Tensor":
        return transpose(self, axes[0] if len(axes) == 1 and not isinstance(axes[0], int) else axes or None)

    def flatten(self, start_dim: int = 0) -> "Tensor":
        """All axes from `start_dim` on as one."""
        return flatten(self, start_dim)


def tensor(data: Any, requires_grad: bool = False) -> Tensor:
    """A Tensor of a copy of `data` (Tensor itself wraps without one)."""
    return Tensor(_to_array(data).copy(), requires_grad)


def differentiable(op: Callable[..., tuple[Any, tuple]]) -> Callable[..., Tensor]:
    """Lift a function of arrays to Tensors.

    `op` returns `(value, vjps)`. Its first len(vjps) parameters are the differentiable inputs, and vjps[i] maps
    g = dL/dy, of the value's shape, to dL/d(input i). A vjp may return the shape of the broadcast result: the engine
    sums it back. It must not write into g, and what it returns is g, a view, or a fresh array.

    Tensors come to `op` as arrays; everything else comes as it was passed.

    Raises TypeError where `op` does not return such a pair. ValueError, TypeError and IndexError from inside the op are
    raised again with the op's name and its inputs' shapes.
    """
    if not callable(op):
        raise TypeError(f"differentiable: expected a function, found {op!r}")
    name = op.__name__.strip("_")
    signature = inspect.signature(op)

    @wraps(op)
    def lifted(*args: Any, **options: Any) -> Tensor:
        if options:
            args, options = _positional(signature, name, args, options)
        arrays = [arg.data if isinstance(arg, Tensor) else arg for arg in args]
        try:
            pair = op(*arrays, **options)
            if type(pair) is not tuple or len(pair) != 2 or type(pair[1]) is not tuple:
                raise TypeError("an op returns a pair: its value, and a tuple of vjps, one per differentiable input")
            value, vjps = as_array(pair[0]), pair[1]
            if _NUMPY_1 and value.ndim == 0:
                value = _narrow(value, arrays)
            node = _record(name, args, value, vjps) if autograd.recording else None
        except (ValueError, TypeError, IndexError) as error:
            raise plain_kind(error)(_explain(error, name, signature, arrays)) from error
        if anomaly.active:
            anomaly.check_value(name, value, dict(zip(signature.parameters, arrays)))
            if node is not None:
                node.called_at = anomaly.caller()
        result = Tensor.__new__(Tensor)  # not Tensor(value): it has been checked
        result.data, result.grad = value, None
        result._node, result.requires_grad = node, node is not None
        return result

    return lifted


_NUMPY_1 = np.lib.NumpyVersion(np.__version__) < "2.0.0"


def _narrow(value: Array, arrays: list) -> Array:
    """NumPy 1 makes float64 of a 0-d float32 that meets a Python number; NumPy 2 keeps it, and so do we."""
    floats = [array.dtype for array in arrays if getattr(array, "dtype", np.dtype(int)).kind == "f"]
    return value.astype(np.result_type(*floats)) if floats and value.dtype.kind == "f" else value


def _record(name: str, args: list | tuple, value: Array, vjps: tuple) -> Node | None:
    """A Node with an edge to each differentiable input that needs a gradient; None if there is no such input."""
    if len(args) > len(vjps) and any(isinstance(arg, Tensor) and arg.requires_grad for arg in args[len(vjps) :]):
        raise TypeError("an input behind the last one with a vjp requires a gradient: pass it .detach()ed")
    edges = []
    for index, (arg, vjp) in enumerate(zip(args, vjps)):
        if isinstance(arg, Tensor) and arg.requires_grad:
            edges.append((arg._node or arg, vjp, index))
    return Node(name, value, edges) if edges else None


def _positional(signature: inspect.Signature, name: str, args: tuple, options: dict) -> tuple[tuple, dict]:
    """Arguments passed by name, put in their place, so that inputs are recognised however they were passed."""
    try:
        bound = signature.bind(*args, **options)
    except TypeError as error:
        raise TypeError(f"{name}: {error}; its signature is {name}{signature}") from None
    bound.apply_defaults()
    return bound.args, bound.kwargs


def _explain(error: Exception, name: str, signature: inspect.Signature, arrays: list) -> str:
    """The error's message with the op's name before it and the inputs' shapes behind it."""
    shapes = [
        f"{parameter} {array.shape} {array.dtype}"
        for parameter, array in zip(signature.parameters, arrays)
        if hasattr(array, "shape")
    ]
    text = str(error)
    if "could not be broadcast" in text:
        text = "the shapes do not broadcast: from the last axis on, two sizes must be equal or one of them 1"
    return f"{name}: {text}" + (f" (found {', '.join(shapes)})" if shapes else "")


def _binary(op: Callable[..., Tensor], this: Tensor, other: Any, swap: bool = False) -> Tensor:
    """An operator on a tensor and whatever stands on its other side; a bare number takes the tensor's dtype."""
    if not isinstance(other, Tensor):
        if isinstance(other, int | float | np.integer):
            other = this.dtype.type(other) if this.dtype.kind == "f" else other
        elif not hasattr(other, "dtype"):
            return NotImplemented
        elif getattr(other.dtype, "kind", "") not in tuple("fiub"):
            found = f"{other.dtype} {other.shape} beside a tensor {this.shape}"
            raise TypeError(f"{op.__name__.strip('_')}: expected real numbers, found {found}")
    return op(other, this) if swap else op(this, other)


def _to_array(data: Any, name: str = "Tensor") -> Array:
    """The array inside a Tensor, the array itself, or an array of the numbers in nested lists."""
    if isinstance(data, Tensor):
        return data.data
    try:
        array = as_array(data)
    except ValueError as error:
        raise TypeError(f"{name}: expected an array, a number, or nested lists of equal lengths ({error})") from None
    if array.dtype.kind not in "fiub":
        raise TypeError(f"{name}: expected real numbers, found dtype {array.dtype}, shape {array.shape}")
    return array


# --- ops: each returns its value and the vjp of each input, with g = dL/dy -------------------------------------------


@differentiable
def add(a, b):
    """y = a + b,   dL/da = g,   dL/db = g"""
    return a + b, (lambda g: g, lambda g: g)


@differentiable
def sub(a, b):
    """y = a - b,   dL/da = g,   dL/db = -g"""
    return a - b, (lambda g: g, lambda g: -g)


@differentiable
def mul(a, b):
    """y = a b,   dL/da = g b,   dL/db = g a"""
    return a * b, (lambda g: g * b, lambda g: g * a)


@differentiable
def div(a, b):
    """y = a / b,   dL/da = g / b,   dL/db = -g y / b"""
    y = a / b
    return y, (lambda g: g / b, lambda g: -g * y / b)


@differentiable
def pow_(a, b):
    """y = a^b,   dL/da = g b a^(b-1) (0 where b = 0),   dL/db = g y ln a (0 where a = 0)"""
    y = a**b
    return y, (
        lambda g: g * b * a ** (b - 1 + (b == 0)),
        lambda g: g * y * xp_of(a).log(a + (a == 0)),
    )


@differentiable
def neg(x):
    """y = -x,   dL/dx = -g"""
    return -x, (lambda g: -g,)


@differentiable
def exp(x):
    """y = e^x,   dL/dx = g y"""
    check_floats(x=x)
    y = xp_of(x).exp(x)
    return y, (lambda g: g * y,)


@differentiable
def log(x):
    """y = ln x,   dL/dx = g / x"""
    check_floats(x=x)
    return xp_of(x).log(x), (lambda g: g / x,)


@differentiable
def sqrt(x):
    """y = √x,   dL/dx = g / (2 y)"""
    check_floats(x=x)
    y = xp_of(x).sqrt(x)
    return y, (lambda g: g / (2 * y),)


@differentiable
def tanh(x):
    """y = tanh x,   dL/dx = g (1 - y²)"""
    check_floats(x=x)
    y = xp_of(x).tanh(x)
    return y, (lambda g: g * (1 - y * y),)


@differentiable
def matmul(a, b):
    """y = a b,   dL/da = g bᵀ,   dL/db = aᵀ g   for matrices (..., n, k) and (..., k, m), NumPy's `@`.

    A 1-D a is a row and a 1-D b a column, and the axis of size 1 that this adds is dropped from the result.
    """
    check_arrays(a=a, b=b)
    if a.ndim == 0 or b.ndim == 0 or a.shape[-1] != b.shape[-2:][0]:
        raise ValueError("the last axis of a and the last but one of b (its only one, if 1-D) must have one size")
    xp = xp_of(a)
    rows = a[None, :] if a.ndim == 1 else a
    columns = b[:, None] if b.ndim == 1 else b

    def as_matrix(g):
        g = xp.expand_dims(g, -1) if b.ndim == 1 else g
        return xp.expand_dims(g, -2) if a.ndim == 1 else g

    def grad_a(g):
        grad = as_matrix(g) @ columns.swapaxes(-1, -2)
        return grad[..., 0, :] if a.ndim == 1 else grad

    def grad_b(g):
        grad = rows.swapaxes(-1, -2) @ as_matrix(g)
        return grad[..., 0] if b.ndim == 1 else grad

    return a @ b, (grad_a, grad_b)


@differentiable
def sum_(x, axis=None, keepdims=False):
    """y = Σ x over `axis`,   dL/dx = g, repeated along the summed axes"""
    xp, shape, axes = xp_of(x), x.shape, _axes(x, axis)
    return x.sum(axis=axes, keepdims=keepdims), (lambda g: xp.broadcast_to(_keep_axes(g, shape, axes), shape),)


@differentiable
def mean(x, axis=None, keepdims=False):
    """y = (Σ x) / n over `axis`,   dL/dx = g / n, repeated along the averaged axes"""
    xp, shape, axes = xp_of(x), x.shape, _axes(x, axis)
    n = _count(shape, axes)
    if n == 0:
        raise ValueError("no elements to average")
    return x.sum(axis=axes, keepdims=keepdims) / n, (lambda g: xp.broadcast_to(_keep_axes(g / n, shape, axes), shape),)


@differentiable
def max_(x, axis=None, keepdims=False):
    """y = max x over `axis`,   dL/dx = g at the maximum, 0 elsewhere; ties share g evenly (as torch.amax)"""
    axes = _axes(x, axis)
    if _count(x.shape, axes) == 0:
        raise ValueError("no elements to take the maximum of")
    peak = x.max(axis=axes, keepdims=True)
    y = peak if keepdims else peak.reshape([n for i, n in enumerate(x.shape) if i not in axes])

    def grad_x(g):
        winners = x == peak
        return _keep_axes(g, x.shape, axes) * winners / winners.sum(axis=axes, dtype=g.dtype, keepdims=True)

    return y, (grad_x,)


@differentiable
def reshape(x, shape):
    """y = the elements of x, in order, in another shape (-1: whatever fits),   dL/dx = g in the shape of x"""
    sizes = tuple(shape) if isinstance(shape, list | tuple) else (shape,)
    if not all(is_whole(size) and size >= -1 for size in sizes) or sizes.count(-1) > 1:
        raise ValueError(f"a shape must be of whole numbers, one of them -1 at most, found {shape!r}")
    return x.reshape(sizes), (lambda g: g.reshape(x.shape),)


@differentiable
def flatten(x, start_dim=0):
    """y = x with all axes from `start_dim` on as one,   dL/dx = g in the shape of x"""
    if not is_whole(start_dim):
        raise TypeError(f"start_dim must be a whole number, found {start_dim!r}")
    if not -x.ndim <= start_dim <= max(x.ndim - 1, 0):
        raise ValueError(f"start_dim {start_dim} is out of range for {x.ndim} axes")
    kept = x.shape[:start_dim] if x.ndim else ()
    return x.reshape(*kept, _count(x.shape, range(len(kept), x.ndim))), (lambda g: g.reshape(x.shape),)


@differentiable
def transpose(x, axes=None):
    """y = x with its axes permuted (reversed by default),   dL/dx = g permuted back"""
    order = _axes(x, tuple(axes) if isinstance(axes, list) else axes)[:: -1 if axes is None else 1]
    if len(order) != x.ndim:
        raise ValueError(f"axes {axes} must name each of the {x.ndim} axes once")
    return x.transpose(order), (lambda g: g.transpose(np.argsort(order).tolist()),)


@differentiable
def getitem(x, index):
    """y = x[index],   dL/dx = g at the chosen places, 0 elsewhere; a place chosen twice collects both"""
    xp = xp_of(x)
    index = tuple(_plain(i) for i in index) if isinstance(index, tuple) else _plain(index)

    def grad_x(g):
        grad = xp.zeros(x.shape, dtype=g.dtype)
        if _may_repeat(index):
            xp.add.at(grad, index, g)
        else:
            grad[index] = g
        return grad

    return x[index], (grad_x,)


# --- what these ops share -------------------------------------------------------------------------------------------


def _axes(x: Array, axis: Axis) -> tuple[int, ...]:
    """`axis` as a tuple of non-negative axes."""
    axes = range(x.ndim) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    if not all(is_whole(a) for a in axes):
        raise TypeError(f"axis must be a whole number or a tuple of them, found {axis!r}")
    if any(not -x.ndim <= a < x.ndim for a in axes) or len({a % x.ndim for a in axes}) != len(axes):
        raise ValueError(f"axis {axis} is out of range, or names an axis twice, for {x.ndim} axes")
    return tuple(a % x.ndim for a in axes)


def _keep_axes(g: Array, shape: tuple[int, ...], axes: tuple[int, ...]) -> Array:
    """The cotangent of a reduction with the reduced axes back in place, with size 1."""
    return g.reshape([1 if axis in axes else size for axis, size in enumerate(shape)])


def _count(shape: tuple[int, ...], axes: Any) -> int:
    """How many elements there are along `axes`."""
    return int(np.prod([shape[axis] for axis in axes], dtype=np.int64))


def _plain(index: Any) -> Any:
    return index.data if isinstance(index, Tensor) else index


def _may_repeat(index: Any) -> bool:
    """Whether an index can name one place twice: only lists, inner tuples and arrays of integers can."""
    parts = index if isinstance(index, tuple) else (index,)
    return any(isinstance(i, list | tuple) or (getattr(i, "ndim", 0) > 0 and i.dtype.kind in "iu") for i in parts)
