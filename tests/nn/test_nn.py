"""minae.nn: parameters found by walking, PyTorch's names and layouts, initialisation, and what is refused."""

import copy
import math
import re

import numpy as np
import pytest
import torch

from minae import Tensor, nn
from tests import strict_device

SAME = {"rtol": 1e-12, "atol": 1e-13}  # one formula twice in float64, values of order 1


def small_net(rng=0):
    return nn.Sequential(
        nn.Flatten(), nn.Linear(12, 7, rng=rng), nn.ReLU(), nn.Linear(7, 5, bias=False, rng=rng), nn.LeakyReLU(0.2),
        nn.Linear(5, 12, rng=rng), nn.Tanh(), nn.Linear(12, 12, rng=rng), nn.Sigmoid(), nn.Unflatten(1, (3, 2, 2)),
    )  # fmt: skip


def torch_net():
    return torch.nn.Sequential(
        torch.nn.Flatten(), torch.nn.Linear(12, 7), torch.nn.ReLU(), torch.nn.Linear(7, 5, bias=False),
        torch.nn.LeakyReLU(0.2), torch.nn.Linear(5, 12), torch.nn.Tanh(), torch.nn.Linear(12, 12), torch.nn.Sigmoid(),
        torch.nn.Unflatten(1, (3, 2, 2)),
    )  # fmt: skip


class Nested(nn.Module):
    """Every kind of place where a parameter may stand."""

    def __init__(self):
        self.scale = nn.Parameter(np.ones(2, "float32"))
        self.blocks = [nn.Linear(2, 3, rng=0), (nn.Linear(3, 2, rng=1), nn.ReLU())]
        self.heads = {"mu": nn.Linear(2, 1, rng=2), "log_var": nn.Linear(2, 1, rng=3)}
        self.nothing, self.number, self.constant = None, 3, Tensor(np.ones(2))
        self.inner = nn.Sequential(nn.Tanh(), nn.Linear(1, 1, rng=4))

    def forward(self, x):
        return x * self.scale


NESTED_NAMES = [
    "scale", "blocks.0.weight", "blocks.0.bias", "blocks.1.0.weight", "blocks.1.0.bias",
    "heads.mu.weight", "heads.mu.bias", "heads.log_var.weight", "heads.log_var.bias", "inner.1.weight", "inner.1.bias",
]  # fmt: skip


# ---- weights move to PyTorch and back ---------------------------------------------------------------------


def test_weights_move_to_pytorch():
    ours, theirs = small_net(), torch_net()
    theirs.load_state_dict({name: torch.from_numpy(array) for name, array in ours.state_dict().items()}, strict=True)
    x = np.random.default_rng(1).standard_normal((4, 3, 2, 2)).astype("float32")
    # float32 sums of at most 12 products of order 1
    np.testing.assert_allclose(ours(Tensor(x)).data, theirs(torch.from_numpy(x)).detach().numpy(), rtol=2e-6, atol=2e-7)


def test_weights_come_from_pytorch():
    ours, theirs = small_net().to(dtype="float64"), torch_net().double()
    ours.load_state_dict(theirs.state_dict())
    x = np.random.default_rng(1).standard_normal((4, 3, 2, 2))
    np.testing.assert_allclose(ours(Tensor(x)).data, theirs(torch.from_numpy(x)).detach().numpy(), **SAME)


def test_names_shapes_dtypes_and_order_are_those_of_pytorch():
    ours, theirs = small_net(), torch_net()
    described = [(name, array.shape, str(array.dtype)) for name, array in ours.state_dict().items()]
    assert described == [(n, tuple(a.shape), str(a.dtype)[6:]) for n, a in theirs.state_dict().items()]
    assert [name for name, _ in ours.named_parameters()] == [name for name, _ in theirs.named_parameters()]


