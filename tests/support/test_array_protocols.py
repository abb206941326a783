"""What Python and NumPy ask of a Tensor: copies, comparisons, text, NumPy's functions, indices, subclasses."""

import array
import copy
import operator
import pickle
import re
from collections import UserList

import numpy as np
import pytest

from minae import Tensor, nn, optim
from minae import functional as F
from minae.backend import moved_to
from minae.support.errors import GraphError
from tests import strict_device


def leaf(*values):
    return Tensor(np.array(values), requires_grad=True)


# --- NumPy ------------------------------------------------------------------------------------------------------------


def test_np_array_is_a_copy_and_asarray_is_not():
    x = Tensor(np.ones(3))
    assert not np.shares_memory(np.array(x), x.data)
    assert np.shares_memory(np.asarray(x), x.data)
    if np.lib.NumpyVersion(np.__version__) >= "2.0.0":
        assert not np.shares_memory(np.asarray(x, copy=True), x.data)
        assert np.shares_memory(np.asarray(x, copy=False), x.data)
        with pytest.raises(ValueError, match="a copy is needed"):
            np.asarray(x, dtype=np.float32, copy=False)
    assert np.array(x, dtype=np.float32).dtype == np.float32


FUNCTIONS = {
    "concatenate": lambda t: np.concatenate([t, t]),
    "stack": lambda t: np.stack((t, t)),
    "sum": lambda t: np.sum(t),
    "mean": lambda t: np.mean(t),
    "where": lambda t: np.where(np.array([True, False]), t, 0),
    "max": lambda t: np.max(t),
    "reshape": lambda t: np.reshape(t, (2, 1)),
    "norm": lambda t: np.linalg.norm(t),
    "dot": lambda t: np.dot(np.ones(2), t),
    "nested": lambda t: np.concatenate([np.ones(1), t], axis=0),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_numpys_functions_do_not_lose_a_gradient(name):
    with pytest.raises(
        TypeError, match=r"^np\.\w+: the gradient would be lost in NumPy's function: use .*\.numpy\(\)$"
    ):
        FUNCTIONS[name](leaf(1.0, 2.0))
    with pytest.raises(TypeError, match="the gradient would be lost"):
        FUNCTIONS[name](leaf(1.0, 2.0) * 2)
    np.testing.assert_array_equal(FUNCTIONS[name](Tensor([1.0, 2.0])), FUNCTIONS[name](np.array([1.0, 2.0])))


@pytest.mark.parametrize(
    ("call", "instead"),
    [
        (np.sum, "tensor.sum(axis)"),
        (np.var, "tensor.var(axis, correction=0)"),
        (lambda x: np.concatenate([x, x]), "minae.cat(tensors, axis)"),
        (lambda x: np.stack([x, x]), "minae.stack(tensors, axis)"),
        (lambda x: np.where(x > 0, x, 0), "minae.where(condition, a, b)"),
        (lambda x: np.clip(x, 0, 1), "tensor.clip(min, max)"),
    ],
)
def test_the_message_names_what_to_use(call, instead):
    with pytest.raises(TypeError, match=re.escape(f"use {instead}; or")):
        call(leaf(1.0, 2.0))


def test_numpys_elementwise_functions_are_refused():
    with pytest.raises(TypeError, match="Tensor"):
        np.exp(leaf(1.0))


SUBCLASSES = {"matrix": np.matrix, "own": lambda x: np.array(x).view(type("Own", (np.ndarray,), {}))}


@pytest.mark.parametrize("name", SUBCLASSES)
@pytest.mark.filterwarnings("ignore:the matrix subclass")
def test_subclasses_of_arrays_are_plain_arrays_to_ops(name):
    odd, plain = SUBCLASSES[name]([[1.0, 2], [3, 4]]), np.array([[1.0, 2], [3, 4]])
    assert F.mse_loss(Tensor(np.zeros((2, 2))), odd).item() == 7.5
    assert type(Tensor(odd).data) is np.ndarray
    x = Tensor(np.full((2, 2), 2.0), requires_grad=True)
    y = x * odd
    np.testing.assert_array_equal(y.numpy(), 2 * plain)
    y.backward(odd)
    assert type(x.grad) is np.ndarray
    np.testing.assert_array_equal(x.grad, plain * plain)
    np.testing.assert_array_equal((odd * x).numpy(), 2 * plain)
    np.testing.assert_array_equal(F.linear(x, odd).numpy(), 2 * np.ones((2, 2)) @ plain.T)


def test_a_masked_array_is_refused():
    masked = np.ma.masked_array([1.0, 2.0], mask=[False, True])
    for call in (lambda: Tensor(masked), lambda: Tensor([1.0, 2.0]) + masked, lambda: F.relu(masked)):
        with pytest.raises(TypeError, match="without a mask: fill it"):
            call()


# --- Python -----------------------------------------------------------------------------------------------------------


def test_format():
    x = leaf(1.23456)
    assert f"{x:.3f}" == "1.235" and f"{x.sum():8.2e}" == "1.23e+00" and f"{x}" == str(x)
    with pytest.raises(ValueError, match="expected a tensor with one element"):
        f"{leaf(1.0, 2.0):.3f}"


OTHERS = [2.0, 2, np.float64(2), np.array([1.0, 2.0, 2.0]), [1, 2, 2], Tensor([3.0, 2.0, 1.0])]


@pytest.mark.parametrize("other", OTHERS)
@pytest.mark.parametrize("sign", ["eq", "ne", "lt", "le", "gt", "ge"])
def test_comparisons_are_boolean_arrays(sign, other):
    compare, plain = getattr(operator, sign), np.array([1.0, 2.0, 3.0])
    there, back = compare(leaf(*plain), other), compare(other, leaf(*plain))
    assert type(there) is type(back) is np.ndarray and there.dtype == back.dtype == bool
    value = other.numpy() if isinstance(other, Tensor) else np.asarray(other)
    np.testing.assert_array_equal(there, compare(plain, value))
    np.testing.assert_array_equal(back, compare(value, plain))


def test_comparisons_on_the_device():
    x = Tensor(strict_device.asarray(np.array([1.0, 2.0])))
    assert isinstance(x > 1, strict_device.ndarray) and (x > 1).get().tolist() == [False, True]


def test_what_is_not_a_number_is_not_equal():
    x = leaf(1.0)
    for other in (None, "a"):
        assert operator.eq(x, other) is False and operator.ne(x, other) is True
    with pytest.raises(TypeError):
        operator.lt(x, "a")


def test_tensors_in_sets_and_dicts_are_told_apart_by_identity():
    a, b = leaf(1.0), leaf(1.0)
    assert len({a, b, a}) == 2 and {a: 1, b: 2}[b] == 2


@pytest.mark.parametrize("way", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x)), copy.copy])
def test_copies_of_leaves(way):
    x = leaf(1.0, 2.0)
    (x * x).sum().backward()
    y = way(x)
    np.testing.assert_array_equal(y.numpy(), x.numpy())
    np.testing.assert_array_equal(y.grad, [2.0, 4.0])
    assert y.requires_grad and y.is_leaf and type(way(nn.Parameter([1.0]))) is nn.Parameter
    if way is not copy.copy:
        y.data[0] = 9
        assert x.data[0] == 1
    (y * 3).sum().backward()
    np.testing.assert_array_equal(x.grad, [2.0, 4.0])


