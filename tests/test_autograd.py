"""The backward walk, what ops may return, what leaves own, and what the user hears when something is wrong."""

import copy
import gc
import math
import pickle
import weakref

import numpy as np
import pytest
import torch

from minae import Tensor, cat, differentiable, maximum, minimum, no_grad, stack, tensor, where
from minae import functional as F
from minae.nn import Parameter
from minae.support.errors import GraphError


def leaf(*values, dtype="float64"):
    return Tensor(np.array(values, dtype=dtype), requires_grad=True)


def counted(factor=0.5):
    """An op y = factor x, and the list that grows by one with each call of its vjp."""
    calls = []

    @differentiable
    def scale(x):
        def grad_x(g):
            calls.append(1)
            return g * factor

        return x * factor, (grad_x,)

    return scale, calls


def message_of(error, action):
    """The message, of one line, with which `action` fails."""
    with pytest.raises(error) as caught:
        action()
    message = str(caught.value)
    assert message and "\n" not in message
    return message


# ---- the walk --------------------------------------------------------------------------------------------


def test_a_result_is_always_an_array():
    """NumPy turns arrays without axes into scalars, which could not be written into."""

    @differentiable
    def total(x):
        return np.float64(np.sum(x)), (lambda g: g * np.ones(x.shape),)

    for result in (total(leaf(1.0, 2.0)), leaf(1.0, 2.0).sum(), leaf(1.0).max(), leaf(2.0) @ leaf(3.0)):
        assert type(result.data) is np.ndarray and result.data.shape == ()


def test_a_chain_of_100_000_ops():
    identity, calls = counted(factor=1.0)
    x = leaf(3.0)
    y = x
    for _ in range(100_000):
        y = identity(y)
    y.backward()
    assert len(calls) == 100_000
    np.testing.assert_array_equal(x.grad, [1.0])


@pytest.mark.parametrize("uses", [2, 3, 7])
def test_1000_stacked_diamonds_call_each_vjp_once(uses):
    """Each value is used `uses` times: a walk along paths instead of nodes would take uses^1000 calls."""
    scale, calls = counted(factor=1 / uses)
    x = leaf(3.0)
    y = x
    for _ in range(1000):
        branches = [scale(y) for _ in range(uses)]
        y = branches[0]
        for branch in branches[1:]:
            y = y + branch
    y.backward()
    assert len(calls) == 1000 * uses
    np.testing.assert_allclose(x.grad, [1.0], rtol=1e-9)


def test_dropping_a_chain_of_100_000_ops_unwalked():
    x = leaf(3.0)
    y = x
    for _ in range(100_000):
        y = y * 1.0
    last = weakref.ref(y.data)
    del y
    assert last() is None and x.grad is None


def test_a_chain_is_freed_without_the_collector():
    gc.disable()
    try:
        x = leaf(3.0)
        y, values = x, []
        for _ in range(100):
            y = y * 1.0
            values.append(weakref.ref(y.data))
        y.backward()
        del y
        assert not any(value() is not None for value in values)
    finally:
        gc.enable()


def test_the_graph_is_freed_while_it_is_walked():
    """Memory falls during backward: what a vjp kept is gone before the vjps of later ops run."""
    alive = []

    @differentiable
    def look(x):
        return x * 1.0, (lambda g: (alive.append(kept() is not None), g)[1],)

    x = leaf(1.0, 2.0)
    middle = look(look(x))
    factor = np.array([3.0, 4.0])
    kept = weakref.ref(factor)
    y = (middle * factor).sum()
    del factor
    assert kept() is not None
    y.backward()
    assert alive[-1] is False
    np.testing.assert_array_equal(x.grad, [3.0, 4.0])


def one_step(rng, a, da, b, db):
    """A random function of a and b that stays within ±1.5, and its derivatives, given theirs."""
    u, v = float(a.data), float(b.data)
    return [
        ((a + b) * 0.5, (da + db) * 0.5),
        (a * b * 0.6, (da * v + db * u) * 0.6),
        ((a - b).tanh(), (da - db) * (1 - np.tanh(u - v) ** 2)),
        (a.tanh(), da * (1 - np.tanh(u) ** 2)),
        (a * a * 0.6, 1.2 * u * da),
    ][rng.integers(5)]


