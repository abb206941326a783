"""What every op owes the engine, over the whole table of minae.opcases and every array library."""

import gc
import sys
import weakref
from contextlib import contextmanager

import numpy as np
import pytest

from minae import Tensor, differentiable, no_grad, tensor
from minae.backend import to_numpy, xp_of
from minae.checker.cases import CASES
from minae.support import op_contract
from minae.support.errors import GraphError
from tests import strict_device
from tests.slopes import slopes

over_cases = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
NUMPY_1 = np.__version__.startswith("1.")
# float64 gradients of order 1, sums of up to 100 terms: rounding is below 1e-13, the error of the slopes below 1e-10
EXACT = {"rtol": 1e-12, "atol": 1e-12}
NUMERIC = {"rtol": 1e-9, "atol": 1e-9}
FLOAT32 = {"rtol": 2e-5, "atol": 2e-5}


@contextmanager
def without_gc():
    """No cyclic collection inside, so that only reference counts free memory."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def leaves(case, xp, dtype="float64", needed=None):
    """The case's inputs as Tensors. `needed`: the positions that require a gradient (None: all)."""
    arrays = [array.astype(dtype) for array in case.make_inputs(np.random.default_rng(1))]
    return [Tensor(xp.asarray(a), requires_grad=needed is None or i in needed) for i, a in enumerate(arrays)]


def cotangent_of(y, xp, seed=2):
    return xp.asarray(np.random.default_rng(seed).standard_normal(y.shape).astype(y.dtype))


def gradients(f, inputs, cotangent):
    """Fresh gradients of sum(cotangent * f(*inputs)), as NumPy arrays."""
    for x in inputs:
        x.grad = None
    f(*inputs).backward(cotangent)
    return [to_numpy(x.grad) for x in inputs]


def vjps(y):
    """The vjps that a fresh result keeps, by the place of their input."""
    return {index: vjp for _, vjp, index in y._node.edges}


def host(array):
    """The NumPy array that holds the memory; of a GPU's array, a copy."""
    return array._host if isinstance(array, strict_device.ndarray) else to_numpy(array)


def make_read_only(array):
    """Where the library can: CuPy's arrays can always be written."""
    host(array).setflags(write=False)


def may_share_memory(a, b):
    if isinstance(a, (np.ndarray, strict_device.ndarray)):
        return np.may_share_memory(host(a), host(b))
    return xp_of(a).may_share_memory(a, b)


def write_into(array):
    """As if the owner of the array changed it."""
    own = array._host if isinstance(array, strict_device.ndarray) else array
    own[...] += 1


# ---- the table -------------------------------------------------------------------------------------------


def test_every_differentiable_op_has_cases():
    modules = [sys.modules[name] for name in ("minae.tensor", "minae.functional")]
    ops = {value for module in modules for value in vars(module).values() if hasattr(value, "__wrapped__")}
    assert {case.op for case in CASES} == ops
    assert len(ops) >= 34


def test_the_table_is_deterministic_float64_and_names_are_unique():
    assert len({case.name for case in CASES}) == len(CASES)
    for case in CASES:
        first, second = (case.make_inputs(np.random.default_rng(0)) for _ in range(2))
        assert all(a.dtype == np.float64 and type(a) is np.ndarray for a in first), case.name
        assert [a.tobytes() for a in first] == [a.tobytes() for a in second], case.name


@over_cases
def test_inputs_are_scaled_so_that_gradients_are_of_order_1(case):
    inputs = leaves(case, np)
    y = case.f(*inputs)
    sizes = np.concatenate([np.abs(g.ravel()) for g in gradients(case.f, inputs, cotangent_of(y, np))])
    assert sizes.size == 0 or sizes.max() < 30


# ---- values, gradients, shapes, dtypes -------------------------------------------------------------------


