"""The adversarial autoencoder: three losses, three optimisers that keep to their own, codes that follow the prior."""

import csv
import json
import math
import os

import numpy as np
import pytest
import torch
from PIL import Image

from minae import Tensor, gradcheck
from minae.cli import main
from minae.data import Split, mnist
from minae.measures.energy import energy_distance
from minae.models import AAE
from minae.optim import Adam
from minae.training import evaluate, in_batches, train_epochs
from minae.training.baselines import plain_autoencoder
from tests.parameters import as_function, smooth

QUICK = ["--limit", "300", "--epochs", "2", "--hidden", "16"]
FIGURES = ("losses", "gradients", "reconstructions", "samples", "latent")
PHASES = {"reconstruct": ("encoder", "decoder"), "discriminate": ("discriminator",), "generate": ("encoder",)}


@pytest.fixture
def images():
    return np.random.default_rng(5).random((7, 1, 5, 3), dtype=np.float32)


def small_aae(**options):
    return AAE(image_shape=(1, 5, 3), hidden=11, **{"latent": 3, "rng": 0, **options})


# --- each optimiser keeps to its own ------------------------------------------------------------------------------


class Spy:
    """An optimiser that may be kept from stepping, and that notes the gradients it would step by."""

    def __init__(self, optimizer, model, works=True):
        self.optimizer, self.model, self.works = optimizer, model, works
        self.lr = optimizer.lr

    def zero_grad(self):
        self.optimizer.zero_grad()

    def step(self):
        self.gradients = {
            name: None if parameter.grad is None else parameter.grad.copy()
            for name, parameter in self.model.named_parameters()
        }
        if self.works:
            self.optimizer.step()


def names_of(model, phase):
    return {name for name, _ in model.named_parameters() if name.split(".")[0] in PHASES[phase]}


def step(model, images, spies):
    return model.training_step(spies, Tensor(images), None, np.random.default_rng(1))


@pytest.mark.parametrize("phase", PHASES)
def test_each_optimiser_changes_its_own_parameters_and_no_others(images, phase):
    """With the two others kept from stepping, what changes is what this one owns: all of it, and nothing else."""
    model = small_aae()
    before = model.state_dict()
    step(model, images, [Spy(o, model, name == phase) for name, o in zip(PHASES, model.optimizers(1e-3))])
    changed = {name for name, value in model.state_dict().items() if not np.array_equal(value, before[name])}
    assert changed == names_of(model, phase)


def test_the_three_together_own_every_parameter(images):
    model = small_aae()
    assert set.union(*(names_of(model, phase) for phase in PHASES)) == {name for name, _ in model.named_parameters()}
    before = model.state_dict()
    step(model, images, model.optimizers(1e-3))
    assert all(not np.array_equal(before[name], value) for name, value in model.state_dict().items())


def test_no_parameter_is_left_without_a_gradient(images):
    model = small_aae()
    spies = [Spy(optimizer, model) for optimizer in model.optimizers(1e-3)]
    step(model, images, spies)
    for phase, spy in zip(PHASES, spies):
        for name in names_of(model, phase):
            assert spy.gradients[name].dtype == np.float32, (phase, name)
            assert np.abs(spy.gradients[name]).max() > 0, (phase, name)


def test_what_a_phase_leaves_behind_counts_in_no_other(images):
    """Gradients of garbage before the step, and before each phase, change nothing: every phase forgets them first."""

    class Litter(Spy):
        def step(self):
            super().step()
            litter(self.model)

    def litter(model):
        for parameter in model.parameters():
            parameter.grad = np.full_like(parameter.data, 1e3)

    clean, littered = small_aae(), small_aae()
    litter(littered)
    step(clean, images, clean.optimizers(1e-3))
    step(littered, images, [Litter(optimizer, littered) for optimizer in littered.optimizers(1e-3)])
    for name, value in clean.state_dict().items():
        assert np.array_equal(value, littered.state_dict()[name]), name