def test_lists_and_dicts_have_the_names_of_module_lists_and_dicts():
    ours = nn.Module()
    ours.blocks = [nn.Linear(2, 3), nn.Linear(3, 2)]
    ours.heads = {"mu": nn.Linear(2, 1)}
    theirs = torch.nn.Module()
    theirs.blocks = torch.nn.ModuleList([torch.nn.Linear(2, 3), torch.nn.Linear(3, 2)])
    theirs.heads = torch.nn.ModuleDict({"mu": torch.nn.Linear(2, 1)})
    assert list(ours.state_dict()) == list(theirs.state_dict())


def test_a_round_trip_is_bitwise():
    first, second = small_net(rng=0), small_net(rng=1)
    second.load_state_dict(first.state_dict())
    assert all(a.data.tobytes() == b.data.tobytes() for a, b in zip(first.parameters(), second.parameters()))


# ---- state_dict and load_state_dict -----------------------------------------------------------------------


def test_state_dict_holds_copies():
    net = small_net()
    state = net.state_dict()
    before = net.parameters()[0].data.copy()
    state["1.weight"] += 1
    np.testing.assert_array_equal(net.parameters()[0].data, before)


def test_load_state_dict_copies_in_place():
    """The optimiser keeps the parameters: they stay the same objects, in the same memory and dtype."""
    net = small_net()
    parameters, arrays = net.parameters(), [p.data for p in net.parameters()]
    state = {name: array.astype("float64") + 1 for name, array in net.state_dict().items()}
    net.load_state_dict(state)
    assert all(a is b for a, b in zip(net.parameters(), parameters))
    assert all(p.data is array and p.dtype == np.float32 for p, array in zip(parameters, arrays))
    assert all(p.grad is None and p.requires_grad for p in parameters)
    np.testing.assert_array_equal(net.state_dict()["7.bias"], state["7.bias"].astype("float32"))
    state["7.bias"] += 1
    assert (net.state_dict()["7.bias"] != state["7.bias"]).all()


def test_load_state_dict_lists_all_that_is_wrong_and_loads_nothing():
    net = small_net()
    before = {name: array.copy() for name, array in net.state_dict().items()}
    state = {name: array + 1 for name, array in before.items()}
    del state["1.bias"], state["3.weight"]
    state["5.weight"] = np.ones((2, 2))
    state["decoder.bias"] = np.ones(1)
    with pytest.raises(ValueError) as caught:
        net.load_state_dict(state)
    message = str(caught.value)
    for words in ["Sequential", "1.bias is missing", "3.weight is missing", "decoder.bias is unknown"]:
        assert words in message
    assert "5.weight has shape (2, 2), expected (12, 5)" in message and "\n" not in message
    assert all((array == before[name]).all() for name, array in net.state_dict().items())


def test_load_state_dict_takes_tensors():
    net, state = nn.Linear(3, 2, rng=0), nn.Linear(3, 2, rng=1).state_dict()
    net.load_state_dict({name: Tensor(array) for name, array in state.items()})
    np.testing.assert_array_equal(net.weight.data, state["weight"])


# ---- finding parameters -----------------------------------------------------------------------------------


def test_lists_dicts_tuples_and_modules_are_walked_in_order():
    net = Nested()
    assert [name for name, _ in net.named_parameters()] == NESTED_NAMES
    assert list(net.state_dict()) == NESTED_NAMES
    assert [id(p) for p in net.parameters()] == [id(p) for _, p in net.named_parameters()]
    net.load_state_dict(net.state_dict())


def test_a_shared_parameter_is_one_parameter_with_two_names():
    net = nn.Module()
    net.encoder, net.decoder = nn.Linear(3, 3, rng=0), nn.Linear(3, 3, rng=1)
    net.decoder.weight = net.encoder.weight
    assert [name for name, _ in net.named_parameters()] == ["encoder.weight", "encoder.bias", "decoder.bias"]
    assert len(net.parameters()) == 3
    assert list(net.state_dict()) == ["encoder.weight", "encoder.bias", "decoder.weight", "decoder.bias"]
    net.decoder(net.encoder(Tensor(np.ones((1, 3), "float32")))).sum().backward()
    assert net.decoder.weight.grad is net.encoder.weight.grad is not None


