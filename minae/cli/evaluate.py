"""`minae evaluate`: a saved run, measured on the whole test split."""

import argparse
from collections.abc import Iterator
from functools import partial
from typing import Any

from ..reports import report_on
from ..support.forecast import LONG, in_words
from ..support.parsing import whole
from ..training.baselines import baselines
from ..training.estimate import forecast_of
from ..training.progress import no_terminal
from ..training.run_folder import Run
from .run_data import binarise_test, dataset, print_test
from .shared_arguments import add_command, add_data, add_run, typed


def add_to(commands: Any) -> None:
    about = "measure a trained model on the test images"
    command = add_command(commands, "evaluate", evaluate, about)
    add_run(command)
    add_data(command)
    command.add_argument(
        "--importance-samples",
        metavar="K",
        type=typed(whole(1)),
        help="also bound log p(x) by K samples per image, for a variational model: "
        "the more, the closer, and the longer it takes",
    )


def evaluate(options: argparse.Namespace) -> None:
    """Measure a saved run on the whole test split."""
    run, samples = Run.open(options.run), options.importance_samples
    name, seed = run.config["model"], run.config["seed"]
    report = report_on(name)
    if samples and not hasattr(report, "evidence"):
        told = f"{run.folder}: a run of {name} has no p(x)"
        raise ValueError(f"{told} for --importance-samples to bound")
    model, data = run.load_model(), dataset(run, options, learned=run.config["data"])
    binarise_test(name, data)
    others = baselines(name, model, data, run.config, told=True)
    metrics = report.measure(model, data, seed, **others)
    print_test(report.describe(metrics))
    if hasattr(report, "details"):
        print_test(report.details(metrics))
    if samples:
        progress = partial(_progress, samples)
        print_test(report.evidence(model, data, seed, samples, progress))


def _progress(samples: int, parts: list[Any]) -> Iterator[Any]:
    """The batches of images, beneath a bar, and how long all of them take."""
    from tqdm import tqdm

    def shorter(seconds: float) -> str:
        fewer = max(1, int(float(f"{samples * LONG / seconds:.1g}")))
        takes = in_words(seconds * fewer / samples)
        return f"--importance-samples {fewer} would take {takes}, for a looser bound"

    bar = tqdm(parts, disable=no_terminal(), unit="batch")
    return forecast_of("bounding log p(x)", len(parts), shorter).over(bar)
