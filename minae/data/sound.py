"""Makes a melody audible: sums of sines, written as a WAV file."""

import io
import os
import wave
from pathlib import Path

import numpy as np

from ..support.argument_checks import check_number
from ..support.files import write_whole
from .melody import Note, notes_in

RATE = 44_100  # samples a second
HARMONICS = (1, 0.5, 0.25, 0.12, 0.06)  # how strong, from the fundamental up
ATTACK, RELEASE, GAP = 0.008, 0.03, 0.01  # seconds
DECAY, SUSTAIN = 0.4, 0.3  # seconds of fading, and how loud a note stays
LOUDEST = 0.6  # of what the file can hold


def write_wav(path: str | os.PathLike, steps: np.ndarray, tempo: float = 100) -> None:
    """Write a melody (T,) as sound: WAV, 16 bits, one channel, 44,100 Hz.

    `tempo` is quarter notes a minute. Raises what `synthesise` raises, and FileError if
    the file cannot be written.
    """
    samples = (synthesise(steps, tempo) * (2**15 - 1)).round().astype("<i2")
    content = io.BytesIO()
    with wave.open(content, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())
    write_whole(Path(path), content.getvalue())


def synthesise(steps: np.ndarray, tempo: float = 100) -> np.ndarray:
    """The sound of a melody (T,): float32 samples in [-1, 1], 44,100 a second.

        y(t) = envelope(t) * sum_k a_k sin(2 pi k f t),   f = 440 * 2 ** ((p - 69) / 12)

    for each note of MIDI pitch p. It starts with its step, fades to a level that it
    keeps, and ends just before the next one, so that a note that is struck again is
    heard to be. Harmonics above half the sampling rate are left out.

    Raises ValueError unless 4 <= tempo < 1000, and what `notes_in` raises.
    Source: additive synthesis, e.g. Moore 1990, "Elements of Computer Music", ch. 3.
    """
    check_number("synthesise: tempo", tempo, 4, 1000)
    seconds = 60 / tempo / 4  # of a step
    notes = notes_in(steps)
    samples = np.zeros(round(len(steps) * seconds * RATE), np.float32)
    for note in notes:
        first = round(note.start * seconds * RATE)
        sound = _sound_of(note, seconds)
        samples[first : first + len(sound)] += sound
    return samples


def _sound_of(note: Note, seconds: float) -> np.ndarray:
    t = np.arange(round((note.length * seconds - GAP) * RATE)) / RATE
    frequency = 440 * 2 ** ((note.pitch - 69) / 12)
    tone = sum(
        strength * np.sin(2 * np.pi * k * frequency * t)
        for k, strength in enumerate(HARMONICS, 1)
        if 2 * k * frequency < RATE
    )
    rises = np.minimum(1, t / ATTACK)
    falls = np.minimum(1, t[::-1] / RELEASE)
    envelope = rises * falls * (SUSTAIN + (1 - SUSTAIN) * np.exp(-t / DECAY))
    return (LOUDEST / sum(HARMONICS) * envelope * tone).astype(np.float32)
