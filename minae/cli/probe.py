"""`minae probe`: how far a few labels go with a frozen encoder's features."""

import argparse
from collections.abc import Iterator
from typing import Any

import numpy as np

from ..measures.pca import PCA
from ..measures.probe import encoder_features
from ..measures.probe import probe as scores_by_count
from ..support.errors import FileError
from ..support.parsing import whole
from ..training.estimate import forecast_of
from ..training.progress import no_terminal
from ..training.run_folder import Run
from .run_data import dataset, of_melodies
from .shared_arguments import add_command, add_data, add_run, typed


def add_to(commands: Any) -> None:
    about = "read labels off the frozen encoder's features, beside pixels and PCA"
    command = add_command(commands, "probe", probe, about)
    add_run(command)
    add_data(command)
    about = "of the images that are labelled (default: 0)"
    command.add_argument("--seed", type=typed(whole(0)), default=0, help=about)


def probe(options: argparse.Namespace) -> None:
    """Train linear classifiers on the frozen encoder's features, with few labels and
    with all, and test them."""
    run = Run.open(options.run)
    if of_melodies(run):
        raise ValueError(f"{run.folder}: expected a run on images, found melodies")
    data, model = dataset(run, options), run.load_model()
    (train, train_labels), (test, test_labels) = data.train, data.test
    if train_labels is None or test_labels is None:
        wanted = "expected images with labels to learn"
        raise FileError(f"{data.source}: {wanted}, found images alone")
    code = encoder_features(model, train)
    pca = PCA.fit(train, min(code.shape[1], train[0].size))
    features = {
        "encoder": (code, encoder_features(model, test)),
        f"PCA-{len(pca.components)}": (pca.encode(train), pca.encode(test)),
        "pixels": (train.reshape(len(train), -1), test.reshape(len(test), -1)),
    }
    print(
        f"share of {len(test):,} test images read rightly by a linear classifier "
        f"of {code.shape[1]} features"
    )
    print(f"{'labels':>8}" + "".join(f"{name:>16}" for name in features))
    rng = np.random.default_rng(options.seed)
    labels = train_labels, test_labels
    for count, scores in scores_by_count(features, labels, rng, _progress):
        row = "".join(f"{score!s:>16}" for score in scores.values())
        print(f"{count:>8,}{row}")


def _progress(draws: list[Any]) -> Iterator[Any]:
    """The draws of a row, beneath a bar, and how long all of them take."""
    from tqdm import tqdm

    bar = tqdm(draws, disable=no_terminal(), leave=False, unit="draw")
    return forecast_of("the next row", len(draws)).over(bar)
