"""Module.summary: a model's layers, the shapes that they make, and how many parameters they have."""

import numpy as np
import pytest
import torch

from minae import Tensor
from minae.models.registry import MODELS
from minae.nn import (
    BatchNorm1d,
    Conv2d,
    ConvTranspose2d,
    Dropout,
    Flatten,
    Linear,
    Module,
    Parameter,
    ReLU,
    Sequential,
    Unflatten,
)
from tests import strict_device

PARAMETERS = {  # worked out by hand: (inputs + 1) x outputs for a linear layer, (inputs x kernel + 1) x outputs, ...
    "ae": 2 * (784 * 512 + 512 * 128 + 128 * 30) + (512 + 128 + 30) + (128 + 512 + 784),
    "deep-ae": 2 * (784 * 1000 + 1000 * 500 + 500 * 250 + 250 * 30)
    + (1000 + 500 + 250 + 30)
    + (250 + 500 + 1000 + 784),
    "conv-ae": 10 * 16 + 145 * 8 + 73 * 8 + 73 * 8 + 73 * 8 + 73 * 16 + 145 * 1,
    "denoiser": 26 * 32 + (32 * 25 + 1) * 64 + (64 * 36 * 32 + 32) + (32 * 36 + 1),
    "super-resolution": 10 * 32 + 2 * (32 * 9 + 1) * 32 + 32 * 16,
    "vae": 785 * 512 + 2 * 513 * 2 + 3 * 512 + 513 * 784,
    "conv-vae": 320 + 18_496 + 3137 * 128 + 2 * 129 * 2 + 3 * 3136 + (64 * 16 * 32 + 32) + (32 * 16 + 1),
    "iwae": 785 * 200 + 201 * 200 + 2 * 201 * 50 + 51 * 200 + 201 * 200 + 201 * 784,
    "cvae": (785 + 10) * 512 + 2 * 513 * 2 + (3 + 10) * 512 + 513 * 784,
    "semi-vae": (785 * 512 + 2 * 513 * 50 + 51 * 512 + 513 * 784)
    + (51 * 256 + 257 * 10)
    + (51 + 10) * 256
    + 2 * 257 * 10
    + (11 + 10) * 256
    + 2 * 257 * 50,
    "aae": 785 * 512 + 513 * 2 + 3 * 512 + 513 * 784 + 3 * 256 + 257 * 256 + 257,
    "music-vae": 2 * 3 * 128 * (63 + 128 + 2) + 2 * 257 * 64 + 65 * 256 + 3 * 256 * (127 + 256 + 2) + 257 * 63,
}


def table(text):
    """The rows of a summary, as lists of their columns."""
    heading, _, *rows, _, total = text.splitlines()
    starts = [heading.index(name) for name in ("layer", "output shape", "parameters") if name in heading]
    starts[-1] = len(heading) - 10  # this column stands to the right
    return [[row[a:b].strip() for a, b in zip([0, *starts], [*starts, None])] for row in rows], total


def test_a_small_model_as_it_is_shown():
    model = Sequential(
        Conv2d(1, 4, 3, stride=2, padding=1, rng=0), ReLU(), Flatten(), Sequential(Linear(16, 3, bias=False, rng=0))
    )
    assert model.summary((5, 1, 4, 4)).splitlines() == [
        "name  layer                                 output shape  parameters",
        "--------------------------------------------------------------------",
        "      Sequential                            (5, 3)",
        "0     Conv2d(1, 4, 3, stride=2, padding=1)  (5, 4, 2, 2)          40",
        "1     ReLU                                  (5, 4, 2, 2)           0",
        "2     Flatten                               (5, 16)                0",
        "3     Sequential                            (5, 3)",
        "  0   Linear(16, 3, bias=False)             (5, 3)                48",
        "--------------------------------------------------------------------",
        "88 parameters, 352 bytes",
    ]