@pytest.mark.parametrize("seed", range(20))
def test_random_graphs_against_derivatives_pushed_forward(seed):
    rng = np.random.default_rng(seed)
    leaves = [Tensor(rng.uniform(0.5, 1.5), requires_grad=True) for _ in range(3)]
    nodes = list(zip(leaves, np.eye(3)))
    for _ in range(40):
        first, second = rng.integers(max(0, len(nodes) - 6), len(nodes), 2)
        nodes.append(one_step(rng, *nodes[first], *nodes[second]))
    total = sum(y * 1.0 for y, _ in nodes)
    total.backward()
    np.testing.assert_allclose([x.grad for x in leaves], sum(slope for _, slope in nodes), rtol=1e-12)


def test_branches_that_do_not_reach_the_result_do_not_matter():
    x = leaf(2.0)
    y = x * 3.0
    unused = y * 100.0
    y.backward()
    np.testing.assert_array_equal(x.grad, [3.0])
    assert unused.requires_grad


# ---- who owns a gradient ---------------------------------------------------------------------------------


@pytest.mark.parametrize("uses", [1, 2, 3, 10])
def test_a_leaf_used_many_times(uses):
    x, other = leaf(1.0, 2.0), leaf(5.0, 6.0)
    y = x + other
    for _ in range(uses - 1):
        y = y + x
    cotangent = np.array([1.0, -1.0])
    y.backward(cotangent)
    np.testing.assert_array_equal(x.grad, uses * cotangent)
    np.testing.assert_array_equal(other.grad, cotangent)
    np.testing.assert_array_equal(cotangent, [1.0, -1.0])


@pytest.mark.parametrize("uses", [2, 3, 10])
def test_an_intermediate_value_used_many_times(uses):
    x, other = leaf(1.0, 2.0), leaf(5.0, 6.0)
    middle = x * 1.0
    y = middle + other
    for _ in range(uses - 1):
        y = y + middle
    y.backward(np.array([1.0, -1.0]))
    np.testing.assert_array_equal(x.grad, [uses, -uses])
    np.testing.assert_array_equal(other.grad, [1.0, -1.0])


def test_a_cotangent_handed_to_two_leaves_is_not_shared():
    a, b = leaf(1.0, 2.0), leaf(3.0, 4.0)
    y = a + b
    y.backward(np.ones(2))
    a.grad += 10
    np.testing.assert_array_equal(b.grad, [1.0, 1.0])


def test_a_view_of_the_cotangent_is_not_shared():
    x = leaf(1.0, 2.0, 3.0, 4.0)
    cotangent = np.ones((2, 2))
    x.reshape(2, 2).backward(cotangent)
    x.grad += 10
    np.testing.assert_array_equal(cotangent, np.ones((2, 2)))


def test_a_vjp_that_returns_what_it_captured_keeps_it():
    """The gradient of a step function is 0, and one array of zeros may serve both inputs, again and again."""
    zeros = np.zeros(2)

    @differentiable
    def step(a, b):
        return (a > b) * 1.0, (lambda g: zeros, lambda g: zeros)

    a, b = leaf(1.0, 2.0), leaf(3.0, 4.0)
    step(a, b).sum().backward()
    (a * 2.0).sum().backward()
    np.testing.assert_array_equal(a.grad, [2.0, 2.0])
    np.testing.assert_array_equal(b.grad, [0.0, 0.0])
    np.testing.assert_array_equal(zeros, [0.0, 0.0])


def test_vjps_that_share_one_result():
    """Both gradients computed once and kept: the leaves still do not share."""
    kept = {}

    @differentiable
    def product_of_sums(a, b):
        def shared(g):
            return kept.setdefault("gradient", g * 3.0)

        return 3.0 * (a + b), (shared, shared)

    a, b = leaf(1.0, 2.0), leaf(3.0, 4.0)
    product_of_sums(a, b).sum().backward()
    a.grad *= 10
    np.testing.assert_array_equal(b.grad, [3.0, 3.0])


