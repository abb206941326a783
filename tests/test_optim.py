"""minae.optim: step for step against torch.optim in float64, and what is refused."""

import numpy as np
import pytest
import torch

from minae import Tensor, nn, optim
from tests import strict_device

SAME = {"rtol": 1e-12, "atol": 1e-12}  # 100 steps of the same formula in float64, parameters of order 1
SHAPES = [(), (3,), (5, 2), (0,)]

CONFIGS = {
    "SGD": ("SGD", {"lr": 0.05}),
    "SGD, lr 0": ("SGD", {"lr": 0.0}),
    "SGD, momentum 0.9": ("SGD", {"lr": 0.01, "momentum": 0.9}),
    "SGD, momentum 0.5": ("SGD", {"lr": 0.1, "momentum": 0.5}),
    "SGD, defaults": ("SGD", {}),
    "SGD, weight decay": ("SGD", {"lr": 0.05, "momentum": 0.9, "weight_decay": 0.1}),
    "SGD, weight decay alone": ("SGD", {"lr": 0.05, "weight_decay": 0.3}),
    "RMSprop, defaults": ("RMSprop", {}),
    "RMSprop, alpha 0.9": ("RMSprop", {"lr": 0.003, "alpha": 0.9}),
    "RMSprop, alpha 0": ("RMSprop", {"lr": 0.003, "alpha": 0.0}),
    "RMSprop, eps 0.1": ("RMSprop", {"lr": 0.03, "eps": 0.1}),
    "Adam, defaults": ("Adam", {}),
    "Adam, lr 0.1": ("Adam", {"lr": 0.1}),
    "Adam, betas": ("Adam", {"lr": 0.01, "betas": (0.5, 0.9)}),
    "Adam, betas 0": ("Adam", {"lr": 0.01, "betas": (0.0, 0.0)}),
    "Adam, eps 0.1": ("Adam", {"lr": 0.03, "eps": 0.1}),
    "AdamW, defaults": ("AdamW", {}),
    "AdamW, decay 0.3": ("AdamW", {"lr": 0.1, "weight_decay": 0.3}),
    "AdamW, no decay": ("AdamW", {"lr": 0.03, "weight_decay": 0.0, "betas": (0.5, 0.9), "eps": 0.1}),
}
over_configs = pytest.mark.parametrize(("name", "options"), CONFIGS.values(), ids=CONFIGS)


def pair(name, options, shapes=SHAPES):
    """Equal parameters in both libraries, and their optimisers."""
    rng = np.random.default_rng(0)
    starts = [rng.standard_normal(shape) for shape in shapes]
    ours = [Tensor(np.array(start), requires_grad=True) for start in starts]
    theirs = [torch.tensor(start, requires_grad=True) for start in starts]
    return ours, theirs, getattr(optim, name)(ours, **options), getattr(torch.optim, name)(theirs, **options)


def set_gradients(ours, theirs, rng, present=(True, True, True, True)):
    for mine, other, there in zip(ours, theirs, present):
        grad = np.array(rng.standard_normal(mine.shape) * 10.0 ** rng.integers(-3, 3))
        mine.grad = grad.copy() if there else None
        other.grad = torch.tensor(grad) if there else None


def assert_same(ours, theirs):
    for mine, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(mine.data, other.detach().numpy(), **SAME)


@over_configs
def test_100_steps_against_pytorch(name, options):
    ours, theirs, optimizer, reference = pair(name, options)
    rng = np.random.default_rng(1)
    for _ in range(100):
        set_gradients(ours, theirs, rng)
        optimizer.step()
        reference.step()
        assert_same(ours, theirs)


@over_configs
def test_parameters_whose_gradient_comes_and_goes(name, options):
    """A parameter without a gradient keeps its value and its state; one that comes late starts its own count."""
    ours, theirs, optimizer, reference = pair(name, options, shapes=[(3,), (3,), (3,)])
    rng = np.random.default_rng(1)
    for step in range(40):
        set_gradients(ours, theirs, rng, present=[True, step >= 20, step % 3 == 0])
        before = [p.data.copy() for p in ours]
        optimizer.step()
        reference.step()
        assert_same(ours, theirs)
        assert all((p.data == b).all() for p, b in zip(ours, before) if p.grad is None)


