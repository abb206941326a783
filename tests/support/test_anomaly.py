"""`detect_anomaly` names the op, forward or backward, that made the first NaN or infinity, and its caller's line."""

import inspect

import numpy as np
import pytest

from minae import Tensor, detect_anomaly, differentiable, nn
from minae import functional as F
from minae.support import anomaly
from minae.support.errors import AnomalyError


def leaf(*values):
    return Tensor(np.array(values), requires_grad=True)


def found(run):
    """The message of the anomaly that `run` meets; NumPy's own warnings of it are not the subject here."""
    with np.errstate(all="ignore"), detect_anomaly(), pytest.raises(AnomalyError) as caught:
        run()
    message = str(caught.value)
    assert "\n" not in message
    return message


FORWARD = {
    "exp": lambda: leaf(1.0, 800.0).exp(),
    "log": lambda: leaf(0.0, 1.0).log(),
    "sqrt": lambda: leaf(-1.0, 1.0).sqrt(),
    "div": lambda: leaf(1.0, 2.0) / leaf(0.0, 1.0),
    "pow": lambda: leaf(0.0, 2.0) ** -1.0,
    "mul": lambda: leaf(1e200, 1.0) * leaf(1e200, 1.0),
    "add": lambda: leaf(1.7e308) + leaf(1.7e308),
    "sub": lambda: leaf(1.7e308) - leaf(-1.7e308),
    "matmul": lambda: leaf(1e200, 1.0) @ leaf(1e200, 1.0),
    "sum": lambda: leaf(1.7e308, 1.7e308).sum(),
    "linear": lambda: F.linear(Tensor(np.full((1, 2), 1e200)), Tensor(np.full((1, 2), 1e200))),
    "conv2d": lambda: F.conv2d(Tensor(np.full((1, 1, 3, 3), 1e200)), Tensor(np.full((1, 1, 2, 2), 1e200))),
    "reparameterize": lambda: F.reparameterize(leaf(0.0), leaf(1500.0), eps=Tensor(np.ones(1))),
    "gaussian_kl": lambda: F.gaussian_kl(leaf(0.0), leaf(1500.0)),
    "mse_loss": lambda: F.mse_loss(leaf(1e200), leaf(0.0)),
}


@pytest.mark.parametrize("op", FORWARD)
def test_a_planted_overflow_in_forward(op):
    message = found(FORWARD[op])
    assert message.startswith(f"{op}: "), message
    assert "test_anomaly.py" in message and "from" in message


def bad_vjp(value):
    @differentiable
    def spoiled(x):
        return x * 2, (lambda g: g * value,)

    return spoiled


BACKWARD = {
    "sqrt": lambda: (leaf(0.0, 1.0).sqrt() * 2.0).sum(),
    "pow": lambda: (leaf(0.0, 1.0) ** 0.5).sum(),
    "div": lambda: (leaf(1.0) / leaf(1e-200)).sum() * 1e-5,
    "spoiled": lambda: bad_vjp(np.nan)(leaf(1.0, 2.0)).sum(),
    "mul": lambda: (leaf(1e-200) * leaf(1e200)) * Tensor(np.array([1e200])),
}


@pytest.mark.parametrize("op", BACKWARD)
def test_a_planted_overflow_in_backward(op):
    message = found(lambda: BACKWARD[op]().backward())
    assert message.startswith(f"{op}: the vjp of input "), message
    assert "test_anomaly.py" in message


def test_the_line_is_the_users():
    def step():
        layer = nn.Linear(2, 1, rng=0)
        x = Tensor(np.full((1, 2), 1e38, np.float32))
        return layer(x * 9.0)

    lines, first = inspect.getsourcelines(step)
    line = first + next(i for i, text in enumerate(lines) if "x * 9.0" in text)
    assert f"line {line}, in step" in found(step)


def test_an_input_that_was_spoiled_before_is_named():
    message = found(lambda: leaf(1.0, np.nan) * 2.0)
    assert "its input a already holds NaN" in message


def test_off_and_on_and_off_again():
    with np.errstate(all="ignore"):
        assert np.isinf(leaf(800.0).exp().data).all()
        with pytest.raises(AnomalyError), detect_anomaly():
            leaf(800.0).exp()
        assert not anomaly.is_on()
        assert np.isinf(leaf(800.0).exp().data).all()


def test_a_healthy_step_passes_and_is_the_same():
    def gradient():
        x = leaf(0.5, -1.0)
        (F.softplus(x) * x).sum().backward()
        return x.grad

    with detect_anomaly():
        watched = gradient()
    np.testing.assert_array_equal(watched, gradient())


def test_a_graph_made_before_detection_was_on():
    with np.errstate(all="ignore"):
        y = leaf(0.0).sqrt()
    assert found(y.backward).startswith("sqrt: the vjp")