@pytest.mark.parametrize(
    "view",
    [lambda x: x[1:, 0], lambda x: x.reshape(6).T, lambda x: x.flatten(), lambda x: x.transpose(), lambda x: x[None]],
    ids=["slice", "reshape", "flatten", "transpose", "new axis"],
)
def test_leaf_gradients_through_views_own_their_memory(view):
    x = Tensor(np.arange(6.0).reshape(2, 3), requires_grad=True)
    view(x).sum().backward()
    assert x.grad.shape == x.shape and x.grad.base is None and x.grad.flags.writeable
    view(x).sum().backward()
    assert x.grad.max() == 2.0


@pytest.mark.parametrize("shape", [(), (1,), (2, 3)], ids=str)
def test_backward_of_a_leaf_itself(shape):
    x = Tensor(np.ones(shape), requires_grad=True)
    cotangent = np.full(shape, 2.0)
    for times in (1, 2, 3):
        x.backward(cotangent)
        assert type(x.grad) is np.ndarray and x.grad.shape == shape
        np.testing.assert_array_equal(x.grad, np.full(shape, 2.0 * times))
    assert not np.may_share_memory(x.grad, cotangent)


def test_0_d_gradients_are_arrays_and_accumulate():
    x = Tensor(3.0, requires_grad=True)
    for times in (1, 2, 3):
        (x * x + x).backward()
        assert type(x.grad) is np.ndarray and x.grad.shape == ()
        np.testing.assert_array_equal(x.grad, 7.0 * times)


def test_a_vjp_result_of_another_float_dtype_is_cast():
    @differentiable
    def careless(x):
        return x * 2, (lambda g: g.astype(np.float64) * 2,)

    x = leaf(1.0, 2.0, dtype="float32")
    careless(x).sum().backward()
    assert x.grad.dtype == np.float32


def test_a_vjp_may_return_the_broadcast_shape():
    @differentiable
    def plus(a, b):
        return a + b, (lambda g: g, lambda g: g)

    a, b = Tensor(np.ones((2, 1, 5)), requires_grad=True), Tensor(np.ones((3, 1)), requires_grad=True)
    plus(a, b).sum().backward()
    np.testing.assert_array_equal(a.grad, np.full((2, 1, 5), 3.0))
    np.testing.assert_array_equal(b.grad, np.full((3, 1), 10.0))


# ---- ops that learners write -----------------------------------------------------------------------------


def test_inputs_are_recognised_by_name():
    @differentiable
    def scaled_sum(a, b, scale=2.0):
        return scale * (a + b), (lambda g: g * scale, lambda g: g * scale)

    a, b = leaf(1.0), leaf(2.0)
    scaled_sum(b=b, a=a, scale=3.0).backward()
    assert a.grad == 3.0 and b.grad == 3.0


def op_returning(result):
    """An op of x with what it returns made by result(x)."""

    @differentiable
    def mine(x):
        return result(x)

    return mine


@pytest.mark.parametrize(
    "result",
    [
        lambda x: x * 2,
        lambda x: None,
        lambda x: (x * 2,),
        lambda x: (x * 2, lambda g: g * 2),
        lambda x: (x * 2, None),
        lambda x: ((lambda g: g * 2,), x * 2),
        lambda x: (x * 2, (lambda g: g * 2,), "more"),
    ],
    ids=["a value alone", "nothing", "no vjps", "a bare vjp", "None for vjps", "swapped", "three"],
)
@pytest.mark.parametrize("shape", [(), (2, 3), (3,)], ids=str)
@pytest.mark.parametrize("recording", [True, False], ids=["recording", "no_grad"])
def test_an_op_that_returns_no_value_and_vjps(result, shape, recording):
    x = Tensor(np.ones(shape), requires_grad=recording)
    message = message_of(TypeError, lambda: op_returning(result)(x))
    assert message.startswith("mine: ") and "value" in message and "vjps" in message


def test_a_tensor_behind_the_last_vjp_that_needs_a_gradient():
    """Its gradient would be lost without a word."""

    @differentiable
    def forgetful(a, b):
        return a * b, (lambda g: g * b,)

    message = message_of(TypeError, lambda: forgetful(leaf(1.0), leaf(2.0)))
    assert message.startswith("forgetful: ") and "b" in message and "vjp" in message


