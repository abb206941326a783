"""The linear probe: that it finds the minimum, chooses a penalty that helps, and tells good features from bad."""

import numpy as np
import pytest

from minae import functional as F
from minae.cli import main
from minae.measures import probe
from minae.models import AE, CVAE, VAE, ConvAE, Denoiser, SemiVAE, SuperResolution
from minae.nn import Linear
from minae.tensors import Tensor


def clouds(count, dimensions, distance, seed=0):
    """Three round clouds of points, their centres `distance` from 0: (N, dimensions) float32, and labels."""
    rng = np.random.default_rng(seed)
    centres = distance * np.eye(3, dimensions)
    labels = rng.integers(3, size=count)
    return (centres[labels] + rng.standard_normal((count, dimensions))).astype(np.float32), labels


@pytest.mark.parametrize("count", [60, 2500])
@pytest.mark.parametrize("penalty", [1e-2, 1.0])
def test_the_classifier_is_at_the_minimum_of_its_loss(count, penalty):
    """Where the slope is 0: of what it would take to leave, at most a hundredth of the slope where it began."""
    x, labels = clouds(count, 5, distance=2.0)

    def slope(classifier):
        classifier.zero_grad()
        loss = F.cross_entropy(classifier(Tensor(x)), labels)
        (loss + 0.5 * penalty * (classifier.weight * classifier.weight).sum()).backward()
        return np.sqrt(sum((parameter.grad**2).sum() for parameter in classifier.parameters()))

    start = Linear(5, 3, rng=0)
    for parameter in start.parameters():
        parameter.data[...] = 0
    assert slope(probe.fit_linear(x, labels, penalty)) < 0.01 * slope(start)


def test_cross_validation_chooses_a_penalty_that_helps():
    """Few points in many dimensions: next to no penalty learns the noise by heart."""
    (x, labels), (test, test_labels) = clouds(40, 200, 3.0), clouds(2000, 200, 3.0, seed=1)
    chosen = probe.accuracy(probe.learn(x, labels), test, test_labels)
    assert chosen > probe.accuracy(probe.fit_linear(x, labels, probe.PENALTIES[0]), test, test_labels) + 0.1
    assert chosen > probe.accuracy(probe.fit_linear(x, labels, 100.0), test, test_labels) + 0.05


def test_cross_validation_refuses_a_penalty_that_hides_the_rarer_class(monkeypatch):
    """One image in ten is of class 1. Where weights must be small, every image is of class 0."""
    monkeypatch.setattr(probe, "STEPS", 60)
    labels = (np.arange(400) % 10 == 9).astype(int)
    x = (labels + 0.1 * np.random.default_rng(0).standard_normal(400)).astype(np.float32)[:, None]
    assert probe.accuracy(probe.fit_linear(x, labels, probe.PENALTIES[-1]), x, labels) == 0.9
    assert probe.accuracy(probe.learn(x, labels), x, labels) > 0.99


def test_how_many_labels_are_drawn_and_how_often(monkeypatch):
    """As README's table says: eight draws of 100, two of 1,000, and all labels once; more than that need no penalty."""
    drawn = []

    def learn(x, labels):
        drawn.append(len(labels))
        return Linear(x.shape[1], 3, rng=0)

    (x, labels), (test, test_labels) = clouds(1200, 2, 3.0), clouds(5, 2, 3.0)
    monkeypatch.setattr(probe, "learn", learn)
    list(probe.probe({"all": (x, test)}, (labels, test_labels), np.random.default_rng(0)))
    assert drawn == 8 * [100] + 2 * [1000] + [1200]


@pytest.mark.parametrize(("count", "fits"), [(1000, 4 * 4 + 1), (1001, 1)])
def test_up_to_a_thousand_labels_the_penalty_is_chosen(count, fits, monkeypatch):
    """Four penalties, each tried on four folds."""
    penalties = []

    def fit_linear(x, labels, penalty):
        penalties.append(penalty)
        return Linear(x.shape[1], 3, rng=0)

    monkeypatch.setattr(probe, "fit_linear", fit_linear)
    probe.learn(*clouds(count, 2, 3.0))
    assert len(penalties) == fits and (fits > 1 or penalties == [0.0])