@over_cases
def test_gradients_are_the_slopes(case, xp):
    """The slopes are NumPy's; another library must give the same values, and gradients that fit them."""
    inputs = leaves(case, xp)
    y = case.f(*inputs)
    cotangent = cotangent_of(y, xp)

    def f(*arrays):
        with no_grad():
            return case.f(*map(Tensor, arrays)).data

    arrays = [to_numpy(x.data) for x in inputs]
    np.testing.assert_allclose(to_numpy(y.data), f(*arrays), **EXACT)
    expected = slopes(f, arrays, to_numpy(cotangent))
    for found, wanted in zip(gradients(case.f, inputs, cotangent), expected, strict=True):
        np.testing.assert_allclose(found, wanted, **NUMERIC)


@over_cases
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_dtypes_shapes_and_libraries_are_kept(case, xp, dtype):
    inputs = leaves(case, xp, dtype)
    y = case.f(*inputs)
    assert type(y.data) is type(inputs[0].data) and y.dtype == dtype
    y.backward(cotangent_of(y, xp))
    for x in inputs:
        assert type(x.grad) is type(x.data) and x.grad.dtype == dtype and x.grad.shape == x.shape


@over_cases
def test_every_vjp_returns_the_dtype_it_was_given(case, xp):
    """Checked before the engine casts: a vjp that computes in float64 for float32 takes twice the time."""
    inputs = leaves(case, xp, "float32")
    y = case.f(*inputs)
    found = [vjp(cotangent_of(y, xp)).dtype for vjp in vjps(y).values()]
    widened = y.ndim == 0 and NUMPY_1  # a 0-d float32 that meets a Python number is float64 there
    assert widened or set(found) == {np.dtype("float32")}


@over_cases
def test_float32_is_close_to_float64(case, xp):
    wide, narrow = leaves(case, xp), leaves(case, xp, "float32")
    y, y32 = case.f(*wide), case.f(*narrow)
    cotangent = cotangent_of(y, xp)
    np.testing.assert_allclose(to_numpy(y32.data), to_numpy(y.data), **FLOAT32)
    for g32, g in zip(gradients(case.f, narrow, cotangent), gradients(case.f, wide, cotangent), strict=True):
        np.testing.assert_allclose(g32, g, **FLOAT32)


@over_cases
def test_gradients_are_linear_in_the_cotangent(case, xp):
    inputs = leaves(case, xp)
    y = case.f(*inputs)
    c1, c2 = cotangent_of(y, xp, seed=3), cotangent_of(y, xp, seed=4)
    both, first, second = (gradients(case.f, inputs, c) for c in (c1 * 2.0 - c2 * 3.0, c1, c2))
    for g, g1, g2 in zip(both, first, second, strict=True):
        np.testing.assert_allclose(g, 2.0 * g1 - 3.0 * g2, **EXACT)
    for g in gradients(case.f, inputs, c1 * 0.0):
        assert not g.any()


# ---- memory ----------------------------------------------------------------------------------------------


@over_cases
def test_inputs_and_cotangents_are_not_written(case, xp):
    inputs = leaves(case, xp)
    before = [host(x.data).tobytes() for x in inputs]
    for x in inputs:
        make_read_only(x.data)
    y = case.f(*inputs)
    value, cotangent = host(y.data).tobytes(), cotangent_of(y, xp)
    given = host(cotangent).tobytes()
    make_read_only(cotangent)
    for vjp in vjps(y).values():
        first = host(vjp(cotangent)).tobytes()
        assert host(vjp(cotangent)).tobytes() == first  # what a vjp keeps is not changed by its use
    y.backward(cotangent)
    assert [host(x.data).tobytes() for x in inputs] == before
    assert host(cotangent).tobytes() == given and host(y.data).tobytes() == value


@over_cases
def test_gradients_share_memory_with_nothing(case, xp):
    inputs = leaves(case, xp)
    y = case.f(*inputs)
    cotangent = cotangent_of(y, xp)
    y.backward(cotangent)
    owned = [x.grad for x in inputs]
    others = [*(x.data for x in inputs), y.data, cotangent]
    for i, grad in enumerate(owned):
        assert grad.base is None and host(grad).flags.writeable
        assert not any(may_share_memory(grad, other) for other in [*owned[:i], *others])