def walk(vjp, shape=(3,), dtype="float64"):
    @differentiable
    def mine(x):
        return x * 2, (vjp,)

    x = Tensor(np.ones(shape, dtype), requires_grad=True)
    mine(x).sum().backward()
    return x.grad


@pytest.mark.parametrize(
    ("vjp", "shape"),
    [
        (lambda g: g[:2], (3,)),
        (lambda g: g.sum(), (3,)),
        (lambda g: g.sum(), (1,)),
        (lambda g: g.sum(), (1, 3)),
        (lambda g: g[0], (1, 3)),
        (lambda g: g[:, None], (3,)),
        (lambda g: g.T, (2, 3)),
        (lambda g: np.ones((0, 3)), (2, 3)),
    ],
    ids=["too short", "0-d for 1-D", "0-d for (1,)", "0-d for (1, 3)", "axis lost", "axis gained", "turned", "empty"],
)
def test_a_vjp_of_a_wrong_shape(vjp, shape):
    message = message_of(ValueError, lambda: walk(vjp, shape))
    assert message.startswith("mine: ") and "input 0" in message and str(shape) in message


@pytest.mark.parametrize(
    ("vjp", "found"),
    [
        (lambda g: None, "None"),
        (lambda g: g * 1j, "complex128"),
        (lambda g: "gradient", "str"),
        (lambda g: (g, g), "tuple"),
        (lambda g: Tensor(g), "Tensor"),
    ],
    ids=["None", "complex", "a string", "a tuple", "a Tensor"],
)
def test_a_vjp_of_a_wrong_type(vjp, found):
    message = message_of(TypeError, lambda: walk(vjp))
    assert message.startswith("mine: ") and "input 0" in message and found in message


@pytest.mark.parametrize("error", [ValueError, TypeError, IndexError])
def test_a_vjp_that_fails_is_named(error):
    def fail(g):
        raise error("no way back")

    message = message_of(error, lambda: walk(fail))
    assert message.startswith("mine: ") and "no way back" in message and "input 0" in message


def test_a_gradient_that_was_kept_stays_what_it_was():
    x = Tensor(np.ones(3), requires_grad=True)
    (2 * x).sum().backward()
    kept = x.grad
    (3 * x).sum().backward()
    np.testing.assert_array_equal(kept, [2, 2, 2])
    np.testing.assert_array_equal(x.grad, [5, 5, 5])


def test_a_failing_walk_says_so_the_second_time():
    def fail(g):
        raise ValueError("no way back")

    @differentiable
    def mine(x):
        return x * 2, (fail,)

    y = mine(leaf(1.0) * 2.0)
    with pytest.raises(ValueError, match="no way back"):
        y.backward()
    with pytest.raises(GraphError):
        y.backward()


def test_a_name_that_python_reserves_is_shown_without_its_underscore():
    message = message_of(TypeError, lambda: Tensor(np.ones((2, 3))).sum(wrong=1))
    assert "sum" in message
    assert message_of(ValueError, lambda: Tensor(np.ones((2, 3))).sum(axis=5)).startswith("sum: ")


# ---- what the user hears ---------------------------------------------------------------------------------

