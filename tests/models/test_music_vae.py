"""MusicVAE: its losses by PyTorch and by their definition, what it hears and when, and what it draws."""

from functools import partial

import numpy as np
import pytest
import torch

import minae
from minae import Tensor
from minae.backend import default_rng, to_numpy, xp_of
from minae.data.melody import HIGHEST, HOLD, LOWEST, REST
from minae.models import MusicVAE
from minae.models.music_vae import (
    KINDS,
    LONGEST,
    ClippedAdam,
    DenseMusicVAE,
    choose,
    kinds_of,
    one_after_another,
    side_by_side,
    steps_of,
)
from minae.nn import Parameter
from minae.training import evaluate, train_epochs
from tests import strict_device
from tests.models.melodies import random_melodies

MODELS = {
    "recurrent": MusicVAE,
    "hierarchical": partial(MusicVAE, structure="hierarchical"),
    "dense": DenseMusicVAE,
}


@pytest.fixture
def melodies():
    return random_melodies(np.random.default_rng(5), 7, bars=1)


def small(kind=MusicVAE, dtype=np.float64, **options):
    model = kind(**{"bars": 1, "hidden": 6, "latent": 3, "rng": 0, **options})
    return model.to(dtype=dtype).eval()


def in_torch(layer, twin):
    """The weights of a GRU or a linear layer, in PyTorch's."""
    twin.load_state_dict({name: torch.tensor(array) for name, array in layer.state_dict().items()})
    return twin


def torch_losses(model, x, eps):
    """Reconstruction and KL of every melody by PyTorch's own layers, step by step."""
    nn, size = torch.nn, 2 * model.hidden
    kwargs = {"batch_first": True, "dtype": torch.float64}
    encoder = in_torch(model.encoder, nn.GRU(KINDS, model.hidden, bidirectional=True, **kwargs))
    decoder = in_torch(model.decoder, nn.GRU(KINDS + model.latent, size, **kwargs))
    to_mu, to_log_var, to_state, to_logits = (
        in_torch(layer, nn.Linear(*layer.weight.shape[::-1], dtype=torch.float64))
        for layer in (model.to_mu, model.to_log_var, model.to_state, model.to_logits)
    )
    kinds = torch.tensor(kinds_of(x))
    one_hot = nn.functional.one_hot(kinds, KINDS).double() * KINDS**0.5  # mean square 1
    _, last = encoder(one_hot)
    h = torch.cat([last[0], last[1]], dim=1)
    mu, log_var = to_mu(h), to_log_var(h)
    z = mu + torch.exp(log_var / 2) * torch.tensor(eps)
    state, before = torch.tanh(to_state(z))[None], torch.zeros(len(x), KINDS, dtype=torch.float64)
    cost = torch.zeros(len(x), dtype=torch.float64)
    for t in range(x.shape[1]):
        output, state = decoder(torch.cat([before, z], dim=1)[:, None], state)
        cost += nn.functional.cross_entropy(to_logits(output[:, 0]), kinds[:, t], reduction="none")
        before = one_hot[:, t]
    normal = torch.distributions.Normal
    posterior = normal(mu, torch.exp(log_var / 2))
    prior = normal(torch.zeros_like(mu), torch.ones_like(mu))
    kl = torch.distributions.kl_divergence(posterior, prior).sum(dim=1)
    return cost.detach().numpy(), kl.detach().numpy()


def test_losses_are_those_of_pytorchs_layers(melodies):
    model = small(beta=0.3, free_bits=0.02)
    eps = np.random.default_rng(1).standard_normal((7, 3))
    losses = model.losses(Tensor(melodies), eps=eps)
    cost, kl = torch_losses(model, melodies, eps)
    charged = np.maximum(kl - 0.02 * np.log(2), 0)
    assert 0 < (charged > 0).sum() and charged.mean() < kl.mean()
    assert losses["reconstruction"].item() == pytest.approx(cost.mean(), rel=1e-12)
    assert losses["kl"].item() == pytest.approx(kl.mean(), rel=1e-12)
    assert losses["loss"].item() == pytest.approx(cost.mean() + 0.3 * charged.mean(), rel=1e-12)


