"""What is seen while a model is trained."""

import sys
from collections.abc import Callable
from typing import Any

from ..models import Model
from ..support.forecast import Forecast
from .estimate import Estimate, announce, announcement
from .shares import Alone


def no_terminal() -> bool:
    """Whether there is nowhere to move a bar: `tqdm(disable=no_terminal())`."""
    return sys.stderr is None or not sys.stderr.isatty()


class Progress:
    """A bar with the running loss: the mean of about the last hundred batches'.

    Where there is no terminal to move a bar on, a line for each epoch instead. On both,
    after the first seconds, a line about how long it takes.
    """

    def __init__(
        self,
        epochs: int,
        steps: int,
        done: int,
        shown: bool = True,
        measuring: float = 0.0,
        about: Callable[[Estimate], str | None] = announcement,
    ):
        """`steps` in each of `epochs`, of which `done` are done already.

        `measuring` is what follows each epoch, in steps; `about` words an estimate.
        """
        from tqdm import tqdm

        def tell(epoch: float) -> None:
            if shown:
                announce(about(Estimate(epoch, epochs - done, done)))

        self.forecast = Forecast(steps, tell, epochs - done, measuring)
        self.epochs = epochs
        self.loss: float | None = None
        self.lines = shown and no_terminal()
        self.bar: Any = tqdm(
            total=epochs * steps,
            initial=done * steps,
            disable=not shown or no_terminal(),
            unit="batch",
        )

    def __enter__(self) -> "Progress":
        return self

    def __exit__(self, *failure: Any) -> None:
        self.bar.close()

    def begin_epoch(self, epoch: int) -> None:
        self.bar.set_description(f"epoch {epoch}/{self.epochs}")
        self.forecast.begin()

    def after_step(self, loss: float) -> None:
        self.loss = loss if self.loss is None else 0.99 * self.loss + 0.01 * loss
        self.bar.set_postfix(loss=f"{self.loss:.1f}", refresh=False)
        self.bar.update()
        self.forecast.step()

    def end_epoch(self, row: dict[str, float]) -> None:
        if self.lines:
            named = {name: value for name, value in row.items() if "loss" in name}
            losses = ", ".join(f"{name} {value:.4g}" for name, value in named.items())
            print(f"epoch {row['epoch']}/{self.epochs}: {losses}", flush=True)


class GradientNorms:
    """The mean length of the gradient of each weight matrix or kernel over an epoch.

    Of every twentieth step.
    """

    EVERY = 20

    def __init__(self, model: Model, team: Alone):
        self.team = team
        named = model.named_parameters()
        self.weights = {name: weight for name, weight in named if weight.ndim > 1}
        self.sums: dict[str, Any] = dict.fromkeys(self.weights, 0.0)
        self.steps = self.counted = 0

    def after_step(self) -> None:
        if self.steps % self.EVERY == 0:
            self.counted += 1
            self.team.add_up(self.weights.values())  # those that no optimiser stepped
            for name, weight in self.weights.items():
                grad = weight.grad
                if grad is not None:
                    self.sums[name] += (grad * grad).sum() ** 0.5
        self.steps += 1

    def means(self) -> dict[str, float]:
        return {name: float(total) / self.counted for name, total in self.sums.items()}