X23, X4 = Tensor(np.ones((2, 3))), Tensor(np.ones(4))
BAD_CALLS = {
    "shapes that do not broadcast": (ValueError, lambda: X23 + X4, ["add", "(2, 3)", "(4,)"]),
    "matmul of wrong sizes": (ValueError, lambda: X23 @ X4, ["matmul", "(2, 3)", "(4,)"]),
    "matmul by a number": (ValueError, lambda: X23 @ 2.0, ["matmul", "(2, 3)"]),
    "matmul of batches": (
        ValueError,
        lambda: Tensor(np.ones((2, 3, 3))) @ Tensor(np.ones((5, 3, 3))),
        ["matmul", "(2, 3, 3)", "(5, 3, 3)"],
    ),
    "an array of strings": (TypeError, lambda: X23 * np.array(["a"]), ["mul", "(2, 3)", "(1,)"]),
    "axis out of range": (ValueError, lambda: X23.sum(axis=2), ["sum", "2", "(2, 3)"]),
    "axis twice": (ValueError, lambda: X23.mean(axis=(0, -2)), ["mean", "(0, -2)", "(2, 3)"]),
    "axis of a wrong type": (TypeError, lambda: X23.max(axis=1.0), ["max", "axis", "1.0"]),
    "mean of nothing": (ValueError, lambda: Tensor(np.ones((0, 3))).mean(axis=0), ["mean", "(0, 3)"]),
    "max of nothing": (ValueError, lambda: Tensor(np.ones((0, 3))).max(), ["max", "(0, 3)"]),
    "reshape to another size": (ValueError, lambda: X23.reshape(4, 2), ["reshape", "(2, 3)", "(4,2)"]),
    "transpose of too few axes": (ValueError, lambda: X23.transpose(0), ["transpose", "(2, 3)"]),
    "transpose of an axis twice": (ValueError, lambda: X23.transpose(1, 1), ["transpose", "(2, 3)"]),
    "flatten from nowhere": (ValueError, lambda: X23.flatten(2), ["flatten", "2"]),
    "index out of range": (IndexError, lambda: X23[2], ["getitem", "2", "(2, 3)"]),
    "index of a wrong type": (IndexError, lambda: X23[1.5], ["getitem", "(2, 3)"]),
    "a negative integer power of integers": (ValueError, lambda: Tensor([2, 3]) ** -1, ["pow", "(2,)"]),
    "item of many": (ValueError, lambda: X23.item(), ["item", "(2, 3)"]),
    "length of 0-d": (TypeError, lambda: len(Tensor(1.0)), ["0-d"]),
    "iteration over 0-d": (TypeError, lambda: list(Tensor(1.0)), ["0-d"]),
    "ragged lists": (TypeError, lambda: Tensor([[1.0], [1.0, 2.0]]), ["Tensor"]),
    "a string": (TypeError, lambda: Tensor("one"), ["Tensor", "U3"]),
    "None": (TypeError, lambda: Tensor(None), ["Tensor", "object"]),
    "complex numbers": (TypeError, lambda: Tensor([1j]), ["Tensor", "complex128"]),
    "a gradient of integers": (TypeError, lambda: Tensor([1, 2], requires_grad=True), ["int64", "float"]),
    "a gradient of booleans": (TypeError, lambda: tensor([True], requires_grad=True), ["bool", "float"]),
    "a parameter of integers": (TypeError, lambda: Parameter(np.ones(3, "int32")), ["int32", "float"]),
    "backward without gradients": (GraphError, lambda: (X23 * 2.0).sum().backward(), ["requires_grad"]),
    "backward of many values": (ValueError, lambda: (leaf(1.0, 2.0) * 2.0).backward(), ["(2,)", "cotangent"]),
    "a cotangent of another shape": (
        ValueError,
        lambda: (leaf(1.0, 2.0) * 2.0).backward(np.ones(3)),
        ["(3,)", "(2,)"],
    ),
    "a cotangent that would broadcast": (ValueError, lambda: leaf(1.0, 2.0).backward(np.ones(())), ["()", "(2,)"]),
    "a cotangent of strings": (TypeError, lambda: (leaf(1.0) * 2.0).backward("one"), ["U3"]),
}


@pytest.mark.parametrize(("error", "call", "words"), BAD_CALLS.values(), ids=BAD_CALLS)
def test_errors_name_the_op_and_what_was_found(error, call, words):
    message = message_of(error, call)
    assert [word for word in words if word not in message] == [], message


def test_backward_twice_names_the_op():
    y = leaf(2.0) * 3.0
    y.backward()
    assert "'mul'" in message_of(GraphError, y.backward)


def test_a_freed_part_leaves_all_gradients_as_they_were():
    x = leaf(2.0)
    shared = x * 3.0
    first, second = shared * 2.0, shared * 5.0 + x
    first.backward()
    before = x.grad.copy()
    assert "'mul'" in message_of(GraphError, second.backward)
    np.testing.assert_array_equal(x.grad, before)


def test_graph_errors_are_the_runtime_errors_of_pytorch():
    assert issubclass(GraphError, RuntimeError) and issubclass(GraphError, ValueError)


# ---- detach and no_grad ----------------------------------------------------------------------------------