@pytest.mark.parametrize("way", [copy.deepcopy, pickle.dumps, copy.copy])
def test_results_of_ops_are_not_copied(way):
    y = leaf(1.0)
    for _ in range(5000):
        y = y * 1.0
    with pytest.raises(GraphError, match=r"its graph cannot be copied: copy tensor.detach\(\)"):
        way(y)
    assert copy.deepcopy(y.detach()).item() == 1


def test_a_deep_copy_of_a_model_learns_by_itself():
    model = nn.Sequential(nn.Linear(2, 2, rng=0), nn.ReLU())
    twin = copy.deepcopy(model)
    twin(Tensor(np.ones((1, 2), np.float32))).sum().backward()
    assert model[0].weight.grad is None and twin[0].weight.grad is not None


def test_integers_never_require_a_gradient():
    x = Tensor(np.arange(3))
    with pytest.raises(TypeError, match="requires_grad=True needs a floating dtype, found int64"):
        x.requires_grad = True
    assert not x.requires_grad
    y = Tensor(np.ones(2))
    y.requires_grad = True
    assert (y * 2).requires_grad
    y.requires_grad = False
    assert not (y * 2).requires_grad


# --- indices ----------------------------------------------------------------------------------------------------------

REPEATED = {  # the same places, in whatever NumPy takes for an index
    "list": [0, 0, 2],
    "array.array": array.array("i", [0, 0, 2]),
    "range": range(0, 3),
    "array": np.array([0, 0, 2]),
    "unsigned": np.array([0, 0, 2], np.uint8),
    "subclass": np.array([0, 0, 2]).view(type("Own", (np.ndarray,), {})),
    "tensor": Tensor(np.array([0, 0, 2])),
    "list of tensors": [Tensor(np.array(0)), Tensor(np.array(0)), Tensor(np.array(2))],
    "user list": UserList([0, 0, 2]),
    "memoryview": memoryview(array.array("i", [0, 0, 2])),
    "tuple in a tuple": ((0, 0, 2),),
    "array.array in a tuple": (array.array("i", [0, 0, 2]),),
    "booleans": [True, False, True],
    "numpy booleans": np.array([True, True, False]),
}


