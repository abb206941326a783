"""The stand-in for CuPy itself: each refusal refuses, reads are counted, views are views, and the maths is NumPy's."""

import copy
import operator

import numpy as np
import pytest

from tests import strict_device as xp
from tests.strict_device import DeviceHazard, asarray, count_reads


def host(dtype=np.float32):
    return np.arange(1, 25, dtype=dtype).reshape(2, 3, 4) / 8


def device(dtype=np.float32):
    return asarray(host(dtype))


def same(result, expected):
    """The device array has NumPy's values to the last bit, shape and dtype."""
    assert type(result) is xp.ndarray
    found = result.get()
    assert found.dtype == expected.dtype and found.shape == expected.shape
    np.testing.assert_array_equal(found, expected)


# --- what is refused ------------------------------------------------------------------------------------------

IMPLICIT = "Implicit conversion to a NumPy array is not allowed"


@pytest.mark.parametrize(
    "convert",
    [np.asarray, np.array, np.exp, lambda a: np.array([a, a]), lambda a: np.concatenate([a, a])],
    ids=["asarray", "array", "ufunc", "array of list", "concatenate"],
)
def test_nothing_becomes_a_host_array_unasked(convert):
    with count_reads() as reads, pytest.raises(TypeError, match=f"{IMPLICIT}|does not support ufuncs"):
        convert(device())
    assert reads.count == 0


def test_numpy_does_not_write_into_or_from_a_device_array():
    with pytest.raises(TypeError, match=IMPLICIT):
        host()[...] = device()
    with pytest.raises(TypeError):
        np.copyto(host(), device())


OPERATORS = [operator.add, operator.sub, operator.mul, operator.truediv, operator.pow, operator.matmul, operator.lt]
OPERATORS += [operator.eq, operator.iadd, operator.imul]


@pytest.mark.parametrize("other", [host(), [1.0, 2.0], (1.0,), "1"], ids=["array", "list", "tuple", "str"])
@pytest.mark.parametrize("function", OPERATORS)
def test_operators_refuse_what_is_not_on_the_device(function, other):
    with pytest.raises(TypeError, match="Unsupported type"):
        function(device(), other)
    with pytest.raises(TypeError):
        function(other, device())


MIXED = {
    "ufunc": lambda a, h: xp.maximum(a, h),
    "ufunc, host first": lambda a, h: xp.add(h, a),
    "ufunc, list": lambda a, h: xp.add(a, [1.0, 2.0, 3.0, 4.0]),
    "ufunc, out": lambda a, h: xp.exp(a, out=h),
    "ufunc, host only": lambda a, h: xp.exp(h),
    "reduction": lambda a, h: xp.sum(h),
    "reduction of a list": lambda a, h: xp.sum([1.0, 2.0]),
    "reduction, out": lambda a, h: xp.sum(a, axis=0, out=h[0]),
    "method, out": lambda a, h: a.sum(axis=0, out=h[0]),
    "concatenate": lambda a, h: xp.concatenate([a, h]),
    "stack of numbers": lambda a, h: xp.stack([1.0, 2.0]),
    "where, condition": lambda a, h: xp.where(h > 1, a, a),
    "where, value": lambda a, h: xp.where(a > 1, a, h),
    "where, plain condition": lambda a, h: xp.where(True, a, a),
    "zeros_like": lambda a, h: xp.zeros_like(h),
    "einsum": lambda a, h: xp.einsum("ijk,ijk->i", a, h),
    "tensordot": lambda a, h: xp.tensordot(a, h),
    "dot": lambda a, h: a.dot(h[0, 0]),
    "dot of a list": lambda a, h: a.dot([1.0, 2.0, 3.0, 4.0]),
    "xp.dot of a list": lambda a, h: xp.dot(a, [1.0, 2.0, 3.0, 4.0]),
    "clip to lists": lambda a, h: xp.clip(a, [0.0] * 4, [1.0] * 4),
    "where, list": lambda a, h: xp.where(a > 1, a, [1.0, 2.0, 3.0, 4.0]),
    "broadcast_to": lambda a, h: xp.broadcast_to(h, (5, 2, 3, 4)),
    "as_strided": lambda a, h: xp.lib.stride_tricks.as_strided(h, (2,), (4,)),
    "transposed by an array": lambda a, h: a.transpose(np.array([2, 1, 0])),
    "allclose": lambda a, h: xp.allclose(a, h),
    "scatter": lambda a, h: xp.add.at(h, asarray([0]), 1.0),
    "scattered host values": lambda a, h: xp.add.at(a, asarray([0]), h[0]),
    "random out": lambda a, h: xp.random.default_rng(0).standard_normal(out=np.zeros(2)),
    "a host generator": lambda a, h: xp.random.default_rng(np.random.default_rng(0)),
}