def test_detach_shares_the_data_and_stops_the_gradient():
    x = leaf(2.0, 3.0)
    y = x * 2.0
    cut = y.detach()
    assert cut.data is y.data and not cut.requires_grad
    (y * cut).sum().backward()
    np.testing.assert_array_equal(x.grad, [8.0, 12.0])  # 2 (2 x), and not its double


def test_a_detached_value_can_be_a_leaf_of_its_own():
    x = leaf(2.0)
    z = Tensor((x * 3.0).data, requires_grad=True)
    (z * z).backward()
    assert z.grad == 12.0 and x.grad is None


def needs_gradient():
    return (leaf(1.0) * 2.0).requires_grad


def test_no_grad_nested():
    with no_grad():
        with no_grad():
            assert not needs_gradient()
        assert not needs_gradient()
    assert needs_gradient()


def test_no_grad_as_decorator():
    @no_grad()
    def evaluate(depth):
        return needs_gradient() or (depth > 0 and evaluate(depth - 1))

    assert not evaluate(3) and not evaluate(0)
    assert needs_gradient()


def test_no_grad_ends_with_an_exception():
    with pytest.raises(ZeroDivisionError), no_grad():
        raise ZeroDivisionError
    assert needs_gradient()


def test_leaves_keep_requires_grad_under_no_grad():
    with no_grad():
        x = leaf(1.0)
        y = x * 2.0
    assert x.requires_grad and not y.requires_grad
    (x * y).backward()
    assert x.grad == 2.0


def test_a_graph_recorded_before_can_be_walked_under_no_grad():
    x = leaf(3.0)
    y = x * x
    with no_grad():
        y.backward()
    assert x.grad == 6.0


# ---- Tensor ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    "number",
    [2, 2.5, True, np.float64(2.5), np.float32(2.5), np.int64(2), np.int32(2), np.bool_(True), np.array(2)[()]],
    ids=lambda number: f"{type(number).__name__}",
)
@pytest.mark.parametrize("shape", [(), (3,)], ids=str)
def test_a_number_takes_the_dtype_of_the_tensor(number, dtype, shape):
    """float32 stays float32 beside any number but a wider NumPy float on purpose: those are Python floats too."""
    x = Tensor(np.ones(shape, dtype), requires_grad=True)
    for y in [x + number, number - x, x * number, number * x, x / number, number / x, x**number, number**x]:
        assert y.dtype == dtype and y.shape == shape
        y.sum().backward()
    assert x.grad.dtype == dtype


def test_wider_floats_widen_as_numpy_says():
    x = leaf(1.0, dtype="float32")
    y = x * np.ones(1)
    assert y.dtype == np.float64
    y.backward()
    assert x.grad.dtype == np.float32


def test_arrays_on_the_left_come_to_the_tensor():
    x = leaf(1.0, 2.0)
    for y in [np.ones(2) + x, np.ones(2) * x, np.ones((3, 2)) @ x, np.ones(2) / x, np.ones(2) - x, np.ones(2) ** x]:
        assert isinstance(y, Tensor) and y.requires_grad


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (lambda a, b: a + b, lambda a, b: a + b),
        (lambda a, b: a - b, lambda a, b: a - b),
        (lambda a, b: a * b, lambda a, b: a * b),
        (lambda a, b: a / b, lambda a, b: a / b),
        (lambda a, b: a**b, lambda a, b: a**b),
        (lambda a, b: a @ b.T, lambda a, b: a @ b.T),
        (lambda a, b: -a, lambda a, b: -a),
        (lambda a, b: 2 - a, lambda a, b: 2 - a),
        (lambda a, b: 2 / a, lambda a, b: 2 / a),
        (lambda a, b: 2**a, lambda a, b: 2**a),
        (lambda a, b: a.exp(), lambda a, b: np.exp(a)),
        (lambda a, b: a.log(), lambda a, b: np.log(a)),
        (lambda a, b: a.sqrt(), lambda a, b: np.sqrt(a)),
        (lambda a, b: a.tanh(), lambda a, b: np.tanh(a)),
        (lambda a, b: a.sum((0, -1)), lambda a, b: np.sum(a, (0, -1))),
        (lambda a, b: a.mean(-1, True), lambda a, b: np.mean(a, -1, keepdims=True)),
        (lambda a, b: a.max(0), lambda a, b: np.max(a, 0)),
        (lambda a, b: a.reshape(3, -1), lambda a, b: a.reshape(3, -1)),
        (lambda a, b: a.flatten(), lambda a, b: a.ravel()),
        (lambda a, b: a.transpose(1, 0), lambda a, b: a.transpose(1, 0)),
        (lambda a, b: a[1, ::2], lambda a, b: a[1, ::2]),
    ],
    ids="+ - * / ** @ neg 2- 2/ 2** exp log sqrt tanh sum mean max reshape flatten transpose index".split(),
)
def test_values_are_those_of_numpy(expression, expected):
    rng = np.random.default_rng(0)
    a, b = rng.uniform(0.5, 2, (2, 3)), rng.uniform(0.5, 2, (2, 3))
    y = expression(Tensor(a), Tensor(b))
    np.testing.assert_allclose(y.numpy(), expected(a, b), rtol=1e-15)
    assert y.shape == expected(a, b).shape