def test_the_discriminators_loss_sends_no_gradient_into_the_encoder(images):
    model = small_aae()
    spies = [Spy(optimizer, model) for optimizer in model.optimizers(1e-3)]
    step(model, images, spies)
    reconstruct, discriminate, _ = (spy.gradients for spy in spies)
    for name in names_of(model, "reconstruct"):
        assert np.array_equal(discriminate[name], reconstruct[name]), name


def torch_twin(model):
    """The same three networks in PyTorch, with the same weights."""
    nn = torch.nn
    pixels, hidden, latent, judge = 15, 11, 3, 256
    nets = nn.ModuleDict(
        {
            "encoder": nn.Sequential(nn.Flatten(), nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, latent)),
            "decoder": nn.Sequential(
                nn.Linear(latent, hidden), nn.ReLU(), nn.Linear(hidden, pixels), nn.Unflatten(1, (1, 5, 3))
            ),
            "discriminator": nn.Sequential(
                nn.Linear(latent, judge),
                nn.LeakyReLU(0.2),
                nn.Linear(judge, judge),
                nn.LeakyReLU(0.2),
                nn.Linear(judge, 1),
            ),
        }
    ).double()
    nets.load_state_dict({name: torch.from_numpy(value) for name, value in model.state_dict().items()})
    return nets


def torch_step(nets, optimizers, x, prior):
    """The three phases as they are written in PyTorch: the other networks' gradients are never computed."""
    bce = torch.nn.functional.binary_cross_entropy_with_logits
    encoder, decoder, discriminator = nets["encoder"], nets["decoder"], nets["discriminator"]

    def learn(optimizer, loss, parameters):
        for parameter, grad in zip(parameters, torch.autograd.grad(loss, parameters)):
            parameter.grad = grad
        optimizer.step()

    loss = bce(decoder(encoder(x)), x, reduction="sum") / len(x)
    learn(optimizers[0], loss, [*encoder.parameters(), *decoder.parameters()])

    of_prior, of_codes = discriminator(prior), discriminator(encoder(x).detach())
    loss = (bce(of_prior, torch.ones_like(of_prior)) + bce(of_codes, torch.zeros_like(of_codes))) / 2
    learn(optimizers[1], loss, list(discriminator.parameters()))

    deceived = discriminator(encoder(x))
    learn(optimizers[2], bce(deceived, torch.ones_like(deceived)), list(encoder.parameters()))


def test_three_steps_are_pytorchs(images):
    model, lr = small_aae().to(dtype=np.float64), 1e-2
    nets = torch_twin(model)
    encoder, decoder, discriminator = (
        list(nets[name].parameters()) for name in ("encoder", "decoder", "discriminator")
    )
    theirs = [
        torch.optim.Adam([*encoder, *decoder], lr),
        torch.optim.Adam(discriminator, 2 * lr, betas=(0.5, 0.999)),
        torch.optim.Adam(encoder, lr, betas=(0.5, 0.999)),
    ]
    ours, rng, same_rng = model.optimizers(lr), np.random.default_rng(3), np.random.default_rng(3)
    x = images.astype(np.float64)
    for _ in range(3):
        model.training_step(ours, Tensor(x), None, rng)
        torch_step(nets, theirs, torch.from_numpy(x), torch.from_numpy(model.sample_prior(7, same_rng).numpy()))
    for name, value in nets.state_dict().items():
        np.testing.assert_allclose(model.state_dict()[name], value.numpy(), rtol=1e-6, atol=1e-9, err_msg=name)


# --- the losses ---------------------------------------------------------------------------------------------------


