"""How long something takes, told after the first seconds of it.

Processors differ threefold and more, so no time that was measured elsewhere is told.
"""

import math
import time
from collections.abc import Callable, Iterable, Iterator
from statistics import median
from typing import Any

WATCHED = 3.0  # seconds of steps before anything is told
WARM_UP = 3  # steps that do not count: caches are empty, and memory is new
LEAST = 20.0  # seconds; nobody needs to be told of less
LONG = 300.0  # seconds; of more, it is also told what would be shorter

# Up to so many seconds: the unit, its seconds, and how finely it is told.
UNITS: tuple[tuple[float, str, int, float], ...] = (
    (55, "second", 1, 10),
    (165, "minute", 60, 0.5),
    (990, "minute", 60, 1),
    (3300, "minute", 60, 5),
    (34200, "hour", 3600, 0.5),
    (216000, "hour", 3600, 1),
    (math.inf, "day", 86400, 1),
)


def in_words(seconds: float) -> str:
    """A time such as "about 4 minutes", no finer than a forecast can be."""
    _, unit, length, grain = next(row for row in UNITS if seconds < row[0])
    count = max(1, round(seconds / length / grain)) * grain
    return f"about {count:g} {unit}{'s' if count != 1 else ''}"


class Forecast:
    """Tells once, after the first steps of a long task, how long a round of it takes.

    The steps are those of the task itself, timed as they pass: none is run for this,
    and no result depends on it. A task of which nothing is left after WATCHED seconds
    tells nothing.

    Args:
        steps: how many a round has, such as an epoch of training.
        tell: called with the seconds of a round.
        rounds: how many there are.
        pause: what comes at the end of each round, in steps, until one was seen.
        clock: gives seconds.
    """

    def __init__(
        self,
        steps: int,
        tell: Callable[[float], None],
        rounds: int = 1,
        pause: float = 0.0,
        clock: Callable[[], float] | None = None,
    ):
        self.steps, self.tell, self.rounds, self.pause = steps, tell, rounds, pause
        self.clock = clock or time.perf_counter
        self.times: list[float] = []
        self.pauses: list[float] = []
        self.first = self.last = 0.0
        self.told = False

    def begin(self) -> None:
        """A round begins. What has passed since the last one was a pause."""
        now = self.clock()
        if self.times:
            self.pauses.append(now - self.last)
        else:
            self.first = now
        self.last = now

    def step(self) -> None:
        """A step has ended."""
        if self.told:
            return
        now = self.clock()
        self.times.append(now - self.last)
        self.last = now
        if now - self.first >= WATCHED:
            self.told = True
            if len(self.times) < self.steps * self.rounds:
                self.tell(self.seconds())

    def seconds(self) -> float:
        """For a round, by the medians of what was seen."""
        step = median(self.times[WARM_UP:] or self.times[-1:])
        pause = median(self.pauses) if self.pauses else self.pause * step
        return self.steps * step + pause

    def over(self, parts: Iterable[Any]) -> Iterator[Any]:
        """The parts of a task that is one round, a step each."""
        self.begin()
        for part in parts:
            yield part
            self.step()