@pytest.mark.parametrize(("betas", "eps"), [((0.9, 0.999), 1e-8), ((0.0, 0.5), 0.1), ((0.7, 0.0), 1e-3)])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_adam_is_the_papers_algorithm(betas, eps, dtype):
    """Kingma & Ba 2015, algorithm 1, line for line, in float64; minae keeps sums in the place of its means."""
    rng = np.random.default_rng(0)
    w = rng.standard_normal((7, 3)).astype(dtype).astype(np.float64)
    parameter = Tensor(w.astype(dtype), requires_grad=True)
    optimizer = optim.Adam([parameter], lr=0.01, betas=betas, eps=eps)
    m, v = np.zeros_like(w), np.zeros_like(w)
    for t in range(1, 301):
        parameter.grad = (rng.standard_normal(w.shape) * 10.0 ** rng.integers(-3, 3)).astype(dtype)
        g = parameter.grad.astype(np.float64)
        optimizer.step()
        m = betas[0] * m + (1 - betas[0]) * g
        v = betas[1] * v + (1 - betas[1]) * g**2
        m_hat, v_hat = m / (1 - betas[0] ** t), v / (1 - betas[1] ** t)
        w = w - 0.01 * m_hat / (np.sqrt(v_hat) + eps)
    rounding = 1e-12 if dtype == "float64" else 300 * 2**-24
    np.testing.assert_allclose(parameter.data, w, rtol=rounding, atol=rounding)


@over_configs
def test_a_changed_learning_rate_counts_from_the_next_step(name, options):
    ours, theirs, optimizer, reference = pair(name, options)
    rng = np.random.default_rng(1)
    for step in range(10):
        optimizer.lr = reference.param_groups[0]["lr"] = 0.01 / (step + 1)
        set_gradients(ours, theirs, rng)
        optimizer.step()
        reference.step()
    assert_same(ours, theirs)


@over_configs
def test_what_an_optimiser_remembers_follows_its_parameters_to_another_dtype(name, options):
    """Begun in float32 and gone on with in float64: as in PyTorch, whose buffers are moved by hand."""
    layer, rng = nn.Linear(3, 2, rng=0), np.random.default_rng(0)
    theirs = [torch.tensor(p.numpy(), requires_grad=True) for p in layer.parameters()]
    ours, reference = getattr(optim, name)(layer.parameters(), **options), getattr(torch.optim, name)(theirs, **options)
    for dtype in ("float32", "float64", "float64"):
        layer.to(dtype=dtype)
        for mine, other in zip(layer.parameters(), theirs, strict=True):
            other.data = other.data.to(getattr(torch, dtype))
            for key, array in reference.state[other].items():
                if key != "step":
                    reference.state[other][key] = array.to(other.dtype)
            mine.grad = rng.standard_normal(mine.shape).astype(dtype)
            other.grad = torch.tensor(mine.grad)
        ours.step()
        reference.step()
    for mine, other in zip(layer.parameters(), theirs, strict=True):
        assert mine.dtype == np.float64
        np.testing.assert_allclose(mine.data, other.detach().numpy(), rtol=1e-6, atol=1e-7)  # begun in float32
    buffers = [array for key, array in ours.state_dict().items() if key not in ("lr", "steps")]
    assert all(array.dtype == np.float64 for array in buffers)