def test_a_shared_layer_is_walked_once():
    layer = nn.Linear(3, 3, rng=0)
    assert len(nn.Sequential(layer, nn.ReLU(), layer).parameters()) == 2


def test_a_module_that_holds_its_parent_is_refused_by_name():
    parent = nn.Module()
    parent.child = nn.Module()
    parent.child.all = [parent]
    for walk in (parent.parameters, parent.state_dict, parent.summary):
        with pytest.raises(ValueError, match=r"^Module: child\.all\.0 holds the module again"):
            walk()
    assert repr(parent) == "Module(\n  (child): Module(\n    (all.0): ...\n  )\n)"


def test_a_plain_tensor_is_no_parameter():
    net = nn.Module()
    net.buffer = Tensor(np.ones(2), requires_grad=True)
    assert net.parameters() == [] and net.state_dict() == {}


def test_zero_grad_forgets_gradients():
    net = small_net()
    net(Tensor(np.ones((2, 12), "float32"))).sum().backward()
    assert all(p.grad is not None for p in net.parameters())
    net.zero_grad()
    assert all(p.grad is None for p in net.parameters())


def test_to_changes_the_dtype_in_place():
    net = small_net()
    parameters, before = net.parameters(), net.state_dict()
    assert net.to(dtype="float64") is net
    assert all(a is b for a, b in zip(net.parameters(), parameters))
    assert all(p.dtype == np.float64 and p.requires_grad for p in parameters)
    assert all((array == before[name]).all() for name, array in net.state_dict().items())
    assert net.to("cpu").parameters()[0].dtype == np.float64


@pytest.mark.parametrize("dtype", ["int64", "bool", "complex64"])
def test_to_a_dtype_without_gradients_is_refused(dtype):
    with pytest.raises(TypeError, match=dtype):
        nn.Linear(2, 3).to(dtype=dtype)


def test_a_copy_is_independent():
    net = small_net()
    twin = copy.deepcopy(net)
    twin.parameters()[0].data += 1
    assert (net.parameters()[0].data != twin.parameters()[0].data).all()


# ---- initialisation ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("fan_in", "fan_out"), [(300, 200), (7, 5000), (1, 9000)])
def test_initial_weights_are_uniform_within_their_bound(fan_in, fan_out):
    """Moments of n uniform draws in ±b, at 5 sigma: E u = 0, E u² = b²/3, Var u² = 4 b⁴/45, E u⁴ = b⁴/5."""
    layer = nn.Linear(fan_in, fan_out, rng=5)
    bound = 1 / math.sqrt(fan_in)
    for values in (layer.weight.data, layer.bias.data):
        assert values.dtype == np.float32
        assert np.abs(values).max() <= np.float32(bound)
        u = values.astype("float64").ravel() / bound
        assert abs(u.mean()) < 5 * math.sqrt(1 / 3 / u.size)
        assert abs((u**2).mean() - 1 / 3) < 5 * math.sqrt(4 / 45 / u.size)
        assert abs((u**4).mean() - 1 / 5) < 5 * math.sqrt((1 / 9 - 1 / 25) / u.size)


@pytest.mark.parametrize(
    ("make", "fan_in"),
    [
        (lambda: nn.Conv2d(5, 400, (2, 3), rng=5), 5 * 2 * 3),
        (lambda: nn.ConvTranspose2d(400, 5, (2, 3), rng=5), 5 * 2 * 3),
        (lambda: nn.ConvTranspose2d(3, 700, 4, rng=5), 700 * 4 * 4),
    ],
    ids=["conv", "transposed", "transposed, many outputs"],
)
def test_so_are_those_of_convolutions(make, fan_in):
    """The largest of n uniform draws falls short of the bound by a share of about 1/n."""
    layer, bound = make(), 1 / math.sqrt(fan_in)
    for values in (layer.weight.data, layer.bias.data):
        assert bound * (1 - 30 / values.size) < np.abs(values).max() <= np.float32(bound)
    u = layer.weight.data.astype("float64").ravel() / bound
    assert abs((u**2).mean() - 1 / 3) < 5 * math.sqrt(4 / 45 / u.size)