def test_losses_by_their_definition(images):
    model = small_aae()
    losses = {name: loss.item() for name, loss in model.losses(Tensor(images), rng=4).items()}

    def judge(z):
        return 1 / (1 + np.exp(-model.discriminator(z).numpy().astype(np.float64)))

    codes, x = model.encode(Tensor(images)), images.astype(np.float64)
    p = 1 / (1 + np.exp(-model.decode(codes).numpy().astype(np.float64)))
    of_codes, of_prior = judge(codes), judge(model.sample_prior(7, 4))
    reconstruction = -(x * np.log(p) + (1 - x) * np.log(1 - p)).sum(axis=(1, 2, 3)).mean()
    assert losses["loss"] == losses["reconstruction"] == pytest.approx(reconstruction, rel=1e-6)
    both = -(np.log(of_prior).mean() + np.log(1 - of_codes).mean()) / 2
    assert losses["discriminator"] == pytest.approx(both, rel=1e-5)
    assert losses["generator"] == pytest.approx(-np.log(of_codes).mean(), rel=1e-5)
    right = (np.mean(of_prior > 0.5) + np.mean(of_codes < 0.5)) / 2
    assert losses["discriminator_accuracy"] == pytest.approx(right)


def test_every_loss_is_float32(images):
    model = small_aae()
    for losses in (model.losses(Tensor(images), rng=0), step(model, images, model.optimizers(1e-3))):
        assert all(loss.dtype == np.float32 and loss.shape == () for loss in losses.values())


@pytest.mark.parametrize(
    "loss",
    [
        lambda model, x, codes, prior: model.reconstruction_loss(x),
        lambda model, x, codes, prior: model.discriminator_loss(codes, prior)[0],
        lambda model, x, codes, prior: model.generator_loss(model.encode(x)),
    ],
    ids=["reconstruction", "discriminator", "generator"],
)
def test_gradients_of_the_losses(images, loss):
    model = smooth(small_aae(latent=2)).to(dtype=np.float64)
    x, prior = Tensor(images.astype(np.float64)), model.sample_prior(7, 1)
    codes = model.encode(x).detach()
    gradcheck(*as_function(model, lambda: loss(model, x, codes, prior)))


def test_the_discriminator_judges_codes_one_number_for_each(images):
    model = small_aae()
    assert model.discriminator(model.encode(Tensor(images))).shape == (7, 1)
    with pytest.raises(ValueError, match="linear"):
        model.discriminator(Tensor(images).flatten(1))


def test_extreme_codes_stay_finite(images):
    model = small_aae()
    model.encoder[3].weight.data *= 1e6
    losses = step(model, images, model.optimizers(1e-3))
    assert all(np.isfinite(loss.item()) for loss in losses.values())
    assert all(np.isfinite(value).all() for value in model.state_dict().values())


def discriminator_accuracy_after_training(shift):
    """Of a discriminator alone, on codes that are samples of the prior moved by `shift`, and that nobody moves back."""
    model, rng = small_aae(), np.random.default_rng(0)
    optimizer = Adam(model.discriminator.parameters(), 1e-3)
    accuracies = []
    for _ in range(150):
        codes, prior = model.sample_prior(200, rng) + shift, model.sample_prior(200, rng)
        optimizer.zero_grad()
        loss, accuracy = model.discriminator_loss(codes, prior)
        loss.backward()
        optimizer.step()
        accuracies.append(accuracy.item())
    return np.mean(accuracies[-50:])


def test_the_discriminator_tells_apart_what_can_be_told_apart():
    """Shifted by 2 in three dimensions, N(0, I) is judged rightly with probability Phi(√3) = 0.958, at best."""
    best = 0.5 * (1 + math.erf(math.sqrt(3 / 2)))
    assert discriminator_accuracy_after_training(2) == pytest.approx(best, abs=0.02)
    assert discriminator_accuracy_after_training(0) == pytest.approx(0.5, abs=0.02)


def test_the_generators_step_deceives_the_discriminator(images):
    model, x = small_aae(), Tensor(images)
    optimizers = [Spy(o, model, name == "generate") for name, o in zip(PHASES, model.optimizers(1e-3))]
    before = model.generator_loss(model.encode(x)).item()
    step(model, images, optimizers)
    assert model.generator_loss(model.encode(x)).item() < before


