"""Ridge regression in plain NumPy, a baseline for image restoration.

It gives the best linear map from degraded images to good ones.
"""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from ..support.argument_checks import check_number, check_numbers
from .image_error import check_alike, squared_error

Pairs = Iterable[tuple[np.ndarray, np.ndarray]]

# Per image; the fewer images there are, the larger the best penalty is.
PENALTIES = (1e-4, 1e-3, 1e-2, 1e-1)
# A map of larger images would take minutes, because the time grows with the cube of
# their pixels. They are cut into squares of at most SIDE pixels each way.
WHOLE, SIDE = 1024, 16


class Ridge:
    """The linear map y = mean_y + (x - mean_x) W that is best under a penalty on W.

    It minimises Σ ‖y - t‖² + n penalty ‖W‖² over n images x with targets t, by
    W = (Cov(x, x) + penalty I)⁻¹ Cov(x, t). Without a penalty, and as the number of
    images goes to infinity, it is the Wiener filter.

    Source: Hoerl & Kennard 1970, "Ridge Regression". Wiener 1949 for the filter.
    """

    def __init__(self, mean_x: np.ndarray, mean_y: np.ndarray, weight: np.ndarray):
        self.mean_x = mean_x
        self.mean_y = mean_y
        self.weight = weight

    @classmethod
    def fit(cls, pairs: Pairs, held_out: tuple[np.ndarray, np.ndarray]) -> "Ridge":
        """Fit to `pairs`, with the one of PENALTIES that does best on `held_out`.

        `pairs` are batches of (inputs, targets).
        """
        moments = Moments(pairs)
        inputs, targets = held_out
        candidates = [moments.solve(penalty) for penalty in PENALTIES]
        return min(candidates, key=lambda ridge: squared_error(ridge(inputs), targets))

    def __call__(self, images: np.ndarray) -> np.ndarray:
        """The answers to images (N, ...), in their shape.

        They are clipped to [0, 1], which brings them closer to any image.
        Raises ValueError for images of another size.
        """
        x = rows(images)
        if x.shape[1:] != self.mean_x.shape:
            raise ValueError(
                f"Ridge: expected images of {len(self.mean_x)} pixels, "
                f"found shape {images.shape}"
            )
        answers = self.mean_y + (x - self.mean_x) @ self.weight
        return answers.clip(0, 1).reshape(images.shape)


class RidgeOfSquares:
    """One ridge regression for all squares of images that are too large as a whole.

    The squares have `side` pixels each way and cover the images (N, C, H, W).
    """

    def __init__(self, ridge: Ridge, side: int):
        self.ridge = ridge
        self.side = side

    @classmethod
    def fit(
        cls, pairs: Pairs, held_out: tuple[np.ndarray, np.ndarray], side: int
    ) -> "RidgeOfSquares":
        """Fit to the squares of `pairs` and `held_out`, as `Ridge.fit` does."""
        cut = ((in_squares(x, side), in_squares(t, side)) for x, t in pairs)
        x, t = held_out
        return cls(Ridge.fit(cut, (in_squares(x, side), in_squares(t, side))), side)

    def __call__(self, images: np.ndarray) -> np.ndarray:
        """The answers to images (N, C, H, W), square by square, in their shape."""
        n, channels, height, width = images.shape
        answers = self.ridge(in_squares(images, self.side))
        down, across = height // self.side, width // self.side
        table = answers.reshape(n, down, across, channels, self.side, self.side)
        return table.transpose(0, 3, 1, 4, 2, 5).reshape(images.shape)


def square_side(image_shape: tuple[int, ...]) -> int | None:
    """The side of the squares that images (C, H, W) are cut into, None if they are not.

    It is the largest up to SIDE that divides height and width.
    """
    if math.prod(image_shape) <= WHOLE:
        return None
    common = math.gcd(*image_shape[1:])
    return max(side for side in range(1, SIDE + 1) if common % side == 0)


def in_squares(images: np.ndarray, side: int) -> np.ndarray:
    """Images (N, C, H, W) as squares (N · H/side · W/side, C, side, side)."""
    n, channels, height, width = images.shape
    table = images.reshape(n, channels, height // side, side, width // side, side)
    return table.transpose(0, 2, 4, 1, 3, 5).reshape(-1, channels, side, side)


class Moments:
    """Means and covariances of inputs x and targets t: all that ridge regression needs.

    They are gathered batch by batch. Raises ValueError if there are no batches, or if
    the images do not all have the same shape.
    """

    def __init__(self, pairs: Pairs):
        totals: list[Any] = [0.0] * 5
        for inputs, targets in pairs:
            check_alike("Ridge", inputs, targets)
            x, t = rows(inputs), rows(targets)
            if np.ndim(totals[1]) and totals[1].shape != x.shape[1:]:
                raise ValueError(
                    f"Ridge: expected images of {len(totals[1])} pixels, "
                    f"found shape {inputs.shape}"
                )
            batch = len(x), x.sum(axis=0), t.sum(axis=0), x.T @ x, x.T @ t
            totals = [
                total + np.asarray(part, np.float64)
                for total, part in zip(totals, batch)
            ]
        count, sum_x, sum_t, sum_xx, sum_xt = totals
        if count == 0:
            raise ValueError("Ridge: expected batches of images, found none")
        self.mean_x, self.mean_t = sum_x / count, sum_t / count
        self.cov_xx = sum_xx / count - np.outer(self.mean_x, self.mean_x)
        self.cov_xt = sum_xt / count - np.outer(self.mean_x, self.mean_t)

    def solve(self, penalty: float) -> Ridge:
        check_number("Ridge: penalty", penalty, lowest=0)
        weight = np.linalg.solve(
            self.cov_xx + penalty * np.eye(len(self.mean_x)), self.cov_xt
        )
        return Ridge(
            *(part.astype(np.float32) for part in (self.mean_x, self.mean_t, weight))
        )


def rows(images: np.ndarray) -> np.ndarray:
    check_numbers("Ridge", images=images)
    return images.reshape(len(images), -1)