@pytest.mark.parametrize("fan_in", [1, 7, 300])
def test_the_bound_is_that_of_pytorch(fan_in):
    torch.manual_seed(0)
    theirs, ours = torch.nn.Linear(fan_in, 20_000), nn.Linear(fan_in, 20_000, rng=0)
    for name in ("weight", "bias"):
        largest = getattr(theirs, name).detach().abs().max().item()
        assert abs(np.abs(getattr(ours, name).data).max() / largest - 1) < 2e-3  # 12 / 20,000 would be 8 sigma


def test_one_seed_one_network():
    first, again, other = small_net(rng=3), small_net(rng=3), small_net(rng=4)
    assert all(a.data.tobytes() == b.data.tobytes() for a, b in zip(first.parameters(), again.parameters()))
    assert all((a.data != b.data).all() for a, b in zip(first.parameters(), other.parameters()))


def test_a_generator_goes_on_from_layer_to_layer():
    rng = np.random.default_rng(0)
    first, second = nn.Linear(4, 4, rng=rng), nn.Linear(4, 4, rng=rng)
    assert (first.weight.data != second.weight.data).all() and (first.weight.data[0] != first.bias.data).all()
    assert (nn.Linear(4, 4).weight.data != nn.Linear(4, 4).weight.data).all()


# ---- layers -----------------------------------------------------------------------------------------------


def test_flatten_and_unflatten():
    x = Tensor(np.arange(24.0).reshape(2, 3, 2, 2))
    flat = nn.Flatten()(x)
    assert flat.shape == (2, 12)
    np.testing.assert_array_equal(nn.Unflatten(1, (3, 2, 2))(flat).data, x.data)
    assert nn.Flatten(2)(x).shape == (2, 3, 4)
    assert nn.Unflatten(-1, (1, 2))(x).shape == (2, 3, 2, 1, 2)
    assert nn.Unflatten(0, (2, 1))(x).shape == (2, 1, 3, 2, 2)
    assert nn.Unflatten(1, (3, -1))(flat).shape == (2, 3, 4)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: nn.Unflatten(2, (2, 3))(Tensor(np.ones((6, 6)))), ["Unflatten", "2", "(6, 6)"]),
        (lambda: nn.Unflatten(-3, (2, 3))(Tensor(np.ones((6, 6)))), ["Unflatten", "-3", "(6, 6)"]),
        (lambda: nn.Unflatten(1, (2, 4))(Tensor(np.ones((6, 6)))), ["6"]),
        (lambda: nn.Flatten(3)(Tensor(np.ones((6, 6)))), ["flatten", "3"]),
        (lambda: nn.Linear(3, 2)(Tensor(np.ones((6, 6), "float32"))), ["linear", "(6, 6)", "(2, 3)"]),
        (lambda: nn.Linear(0, 2), ["Linear", "in_features", "0"]),
        (lambda: nn.Linear(3, -2), ["Linear", "out_features", "-2"]),
        (lambda: nn.Linear(3.0, 2), ["Linear", "in_features", "3.0"]),
        (lambda: nn.Linear("3", 2), ["Linear", "in_features", "'3'"]),
    ],
    ids="dim+ dim- sizes start_dim features zero negative float string".split(),
)
def test_bad_sizes_are_named(call, words):
    with pytest.raises(ValueError) as caught:
        call()
    message = str(caught.value)
    assert "\n" not in message and [word for word in words if word not in message] == [], message


