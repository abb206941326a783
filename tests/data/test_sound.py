"""Sound files are opened and listened to: what sounds, from when to when, is measured from the samples alone."""

import wave

import numpy as np
import pytest

from minae.data import Melodies, write_wav
from minae.data.melody import BAR, HIGHEST, LOWEST, Note, notes_in, steps_from
from minae.data.sound import RATE, synthesise
from minae.support.errors import FileError

FRAME = 0.0025  # seconds over which loudness is measured


def opened(path):
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 44_100)
        return np.frombuffer(file.readframes(file.getnframes()), "<i2") / 2**15


def heard(samples, tempo):
    """The notes in a sound, (pitch, start, length) in steps.

    A note lasts as long as the sound is not silent. Its pitch is that of the lowest strong peak of the spectrum, which
    must be within three cents of it. Starts and ends must be within 15 ms of a step.
    """
    size = round(FRAME * RATE)
    frames = samples[: len(samples) // size * size].reshape(-1, size)
    sounding = np.abs(frames).max(axis=1) > 0.002
    edges = np.flatnonzero(np.diff(np.concatenate([[0], sounding, [0]]).astype(int)))
    step = 60 / tempo / 4
    notes = []
    for start, end in edges.reshape(-1, 2):
        part = samples[start * size : end * size]
        pitch = 69 + 12 * np.log2(frequency_of(part) / 440)
        first, last = (edge * size / RATE / step for edge in (start, end))
        slack = 0.015 / step
        assert (
            abs(pitch - round(pitch)) < 0.03 and abs(first - round(first)) < slack and abs(last - round(last)) < slack
        )
        notes.append(Note(round(pitch), round(first), round(last) - round(first)))
    return notes


def frequency_of(part):
    spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part)), 2**18))
    strong = spectrum > 0.5 * spectrum.max()
    lowest = np.flatnonzero(strong)[0]
    beyond = lowest + np.flatnonzero(~strong[lowest:])[0]
    return (lowest + spectrum[lowest:beyond].argmax()) * RATE / 2**18


@pytest.mark.parametrize("tempo", [60, 100, 140])
@pytest.mark.parametrize("seed", range(4))
def test_what_is_heard_is_what_was_written(tmp_path, seed, tempo):
    rng = np.random.default_rng(seed)
    notes, now = [], int(rng.integers(0, 3))
    while now < 4 * BAR - 8:
        length = int(rng.integers(1, 7))
        notes.append(Note(int(rng.integers(48, 90)), now, length))
        now += length + int(rng.integers(0, 3)) * int(rng.integers(0, 2))
    notes.append(notes[-1]._replace(start=now, length=3))  # the same note, struck again
    write_wav(tmp_path / "a.wav", steps_from(notes, 4 * BAR), tempo)
    samples = opened(tmp_path / "a.wav")
    assert len(samples) == round(4 * BAR * 60 / tempo / 4 * RATE)
    assert heard(samples, tempo) == notes


@pytest.mark.parametrize("pitch", [LOWEST, LOWEST + 1, 60, HIGHEST - 1, HIGHEST])
def test_the_lowest_and_the_highest_note(pitch):
    steps = steps_from([Note(pitch, 0, 4), Note(pitch, 4, 4)], BAR)
    assert heard(synthesise(steps), 100) == notes_in(steps)


def test_the_tunes_of_the_test_split_are_heard(tmp_path):
    for row in Melodies("tunes").test.steps[::9]:
        write_wav(tmp_path / "a.wav", row)
        assert heard(opened(tmp_path / "a.wav"), 100) == notes_in(row)


def test_a_long_note_is_heard_to_its_end():
    steps = steps_from([Note(64, 0, 4 * BAR), Note(64, 4 * BAR, 1)], 5 * BAR)
    assert heard(synthesise(steps), 100) == notes_in(steps)


def test_what_cannot_be_sampled_is_left_out():
    """The second harmonic of the highest MIDI note, 25 kHz, would be heard as 19."""
    samples = synthesise(steps_from([Note(127, 0, 16)], BAR))
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    frequencies = np.fft.rfftfreq(len(samples), 1 / RATE)
    aside = np.abs(frequencies - 12_543.9) > 500
    assert spectrum[aside].max() < 0.001 * spectrum.max()


def test_silence_is_silent():
    assert not synthesise(steps_from([], BAR)).any() and len(synthesise(steps_from([], BAR), 60)) == 4 * RATE


def test_nothing_is_clipped():
    loud = synthesise(steps_from([Note(p, k, 1) for k, p in enumerate(range(36, 97))], 64))
    assert loud.dtype == np.float32 and 0.1 < np.abs(loud).max() <= 0.6


def test_wrong_calls(tmp_path):
    with pytest.raises(ValueError, match="synthesise: tempo must be at least 4"):
        synthesise(steps_from([], BAR), 0)
    with pytest.raises(FileError, match="cannot be written"):
        write_wav(tmp_path / "no" / "a.wav", steps_from([], BAR))