@pytest.mark.parametrize("mix", MIXED.values(), ids=MIXED.keys())
def test_functions_refuse_what_is_not_on_the_device(mix):
    with pytest.raises(TypeError):
        mix(device(), host())


AS_NUMBER = {
    "range": lambda a, n: range(n),
    "list index": lambda a, n: [1, 2, 3, 4, 5][n],
    "shape": lambda a, n: xp.zeros(n),
    "in a shape": lambda a, n: xp.zeros((n, 2)),
    "arange": lambda a, n: xp.arange(0, n),
    "reshape": lambda a, n: a.reshape(n, 2, 3),
    "reshape to a tuple": lambda a, n: a.reshape((n, 2, 3)),
    "xp.reshape": lambda a, n: xp.reshape(a, (n, 2, 3)),
    "axis": lambda a, n: a.sum(axis=n),
    "xp axis": lambda a, n: xp.sum(a, axis=n),
    "slice": lambda a, n: a[:n],
    "slice of an axis": lambda a, n: a[0, :, :n],
}


@pytest.mark.parametrize("use", AS_NUMBER.values(), ids=AS_NUMBER.keys())
def test_a_device_array_is_no_python_number(use):
    with count_reads() as reads, pytest.raises(TypeError):
        use(device(), asarray(4))
    assert reads.count == 0


@pytest.mark.parametrize("value", [host(), host()[0], [1.0] * 4, np.zeros(())], ids=["same", "row", "list", "0-d"])
@pytest.mark.parametrize("index", [..., slice(None), 0, (0, 1)])
def test_assignment_takes_no_host_data(index, value):
    a = device()
    with pytest.raises(ValueError, match=r"non-scalar numpy\.ndarray cannot be used"):
        a[index] = value
    same(a, host())


@pytest.mark.parametrize(
    "name",
    "errstate seterr nditer ndenumerate insert block vecdot einsum_path frompyfunc char matrix object_ testing rec "
    "linalg.multi_dot random.normal random.seed random.permutation lib.index_tricks nosuch poly1d".split(),
)
def test_names_that_cupy_lacks_or_we_leave_out(name):
    with pytest.raises(AttributeError):
        operator.attrgetter(name)(xp)


def test_the_committed_names_decide_without_cupy(monkeypatch):
    monkeypatch.setattr(xp, "_cupy", None)
    xp._find.cache_clear()
    xp._signature.cache_clear()
    try:
        for name in xp.MISSING:
            with pytest.raises(AttributeError):
                operator.attrgetter(name)(xp)
        same(xp.tanh(device()), np.tanh(host()))
        with pytest.raises(TypeError, match="'where'"):
            xp.sum(device(), where=device() > 1)
    finally:
        xp._find.cache_clear()
        xp._signature.cache_clear()


