"""A stand-in for CuPy on machines without a GPU: array code that breaks CuPy's rules breaks here, in a test.

The module is an `xp`: `strict_device.exp(x)`, `strict_device.random.default_rng(0)`. Its `ndarray` hides a host
array that only this file touches, and keeps the rules of CuPy 14 (read in its source, seen in GPU-free calls):

- Host and device never mix: only array() and asarray() take data to the device.
- Every way back makes the host wait, and is counted: float, int, bool, item, get, tolist, print, a boolean mask.
- Reductions and ufuncs return device arrays, 0-d where NumPy returns scalars; ufuncs return them in C order.
- Only CuPy's names and keywords exist: the installed CuPy's, or where there is none, those the tables leave.
- What CuPy does wrongly without a word is a DeviceHazard: integer arrays that index out of range (they wrap),
  places assigned twice (undefined), overlapping assignments (a plain memory copy).

It is stricter than CuPy where CuPy lets a mixture through, as in `cupy.sum(host)`. It proves nothing about CuPy's
numbers, random streams, speed or memory, nor that its kernels compile; atomic adds come in no fixed order there.
"""

import builtins
import inspect
import operator
import warnings
from contextlib import contextmanager
from functools import cache, partial
from types import ModuleType, SimpleNamespace

import numpy as np