# --- the priors ---------------------------------------------------------------------------------------------------


def test_moments_of_the_gaussian_prior():
    n = 20_000
    z = small_aae().sample_prior(n, 0).numpy().astype(np.float64)
    assert z.shape == (n, 3)
    assert np.all(np.abs(z.mean(axis=0)) < 5 / math.sqrt(n))
    assert np.all(np.abs(np.cov(z.T) - np.eye(3)) < 5 * math.sqrt(2 / n))


MODES, RADIUS, STD = 10, 4.0, 0.5  # of the ring, with which README's energy distance was measured


def test_the_ring_is_ten_gaussians_on_a_circle():
    n = 20_000
    z = small_aae(latent=2, prior="ring").sample_prior(n, 0).numpy().astype(np.float64)
    angles = 2 * np.pi * np.arange(MODES) / MODES
    centres = RADIUS * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    nearest = np.linalg.norm(z[:, None] - centres, axis=2).argmin(axis=1)
    share = 1 / MODES
    assert np.all(np.abs(np.bincount(nearest) / n - share) < 5 * math.sqrt(share * (1 - share) / n))
    # E|z|² = RADIUS² + 2 STD², with variance 4 RADIUS² STD² + 4 STD⁴
    spread = math.sqrt((4 * RADIUS**2 * STD**2 + 4 * STD**4) / n)
    assert abs((z**2).sum(axis=1).mean() - (RADIUS**2 + 2 * STD**2)) < 5 * spread
    # The distance to a centre is STD times that of a normal pair: Var |e|² = 4 for |e|² of mean 2. (No two centres are
    # nearer than 2.4, nearly five STD: a sample that is nearer to another's centre is rare, and no nearer by much.)
    off = ((z - centres[nearest]) ** 2).sum(axis=1) / 0.5**2
    assert abs(off.mean() - 2) < 5 * math.sqrt(4 / n) + 0.03


@pytest.mark.parametrize("prior", ["gaussian", "ring"])
def test_samples_of_a_prior_follow_the_seed_and_the_dtype(prior):
    model = small_aae(latent=2, prior=prior)
    first, again, other = (model.sample_prior(9, seed).numpy() for seed in (1, 1, 2))
    assert np.array_equal(first, again) and not np.array_equal(first, other)
    assert first.dtype == np.float32 and model.to(dtype=np.float64).sample_prior(9, 1).dtype == np.float64


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"hidden": 0}, "hidden"),
        ({"latent": 0}, "latent"),
        ({"prior": "square"}, "one of gaussian, ring, found 'square'"),
        ({"prior": "ring", "latent": 3}, "latent must be 2, found 3"),
    ],
    ids=str,
)
def test_bad_options(options, message):
    with pytest.raises(ValueError, match=message):
        AAE(**options)


# --- what it learns -----------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_its_codes_come_to_follow_the_prior_and_still_say_which_image_it_is():
    """After a short training: nearer the prior than a plain autoencoder's codes, and better than the mean image."""
    few, (test_images, _) = Split(mnist("train")[0][:5000], None), mnist("test")
    rngs = {"shuffle_rng": np.random.default_rng(0), "noise_rng": np.random.default_rng(1)}
    model = AAE(hidden=128, rng=0)
    history = list(train_epochs(model, model.optimizers(1e-3), few, epochs=12, batch_size=64, decay=0.995, **rngs))
    plain = plain_autoencoder(model, few, seed=0)
    prior = model.sample_prior(2000, 2).numpy()

    def distance(autoencoder):
        return energy_distance(np.concatenate([z.numpy() for z in in_batches(autoencoder.encode, test_images)]), prior)

    assert distance(model) < distance(plain) / 10
    accuracies = [row["discriminator_accuracy"] for row in history]
    assert accuracies[0] > 0.6 and abs(accuracies[-1] - 0.5) < (accuracies[0] - 0.5) / 2
    mean = few.images.mean(axis=0).clip(1e-3, 1 - 1e-3)
    baseline = -(test_images * np.log(mean) + (1 - test_images) * np.log(1 - mean)).sum(axis=(1, 2, 3)).mean()
    assert evaluate(model, Split(test_images, None), np.random.default_rng(0))["reconstruction"] < baseline - 10