@pytest.mark.parametrize("name", MODELS)
def test_every_system(name):
    system = MODELS[name]
    config = {key: option.default for key, option in system.options.items()} | {"image_shape": (1, 28, 28)}
    model = system.build(config, rng=0)
    labels = [np.array([1, 2])] if system.conditional and not system.labels else []  # semi-vae reads them
    melodies = Tensor(np.full((2, 32), 60, np.uint8))
    rows, total = table(model.summary((2, 1, 28, 28) if system.examples == "images" else melodies, *labels))
    expected = PARAMETERS[name]
    assert total == f"{expected:,} parameters, {4 * expected:,} bytes"
    assert sum(int(row[3].replace(",", "") or 0) for row in rows) == expected
    without_shape = [row[1] for row in rows if not row[2]]
    # a likelihood is no layer; AAE and MusicVAE have no forward(); of its VAE, SemiVAE calls encode() and decode()
    assert without_shape in ([], ["Bernoulli"], ["AAE"], ["MusicVAE"], ["VAE", "Bernoulli"])
    assert all("forward" not in vars(layer) for layer in modules(model))


def modules(value):
    children = value.children() if isinstance(value, Module) else enumerate(value) if isinstance(value, tuple) else ()
    yield from [value] if isinstance(value, Module) else []
    for _, child in children:
        yield from modules(child)


def test_shapes_and_counts_are_pytorchs():
    ours = Sequential(
        Conv2d(3, 8, (3, 5), stride=2, padding=1, rng=0),
        ReLU(),
        ConvTranspose2d(8, 4, 4, stride=2, padding=1, output_padding=1, bias=False, rng=0),
        Flatten(),
        Linear(4 * 17 * 15, 10, rng=0),
        Unflatten(1, (5, 2)),
    )
    theirs = torch.nn.Sequential(
        torch.nn.Conv2d(3, 8, (3, 5), stride=2, padding=1),
        torch.nn.ReLU(),
        torch.nn.ConvTranspose2d(8, 4, 4, stride=2, padding=1, output_padding=1, bias=False),
        torch.nn.Flatten(),
        torch.nn.Linear(4 * 17 * 15, 10),
        torch.nn.Unflatten(1, (5, 2)),
    )
    rows, total = table(ours.summary((2, 3, 16, 16)))
    x = torch.zeros(2, 3, 16, 16)
    for row, layer in zip(rows[1:], theirs, strict=True):
        x = layer(x)
        assert row[2] == str(tuple(x.shape))
        assert row[3] == f"{sum(p.numel() for p in layer.parameters()):,}"
    count = sum(p.numel() for p in theirs.parameters())
    assert total == f"{count:,} parameters, {4 * count:,} bytes"
    assert [row[1] for row in rows] == [
        "Sequential",
        "Conv2d(3, 8, (3, 5), stride=2, padding=1)",
        "ReLU",
        "ConvTranspose2d(8, 4, 4, stride=2, padding=1, output_padding=1, bias=False)",
        "Flatten",
        "Linear(1020, 10)",
        "Unflatten(1, (5, 2))",
    ]


class Shared(Module):
    """One layer under two names and called on two shapes, a parameter of its own, layers in a list and in a dict."""

    def __init__(self):
        self.first = Linear(2, 2, rng=0)
        self.again = self.first
        self.scale = Parameter(np.ones(3, np.float32))
        self.tied = Linear(2, 2, rng=1)
        self.tied.weight = self.first.weight
        self.blocks = [ReLU(), {"last": Sequential(Linear(2, 5, rng=2))}]

    def forward(self, x):
        x = self.tied(self.again(self.first(x)).reshape(-1, 2, 2).sum(axis=1))
        x = self.again(x)
        return self.blocks[1]["last"](self.blocks[0](x))


def test_shared_parameters_count_once():
    rows, total = table(Shared().summary((4, 2)))
    assert rows == [
        ["", "Shared", "(2, 5)", "3"],
        ["first", "Linear(2, 2)", "(4, 2) or (2, 2)", "6"],
        ["again", "Linear(2, 2)", "(4, 2) or (2, 2)", "shared"],
        ["tied", "Linear(2, 2)", "(2, 2)", "2 + shared"],
        ["blocks.0", "ReLU", "(2, 2)", "0"],
        ["blocks.1.last", "Sequential", "(2, 5)", ""],
        ["0", "Linear(2, 5)", "(2, 5)", "15"],
    ]
    assert total == "26 parameters, 104 bytes"