KEYWORDS = {
    "sum where": lambda a: xp.sum(a, where=a > 1),
    "max initial": lambda a: xp.max(a, initial=0),
    "var correction": lambda a: xp.var(a, correction=1),
    "ufunc where": lambda a: xp.exp(a, where=a > 1),
    "ufunc subok": lambda a: xp.add(a, a, subok=True),
    "zeros device": lambda a: xp.zeros(3, device="cpu"),
    "unknown": lambda a: xp.tile(a, 2, nosuch=1),
    "method where": lambda a: a.sum(where=a > 1),
    "method initial": lambda a: a.max(initial=0),
    "method correction": lambda a: a.std(correction=1),
    "astype casting": lambda a: a.astype(np.float64, casting="safe"),
    "as_strided writeable": lambda a: xp.lib.stride_tricks.as_strided(a, (2,), (4,), writeable=False),
    "as_strided subok": lambda a: xp.lib.stride_tricks.as_strided(a, (2,), (4,), subok=False),
    "as_strided positional": lambda a: xp.lib.stride_tricks.as_strided(a, (2,), (4,), False, False),
    "standard_normal loc": lambda a: xp.random.default_rng(0).standard_normal(2, loc=1.0),
    "random method": lambda a: xp.random.default_rng(0).random(2, method="inv"),
}


@pytest.mark.parametrize("call", KEYWORDS.values(), ids=KEYWORDS.keys())
def test_keywords_that_cupy_lacks(call):
    with pytest.raises(TypeError):
        call(device())


@pytest.mark.parametrize("name", ["normal", "permutation", "shuffle", "choice", "spawn", "bytes", "multinomial"])
def test_distributions_that_cupy_lacks(name):
    assert hasattr(np.random.default_rng(0), name)
    with pytest.raises(AttributeError):
        getattr(xp.random.default_rng(0), name)


@pytest.mark.parametrize("name", ["setflags", "resize", "ctypes", "getfield", "__index__", "__array_interface__"])
def test_members_that_cupy_arrays_lack(name):
    assert hasattr(host(), name)
    assert not hasattr(device(), name)


def test_device_arrays_are_not_hashable():
    with pytest.raises(TypeError, match="unhashable"):
        hash(device())


def test_dtypes_that_cupy_lacks():
    for value in (["a"], [object()], np.datetime64("2020-01-01"), np.longdouble(1)):
        with pytest.raises(ValueError, match="Unsupported dtype"):
            asarray(value)


def test_ufunc_methods_that_cupy_lacks():
    for name in ("at", "reduce", "accumulate"):
        assert not hasattr(xp.multiply, name)


# --- what CuPy does wrongly without a word --------------------------------------------------------------------


@pytest.mark.parametrize("wrong", [2, -3, 7])
def test_integer_arrays_out_of_range(wrong):
    a, index = device(), asarray([0, wrong])
    for use in (lambda: a[index], lambda: a[:, 0][index], lambda: a.take(index, axis=0), lambda: xp.take(a, index, 0)):
        with pytest.raises(DeviceHazard, match="wrap"):
            use()
    with pytest.raises(DeviceHazard, match="wrap"):
        a[index] = 0
    with pytest.raises(DeviceHazard, match="wrap"):
        xp.add.at(a, index, 1.0)
    with pytest.raises(DeviceHazard, match="wrap"):
        a[np.array([0, wrong])]
    same(a, host())


def test_a_number_out_of_range_is_an_index_error_as_in_cupy():
    with pytest.raises(IndexError) as caught:
        device()[2]
    assert not isinstance(caught.value, DeviceHazard)
    with pytest.raises(IndexError, match="too many indices"):
        device()[asarray([0]), 0, 0, 0]
    with pytest.raises(IndexError, match="axis 3 is out of bounds"):
        xp.sum(device(), axis=3)


def test_assigning_one_place_twice():
    a = device()
    for index in (asarray([1, 1]), asarray([1, -1]), (asarray([0, 1, 0]), asarray([2, 2, 2])), (slice(1), [0, 0])):
        with pytest.raises(DeviceHazard, match="twice"):
            a[index] = 0
    same(a, host())
    a[asarray([0, 0, 1]), asarray([0, 1, 0])] = 5
    expected = host()
    expected[[0, 0, 1], [0, 1, 0]] = 5
    same(a, expected)