@pytest.mark.parametrize("name", REPEATED)
def test_every_kind_of_index_gives_the_right_gradient(name):
    x = leaf(1.0, 2.0, 3.0)
    index = REPEATED[name]
    y = x[index]
    inner = index[0] if isinstance(index, tuple) else index
    plain = np.array([0, 0, 2]) if name == "list of tensors" else np.asarray(inner)
    np.testing.assert_array_equal(y.numpy(), np.array([1.0, 2.0, 3.0])[plain])
    y.backward(np.full(y.shape, 1.0))
    expected = np.zeros(3)
    np.add.at(expected, plain, 1.0)
    np.testing.assert_array_equal(x.grad, expected)


class Two:
    def __index__(self):
        return 2


@pytest.mark.parametrize("index", [2, Two(), np.int64(2), np.array(2), Tensor(np.array(2))])
def test_one_place(index):
    x = leaf(1.0, 2.0, 3.0)
    x[index].backward()
    np.testing.assert_array_equal(x.grad, [0, 0, 1])


def test_an_index_that_is_changed_later():
    x, index = leaf(1.0, 2.0, 3.0), np.array([0, 0, 2])
    y = x[index].sum()
    index[:] = 1
    y.backward()
    np.testing.assert_array_equal(x.grad, [2, 0, 1])


@pytest.mark.parametrize("index", [1.0, [0.5], "a", {}, np.array(["a"]), (0, 1.0), [None]])
def test_what_is_not_an_index(index):
    with pytest.raises((IndexError, TypeError, ValueError), match=r"^getitem: "):
        Tensor(np.ones((3, 3)))[index]


# --- modules and optimisers -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("twins", [{1: 0, "1": 0}, {"a.b": 0, "a": {"b": 0}}])
def test_two_parameters_of_one_name_are_refused(twins):
    class Model(nn.Module):
        def __init__(self):
            def fill(held):
                return {k: fill(v) if isinstance(v, dict) else nn.Linear(2, 2, rng=0) for k, v in held.items()}

            self.layers = fill(twins)

    for call in (Model().state_dict, Model().parameters, lambda: Model().load_state_dict({})):
        with pytest.raises(ValueError, match=r"Model: two parameters have the name layers\.(1|a\.b)\.weight: rename"):
            call()


def test_another_librarys_parameters_can_be_loaded():
    import torch

    theirs, ours = torch.nn.Linear(3, 2), nn.Linear(3, 2, rng=0)
    ours.load_state_dict(dict(theirs.named_parameters()))
    np.testing.assert_array_equal(ours.weight.numpy(), theirs.weight.detach().numpy())


def test_whatever_another_library_raises_is_a_value_error():
    class Odd:
        def __array__(self, *args, **options):
            raise RuntimeError("on another planet")

    with pytest.raises(ValueError, match=r"weight is not an array but a Odd \(on another planet\)"):
        nn.Linear(1, 1, bias=False, rng=0).load_state_dict({"weight": Odd()})


@pytest.mark.parametrize("kind", [optim.SGD, optim.RMSprop, optim.Adam])
def test_an_optimiser_follows_a_model_to_another_dtype(kind):
    options = {"momentum": 0.9} if kind is optim.SGD else {}
    found = []
    for late in (False, True):
        model = nn.Linear(3, 2, rng=0)
        if not late:
            model.to(dtype=np.float64)
        optimizer = kind(model.parameters(), lr=0.1, **options)
        model.to(dtype=np.float64)
        for _ in range(3):
            optimizer.zero_grad()
            model(Tensor(np.ones((1, 3)))).sum().backward()
            optimizer.step()
        assert all(array.dtype == np.float64 for name in kind.buffers for array in getattr(optimizer, name))
        found.append(model.weight.numpy())
    np.testing.assert_array_equal(*found)


def test_float16_is_refused_with_advice():
    """The mean of 100,000 ones would be NaN."""
    for call in (
        lambda: Tensor(np.ones(3, np.float16)),
        lambda: nn.Linear(2, 2, rng=0).to(dtype=np.float16),
        lambda: leaf(1.0).backward(np.ones(1, np.float16)),
    ):
        with pytest.raises(TypeError, match="float16 is too narrow for sums and gradients: convert it"):
            call()
    x = Tensor(np.ones(3, np.float32), requires_grad=True)
    (x * np.ones(3, np.float16)).sum().backward()
    assert x.grad.dtype == np.float32


# --- arrays of the engine ---------------------------------------------------------------------------------------------


def test_an_array_is_moved_only_if_need_be():
    x = np.ones(3, np.float32)
    assert moved_to(x, like=np.zeros(2, np.float32)) is x
    assert moved_to(x, like=np.zeros(2)).dtype == np.float64
    assert type(moved_to(x, like=strict_device.asarray(x))) is strict_device.ndarray
