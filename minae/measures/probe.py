"""Linear probes: what an encoder has learned without labels.

A linear classifier is trained on the frozen features of some labelled images, and
tested on the test split. The more clearly the features tell the classes apart, the
fewer labels it needs. Raw pixels, and PCA of the same size, show what can be reached
without the encoder.

These are functions of NumPy arrays; minae itself trains the classifier.
Source: Alain & Bengio 2017, "Understanding Intermediate Layers Using Linear Classifier
Probes".
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from .. import functional as F
from ..models import CVAE, Autoencoder, SemiVAE
from ..nn import Linear
from ..optim import Adam
from ..tensors import Tensor
from ..training import in_batches

PENALTIES = (1e-3, 1e-2, 1e-1, 1.0)
FOLDS = 4
STEPS = 200
BATCH = 1000
# How often this many labelled images are drawn: one draw of so few may be lucky.
DRAWS = {100: 8, 1000: 2}


@dataclass(frozen=True)
class Score:
    """The share of test images that are classified correctly.

    It is the mean over the draws; `error` is its standard error (0 for one draw).
    """

    accuracy: float
    error: float = 0.0

    def __str__(self) -> str:
        error = f" ± {100 * self.error:.1f}" if self.error else ""
        return f"{self.accuracy:.1%}{error}"


def encoder_features(model: Autoencoder, images: np.ndarray) -> np.ndarray:
    """The codes of images (N, C, H, W), one per row.

    In a variational model, the code is the mean of the distribution q(z|x).
    Raises ValueError for a model without an encoder that takes images alone.
    """
    encoder = getattr(model, "encode", None) or getattr(model, "encoder", None)
    if encoder is None or isinstance(model, CVAE | SemiVAE):
        raise ValueError(
            f"probe: a {type(model).__name__} has no encoder that takes images alone"
        )

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
    """The Score of each kind of features, with 100, 1,000 and all labels in turn.

    All kinds of features are scored on the same labelled images.

    Args:
        features: by name, the features of the training images (N, d) and of the test
            images (M, d).
        labels: of the training images (N,) and of the test images (M,), whole numbers
            from 0 on.
        progress: wraps the draws, e.g. in a bar.
    """
    count = len(labels[0])
    scaled = {name: standardised(*pair) for name, pair in features.items()}
    for labelled in [*(few for few in DRAWS if few < count), count]:
        draws = [
            rng.permutation(count)[:labelled] for _ in range(DRAWS.get(labelled, 1))
        ]
        accuracies: dict[str, list[float]] = {name: [] for name in features}
        for index in progress(draws):
            for name, (train, test) in scaled.items():
                classifier = learn(train[index], labels[0][index])
                accuracies[name].append(accuracy(classifier, test, labels[1]))
        yield labelled, {name: _score(values) for name, values in accuracies.items()}


def standardised(train: np.ndarray, test: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Features minus the mean of the training features, divided by one number.

    One penalty then suits all kinds of features. There is one number for all features,
    not one for each: a pixel that is on in three images must not count as much as the
    others.
    """
    mean = train.mean(axis=0)
    scale = np.sqrt(((train - mean) ** 2).mean()) or 1.0
    return (train - mean) / scale, (test - mean) / scale


def learn(x: np.ndarray, labels: np.ndarray) -> Linear:
    """A linear classifier of features (N, d), with the best of PENALTIES.

    The penalty is chosen by cross-validation. With more than a thousand labels, no
    penalty is needed.
    """
    if len(x) > max(DRAWS):
        return fit_linear(x, labels, 0.0)
    fold = np.arange(len(x)) % FOLDS

    def held_out(penalty: float) -> float:
        """The accuracy on each fold of a classifier trained on the others, summed."""
        total = 0.0
        for k in range(FOLDS):
            seen, unseen = fold != k, fold == k
            classifier = fit_linear(x[seen], labels[seen], penalty)
            total += accuracy(classifier, x[unseen], labels[unseen])
        return total

    return fit_linear(x, labels, max(PENALTIES, key=held_out))


def fit_linear(x: np.ndarray, labels: np.ndarray, penalty: float) -> Linear:
    """Softmax regression: the classifier with the smallest penalised loss.

    The loss is the mean of -ln p(label|x), plus penalty times half the sum of squared
    weights. It is convex, so the start does not matter: all weights are 0. The learning
    rate falls to 0 at the end.
    """
    classes = int(labels.max()) + 1
    classifier = Linear(x.shape[1], classes)
    for parameter in classifier.parameters():
        parameter.data[...] = 0
    optimizer = Adam(classifier.parameters())
    for step, index in enumerate(_minibatches(len(x))):
        optimizer.lr = 0.1 * (1 - step / STEPS)
        optimizer.zero_grad()
        weight = classifier.weight
        loss = (
            F.cross_entropy(classifier(Tensor(x[index])), labels[index])
            + 0.5 * penalty * (weight * weight).sum()
        )
        loss.backward()
        optimizer.step()
    return classifier


def accuracy(classifier: Linear, x: np.ndarray, labels: np.ndarray) -> float:
    """The share of features (N, d) whose likeliest label is the right one."""
    return float((classifier(Tensor(x)).numpy().argmax(axis=1) == labels).mean())


def _minibatches(count: int) -> Iterator[Any]:
    """STEPS minibatches: all examples at once if they are few, else BATCH at a time."""
    if count <= BATCH:
        return (slice(None) for _ in range(STEPS))
    order = np.random.default_rng(0).permutation(count)
    return (
        order.take(range(step * BATCH, (step + 1) * BATCH), mode="wrap")
        for step in range(STEPS)
    )


def _score(values: list[float]) -> Score:
    error = np.std(values, ddof=1) / np.sqrt(len(values)) if len(values) > 1 else 0.0
    return Score(float(np.mean(values)), float(error))
