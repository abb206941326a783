"""Train importance-weighted autoencoders in minae and in PyTorch, and compare the NLL that they reach.

    python benchmarks/iwae.py                            the bars: k = 1 and 5, 40 epochs of MNIST, 5,000 samples
    python benchmarks/iwae.py --limit 500 --epochs 2 --samples 50 --folder trial
    python benchmarks/iwae.py --libraries minae --epochs 300 --decay 0.999981 --folder long

Both libraries begin with the same weights and see the same batches, binarised by the same random numbers, with the same
noise. Both are tested on the same black and white images, with the same noise. What is done is kept in the folder,
epoch by epoch and image by image: after an interrupt, the same command goes on from there.

Exit status 1 where the NLLs of the two libraries are more than 0.5 nats apart, or a larger k is not better than the one
before it by more than three standard errors of the paired difference.
"""

import argparse
import json
import os
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from tqdm import tqdm

import minae
from minae import Tensor
from minae.data import Dataset, batches
from minae.measures.evidence import binarise, evidence_bounds, log_mean_exp
from minae.models import IWAE
from minae.models.iwae import binarised
from minae.training.checkpoint import CHECKPOINT
from minae.training.fitting import seeds

BAR = 0.5  # nats between the two libraries
SIGMAS = 3  # of the gain by a larger k
BLOCK = 100  # test images after which their NLLs are kept
ROWS = 250  # codes decoded at once when testing


class TorchIWAE(nn.Module):
    """The network of `minae.models.IWAE`, with its parameter names, and its loss by torch.distributions."""

    def __init__(self, pixels: int, hidden: tuple[int, ...], latent: int):
        super().__init__()
        sizes = [pixels, *hidden]
        down = [layer for a, b in pairwise(sizes) for layer in (nn.Linear(a, b), nn.Tanh())]
        sizes = [latent, *hidden[::-1]]
        up = [layer for a, b in pairwise(sizes) for layer in (nn.Linear(a, b), nn.Tanh())]
        self.encoder = nn.Sequential(nn.Flatten(), *down)
        self.to_mu = nn.Linear(hidden[-1], latent)
        self.to_log_var = nn.Linear(hidden[-1], latent)
        self.decoder = nn.Sequential(*up, nn.Linear(hidden[0], pixels))

    def log_weights(self, x: torch.Tensor, eps: torch.Tensor, doubly: bool = False) -> torch.Tensor:
        """ln p(x|z) + ln p(z) - ln q(z|x): (k, N), for black and white images and noise (k, N, latent).

        `doubly`: so that the gradient of the bound becomes the doubly reparameterised one, by a hook at z.
        """
        h = self.encoder(x)
        mu, log_var = self.to_mu(h), self.to_log_var(h)
        z = mu + torch.exp(log_var / 2) * eps
        if doubly:
            mu, log_var = mu.detach(), log_var.detach()
        q, prior = torch.distributions.Normal(mu, torch.exp(log_var / 2)), torch.distributions.Normal(0.0, 1.0)
        log_ratio = (prior.log_prob(z) - q.log_prob(z)).sum(2)
        logits = self.decoder(z)
        target = x.flatten(1).expand_as(logits)
        cost = nn.functional.binary_cross_entropy_with_logits(logits, target, reduction="none").sum(2)
        log_weights = log_ratio - cost
        if doubly:
            v = torch.softmax(log_weights.detach(), 0)
            z.register_hook(lambda gradient: v[:, :, None] * gradient)
        return log_weights

    def loss(self, x: torch.Tensor, eps: torch.Tensor, doubly: bool = False) -> torch.Tensor:
        """-L_k in nats per image."""
        log_weights = self.log_weights(x, eps, doubly)
        return -(torch.logsumexp(log_weights, 0) - np.log(len(eps))).mean()


