"""How alike melodies are step by step, and how much like melodies they are at all.

These are functions of NumPy arrays: steps (N, T), as in data/melody.py.
"""

import numpy as np

from ..data.melody import HIGHEST, HOLD, LOWEST

MAJOR = (0, 2, 4, 5, 7, 9, 11)  # semitones of the scale, from its first note


def agreement(found: np.ndarray, truth: np.ndarray) -> dict[str, float]:
    """Shares of what was found again of the true melodies.

    accuracy: of all steps. Most of them only hold, which is easy to guess; so also
    onset_accuracy: of the steps at which a note begins (found if one of the same pitch
    does); exact: of whole melodies, right at every step.
    """
    right = found == truth
    return {
        "accuracy": float(right.mean()),
        "onset_accuracy": float(right[truth < HOLD].mean()),
        "exact": float(right.all(axis=1).mean()),
    }


def in_key(melodies: np.ndarray) -> float:
    """How well one major scale holds all notes of a melody, on average.

    For each melody: the share of its notes that are in the best of the twelve scales.
    (A minor scale has the notes of a major one.) Silence counts as 0.
    """
    return float(np.mean([_best_scale(row[row < HOLD]) for row in melodies]))


def in_range(melodies: np.ndarray, others: np.ndarray, middle: float = 0.95) -> float:
    """The share of notes within the range in which most notes of others lie.

    `middle` is how many of them; as many of the others' own notes are in range, or a
    few more. Silence counts as 0.
    """
    pitches = others[others < HOLD]
    beyond = (1 - middle) / 2
    low, high = np.quantile(pitches, (beyond, 1 - beyond), method="nearest")
    notes = melodies[melodies < HOLD]
    inside = (low <= notes) & (notes <= high)
    return float(inside.mean()) if len(notes) else 0.0


def note_counts(melodies: np.ndarray) -> np.ndarray:
    """How many notes each melody has: (N,)."""
    return (melodies < HOLD).sum(axis=1)


def mean_pitches(melodies: np.ndarray) -> np.ndarray:
    """The mean pitch of each melody's notes, (N,); of silence, the middle of all."""
    counts, middle = note_counts(melodies), (LOWEST + HIGHEST) / 2
    sums = np.where(melodies < HOLD, melodies, 0).sum(axis=1)
    return np.where(counts > 0, sums / np.maximum(counts, 1), middle)


def _best_scale(pitches: np.ndarray) -> float:
    if len(pitches) == 0:
        return 0.0
    counts = np.bincount(pitches % 12, minlength=12)
    held = [np.roll(counts, -key)[list(MAJOR)].sum() for key in range(12)]
    return max(held) / len(pitches)
