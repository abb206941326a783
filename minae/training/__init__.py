"""Training for anybody: `fit` a model to arrays, `save` it, `load` it."""

from .fitting import fit
from .loop import evaluate, in_batches, train_epoch, train_epochs
from .saving import load, save

__all__ = [
    "evaluate",
    "fit",
    "in_batches",
    "load",
    "save",
    "train_epoch",
    "train_epochs",
]
