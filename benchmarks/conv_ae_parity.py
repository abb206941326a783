"""Train conv-ae in minae and in PyTorch, from the same weights on the same batches, and compare what they reach.

    python benchmarks/conv_ae_parity.py                  the bar: 10 epochs of MNIST, batches of 128, Adam at 1e-3
    python benchmarks/conv_ae_parity.py --limit 2000 --epochs 1

Prints both binary cross-entropies on the test images, epoch by epoch. Exit status 1 where the last ones differ by more
than 2 %.
"""

import argparse
import time
from collections.abc import Iterator

import numpy as np
import torch
from torch import nn

from minae.data import Dataset, Split, batches
from minae.models import ConvAE
from minae.training import evaluate, train_epochs

BAR = 0.02  # how far, relative to PyTorch's, the cross-entropies may lie apart


class TorchConvAE(nn.Module):
    """The network of `minae.models.ConvAE`, with its parameter names."""

    def __init__(self, channels: int = 1):
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Conv2d(channels, 16, 3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(16, 8, 3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(8, 8, 3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2, padding=1),
        )
        self.decoder = nn.Sequential(
            nn.Conv2d(8, 8, 3, padding=1),
            nn.ReLU(),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(8, 8, 3, padding=1),
            nn.ReLU(),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(8, 16, 3),
            nn.ReLU(),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(16, channels, 3, padding=1),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.decoder(self.encoder(x))

    def loss(self, x: torch.Tensor) -> torch.Tensor:
        """Binary cross-entropy, nats per image."""
        return nn.functional.binary_cross_entropy_with_logits(self(x), x, reduction="sum") / len(x)


def torch_twin(model: ConvAE) -> TorchConvAE:
    """The same network with copies of the same weights."""
    twin = TorchConvAE(model.encoder[0].weight.shape[1])
    twin.load_state_dict({name: torch.from_numpy(value) for name, value in model.state_dict().items()})
    return twin


def train_ours(model: ConvAE, data: Dataset, epochs: int, batch_size: int, lr: float, seed: int) -> Iterator[float]:
    """Train; yields the test images' cross-entropy after every epoch."""
    rng = np.random.default_rng(seed)
    sizes = {"epochs": epochs, "batch_size": batch_size}
    for _ in train_epochs(model, model.optimizers(lr), data.train, **sizes, shuffle_rng=rng, noise_rng=None):
        yield evaluate(model, data.test, None)["reconstruction"]


def train_theirs(
    twin: TorchConvAE, data: Dataset, epochs: int, batch_size: int, lr: float, seed: int
) -> Iterator[float]:
    """The same in PyTorch."""
    rng = np.random.default_rng(seed)
    optimizer = torch.optim.Adam(twin.parameters(), lr)
    images = torch.from_numpy(data.train.images)
    for _ in range(epochs):
        for index in batches(len(images), batch_size, rng):
            optimizer.zero_grad()
            twin.loss(images[index]).backward()
            optimizer.step()
        yield torch_test(twin, data.test)


def torch_test(twin: TorchConvAE, test: Split) -> float:
    with torch.no_grad():
        parts = torch.from_numpy(test.images).split(1000)
        return sum(twin.loss(part).item() * len(part) for part in parts) / len(test.images)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, default in (("epochs", 10), ("batch-size", 128), ("seed", 0), ("limit", None)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--lr", type=float, default=1e-3)
    options = parser.parse_args(arguments)

    data = Dataset("mnist", options.limit)
    model = ConvAE(rng=options.seed)
    twin = torch_twin(model)
    settings = (data, options.epochs, options.batch_size, options.lr, options.seed)
    print(f"{len(data.train.images):,} training images, batches of {options.batch_size}, Adam at {options.lr:g}")
    print("binary cross-entropy of the test images, nats per image")
    reached = {}
    for library, epochs in (("minae", train_ours(model, *settings)), ("PyTorch", train_theirs(twin, *settings))):
        start = time.perf_counter()
        for epoch, reached[library] in enumerate(epochs, start=1):
            seconds = time.perf_counter() - start
            print(f"{library:8} epoch {epoch:2}  {reached[library]:9.4f}  after {seconds:.0f} s", flush=True)
    ratio = reached["minae"] / reached["PyTorch"]
    print(f"ratio {ratio:.5f}; the bar is 1 within {BAR:.0%}")
    return 0 if abs(ratio - 1) <= BAR else 1


if __name__ == "__main__":
    raise SystemExit(main())