def test_the_plain_autoencoder_is_the_same_without_the_game(images):
    """One optimiser for the reconstruction: the discriminator stays as it was born."""
    model = small_aae()
    plain = plain_autoencoder(model, Split(images, None), seed=0)
    born = small_aae().state_dict()
    for name, value in plain.state_dict().items():
        assert np.array_equal(value, born[name]) == name.startswith("discriminator"), name


# --- the command --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=["gaussian", "ring"])
def run(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param) / "run"
    assert main(["train", "aae", "--prior", request.param, "--out", str(folder), *QUICK]) == 0
    return folder


def test_training_leaves_a_whole_run_folder(run, capsys):
    assert sorted(os.listdir(run / "figures")) == sorted(f"{name}.png" for name in FIGURES)
    for name in FIGURES:
        assert np.asarray(Image.open(run / "figures" / f"{name}.png").convert("L")).std() > 10, f"{name}.png is blank"
    with (run / "history.csv").open(newline="") as file:
        columns = set(next(csv.DictReader(file)))
    names = ("reconstruction", "discriminator", "generator", "discriminator_accuracy")
    assert {f"{split}_{name}" for split in ("train", "test") for name in names} <= columns
    test = json.loads((run / "metrics.json").read_text())["test"]
    assert 0 <= test["energy_distance_of_prior"] < test["energy_distance_of_plain_autoencoder"]
    capsys.readouterr()
    assert main(["evaluate", str(run)]) == 0
    out = capsys.readouterr().out
    assert f"reconstruction {test['reconstruction']:.2f} nats per image" in out
    assert f"energy distance between codes and prior {test['energy_distance']:.4f}" in out


@pytest.mark.parametrize("command", ["sample", "reconstruct"])
def test_pictures_from_a_saved_run(run, tmp_path, command):
    assert main([command, str(run), "--count", "13", "--out", str(tmp_path / "picture.png")]) == 0
    assert np.asarray(Image.open(tmp_path / "picture.png").convert("L")).std() > 10


@pytest.mark.parametrize("latent", ["1", "5"])
def test_other_code_sizes(tmp_path, latent):
    assert main(["train", "aae", "--out", str(tmp_path / "run"), *QUICK, "--latent", latent]) == 0
    assert (tmp_path / "run" / "figures" / "latent.png").exists()


def test_own_images_without_labels(tmp_path):
    path = tmp_path / "own.idx"
    pixels = np.random.default_rng(0).integers(0, 256, (40, 6, 9), dtype=np.uint8)
    path.write_bytes(bytes([0, 0, 8, 3]) + np.array(pixels.shape, ">u4").tobytes() + pixels.tobytes())
    out = ["--out", str(tmp_path / "run"), "--data", str(path), "--epochs", "1", "--batch-size", "9"]
    assert main(["train", "aae", *out]) == 0


def test_refusals(capsys, tmp_path):
    out = ["--out", str(tmp_path / "run"), *QUICK]
    assert main(["train", "aae", *out, "--prior", "ring", "--latent", "5"]) == 1
    err = capsys.readouterr().err
    assert err.count("\n") == 1 and "latent must be 2, found 5" in err
    assert not (tmp_path / "run").exists()
    with pytest.raises(SystemExit) as exit:
        main(["train", "aae", *out, "--prior", "square"])
    assert exit.value.code == 2 and "expected one of gaussian, ring, found 'square'" in capsys.readouterr().err