def test_scatter_add_sums_what_falls_on_one_place():
    a, expected = device(), host()
    xp.add.at(a, asarray([1, 1]), a[:1])
    np.add.at(expected, [1, 1], expected[:1].copy())
    same(a, expected)


def test_overlapping_assignment():
    a = asarray(np.arange(6.0))
    with pytest.raises(DeviceHazard, match="overlap"):
        a[1:] = a[:-1]
    a[...] = a  # the same memory: CuPy skips it
    a[1:4] += 1  # assigns a view to itself
    same(a, np.array([0.0, 2.0, 3.0, 4.0, 4.0, 5.0]))
    a[1:] = a[:-1].copy()
    same(a, np.array([0.0, 0.0, 2.0, 3.0, 4.0, 4.0]))


def test_two_masks_in_one_index():
    a = device()
    with pytest.raises(IndexError, match="more than one boolean"):
        a[asarray([True, False]), asarray([True, False, True])]


# --- reads ----------------------------------------------------------------------------------------------------

READS = {
    "float": lambda x: float(x),
    "int": lambda x: int(x),
    "bool": lambda x: bool(x),
    "complex": lambda x: complex(x),
    "if": lambda x: 1 if x else 2,
    "item": lambda x: x.item(),
    "get": lambda x: x.get(),
    "tolist": lambda x: x.tolist(),
    "tobytes": lambda x: x.tobytes(),
    "format": lambda x: f"{x:.3f}",
    "str": lambda x: str(x),
    "repr": lambda x: repr(x),
    "asnumpy": lambda x: xp.asnumpy(x),
    "comparison in if": lambda x: 1 if x > 0 else 2,
    "max of Python": lambda x: max(x, asarray(0.0)),
    "mask": lambda x: x.reshape(1)[x.reshape(1) > 0],
    "masked assignment": lambda x: operator.setitem(x.reshape(1), x.reshape(1) > 0, 1.0),
    "nonzero": lambda x: x.reshape(1).nonzero(),
    "where of one": lambda x: xp.where(x.reshape(1) > 0),
    "unique": lambda x: xp.unique(x),
}


@pytest.mark.parametrize("read", READS.values(), ids=READS.keys())
def test_each_way_back_is_one_read(read):
    x = asarray(2.5)
    with count_reads() as reads:
        read(x)
    assert reads.count == 1


def test_a_python_loop_over_elements_reads_each():
    with count_reads() as reads:
        assert sum(float(x) for x in asarray([1.0, 2.0, 3.0])) == 6.0
    assert reads.count == 3


def test_arithmetic_and_metadata_read_nothing():
    with count_reads() as reads:
        a = device()
        b = xp.exp(a - a.max(axis=-1, keepdims=True)) @ a.swapaxes(-1, -2)
        b += 1
        b[0] = b[1]
        assert a.shape == (2, 3, 4) and len(a) == 2 and a.dtype == np.float32 and a.nbytes == 96
        assert xp.where(b > 1, b, 0).sum().ndim == 0
        xp.random.default_rng(0).standard_normal(3)
        copy.deepcopy(a)
        list(a)
    assert reads.count == 0


def test_counters_nest_and_reset():
    x = asarray(1.0)
    xp.reset_reads()
    with count_reads() as outer:
        float(x)
        with count_reads() as inner:
            float(x)
            assert (outer.count, inner.count) == (2, 1)
        float(x)
    float(x)
    assert (outer.count, inner.count, xp.reads()) == (3, 1, 4)
    xp.reset_reads()
    assert xp.reads() == 0


def test_a_read_is_a_copy():
    a = device()
    a.get()[...] = 0
    xp.asnumpy(a)[...] = 0
    same(a, host())


