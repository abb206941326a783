"""The classifier that reads samples: its loss and accuracy, its moved images, and that it learns digits."""

import numpy as np
import pytest

from minae import Tensor, gradcheck
from minae.data import Split, mnist
from minae.models import Classifier
from minae.training import evaluate
from minae.training.baselines import trained_classifier
from tests.parameters import as_function, smooth


def small_classifier(**options):
    return Classifier(image_shape=(1, 5, 3), **{"hidden": (11, 7), "classes": 4, "rng": 0, **options})


@pytest.fixture
def images():
    return np.random.default_rng(5).random((9, 1, 5, 3), dtype=np.float32)


LABELS = np.array([0, 1, 2, 3, 3, 2, 1, 0, 2])


def test_of_mnist_by_default():
    assert Classifier(rng=0)(Tensor(np.zeros((3, 1, 28, 28), np.float32))).shape == (3, 10)


def test_loss_and_accuracy_by_their_definition(images):
    model = small_classifier()
    logits = model(Tensor(images)).numpy().astype(np.float64)
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    losses = model.losses(Tensor(images), LABELS)
    assert losses["loss"].item() == pytest.approx(-np.log(p[np.arange(9), LABELS]).mean(), rel=1e-5)
    assert losses["accuracy"].item() == pytest.approx(np.mean(p.argmax(axis=1) == LABELS))
    assert all(loss.dtype == np.float32 for loss in losses.values())


def test_gradients_of_the_loss(images):
    model, x = smooth(small_classifier()), Tensor(images.astype(np.float64))
    gradcheck(*as_function(model, lambda: model.losses(x, LABELS)["loss"]))


def test_every_parameter_gets_a_gradient(images):
    model = small_classifier()
    model.losses(Tensor(images), LABELS)["loss"].backward()
    for name, parameter in model.named_parameters():
        assert np.abs(parameter.grad).max() > 0, name


def test_training_moves_the_images_and_evaluation_does_not(images):
    model, seen = small_classifier(), []
    layers = model.layers
    model.layers = lambda x: seen.append(x.numpy()) or layers(x)
    rng = np.random.default_rng(0)
    optimizers = [type("Idle", (), {"zero_grad": lambda self: None, "step": lambda self: None})()]
    for _ in range(200):
        model.training_step(optimizers, Tensor(images), LABELS, rng)
    moves = {(down, right): np.roll(images, (down, right), (2, 3)) for down in (-1, 0, 1) for right in (-1, 0, 1)}
    found = {move for batch in seen for move, moved in moves.items() if np.array_equal(batch, moved)}
    assert all(any(np.array_equal(batch, moved) for moved in moves.values()) for batch in seen)
    assert found == set(moves), "each of the nine moves"
    seen.clear()
    evaluate(model, Split(images, LABELS), rng)
    assert np.array_equal(seen[0], images)


def test_it_learns_digits():
    """A nearest class mean, the simplest of classifiers, reads some 80 % of the test images."""
    images, labels = mnist("train")
    test = Split(*mnist("test"))
    few = Split(images[:5000], labels[:5000])
    means = np.stack([few.images[few.labels == digit].mean(axis=0).ravel() for digit in range(10)])
    scores = test.images.reshape(len(test.images), -1) @ means.T - (means**2).sum(axis=1) / 2
    baseline = np.mean(scores.argmax(axis=1) == test.labels)
    assert evaluate(trained_classifier(few, seed=0), test, None)["accuracy"] > baseline + 0.1


def test_one_seed_one_classifier_bitwise():
    few = Split(*(array[:300] for array in mnist("train")))
    first, again, other = (trained_classifier(few, seed).state_dict() for seed in (1, 1, 2))
    for name in first:
        assert np.array_equal(first[name], again[name])
        assert not np.array_equal(first[name], other[name])


@pytest.mark.parametrize(
    ("labels", "words"),
    [(None, "expected the labels"), (np.full(9, 4), "from 0 to 3"), (np.zeros(8, np.int64), "target")],
    ids=["none", "outside", "too few"],
)
def test_bad_labels(images, labels, words):
    with pytest.raises(ValueError, match=words):
        small_classifier().losses(Tensor(images), labels)