@pytest.mark.parametrize("axis", [None, 0, 1], ids=str)
def test_ties_of_a_maximum_share_the_gradient(axis):
    x = Tensor(np.array([[1.0, 3.0], [3.0, 3.0]]), requires_grad=True)
    x.max(axis).sum().backward()
    expected = {None: [[0, 1 / 3], [1 / 3, 1 / 3]], 0: [[0, 0.5], [1, 0.5]], 1: [[0, 1], [0.5, 0.5]]}[axis]
    np.testing.assert_allclose(x.grad, expected)


@pytest.mark.parametrize(
    ("exponent", "gradient"), [(0, 0.0), (1, 1.0), (2, 0.0), (3, 0.0), (2.5, 0.0)], ids=lambda v: str(v)
)
def test_powers_of_0(exponent, gradient):
    x = leaf(0.0)
    (x**exponent).backward()
    assert x.grad == gradient


def test_0_to_a_power_by_its_exponent():
    b = leaf(0.0, 2.0)
    (0.0**b).sum().backward()
    np.testing.assert_array_equal(b.grad, [0.0, 0.0])


def test_repr():
    assert repr(Tensor([1.5, 2.0])) == "Tensor([1.5, 2. ], dtype=float64)"
    assert repr(leaf(1.0)) == "Tensor([1.], dtype=float64, requires_grad=True)"
    assert len(repr(Tensor(np.zeros((1000, 1000))))) < 1000


def test_tensors_can_be_iterated_unpacked_and_counted():
    x = Tensor(np.arange(6.0).reshape(2, 3), requires_grad=True)
    first, second = x
    (first + second * 2.0).sum().backward()
    np.testing.assert_array_equal(x.grad, [[1, 1, 1], [2, 2, 2]])
    assert len(x) == 2


@pytest.mark.parametrize("again", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))], ids=["deepcopy", "pickle"])
def test_leaves_can_be_copied_and_saved(again):
    x = leaf(1.0, 2.0)
    y = again(x)
    assert y.requires_grad and y.data is not x.data
    np.testing.assert_array_equal(y.data, x.data)


def test_what_python_and_numpy_make_of_a_tensor():
    x = Tensor(np.array([0.0]), requires_grad=True)
    assert not x and Tensor(2.0) and float(Tensor(2.5)) == 2.5
    with pytest.raises(ValueError, match=r"\(2,\)"):
        bool(Tensor([1.0, 2.0]))
    array = np.asarray(Tensor([1.0, 2.0]))
    assert array.dtype == np.float64 and array.tolist() == [1.0, 2.0]
    assert np.asarray(Tensor([1.0]), dtype=np.float32).dtype == np.float32


@pytest.mark.parametrize(("rows", "inputs", "outputs"), [((2, 3), 0, 4), ((2, 3), 4, 0), ((0, 3), 4, 2)])
def test_linear_with_a_size_of_0(rows, inputs, outputs):
    x = Tensor(np.ones((*rows, inputs)), requires_grad=True)
    weight = Tensor(np.ones((outputs, inputs)), requires_grad=True)
    y = F.linear(x, weight)
    y.sum().backward()
    assert y.shape == (*rows, outputs)
    assert x.grad.shape == x.shape and weight.grad.shape == weight.shape