@over_cases
def test_a_walked_graph_keeps_nothing_alive(case, xp):
    with without_gc():
        sources = leaves(case, xp)
        middle = [source * 1.0 for source in sources]
        y = case.f(*middle)
        kept = [weakref.ref(x.data) for x in middle]
        y.backward(cotangent_of(y, xp))
        y.data = None  # the value of a reshape is a view of its input
        del middle
        assert [ref() for ref in kept] == [None] * len(kept)


@over_cases
def test_an_unwalked_graph_has_no_cycles(case, xp):
    with without_gc():
        sources = leaves(case, xp)
        middle = [source * 1.0 for source in sources]
        y = case.f(*middle)
        kept = [weakref.ref(thing) for x in middle for thing in (x, x.data)] + [weakref.ref(y), weakref.ref(y.data)]
        del middle, y
        assert [ref() for ref in kept] == [None] * len(kept)


@over_cases
def test_only_needed_vjps_are_kept(case, xp):
    inputs = leaves(case, xp)
    cotangent = cotangent_of(case.f(*inputs), xp)
    everything = gradients(case.f, inputs, cotangent)
    for needed in range(len(inputs)):
        some = leaves(case, xp, needed={needed})
        y = case.f(*some)
        assert len(vjps(y)) == 1
        y.backward(cotangent)
        assert [x.grad is not None for x in some] == [i == needed for i in range(len(inputs))]
        np.testing.assert_array_equal(to_numpy(some[needed].grad), everything[needed])


def test_what_an_unneeded_vjp_would_keep_is_freed(xp):
    with without_gc():
        weight = Tensor(xp.asarray(np.ones(3)), requires_grad=True)
        scaled = weight * 2.0
        kept = weakref.ref(scaled._data)  # not .data: its owner could write into that, so it is kept
        y = Tensor(xp.asarray(np.ones(3))) * scaled  # scaled is what the gradient of the constant would need
        del scaled
        assert kept() is None
        y.sum().backward()
        np.testing.assert_array_equal(to_numpy(weight.grad), [2.0, 2.0, 2.0])


# ---- layouts of the input --------------------------------------------------------------------------------

LAYOUTS = {
    "reversed": lambda xp, a: xp.asarray(a[(slice(None, None, -1),) * a.ndim].copy())[
        (slice(None, None, -1),) * a.ndim
    ],
    "Fortran order": lambda xp, a: xp.asarray(a.T.copy()).T,
    "every second": lambda xp, a: xp.asarray(np.repeat(a, 2, axis=-1) if a.ndim else a)[..., :: 2 if a.ndim else None],
}


@over_cases
@pytest.mark.parametrize("layout", LAYOUTS)
def test_layouts_do_not_matter(case, xp, layout):
    plain = leaves(case, xp)
    laid_out = [
        Tensor(x.data if x.ndim == 0 else LAYOUTS[layout](xp, to_numpy(x.data)), requires_grad=True) for x in plain
    ]
    y, z = case.f(*plain), case.f(*laid_out)
    cotangent = cotangent_of(y, xp)
    np.testing.assert_allclose(to_numpy(z.data), to_numpy(y.data), **EXACT)
    for g, wanted in zip(gradients(case.f, laid_out, cotangent), gradients(case.f, plain, cotangent), strict=True):
        np.testing.assert_allclose(g, wanted, **EXACT)


@over_cases
def test_inputs_broadcast_with_stride_0(case, xp):
    wide = [
        Tensor(xp.broadcast_to(x.data[:1], x.shape) if x.ndim else x.data, requires_grad=True) for x in leaves(case, xp)
    ]
    copies = [Tensor(x.data.copy(), requires_grad=True) for x in wide]
    y, z = case.f(*copies), case.f(*wide)
    cotangent = cotangent_of(y, xp)
    np.testing.assert_allclose(to_numpy(z.data), to_numpy(y.data), **EXACT)
    for g, wanted in zip(gradients(case.f, wide, cotangent), gradients(case.f, copies, cotangent), strict=True):
        assert g.flags.writeable and g.shape == wanted.shape
        np.testing.assert_allclose(g, wanted, **EXACT)


