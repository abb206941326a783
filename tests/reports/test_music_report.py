"""What a run on melodies measures, and what it leaves to look at and to listen to."""

import numpy as np
import pytest

from minae import Tensor
from minae.data import Melodies
from minae.data.melody import HOLD
from minae.models import MusicVAE
from minae.models.music_vae import DenseMusicVAE
from minae.reports import music_vae as report
from tests.models.melodies import random_melodies


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    path = tmp_path_factory.mktemp("melodies") / "own.npz"
    np.savez(path, segments=random_melodies(np.random.default_rng(0), 60, bars=1))
    return Melodies(path, bars=1)


class ByHeart(MusicVAE):
    """It knows everything by heart: a melody's place in its list is its code."""

    def __init__(self, known):
        super().__init__(1, hidden=3, latent=1, rng=0)
        self.known = known

    def encode(self, x):
        places = [np.flatnonzero((self.known == row).all(axis=1))[0] for row in x.data]
        mu = Tensor(np.array(places, np.float32)[:, None])
        return mu, Tensor(np.full_like(mu.data, -30))

    def decode(self, z, temperature=0.0, rng=None):
        return self.known[np.rint(z.data[:, 0]).astype(int) % len(self.known)]

    def logits(self, z, x, rng=None):
        return Tensor(self.one_hot(np.zeros(x.shape, int)).swapaxes(0, 1))


def test_what_comes_back_whole_is_measured_as_whole(data):
    model = ByHeart(np.concatenate([data.test.steps, data.train.steps]))
    metrics = report.measure(model, data, 0, dense=DenseMusicVAE(1, hidden=3, latent=2, rng=0))
    for name in ("free_running", "training"):
        assert [metrics[f"{name}_{what}"] for what in ("accuracy", "onset_accuracy", "exact")] == [1.0, 1.0, 1.0]
    assert metrics["dense_exact"] == 0.0 and metrics["dense_accuracy"] < 0.9
    assert metrics["share_of_holds"] == (data.test.steps == 128).mean()
    lowest = (data.test.steps == 36).mean()  # the kind of which its logits are sure
    assert metrics["teacher_forced_accuracy"] == metrics["accuracy_with_another_z"] == lowest
    assert all("nan" not in line for line in report.describe(metrics))


def test_another_z_is_that_of_another_melody(data):
    z = np.arange(5.0)[:, None]
    assert (report._of_others(z) != z).all() and sorted(report._of_others(z)) == sorted(z)


def test_an_interpolation_goes_from_one_end_to_the_other_at_one_speed():
    a, b = np.array([3.0, 0.0]), np.array([0.0, 3.0])
    path = np.array([report.between(a, b, share) for share in np.linspace(0, 1, 7)])
    np.testing.assert_allclose(path[[0, -1]], [a, b], atol=1e-12)
    np.testing.assert_allclose(np.linalg.norm(path, axis=1), 3)
    np.testing.assert_allclose(np.arctan2(path[:, 1], path[:, 0]), np.linspace(0, np.pi / 2, 7), atol=1e-12)
    np.testing.assert_allclose(report.between(a, 2 * a, 0.5), 1.5 * a)
    np.testing.assert_allclose(report.between(a, 0 * a, 0.25), 0.75 * a)
    np.testing.assert_allclose(report.between(a, -a, 0.25), 0.5 * a, err_msg="opposite: no arc is the shortest")


def test_the_ends_of_an_interpolation_are_what_comes_back(data):
    model = MusicVAE(1, hidden=8, latent=4, rng=0)
    for parameter in model.parameters():
        parameter.data *= 5  # so that melodies differ
    one, other = data.train.steps[0], data.train.steps[9]
    path = report.interpolated(model, one, other, 5)
    assert list(path) == ["0%", "25%", "50%", "75%", "100%"]
    rebuilt = report.decode(model, report.codes(model, np.stack([one, other])))
    np.testing.assert_array_equal([path["0%"], path["100%"]], rebuilt)
    assert (rebuilt[0] != rebuilt[1]).any()


def test_drawn_melodies_depend_on_the_seed_and_the_temperature():
    model = MusicVAE(1, hidden=8, latent=4, rng=0)
    first, again, other = (np.stack(list(report.drawn(model, 3, seed).values())) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()
    assert (first != np.stack(list(report.drawn(model, 3, 1, 0.0).values()))).any()


class Drawer(MusicVAE):
    """Its code is the count of notes and their pitch: it writes a melody of so many notes of that pitch."""

    def __init__(self):
        super().__init__(1, hidden=3, latent=2, rng=0)

    def encode(self, x):
        notes = x.data < HOLD
        mu = np.stack([notes.sum(axis=1), x.data.max(axis=1, where=notes, initial=0)], axis=1)
        return Tensor(mu.astype(np.float32)), Tensor(np.zeros_like(mu, np.float32))

    def decode(self, z, temperature=0.0, rng=None):
        counts, pitches = np.rint(z.data).astype(int).T
        melodies = np.full((len(z), 16), HOLD, np.uint8)
        for row, count, pitch in zip(melodies, counts, pitches):
            row[: max(count, 0)] = pitch
        return melodies


def test_attribute_vectors_go_from_the_quarter_with_least_to_that_with_most():
    model = Drawer()
    z = np.array([[1, 50], [2, 70], [3, 60], [4, 40], [5, 50], [6, 60], [7, 70], [8, 40]], np.float32)
    learned = model.decode(Tensor(z))
    more_notes, higher = (report.attribute_vector(model, learned, how) for how, _, _ in report.ATTRIBUTES.values())
    np.testing.assert_allclose(more_notes, [7.5 - 1.5, 55 - 60])
    np.testing.assert_allclose(higher, [4.5 - 6, 70 - 40])
    less, same, more = report.along(model, more_notes, model.decode(Tensor(z[5:7])))
    np.testing.assert_array_equal(same, learned[5:7])
    np.testing.assert_array_equal(less, model.decode(Tensor(z[5:7] - [6, -5])))
    np.testing.assert_array_equal(more, model.decode(Tensor(z[5:7] + [6, -5])))
    rolls = report.altered(model, learned, learned[5:6])
    assert list(rolls) == ["rebuilt", "fewer notes", "more notes", "lower", "higher"]
    np.testing.assert_array_equal(rolls["more notes"], more[0])
    assert report._by_attributes(model, learned, learned[5:6])["more_notes"] == 12


def test_a_test_split_of_one_melody(tmp_path):
    segments = random_melodies(np.random.default_rng(1), 3, bars=1)
    np.savez(tmp_path / "three.npz", segments=segments)
    data = Melodies(tmp_path / "three.npz", bars=1)
    model, dense = MusicVAE(1, hidden=3, latent=2, rng=0), DenseMusicVAE(1, hidden=3, latent=2, rng=0)
    metrics = report.measure(model, data, 0, dense)
    assert all(np.isfinite(value) for value in metrics.values())
    assert set(report.figures(model, data, 0)) == {"reconstructions", "samples", "interpolation", "attributes"}