def import_cupy():
    """The installed CuPy, or None. It imports without a GPU, but may warn that there is no CUDA."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "CUDA path could not be|CuPy failed to preload", UserWarning)
        try:
            import cupy
        except ImportError:
            return None
    return cupy


_cupy = import_cupy()

# Facts about CuPy. test_cupy_api.py compares them with the installed one (ufuncs do not tell their keywords).
MISSING = frozenset(  # NumPy's names that CuPy lacks
    "errstate seterr geterr nditer ndenumerate nested_iters insert block bmat matrix vecdot matvec vecmat unstack "
    "einsum_path frompyfunc geomspace spacing histogram_bin_edges nanpercentile nanquantile isnat object_ str_ "
    "longdouble clongdouble linalg.multi_dot linalg.vector_norm linalg.matrix_norm linalg.svdvals".split()
)
REFUSED_KEYWORDS = frozenset("where initial correction mean subok writeable device like".split())
UFUNC_KEYWORDS = frozenset("out dtype casting".split())
UFUNCS_WITH_AT = frozenset("add subtract maximum minimum bitwise_and bitwise_or bitwise_xor".split())
METHODS = {  # of cupy.ndarray, with their keywords
    **dict.fromkeys(("sum", "mean", "prod"), "axis dtype out keepdims"),
    **dict.fromkeys(("max", "min", "any", "all"), "axis out keepdims"),
    **dict.fromkeys(("var", "std"), "axis dtype out ddof keepdims"),
    **dict.fromkeys(("argmax", "argmin"), "axis out dtype keepdims"),
    **dict.fromkeys(("copy", "ravel", "flatten"), "order"),
    **{"astype": "dtype order copy", "reshape": "order copy", "transpose": "", "swapaxes": "axis1 axis2"},
    **{"squeeze": "axis", "take": "indices axis out", "repeat": "repeats axis", "clip": "min max out"},
    **{"cumsum": "axis dtype out", "dot": "b out", "fill": "value", "nonzero": "", "argsort": "axis kind"},
}
DISTRIBUTIONS = {  # of cupy.random.Generator, with their arguments
    **dict.fromkeys(("standard_normal", "random"), "size dtype out"),
    **{"uniform": "low high size dtype", "integers": "low high size dtype endpoint", "binomial": "n p size"},
    **{"exponential": "scale size", "poisson": "lam size"},
}

# How functions differ: in how many of their first arguments are arrays (one, if not listed), and in their results.
_ARRAYS_FIRST = {
    **dict.fromkeys("arange empty eye full identity indices linspace logspace ones tri zeros".split(), 0),
    **dict.fromkeys("result_type can_cast promote_types issubdtype isscalar broadcast_shapes".split(), 0),
    **dict.fromkeys("dot inner outer tensordot allclose isclose array_equal copyto".split(), 2),
    **{"clip": 3, "einsum": 99, "meshgrid": 99, "broadcast_arrays": 99},
}
_READ_THE_DATA = frozenset("nonzero flatnonzero argwhere unique extract".split())  # to know their result's shape
_SCALAR_IN_NUMPY = frozenset("allclose array_equal array_equiv count_nonzero".split())
_SCALARS = (bool, int, float, complex, np.generic, type(None))  # None: for `x == None` and `clip(x, 0, None)`


class DeviceHazard(AssertionError):
    """Something that CuPy would do wrongly without an error."""


class count_reads:
    """`with count_reads() as reads:` counts in `reads.count` the device-to-host reads of its block."""

    count = 0

    def __enter__(self):
        _counters.append(self)
        return self

    def __exit__(self, *error):
        _counters.remove(self)


_counters = [count_reads()]  # the first counts always


def reads():
    """The number of device-to-host reads since reset_reads()."""
    return _counters[0].count


def reset_reads():
    _counters[0].count = 0


def _count_read():
    for counter in _counters:
        counter.count += 1


class ndarray:
    """A device array. `base` is None, or for a view the array that owns the memory."""

    __slots__ = ("__weakref__", "_host", "base")
    __array_ufunc__ = None
    __hash__ = None

    def __init__(self, host, base=None):
        if host.dtype.char not in "?bBhHiIlLqQefdFD":
            raise ValueError(f"Unsupported dtype {host.dtype}")
        self._host, self.base = host, base

    @property
    def flags(self):
        c, f = self._host.flags.c_contiguous, self._host.flags.f_contiguous
        return SimpleNamespace(c_contiguous=c, f_contiguous=f, owndata=self.base is None)

    @property
    def T(self):
        return _device(self._host.T, [self]) if self.ndim > 1 else self

    def __array__(self, dtype=None, copy=None):
        raise TypeError(
            "Implicit conversion to a NumPy array is not allowed. "
            "Please use `.get()` to construct a NumPy array explicitly."
        )

    def get(self):
        _count_read()
        return np.array(self._host, order="C")

    def item(self):
        return self.get().item()

    def __deepcopy__(self, memo):
        return self.copy()

    def __len__(self):
        return len(self._host)

    def __iter__(self):
        return (self[i] for i in range(len(self)))

    def __getitem__(self, key):
        key, integers, _ = _key(key)
        with _no_wrapping(integers):
            return _device(self._host[key], [self])

    def __setitem__(self, key, value):
        if not isinstance(value, (ndarray, *_SCALARS)):
            raise ValueError("non-scalar numpy.ndarray cannot be used for fill")
        key, integers, mask = _key(key)
        with _no_wrapping(integers):
            if integers:
                _refuse_duplicates(self.shape, key)
            elif isinstance(value, ndarray) and not mask:
                _refuse_overlap(self._host[key], value._host)
            self._host[key] = _operand(value)


def _key(key):
    """An index for the host array, whether it has integer arrays, and a mask; CuPy takes host arrays here too."""
    parts = key if isinstance(key, tuple) else (key,)
    parts = tuple(part._host if isinstance(part, ndarray) else part for part in parts)  # slices stay: no numbers
    kinds = [np.asarray(part).dtype.kind for part in parts if isinstance(part, np.ndarray | list | tuple | bool)]
    if kinds.count("b") > 1:
        raise IndexError("CuPy does not support more than one boolean array in an index")
    if "b" in kinds:
        _count_read()  # how many are True is the result's shape
    if not any(part is Ellipsis for part in parts):
        parts += (Ellipsis,)  # so that one element comes as a 0-d view, as in CuPy
    return parts, any(kind != "b" for kind in kinds), "b" in kinds


@contextmanager
def _no_wrapping(integers=True):
    try:
        yield
    except IndexError as error:
        bad_axis = isinstance(error, ValueError)  # NumPy's AxisError is both
        if not integers or bad_axis or "out of bounds" not in str(error):
            raise
        raise DeviceHazard(f"{error}; CuPy would wrap the index around without an error") from error


def _refuse_duplicates(shape, key):
    hits = np.zeros(shape, np.int64)
    np.add.at(hits, key, 1)
    if (hits > 1).any():
        raise DeviceHazard("an index names one place twice: which value CuPy keeps there is undefined")


def _refuse_overlap(target, source):
    same_layout = (target.shape, target.strides, target.dtype) == (source.shape, source.strides, source.dtype)
    moved = target.ctypes.data != source.ctypes.data
    if same_layout and moved and target.flags.c_contiguous and np.may_share_memory(target, source):
        raise DeviceHazard("source and target overlap: CuPy copies as if they did not; assign a .copy()")


def _operand(value):
    """What ufuncs take: device arrays and scalars."""
    if not isinstance(value, (ndarray, *_SCALARS)):
        raise TypeError(f"Unsupported type {type(value)}")
    return value._host if isinstance(value, ndarray) else value


def _first(value):
    """What other functions take first: a device array, a list of them, or einsum's subscripts."""
    if isinstance(value, list | tuple) and value and all(isinstance(item, ndarray) for item in value):
        return [item._host for item in value]
    if not isinstance(value, ndarray | str):
        raise TypeError(f"Unsupported type {type(value)}")
    return value._host if isinstance(value, ndarray) else value


