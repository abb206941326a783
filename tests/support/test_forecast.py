"""How long a task takes, by its first steps: by a clock that the test moves, never by a real one."""

import numpy as np
import pytest

from minae.support.forecast import WARM_UP, WATCHED, Forecast, in_words


class Clock:
    """A clock that stands still until `after` moves it."""

    def __init__(self):
        self.now = 1e6

    def __call__(self):
        return self.now

    def after(self, seconds, call):
        self.now += seconds
        call()


@pytest.fixture
def clock():
    return Clock()


def watch(clock, times, steps=1000, **options):
    """What a Forecast tells of steps that take these times."""
    told = []
    forecast = Forecast(steps, told.append, clock=clock, **options)
    forecast.begin()
    for seconds in times:
        clock.after(seconds, forecast.step)
    return told


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.1, "about 10 seconds"),
        (20, "about 20 seconds"),
        (36, "about 40 seconds"),
        (54.9, "about 50 seconds"),
        (55, "about 1 minute"),
        (80, "about 1.5 minutes"),
        (130, "about 2 minutes"),
        (150, "about 2.5 minutes"),
        (165, "about 3 minutes"),
        (415, "about 7 minutes"),
        (728, "about 12 minutes"),
        (989, "about 16 minutes"),
        (990, "about 15 minutes"),
        (1280, "about 20 minutes"),
        (3299, "about 55 minutes"),
        (3300, "about 1 hour"),
        (5000, "about 1.5 hours"),
        (9.4 * 3600, "about 9.5 hours"),
        (20.2 * 3600, "about 20 hours"),
        (51.2 * 3600, "about 51 hours"),
        (80 * 3600, "about 3 days"),
    ],
)
def test_times_in_words(seconds, words):
    assert in_words(seconds) == words


def test_words_are_never_far_from_the_time():
    lengths = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}
    for seconds in np.geomspace(20, 1e6, 5000):
        count, unit = in_words(seconds).split()[1:]
        assert (unit.removesuffix("s") == unit) == (count == "1"), in_words(seconds)
        assert float(count) * lengths[unit.removesuffix("s")] == pytest.approx(seconds, rel=0.21)


def test_it_tells_once_by_the_median_without_the_first_steps(clock):
    slow_at_first, hiccups = [0.9, 0.5, 0.3], [0.1, 0.1, 0.7, 0.1, 0.1]
    assert len(slow_at_first) == WARM_UP
    assert watch(clock, slow_at_first + hiccups * 20) == [pytest.approx(1000 * 0.1)]


def test_not_before_it_has_watched_for_a_while(clock):
    steps = int(WATCHED / 0.25)
    assert watch(clock, [0.25] * (steps - 1)) == []
    assert watch(clock, [0.25] * steps) == [250.0]


@pytest.mark.parametrize("steps", [1, 2, 12, 40])
def test_nothing_of_a_task_that_ends_first(clock, steps):
    """Either it is over before, or the last step is the first to pass the mark."""
    assert watch(clock, [0.25] * min(steps, 11), steps) == []
    assert watch(clock, [9.0] * 1, 1) == [] and watch(clock, [0.25] * 12, 12) == []
    assert watch(clock, [0.25] * 12, 6, rounds=2) == []


def test_steps_that_are_longer_than_the_watch_are_told_after_the_first(clock):
    assert watch(clock, [40.0, 30.0, 30.0], steps=9) == [9 * 40.0]


def test_the_pause_is_guessed_until_one_is_seen(clock):
    assert watch(clock, [0.5] * 9, steps=10, pause=4) == [10 * 0.5 + 4 * 0.5]
    told = []
    forecast = Forecast(4, told.append, rounds=5, pause=100.0, clock=clock)
    forecast.begin()
    for seconds in (0.25, 0.25, 0.25, 0.25):
        clock.after(seconds, forecast.step)
    clock.after(2.0, forecast.begin)
    assert told == [], "a pause is no step"
    clock.after(0.25, forecast.step)
    assert told == [4 * 0.25 + 2.0]


def test_over_parts(clock):
    told, seen = [], []
    for part in Forecast(20, told.append, clock=clock).over(range(20)):
        clock.now += 0.5
        seen.append((part, len(told)))
    assert [part for part, _ in seen] == list(range(20)) and told == [20 * 0.5]
    assert seen[6] == (6, 1), "told after the sixth, while the others were to come"
