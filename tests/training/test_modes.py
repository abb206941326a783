"""Models with batch normalisation and dropout: trained in one mode, measured in the other, resumed, saved."""

import numpy as np
import pytest

import minae
from minae import functional as F
from minae import models, nn, optim
from minae.training import evaluate

IMAGES = np.random.default_rng(0).random((50, 1, 3, 3)).astype("float32")


class Net(models.Model):
    def __init__(self, width=8, rng=None):
        rng = np.random.default_rng(rng)
        self.width = width
        self.layers = nn.Sequential(
            nn.Flatten(), nn.Linear(9, width, rng=rng), nn.BatchNorm1d(width), nn.ReLU(), nn.Dropout(0.3, rng=rng),
            nn.Linear(width, 9, rng=rng), nn.LayerNorm(9), nn.Unflatten(1, (1, 3, 3)),
        )  # fmt: skip
        self.seen = []

    def forward(self, x):
        return self.layers(x)

    def losses(self, x, labels=None, rng=None):
        self.seen.append(self.training)
        return {"loss": F.mse_loss(self(x), x)}


def trained(**options):
    model = Net(rng=0)
    history = minae.fit(model, IMAGES, validation=IMAGES[:20], batch_size=16, progress=False, **options)
    return model, history


def same(first, second):
    states = first.state_dict(), second.state_dict()
    assert list(states[0]) == list(states[1])
    return all(array.tobytes() == states[1][name].tobytes() for name, array in states[0].items())


def test_fit_trains_in_one_mode_and_measures_in_the_other():
    model, history = trained(epochs=2)
    assert model.seen == 2 * [*4 * [True], False] and not any(module.training for module in model.modules())
    assert model.layers[2].num_batches_tracked.item() == 8
    rest = evaluate(model, (IMAGES[:20], None), None)["loss"]
    assert rest == history["validation_loss"][-1] and rest == evaluate(model, (IMAGES[:20], None), None)["loss"]


def test_fit_leaves_evaluation_mode_however_it_ends():
    model = Net(rng=0)
    model.layers[1].weight.data[...] = np.nan
    with pytest.raises(minae.support.errors.DivergenceError):
        minae.fit(model, IMAGES, epochs=1, progress=False)
    assert not model.training


def test_a_resumed_run_is_the_uninterrupted_one(tmp_path):
    """Also in what its layers drop, and in its buffers."""
    whole, history = trained(epochs=4)
    trained(epochs=2, folder=tmp_path)
    resumed, continued = trained(epochs=4, folder=tmp_path, resume=True)
    assert same(whole, resumed) and continued == history
    assert not same(whole, trained(epochs=4, seed=1)[0])


@pytest.mark.parametrize("kind", [optim.StepLR, optim.CosineAnnealingLR])
def test_a_run_with_a_schedule_is_resumed_exactly(kind, tmp_path):
    def run(epochs, **options):
        model = Net(rng=0)
        optimizer = optim.AdamW(model.parameters(), lr=0.01)
        schedule = kind(optimizer, 3)
        minae.fit(
            model,
            IMAGES,
            epochs=epochs,
            batch_size=16,
            optimizer=optimizer,
            schedule=schedule,
            progress=False,
            **options,
        )
        return model, optimizer.lr

    whole, lr = run(5)
    run(2, folder=tmp_path)
    resumed, again = run(5, folder=tmp_path, resume=True)
    assert same(whole, resumed) and lr == again < 0.01
    with pytest.raises(minae.support.errors.FileError, match="expected a checkpoint of this run's training"):
        trained(epochs=2, folder=tmp_path / "other")
        run(3, folder=tmp_path / "other", resume=True)


def test_a_schedule_of_another_optimiser():
    model = Net(rng=0)
    for schedule, error, told in [
        (3, TypeError, "found int"),
        (optim.StepLR(optim.SGD(model.parameters()), 2), ValueError, "`optimizer`"),
    ]:
        with pytest.raises(error, match=rf"^fit: .*{told}"):
            minae.fit(model, IMAGES, schedule=schedule)


def test_a_loaded_model_has_its_buffers_and_can_be_trained_on(tmp_path):
    model, _ = trained(epochs=1)
    minae.save(model, tmp_path / "net")
    loaded = minae.load(tmp_path / "net", Net)
    assert same(model, loaded) and not loaded.training
    x = minae.Tensor(IMAGES)
    np.testing.assert_array_equal(loaded(x).numpy(), model(x).numpy())
    loaded.train()
    assert (loaded(x).numpy() != loaded(x).numpy()).any()  # its dropout has noise of its own again
    into = Net(rng=1)
    assert minae.load(tmp_path / "net", into=into) is into and same(model, into) and not into.training


def test_a_row_of_layers_can_be_saved_by_itself(tmp_path):
    net = nn.Sequential(
        nn.BatchNorm2d(4, 1e-3, 0.2, affine=False), nn.GroupNorm(2, 4), nn.LayerNorm((4, 2), bias=False),
        nn.Dropout(0.25), nn.Softmax(1), nn.BatchNorm1d(3), nn.Embedding(5, 3, rng=0), nn.GELU("tanh"), nn.SiLU(),
    )  # fmt: skip
    net[0].running_var.data[...] = [1, 2, 3, 4]
    minae.save(net, tmp_path / "net")
    loaded = minae.load(tmp_path / "net")
    assert repr(loaded) == repr(net) and same(loaded, net)
