"""minae.fit: arrays in, a trained model and its history out; checkpoints, resuming, and what is refused."""

import numpy as np
import pytest
from safetensors.numpy import load_file

import minae
from minae import Tensor, nn
from minae import functional as F
from minae.models import AAE, CVAE, VAE, Model
from minae.optim import SGD, Adam
from minae.support.errors import DivergenceError, FileError
from minae.training import checkpoint
from tests import strict_device


class Line(Model):
    """y = w x + b on pairs (x, y): no images at all."""

    def __init__(self, rng=0):
        self.layer = nn.Linear(1, 1, rng=rng)

    def losses(self, x, labels=None, rng=None):
        return {"loss": F.mse_loss(self.layer(x), Tensor(labels))}


def points(count=200, seed=0):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((count, 1)).astype(np.float32)
    return x, 3 * x + 1


def images(count=24, seed=0):
    return np.random.default_rng(seed).random((count, 1, 6, 5)).astype(np.float32)


def small_vae():
    return VAE((1, 6, 5), hidden=7, latent=2, rng=0)


def weights(model):
    return {name: array.copy() for name, array in model.state_dict().items()}


def same(a, b):
    return a.keys() == b.keys() and all(np.array_equal(a[name], b[name]) for name in a)


# --- training ---------------------------------------------------------------------------------------------------------


def test_a_line_is_found():
    model = Line()
    history = minae.fit(model, *points(), epochs=40, lr=0.05, batch_size=20, progress=False)
    assert model.layer.weight.item() == pytest.approx(3, abs=1e-3)
    assert model.layer.bias.item() == pytest.approx(1, abs=1e-3)
    assert history["train_loss"][-1] < 1e-5 < history["train_loss"][0]


def test_the_history_is_plain_numbers_one_for_every_epoch():
    history = minae.fit(small_vae(), images(), validation=images(5, 1), epochs=3, batch_size=10, progress=False)
    assert history["epoch"] == [1, 2, 3]
    names = {f"{kind}_{loss}" for kind in ("train", "validation") for loss in ("loss", "reconstruction", "kl")}
    gradients = {f"gradient_{name}" for name, weight in small_vae().named_parameters() if weight.ndim > 1}
    assert set(history) == {"epoch"} | names | gradients
    assert all(len(column) == 3 and all(type(x) in (int, float) for x in column) for column in history.values())


def test_validation_is_measured_and_not_learned_from():
    a, b = small_vae(), small_vae()
    minae.fit(a, images(), epochs=2, progress=False)
    history = minae.fit(b, images(), validation={"near": images(7, 1), "far": images(7, 2)}, epochs=2, progress=False)
    assert same(weights(a), weights(b))
    assert history["near_loss"] != history["far_loss"]


def test_same_seed_same_run_and_another_seed_another():
    runs = []
    for seed in (0, 0, 1):
        model = small_vae()
        minae.fit(model, images(), epochs=2, batch_size=7, seed=seed, progress=False)
        runs.append(weights(model))
    assert same(runs[0], runs[1]) and not same(runs[0], runs[2])


def test_labels_reach_the_model():
    x, labels = images(), np.arange(24) % 3
    model = CVAE((1, 6, 5), hidden=5, classes=3, rng=0)
    history = minae.fit(model, x, labels, validation=(x, labels), epochs=1, progress=False)
    assert np.isfinite(history["validation_loss"]).all()
    with pytest.raises(ValueError, match="expected one label for each"):
        minae.fit(model, x, epochs=1, progress=False)


def test_all_of_a_model_s_optimisers_step():
    model = AAE((1, 6, 5), hidden=5, rng=0)
    before = weights(model)
    minae.fit(model, images(), epochs=1, batch_size=6, progress=False)
    assert not any(np.array_equal(before[name], array) for name, array in weights(model).items())


def test_an_optimiser_of_ones_own():
    one, listed, own = Line(), Line(), Line()
    minae.fit(one, *points(), epochs=1, optimizer=SGD(one.parameters(), lr=0.1), progress=False)
    minae.fit(listed, *points(), epochs=1, optimizer=[SGD(listed.parameters(), lr=0.1)], progress=False)
    minae.fit(own, *points(), epochs=1, progress=False)
    assert same(weights(one), weights(listed)) and not same(weights(one), weights(own))


def test_the_learning_rate_decays_after_every_step():
    model = Line()
    optimizer = Adam(model.parameters(), lr=0.1)
    minae.fit(model, *points(60), epochs=2, batch_size=20, decay=0.5, optimizer=optimizer, progress=False)
    assert optimizer.lr == pytest.approx(0.1 * 0.5**6)


@pytest.mark.parametrize("form", ["list", "tensor", "float64", "fortran"])
def test_whatever_holds_the_numbers(form):
    x, y = points(30)
    given = {
        "list": (x.tolist(), y.tolist()),
        "tensor": (Tensor(x), Tensor(y)),
        "float64": (x.astype(np.float64), y.astype(np.float64)),
        "fortran": (np.asfortranarray(x), np.asfortranarray(y)),
    }[form]
    a, b = Line(), Line()
    minae.fit(a, x, y, epochs=1, progress=False)
    minae.fit(b, *given, epochs=1, progress=False)
    assert same(weights(a), weights(b))