def torch_twin(model: IWAE) -> TorchIWAE:
    """The same network with copies of the same weights, in the same dtype."""
    weights = {name: torch.from_numpy(value) for name, value in model.state_dict().items()}
    twin = TorchIWAE(int(np.prod(model.image_shape)), model.hidden, model.latent).to(weights["to_mu.bias"].dtype)
    twin.load_state_dict(weights)
    return twin


# --- training ---------------------------------------------------------------------------------------------------------


def train_ours(model: IWAE, data: Dataset, options: argparse.Namespace, folder: Path) -> None:
    given = {name: getattr(options, name) for name in ("epochs", "batch_size", "lr", "decay", "seed")}
    resume = (folder / CHECKPOINT).exists()
    minae.fit(model, data.train.images, **given, folder=folder, resume=resume, alone=True)


def steps(model: IWAE, images: np.ndarray, epoch: int, batch_size: int, seed: int) -> Iterator[tuple]:
    """What `minae.fit` draws in an epoch: (black and white images, noise) for each step."""
    order_seed, noise_seed = seeds(seed, epoch)
    rng = np.random.default_rng(noise_seed)
    for index in batches(len(images), batch_size, np.random.default_rng(order_seed)):
        x = binarised(Tensor(images[index]), rng).data
        eps = rng.standard_normal((len(x), model.k, model.latent), dtype=x.dtype)
        yield torch.from_numpy(x), torch.from_numpy(eps.swapaxes(0, 1))


def train_theirs(twin: TorchIWAE, model: IWAE, data: Dataset, options: argparse.Namespace, folder: Path) -> None:
    """The same in PyTorch, from the checkpoint in the folder if there is one."""
    optimizer = torch.optim.Adam(twin.parameters(), options.lr)
    path, done = folder / "checkpoint.pt", 0
    if path.exists():
        kept = torch.load(path, weights_only=True)
        twin.load_state_dict(kept["model"])
        optimizer.load_state_dict(kept["optimizer"])
        done = kept["epochs"]
    for epoch in tqdm(range(done + 1, options.epochs + 1), desc="PyTorch", unit="epoch"):
        for x, eps in steps(model, data.train.images, epoch, options.batch_size, options.seed):
            optimizer.zero_grad()
            twin.loss(x, eps, doubly=model.gradient != "standard").backward()
            optimizer.step()
            for group in optimizer.param_groups:
                group["lr"] *= options.decay
        state = {"model": twin.state_dict(), "optimizer": optimizer.state_dict(), "epochs": epoch}
        write_whole(path, lambda file, state=state: torch.save(state, file))


# --- testing ----------------------------------------------------------------------------------------------------------


def nll_ours(model: IWAE, images: np.ndarray, samples: int, rng: Any) -> np.ndarray:
    """-L_samples of each image; no more rows than samples, so that images are decoded one by one."""
    return -evidence_bounds(model, images, samples, rng, min(samples, ROWS))[1]


@torch.no_grad()
def nll_theirs(twin: TorchIWAE, images: np.ndarray, samples: int, rng: Any) -> np.ndarray:
    """The same with PyTorch's network, image by image too."""
    nll = []
    for image in images:
        x, weights = torch.from_numpy(image[None]), []
        for start in range(0, samples, ROWS):
            shape = (min(ROWS, samples - start), 1, twin.to_mu.out_features)
            eps = torch.from_numpy(rng.standard_normal(shape, dtype=images.dtype))
            weights.append(twin.log_weights(x, eps).double().numpy())
        nll.append(-log_mean_exp(np.concatenate(weights), axis=0))
    return np.concatenate(nll)


