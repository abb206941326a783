"""`minae evaluate`: a saved run, measured on the whole test split."""

import argparse
from functools import partial
from typing import Any

from ..reports import report_on
from ..support.parsing import whole
from ..training.baselines import baselines
from ..training.progress import no_terminal
from ..training.run_folder import Run
from .run_data import dataset, print_test
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
        help="also bound log p(x) by K samples per image, for a variational model; "
        "K = 5000 takes tens of minutes",
    )


def evaluate(options: argparse.Namespace) -> None:
    """Measure a saved run on the whole test split."""
    from tqdm import tqdm

    run, samples = Run.open(options.run), options.importance_samples
    name, seed = run.config["model"], run.config["seed"]
    report = report_on(name)
    if samples and not hasattr(report, "evidence"):
        told = f"{run.folder}: a run of {name} has no p(x)"
        raise ValueError(f"{told} for --importance-samples to bound")
    model, data = run.load_model(), dataset(run, options, learned=run.config["data"])
    metrics = report.measure(model, data, seed, **baselines(name, model, data, seed))
    print_test(report.describe(metrics))
    if hasattr(report, "details"):
        print_test(report.details(metrics))
    if samples:
        progress = partial(tqdm, disable=no_terminal(), unit="batch")
        print_test(report.evidence(model, data, seed, samples, progress))