def test_a_module_without_forward_says_its_name():
    class Unfinished(nn.Module):
        pass

    with pytest.raises(NotImplementedError, match="Unfinished"):
        Unfinished()(1)


def test_float64_data_for_a_float32_layer_is_refused():
    with pytest.raises(TypeError, match=r"linear: .*x \(2, 3\) float64, weight \(4, 3\) float32"):
        nn.Linear(3, 4)(Tensor(np.ones((2, 3))))


def test_sequential_is_a_sequence_of_its_layers():
    net = small_net()
    assert len(net) == 10 and isinstance(net[2], nn.ReLU) and isinstance(net[-1], nn.Unflatten)


def test_repr_shows_the_tree():
    assert repr(nn.Linear(3, 4, bias=False)) == "Linear(in_features=3, out_features=4, bias=False)"
    assert repr(nn.Sequential(nn.Linear(3, 4), nn.Sequential(nn.ReLU()))) == (
        "Sequential(\n"
        "  (0): Linear(in_features=3, out_features=4, bias=True)\n"
        "  (1): Sequential(\n"
        "    (0): ReLU()\n"
        "  )\n"
        ")"
    )


def test_a_long_name_in_a_file_is_cut_off_at_80_letters():
    layer = nn.Linear(1, 1, rng=0)
    for name, shown in (("a" * 80, "a" * 80), ("a" * 81, "'" + "a" * 79), ("a\nb", r"'a\nb'")):
        with pytest.raises(ValueError, match=f"[ :;]{re.escape(shown)} is unknown"):
            layer.load_state_dict(layer.state_dict() | {name: np.zeros(1)})


def test_repr_shows_layers_in_lists_and_dicts():
    text = repr(Nested())
    for words in ["in_features=3, out_features=2", "ReLU()", "mu", "log_var"]:
        assert words in text


# ---- buffers, and training and evaluation mode ------------------------------------------------------------


def normalised_net():
    return nn.Sequential(
        nn.Conv2d(1, 4, 3, rng=0), nn.BatchNorm2d(4), nn.ReLU(), nn.Flatten(), nn.Linear(16, 5, rng=1),
        nn.BatchNorm1d(5), nn.Dropout(0.5, rng=2), nn.LayerNorm(5), nn.Unflatten(1, (5, 1)), nn.GroupNorm(1, 5),
    )  # fmt: skip


def torch_normalised_net():
    return torch.nn.Sequential(
        torch.nn.Conv2d(1, 4, 3), torch.nn.BatchNorm2d(4), torch.nn.ReLU(), torch.nn.Flatten(), torch.nn.Linear(16, 5),
        torch.nn.BatchNorm1d(5), torch.nn.Dropout(0.5), torch.nn.LayerNorm(5), torch.nn.Unflatten(1, (5, 1)),
        torch.nn.GroupNorm(1, 5),
    )  # fmt: skip


IMAGES = np.random.default_rng(1).standard_normal((3, 6, 1, 4, 4))


def test_buffers_move_to_pytorch_and_back():
    """A few steps of training on each side; then the other side, in use, says the same."""
    ours, theirs = normalised_net().to(dtype="float64"), torch_normalised_net().double()
    described = [(name, array.shape, str(array.dtype)) for name, array in ours.state_dict().items()]
    assert described == [(n, tuple(a.shape), str(a.dtype)[6:]) for n, a in theirs.state_dict().items()]
    for images in IMAGES:
        ours(Tensor(images))
    theirs.load_state_dict({name: torch.from_numpy(array) for name, array in ours.state_dict().items()}, strict=True)
    for found, expected in [(ours, theirs), (normalised_net().to(dtype="float64"), theirs)]:
        theirs(torch.from_numpy(IMAGES[0]))
        found.load_state_dict(theirs.state_dict())
        found.eval(), expected.eval()
        y = expected(torch.from_numpy(IMAGES[1])).detach().numpy()
        np.testing.assert_allclose(found(Tensor(IMAGES[1])).data, y, **SAME)
        theirs.train()
    assert ours.state_dict()["1.num_batches_tracked"] == 4


