"""What is said of how long training takes, by a clock of the test's own."""

import itertools
from types import SimpleNamespace

import numpy as np
import pytest

import minae
from minae.cli import main
from minae.cli import train as train_command
from minae.data import Split
from minae.measures import probe as probe_measure
from minae.models.registry import MODELS
from minae.support import forecast
from minae.support.forecast import LEAST, LONG
from minae.training import baselines, progress
from minae.training.estimate import Estimate, announce, announcement

IMAGES = np.random.default_rng(0).random((40, 1, 8, 8), dtype=np.float32)
TRAIN = ["train", "vae", "--limit", "400", "--hidden", "8", "--epochs"]


def ticking(monkeypatch, seconds):
    """A clock that has moved on by so many seconds whenever it is read."""
    ticks = itertools.count()
    clock = SimpleNamespace(perf_counter=lambda: seconds * next(ticks))
    monkeypatch.setattr(forecast, "time", clock)


def small_vae():
    return minae.models.VAE((1, 8, 8), hidden=8, rng=0)


def lines_about_time(capsys):
    return [line for line in capsys.readouterr().out.splitlines() if "takes" in line or "shorter" in line]


def test_nothing_is_said_of_what_is_over_soon():
    assert announcement(Estimate(1.0, int(LEAST) - 1)) is None
    assert announcement(Estimate(1.0, int(LEAST))) == "this takes about 20 seconds in all"


def test_what_comes_after_training_counts():
    assert announcement(Estimate(20.0, 6, afterwards=3.0)) == "this takes about 3 minutes in all"


def test_a_long_run_is_told_what_would_be_shorter():
    line, shorter = announcement(Estimate(26.0, 28), "--epochs {}").splitlines()
    assert line == "this takes about 12 minutes in all"
    assert shorter == "shorter: --epochs 11 would take about 5 minutes, and learn less"
    assert "shorter: epochs=14 would take about 2.5 minutes" in announcement(Estimate(LONG / 27, 28))
    assert "shorter" not in announcement(Estimate(LONG / 28, 28))


def test_epochs_done_are_counted_only_in_the_option():
    told = announcement(Estimate(30.0, 20, done=5), "--epochs {}")
    assert told == "what is left takes about 10 minutes in all\n" + (
        "shorter: --epochs 15 would take about 5 minutes, and learn less"
    )


@pytest.mark.parametrize(("epoch", "left", "afterwards"), [(301.0, 4, 0.0), (400.0, 1, 0.0), (100.0, 9, 2.5)])
def test_no_number_of_epochs_is_named_where_none_is_short(epoch, left, afterwards):
    told = announcement(Estimate(epoch, left, afterwards=afterwards))
    assert told.startswith("this takes") and "shorter" not in told


def test_fewer_epochs_are_at_most_half_and_not_long():
    rng = np.random.default_rng(0)
    for epoch, left, done in zip(rng.uniform(1, 400, 300), rng.integers(2, 90, 300), rng.integers(0, 9, 300)):
        estimate = Estimate(epoch, int(left), int(done), afterwards=0.4)
        fewer = estimate.fewer()
        if fewer is None:
            assert (1 + estimate.afterwards) * epoch > LONG
        else:
            assert 1 <= fewer.left <= left // 2 and fewer.done == done and not fewer.long
            more = Estimate(epoch, fewer.left + 1, afterwards=0.4)
            assert more.long or more.left > left // 2


def test_fit_says_it_once(monkeypatch, capsys):
    """A second for each of 4 steps, and 40 / 10 / 3 for measuring as many images as are learned from: 53 in 10 epochs,
    where 40 would be told as 40."""
    ticking(monkeypatch, 1.0)
    minae.fit(small_vae(), IMAGES, validation=IMAGES, epochs=10, batch_size=10)
    assert lines_about_time(capsys) == ["this takes about 50 seconds in all"]


def test_fit_says_how_to_be_shorter(monkeypatch, capsys):
    ticking(monkeypatch, 9.0)
    minae.fit(small_vae(), IMAGES, epochs=10, batch_size=10)
    assert lines_about_time(capsys) == [
        "this takes about 6 minutes in all",
        "shorter: epochs=5 would take about 3 minutes, and learn less",
    ]


def test_the_line_comes_before_the_time_is_spent(monkeypatch, capsys):
    ticking(monkeypatch, 1.0)
    minae.fit(small_vae(), IMAGES, epochs=10, batch_size=10)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("this takes") and lines[1].startswith("epoch 1/10")


@pytest.mark.parametrize(("tick", "epochs"), [(0.01, 9), (0.1, 5), (9.0, 1)])
def test_nothing_of_short_runs(monkeypatch, capsys, tick, epochs):
    """Over before three seconds, or soon after, or at the first step that one could go by."""
    ticking(monkeypatch, tick)
    minae.fit(small_vae(), IMAGES, epochs=epochs, batch_size=40)
    assert lines_about_time(capsys) == []


def test_of_no_estimate_nothing_is_printed(capsys):
    announce(None)
    assert capsys.readouterr().out == ""


def test_nothing_is_said_without_progress(monkeypatch, capsys):
    ticking(monkeypatch, 9.0)
    minae.fit(small_vae(), IMAGES, epochs=10, batch_size=10, progress=False)
    assert capsys.readouterr().out == ""