@over_cases
def test_a_cotangent_of_any_layout(case, xp):
    inputs = leaves(case, xp)
    y = case.f(*inputs)
    cotangent = cotangent_of(y, xp)
    turned = xp.asarray(to_numpy(cotangent).T.copy()).T
    constant = xp.broadcast_to(xp.asarray(np.array(0.5)), y.shape)
    for odd, plain in [(turned, cotangent), (constant, constant.copy())]:
        for vjp in vjps(y).values():
            np.testing.assert_allclose(to_numpy(vjp(odd)), to_numpy(vjp(plain)), **EXACT)


# ---- the walk over each op -------------------------------------------------------------------------------

TWINS = [case for case in CASES if len({a.shape for a in case.make_inputs(np.random.default_rng(0))}) == 1]
TWINS = [case for case in TWINS if len(case.samplers) == 2]


@pytest.mark.parametrize("case", TWINS, ids=lambda case: case.name)
def test_one_tensor_as_both_inputs(case, xp):
    apart = leaves(case, xp)
    apart[1] = Tensor(apart[0].data.copy(), requires_grad=True)
    cotangent = cotangent_of(case.f(*apart), xp)
    expected = sum(gradients(case.f, apart, cotangent))
    np.testing.assert_allclose(gradients(lambda x: case.f(x, x), apart[:1], cotangent)[0], expected, **EXACT)


@over_cases
def test_gradients_add_up_and_a_graph_is_walked_once(case, xp):
    inputs = leaves(case, xp)
    y = case.f(*inputs)
    cotangent = cotangent_of(y, xp)
    y.backward(cotangent)
    once = [to_numpy(x.grad).copy() for x in inputs]
    with pytest.raises(GraphError, match="freed by an earlier backward"):
        y.backward(cotangent)
    assert all((to_numpy(x.grad) == g).all() for x, g in zip(inputs, once))
    case.f(*inputs).backward(cotangent)
    for x, g in zip(inputs, once, strict=True):
        np.testing.assert_array_equal(to_numpy(x.grad), 2 * g)


@over_cases
def test_no_grad_records_nothing(case, xp):
    inputs = leaves(case, xp)
    with no_grad():
        y = case.f(*inputs)
    assert not y.requires_grad and y._node is None
    np.testing.assert_array_equal(to_numpy(y.data), to_numpy(case.f(*inputs).data))


@over_cases
def test_constants_need_no_graph(case, xp):
    y = case.f(*leaves(case, xp, needed=set()))
    assert not y.requires_grad and y._node is None


WITHOUT_MASKS = [case for case in CASES if "mask" not in case.name]  # how much a mask chooses, the host must know


@pytest.mark.parametrize("case", WITHOUT_MASKS, ids=lambda case: case.name)
def test_no_value_is_read_from_the_device(case):
    inputs = leaves(case, strict_device)
    cotangent = cotangent_of(case.f(*inputs), strict_device)
    with strict_device.count_reads() as reads:
        case.f(*inputs).backward(cotangent)
    assert reads.count == 0


def test_tensor_copies_and_Tensor_wraps(xp):
    array = xp.asarray(np.ones(3))
    assert Tensor(array).data is array
    assert not may_share_memory(tensor(array).data, array)


@pytest.mark.parametrize("values", [np.ones(()), np.ones(3)], ids=["0-d", "1-d"])
def test_with_numpy_1_only_what_it_widened_is_narrowed(values, monkeypatch):
    """There a 0-d float32 that meets a Python number becomes float64, and an array does not: its op meant it so."""
    monkeypatch.setattr(op_contract, "NUMPY_1", True)

    @differentiable
    def widened(x):
        return np.asarray(x, np.float64), (lambda g: g.astype(x.dtype),)

    y = widened(Tensor(values.astype(np.float32)))
    assert y.dtype == (np.float32 if values.ndim == 0 else np.float64)
