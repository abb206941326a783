"""Principal component analysis in plain NumPy: the best linear autoencoder, and so the baseline of every other."""

import math

import numpy as np

from .checks import check_numbers, is_whole
from .psnr import squared_error


class PCA:
    """The mean of the training images, and the orthogonal directions in which they vary most.

    Of all linear maps to `size` numbers and back, it leaves the smallest squared error on the images it is fitted to:
    the sum of the covariance's other eigenvalues.

    Attributes:
        mean: the mean image, (D,) for images of D = C·H·W pixels.
        components: (size, D), of length 1 each, largest variance first.
        variances: (size,), the variances of the images along the components.
    Source: Pearson 1901; Hotelling 1933. Bishop 2006, "Pattern Recognition and Machine Learning", section 12.1.
    """

    def __init__(self, mean: np.ndarray, components: np.ndarray, variances: np.ndarray):
        self.mean = mean
        self.components = components
        self.variances = variances

    @classmethod
    def fit(cls, images: np.ndarray, size: int) -> "PCA":
        """The PCA of images (N, ...), by the eigenvectors of their covariance; arrays of the images' dtype.

        Raises ValueError unless there are images and 1 <= size <= D.
        """
        x = _rows(images)
        if len(x) == 0 or not (is_whole(size) and 1 <= size <= x.shape[1]):
            raise ValueError(f"PCA: expected images and 1 <= size <= {x.shape[1]} pixels, found {len(x)} and {size!r}")
        mean = x.mean(axis=0, dtype=np.float64).astype(x.dtype)
        centred = x - mean
        covariance = (centred.T @ centred).astype(np.float64) / len(x)
        variances, vectors = np.linalg.eigh(covariance)  # in ascending order, the vectors as columns
        largest = slice(None, -size - 1, -1)
        return cls(mean, vectors.T[largest].astype(x.dtype), variances[largest].astype(x.dtype))

    def encode(self, images: np.ndarray) -> np.ndarray:
        """The codes of images (N, ...): (N, size). Raises ValueError for images of another size."""
        x = _rows(images)
        _check_columns(x, self.mean, "images of {} pixels")
        return (x - self.mean) @ self.components.T

    def decode(self, codes: np.ndarray) -> np.ndarray:
        """The images, (N, D), of codes (N, size). Raises ValueError for codes of another size."""
        check_numbers("PCA", codes=codes)
        _check_columns(codes, self.components, "codes (N, {})")
        return codes @ self.components + self.mean

    def reconstruct(self, images: np.ndarray) -> np.ndarray:
        """What is left of images (N, ...) after passing through the code, in their shape."""
        return self.decode(self.encode(images)).reshape(images.shape)

    def squared_error(self, images: np.ndarray) -> float:
        """Of the reconstructions, per image: summed over pixels, averaged over images. ValueError for no images."""
        return squared_error(self.reconstruct(images), images)


def _check_columns(x: np.ndarray, rows: np.ndarray, wanted: str) -> None:
    """x (N, k), for `rows` of which there are k."""
    if x.ndim != 2 or x.shape[1] != len(rows):
        raise ValueError(f"PCA: expected {wanted.format(len(rows))}, found shape {x.shape}")


def _rows(images: np.ndarray) -> np.ndarray:
    check_numbers("PCA", images=images)
    if images.ndim == 0:
        raise ValueError("PCA: expected images (N, ...), found shape ()")
    return images.reshape(len(images), math.prod(images.shape[1:]))