def test_train_and_eval_reach_every_layer():
    class Model(nn.Module):
        def __init__(self):
            self.layers = {"a": [nn.Dropout(0.5), nn.Sequential(nn.BatchNorm1d(2))]}
            self.shared = self.layers["a"][0]

    model = Model()
    layers = [model, model.shared, model.layers["a"][1], model.layers["a"][1][0]]
    assert model.modules() == layers and all(layer.training for layer in layers)
    assert model.eval() is model and not any(layer.training for layer in layers)
    assert model.train() is model and all(layer.training for layer in layers)
    model.train(False)
    assert not any(layer.training for layer in layers)


def test_in_use_nothing_is_random_and_nothing_changes():
    net = normalised_net().eval()
    x, before = Tensor(IMAGES[0].astype("float32")), net.state_dict()
    assert net(x).numpy().tobytes() == net(x).numpy().tobytes()
    assert all((array == before[name]).all() for name, array in net.state_dict().items())
    net.train()
    assert net(x).numpy().tobytes() != net(x).numpy().tobytes()
    assert net.state_dict()["1.num_batches_tracked"] == 2 and (net.state_dict()["1.running_mean"] != 0).all()


def test_buffers_are_not_learned():
    layer = nn.BatchNorm1d(3)
    assert [name for name, _ in layer.named_parameters()] == ["weight", "bias"]
    assert [name for name, _ in layer.named_buffers()] == ["running_mean", "running_var", "num_batches_tracked"]
    layer(Tensor(IMAGES[0, :, 0, 0, :3].astype("float32"))).sum().backward()
    assert all(buffer.grad is None and not buffer.requires_grad for buffer in layer.buffers())
    assert "6 parameters" in layer.summary()


def test_buffers_follow_to_another_dtype_but_counts_stay_whole():
    layer = nn.BatchNorm1d(3).to(dtype="float64")
    assert [buffer.dtype for buffer in layer.buffers()] == ["float64", "float64", "int64"]
    twin = copy.deepcopy(layer)
    twin(Tensor(IMAGES[0, :, 0, 0, :3]))
    assert layer.num_batches_tracked.item() == 0 and (layer.running_mean.data == 0).all()


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("num_batches_tracked", np.array(1.5), "num_batches_tracked has dtype float64, expected whole numbers"),
        ("running_mean", np.ones(3, int), "running_mean has dtype int64, expected a floating one"),
        ("running_var", np.full(3, np.nan), "running_var holds values that are not finite float32"),
        ("running_var", np.ones(2), r"running_var has shape \(2,\), expected \(3,\)"),
    ],
)
def test_buffers_that_do_not_fit(name, value, words):
    layer = nn.BatchNorm1d(3)
    with pytest.raises(ValueError, match=words):
        layer.load_state_dict(layer.state_dict() | {name: value})


def test_dropout_draws_anew_at_every_call_from_its_own_seed():
    x = Tensor(np.ones((4, 50), "float32"))
    first, again = nn.Dropout(0.5, rng=3), nn.Dropout(0.5, rng=3)
    masks = [first(x).numpy(), first(x).numpy()]
    assert (masks[0] != masks[1]).any() and set(np.unique(masks)) == {0, 2}
    np.testing.assert_array_equal(masks, [again(x).numpy(), again(x).numpy()])


def test_dropout_on_the_device():
    """From a seed, a generator of the device; a generator of the host serves a device, too."""
    x = Tensor(strict_device.asarray(np.ones((4, 50), "float32")))
    for rng in (3, np.random.default_rng(3)):
        layer = nn.Dropout(0.5, rng=rng)
        assert set(np.unique(layer(x).numpy())) == {0, 2}
    assert isinstance(nn.Dropout(rng=None)(x).data, strict_device.ndarray)