@pytest.mark.parametrize("kind", MODELS)
def test_the_gradient_of_the_loss(kind):
    """Along a random direction of each parameter, by central differences in float64."""
    model, rng = small(MODELS[kind], bars=2, free_bits=0.001), np.random.default_rng(2)
    melodies = random_melodies(np.random.default_rng(5), 7, bars=2)
    eps, h = rng.standard_normal((7, 3)), 1e-5
    model.losses(Tensor(melodies), eps=eps)["loss"].backward()
    for name, parameter in model.named_parameters():
        start, direction = parameter.data.copy(), rng.standard_normal(parameter.shape)
        sides = []
        for side in (h, -h):
            parameter.data = start + side * direction
            sides.append(model.losses(Tensor(melodies), eps=eps)["loss"].item())
        parameter.data = start
        slope = (parameter.grad * direction).sum()
        assert abs(slope) > 1e-4, name
        assert (sides[0] - sides[1]) / (2 * h) == pytest.approx(slope, rel=1e-5), name


def test_the_dense_ones_losses_by_their_definition(melodies):
    model = small(DenseMusicVAE)
    w, eps = model.state_dict(), np.random.default_rng(1).standard_normal((7, 3))
    one_hot = np.eye(KINDS)[kinds_of(melodies)]
    h = np.maximum(np.sqrt(KINDS) * one_hot.reshape(7, -1) @ w["encoder.1.weight"].T + w["encoder.1.bias"], 0)
    mu, log_var = (h @ w[f"{name}.weight"].T + w[f"{name}.bias"] for name in ("to_mu", "to_log_var"))
    z = mu + np.exp(log_var / 2) * eps
    h = np.maximum(z @ w["decoder.0.weight"].T + w["decoder.0.bias"], 0)
    logits = (h @ w["decoder.2.weight"].T + w["decoder.2.bias"]).reshape(7, 16, KINDS)
    log_p = logits - np.log(np.exp(logits).sum(axis=2, keepdims=True))
    losses = model.losses(Tensor(melodies), eps=eps)
    assert losses["reconstruction"].item() == pytest.approx(-(log_p * one_hot).sum() / 7, rel=1e-12)
    assert losses["step_accuracy"].item() == (log_p.argmax(axis=2) == kinds_of(melodies)).mean()
    np.testing.assert_array_equal(model.decode(Tensor(mu)), steps_of(choose(model.logits(Tensor(mu)).numpy()).T))


# --- the decoder hears what it should ---------------------------------------------------------------------------------


def test_no_step_is_told_itself_or_what_follows(melodies):
    model, z = small(), Tensor(np.random.default_rng(3).standard_normal((7, 3)))
    logits = model.logits(z, Tensor(melodies)).numpy()
    for t in (0, 6, 15):
        changed = melodies.copy()
        changed[:, t] = np.where(melodies[:, t] == 70, 71, 70)
        moved = np.abs(model.logits(z, Tensor(changed)).numpy() - logits).max(axis=(1, 2)) > 0
        assert moved.tolist() == [False] * (t + 1) + [True] * (15 - t)


@pytest.mark.parametrize("temperature", [0.0, 1.0])
def test_running_free_it_hears_itself(temperature):
    """Told its own melody as the truth, it chooses the same again."""
    model, z = small(), Tensor(3 * np.random.default_rng(3).standard_normal((5, 3)))
    free = model.decode(z, temperature, np.random.default_rng(4))
    assert free.shape == (5, 16) and free.dtype == np.uint8
    logits, rng = model.logits(z, Tensor(free)).numpy(), np.random.default_rng(4)
    again = [choose(one[None], temperature, rng)[0] for one in logits]  # noise in the order of the steps
    np.testing.assert_array_equal(free, steps_of(np.stack(again, axis=1)))


def test_word_dropout_withholds_whole_steps_in_training_alone(melodies):
    model, x = small(word_dropout=0.3), Tensor(np.repeat(melodies, 300, axis=0))
    told = model.one_hot(kinds_of(x.data)).transpose(1, 0, 2)
    np.testing.assert_array_equal(model.steps_before(x).numpy()[1:], told[:-1])
    heard = model.train().steps_before(x, np.random.default_rng(0)).numpy()
    assert not heard[0].any()
    kept = heard[1:].any(axis=2)
    np.testing.assert_array_equal(heard[1:], told[:-1] * kept[:, :, None])
    n = kept.size
    assert abs(kept.mean() - 0.7) < 4 * np.sqrt(0.7 * 0.3 / n)
    assert np.abs(kept.mean(axis=1) - 0.7).max() < 5 * np.sqrt(0.7 * 0.3 / 2100)