def test_a_resumed_fit_counts_what_is_left(monkeypatch, capsys, tmp_path):
    minae.fit(small_vae(), IMAGES, epochs=4, batch_size=10, folder=tmp_path, progress=False)
    ticking(monkeypatch, 1.0)
    minae.fit(small_vae(), IMAGES, epochs=12, batch_size=10, folder=tmp_path, resume=True)
    assert lines_about_time(capsys) == ["what is left takes about 30 seconds in all"]
    minae.fit(small_vae(), IMAGES, epochs=12, batch_size=10, folder=tmp_path, resume=True)
    assert lines_about_time(capsys) == [], "nothing is left"


def test_the_run_is_the_same_with_and_without(monkeypatch, capsys):
    """Bit for bit: no step is run to be timed, and no random number drawn."""
    ticking(monkeypatch, 9.0)
    weights, histories = [], []
    for shown in (True, False):
        model = small_vae()
        histories.append(minae.fit(model, IMAGES, validation=IMAGES, epochs=3, batch_size=9, progress=shown))
        weights.append([weight.data.tobytes() for weight in model.parameters()])
        assert bool(lines_about_time(capsys)) == shown
    assert weights[0] == weights[1] and histories[0] == histories[1]


def test_on_a_terminal_the_line_stands_beside_the_bar(monkeypatch, capsys):
    monkeypatch.setattr(progress, "no_terminal", lambda: False)
    ticking(monkeypatch, 1.0)
    minae.fit(small_vae(), IMAGES, epochs=10, batch_size=10)
    out, err = capsys.readouterr()
    assert out == "this takes about 40 seconds in all\n"
    assert "epoch 10/10" in err


@pytest.fixture
def no_report(monkeypatch):
    """Training alone is the matter here; the report takes its time."""
    monkeypatch.setattr(train_command, "_report", lambda *args: None)


def test_the_command_counts_its_report_and_names_its_options(monkeypatch, capsys, tmp_path, no_report):
    ticking(monkeypatch, 5.0)
    run = str(tmp_path / "run")
    assert main([*TRAIN, "20", "--out", run]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1:4] == [
        "this takes about 9 minutes in all",
        "shorter: --epochs 10 would take about 4 minutes, and learn less",
        f"or stop it with Ctrl-C: --resume {run} goes on from there",
    ]
    assert main(["train", "vae", "--resume", run, "--epochs", "40"]) == 0
    told = capsys.readouterr().out
    assert "what is left takes about 9 minutes in all\nshorter: --epochs 30 would take" in told


def test_where_no_epoch_is_short_fewer_images_are(monkeypatch, capsys, tmp_path, no_report):
    ticking(monkeypatch, 100.0)
    assert main([*TRAIN, "2", "--out", str(tmp_path / "run")]) == 0
    assert "\nshorter: --limit 100 would learn from the first images alone\n" in capsys.readouterr().out
    assert main(["train", "vae", "--resume", str(tmp_path / "run"), "--epochs", "4"]) == 0
    told = capsys.readouterr().out
    assert "--limit" not in told and "or stop it with Ctrl-C" in told, "a resumed run keeps its images"


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("announced") / "run"
    assert main([*TRAIN, "1", "--out", str(folder)]) == 0
    return folder


def announced(run, command, monkeypatch, capsys, tick):
    """The lines of a command about time, and its other lines, which are those without a clock that ticks."""
    ticking(monkeypatch, 0.0)
    capsys.readouterr()
    assert main([command[0], str(run), *command[1:]]) == 0
    quiet = capsys.readouterr().out.splitlines()
    ticking(monkeypatch, tick)
    assert main([command[0], str(run), *command[1:]]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line in quiet] == quiet
    return [line for line in lines if line not in quiet]


def test_evaluate_says_how_long_the_bound_takes(run, monkeypatch, capsys):
    """With 200 samples of each of 400 images, every batch is an image."""
    command = ["evaluate", "--importance-samples", "200"]
    assert announced(run, command, monkeypatch, capsys, 0.5) == ["bounding log p(x) takes about 3 minutes"]
    assert announced(run, command, monkeypatch, capsys, 2.0) == [
        "bounding log p(x) takes about 13 minutes",
        "shorter: --importance-samples 80 would take about 5 minutes, for a looser bound",
    ]


def test_probe_says_how_long_a_row_takes(run, monkeypatch, capsys):
    """Of 8 draws with 100 labels; the other row has one draw, and so nothing left when it is timed."""
    monkeypatch.setattr(probe_measure, "STEPS", 2)
    assert announced(run, ["probe"], monkeypatch, capsys, 10.0) == ["the next row takes about 1.5 minutes"]


@pytest.mark.parametrize(("model", "trained"), [("aae", "a plain autoencoder"), ("cvae", "the classifier")])
def test_what_is_trained_to_compare_with_is_told_of_by_evaluate_alone(monkeypatch, capsys, model, trained):
    images = np.random.default_rng(0).random((40, 1, 12, 12), dtype=np.float32)
    data = SimpleNamespace(train=Split(images, np.arange(40) % 10))
    ticking(monkeypatch, 9.0)
    examined = MODELS[model].build({"image_shape": (1, 12, 12), "hidden": 8}, 0)
    weights = []
    for told in (True, False):
        (other,) = baselines.baselines(model, examined, data, {"seed": 0}, told).values()
        weights.append([weight.data.tobytes() for weight in other.parameters()])
        line = f"training {trained} to compare with takes about "
        assert capsys.readouterr().out.startswith(line) == told
    assert weights[0] == weights[1]