def test_without_an_input_there_are_no_shapes():
    text = Linear(3, 2, rng=0).summary()
    assert text.splitlines()[0].split() == ["name", "layer", "parameters"]
    assert text.splitlines()[2].split() == ["Linear(3,", "2)", "8"]
    assert " ConvTranspose2d(2, 3, 4) " in ConvTranspose2d(2, 3, 4, rng=0).summary()
    assert ReLU().summary().splitlines()[-1] == "0 parameters, 0 bytes"


def test_a_sample_may_be_given_and_the_models_dtype_and_device_are_kept():
    seen = []

    class Spy(Linear):
        def forward(self, x):
            seen.append(x)
            return super().forward(x)

    model = Spy(3, 2, rng=0)
    sample = Tensor(np.ones((7, 3), np.float32), requires_grad=True)
    assert table(model.summary(sample))[0][0][2] == "(7, 2)" and seen[-1] is sample
    assert table(model.summary(np.ones((6, 3), np.float32)))[0][0][2] == "(6, 2)"
    assert table(model.summary((0, 3)))[0][0][2] == "(0, 2)", "a batch of none"
    assert model.to(dtype="float64").summary((1, 3)).endswith("8 parameters, 64 bytes") and seen[-1].dtype == np.float64
    for parameter in model.parameters():
        parameter.data = strict_device.asarray(parameter.data)
    assert table(model.summary((5, 3)))[0][0][2] == "(5, 2)" and isinstance(seen[-1].data, strict_device.ndarray)


def test_nothing_is_recorded_or_left_behind():
    results = []

    class Keeping(Linear):
        def forward(self, x):
            results.append(super().forward(x))
            return results[-1]

    model = Sequential(Keeping(2, 2, rng=0))
    before = [dict(vars(layer)) for layer in modules(model)]
    model.summary((1, 2))
    with pytest.raises(ValueError, match="linear: expected x"):
        model.summary((1, 3))
    assert [vars(layer) for layer in modules(model)] == before
    assert len(results) == 1 and not results[0].requires_grad
    assert all(parameter.grad is None for parameter in model.parameters())
    assert model(Tensor(np.ones((1, 2), np.float32))).requires_grad


@pytest.mark.parametrize(
    "inputs, error, text",
    [
        (([1, 3],), TypeError, r"summary: expected a shape, such as \(1, 1, 28, 28\), or a Tensor, found list"),
        ((3,), TypeError, "found int"),
        (((1, -3),), ValueError, r"summary: expected a shape of whole numbers, .* found \(1, -3\)"),
        (((1, 3.0),), ValueError, r"found \(1, 3.0\)"),
        (((1, 3), 4), TypeError, r"summary: too many positional arguments; give all that Linear.forward\(x\) needs"),
        (((1, 4),), ValueError, "linear: expected x"),
    ],
)
def test_wrong_inputs(inputs, error, text):
    with pytest.raises(error, match=text):
        Linear(3, 2, rng=0).summary(*inputs)


def test_what_forward_needs_besides_is_asked_for():
    model = MODELS["cvae"].build({"image_shape": (1, 4, 4)}, rng=0)
    with pytest.raises(
        TypeError, match=r"'labels'; give all that CVAE.forward\(x, labels, eps, rng\) needs: summary\("
    ):
        model.summary((1, 1, 4, 4))


def test_several_shapes():
    class Add(Module):
        def forward(self, x, y):
            return x + y, {"not": "an array"}

    assert table(Add().summary((1, 3), (2, 1)))[0] == [["", "Add", "(2, 3), dict", "0"]]


def test_a_model_without_a_forward_says_so():
    with pytest.raises(NotImplementedError, match=r"Module has no forward\(\)"):
        Module().summary((1,))


def test_to_look_at_a_model_changes_nothing():
    """Its running means, its noise, and which of its layers are trained."""
    model = Sequential(Linear(3, 4, rng=0), BatchNorm1d(4), Dropout(0.5, rng=np.random.default_rng(0)))
    model[1].eval()
    before = model.state_dict()
    assert "(1, 4)" in model.summary((1, 3))
    assert [layer.training for layer in model] == [True, False, True] and model.training
    assert all((array == before[name]).all() for name, array in model.state_dict().items())
    assert model[2].rng.random() == np.random.default_rng(0).random()