def test_the_copy_to_the_device_is_a_copy():
    source = host()
    a = asarray(source)
    source[...] = 0
    same(a, host())
    assert asarray(a) is a and xp.array(a) is not a
    same(asarray(a, dtype=np.float64), host().astype(np.float64))


# --- views ----------------------------------------------------------------------------------------------------

VIEWS = {
    "row": lambda a: a[1],
    "element": lambda a: a[0, 1, 2],
    "slice": lambda a: a[:, ::2],
    "reversed": lambda a: a[::-1],
    "new axis": lambda a: a[:, None],
    "ellipsis": lambda a: a[..., 0],
    "reshape": lambda a: a.reshape(6, 4),
    "transpose": lambda a: a.transpose(2, 0, 1),
    "T": lambda a: a.T,
    "swapaxes": lambda a: a.swapaxes(0, 1),
    "ravel": lambda a: a.ravel(),
    "view of a view": lambda a: a.T[1:].reshape(3, 3, 2).swapaxes(0, 1),
}


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS.keys())
def test_views_share_memory_both_ways(view):
    a, h = device(), host()
    v, expected = view(a), view(h)
    assert (v.shape, v.strides) == (expected.shape, expected.strides)
    assert v.base is a and not v.flags.owndata and a.base is None and a.flags.owndata
    v[...] = -1.0
    h[...] = np.where(np.isin(h, view(host())), -1, h).astype(np.float32)
    same(a, h)
    a[...] = 7.0
    assert (v.get() == 7).all()


FUNCTION_VIEWS = {
    "xp.reshape": lambda m, a: m.reshape(a, (4, 6)),
    "xp.transpose": lambda m, a: m.transpose(a, (1, 0, 2)),
    "expand_dims": lambda m, a: m.expand_dims(a, 1),
    "moveaxis": lambda m, a: m.moveaxis(a, 0, -1),
    "split": lambda m, a: m.split(a, 2)[1],
    "broadcast_to": lambda m, a: m.broadcast_to(a, (5, 2, 3, 4)),
}


@pytest.mark.parametrize("view", FUNCTION_VIEWS.values(), ids=FUNCTION_VIEWS.keys())
def test_functions_that_return_views(view):
    a = device()
    v, expected = view(xp, a), view(np, host())
    assert v.base is a and v.strides == expected.strides
    a += 1
    same(v, view(np, host() + 1))


COPIES = {
    "copy": lambda a: a.copy(),
    "deepcopy": copy.deepcopy,
    "astype": lambda a: a.astype(np.float32),
    "flatten": lambda a: a.flatten(),
    "integer array": lambda a: a[asarray([0, 1])],
    "0-d integer array": lambda a: a[asarray(0)],
    "mask": lambda a: a[a > 1],
    "reshape that must copy": lambda a: a.T.reshape(4, 6),
    "sum over nothing": lambda a: a.sum(axis=()),
    "array": xp.array,
}


@pytest.mark.parametrize("make", COPIES.values(), ids=COPIES.keys())
def test_copies_own_their_memory(make):
    a = device()
    b = make(a)
    assert b.base is None and b.flags.owndata
    b[...] = -1.0
    same(a, host())


def test_a_broadcast_view_cannot_be_written():
    v = xp.broadcast_to(device(), (5, 2, 3, 4))
    assert not hasattr(v.flags, "writeable")
    with pytest.raises(ValueError, match="read-only"):
        v += 1
    with pytest.raises(ValueError, match="read-only"):
        v[0] = 1.0


def test_as_strided_shares_memory_but_knows_no_base_as_in_cupy():
    a = asarray(np.arange(6.0))
    windows = xp.lib.stride_tricks.as_strided(a, (4, 3), (8, 8))
    assert windows.base is None and windows.flags.owndata
    same(windows, np.lib.stride_tricks.sliding_window_view(np.arange(6.0), 3))
    a[0] = 9.0
    assert windows.get()[0, 0] == 9
    assert xp.lib.stride_tricks.sliding_window_view(a, 3).shape == (4, 3)