@pytest.mark.parametrize("kind", MODELS)
@pytest.mark.parametrize("temperature", [0.0, 1.0])
def test_on_a_device_it_decodes_the_same(kind, temperature):
    z = np.random.default_rng(3).standard_normal((5, 3), np.float32)
    found = []
    for xp in (np, strict_device):
        model = small(MODELS[kind], np.float32)
        for parameter in model.parameters():
            parameter.data = xp.asarray(parameter.data)
        melodies = model.decode(Tensor(xp.asarray(z)), temperature, xp.random.default_rng(1))
        assert xp_of(melodies) is xp
        found.append(to_numpy(melodies))
    np.testing.assert_array_equal(*found)


# --- bars with codes of their own -------------------------------------------------------------------------------------


def conducted(bars=4, **options):
    return small(bars=bars, structure="hierarchical", **options)


def test_every_bar_is_decoded_as_the_flat_decoder_would_from_its_code():
    """Of the melody and of z it hears nothing else but the step before."""
    model, flat, rng = conducted(), small(), np.random.default_rng(3)
    weights = model.state_dict()
    flat.load_state_dict({name: array for name, array in weights.items() if not name.startswith("conductor.")})
    x, z = random_melodies(rng, 5, bars=4), Tensor(rng.standard_normal((5, 3)))
    logits, codes = model.logits(z, Tensor(x)).numpy(), model.codes(z)
    assert codes.shape == (4, 5, 3) and logits.shape == (64, 5, KINDS)
    for bar in range(4):
        assert np.abs(codes.numpy()[bar] - codes.numpy()[bar - 1]).min() > 0
        told = model.steps_before(Tensor(x))[16 * bar : 16 * (bar + 1)]
        expected, _ = flat.step(told, codes[bar], flat.first_state(codes[bar]))
        np.testing.assert_allclose(logits[16 * bar : 16 * (bar + 1)], expected.numpy(), rtol=0, atol=1e-13)


def test_a_bar_hears_of_others_only_the_step_right_before_it():
    model, rng = conducted(bars=3), np.random.default_rng(3)
    x, z = random_melodies(rng, 5, bars=3), Tensor(rng.standard_normal((5, 3)))
    logits = model.logits(z, Tensor(x)).numpy()
    for t, last in ((0, 15), (20, 31), (31, 47), (47, 47)):  # the last step that hears of step t
        changed = x.copy()
        changed[:, t] = np.where(x[:, t] == 70, 71, 70)
        moved = np.abs(model.logits(z, Tensor(changed)).numpy() - logits).max(axis=(1, 2)) > 0
        assert np.flatnonzero(moved).tolist() == list(range(t + 1, last + 1))


def test_a_conductor_by_pytorchs_layers():
    model = conducted()
    conductor, z = model.conductor, np.random.default_rng(3).standard_normal((5, 3))
    nn, kwargs = torch.nn, {"dtype": torch.float64}
    to_state = in_torch(conductor.to_state, nn.Linear(3, 12, **kwargs))
    gru = in_torch(conductor.gru, nn.GRU(3, 12, **kwargs))
    to_code = in_torch(conductor.to_code, nn.Linear(12, 3, **kwargs))
    told = torch.tensor(z)
    states, _ = gru(torch.stack(4 * [told]), torch.tanh(to_state(told))[None])
    expected = to_code(states).detach().numpy()
    np.testing.assert_allclose(conductor(Tensor(z)).numpy(), expected, rtol=0, atol=1e-13)


def test_parts_side_by_side_and_back():
    steps = np.arange(6 * 2 * 1).reshape(6, 2, 1)
    apart = side_by_side(Tensor(1.0 * steps), 3)
    assert apart.numpy()[..., 0].tolist() == [[0, 1, 4, 5, 8, 9], [2, 3, 6, 7, 10, 11]]
    np.testing.assert_array_equal(one_after_another(apart, 3).numpy(), steps)


def test_running_free_the_conducted_decoder_hears_itself_across_bars():
    model, z = conducted(bars=2), Tensor(3 * np.random.default_rng(3).standard_normal((5, 3)))
    free = model.decode(z)
    assert free.shape == (5, 32) and len(np.unique(free)) > 2
    np.testing.assert_array_equal(free, steps_of(choose(model.logits(z, Tensor(free)).numpy()).T))


