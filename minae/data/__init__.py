"""Images to learn from: MNIST, Fashion-MNIST and your own, in splits and batches."""

from .datasets import Dataset
from .idx import load_images, read_idx
from .originals import fashion_mnist, mnist
from .sources import name_of
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