def test_out_and_in_place_give_back_the_same_object():
    a = device()
    b = a
    b += 1.0
    b *= asarray(np.arange(4, dtype=np.float32))
    assert b is a
    assert xp.exp(a, out=a) is a and xp.sum(a, axis=0, out=a[0]).base is a
    assert a.astype(np.float32, copy=False) is a
    expected = np.exp((host() + 1) * np.arange(4, dtype=np.float32))
    expected.sum(axis=0, out=expected[0])
    same(a, expected)


def test_in_place_keeps_the_dtype_or_refuses():
    a = device()
    a += asarray(np.ones(4))
    assert a.dtype == np.float32
    counts = asarray([1, 2])
    with pytest.raises(TypeError):
        counts += 0.5


# --- NumPy's results ------------------------------------------------------------------------------------------

MATHS = {
    "arithmetic": lambda m, a: (2 - a) * a / (a + 1) ** 2 // 0.125 % 3,
    "power": lambda m, a: a**0.5 + 2.0**a + a**a,
    "NumPy scalars": lambda m, a: np.float32(2) * a - np.float32(1),
    "a strong scalar": lambda m, a: a * np.float64(2),
    "comparison": lambda m, a: (a > 1) & ~(a <= 2) | (a == 0.5) ^ (a != 1),
    "sign": lambda m, a: abs(-a) + (+a),
    "softmax": lambda m, a: m.exp(a - a.max(axis=1, keepdims=True)) / m.exp(a).sum(axis=1, keepdims=True),
    "where": lambda m, a: m.where(a > 1, a, 0.0),
    "clip": lambda m, a: m.clip(a, 0.5, None) + a.clip(0.5, 1.0),
    "maximum": lambda m, a: m.maximum(a, 1.0) - m.minimum(1, a),
    "matmul": lambda m, a: a @ a.swapaxes(1, 2) + m.matmul(a, a.swapaxes(-1, -2)),
    "einsum": lambda m, a: m.einsum("bij,bkj->bik", a, a),
    "tensordot": lambda m, a: m.tensordot(a, a, axes=([2], [2])),
    "reductions": lambda m, a: a.sum(axis=(0, 2)) + a.mean(axis=0).max(axis=-1) + m.var(a, axis=(0, 2), ddof=1),
    "full reduction": lambda m, a: a.sum() + a.std() + m.prod(a) + a.argmax(),
    "argmax": lambda m, a: a.argmax(axis=1),
    "any and all": lambda m, a: (a > 2).any(axis=0) & (a > 0).all(),
    "concatenate": lambda m, a: m.concatenate([a, a[:, :1]], axis=1),
    "stack": lambda m, a: m.stack((a, -a), axis=-1),
    "pad": lambda m, a: m.pad(a, ((0, 0), (1, 2), (0, 1))),
    "create": lambda m, a: m.zeros((2, 2), dtype=a.dtype) + m.ones(2, a.dtype) + m.full((2,), 3, dtype=a.dtype),
    "create alike": lambda m, a: m.zeros_like(a) + m.ones_like(a, dtype=m.float64) + m.full_like(a, 2),
    "arange": lambda m, a: m.arange(6, dtype=m.int64).reshape(2, 3) + m.eye(3, dtype=m.int64)[:2],
    "advanced index": lambda m, a: a[m.asarray([1, 0, 1]), :, m.asarray([[0], [3]])],
    "host index": lambda m, a: a[[1, 0], np.array([2, 0])],
    "one-hot": lambda m, a: m.eye(4, dtype=a.dtype)[a.argmax(axis=1)],
    "mask": lambda m, a: a[a > 1],
    "take": lambda m, a: m.take(a, m.asarray([2, 0]), axis=1) + a.take(m.asarray([0, 1]), axis=1),
    "repeat": lambda m, a: a.repeat(2, axis=-1) + m.repeat(a, 2, axis=-1),
    "log": lambda m, a: m.log1p(m.exp(-abs(a))) + m.logaddexp(0, a) + m.tanh(a),
    "flip": lambda m, a: m.flip(a, axis=-1) + m.roll(a, 1, axis=0),
    "norm": lambda m, a: m.linalg.norm(a) + m.sqrt(m.square(a).sum()),
    "ufunc of a scalar": lambda m, a: a * m.sqrt(2.0).astype(a.dtype),
    "dtype": lambda m, a: m.exp(a, dtype=m.float64) * m.finfo(m.float32).eps * m.pi,
    "0-d": lambda m, a: m.exp(a[0, 0, 0]) * a.mean(),
}


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("maths", MATHS.values(), ids=MATHS.keys())
def test_maths_is_numpys(maths, dtype):
    same(maths(xp, device(dtype)), np.asarray(maths(np, host(dtype))))


