"""Principal component analysis in plain NumPy: the best linear autoencoder.

It is the baseline for every other autoencoder.
"""

import math

import numpy as np

from ..support.argument_checks import check_numbers, is_whole
from .image_error import squared_error

WHOLE = 3000  # pixels of the images whose whole covariance is taken
FEW = 2000  # images of more pixels that are used


class PCA:
    """The mean of the training images, and the directions in which they vary most.

    The directions are orthogonal. Of all linear maps to `size` numbers and back, PCA
    has the smallest squared error on the images it is fitted to: the sum of the other
    eigenvalues of the covariance.

    Attributes:
        mean: the mean image, (D,) for images of D = C·H·W pixels.
        components: (size, D), of length 1 each, largest variance first.
        variances: (size,), the variances of the images along the components.
        images: how many images it was fitted to.

    Source: Pearson 1901; Hotelling 1933. Bishop 2006, "Pattern Recognition and Machine
    Learning", section 12.1.
    """

    def __init__(
        self,
        mean: np.ndarray,
        components: np.ndarray,
        variances: np.ndarray,
        images: int,
    ):
        self.mean = mean
        self.components = components
        self.variances = variances
        self.images = images

    @classmethod
    def fit(cls, images: np.ndarray, size: int) -> "PCA":
        """The PCA of images (N, ...), from the eigenvectors of their covariance.

        Images of more than WHOLE pixels would take minutes. Then at most FEW of them
        are used, evenly spread, and there are fewer components than images.

        Its arrays have the images' dtype. Raises ValueError if there are no images, or
        unless 1 <= size <= D.
        """
        x = _rows(images)
        if len(x) == 0 or not (is_whole(size) and 1 <= size <= x.shape[1]):
            raise ValueError(
                f"PCA: expected images and 1 <= size <= {x.shape[1]} pixels, "
                f"found {len(x)} and {size!r}"
            )
        large = x.shape[1] > WHOLE
        if large and len(x) > FEW:
            x = x[np.linspace(0, len(x) - 1, FEW).astype(int)]
        mean = x.mean(axis=0, dtype=np.float64).astype(x.dtype)
        centred = x - mean
        if large:
            return cls(mean, *_of_few(centred, size), len(x))
        covariance = (centred.T @ centred).astype(np.float64) / len(x)
        # In ascending order, with the vectors as columns; we want the largest first.
        variances, vectors = np.linalg.eigh(covariance)
        components = vectors.T[::-1][:size]
        variances = variances[::-1][:size]
        components, variances = components.astype(x.dtype), variances.astype(x.dtype)
        return cls(mean, components, variances, len(x))

    def encode(self, images: np.ndarray) -> np.ndarray:
        """The codes (N, size) of images (N, ...).

        Raises ValueError for images of another size.
        """
        x = _rows(images)
        _check_columns(x, self.mean, "images of {} pixels")
        return (x - self.mean) @ self.components.T

    def decode(self, codes: np.ndarray) -> np.ndarray:
        """The images (N, D) of codes (N, size).

        Raises ValueError for codes of another size.
        """
        check_numbers("PCA", codes=codes)
        _check_columns(codes, self.components, "codes (N, {})")
        return codes @ self.components + self.mean

    def reconstruct(self, images: np.ndarray) -> np.ndarray:
        """Images (N, ...) encoded and decoded again, in their own shape."""
        return self.decode(self.encode(images)).reshape(images.shape)

    def squared_error(self, images: np.ndarray) -> float:
        """The squared error of the reconstructions.

        It is summed over pixels and averaged over images. Raises ValueError if there
        are no images.
        """
        return squared_error(self.reconstruct(images), images)


def _of_few(centred: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Components and variances of fewer images than pixels.

    If u is an eigenvector of X Xᵀ (N x N), then Xᵀ u is one of Xᵀ X (D x D) with the
    same eigenvalue, and the smaller matrix takes far less time.
    """
    size = max(1, min(size, len(centred) - 1))
    gram = (centred @ centred.T).astype(np.float64) / len(centred)
    variances, vectors = np.linalg.eigh(gram)
    components = vectors.T[::-1][:size].astype(centred.dtype) @ centred
    lengths = np.linalg.norm(components, axis=1, keepdims=True)
    components /= np.maximum(lengths, np.finfo(centred.dtype).tiny)
    return components, variances[::-1][:size].astype(centred.dtype)


def _check_columns(x: np.ndarray, rows: np.ndarray, wanted: str) -> None:
    """Raise ValueError unless x is (N, k), where k is the number of `rows`."""
    if x.ndim != 2 or x.shape[1] != len(rows):
        raise ValueError(
            f"PCA: expected {wanted.format(len(rows))}, found shape {x.shape}"
        )


def _rows(images: np.ndarray) -> np.ndarray:
    check_numbers("PCA", images=images)
    if images.ndim == 0:
        raise ValueError("PCA: expected images (N, ...), found shape ()")
    return images.reshape(len(images), math.prod(images.shape[1:]))
