"""A value that is changed between forward and backward: the gradient of the forward's values, or an error."""

import contextlib

import numpy as np
import pytest

from minae import Tensor, detect_anomaly, differentiable, no_grad, optim
from minae import functional as F
from minae.backend import to_numpy
from minae.checker.cases import CASES
from minae.support.changes import Moment
from minae.support.errors import AnomalyError, GraphError
from minae.tensors import broadcast_to
from tests.test_contract import cotangent_of, leaves, write_into

over_cases = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


def subtract_one(w):
    w.data -= 1


WRITES = {  # ways to write into the memory of a tensor that an op has used
    "-=": subtract_one,
    "by index": lambda w: w.data.__setitem__(..., 5.0),
    "numpy()": lambda w: w.numpy().__setitem__(..., 5.0),
    "np.asarray": lambda w: np.asarray(w).__setitem__(..., 5.0),
    "out=": lambda w: np.multiply(w.data, 2, out=w.data),
    "detached": lambda w: subtract_one(w.detach()),
    "wrapped": lambda w: subtract_one(Tensor(w)),
    "a view": lambda w: subtract_one(w.reshape(-1)),
    "a view of a view": lambda w: subtract_one(w.reshape(1, 3).T),
    "a part": lambda w: subtract_one(w[:1]),
    "a detached view": lambda w: subtract_one(w[1:].detach()),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES.keys())
@pytest.mark.parametrize("recorded", [True, False], ids=["a parameter", "a constant"])
@pytest.mark.parametrize("recording", [contextlib.nullcontext, no_grad], ids=["recording", "no_grad"])
def test_a_write_is_told(write, recorded, recording):
    w, v = Tensor(np.array([2.0, 3.0, 4.0]), recorded), Tensor(np.array([3.0, 1.0, 2.0]), True)
    loss = ((w * v) ** 2).sum()
    with recording():
        write(w)
    with pytest.raises(GraphError, match=r"input 0 of 'mul', of shape .*, was changed after the op"):
        loss.backward()


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES.keys())
def test_also_into_a_result(write):
    x = Tensor(np.array([2.0, 3.0, 4.0]), True)
    y = x.exp()
    loss = (y * 3.0).sum()
    write(y)
    with pytest.raises(GraphError, match="was changed after the op"):
        loss.backward()


def test_a_result_that_no_other_op_uses():
    y = Tensor(np.ones(3), True).exp()  # its vjp keeps y
    y.data[0] = 7
    with pytest.raises(GraphError, match="the result of 'exp', of shape \\(3,\\), was changed"):
        y.backward(np.ones(3))


def test_an_op_that_returns_its_input():
    @differentiable
    def same(x):
        return x, (lambda g: g,)

    w = Tensor(np.ones(3), True)
    loss, alias = (w * w).sum(), same(w.detach())
    alias.data[0] = 7
    with pytest.raises(GraphError, match="of 'mul'"):
        loss.backward()


def test_a_new_array_leaves_the_graph_the_old_one():
    w, v = Tensor(np.array([2.0]), True), Tensor(np.array([3.0]), True)
    loss = (w * v) ** 2
    w.data = w.data - 1
    loss.backward(np.ones(1))
    assert v.grad == [24.0] and w.grad == [36.0]


def test_an_array_that_is_taken_away_and_brought_back():
    """As it is done to try other weights, an average of them for example."""
    w, v = Tensor(np.array([2.0]), True), Tensor(np.array([3.0]), True)
    loss, own = w * v, w.data
    w.data = np.array([7.0])
    w.data = own
    loss.backward(np.ones(1))
    assert v.grad == [2.0]
    loss = w * v
    w.data = np.array([7.0])
    w.data = own
    w.data -= 1
    with pytest.raises(GraphError, match="input 0 of 'mul'"):
        loss.backward(np.ones(1))


def test_values_that_are_written_back_are_right_again():
    w = Tensor(np.array([2.0, np.nan]), True)
    loss = (w * w).sum()
    w.data[0] = 5
    w.data[0] = 2
    loss.backward()
    assert w.grad[0] == 4


@pytest.mark.parametrize("make", [optim.SGD, optim.RMSprop, optim.Adam, lambda p: optim.SGD(p, momentum=0.9)])
def test_a_step_in_between(make):
    w = Tensor(np.array([2.0]), True)
    optimizer = make([w])
    (w * w).sum().backward()
    loss = (w * w).sum()
    optimizer.step()
    with pytest.raises(GraphError, match=r"input 0 of 'mul', of shape \(1,\), was changed .* by an optimiser"):
        loss.backward()