def test_a_conducted_model_goes_on_bit_for_bit_as_if_never_interrupted(tmp_path):
    x, found = random_melodies(np.random.default_rng(0), 9, bars=2), []
    for name, lengths in (("at once", [2]), ("resumed", [1, 2])):
        for epochs in lengths:
            model = MusicVAE(2, 4, 3, structure="hierarchical", rng=0)
            options = {"resume": epochs > lengths[0], "batch_size": 4, "progress": False}
            minae.fit(model, x, epochs=epochs, folder=tmp_path / name, **options)
        found.append(model.state_dict())
    assert found[0].keys() == found[1].keys() and "conductor.gru.weight_ih_l0" in found[0]
    for name, array in found[0].items():
        np.testing.assert_array_equal(array, found[1][name], err_msg=name)


# --- how it is trained ------------------------------------------------------------------------------------------------


def test_beta_grows_during_the_first_steps_and_is_whole_in_use(melodies):
    model = small(beta=0.4, warm_up=4, word_dropout=0.0).train()
    optimizers, rng, found = model.optimizers(1e-3), np.random.default_rng(0), []
    for _ in range(6):
        losses = model.training_step(optimizers, Tensor(melodies), None, rng)
        found.append((losses["loss"].item() - losses["reconstruction"].item()) / losses["kl"].item())
    np.testing.assert_allclose(found, [0, 0.1, 0.2, 0.3, 0.4, 0.4], atol=1e-9)
    measured = small(beta=0.4)
    measured.warmth = 0.1  # where training was interrupted
    losses = measured.losses(Tensor(melodies), rng=0)
    assert losses["loss"].item() == pytest.approx(losses["reconstruction"].item() + 0.4 * losses["kl"].item())


def test_melodies_are_transposed_in_training_alone(melodies, monkeypatch):
    model, seen = small(transpose=2), []
    monkeypatch.setattr(model, "encode", lambda x: (seen.append(x.data), MusicVAE.encode(model, x))[1])
    melodies = np.repeat(melodies, 20, axis=0)
    model.losses(Tensor(melodies), rng=np.random.default_rng(0))
    model.train().losses(Tensor(melodies), rng=np.random.default_rng(0))
    np.testing.assert_array_equal(seen[0], melodies)
    note = melodies < HOLD
    moved = seen[1].astype(int) - melodies
    assert set(moved[note]) == {-2, -1, 0, 1, 2}
    assert (np.where(note, moved, moved[:, :1]) == moved[:, :1]).all(), "all notes of a melody alike"
    np.testing.assert_array_equal(seen[1][~note], melodies[~note])


def test_long_gradients_are_cut_and_short_ones_are_not():
    for length, expected in ((50.0, LONGEST), (3.0, 3.0)):
        weight = Parameter(np.zeros(4))
        optimizer = ClippedAdam([weight], 0.1)
        weight.grad = np.array([0.6, 0.0, 0.8, 0.0]) * length
        optimizer.step()
        np.testing.assert_allclose(np.linalg.norm(optimizer.sum[0]), expected, rtol=1e-6)


def test_it_learns_a_few_melodies_by_heart():
    """And z is what it has learned them by: with another one's, it is mostly wrong where notes begin."""
    melodies = random_melodies(np.random.default_rng(0), 4, bars=1).clip(50)
    model = MusicVAE(1, hidden=32, latent=8, beta=0.0, transpose=0, rng=0)
    optimizers, rng = model.optimizers(5e-3), np.random.default_rng(0)
    x = np.repeat(melodies, 8, axis=0)
    for _ in train_epochs(model, optimizers, (x, None), epochs=250, batch_size=32, shuffle_rng=rng, noise_rng=rng):
        pass
    model.eval()
    mu, _ = model.encode(Tensor(melodies))
    assert (model.decode(mu) == melodies).mean() > 0.95
    assert (model.decode(mu[::-1]) == melodies).mean() < 0.8
    assert evaluate(model, (melodies, None), default_rng(0))["step_accuracy"] > 0.95


# --- kinds, and choosing among them -----------------------------------------------------------------------------------


def test_kinds_are_numbered_from_0_on():
    steps = np.array([[LOWEST, HIGHEST, HOLD, REST]], np.uint8)
    assert kinds_of(steps).tolist() == [[0, 60, 61, 62]] and KINDS == 63
    every = np.arange(KINDS)
    np.testing.assert_array_equal(kinds_of(steps_of(every)), every)