@over_configs
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_steps_are_in_place_and_leave_gradients_alone(name, options, dtype):
    rng = np.random.default_rng(0)
    parameters = [Tensor(rng.standard_normal(shape).astype(dtype), requires_grad=True) for shape in [(3,), (5, 2)]]
    parameters.append(Tensor(np.array(1.0, dtype), requires_grad=True))
    arrays = [p.data for p in parameters]
    optimizer = getattr(optim, name)(parameters, **options)
    for _ in range(3):
        for p in parameters:
            p.grad = np.array(rng.standard_normal(p.shape)).astype(dtype)
        gradients, copies = [p.grad for p in parameters], [p.grad.copy() for p in parameters]
        optimizer.step()
        assert all(p.data is array and p.dtype == dtype for p, array in zip(parameters, arrays))
        assert all(p.grad is g and (g == c).all() for p, g, c in zip(parameters, gradients, copies))
        for p in parameters:
            p.grad += 1.0  # what the user does with a gradient afterwards is not the optimiser's
    assert all(np.isfinite(p.data).all() for p in parameters)


@over_configs
def test_a_learning_rate_of_numpy_changes_nothing(name, options):
    arrays = []
    for kind in (float, np.float64):
        p = Tensor(np.ones(3, "float32"), requires_grad=True)
        optimizer = getattr(optim, name)([p], **{**options, "lr": kind(0.05)})
        for step in range(5):
            p.grad = np.array([1.0, -2.0, 0.5], "float32") * (step + 1)
            optimizer.step()
        arrays.append(p.data)
    np.testing.assert_allclose(arrays[0], arrays[1], rtol=1e-6)


@over_configs
def test_non_contiguous_parameters(name, options):
    base = np.ones((4, 6))
    view, plain = Tensor(base[::2, 1::2].T, requires_grad=True), Tensor(np.ones((3, 2)), requires_grad=True)
    grad = np.arange(6.0).reshape(3, 2)
    for p in (view, plain):
        optimizer = getattr(optim, name)([p], **options)
        for _ in range(3):
            p.grad = grad
            optimizer.step()
    np.testing.assert_array_equal(view.data, plain.data)
    np.testing.assert_array_equal(base[::2, 1::2].T, plain.data)


def test_zero_grad():
    p = Tensor(np.ones(3), requires_grad=True)
    optimizer = optim.SGD([p])
    (p * 2.0).sum().backward()
    optimizer.zero_grad()
    assert p.grad is None
    optimizer.step()
    np.testing.assert_array_equal(p.data, np.ones(3))


@pytest.mark.parametrize("name", ["SGD", "RMSprop", "Adam", "AdamW"])
def test_a_generator_of_parameters(name):
    p = Tensor(np.ones(3), requires_grad=True)
    assert getattr(optim, name)(x for x in [p]).params == [p]


@pytest.mark.parametrize(("name", "lr"), [("SGD", 0.2), ("RMSprop", 0.02), ("Adam", 0.1), ("AdamW", 0.1)])
def test_each_optimiser_finds_the_minimum(name, lr):
    p = Tensor(np.array([3.0, -2.0]), requires_grad=True)
    optimizer = getattr(optim, name)([p], lr=lr)
    for _ in range(500):
        optimizer.zero_grad()
        ((p - np.array([1.0, 0.5])) ** 2).sum().backward()
        optimizer.step()
    np.testing.assert_allclose(p.data, [1.0, 0.5], atol=0.02)


def make(name, **options):
    return getattr(optim, name)([Tensor(np.ones(3), requires_grad=True)], **options)


BAD = {
    "negative lr": (ValueError, lambda name: make(name, lr=-1.0), ["lr", "-1.0"]),
    "nan lr": (ValueError, lambda name: make(name, lr=float("nan")), ["lr", "nan"]),
    "infinite lr": (ValueError, lambda name: make(name, lr=float("inf")), ["lr", "inf"]),
    "lr a string": (TypeError, lambda name: make(name, lr="fast"), ["lr", "'fast'"]),
    "no parameters": (ValueError, lambda name: getattr(optim, name)([]), ["no parameters"]),
    "an array": (TypeError, lambda name: getattr(optim, name)([np.ones(3)]), ["Tensor", "ndarray"]),
    "one tensor": (TypeError, lambda name: getattr(optim, name)(Tensor(np.ones((2, 2)), True)), ["list", "Tensor"]),
    "a layer": (TypeError, lambda name: getattr(optim, name)(nn.Linear(2, 2)), ["parameters()", "Linear"]),
    "a network": (TypeError, lambda name: getattr(optim, name)(nn.Sequential(nn.Linear(2, 2))), ["Tensor"]),
    "a number": (TypeError, lambda name: getattr(optim, name)(3), ["int"]),
    "names and parameters": (
        TypeError,
        lambda name: getattr(optim, name)(nn.Linear(2, 2).named_parameters()),
        ["Tensor", "tuple"],
    ),
    "a result": (
        ValueError,
        lambda name: getattr(optim, name)([Tensor(np.ones(3), requires_grad=True) * 2.0]),
        ["leaf"],
    ),
}