def test_results_are_never_scalars():
    a = device()
    for result in (a.sum(), xp.max(a), a.argmax(), a[0, 0, 0], xp.exp(a.sum()), a.sum() * 2, xp.allclose(a, a)):
        assert type(result) is xp.ndarray and result.shape == ()
    assert type(xp.count_nonzero(a)) is type(xp.array_equal(a, a)) is type(xp.linalg.norm(a)) is xp.ndarray
    assert type(xp.random.default_rng(0).random()) is type(xp.random.default_rng(0).integers(9)) is xp.ndarray


def test_ufuncs_return_c_order_as_in_cupy():
    a = device().T
    for result in (a + 1, -a, xp.exp(a), xp.where(a > 1, a, 0), a * a):
        assert result.flags.c_contiguous and not a.flags.c_contiguous
    assert np.exp(host().T).flags.f_contiguous  # which is why it matters


def test_objects_with_operators_of_their_own_get_their_turn():
    class Tensor:
        __array_ufunc__ = None

        def __rmul__(self, other):
            return "Tensor.__rmul__"

    assert device() * Tensor() == "Tensor.__rmul__"


def test_random_numbers_are_numpys_and_stay_on_the_device():
    rng, expected = xp.random.default_rng(7), np.random.default_rng(7)
    same(rng.standard_normal((2, 3), dtype=np.float32), expected.standard_normal((2, 3), dtype=np.float32))
    same(rng.random(4), expected.random(4))
    same(rng.uniform(-1, 1, size=3), expected.uniform(-1, 1, size=3))
    same(rng.integers(0, 9, size=(2, 2)), expected.integers(0, 9, size=(2, 2)))
    same(rng.binomial(1, 0.5, size=5), expected.binomial(1, 0.5, size=5))
    out = xp.zeros(3)
    assert rng.standard_normal(out=out) is out
    same(out, expected.standard_normal(3))
    assert xp.random.default_rng(rng) is rng and isinstance(rng, xp.random.Generator)


def test_dtypes_are_numpys():
    assert xp.float32 is np.float32 and xp.dtype is np.dtype and xp.newaxis is None
    assert isinstance(device().dtype, np.dtype)
    assert xp.result_type(device().dtype, np.float64) == np.float64


def test_it_works_as_the_library_of_the_engine():
    """A small network's step with minae on the stand-in: no read but the loss, and NumPy's gradients."""
    from minae import Tensor

    def step(asarray):
        x = Tensor(asarray(host().reshape(6, 4)))
        w = Tensor(asarray(host().reshape(4, 6) - 1), requires_grad=True)
        b = Tensor(asarray(np.zeros(6, np.float32)), requires_grad=True)
        loss = ((x @ w + b).tanh() ** 2).mean()
        loss.backward()
        return loss, w.grad, b.grad

    with count_reads() as reads:
        loss, *gradients = step(asarray)
        assert reads.count == 0
        loss.item()
        assert reads.count == 1
    expected_loss, *expected = step(np.asarray)
    same(loss.data, expected_loss.data)
    for gradient, numpys in zip(gradients, expected, strict=True):
        same(gradient, numpys)