def _plain(value):
    """What they take behind the arrays: names, numbers, tuples of numbers. A device array is no number."""
    if isinstance(value, ndarray | np.ndarray):
        raise TypeError(f"Unsupported type {type(value)}")
    return type(value)(map(_plain, value)) if isinstance(value, list | tuple) else value


def _option(value, name=""):
    """The same, or one array, as the indices of take()."""
    return value._host if isinstance(value, ndarray) and name not in ("axis", "shape") else _plain(value)


def _run(name, function, args, kwargs, inputs):
    """Call NumPy; its result as CuPy gives it."""
    if name in _READ_THE_DATA or (name == "where" and len(args) == 1):
        _count_read()
    with _no_wrapping():
        result = function(*args, **{key: _option(value, key) for key, value in kwargs.items()})
    inputs = [x for x in (*inputs, *kwargs.values()) if isinstance(x, ndarray)]
    return _device(np.asarray(result) if name in _SCALAR_IN_NUMPY else result, inputs)


def _device(result, inputs):
    """What NumPy made of `inputs`, on the device: NumPy's scalars are 0-d arrays, and views know their base."""
    if isinstance(result, list | tuple):
        return (list if isinstance(result, list) else tuple)(_device(item, inputs) for item in result)
    if not isinstance(result, np.ndarray | np.generic):
        return result
    for x in inputs:
        if x._host is result:  # out=, astype(copy=False)
            return x
    owners = [x if x.base is None else x.base for x in inputs if _shares_memory(x._host, result)]
    return ndarray(np.asarray(result), owners[0] if owners else None)


def _shares_memory(host, result):
    """An empty array has no memory to share, but may still be a view, and read-only."""
    return np.may_share_memory(host, result) or (result.size == 0 and not result.flags.owndata)


def _elementwise(function, *args):
    """A ufunc's new result: in C order, whatever the order of its inputs."""
    return ndarray(np.asarray(function(*map(_operand, args)), order="C"))


def _refuse_keywords(name, kwargs, allowed):
    for keyword in kwargs:
        if keyword not in allowed:
            raise TypeError(f"{name}() got an unexpected keyword argument '{keyword}'")


class _Ufunc:
    def __init__(self, ufunc):
        self._ufunc = ufunc
        if ufunc.__name__ in UFUNCS_WITH_AT:
            self.at = self._at  # the other methods of ufuncs are left out

    def __call__(self, *args, out=None, **kwargs):
        _refuse_keywords(self._ufunc.__name__, kwargs, UFUNC_KEYWORDS)
        if out is None and self._ufunc.nout == 1 and len(args) == self._ufunc.nin:
            return _elementwise(partial(self._ufunc, **kwargs), *args)
        if out is not None:
            kwargs["out"] = out
        return _run("", self._ufunc, list(map(_operand, args)), kwargs, args)

    def _at(self, a, indices, b):
        key, integers, _ = _key(indices)
        with _no_wrapping(integers):
            self._ufunc.at(_first(a), key, _operand(b))


@cache
def _signature(path):
    try:
        return inspect.signature(operator.attrgetter(path)(_cupy))
    except (AttributeError, ValueError):  # no CuPy, or a function that does not tell
        return None


def _call(path, function, *args, **kwargs):
    """A function that is no ufunc in NumPy, with the arguments that CuPy's takes."""
    _refuse_keywords(path, kwargs, kwargs.keys() - REFUSED_KEYWORDS)
    if _signature(path):
        _signature(path).bind(*args, **kwargs)
    count = _ARRAYS_FIRST.get(path, 1)
    if count:
        hosts = [*map(_first, args[:1]), *map(_operand, args[1:count]), *map(_option, args[count:])]
    else:
        hosts = [*map(_plain, args[:1]), *map(_option if path == "full" else _plain, args[1:])]
    if path == "where" and len(args) == 3:
        return _elementwise(function, *args)  # a ufunc in CuPy
    inputs = [x for arg in args for x in (arg if isinstance(arg, list | tuple) else [arg])]
    return _run(path, function, hosts, kwargs, inputs)


def _method(name, keywords):
    convert = {"dot": _operand, "clip": _operand, "fill": _operand, "take": _option}.get(name, _plain)

    def method(self, *args, **kwargs):
        _refuse_keywords(name, kwargs, keywords)
        return _run(name, getattr(self._host, name), list(map(convert, args)), kwargs, [self, *args])

    return method


def _operator(function, reflected=False):
    def operate(self, other):
        if not isinstance(other, ndarray) and getattr(other, "__array_ufunc__", True) is None:
            return NotImplemented  # a Tensor's own operator takes over
        return _elementwise(function, other, self) if reflected else _elementwise(function, self, other)

    return operate


