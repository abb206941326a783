"""minae.save and minae.load: the same model comes back, of minae's classes or of one's own; and bad files are told."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy

import minae
from minae import Tensor, models, nn, optim
from minae.models import (
    AAE,
    AE,
    CVAE,
    IWAE,
    VAE,
    Classifier,
    ConvAE,
    ConvVAE,
    Denoiser,
    MusicVAE,
    SemiVAE,
    SuperResolution,
)
from minae.support.errors import FileError
from minae.training.old_states import as_written_now

OLD_RUNS = Path(__file__).parents[1] / "fixtures" / "runs_of_version_0.1.0"

MODELS = {
    "AE": lambda: AE((1, 6, 5), hidden=(7, 3), latent=2, rng=0),
    "VAE": lambda: VAE((1, 6, 5), hidden=7, latent=3, beta=0.5, likelihood="gaussian", variance=0.1, rng=0),
    "VAE, learned variance": lambda: VAE((1, 6, 5), hidden=7, likelihood="gaussian-learned", rng=0),
    "ConvAE": lambda: ConvAE((1, 12, 20), rng=0),
    "ConvVAE": lambda: ConvVAE((2, 8, 12), latent=3, rng=0),
    "IWAE": lambda: IWAE((1, 6, 5), hidden=(7, 3), latent=2, k=3, gradient="doubly-reparameterised", rng=0),
    "CVAE": lambda: CVAE((1, 6, 5), hidden=7, classes=4, rng=0),
    "SemiVAE": lambda: SemiVAE((1, 6, 5), 7, code=3, code_hidden=5, latent=2, alpha=2.0, classes=4, rng=0),
    "AAE": lambda: AAE((1, 6, 5), hidden=7, prior="ring", rng=0),
    "Denoiser": lambda: Denoiser((1, 8, 12), noise_std=0.2, rng=0),
    "SuperResolution": lambda: SuperResolution((1, 9, 6), factor=3, channels=4, rng=0),
    "Classifier": lambda: Classifier((1, 6, 5), hidden=(7, 5), classes=3, rng=0),
    "MusicVAE": lambda: MusicVAE(1, hidden=5, latent=3, beta=0.5, free_bits=2.0, word_dropout=0.5, rng=0),
    "MusicVAE, hierarchical": lambda: MusicVAE(2, hidden=5, latent=3, structure="hierarchical", rng=0),
    "Sequential": lambda: nn.Sequential(
        nn.Conv2d(1, 3, (2, 3), stride=2, padding=(1, 0), bias=False, rng=0),
        nn.LeakyReLU(0.3),
        nn.MaxPool2d(2, padding=1),
        nn.Upsample(scale_factor=(1, 2)),
        nn.AvgPool2d(2, stride=1),
        nn.ConvTranspose2d(3, 2, 3, stride=2, output_padding=1, rng=0),
        nn.Flatten(),
        nn.Sequential(nn.Linear(4, 6, rng=0), nn.Tanh(), nn.Sigmoid(), nn.ReLU()),
        nn.Unflatten(1, (2, 3)),
    ),
}


class Own(nn.Module):
    """What somebody writes for themselves: with a module and a number among its arguments."""

    def __init__(self, body, width, rng=None):
        self.body = body
        self.width = width
        self.head = nn.Linear(width, 2, rng=rng)

    def forward(self, x):
        return self.head(self.body(x))


class Forgetful(nn.Module):
    def __init__(self, width):
        self.layer = nn.Linear(width, width, rng=0)


def same_weights(a, b):
    assert a.state_dict().keys() == b.state_dict().keys()
    for name, array in a.state_dict().items():
        np.testing.assert_array_equal(array, b.state_dict()[name])


@pytest.mark.parametrize("name", MODELS)
def test_the_same_model_comes_back(name, tmp_path):
    model = MODELS[name]()
    minae.save(model, tmp_path / "model.safetensors")
    again = minae.load(tmp_path / "model.safetensors")
    assert type(again) is type(model) and repr(again) == repr(model)
    same_weights(model, again)
    if not isinstance(model, nn.Sequential):
        assert again.arguments() == model.arguments()


def test_every_model_of_minae_is_tried():
    own = {kind for kind in vars(models).values() if isinstance(kind, type) and issubclass(kind, nn.Module)}
    assert own - {models.Model, models.Autoencoder} == {type(make()) for make in MODELS.values()} - {nn.Sequential}


def test_it_computes_the_same(tmp_path):
    model, x = MODELS["VAE"](), Tensor(np.random.default_rng(0).random((3, 1, 6, 5)).astype(np.float32))
    minae.save(model, tmp_path / "m")
    np.testing.assert_array_equal(minae.load(tmp_path / "m").reconstruct(x).numpy(), model.reconstruct(x).numpy())


def test_other_libraries_read_the_weights(tmp_path):
    minae.save(nn.Linear(3, 2, rng=0), tmp_path / "m")
    assert {name: x.shape for name, x in safetensors.numpy.load_file(tmp_path / "m").items()} == {
        "weight": (2, 3),
        "bias": (2,),
    }


def test_a_class_of_ones_own(tmp_path):
    model = Own(nn.Sequential(nn.Linear(3, 4, rng=0), nn.ReLU()), 4, rng=0)
    minae.save(model, tmp_path / "m")
    same_weights(minae.load(tmp_path / "m", Own), model)
    with pytest.raises(FileError, match=r"asks for the class 'Own', which is not minae's: name it, as in load\(path"):
        minae.load(tmp_path / "m")


def test_a_class_that_forgets_its_arguments_is_saved_all_the_same(tmp_path):
    model = Forgetful(3)
    minae.save(model, tmp_path / "m")
    with pytest.raises(FileError, match=r"does not say how the model is built: make one, and load\(path, into=model"):
        minae.load(tmp_path / "m", Forgetful)
    other = Forgetful(3)
    other.layer.weight.data[...] = 0
    assert minae.load(tmp_path / "m", into=other) is other
    same_weights(other, model)
    with pytest.raises(AttributeError, match=r"Forgetful does not keep its argument 'width': write self.width = width"):
        model.arguments()


# --- what cannot be saved or loaded -----------------------------------------------------------------------------------


def test_only_modules_are_saved(tmp_path):
    with pytest.raises(TypeError, match="save: expected a Module, found dict"):
        minae.save({}, tmp_path / "m")


def test_where_nothing_can_be_written(tmp_path):
    with pytest.raises(FileError, match=r"missing/m: cannot be written \(No such file or directory\)"):
        minae.save(nn.Linear(2, 2, rng=0), tmp_path / "missing" / "m")


def test_a_file_that_was_there_survives_a_failed_save(tmp_path, monkeypatch):
    path = tmp_path / "m"
    minae.save(nn.Linear(2, 2, rng=0), path)
    before = path.read_bytes()
    monkeypatch.setattr("os.replace", lambda *args: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(FileError, match="No space left"):
        minae.save(nn.Linear(2, 2, rng=1), path)
    assert path.read_bytes() == before and list(tmp_path.iterdir()) == [path]


def header(path, description):
    safetensors.numpy.save_file({"weight": np.zeros((2, 2), np.float32)}, path, {"minae": description})


@pytest.mark.parametrize(
    "description",
    [
        "{",
        "3",
        "null",
        "{}",
        '{"class": 3}',
        '{"class": "Linear"}',
        '{"class": "Linear", "arguments": 3}',
        '{"class": "Linear", "arguments": {}}',
        '{"class": "Linear", "arguments": {"in_features": 2, "out_features": 2}}',
        '{"class": "Linear", "arguments": {"in_features": 2, "out_features": 3, "bias": false}}',
        '{"class": "Linear", "arguments": {"in_features": "x", "out_features": 2, "bias": false}}',
        '{"class": "Linear", "arguments": {"inputs": 2}}',
        '{"class": "Linear", "arguments": {"in_features": 100000, "out_features": 100000, "bias": false}}',
        '{"class": "Sequential", "layers": 3}',
        '{"class": "Sequential", "layers": ["x"]}',
        '{"class": "ReLU", "layers": [1]}',
        '{"class": "Module", "arguments": {}}',
        '{"class": "os.system", "arguments": {}}',
        "[" * 100_000,
    ],
    ids=range(19),
)
def test_a_damaged_description_is_told(description, tmp_path):
    header(tmp_path / "m", description)
    with pytest.raises(FileError, match="expected the weights of a model") as told:
        minae.load(tmp_path / "m")
    assert str(told.value).startswith(f"{tmp_path / 'm'}: ") and len(str(told.value)) < 500


def test_no_more_memory_is_taken_than_the_file_has_weights_and_some_to_spare(tmp_path):
    header(tmp_path / "m", '{"class": "Linear", "arguments": {"in_features": 5000, "out_features": 4000}}')
    with pytest.raises(FileError, match=r"asks for weights of shape \(4000, 5000\), more than it holds"):
        minae.load(tmp_path / "m")


@pytest.mark.parametrize("content", [b"", b"x", b"\0" * 100])
def test_what_is_not_safetensors(content, tmp_path):
    (tmp_path / "m").write_bytes(content)
    with pytest.raises(FileError, match="m: expected the weights of a model"):
        minae.load(tmp_path / "m")


def test_what_is_not_there(tmp_path):
    with pytest.raises(FileError, match="m: expected the weights of a model, found none"):
        minae.load(tmp_path / "m")
    with pytest.raises(FileError, match=r"model.safetensors: expected the weights of a model, found none"):
        minae.load(tmp_path)


def test_into_a_model_that_they_do_not_fit(tmp_path):
    minae.save(nn.Linear(2, 2, rng=0), tmp_path / "m")
    with pytest.raises(FileError, match=r"weight has shape \(2, 2\), expected \(3, 3\)"):
        minae.load(tmp_path / "m", into=nn.Linear(3, 3, rng=0))


# --- what version 0.1.0 has written -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "kind"), [("vae", VAE), ("conv-ae", ConvAE)])
def test_runs_of_the_version_before(name, kind, tmp_path, capsys):
    """The folder, the weights in it, and going on with its training."""
    from minae.cli import main

    run = tmp_path / name
    shutil.copytree(OLD_RUNS / name, run)
    assert type(minae.load(run)) is type(minae.load(run / "model.safetensors")) is kind
    metrics = json.loads((run / "metrics.json").read_text())["test"]
    assert main(["evaluate", str(run)]) == 0
    told = metrics.get("negative_elbo", metrics["reconstruction"])
    assert f"{told:.2f} nats per image" in capsys.readouterr().out
    assert main(["train", name, "--resume", str(run), "--epochs", "3"]) == 0
    out = capsys.readouterr().out
    assert "epochs 1 to 2 are done already" in out and "trained 1 epochs in " in out
    assert len((run / "history.csv").read_text().splitlines()) == 1 + 3


def test_adams_means_become_sums():
    """A step from an old state is the step that the paper's m and v make."""
    rng = np.random.default_rng(0)
    m, v, w, g = (rng.random((3, 5)) for _ in range(4))
    parameter = Tensor(w.copy(), requires_grad=True)
    optimizer = optim.Adam([parameter], lr=0.1)
    old = {"lr": np.array(0.1), "steps": np.array([6]), "mean.0": m, "square.0": v}
    optimizer.load_state_dict(as_written_now(optimizer, old))
    parameter.grad = g
    optimizer.step()
    m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
    expected = w - 0.1 * (m / (1 - 0.9**7)) / (np.sqrt(v / (1 - 0.999**7)) + 1e-8)
    np.testing.assert_allclose(parameter.data, expected, rtol=1e-12)


def test_other_states_are_as_they_were():
    parameter = Tensor(np.ones(3), requires_grad=True)
    for optimizer in (optim.Adam([parameter]), optim.RMSprop([parameter]), optim.SGD([parameter], momentum=0.9)):
        state = optimizer.state_dict()
        renewed = as_written_now(optimizer, state)
        assert renewed.keys() == state.keys() and all(renewed[name] is state[name] for name in state)


def test_their_weights_alone_go_into_a_model(tmp_path):
    shutil.copy(OLD_RUNS / "vae" / "model.safetensors", tmp_path / "m")
    with pytest.raises(FileError, match="does not say how the model is built"):
        minae.load(tmp_path / "m")
    model = minae.load(tmp_path / "m", into=VAE(hidden=4, latent=2))
    same_weights(model, minae.load(OLD_RUNS / "vae"))
