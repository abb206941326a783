"""What is seen while something is trained: the running loss, the bar, the lengths of gradients."""

import io

import numpy as np
import pytest

from minae import nn
from minae.data import Dataset, Split
from minae.models import AAE, CVAE
from minae.training import baselines
from minae.training.progress import GradientNorms, Progress
from minae.training.shares import Alone


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_the_bar_has_the_running_loss_and_counts_batches(monkeypatch):
    monkeypatch.setattr("sys.stderr", Terminal())
    with Progress(epochs=4, steps=10, done=2) as progress:
        progress.begin_epoch(3)
        for loss in (1.0, 2.0, 2.0):
            progress.after_step(loss)
        assert progress.loss == pytest.approx(0.99 * 1.01 + 0.01 * 2)
        assert (progress.bar.n, progress.bar.total, progress.bar.unit) == (23, 40, "batch")
        assert progress.bar.desc == "epoch 3/4: " and progress.bar.postfix == "loss=1.0"


def test_a_bar_on_a_terminal_is_not_followed_by_lines_too(monkeypatch, capsys):
    monkeypatch.setattr("sys.stderr", Terminal())
    with Progress(epochs=1, steps=1, done=0) as progress:
        progress.end_epoch({"epoch": 1, "train_loss": 2.0})
    assert capsys.readouterr().out == ""


def test_elsewhere_a_line_says_the_losses_of_an_epoch(capsys):
    with Progress(epochs=3, steps=1, done=0) as progress:
        progress.begin_epoch(2)
        progress.after_step(5.0)
        progress.end_epoch({"epoch": 2, "train_loss": 1.23456, "train_kl": 9.0, "test_loss": 2.0})
    assert capsys.readouterr().out == "epoch 2/3: train_loss 1.235, test_loss 2\n"


def test_gradients_are_the_mean_length_of_every_twentieth_steps():
    """Steps 0, 20 and 40; of weights, not of biases; a weight that no loss depends on has none."""
    model = nn.Sequential(nn.Linear(2, 1, rng=0), nn.Linear(1, 3, rng=0))
    norms = GradientNorms(model, Alone())
    for step in range(41):
        model[0].weight.grad = np.array([[3.0, 4.0]]) * step**2
        norms.after_step()
    assert norms.means() == {"0.weight": pytest.approx(5 * (20**2 + 40**2) / 3), "1.weight": 0}


class Bar:
    """In place of tqdm."""

    def __init__(self, total, **options):
        self.total, self.options, self.updates = total, options, 0

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        pass

    def update(self):
        self.updates += 1


@pytest.fixture
def bars(monkeypatch):
    made = []
    monkeypatch.setattr("tqdm.tqdm", lambda **options: made.append(Bar(**options)) or made[-1])
    return made


def digits(count=20, classes=3):
    rng = np.random.default_rng(0)
    return Split(rng.random((count, 1, 4, 4), dtype=np.float32), rng.integers(classes, size=count))


def test_the_bar_of_a_baseline_names_it_and_ends_when_it_is_trained(bars):
    baselines.trained_classifier(digits(), seed=0, classes=3)
    baselines.plain_autoencoder(AAE((1, 4, 4), hidden=3, rng=0), digits(), seed=0)
    assert [bar.total for bar in bars] == [bar.updates for bar in bars] == [9, 5]
    assert [bar.options["desc"] for bar in bars] == ["the classifier", "a plain autoencoder"]
    assert all(bar.options["unit"] == "epoch" and bar.options["disable"] for bar in bars)


def test_the_classifier_slows_down_and_has_the_classes_that_are_asked_for(bars, monkeypatch):
    rates = []

    def train_epochs(model, optimizers, examples, epochs, **options):
        rates.extend(epochs * [optimizers[0].lr])
        return ()

    monkeypatch.setattr(baselines, "train_epochs", train_epochs)
    assert baselines.trained_classifier(digits(), seed=0, classes=3).classes == 3
    assert baselines.trained_classifier(digits(), seed=0).classes == 10, "of MNIST"
    assert rates == 2 * (6 * [1e-3] + 3 * [2e-4])


def test_the_plain_autoencoder_has_the_sizes_of_the_model_that_it_is_compared_with(bars):
    model = AAE((1, 4, 4), hidden=3, latent=2, prior="ring", rng=0)
    plain = baselines.plain_autoencoder(model, digits(), seed=0)
    assert plain.arguments() == model.arguments()
    before = AAE((1, 4, 4), hidden=3, latent=2, rng=0).state_dict()
    moved = {name for name, array in plain.state_dict().items() if not np.array_equal(array, before[name])}
    assert {name.partition(".")[0] for name in moved} == {"encoder", "decoder"}, "there is no game"


@pytest.mark.parametrize(
    ("name", "given"), [("vae", set()), ("aae", {"plain"}), ("cvae", {"classifier"}), ("semi-vae", {"classifier"})]
)
def test_which_report_needs_which(name, given, bars):
    model = (CVAE if "classifier" in given else AAE)((1, 4, 4), hidden=3, rng=0)
    data = Dataset("mnist")
    data.train = digits()
    assert set(baselines.baselines(name, model, data, {"seed": 0})) == given