def test_good_features_score_higher_than_bad_ones_and_all_labels_beat_few(monkeypatch):
    monkeypatch.setattr(probe, "DRAWS", {100: 2, 1000: 1})
    monkeypatch.setattr(probe, "STEPS", 100)
    (x, labels), (test, test_labels) = clouds(1500, 4, 3.0), clouds(3000, 4, 3.0, seed=1)
    noise = np.random.default_rng(2).standard_normal((4500, 4)).astype(np.float32)
    features = {"good": (x, test), "half": (x[:, :2], test[:, :2]), "noise": (noise[:1500], noise[1500:])}
    rows = dict(probe.probe(features, (labels, test_labels), np.random.default_rng(0)))
    assert list(rows) == [100, 1000, 1500]
    for scores in rows.values():
        assert scores["good"].accuracy > scores["half"].accuracy + 0.05 > scores["noise"].accuracy + 0.1
        assert scores["noise"].accuracy == pytest.approx(1 / 3, abs=0.05)
    assert rows[1500]["good"].accuracy > 0.95
    assert rows[100]["good"].error > 0 and rows[1500]["good"].error == 0


def test_as_many_labels_as_there_are_is_one_row(monkeypatch):
    monkeypatch.setattr(probe, "STEPS", 10)
    (x, labels), (test, test_labels) = clouds(100, 4, 3.0), clouds(50, 4, 3.0, seed=1)
    rows = probe.probe({"all": (x, test)}, (labels, test_labels), np.random.default_rng(0))
    assert [labelled for labelled, _ in rows] == [100]


def test_the_error_is_the_standard_error_of_the_mean():
    score = probe._score([0.5, 0.7, 0.6, 0.6])
    assert score.accuracy == pytest.approx(0.6)
    assert score.error == pytest.approx(np.std([0.5, 0.7, 0.6, 0.6], ddof=1) / 2)
    assert str(score) == "60.0% ± 4.1" and str(probe._score([0.61234])) == "61.2%"


def test_one_scale_for_all_features_and_the_test_images_take_that_of_the_training():
    train = np.array([[0.0, 10.0], [2.0, 30.0]])
    scaled, test = probe.standardised(train, train + 1)
    assert scaled.mean(axis=0) == pytest.approx([0, 0]) and (scaled**2).mean() == pytest.approx(1)
    assert scaled[1, 1] / scaled[1, 0] == pytest.approx(10)
    np.testing.assert_allclose(test - scaled, 1 / np.sqrt(50.5))


def test_features_that_never_vary_are_no_division_by_zero():
    scaled, _ = probe.standardised(np.ones((4, 2)), np.ones((3, 2)))
    assert np.array_equal(scaled, np.zeros((4, 2)))


@pytest.mark.parametrize(
    "model, size", [(AE(rng=0), 30), (VAE(rng=0), 2), (ConvAE(rng=0), 128), (Denoiser(rng=0), 3136)]
)
def test_features_are_what_the_encoder_says(model, size):
    images = np.random.default_rng(0).random((5, 1, 28, 28), dtype=np.float32)
    features = probe.encoder_features(model, images)
    assert features.shape == (5, size)
    encoded = model.encode(Tensor(images)) if hasattr(model, "encode") else model.encoder(Tensor(images))
    expected = encoded[0] if isinstance(encoded, tuple) else encoded
    np.testing.assert_allclose(features, expected.numpy().reshape(5, -1), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("model", [CVAE(rng=0), SemiVAE(rng=0), SuperResolution(rng=0)])
def test_models_without_an_encoder_of_images_are_refused(model):
    with pytest.raises(ValueError, match=f"probe: a {type(model).__name__} has no encoder"):
        probe.encoder_features(model, np.zeros((2, 1, 28, 28), np.float32))


def test_the_command(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(probe, "DRAWS", {100: 2})
    monkeypatch.setattr(probe, "STEPS", 50)
    run = str(tmp_path / "run")
    assert main(["train", "ae", "--out", run, "--limit", "300", "--epochs", "2", "--hidden", "32"]) == 0
    capsys.readouterr()
    assert main(["probe", run]) == 0
    first, bars = capsys.readouterr()
    assert bars == "", "no terminal is there"
    assert main(["probe", run]) == 0
    assert capsys.readouterr().out == first
    lines = first.splitlines()
    assert lines[1].split() == ["labels", "encoder", "PCA-30", "pixels"]
    assert [line.split()[0] for line in lines[2:]] == ["100", "300"]
    accuracies = [float(word[:-1]) for word in lines[2].split() if word.endswith("%")]
    assert len(accuracies) == 3 and min(accuracies) > 30
