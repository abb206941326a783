"""A beginner's convolutional classifier, with batch normalisation and dropout: MNIST in minae and in PyTorch.

    python benchmarks/classifier.py                       the bar: 99 % of the test images, in minae in under 5 minutes
    python benchmarks/classifier.py --limit 2000 --epochs 1

Both start from the same weights and see the same batches; what dropout drops is each library's own. Adam with a cosine
schedule. Prints the share of test images that are read correctly, epoch by epoch. Exit status 1 where minae stays below
99 % or takes 5 minutes, or where the two differ by more than 0.3 points.
"""

import argparse
import time
from collections.abc import Iterator

import numpy as np
import torch

from minae import Tensor, nn, no_grad, optim
from minae import functional as F
from minae.data import Dataset, batches

ACCURACY, SECONDS, APART = 0.99, 300, 0.003


def network(rng: np.random.Generator) -> nn.Sequential:
    """Two convolutions and two dense layers: 28x28 to 14x14 to 7x7 to 128 to 10."""
    return nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1, rng=rng),
        nn.BatchNorm2d(16),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3, padding=1, rng=rng),
        nn.BatchNorm2d(32),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(32 * 7 * 7, 128, rng=rng),
        nn.BatchNorm1d(128),
        nn.ReLU(),
        nn.Dropout(0.5, rng=rng),
        nn.Linear(128, 10, rng=rng),
    )


def torch_twin(model: nn.Sequential) -> torch.nn.Sequential:
    """The same network with copies of the same weights and buffers."""
    twin = torch.nn.Sequential(
        torch.nn.Conv2d(1, 16, 3, padding=1),
        torch.nn.BatchNorm2d(16),
        torch.nn.ReLU(),
        torch.nn.MaxPool2d(2),
        torch.nn.Conv2d(16, 32, 3, padding=1),
        torch.nn.BatchNorm2d(32),
        torch.nn.ReLU(),
        torch.nn.MaxPool2d(2),
        torch.nn.Flatten(),
        torch.nn.Linear(32 * 7 * 7, 128),
        torch.nn.BatchNorm1d(128),
        torch.nn.ReLU(),
        torch.nn.Dropout(0.5),
        torch.nn.Linear(128, 10),
    )
    twin.load_state_dict({name: torch.from_numpy(value) for name, value in model.state_dict().items()})
    return twin


def train_ours(
    model: nn.Sequential, data: Dataset, epochs: int, batch_size: int, lr: float, seed: int
) -> Iterator[float]:
    """Train; yields the share of test images read correctly after every epoch."""
    rng = np.random.default_rng(seed)
    optimizer = optim.Adam(model.parameters(), lr)
    schedule = optim.CosineAnnealingLR(optimizer, epochs)
    images, labels = data.train.images, np.asarray(data.train.labels)
    for _ in range(epochs):
        model.train()
        for index in batches(len(images), batch_size, rng):
            optimizer.zero_grad()
            F.cross_entropy(model(Tensor(images[index])), labels[index]).backward()
            optimizer.step()
        schedule.step()
        yield our_accuracy(model, data)


@no_grad()
def our_accuracy(model: nn.Sequential, data: Dataset) -> float:
    model.eval()
    images, labels = data.test
    parts = [model(Tensor(images[start : start + 1000])).numpy() for start in range(0, len(images), 1000)]
    return float((np.concatenate(parts).argmax(axis=1) == labels).mean())


def train_theirs(
    twin: torch.nn.Sequential, data: Dataset, epochs: int, batch_size: int, lr: float, seed: int
) -> Iterator[float]:
    """The same in PyTorch."""
    rng = np.random.default_rng(seed)
    torch.manual_seed(seed)
    optimizer = torch.optim.Adam(twin.parameters(), lr)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs)
    images, labels = map(torch.from_numpy, data.train)
    for _ in range(epochs):
        twin.train()
        for index in batches(len(images), batch_size, rng):
            optimizer.zero_grad()
            torch.nn.functional.cross_entropy(twin(images[index]), labels[index]).backward()
            optimizer.step()
        schedule.step()
        yield their_accuracy(twin, data)


def their_accuracy(twin: torch.nn.Sequential, data: Dataset) -> float:
    twin.eval()
    images, labels = map(torch.from_numpy, data.test)
    with torch.no_grad():
        logits = torch.cat([twin(part) for part in images.split(1000)])
    return (logits.argmax(dim=1) == labels).float().mean().item()


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, default in (("epochs", 4), ("batch-size", 128), ("seed", 0), ("limit", None)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--lr", type=float, default=2e-3)
    options = parser.parse_args(arguments)

    data = Dataset("mnist", options.limit)
    model = network(np.random.default_rng(options.seed))
    twin = torch_twin(model)
    settings = (data, options.epochs, options.batch_size, options.lr, options.seed)
    print(f"{len(data.train.images):,} training images, batches of {options.batch_size}, Adam from {options.lr:g} to 0")
    print("test images read correctly")
    reached, seconds = {}, {}
    for library, epochs in (("minae", train_ours(model, *settings)), ("PyTorch", train_theirs(twin, *settings))):
        start = time.perf_counter()
        for epoch, reached[library] in enumerate(epochs, start=1):
            seconds[library] = time.perf_counter() - start
            print(f"{library:8} epoch {epoch:2}  {reached[library]:7.2%}  after {seconds[library]:.0f} s", flush=True)
    apart = abs(reached["minae"] - reached["PyTorch"])
    print(f"{100 * apart:.2f} points apart; the bar is {ACCURACY:.0%} in {SECONDS} s, and {100 * APART:.1f} points")
    met = reached["minae"] >= ACCURACY and seconds["minae"] < SECONDS and apart <= APART
    return 0 if met else 1


if __name__ == "__main__":
    raise SystemExit(main())