@pytest.mark.parametrize("name", ["SGD", "RMSprop", "Adam", "AdamW"])
@pytest.mark.parametrize(("error", "call", "words"), BAD.values(), ids=BAD)
def test_bad_arguments(name, error, call, words):
    check(error, lambda: call(name), [name, *words])


def check(error, call, words):
    with pytest.raises(error) as caught:
        call()
    message = str(caught.value)
    assert "\n" not in message and [word for word in words if word not in message] == [], message


@pytest.mark.parametrize("name", ["SGD", "RMSprop", "Adam", "AdamW"])
def test_a_parameter_listed_twice(name):
    p = Tensor(np.ones(3), requires_grad=True)
    check(ValueError, lambda: getattr(optim, name)([p, p]), [name, "twice"])


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("SGD", {"momentum": -0.1}, ["momentum", "-0.1"]),
        ("SGD", {"weight_decay": -0.1}, ["weight_decay", "-0.1"]),
        ("AdamW", {"weight_decay": -0.1}, ["weight_decay", "-0.1"]),
        ("AdamW", {"betas": (1.0, 0.9)}, ["betas", "1.0"]),
        ("RMSprop", {"alpha": 1.0}, ["alpha", "1.0"]),
        ("RMSprop", {"alpha": -0.1}, ["alpha", "-0.1"]),
        ("RMSprop", {"eps": -1e-8}, ["eps", "-1e-08"]),
        ("Adam", {"betas": (1.0, 0.9)}, ["betas", "1.0"]),
        ("Adam", {"betas": (0.9, -0.1)}, ["betas", "-0.1"]),
        ("Adam", {"eps": -1.0}, ["eps", "-1.0"]),
    ],
    ids=lambda value: str(value),
)
def test_bad_options(name, options, words):
    check(ValueError, lambda: make(name, **options), [name, *words])


@pytest.mark.parametrize("betas", [0.9, (0.9,), (0.9, 0.99, 0.999)], ids=str)
def test_betas_are_two(betas):
    check((TypeError, ValueError), lambda: make("Adam", betas=betas), ["Adam", "betas", str(betas)])


# --- schedules --------------------------------------------------------------------------------------------------------

SCHEDULES = {
    "StepLR": ("StepLR", {"step_size": 3}),
    "StepLR, gamma": ("StepLR", {"step_size": 1, "gamma": 0.7}),
    "CosineAnnealingLR": ("CosineAnnealingLR", {"T_max": 7}),
    "CosineAnnealingLR, not to 0": ("CosineAnnealingLR", {"T_max": 20, "eta_min": 0.01}),
}
over_schedules = pytest.mark.parametrize(("name", "options"), SCHEDULES.values(), ids=SCHEDULES)


@over_schedules
def test_schedules_against_pytorch(name, options):
    ours, theirs, optimizer, reference = pair("SGD", {"lr": 0.3})
    schedule = getattr(optim, name)(optimizer, **options)
    expected = getattr(torch.optim.lr_scheduler, name)(reference, **options)
    for _ in range(25):
        np.testing.assert_allclose(optimizer.lr, reference.param_groups[0]["lr"], rtol=1e-12, atol=1e-15)
        set_gradients(ours, theirs, np.random.default_rng(0))
        optimizer.step(), reference.step()
        schedule.step(), expected.step()