def tested(nll: Callable, images: np.ndarray, options: argparse.Namespace, path: Path) -> np.ndarray:
    """The NLL of each image, kept in a file after every block of images."""
    found = np.load(path) if path.exists() else np.empty(0)
    starts = range(0, len(images), BLOCK)
    for block in tqdm(starts, initial=len(found) // BLOCK, total=len(starts), desc="testing", unit="block"):
        if block >= len(found):
            rng = np.random.default_rng([options.seed, block])
            found = np.concatenate([found, nll(images[block : block + BLOCK], options.samples, rng)])
            write_whole(path, lambda file, found=found: np.save(file, found))
    return found


def write_whole(path: Path, write: Callable) -> None:
    """A file that is there whole or not at all, whenever the program is stopped."""
    beside = path.with_name(f"{path.name}.new")
    with open(beside, "wb") as file:
        write(file)
    os.replace(beside, path)


# --- the comparison ---------------------------------------------------------------------------------------------------


def mean_and_error(values: np.ndarray) -> tuple[float, float]:
    return values.mean().item(), values.std(ddof=1).item() / len(values) ** 0.5


def nlls_of(k: int, data: Dataset, options: argparse.Namespace) -> dict[str, np.ndarray]:
    """Train and test with k samples: the NLL of each test image, by library."""
    test, found = binarise(data.test.images), {}
    for library in options.libraries:
        folder = Path(options.folder, f"{library} k={k}")
        folder.mkdir(parents=True, exist_ok=True)
        model = IWAE(k=k, gradient=options.gradient, rng=seeds(options.seed)[0])
        model.start_from(data.train.images)
        twin = torch_twin(model)
        start = time.perf_counter()
        if library == "minae":
            train_ours(model, data, options, folder)
        else:
            train_theirs(twin, model, data, options, folder)
        trained = time.perf_counter() - start
        nll = partial(nll_ours, model) if library == "minae" else partial(nll_theirs, twin)
        found[library] = tested(nll, test, options, folder / f"nll of {options.samples} samples.npy")
        seconds = time.perf_counter() - start - trained
        mean, error = mean_and_error(found[library])
        told = f"NLL {mean:.3f} ± {error:.3f}; this time {trained:.0f} s of training, {seconds:.0f} s of testing"
        print(f"{library:8} k = {k:3}  {told}", flush=True)
    return found


def check_folder(options: argparse.Namespace) -> None:
    """Raises SystemExit where the folder holds another experiment."""
    asked = {name: x for name, x in vars(options).items() if name not in ("k", "libraries", "folder", "samples")}
    path = Path(options.folder, "options.json")
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and (found := json.loads(path.read_text())) != asked:
        raise SystemExit(f"{options.folder} was made with {found}; choose another --folder")
    path.write_text(json.dumps(asked))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, default in (("epochs", 40), ("batch-size", 100), ("samples", 5000), ("seed", 0), ("limit", None)):
        parser.add_argument(f"--{name}", type=int, default=default)
    for name, value in (("lr", 3e-3), ("decay", 0.99986)):
        parser.add_argument(f"--{name}", type=float, default=value)
    parser.add_argument("--k", type=int, nargs="+", default=[1, 5])
    parser.add_argument("--gradient", default="standard")
    parser.add_argument("--libraries", nargs="+", choices=("minae", "PyTorch"), default=["minae", "PyTorch"])
    parser.add_argument("--folder", default="runs/iwae-parity")
    options = parser.parse_args(arguments)
    check_folder(options)
    data = Dataset("mnist", options.limit)
    found = {k: nlls_of(k, data, options) for k in options.k}
    right = True
    for k, nlls in found.items():
        if len(nlls) == 2:
            mean, error = mean_and_error(nlls["minae"] - nlls["PyTorch"])
            right &= abs(mean) <= BAR
            print(f"k = {k}: minae - PyTorch {mean:+.4f} ± {error:.4f} nats; the bar is {BAR}")
    for k, larger in pairwise(options.k):
        for library in options.libraries:
            mean, error = mean_and_error(found[k][library] - found[larger][library])
            right &= mean > SIGMAS * error
            told = f"{mean:.3f} ± {error:.3f} nats, {mean / error:.1f} standard errors; the bar is {SIGMAS}"
            print(f"{library}: k = {larger} gains on k = {k} {told}")
    return 0 if right else 1


if __name__ == "__main__":
    raise SystemExit(main())
