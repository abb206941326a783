"""What to learn from: MNIST, Fashion-MNIST, your own images, and melodies."""

from .datasets import Dataset
from .idx import load_images, read_idx
from .melodies import Melodies
from .midi_files import write_midi
from .originals import fashion_mnist, mnist
from .sound import write_wav
from .sources import name_of
from .splits import Split, batches

__all__ = [
    "Dataset",
    "Melodies",
    "Split",
    "batches",
    "fashion_mnist",
    "load_images",
    "mnist",
    "name_of",
    "read_idx",
    "write_midi",
    "write_wav",
]