@pytest.mark.parametrize("step", [LOWEST - 1, HIGHEST + 1, 130, 0, 255])
def test_other_pitches_are_refused(step):
    with pytest.raises(ValueError, match=rf"MusicVAE: expected MIDI pitches from 36 to 96, .* found .*\b{step}\b"):
        small().encode(Tensor(np.full((1, 16), step, np.uint8)))


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0])
def test_draws_are_as_likely_as_the_temperature_says(temperature):
    logits = np.array([0.0, 1.0, -1.0, 2.0])
    n, rng = 40_000, np.random.default_rng(7)
    counts = np.bincount(choose(np.tile(logits, (n, 1)), temperature, rng), minlength=4)
    p = np.exp(logits / temperature) / np.exp(logits / temperature).sum()
    assert ((counts - n * p) ** 2 / (n * p)).sum() < 16.3  # chi-squared of 3 degrees of freedom, one in a thousand


def test_temperature_0_takes_the_likeliest_and_draws_nothing():
    logits = np.random.default_rng(0).standard_normal((3, 5, KINDS))
    np.testing.assert_array_equal(choose(logits), logits.argmax(axis=2))
    with pytest.raises(ValueError, match="choose: temperature"):
        choose(logits, -1.0)


def test_draws_stay_finite_where_the_noise_is_0():
    class Zero:
        def standard_normal(self, *args, **options):
            raise AssertionError

        def random(self, size, dtype):
            return np.zeros(size, dtype)

    logits = np.array([[0.0, 3.0, 1.0]], np.float32)
    assert choose(logits, 1.0, Zero()).tolist() == [1]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"bars": 0}, "MusicVAE: bars"),
        ({"hidden": 0}, "MusicVAE: .*hidden"),
        ({"latent": 0}, "MusicVAE: .*latent"),
        ({"beta": -0.1}, "MusicVAE: beta"),
        ({"free_bits": -1}, "MusicVAE: free_bits"),
        ({"word_dropout": 1.0}, "MusicVAE: word_dropout"),
        ({"warm_up": -1}, "MusicVAE: warm_up"),
        ({"transpose": 0.5}, "MusicVAE: transpose"),
        ({"structure": "deep"}, "MusicVAE: structure must be one of flat, hierarchical, found 'deep'"),
    ],
)
def test_sizes_out_of_range(options, told):
    with pytest.raises(ValueError, match=told):
        MusicVAE(**options)


# --- importance weights -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", MODELS.values(), ids=MODELS)
def test_importance_weights_and_draws_from_the_prior_agree_on_p_of_x(kind, melodies):
    """E[w] = p(x) = E[p(x|z)] for z from the prior, within 5 standard errors; and z means something."""
    model, x, count = small(kind, hidden=2, latent=1), Tensor(melodies[:2]), 3000
    model.to_mu.weight.data *= 2
    for name, parameter in model.named_parameters():
        if not name.startswith(("encoder", "to_mu", "to_log_var")):
            parameter.data *= 3
    z = Tensor(np.random.default_rng(1).standard_normal((2 * count, 1)))
    many = Tensor(np.repeat(melodies[:2], count, axis=0))
    log_p = torch.log_softmax(torch.tensor(model.logits(z, many).numpy()), 2).numpy()
    by_prior = np.take_along_axis(log_p, kinds_of(many.numpy()).T[:, :, None], 2).sum((0, 2)).reshape(2, count).T
    by_weights = model.log_weights(x, count, rng=2).numpy()
    means, errors = [], []
    for log_w in (by_prior, by_weights):
        w = np.exp(log_w - by_prior.max(axis=0))
        means.append(w.mean(axis=0))
        errors.append(w.std(axis=0) / count**0.5)
    assert (by_prior.std(axis=0) > 0.05).all() and by_weights.shape == (count, 2)
    assert (abs(means[0] - means[1]) < 5 * np.hypot(*errors)).all()


def test_the_mean_logarithm_of_importance_weights_is_the_elbo(melodies):
    model, x, count = small(), Tensor(melodies), 400
    log_w = model.log_weights(x, count, rng=0).numpy().mean(axis=1)
    rng = np.random.default_rng(1)
    losses = [model.losses(x, rng=rng) for _ in range(count)]
    elbos = [-(found["reconstruction"] + found["kl"]).item() for found in losses]
    error = np.hypot(np.std(log_w), np.std(elbos)) / count**0.5
    assert abs(log_w.mean() - np.mean(elbos)) < 5 * error