@over_schedules
def test_a_resumed_schedule_sets_bitwise_the_same_rates(name, options):
    """Also where its optimiser was resumed before it, and so has no longer the rate of the beginning."""
    optimizer = make("Adam", lr=0.1)
    schedule, rates = getattr(optim, name)(optimizer, **options), []
    for epoch in range(20):
        if epoch == 9:
            states = optimizer.state_dict(), schedule.state_dict()
        rates.append(optimizer.lr)
        schedule.step()
    resumed = make("Adam", lr=0.2)
    resumed.load_state_dict(states[0])
    again = getattr(optim, name)(resumed, **options)
    again.load_state_dict(states[1])
    for rate in rates[9:]:
        assert resumed.lr == rate
        again.step()


@pytest.mark.parametrize(
    ("error", "call", "words"),
    [
        (TypeError, lambda: optim.StepLR(nn.Linear(2, 2), 3), ["StepLR", "an optimiser", "Linear"]),
        (ValueError, lambda: optim.StepLR(make("SGD"), 0), ["StepLR", "step_size", "0"]),
        (ValueError, lambda: optim.StepLR(make("SGD"), 2, gamma=-1), ["StepLR", "gamma", "-1"]),
        (ValueError, lambda: optim.CosineAnnealingLR(make("SGD"), 1.5), ["CosineAnnealingLR", "T_max", "1.5"]),
        (ValueError, lambda: optim.CosineAnnealingLR(make("SGD"), 5, -1), ["CosineAnnealingLR", "eta_min", "-1"]),
        (ValueError, lambda: optim.StepLR(make("SGD"), 5).load_state_dict({}), ["StepLR", "base_lr", "found {}"]),
    ],
)
def test_bad_schedules(error, call, words):
    check(error, call, words)


# --- clipping ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("max_norm", [0.0, 0.5, 3.0, 1e6])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_clipped_gradients_are_those_of_pytorch(max_norm, dtype):
    rng = np.random.default_rng(0)
    ours = [Tensor(np.zeros(shape, dtype), requires_grad=True) for shape in [*SHAPES, (4,)]]
    theirs = [torch.tensor(p.data, requires_grad=True) for p in ours]
    for p, q in zip(ours[:-1], theirs):  # the last has none
        p.grad = np.array(rng.standard_normal(p.shape)).astype(dtype)
        q.grad = torch.tensor(p.grad)
    length = nn.utils.clip_grad_norm_(ours, max_norm)
    expected = torch.nn.utils.clip_grad_norm_(theirs, max_norm)
    np.testing.assert_allclose(length.data, expected.numpy(), rtol=1e-6)
    for p, q in zip(ours[:-1], theirs):
        assert p.grad.dtype == dtype
        np.testing.assert_allclose(p.grad, q.grad.numpy(), rtol=1e-12 if dtype == "float64" else 1e-6)
    assert ours[-1].grad is None


def test_clipping_reads_nothing_from_the_device():
    p = Tensor(strict_device.asarray(np.array([3.0, 4.0], "float32")), requires_grad=True)
    p.grad = strict_device.asarray(np.array([30.0, 40.0], "float32"))
    with strict_device.count_reads() as reads:
        length = nn.utils.clip_grad_norm_([p], 5)
    assert reads.count == 0 and length.item() == 50
    np.testing.assert_allclose(p.grad.get(), [3, 4], rtol=1e-6)


def test_bad_calls_of_clipping():
    p = Tensor(np.ones(3), requires_grad=True)
    assert nn.utils.clip_grad_norm_(iter([p]), 1.0).item() == 0 and p.grad is None
    check(ValueError, lambda: nn.utils.clip_grad_norm_([p], -1), ["clip_grad_norm_", "max_norm", "-1"])
    check(TypeError, lambda: nn.utils.clip_grad_norm_([p], "a"), ["clip_grad_norm_", "max_norm", "'a'"])
    check(TypeError, lambda: nn.utils.clip_grad_norm_([np.ones(3)], 1), ["clip_grad_norm_", "Tensors", "ndarray"])
