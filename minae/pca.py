"""Principal component analysis in plain NumPy: the best linear autoencoder, and so the baseline of every other."""

import math

import numpy as np


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
        if len(x) == 0 or not 1 <= size <= x.shape[1]:
            raise ValueError(f"PCA: expected images and 1 <= size <= {x.shape[1]} pixels, found {len(x)} and {size}")
        mean = x.mean(axis=0, dtype=np.float64).astype(x.dtype)
        centred = x - mean
        covariance = (centred.T @ centred).astype(np.float64) / len(x)
        variances, vectors = np.linalg.eigh(covariance)  # in ascending order, the vectors as columns
        largest = slice(None, -size - 1, -1)
        return cls(mean, vectors.T[largest].astype(x.dtype), variances[largest].astype(x.dtype))

    def encode(self, images: np.ndarray) -> np.ndarray:
        """The codes of images (N, ...): (N, size)."""
        return (_rows(images) - self.mean) @ self.components.T

    def decode(self, codes: np.ndarray) -> np.ndarray:
        """The images, (N, D), of codes (N, size)."""
        return codes @ self.components + self.mean

    def reconstruct(self, images: np.ndarray) -> np.ndarray:
        """What is left of images (N, ...) after passing through the code, in their shape."""
        return self.decode(self.encode(images)).reshape(images.shape)

    def squared_error(self, images: np.ndarray) -> float:
        """Of the reconstructions, per image: summed over pixels, averaged over images."""
        difference = self.reconstruct(images) - images
        return float(np.vdot(difference, difference)) / len(images)


def _rows(images: np.ndarray) -> np.ndarray:
    return images.reshape(len(images), math.prod(images.shape[1:]))
