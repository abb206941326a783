"""What is said of how long training takes, as soon as its first steps show it."""

import sys
from collections.abc import Callable
from dataclasses import dataclass

from ..support.forecast import LEAST, LONG, Forecast, in_words


@dataclass(frozen=True)
class Estimate:
    """How long training takes, by its own first steps.

    Attributes:
        epoch: seconds for an epoch, including the measuring at its end.
        left: how many epochs are still to come.
        done: how many were done before, when a run is resumed.
        afterwards: what comes after the last epoch, in epochs.
    """

    epoch: float
    left: int
    done: int = 0
    afterwards: float = 0.0

    @property
    def seconds(self) -> float:
        """For all that is left."""
        return (self.left + self.afterwards) * self.epoch

    @property
    def short(self) -> bool:
        """Whether it is over before anybody would want to know."""
        return self.seconds < LEAST

    @property
    def long(self) -> bool:
        """Whether one should know what would be shorter."""
        return self.seconds > LONG

    def fewer(self) -> "Estimate | None":
        """At most half as many epochs, so that it is not long; None if no number is."""
        left = min(self.left // 2, int(LONG / self.epoch - self.afterwards))
        if left < 1:
            return None
        return Estimate(self.epoch, left, self.done, self.afterwards)

    def __str__(self) -> str:
        return in_words(self.seconds)


def announcement(estimate: Estimate, option: str = "epochs={}") -> str | None:
    """A line about an estimate, and another if it is long; None if it is short.

    `option` is how fewer epochs would be asked for.
    """
    if estimate.short:
        return None
    line = f"{'what is left' if estimate.done else 'this'} takes {estimate} in all"
    if estimate.long and (fewer := estimate.fewer()):
        asked = option.format(fewer.done + fewer.left)
        line += f"\nshorter: {asked} would take {fewer}, and learn less"
    return line


def forecast_of(
    what: str, steps: int, shorter: Callable[[float], str] | None = None
) -> Forecast:
    """A Forecast that announces how long `what`, a task of so many steps, takes.

    If that is long and something would be shorter, `shorter` says what, by the seconds.
    """

    def tell(seconds: float) -> None:
        if seconds < LEAST:
            return
        announce(f"{what} takes {in_words(seconds)}")
        if shorter is not None and seconds > LONG:
            announce(f"shorter: {shorter(seconds)}")

    return Forecast(steps, tell)


def announce(line: str | None) -> None:
    """Print a line, at once, also into a file; a bar makes room for it."""
    if line is None or sys.stdout is None:
        return
    from tqdm import tqdm

    tqdm.write(line)
    sys.stdout.flush()