def test_two_losses_of_one_forward():
    """The second of two players goes backward after the first has stepped, through values that are gone."""
    w, v = Tensor(np.array([2.0]), True), Tensor(np.array([3.0]), True)
    fake = w * 2.0
    first, second = (fake.detach() * v).sum(), (fake * v).sum()
    first.backward()
    optim.SGD([v], 0.1).step()
    with pytest.raises(GraphError, match="input 1 of 'mul'"):
        second.backward()


def test_loaded_weights_in_between():
    from minae import nn

    layer = nn.Linear(2, 3, rng=0)
    loss = layer(layer(Tensor(np.ones((1, 2), np.float32)))[:, :2]).sum()
    layer.load_state_dict({name: 2 * array for name, array in layer.state_dict().items()})
    with pytest.raises(GraphError, match="of 'linear'"):
        loss.backward()


@over_cases
def test_no_op_gives_a_wrong_gradient(case, xp):
    """Inputs and results changed through .data: the gradient at the old values, or the error."""
    inputs = leaves(case, xp)
    y = case.f(*inputs)
    cotangent = cotangent_of(y, xp)
    y.backward(cotangent)
    right = [to_numpy(x.grad) for x in inputs]
    for changed in range(len(inputs) + 1):
        fresh = leaves(case, xp)
        y = case.f(*fresh)
        target = [*fresh, y][changed]
        if case.op is broadcast_to and target is y:
            continue  # a result that NumPy does not let anybody write into
        target.data += 1
        try:
            y.backward(cotangent)
        except GraphError as error:
            assert "was changed" in str(error)
        else:
            assert target.size == 0
            for x, gradient in zip(fresh, right, strict=True):
                np.testing.assert_array_equal(to_numpy(x.grad), gradient)


@over_cases
def test_reading_is_no_change(case, xp):
    inputs = leaves(case, xp)
    y = case.f(*inputs)
    cotangent = cotangent_of(y, xp)
    y.backward(cotangent)
    fresh = leaves(case, xp)
    y = case.f(*fresh)
    for tensor in (*fresh, y):
        assert tensor.data.shape == tensor.shape
    y.backward(cotangent)
    for old, new in zip(inputs, fresh, strict=True):
        np.testing.assert_array_equal(to_numpy(new.grad), to_numpy(old.grad))


# --- at what price ----------------------------------------------------------------------------------------------------


def test_only_a_value_that_a_graph_waits_for_is_copied_and_once(monkeypatch):
    copied = []
    end = Moment.end

    def noting(moment, array):
        before = moment.values
        end(moment, array)
        copied.append(moment.values is not before)

    monkeypatch.setattr(Moment, "end", noting)
    w = Tensor(np.array([2.0, 3.0]), True)
    w.data[0] = 1  # before any forward
    (w * w).sum().backward()
    w.data[0] = 1  # after backward
    with no_grad():
        w * w
    w.data[0] = 1  # after an op that recorded nothing
    assert not any(copied)
    loss = (w * w).sum()
    for _ in range(3):
        assert w.data[0] == 1  # while a graph waits
    loss.backward()
    assert sum(copied) == 1


# --- arrays of somebody's own -----------------------------------------------------------------------------------------


def test_an_array_that_a_tensor_was_made_of():
    batch = np.ones((4, 3))
    w = Tensor(np.ones((2, 3)), True)
    with detect_anomaly():
        loss = F.linear(Tensor(batch), w).sum()
        batch[...] = 2
        with pytest.raises(
            AnomalyError, match=r"linear: the vjp of input .: x \(4, 3\) was changed between .*test_changes"
        ):
            loss.backward()


def test_an_array_of_labels():
    labels = np.array([0, 1])
    x = Tensor(np.zeros((2, 3)), True)
    with detect_anomaly():
        loss = F.mse_loss(x, target := np.ones((2, 3)))
        target[0] = 5
        with pytest.raises(AnomalyError, match=r"mse_loss: .* target"):
            loss.backward()
        loss = F.cross_entropy(x, labels)
        labels[0] = 2
        with pytest.raises(AnomalyError, match=r"cross_entropy: .* target"):
            loss.backward()


@over_cases
def test_under_anomaly_detection_no_buffer_can_be_changed_unseen(case, xp):
    inputs = leaves(case, xp)
    with detect_anomaly():
        y = case.f(*inputs)
        for x in inputs:
            write_into(x._data)
        if any(x.size for x in inputs):
            with pytest.raises(AnomalyError, match="was changed between forward and backward"):
                y.backward(cotangent_of(y, xp))


def test_an_index_is_taken_as_it_was():
    x, index = Tensor(np.arange(3.0), True), np.array([0, 0])
    y = x[index]
    index[...] = 2
    y.backward(np.ones(2))
    np.testing.assert_array_equal(x.grad, [2, 0, 0])
