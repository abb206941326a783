"""The training loop: what it does with the learning rate, and that parts of a batch add up to the whole."""

import numpy as np
import pytest

from minae.data import Split
from minae.models import AAE, VAE, ConvAE
from minae.optim import SGD
from minae.support.errors import DivergenceError
from minae.tensors import Tensor
from minae.training import train_epochs
from minae.training.loop import evaluate, in_batches, train_epoch


def images(count, dtype=np.float32):
    return np.random.default_rng(0).random((count, 1, 28, 28)).astype(dtype)


def train(model, optimizers, decay):
    """Three steps."""
    rngs = {"shuffle_rng": np.random.default_rng(0), "noise_rng": np.random.default_rng(0)}
    return list(train_epochs(model, optimizers, Split(images(6), None), epochs=1, batch_size=2, decay=decay, **rngs))


@pytest.mark.parametrize("decay", [0.5, 1.0])
def test_decay_multiplies_the_learning_rate_after_every_step(decay):
    model = VAE(hidden=3, rng=0)
    optimizers = model.optimizers(1e-3)
    train(model, optimizers, decay)
    assert [optimizer.lr for optimizer in optimizers] == [pytest.approx(1e-3 * decay**3)]


def test_divergence_is_told_with_the_step_where_it_began():
    model = VAE(hidden=3, rng=0)
    losses, calls = model.losses, []

    def diverging(*batch, **options):
        calls.append(batch)
        return {name: loss * (np.inf if len(calls) == 3 else 1) for name, loss in losses(*batch, **options).items()}

    model.losses = diverging
    with pytest.raises(DivergenceError, match="the loss became inf at step 3"), np.errstate(all="ignore"):
        train(model, [SGD(model.parameters(), lr=1e-9)], 1.0)


def test_decay_is_of_every_optimiser():
    model = AAE(hidden=3, latent=2, rng=0)
    optimizers = model.optimizers(1e-3)
    before = [optimizer.lr for optimizer in optimizers]
    train(model, optimizers, 0.5)
    assert len(before) == 3 and [optimizer.lr for optimizer in optimizers] == [lr * 0.5**3 for lr in before]


@pytest.mark.parametrize("batch_size", [1, 2, 3, 5, 7])
def test_means_are_over_examples_also_where_the_last_batch_has_one(batch_size):
    x = images(7)
    model = VAE(hidden=3, rng=0)
    eps = np.zeros((1, model.latent), np.float32)
    alone = [model.losses(Tensor(image[None]), eps=Tensor(eps))["kl"].item() for image in x]
    assert evaluate(model, Split(x, None), np.random.default_rng(0), batch_size)["kl"] == pytest.approx(np.mean(alone))
    rngs = {"shuffle_rng": np.random.default_rng(0), "noise_rng": np.random.default_rng(0)}
    still = [SGD(model.parameters(), lr=0.0)]
    averages = train_epoch(model, still, Split(x, None), batch_size=batch_size, **rngs)
    assert averages["kl"] == pytest.approx(np.mean(alone))


def test_a_thousand_at_a_time_where_nothing_is_learned():
    """So that memory stays bounded, however many there are."""
    model, seen = VAE(hidden=3, rng=0), []
    losses = model.losses
    model.losses = lambda x, *rest, **options: seen.append(len(x)) or losses(x, *rest, **options)
    evaluate(model, Split(images(2001), None), np.random.default_rng(0))
    assert seen == [1000, 1000, 1]
    assert in_batches(len, np.zeros((2001, 1))) == [1000, 1000, 1]


@pytest.mark.parametrize("decay", [0, -0.5, 1.01, float("nan")])
def test_a_decay_outside_0_to_1_is_refused(decay):
    model = VAE(hidden=3, rng=0)
    with pytest.raises(ValueError, match="decay must be above 0 and at most 1, found"):
        train(model, model.optimizers(1e-3), decay)


@pytest.mark.parametrize("at_once", [1, 2, 3, 5, 7])
def test_the_gradients_of_parts_add_up_to_those_of_the_batch(at_once):
    """Also where the last part is smaller."""
    x, steps = Tensor(images(7, np.float64)), []
    for parts in (at_once, 7):
        model = ConvAE(rng=0)
        model.at_once = parts
        for parameter in model.parameters():
            parameter.data = parameter.data.astype(np.float64)
        losses = model.training_step(model.optimizers(1e-3), x, None, None)
        steps.append((losses["loss"].item(), [parameter.grad for parameter in model.parameters()]))
    (loss, gradients), (expected_loss, expected) = steps
    assert loss == pytest.approx(expected_loss, rel=1e-12)
    for gradient, whole in zip(gradients, expected):
        np.testing.assert_allclose(gradient, whole, rtol=1e-9, atol=1e-12 * np.abs(whole).max())


def test_each_part_has_its_own_labels_and_noise():
    seen = []

    class Watched(VAE):
        at_once = 2

        def losses(self, x, labels=None, rng=None, eps=None):
            seen.append((x.numpy()[:, 0, 0, 0], labels, rng.random()))
            return super().losses(x, labels, np.random.default_rng(0))

    model, x = Watched(hidden=3, rng=0), images(5)
    model.training_step(model.optimizers(1e-3), Tensor(x), np.arange(5), np.random.default_rng(1))
    np.testing.assert_array_equal(np.concatenate([first for first, _, _ in seen]), x[:, 0, 0, 0])
    np.testing.assert_array_equal(np.concatenate([labels for _, labels, _ in seen]), np.arange(5))
    assert len({noise for _, _, noise in seen}) == 3