@np.errstate(all="ignore")
def test_powers_of_zero_as_in_pytorch():
    import torch

    a, b = np.meshgrid([0.0, 1.0, 2.0, np.inf], [-2.0, -0.5, 0.0, 0.5, 1.0, 2.0])
    ours = Tensor(a, requires_grad=True), Tensor(b, requires_grad=True)
    theirs = torch.tensor(a, requires_grad=True), torch.tensor(b, requires_grad=True)
    (ours[0] ** ours[1]).sum().backward()
    (theirs[0] ** theirs[1]).sum().backward()
    for our, their in zip(ours, theirs):
        np.testing.assert_allclose(our.grad, their.grad.numpy(), rtol=1e-12)


# ---- ops of several tensors, and their conventions -------------------------------------------------------


def test_a_bare_number_beside_float32_leaves_it_float32():
    x = leaf(-1.0, 2.0, dtype="float32")
    for number in (0, 0.5, np.float64(0.5), np.int64(0)):
        for op in (maximum, minimum, lambda a, b: where(np.array([True, False]), a, b)):
            assert op(x, number).dtype == op(number, x).dtype == np.float32
        assert x.clip(number).dtype == x.clip(max=number).dtype == np.float32
    assert where(x > 0, 1.0, 0.0).dtype == np.float64 and where(x > 0, 1, 0).numpy().tolist() == [0, 1]


def test_one_tensor_many_times_in_a_list():
    x = leaf(1.0, 2.0)
    cat([x, x, 3 * x]).backward([1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
    np.testing.assert_array_equal(x.grad, [1 + 3 + 15, 2 + 4 + 18])


def test_constants_among_joined_tensors():
    x = leaf([1.0, 2.0])
    y = stack([np.zeros((1, 2)), x, Tensor([[5.0, 6.0]])])
    np.testing.assert_array_equal(y.numpy(), [[[0, 0]], [[1, 2]], [[5, 6]]])
    y.sum().backward()
    np.testing.assert_array_equal(x.grad, [[1, 1]])


def test_the_variance_of_numbers_far_from_0():
    """Its gradient is 2 (x - mean) / (n - 1), and the mean is rounded to 1e-7 here."""
    x = leaf(1e9 + 1, 1e9 + 2, 1e9 + 6)
    y = x.var()
    y.backward()
    assert y.item() == 7
    np.testing.assert_allclose(x.grad, [-2, -1, 3], rtol=1e-14)


def test_the_standard_deviation_of_equal_numbers():
    x = leaf([0.5, 0.5], [1.0, 3.0])
    x.std(axis=1).backward([1.0, 1.0])
    np.testing.assert_allclose(x.grad, [[0, 0], [-math.sqrt(0.5), math.sqrt(0.5)]])


@pytest.mark.parametrize(("sizes", "axis"), [(2, 0), (3, 0), (7, 0), (1, -1), ([1, 4], 0), ((0, 5), 0), ([2, 1], 1)])
def test_split_as_in_pytorch(sizes, axis):
    array = np.arange(15.0).reshape(5, 3)
    x, twin = Tensor(array, requires_grad=True), torch.tensor(array, requires_grad=True)
    parts, expected = x.split(sizes, axis), twin.split(sizes if isinstance(sizes, int) else list(sizes), axis)
    assert isinstance(parts, tuple) and len(parts) == len(expected)
    for i, (part, other) in enumerate(zip(parts, expected)):
        assert np.shares_memory(part.data, array) or part.size == 0
        np.testing.assert_array_equal(part.data, other.detach().numpy())
        (part * (i + 1.0)).sum().backward()
        (other * (i + 1.0)).sum().backward()
    np.testing.assert_array_equal(x.grad, twin.grad.numpy())
    np.testing.assert_array_equal(cat(parts, axis).data, array)


def test_the_product_of_numbers_among_which_are_zeros():
    x = leaf([2.0, 0.0, 3.0], [0.0, 5.0, 0.0], [2.0, 3.0, 4.0])
    x.prod(axis=1).backward([1.0, 1.0, 10.0])
    np.testing.assert_array_equal(x.grad, [[0, 6, 0], [0, 0, 0], [120, 80, 60]])