def test_images_are_taken_as_people_have_them():
    """Bytes, without an axis for the channel, or with it at the end: the same images, the same run."""
    pixels = np.random.default_rng(0).integers(0, 256, (24, 6, 5), dtype=np.uint8)
    floats = (pixels[:, None] / 255).astype(np.float32)
    runs = []
    for given in (floats, pixels[:, None], pixels, pixels[..., None], floats[:, 0], floats.astype(np.float64)):
        model = small_vae()
        minae.fit(model, given, validation=given, epochs=1, batch_size=24, progress=False)
        runs.append(weights(model))
    assert all(same(runs[0], run) for run in runs)


def test_on_the_strict_device():
    model = VAE((1, 6, 5), hidden=7, rng=0)
    for parameter in model.parameters():
        parameter.data = strict_device.asarray(parameter.data)
    history = minae.fit(model, images(), validation=images(5, 1), epochs=2, batch_size=10, progress=False)
    assert np.isfinite(history["train_loss"] + history["validation_loss"]).all()


class Counted(Line):
    def training_step(self, optimizers, x, labels, rng):
        self.batches = [*getattr(self, "batches", []), len(x)]
        return super().training_step(optimizers, x, labels, rng)


@pytest.mark.parametrize(
    ("count", "batch_size", "batches"),
    [(3, None, [3]), (128, None, [128]), (129, None, [128, 1]), (300, None, [128, 128, 44]), (5, 2, [2, 2, 1])],
)
def test_batches_are_of_128_if_nothing_else_is_asked_for(count, batch_size, batches):
    model = Counted()
    minae.fit(model, *points(count), epochs=1, batch_size=batch_size, progress=False)
    assert model.batches == batches


def test_without_a_terminal_a_line_an_epoch_and_none_if_none_is_wanted(capsys):
    minae.fit(Line(), *points(), epochs=2)
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert err == "" and len(lines) == 2 and lines[0].startswith("epoch 1/2: train_loss ")
    minae.fit(Line(), *points(), epochs=2, progress=False)
    assert capsys.readouterr() == ("", "")


# --- checkpoints ------------------------------------------------------------------------------------------------------


def test_a_resumed_run_is_bitwise_the_uninterrupted_one(tmp_path):
    whole, part = small_vae(), small_vae()
    told = minae.fit(whole, images(), epochs=5, batch_size=7, progress=False)
    minae.fit(part, images(), epochs=2, batch_size=7, folder=tmp_path, progress=False)
    again = VAE((1, 6, 5), hidden=7, latent=2, rng=99)  # another beginning: the checkpoint has the weights
    history = minae.fit(again, images(), epochs=5, batch_size=7, folder=tmp_path, resume=True, progress=False)
    assert same(weights(again), weights(whole)) and history == told
    assert same(weights(minae.load(tmp_path)), weights(whole))


def test_what_is_kept_is_not_overwritten_by_accident(tmp_path):
    minae.fit(Line(), *points(), epochs=1, folder=tmp_path, progress=False)
    with pytest.raises(FileError, match=r"holds a checkpoint already; choose another folder, or resume=True"):
        minae.fit(Line(), *points(), epochs=1, folder=tmp_path, progress=False)
    minae.fit(Line(), *points(), epochs=1, folder=tmp_path, overwrite=True, progress=False)


def test_nothing_to_resume(tmp_path):
    with pytest.raises(FileError, match="expected a checkpoint of this run's training"):
        minae.fit(Line(), *points(), folder=tmp_path, resume=True, progress=False)
    with pytest.raises(ValueError, match="resume=True needs the folder to resume from"):
        minae.fit(Line(), *points(), resume=True, progress=False)


def test_a_checkpoint_of_another_model(tmp_path):
    minae.fit(Line(), *points(), epochs=1, folder=tmp_path, progress=False)
    with pytest.raises(FileError, match="expected a checkpoint"):
        minae.fit(small_vae(), images(), folder=tmp_path, resume=True, progress=False)


class Stopped(Line):
    """An interrupt in its seventh step."""

    def training_step(self, *args):
        self.taken = getattr(self, "taken", 0) + 1
        if self.taken == 7:
            raise KeyboardInterrupt
        return super().training_step(*args)


def test_an_interrupt_says_what_is_kept_and_how_to_go_on(tmp_path):
    with pytest.raises(KeyboardInterrupt, match=f"{tmp_path} keeps epoch 3") as told:
        minae.fit(Stopped(), *points(40), epochs=9, batch_size=20, folder=tmp_path, progress=False)
    assert told.value.__notes__ == [f"fit(..., folder={str(tmp_path)!r}, resume=True) goes on."]
    assert len(minae.fit(Line(), *points(40), epochs=4, folder=tmp_path, resume=True, progress=False)["epoch"]) == 4


