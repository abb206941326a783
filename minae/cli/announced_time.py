"""What `minae train` says of how long it takes, and of what would be shorter."""

from dataclasses import replace

from ..models.registry import MODELS
from ..support.forecast import LONG
from ..training.estimate import Estimate, announcement
from ..training.run_folder import Run


def about_run(run: Run, count: int, estimate: Estimate) -> str | None:
    """How long it takes to the run's last figure, by the estimate of its training.

    If that is long, also what would help: fewer epochs, or where not even one is short,
    fewer of the `count` examples; or to stop, and to go on another time.
    """
    recipe = MODELS[run.config["model"]]
    afterwards = recipe.afterwards + recipe.beside * run.config["epochs"]
    whole = replace(estimate, afterwards=afterwards)
    line = announcement(whole, "--epochs {}")
    if line is None or not whole.long:
        return line
    if whole.fewer() is None and not whole.done:
        few = float(f"{count * LONG / whole.seconds:.1g}")
        fewer = f"the first {recipe.examples} alone"
        line += f"\nshorter: --limit {few:.0f} would learn from {fewer}"
    return f"{line}\nor stop it with Ctrl-C: --resume {run.folder} goes on from there"