def _in_place(function):
    def operate(self, other):
        function(self._host, _operand(other))
        return self

    return operate


def _unary(function):
    return lambda self: _elementwise(function, self)


def _read_as(function):
    return lambda self, *spec: function(self.get(), *spec)


for _name in ("shape", "strides", "ndim", "size", "itemsize", "nbytes", "dtype"):
    setattr(ndarray, _name, property(operator.attrgetter(f"_host.{_name}")))
for _name, _keywords in METHODS.items():
    setattr(ndarray, _name, _method(_name, _keywords.split()))
for _name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "and", "or", "xor", "matmul"):
    setattr(ndarray, f"__{_name}__", _operator(getattr(operator, f"__{_name}__")))
    setattr(ndarray, f"__r{_name}__", _operator(getattr(operator, f"__{_name}__"), reflected=True))
    if _name != "matmul":
        setattr(ndarray, f"__i{_name}__", _in_place(getattr(operator, f"__i{_name}__")))
for _name in ("lt", "le", "eq", "ne", "gt", "ge"):
    setattr(ndarray, f"__{_name}__", _operator(getattr(operator, _name)))
for _name in ("neg", "pos", "abs", "invert"):
    setattr(ndarray, f"__{_name}__", _unary(getattr(operator, _name)))
for _name in ("float", "int", "complex", "bool", "str", "repr", "format"):
    setattr(ndarray, f"__{_name}__", _read_as(getattr(builtins, _name)))
for _name in ("tolist", "tobytes"):
    setattr(ndarray, _name, _read_as(getattr(np.ndarray, _name)))


def array(obj, dtype=None, copy=True, order="K"):
    """A device array of host data, or a copy of a device array."""
    if isinstance(obj, ndarray):
        return obj.astype(dtype or obj.dtype, order=order or "K", copy=bool(copy))
    return ndarray(np.array(obj, dtype=dtype, order=order or "K"))


def asarray(a, dtype=None, order=None):
    """A device array of host data; a device array that has the dtype itself."""
    return array(a, dtype, copy=False, order=order)


def asnumpy(a):
    """A host copy of a device array; host data as they are."""
    return a.get() if isinstance(a, ndarray) else np.asarray(a)


class Generator:
    """A random generator with CuPy's methods. The numbers are NumPy's, so that results can be compared."""

    def __init__(self, host):
        self._host = host


def _distribution(name, arguments):
    def draw(self, *args, **kwargs):
        _refuse_keywords(name, kwargs, arguments)
        function = getattr(self._host, name)
        return _run("", lambda *a, **k: np.asarray(function(*a, **k)), list(map(_option, args)), kwargs, args)

    return draw


for _name, _keywords in DISTRIBUTIONS.items():
    setattr(Generator, _name, _distribution(_name, _keywords.split()))


def _default_rng(seed=None):
    if isinstance(seed, ndarray | np.random.Generator):
        raise TypeError(f"a seed is a number, numbers, or a Generator of this library, not {type(seed)}")
    return seed if isinstance(seed, Generator) else Generator(np.random.default_rng(seed))


def _as_strided(x, shape=None, strides=None):
    return ndarray(np.lib.stride_tricks.as_strided(_first(x), _plain(shape), _plain(strides)))  # no base, as CuPy


_OWN = {
    "lib.stride_tricks.as_strided": _as_strided,
    "random.default_rng": _default_rng,
    "random.Generator": Generator,
}


class _Namespace:
    def __init__(self, path):
        self._path = path

    def __getattr__(self, name):
        return _find(f"{self._path}.{name}")


@cache
def _find(path):
    """NumPy's `path` under CuPy's rules. AttributeError where CuPy has no such name, or NumPy, or this file."""
    if path in _OWN:
        return _OWN[path]
    if path in MISSING or path.startswith("random."):
        raise AttributeError(f"module 'cupy' has no attribute {path!r}")
    if _cupy:
        operator.attrgetter(path)(_cupy)
    value = operator.attrgetter(path)(np)
    if isinstance(value, np.ufunc):
        return _Ufunc(value)
    if path in ("lib", "lib.stride_tricks", "linalg", "fft", "random"):
        return _Namespace(path)
    if isinstance(value, type) and (issubclass(value, np.generic) or value in (np.dtype, np.finfo, np.iinfo)):
        return value  # CuPy's are NumPy's
    if isinstance(value, ModuleType | type):
        raise AttributeError(f"the stand-in has no {path!r}")
    return partial(_call, path, value) if callable(value) else value


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    return _find(name)
