"""Ridge regression in plain NumPy: the best linear map from spoilt images to good ones, a baseline for restoration."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from .checks import check_number, check_numbers
from .psnr import check_alike, squared_error

Pairs = Iterable[tuple[np.ndarray, np.ndarray]]

PENALTIES = (1e-4, 1e-3, 1e-2, 1e-1)  # per image; the fewer the images, the larger the best one


class Ridge:
    """y = mean_y + (x - mean_x) W, of all linear maps that with the smallest Σ ‖y - t‖² + n penalty ‖W‖² over n images.

    W = (Cov(x, x) + penalty I)⁻¹ Cov(x, t). Without a penalty, and for endless images, this is the Wiener filter.
    Source: Hoerl & Kennard 1970, "Ridge Regression". Wiener 1949 for the filter.
    """

    def __init__(self, mean_x: np.ndarray, mean_y: np.ndarray, weight: np.ndarray):
        self.mean_x = mean_x
        self.mean_y = mean_y
        self.weight = weight

    @classmethod
    def fit(cls, pairs: Pairs, held_out: tuple[np.ndarray, np.ndarray]) -> "Ridge":
        """The map of `pairs`, batches of (inputs, targets), with that one of PENALTIES that does best on `held_out`."""
        moments = Moments(pairs)
        inputs, targets = held_out
        candidates = [moments.solve(penalty) for penalty in PENALTIES]
        return min(candidates, key=lambda ridge: squared_error(ridge(inputs), targets))

    def __call__(self, images: np.ndarray) -> np.ndarray:
        """The answers to images (N, ...), in their shape, cut off at 0 and 1, which brings them nearer to any image.

        Raises ValueError for images of another size.
        """
        x = rows(images)
        if x.shape[1:] != self.mean_x.shape:
            raise ValueError(f"Ridge: expected images of {len(self.mean_x)} pixels, found shape {images.shape}")
        answers = self.mean_y + (x - self.mean_x) @ self.weight
        return answers.clip(0, 1).reshape(images.shape)


class Moments:
    """Means and covariances of inputs x and targets t, gathered batch by batch: all that ridge regression needs.

    Raises ValueError for no batches, and for inputs and targets that are not of one shape, the same in all.
    """

    def __init__(self, pairs: Pairs):
        totals: list[Any] = [0.0] * 5
        for inputs, targets in pairs:
            check_alike("Ridge", inputs, targets)
            x, t = rows(inputs), rows(targets)
            if np.ndim(totals[1]) and totals[1].shape != x.shape[1:]:
                raise ValueError(f"Ridge: expected images of {len(totals[1])} pixels, found shape {inputs.shape}")
            batch = len(x), x.sum(axis=0), t.sum(axis=0), x.T @ x, x.T @ t
            totals = [total + np.asarray(part, np.float64) for total, part in zip(totals, batch)]
        count, sum_x, sum_t, sum_xx, sum_xt = totals
        if count == 0:
            raise ValueError("Ridge: expected batches of images, found none")
        self.mean_x, self.mean_t = sum_x / count, sum_t / count
        self.cov_xx = sum_xx / count - np.outer(self.mean_x, self.mean_x)
        self.cov_xt = sum_xt / count - np.outer(self.mean_x, self.mean_t)

    def solve(self, penalty: float) -> Ridge:
        check_number("Ridge: penalty", penalty, lowest=0)
        weight = np.linalg.solve(self.cov_xx + penalty * np.eye(len(self.mean_x)), self.cov_xt)
        return Ridge(*(part.astype(np.float32) for part in (self.mean_x, self.mean_t, weight)))


def rows(images: np.ndarray) -> np.ndarray:
    check_numbers("Ridge", images=images)
    return images.reshape(len(images), -1)
