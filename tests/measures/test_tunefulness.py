"""How alike melodies are, and how tuneful: by melodies of which it is known."""

import numpy as np
import pytest

from minae.data.melody import HOLD, REST
from minae.measures.tunefulness import agreement, in_key, in_range, mean_pitches, note_counts

TRUTH = np.array([[60, HOLD, 64, HOLD], [67, HOLD, REST, HOLD], [72, 72, HOLD, HOLD]], np.uint8)


def test_agreement_counts_steps_onsets_and_whole_melodies():
    found = TRUTH.copy()
    found[0, 2] = 65  # another pitch
    found[2, 1] = HOLD  # no onset
    found[1, 2] = HOLD  # no rest, which is no onset
    assert agreement(found, TRUTH) == {"accuracy": 9 / 12, "onset_accuracy": 3 / 5, "exact": 0.0}
    assert agreement(TRUTH, TRUTH) == {"accuracy": 1.0, "onset_accuracy": 1.0, "exact": 1.0}
    found = TRUTH.copy()
    found[0, 0] = 61
    assert agreement(found, TRUTH)["exact"] == pytest.approx(2 / 3)


@pytest.mark.parametrize("key", range(12))
def test_a_scale_is_in_key_wherever_it_begins(key):
    major = np.array([[0, 2, 4, 5, 7, 9, 11, 12]]) + 48 + key
    minor = np.array([[0, 2, 3, 5, 7, 8, 10, 12]]) + 48 + key
    assert in_key(major) == in_key(minor) == 1.0
    chromatic = np.arange(12)[None] + 50 + key
    assert in_key(chromatic) == pytest.approx(7 / 12)
    one_wrong = np.array([[0, 2, 4, 5, 7, 9, 11, 6]]) + 48 + key
    assert in_key(one_wrong) == 7 / 8
    assert in_key(np.concatenate([major, one_wrong])) == 15 / 16


def test_silence_is_neither_in_key_nor_in_range():
    silence = np.array([[REST, HOLD, HOLD, HOLD]], np.uint8)
    assert in_key(silence) == in_range(silence, TRUTH) == 0.0
    assert in_key(np.concatenate([silence, TRUTH[:1]])) == 0.5


def test_the_range_is_that_of_most_notes():
    others = np.concatenate([np.full(960, 60), np.full(20, 40), np.full(20, 80), np.full(500, HOLD)])[None]
    assert in_range(np.array([[40, 60, 80, HOLD]]), others) == pytest.approx(1 / 3)
    assert in_range(np.array([[40, 60, 80, REST]]), others, middle=0.99) == 1.0
    even = np.arange(36, 97)[None]
    assert in_range(even, even) == pytest.approx(0.95, abs=0.02)


def test_notes_are_counted_and_their_pitches_averaged():
    melodies = np.concatenate([TRUTH, [[REST, HOLD, HOLD, HOLD]]])
    assert note_counts(melodies).tolist() == [2, 1, 2, 0]
    assert mean_pitches(melodies).tolist() == [62, 67, 72, 66]
