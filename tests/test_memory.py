"""Training leaves nothing behind: reference counts alone free every graph."""

import gc
import tracemalloc
from contextlib import contextmanager

import numpy as np
import pytest

from minae import Tensor, nn, no_grad, optim
from minae import functional as F

PIXELS, HIDDEN, LATENT, BATCH = 47, 23, 5, 32


class VAE(nn.Module):
    def __init__(self):
        rng = np.random.default_rng(0)
        self.encoder, self.heads = nn.Linear(PIXELS, HIDDEN, rng=rng), nn.Linear(HIDDEN, 2 * LATENT, rng=rng)
        self.decoder = nn.Sequential(nn.Linear(LATENT, HIDDEN, rng=rng), nn.Tanh(), nn.Linear(HIDDEN, PIXELS, rng=rng))

    def forward(self, x, rng):
        code = self.heads(F.relu(self.encoder(x)))
        mu, log_var = code[:, :LATENT], code[:, LATENT:]
        logits = self.decoder(F.reparameterize(mu, log_var, rng=rng))
        reconstruction = F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / BATCH
        return reconstruction + F.gaussian_kl(mu, log_var).mean()


def train_step(model, optimizer, images, rng):
    optimizer.zero_grad()
    loss = model(images, rng)
    loss.backward()
    optimizer.step()
    return loss.item()


def evaluate_step(model, optimizer, images, rng):
    """A forward pass whose graph is never walked."""
    return model(images, rng).item()


def no_grad_step(model, optimizer, images, rng):
    with no_grad():
        return model(images, rng).item()


@contextmanager
def nothing_kept():
    """Fails if the block leaves objects behind, cyclic garbage, or arrays.

    The limit in bytes leaves room for the caches of small blocks in CPython and NumPy: they fill up slowly, and stay.
    """
    gc.collect()
    gc.disable()
    objects = len(gc.get_objects())
    tracemalloc.start()
    try:
        yield
        assert gc.collect() == 0, "cyclic garbage"
        assert len(gc.get_objects()) <= objects + 2, "objects kept"  # two are this generator's own
        assert tracemalloc.get_traced_memory()[0] < 40_000, "bytes kept"
    finally:
        tracemalloc.stop()
        gc.enable()


@pytest.mark.parametrize(
    ("step", "optimiser"),
    [*((train_step, name) for name in ("SGD", "RMSprop", "Adam")), (evaluate_step, "SGD"), (no_grad_step, "SGD")],
)
def test_steps_50_to_500_keep_nothing(step, optimiser):
    """One leaked array a step would be 112 bytes and its data, 6 kB for a batch of images: 2.7 MB in all."""
    model, rng = VAE(), np.random.default_rng(1)
    optimizer = getattr(optim, optimiser)(model.parameters())
    images = Tensor(rng.random((BATCH, PIXELS), dtype=np.float32))
    for _ in range(50):
        step(model, optimizer, images, rng)
    for parameter in model.parameters():
        parameter.grad = None  # so that the block's last gradients do not count as kept
    with nothing_kept():
        for _ in range(450):
            step(model, optimizer, images, rng)
        optimizer.zero_grad()


def cycle():
    """Leaves a list that only the collector can free."""
    knot = [[]]
    knot.append(knot)
    return id(knot)


@pytest.mark.parametrize(
    ("thing", "seen_as"),
    [(lambda: np.ones(1), "bytes"), (lambda: [1.0], "objects"), (cycle, "cyclic")],
    ids=["arrays", "objects", "cycles"],
)
def test_a_leak_would_be_seen(thing, seen_as):
    kept = []
    with pytest.raises(AssertionError, match=seen_as), nothing_kept():
        for _ in range(450):
            kept.append(thing())


def test_a_failed_backward_keeps_nothing():
    x = Tensor(np.ones(1000), requires_grad=True)
    y = (x * 2.0).sum()
    y.backward()
    x.grad = None

    def fail(f):
        try:
            f()
        except ValueError:
            return True

    with nothing_kept():
        assert all(fail(y.backward) and fail((x * 2.0).backward) for _ in range(50))