@pytest.mark.parametrize("place", [1, 2, 3])
def test_an_interrupt_while_files_are_written_leaves_them_all_of_one_epoch(place, tmp_path, monkeypatch):
    model = small_vae()
    keep = checkpoint.Keeper(tmp_path, model, model.optimizers(1e-3))
    keep.begin(resume=False, overwrite=False)
    write, written = checkpoint.write_whole, []

    def interrupted(path, content):
        written.append(path.name)
        if len(written) == place:
            raise KeyboardInterrupt
        write(path, content)

    monkeypatch.setattr(checkpoint, "write_whole", interrupted)
    for parameter in model.parameters():
        parameter.data += 1
    with pytest.raises(KeyboardInterrupt):
        keep.checkpoint([{"loss": 2.0}])
    assert checkpoint.epochs_done(tmp_path) == 1
    assert (tmp_path / "history.csv").read_text().splitlines() == ["loss", "2.0"]
    assert same(load_file(tmp_path / "model.safetensors"), model.state_dict())


def test_divergence_is_told_with_what_is_kept(tmp_path):
    with pytest.raises(
        DivergenceError, match=r"diverged in epoch 2: the loss became nan at step 1; .* keeps epoch 1\n"
    ) as told:
        minae.fit(small_vae(), images(), lr=1e9, epochs=9, folder=tmp_path, progress=False)
    assert "Try a smaller lr than 1e+09" in "".join(told.value.__cause__.__notes__)


# --- refusals ---------------------------------------------------------------------------------------------------------

NAN = np.full((4, 1), np.nan, np.float32)
REFUSED = {
    "no model": (lambda: minae.fit(nn.Linear(1, 1), points()[0]), TypeError, "expected a minae.models.Model"),
    "a class": (lambda: minae.fit(Line, points()[0]), TypeError, "expected a minae.models.Model"),
    "a number": (lambda: minae.fit(Line(), 3), TypeError, "inputs must be an array"),
    "a text": (lambda: minae.fit(Line(), "nothing"), ValueError, "nothing: expected mnist, .* found no such file"),
    "objects": (lambda: minae.fit(Line(), np.array([None])), TypeError, "inputs must be an array"),
    "nothing": (lambda: minae.fit(Line(), np.empty((0, 1))), ValueError, "inputs are empty"),
    "objects for images": (
        lambda: minae.fit(small_vae(), np.full((4, 1, 6, 5), None)),
        TypeError,
        r"inputs must be an array \(N, ...\) of numbers, found object",
    ),
    "no images": (lambda: minae.fit(small_vae(), images()[:0]), ValueError, r"inputs are empty, of shape \(0, 1, 6, 5"),
    "images of another size": (
        lambda: minae.fit(small_vae(), images()[:, :, 1:]),
        ValueError,
        r"inputs: VAE takes images of shape \(1, 6, 5\), found \(1, 5, 5\)",
    ),
    "values above 1": (lambda: minae.fit(small_vae(), 2 * images()), ValueError, r"in \[0, 1\], found .* to 1\.9"),
    "NaN": (lambda: minae.fit(Line(), NAN, NAN), ValueError, "inputs hold NaN or infinity"),
    "NaN in labels": (lambda: minae.fit(Line(), points(4)[0], NAN), ValueError, "the labels of inputs hold NaN"),
    "NaN in validation": (
        lambda: minae.fit(Line(), *points(), validation=(NAN, NAN)),
        ValueError,
        "validation hold NaN",
    ),
    "few labels": (lambda: minae.fit(Line(), points(5)[0], points(4)[1]), ValueError, "found 5 and shape"),
    "0 epochs": (lambda: minae.fit(Line(), *points(), epochs=0), ValueError, "fit: epochs"),
    "half an epoch": (lambda: minae.fit(Line(), *points(), epochs=0.5), ValueError, "fit: epochs"),
    "a batch of 0": (lambda: minae.fit(Line(), *points(), batch_size=0), ValueError, "fit: batch_size"),
    "a huge batch": (lambda: minae.fit(Line(), *points(), batch_size=201), ValueError, "number of inputs, 200"),
    "a negative rate": (lambda: minae.fit(Line(), *points(), lr=-1), ValueError, "lr"),
    "growing rates": (lambda: minae.fit(Line(), *points(), decay=1.5), ValueError, "decay"),
    "a seed of -1": (lambda: minae.fit(Line(), *points(), seed=-1), ValueError, "fit: seed"),
    "an optimiser's name": (lambda: minae.fit(Line(), *points(), optimizer="adam"), TypeError, "optimizer must be"),
    "no optimisers": (lambda: minae.fit(Line(), *points(), optimizer=[]), TypeError, "optimizer must be"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name):
    call, kind, message = REFUSED[name]
    with pytest.raises(kind, match=message):
        call()
