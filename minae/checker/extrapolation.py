"""Richardson's extrapolation: the limit of estimates as their step goes to 0.

Sources: Richardson 1911; Ridders 1982, "Accurate computation of F'(x) and
F'(x) F''(x)".
"""

from dataclasses import dataclass

import numpy as np

LEVELS = 6
LAST = 7  # the scatter of the differences at so many smallest steps is noise
ROUNDOFF = 2.0**-53


@dataclass
class Limit:
    """The limit of estimates, and its error bar.

    `rivals` are (value, error) of other entries of the tableau that exclude this limit.
    """

    value: float
    error: float
    rivals: np.ndarray


def extrapolate(
    estimates: np.ndarray,
    steps: np.ndarray,
    roundoff: np.ndarray,
    power: int,
    explained: float = 0.0,
) -> Limit:
    """The limit of estimates as their step h goes to 0, and its error bar.

    Each step is half of the one before. The error of an estimate is a series of terms
    in h^power, h^(2 power) and so on. The bar of an entry of Richardson's tableau is
    the largest change that led to it, plus the noise at its step. The noise is measured
    as the scatter at the smallest steps, where nothing else is left. It is at least
    `roundoff`, which is given for each step.

    The entry with the smallest bar wins, unless estimates at smaller steps contradict
    it: large steps may agree among themselves because they jump over a narrow feature.
    Noise up to `explained` contradicts nothing. If all entries are contradicted, the
    error is infinite.
    """
    noise = 4 * np.maximum(scatter(estimates, steps), roundoff) / steps
    doubt = 10 * np.maximum(noise, 4 * explained / steps)
    values, bars, lasts, firsts = _tableau(estimates, noise, power)
    powers = (steps / steps[0]) ** power
    value, bar = estimates[-1], np.inf
    for entry in np.argsort(bars, kind="stable"):
        off = np.abs(estimates - values[entry])
        used = slice(firsts[entry], lasts[entry] + 1)
        smaller = slice(lasts[entry] + 1, None)
        falling = 4 * (off[used] / powers[used]).max() * powers[smaller]
        if (off[smaller] <= falling + 10 * bars[entry] + doubt[smaller]).all():
            value, bar = values[entry], bars[entry]
            break
    rivals = np.array([values, bars]).T[np.abs(values - value) > 10 * bars]
    return Limit(float(value), float(bar), rivals)


def _tableau(
    estimates: np.ndarray, noise: np.ndarray, power: int
) -> tuple[np.ndarray, ...]:
    """All entries of Richardson's tableau: values, bars, last and first rows used."""
    values, bars, lasts = [], [], []
    column, rows = estimates, np.arange(len(estimates))
    for level in range(1, LEVELS):
        factor = 2.0 ** (power * level) - 1
        finer = column[1:] + np.diff(column) / factor
        change = np.maximum(np.abs(finer - column[1:]), np.abs(finer - column[:-1]))
        # Rows may agree by luck. Noise doubles from row to row, so each change is taken
        # to be at least half of the next one.
        halvings = 2.0 ** -np.arange(len(change))
        change = np.maximum.accumulate((change * halvings)[::-1])[::-1] / halvings
        values.append(finer)
        bars.append(change + noise[level:] + 4 * ROUNDOFF * np.abs(finer))
        lasts.append(rows[level:])
        column = finer
    levels = np.repeat(np.arange(1, LEVELS), [len(column) for column in values])
    last = np.concatenate(lasts)
    return np.concatenate(values), np.concatenate(bars), last, last - levels


def scatter(estimates: np.ndarray, steps: np.ndarray) -> float:
    """The rounding noise of a function: how differences at small steps scatter."""
    scatter = np.abs(np.diff(estimates[-LAST:])) * steps[-LAST:][:-1]
    return float(np.max(scatter, initial=0.0))
