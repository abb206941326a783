"""Images to learn from: MNIST, Fashion-MNIST and your own, in splits and batches."""

from .datasets import Dataset, fashion_mnist, mnist, name_of
from .idx import load_images, read_idx
from .splits import Split, batches

__all__ = [
    "Dataset",
    "Split",
    "batches",
    "fashion_mnist",
    "load_images",
    "mnist",
    "name_of",
    "read_idx",
]
