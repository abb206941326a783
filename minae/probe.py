"""What an encoder has learned without labels, measured by how far a few labels go with its features.

A linear classifier is trained on the frozen features of some labelled images and tested on the test split: the more
plainly the features tell the classes apart, the fewer labels it needs. Raw pixels, and PCA of the same size, show what
there is to be had without the encoder.

Source: Alain & Bengio 2017, "Understanding Intermediate Layers Using Linear Classifier Probes". These are functions of
NumPy arrays; the classifier is trained by minae itself.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from . import functional as F
from .models import CVAE, Autoencoder
from .nn import Linear
from .optim import Adam
from .tensor import Tensor
from .training import in_batches

PENALTIES = (1e-3, 1e-2, 1e-1, 1.0)
FOLDS = 4
STEPS = 200
BATCH = 1000
DRAWS = {100: 8, 1000: 2}  # how often so few labelled images are drawn anew: the luck of one draw says little


@dataclass(frozen=True)
class Score:
    """The share of test images read rightly: the mean over the draws, and its standard error (0 for one draw)."""

    accuracy: float
    error: float = 0.0

    def __str__(self) -> str:
        return f"{self.accuracy:.1%}" + (f" ± {100 * self.error:.1f}" if self.error else "")


def encoder_features(model: Autoencoder, images: np.ndarray) -> np.ndarray:
    """What the encoder says of each image (N, C, H, W), as a row: its code, or where it is variational the code's mean.

    Raises ValueError for a model without an encoder of images alone.
    """

    encoder = getattr(model, "encode", None) or getattr(model, "encoder", None)
    if encoder is None or isinstance(model, CVAE):
        raise ValueError(f"probe: a {type(model).__name__} has no encoder that is given the images alone")

    def features(x: Tensor) -> np.ndarray:
        code = encoder(x)
        mean = code[0] if isinstance(code, tuple) else code
        return mean.flatten(1).numpy()

    return np.concatenate(in_batches(features, images))


def probe(
    features: dict[str, tuple[np.ndarray, np.ndarray]],
    labels: tuple[np.ndarray, np.ndarray],
    rng: np.random.Generator,
    progress: Callable[[Any], Any] = lambda steps: steps,
) -> Iterator[tuple[int, dict[str, Score]]]:
    """For 100, for 1,000 and for all labels: the Score of each kind of features, from the same labelled images.

    Args:
        features: by name, those of the training and of the test images, (N, d) and (M, d).
        labels: of the training and of the test images, (N,) and (M,), whole numbers from 0 on.
        progress: wraps the draws, e.g. in a bar.
    """
    count = len(labels[0])
    scaled = {name: standardised(*pair) for name, pair in features.items()}
    for few in (*(few for few in DRAWS if few < count), count):
        draws = [rng.permutation(count)[:few] for _ in range(DRAWS.get(few, 1))]
        accuracies: dict[str, list[float]] = {name: [] for name in features}
        for index in progress(draws):
            for name, (train, test) in scaled.items():
                classifier = learn(train[index], labels[0][index])
                accuracies[name].append(accuracy(classifier, test, labels[1]))
        yield few, {name: _score(values) for name, values in accuracies.items()}


def standardised(train: np.ndarray, test: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Both with the training features' mean taken away, and divided by one number, so that one penalty suits all.

    One number for all features, not one each: a pixel that is on in three images must not count like the others.
    """
    mean = train.mean(axis=0)
    scale = np.sqrt(((train - mean) ** 2).mean()) or 1.0
    return (train - mean) / scale, (test - mean) / scale


def learn(x: np.ndarray, labels: np.ndarray) -> Linear:
    """A linear classifier of features (N, d), its penalty chosen by cross-validation among PENALTIES.

    With more labels than a few thousand none is needed.
    """
    if len(x) > max(DRAWS):
        return fit_linear(x, labels, 0.0)
    fold = np.arange(len(x)) % FOLDS

    def held_out(penalty: float) -> float:
        """How well each fold is read by a classifier that has not seen it."""
        parts = [(fold != k, fold == k) for k in range(FOLDS)]
        return sum(accuracy(fit_linear(x[a], labels[a], penalty), x[b], labels[b]) for a, b in parts)

    return fit_linear(x, labels, max(PENALTIES, key=held_out))


def fit_linear(x: np.ndarray, labels: np.ndarray, penalty: float) -> Linear:
    """Softmax regression: the minimum of the mean of -ln p(label|x), plus penalty times the sum of squared weights / 2.

    The loss is convex, so it does not matter where it starts: at 0. The learning rate falls to 0 at the end.
    """
    classes = int(labels.max()) + 1
    classifier = Linear(x.shape[1], classes, rng=0)
    for parameter in classifier.parameters():
        parameter.data[...] = 0
    optimizer = Adam(classifier.parameters())
    for step, index in enumerate(_minibatches(len(x))):
        optimizer.lr = 0.1 * (1 - step / STEPS)
        optimizer.zero_grad()
        weight = classifier.weight
        loss = F.cross_entropy(classifier(Tensor(x[index])), labels[index]) + 0.5 * penalty * (weight * weight).sum()
        loss.backward()
        optimizer.step()
    return classifier


def accuracy(classifier: Linear, x: np.ndarray, labels: np.ndarray) -> float:
    """The share of features (N, d) whose likeliest label is the right one."""
    return float((classifier(Tensor(x)).numpy().argmax(axis=1) == labels).mean())


def _minibatches(count: int) -> Iterator[Any]:
    """STEPS times all of them, or the next BATCH, round and round."""
    if count <= BATCH:
        return (slice(None) for _ in range(STEPS))
    order = np.random.default_rng(0).permutation(count)
    return (order.take(range(step * BATCH, (step + 1) * BATCH), mode="wrap") for step in range(STEPS))


def _score(values: list[float]) -> Score:
    error = np.std(values, ddof=1) / np.sqrt(len(values)) if len(values) > 1 else 0.0
    return Score(float(np.mean(values)), float(error))
