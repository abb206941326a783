"""What must hold for every system that `minae train` knows."""

import numpy as np
import pytest

from minae import Tensor
from minae.backend import to_numpy
from minae.cli import main
from minae.cli import train as train_command
from minae.data import Split
from minae.models.registry import MODELS
from minae.training import evaluate
from tests import strict_device
from tests.models.melodies import random_melodies

# How `minae train NAME` trains if nothing else is asked for: README's figures were measured so, and whoever gives the
# same command later expects the same run.
VARIATIONAL = {"latent": 2, "beta": 1.0, "likelihood": "bernoulli", "variance": None}
MELODIES = {"beta": 0.02, "free_bits": 0.0, "word_dropout": 0.25, "warm_up": 500, "transpose": 5, "structure": "flat"}
DEFAULTS = {  # epochs, batch size, learning rate, decay, the model's own
    "ae": (20, 128, 1e-3, 1, {"hidden": (512, 128), "latent": 30}),
    "deep-ae": (60, 128, 2e-3, 0.9999, {"hidden": (1000, 500, 250), "latent": 30}),
    "conv-ae": (10, 128, 1e-3, 1, {}),
    "denoiser": (8, 64, 2e-3, 1, {"noise_mean": 0.5, "noise_std": 0.5}),
    "super-resolution": (5, 128, 1e-3, 1, {"factor": 2, "channels": 32}),
    "vae": (20, 128, 1e-3, 1, {"hidden": 512, **VARIATIONAL}),
    "conv-vae": (28, 64, 2e-3, 0.99995, VARIATIONAL),
    "iwae": (40, 100, 3e-3, 0.99986, {"k": 5, "hidden": (200, 200), "latent": 50, "gradient": "standard"}),
    "cvae": (20, 128, 1e-3, 1, {"hidden": 512, "latent": 2, "beta": 1.0}),
    "semi-vae": (
        20,
        128,
        1e-3,
        0.9997,
        {"hidden": 512, "code": 50, "code_hidden": 256, "latent": 10, "alpha": 30.0},
    ),
    "aae": (20, 128, 1e-3, 0.9996, {"hidden": 512, "latent": 2, "prior": "gaussian"}),
    "music-vae": (160, 32, 2e-3, 0.9993, {"bars": 2, "hidden": 128, "latent": 64, **MELODIES}),
}


@pytest.mark.parametrize("name", MODELS)
def test_each_is_trained_by_default_as_it_was_measured(name):
    recipe = MODELS[name]
    own = {option: known.default for option, known in recipe.options.items()}
    found = (recipe.epochs, recipe.batch_size, recipe.lr, recipe.decay, own)
    assert found == DEFAULTS[name]


@pytest.mark.parametrize("name", MODELS)
def test_a_class_builds_the_model_that_the_command_trains(name):
    """`minae.models.VAE()` without arguments is the model of `minae train vae`; deep-ae is another AE."""
    own = {option: known.default for option, known in MODELS[name].options.items()}
    arguments = MODELS[name].model(rng=0).arguments()
    shape = {"image_shape": (1, 28, 28)} if MODELS[name].examples == "images" else {}
    if name != "deep-ae":
        assert arguments == {**shape, **arguments, **own}


@pytest.mark.parametrize("name", MODELS)
def test_the_smallest_sizes_are_allowed(name):
    """A code of one number, a layer of one unit, enlargement by 2."""
    for option in MODELS[name].options.keys() & {"latent", "hidden", "channels", "k"}:
        assert MODELS[name].options[option].read("1") in (1, (1,))
    if name == "super-resolution":
        assert MODELS[name].options["factor"].read("2") == 2


@pytest.mark.parametrize("name", MODELS)
def test_the_seed_decides_every_weight(name):
    first, again, other = (MODELS[name].model(rng=seed).state_dict() for seed in (0, 0, 1))
    for key, weights in first.items():
        np.testing.assert_array_equal(weights, again[key], err_msg=key)
        assert weights.size == 1 or not weights.any() or not np.array_equal(weights, other[key]), key


def build(name, xp=np):
    """A small batch of digits-like images or of melodies, labels, and the system's default model, in library xp."""
    system = MODELS[name]
    config = {key: option.default for key, option in system.options.items()} | {"image_shape": (1, 28, 28)}
    model = system.build(config, rng=0)
    for parameter in model.parameters():
        parameter.data = xp.asarray(parameter.data)
    rng = np.random.default_rng(1)
    images = rng.random((6, 1, 28, 28), dtype=np.float32)
    if system.examples == "melodies":
        images = random_melodies(rng, 6)
    return model, Split(xp.asarray(images), xp.asarray(rng.integers(0, 10, 6)))


def train(name, xp, steps=1):
    model, data = build(name, xp)
    optimizers, rng = model.optimizers(1e-3), xp.random.default_rng(2)
    for _ in range(steps):
        losses = model.training_step(optimizers, Tensor(data.images), data.labels, rng)
    return model, losses


@pytest.mark.parametrize("name", MODELS)
def test_a_training_step_never_reads_from_the_device(name):
    with strict_device.count_reads() as reads:
        train(name, strict_device)
    assert reads.count == 0


@pytest.mark.parametrize("name", MODELS)
def test_a_training_step_on_the_device_equals_numpys(name):
    here, losses_here = train(name, np)
    there, losses_there = train(name, strict_device)
    assert losses_here.keys() == losses_there.keys()
    for key in losses_here:
        assert losses_there[key].item() == pytest.approx(losses_here[key].item(), rel=1e-5), key
    for (key, a), (_, b) in zip(here.named_parameters(), there.named_parameters(), strict=True):
        np.testing.assert_allclose(to_numpy(b.data), a.data, rtol=1e-4, atol=2e-5, err_msg=key)


@pytest.mark.parametrize("name", MODELS)
def test_training_keeps_float32_and_moves_every_parameter(name):
    before, _ = build(name)
    after, losses = train(name, np, steps=2)  # in the first, Adam's steps have one size, and two phases may cancel
    assert all(loss.dtype == np.float32 for loss in losses.values())
    for (key, old), (_, new) in zip(before.named_parameters(), after.named_parameters(), strict=True):
        assert new.dtype == np.float32, key
        assert not np.array_equal(old.data, new.data), key


@pytest.mark.parametrize("name", MODELS)
def test_evaluation_repeats_itself_with_its_seed(name):
    model, data = build(name)
    first, again = (evaluate(model, data, np.random.default_rng(3)) for _ in range(2))
    assert first == again
    assert all(np.isfinite(value) for value in first.values())


@pytest.mark.parametrize("name", MODELS)
def test_a_run_is_measured_on_other_data_against_baselines_that_learned_from_its_own(
    name, tmp_path, monkeypatch, capsys
):
    """Also where the other data has no training split at hand: Fashion-MNIST ships without its own."""
    monkeypatch.setattr(train_command, "_report", lambda *args: None)
    run = str(tmp_path / "run")
    assert main(["train", name, "--out", run, "--limit", "200", "--epochs", "1"]) == 0
    assert main(["evaluate", run]) == 0
    own = capsys.readouterr().out
    other = "fashion-mnist"
    if MODELS[name].examples == "melodies":
        other = str(tmp_path / "other.npz")
        np.savez(other, segments=random_melodies(np.random.default_rng(0), 30))
    assert main(["evaluate", run, "--data", other]) == 0
    assert "test: " in capsys.readouterr().out.replace(own, "")
