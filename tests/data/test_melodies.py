"""Melodies of one's own: the same music gives the same steps as ABC, MIDI and .npz, and what cannot be used is refused
in one line or mended with a note."""

import re
import shutil
import sys
from pathlib import Path

import mido
import numpy as np
import pytest

import minae
from minae.data import Melodies, write_midi
from minae.data.abc_files import read_abc
from minae.data.melodies import SHIPPED, in_three, read_npz
from minae.data.melody import (
    BAR,
    HIGHEST,
    HOLD,
    LOWEST,
    REST,
    Note,
    intervals,
    notes_in,
    randomly_transposed,
    steps_from,
    transpose,
    windows,
)
from minae.data.midi_files import read_midi
from minae.data.tunes import Tune, within_range
from minae.support.errors import FileError


def random_melody(rng, bars=2, low=48, high=84):
    """Notes and rests of random lengths; neighbours that are alike are struck again."""
    notes, now = [], 0
    while now < bars * BAR:
        length = min(int(rng.integers(1, 9)), bars * BAR - now)
        if rng.random() < 0.8 or now == 0:
            notes.append(Note(int(rng.integers(low, high)), now, length))
        now += length
    return steps_from(notes, bars * BAR), notes


# --- steps ------------------------------------------------------------------------------------------------------------


def test_steps_of_notes_and_rests():
    notes = [Note(60, 0, 2), Note(60, 2, 1), Note(67, 5, 2)]
    assert steps_from(notes, 8).tolist() == [60, HOLD, 60, REST, HOLD, 67, HOLD, REST]
    assert steps_from([Note(60, 2, 2)], 4).tolist() == [REST, HOLD, 60, HOLD]
    assert steps_from([], 3).tolist() == [REST, HOLD, HOLD]


@pytest.mark.parametrize("seed", range(20))
def test_notes_and_steps_and_back(seed):
    steps, notes = random_melody(np.random.default_rng(seed), bars=3)
    assert steps.dtype == np.uint8 and notes_in(steps) == notes


def test_a_hold_before_anything_is_silence():
    assert notes_in(np.array([HOLD, HOLD, 60, HOLD], np.uint8)) == [Note(60, 2, 2)]


@pytest.mark.parametrize(
    ("steps", "kind", "told"),
    [
        (np.zeros((2, 3), np.uint8), ValueError, r"\(T,\), found shape \(2, 3\)"),
        (np.array([130]), ValueError, "from 0 to 129, found 130 to 130"),
        (np.array([-1, 60]), ValueError, "from 0 to 129, found -1 to 60"),
        (np.array([60.0]), TypeError, "whole numbers, found float64"),
        ([60, 128], TypeError, "whole numbers, found list"),
    ],
)
def test_wrong_steps(steps, kind, told):
    with pytest.raises(kind, match="notes_in: expected steps.* " + told):
        notes_in(steps)


def test_transposing_moves_notes_alone():
    steps = np.array([60, HOLD, REST, 61], np.uint8)
    assert transpose(steps, -3).tolist() == [57, HOLD, REST, 58]
    assert transpose(np.stack([steps, steps]), np.array([1, 66])).tolist() == [[61, 128, 129, 62], [126, 128, 129, 127]]
    with pytest.raises(ValueError, match="within 0 to 127, found 127 to 128"):
        transpose(steps, 67)
    with pytest.raises(TypeError, match=r"semitones must be whole numbers, found 0\.5"):
        transpose(steps, 0.5)


def test_random_transposition_is_uniform_and_stays_in_range():
    rng = np.random.default_rng(3)
    middle = np.tile(np.array([60, HOLD, REST, 72], np.uint8), (6600, 1))
    shifts = randomly_transposed(middle, rng)[:, 0].astype(int) - 60
    counts = np.bincount(shifts + 5, minlength=11)
    assert len(counts) == 11
    assert ((counts - 600) ** 2 / 600).sum() < 29.6  # chi-squared of 10 degrees of freedom, one in a thousand
    edges = np.tile(np.array([LOWEST, HOLD, HIGHEST - 2], np.uint8), (500, 1))
    moved = randomly_transposed(edges, rng)
    assert set(moved[:, 0] - LOWEST) == {0, 1, 2}
    assert (moved[:, 2].astype(int) - moved[:, 0] == HIGHEST - 2 - LOWEST).all() and (moved[:, 1] == HOLD).all()
    at_the_top = np.tile(np.array([60, HIGHEST], np.uint8), (200, 1))
    assert set(randomly_transposed(at_the_top, rng)[:, 1]) == set(range(HIGHEST - 5, HIGHEST + 1))
    silent = np.full((3, 4), HOLD, np.uint8)
    assert (randomly_transposed(silent, rng) == silent).all()
    assert (randomly_transposed(middle, rng, most=0) == middle).all()


def test_windows_strike_again_what_still_sounds():
    steps = steps_from([Note(60, 0, 20), Note(62, 24, 20)], 4 * BAR)
    cut = windows(steps, bars=2)
    assert cut.shape == (3, 32)
    assert [notes_in(row) for row in cut] == [
        [Note(60, 0, 20), Note(62, 24, 8)],
        [Note(60, 0, 4), Note(62, 8, 20)],
        [Note(62, 0, 12)],
    ]
    assert cut[1, 0] == 60 and cut[2, 0] == 62 and windows(steps, 2, every=2).tolist() == cut[::2].tolist()
    assert windows(steps, 8).shape == (0, 128)


def test_what_stays_the_same_in_another_key():
    steps, _ = random_melody(np.random.default_rng(1))
    longer = steps_from([note._replace(length=1) for note in notes_in(steps)], 2 * BAR)
    assert intervals(steps) == intervals(transpose(steps, 7)) != intervals(longer)


# --- ABC --------------------------------------------------------------------------------------------------------------


def abc(tmp_path, body, key="C", meter="4/4", unit="1/8", name="tune.abc"):
    path = tmp_path / name
    path.write_text(f"X:1\nT:A tune\nM:{meter}\nL:{unit}\nK:{key}\n{body}\n", "utf-8")
    return path


def read_notes(path):
    (tune,), told = read_abc(path)
    return [tuple(note) for note in notes_in(tune.pieces[0])], told


@pytest.mark.parametrize(
    ("body", "more", "pitches"),
    [
        ("^c2c2=c2c2 | c8", {}, [73, 73, 72, 72, 72]),  # accidentals last until the bar line
        ("f2c2 B2^F2 | F8", {"key": "D"}, [78, 73, 71, 66, 66]),
        ("E2B2 A2G2", {"key": "Eb"}, [63, 70, 68, 67]),
        ("F2c2 B2G2", {"key": "Ador"}, [66, 72, 71, 67]),
        ("G2A2 B2c2", {"key": "Em"}, [67, 69, 71, 72]),
        ("C,2C2 c2c'2", {}, [48, 60, 72, 84]),
    ],
)
def test_pitches(tmp_path, body, more, pitches):
    notes, told = read_notes(abc(tmp_path, body, **more))
    assert [pitch for pitch, _, _ in notes] == pitches and told == []


@pytest.mark.parametrize(
    ("body", "more", "notes"),
    [
        ("C>DE<F G4", {}, [(60, 0, 3), (62, 3, 1), (64, 4, 1), (65, 5, 3), (67, 8, 8)]),
        ("C/D/E/F/ z2 G4", {}, [(60, 0, 1), (62, 1, 1), (64, 2, 1), (65, 3, 1), (67, 8, 8)]),
        ("C3/2D/2 E6", {}, [(60, 0, 3), (62, 3, 1), (64, 4, 12)]),
        ("C4 D4- | D4 D4", {}, [(60, 0, 8), (62, 8, 16), (62, 24, 8)]),
        ("^F8- | F4 F4", {}, [(66, 0, 24), (65, 24, 8)]),  # a tied note keeps its accidental
        ("C D E F", {"unit": "1/4"}, [(60, 0, 4), (62, 4, 4), (64, 8, 4), (65, 12, 4)]),
        ("G2 | C4 D4 | E6", {}, [(67, 12, 4), (60, 16, 8), (62, 24, 8), (64, 32, 12)]),  # the pickup gets a rest
        ("C4 | D4 | E4", {"meter": "2/4"}, [(60, 0, 8), (62, 8, 8), (64, 16, 8)]),  # half a bar is filled
        ("C8 | D8", {"meter": "C|"}, [(60, 0, 16), (62, 16, 16)]),
        ("C8 | D8", {"meter": "C"}, [(60, 0, 16), (62, 16, 16)]),
        ("C8 | D8", {"meter": "2/2"}, [(60, 0, 16), (62, 16, 16)]),
        ("|: C8 | D8 :|", {}, [(60, 0, 16), (62, 16, 16), (60, 32, 16), (62, 48, 16)]),
        ("|: C8 |1 D8 :|2 E8 |]", {}, [(60, 0, 16), (62, 16, 16), (60, 32, 16), (64, 48, 16)]),
        ("G2 |: C8 | D6 G2 :|", {}, [(67, 12, 4), (60, 16, 16), (62, 32, 12), (67, 44, 4), (60, 48, 16), (62, 64, 12)]
         + [(67, 76, 4)]),
        ("|: G2 | C8 | D6 :| z2", {}, [(67, 12, 4), (60, 16, 16), (62, 32, 12), (67, 44, 4), (60, 48, 16)]
         + [(62, 64, 12)]),
    ],
)  # fmt: skip
def test_lengths_and_repeats(tmp_path, body, more, notes):
    assert read_notes(abc(tmp_path, body, **more)) == (notes, [])


def test_chords_and_grace_notes_are_mended_with_a_note(tmp_path):
    notes, told = read_notes(abc(tmp_path, "[CEG]4 {a}F4 | [cA]8"))
    assert notes == [(67, 0, 8), (65, 8, 8), (72, 16, 16)]
    assert told == ["A tune: grace notes are left out", "A tune: of chords the highest note is kept"]


@pytest.mark.parametrize(
    ("body", "more", "told"),
    [
        ("C6", {"meter": "3/4"}, "line 1: expected M: to be one of 4/4, C, 2/2, C|, 2/4, found 3/4"),
        ("C6", {"meter": "6/8"}, "found 6/8"),
        ("C8 |\n(3CDE C6 | C8", {}, "line 7, bar 2: expected notes on a grid of sixteenths, found the tuplet (3"),
        ("C8 |\nD8 | E6 | F8", {}, "line 7, bar 3: expected a bar of 16 sixteenths, found 12"),
        ("C8 | D8 E2 | F8", {}, "line 6, bar 2: expected a bar of 16 sixteenths, found 20"),
        ("C8 | D//D// D7 | F8", {}, "line 6, bar 2: expected notes on a grid of sixteenths, found D//"),
        ("C8 | [M:3/4] D6 | F6", {}, "line 6, bar 2: expected one meter and one voice all through, found [M:3/4]"),
        ("C8 |\nV:2\nD8", {}, "multi-voice"),
        ("C8 |: D8 |: E8", {}, "line 1: expected a tune in ABC notation ("),
        ("z8 | z8", {}, "line 1: expected notes, found silence"),
        ("C8 | ç8", {}, "line 6, bar 2: expected notes of one voice in ABC notation, found ç"),
        ("", {}, "expected notes, found silence"),
    ],
)
def test_tunes_that_are_refused(tmp_path, body, more, told):
    path = abc(tmp_path, body, **more)
    with pytest.raises(FileError) as error:
        read_abc(path)
    assert str(error.value).startswith(f"{path}, line ") and told in str(error.value)


def test_a_line_is_that_of_the_file(tmp_path):
    path = abc(tmp_path, "C8 | D8")
    path.write_text(path.read_text() + "\nX:2\nT:Another\nM:4/4\nL:1/8\nK:C\nC8 |\n\nD8 | E7 | F8\n")
    with pytest.raises(FileError, match=r"tune\.abc, line 15, bar 3: expected a bar of 16 sixteenths, found 14"):
        read_abc(path)


MANY = b"X:1\nP:((((A)99)99)99)99\nM:4/4\nL:1/8\nK:C\nP:A\nC8 |"


@pytest.mark.parametrize("content", [b"", b"C8 | D8", b"\xff\xfe\x00", b"X:1\nT:No key\nM:4/4\nC8\n", b"X:1\n", MANY])
def test_what_is_not_abc(tmp_path, content):
    path = tmp_path / "x.abc"
    path.write_bytes(content)
    with pytest.raises(FileError, match=r"x\.abc"):
        read_abc(path)


def test_several_tunes_in_a_file(tmp_path):
    path = tmp_path / "all.abc"
    path.write_text("\n".join((SHIPPED / f"{name}.abc").read_text("utf-8") for name in ("twinkle", "sakura")), "utf-8")
    tunes, _ = read_abc(path)
    assert [tune.name for tune in tunes][1] == "Sakura sakura" and len(tunes) == 2


# --- MIDI -------------------------------------------------------------------------------------------------------------


def messages(*events, channel=0):
    """A track with notes (pitch, start, end) in ticks of 480 to a quarter."""
    timed = [(start, "note_on", pitch) for pitch, start, end in events]
    timed += [(end, "note_off", pitch) for pitch, start, end in events]
    track, now = mido.MidiTrack(), 0
    for when, kind, pitch in sorted(timed, key=lambda one: (one[0], one[1] == "note_on")):
        track.append(mido.Message(kind, note=pitch, channel=channel, velocity=64, time=when - now))
        now = when
    return track


def midi(tmp_path, *tracks, **more):
    path = tmp_path / "tune.mid"
    mido.MidiFile(type=1, ticks_per_beat=480, tracks=list(tracks), **more).save(path)
    return path


def midi_notes(path):
    tune, told = read_midi(path)
    return [tuple(note) for note in notes_in(tune.pieces[0])], told


@pytest.mark.parametrize("seed", range(10))
def test_midi_that_was_written_is_read_as_it_was(tmp_path, seed):
    steps, _ = random_melody(np.random.default_rng(seed), bars=4)
    write_midi(tmp_path / "a.mid", steps, tempo=93.7, program=73)
    tune, told = read_midi(tmp_path / "a.mid")
    assert tune.name == "a" and told == []
    assert tune.pieces[0].tolist() == steps.tolist()


def test_a_midi_file_lasts_as_long_as_the_melody(tmp_path):
    steps = steps_from([Note(60, 0, 4)], 2 * BAR)
    write_midi(tmp_path / "a.mid", steps, tempo=120)
    assert mido.MidiFile(tmp_path / "a.mid").length == pytest.approx(4)


def test_drums_are_left_out(tmp_path):
    beat = messages(*((36, 240 * k, 240 * k + 60) for k in range(8)), channel=9)
    notes, told = midi_notes(midi(tmp_path, beat, messages((60, 0, 960), (62, 960, 1920))))
    assert notes == [(60, 0, 8), (62, 8, 8)]
    assert told[0] == "tune: drums are left out"
    with pytest.raises(FileError, match=r"tune\.mid: expected notes, found drums alone"):
        read_midi(midi(tmp_path, beat))


def test_the_highest_part_is_the_melody(tmp_path):
    bass = messages((40, 0, 1920), (43, 1920, 3840))
    tune = messages((72, 0, 960), (74, 960, 1920), (76, 1920, 3840), channel=3)
    ping = messages((100, 0, 100), channel=5)
    many = messages(*((50, 120 * k, 120 * k + 100) for k in range(6)), channel=6)
    notes, told = midi_notes(midi(tmp_path, bass, tune, many))
    assert [pitch for pitch, _, _ in notes] == [72, 74, 76]
    assert told == ["tune: read from channel 4 of track 2, the highest of 3 parts"]
    notes, _ = midi_notes(midi(tmp_path, messages(*((72, 240 * k, 240 * k + 200) for k in range(8))), ping))
    assert {pitch for pitch, _, _ in notes} == {72}  # a single high note is no melody


def test_of_notes_that_sound_together_the_highest_is_kept(tmp_path):
    chords = messages((60, 0, 960), (64, 0, 960), (67, 0, 960), (72, 960, 1920), (55, 1200, 1440))
    notes, told = midi_notes(midi(tmp_path, chords))
    assert notes == [(67, 0, 8), (72, 8, 8)]
    assert told == ["tune: 3 of 5 notes left out, under higher ones"]
    legato = messages((72, 0, 700), (60, 480, 1440))  # held too long, into a lower note
    assert midi_notes(midi(tmp_path, legato)) == ([(72, 0, 4), (60, 4, 8)], [])


def test_notes_move_to_the_grid(tmp_path):
    triplets = messages((60, 0, 150), (62, 160, 310), (64, 320, 470), (65, 490, 950))
    notes, told = midi_notes(midi(tmp_path, triplets))
    assert notes == [(60, 0, 1), (62, 1, 2), (64, 3, 1), (65, 4, 4)]
    assert told == ["tune: 2 of 4 notes moved to the grid of sixteenths"]


def test_silence_in_front_is_left_out(tmp_path):
    late = messages((60, 2 * 1920 + 480, 2 * 1920 + 960))
    assert midi_notes(midi(tmp_path, late)) == ([(60, 4, 4)], ["tune: 2 bars of silence in front are left out"])


@pytest.mark.parametrize(("meter", "refused"), [((3, 4), True), ((6, 8), True), ((2, 4), False), ((4, 4), False)])
def test_the_meter_of_a_midi_file(tmp_path, meter, refused):
    track = messages((60, 0, 960))
    track.insert(0, mido.MetaMessage("time_signature", numerator=meter[0], denominator=meter[1]))
    path = midi(tmp_path, track)
    if refused:
        with pytest.raises(FileError, match=f"expected the meter 4/4, 2/2 or 2/4, found {meter[0]}/{meter[1]}"):
            read_midi(path)
    else:
        assert midi_notes(path) == ([(60, 0, 8)], [])


def test_midi_files_that_are_refused(tmp_path):
    with pytest.raises(FileError, match="expected notes, found silence"):
        read_midi(midi(tmp_path, messages()))
    with pytest.raises(FileError, match="expected at most 100000 sixteenths"):
        read_midi(midi(tmp_path, messages((60, 0, 10), (60, 200_000_000, 200_000_010))))
    path = midi(tmp_path, messages((60, 0, 480)))
    frames = bytearray(path.read_bytes())
    frames[12:14] = b"\xe7\x28"
    path.write_bytes(frames)
    with pytest.raises(FileError, match="found ticks of a film frame"):
        read_midi(path)
    with pytest.raises(FileError, match=r"no\.mid: expected a MIDI file, found none"):
        read_midi(tmp_path / "no.mid")


@pytest.mark.parametrize("kind", ["mid", "abc", "npz"])
def test_damaged_files_are_read_or_refused(tmp_path, kind):
    """Cut off anywhere, or with bytes changed at random: a FileError that names the file, or a melody."""
    rng = np.random.default_rng(7)
    steps, _ = random_melody(rng, bars=4)
    path = tmp_path / f"x.{kind}"
    if kind == "mid":
        write_midi(path, steps)
    elif kind == "npz":
        np.savez(path, segments=steps.reshape(2, 32), song=np.arange(2))
    else:
        shutil.copy(SHIPPED / "entertainer.abc", path)
    good = path.read_bytes()
    cut = [good[: len(good) * k // 100] for k in range(100)]
    changed = []
    for _ in range(300):
        content = bytearray(good)
        for place in rng.integers(0, len(good), 3):
            content[place] = rng.integers(256)
        changed.append(bytes(content))
    reader = {"mid": read_midi, "abc": read_abc, "npz": read_npz}[kind]
    refused = 0
    for content in cut + changed:
        path.write_bytes(content)
        try:
            reader(path)
        except FileError as error:
            refused += 1
            assert str(error).startswith(str(path))
    assert refused > 50


# --- .npz, and all together -------------------------------------------------------------------------------------------


def npz(tmp_path, **arrays):
    np.savez(tmp_path / "a.npz", **arrays)
    return tmp_path / "a.npz"


ROWS = np.stack([random_melody(np.random.default_rng(k))[0] for k in range(12)])


def test_npz_of_songs(tmp_path):
    song = np.arange(12) % 6 + 100
    melodies = Melodies(npz(tmp_path, segments=ROWS, song=song))
    assert sorted(melodies.names) == [f"song {number}" for number in range(100, 106)] and melodies.notes == []
    found = np.concatenate([melodies.train.steps, melodies.validation.steps, melodies.test.steps])
    assert sorted(map(bytes, found)) == sorted(map(bytes, ROWS))
    for split in (melodies.train, melodies.validation, melodies.test):
        for row, tune in zip(split.steps, split.tunes, strict=True):
            (place,) = np.flatnonzero((row == ROWS).all(axis=1))
            assert melodies.names[tune] == f"song {song[place]}"


@pytest.mark.parametrize(
    ("arrays", "told"),
    [
        ({"x": ROWS}, "an array called segments, found none"),
        ({"segments": ROWS.astype(float)}, r"whole numbers \(N, T\), found float64 \(12, 32\)"),
        ({"segments": ROWS[0]}, r"whole numbers \(N, T\), found uint8 \(32,\)"),
        ({"segments": ROWS[:, :31]}, r"whole bars of 16 steps, found shape \(12, 31\)"),
        ({"segments": ROWS[:0]}, r"whole bars of 16 steps, found shape \(0, 32\)"),
        ({"segments": np.where(ROWS == HOLD, 130, ROWS)}, r"steps 0 to 129, found \d+ to 130"),
        ({"segments": ROWS, "song": np.arange(11)}, r"a whole number for each of 12 segments, found int64 \(11,\)"),
        ({"segments": np.where(np.arange(32) == 0, HOLD, ROWS)}, "found a hold in row 0"),
    ],
)
def test_npz_that_is_refused(tmp_path, arrays, told):
    with pytest.raises(FileError, match=r"a\.npz: expected .*" + told):
        Melodies(npz(tmp_path, **arrays))


def test_a_song_without_a_note_is_left_out(tmp_path):
    silent = steps_from([], 2 * BAR)
    melodies = Melodies(npz(tmp_path, segments=np.stack([*ROWS[:4], silent]), song=[1, 2, 3, 1, 4]))
    assert sorted(melodies.names) == ["song 1", "song 2", "song 3"]
    assert melodies.notes == ["left out: 1 songs without a note"]


def test_tunes_are_in_one_split_each_whatever_their_files_are_called(tmp_path):
    melodies = Melodies("tunes")
    splits = (melodies.train, melodies.validation, melodies.test)
    groups = [set(split.tunes.tolist()) for split in splits]
    assert sum(map(len, groups)) == len(set.union(*groups)) == len(melodies.names)
    tenth = len(melodies.names) // 10
    assert [len(group) for group in groups] == [len(melodies.names) - 2 * tenth, tenth, tenth]
    for number, path in enumerate(sorted(SHIPPED.glob("*.abc"), reverse=True)):
        shutil.copy(path, tmp_path / f"{number:03}.ABC")
    again = Melodies(tmp_path)
    for one, other in zip(splits, (again.train, again.validation, again.test), strict=True):
        assert sorted(map(bytes, one.steps)) == sorted(map(bytes, other.steps))


def test_the_same_tunes_as_midi(tmp_path):
    names = ("twinkle", "sakura", "eventide", "drowsy_maggie", "hatikvah")
    (tmp_path / "abc").mkdir(), (tmp_path / "midi").mkdir()
    for name in names:
        path = shutil.copy(SHIPPED / f"{name}.abc", tmp_path / "abc")
        write_midi(tmp_path / "midi" / f"{name}.mid", read_abc(path)[0][0].pieces[0])
    one, other = Melodies(tmp_path / "abc"), Melodies(tmp_path / "midi")
    assert other.notes == []
    for split in ("train", "validation", "test"):
        assert sorted(map(bytes, getattr(one, split).steps)) == sorted(map(bytes, getattr(other, split).steps))


def test_windows_overlap_where_one_learns_only(tmp_path):
    for seed in range(3):
        steps, _ = random_melody(np.random.default_rng(seed), bars=8)
        write_midi(tmp_path / f"{seed}.mid", steps)
    melodies = Melodies(tmp_path, bars=4)
    assert [len(split.steps) for split in (melodies.train, melodies.validation, melodies.test)] == [5, 2, 2]
    assert len(Melodies(tmp_path, bars=4, limit=1).train.tunes) == 1


def test_a_folder_with_things_that_do_not_fit(tmp_path):
    rng = np.random.default_rng(2)
    for name in ("one", "two", "three"):
        write_midi(tmp_path / f"{name}.mid", random_melody(rng, bars=4)[0])
    write_midi(tmp_path / "up.midi", transpose(read_midi(tmp_path / "one.mid")[0].pieces[0], 5))
    write_midi(tmp_path / "short.mid", steps_from([Note(60, 0, 16)], BAR))
    write_midi(tmp_path / "low.mid", random_melody(rng, bars=4, low=10, high=40)[0])
    write_midi(tmp_path / "wide.mid", steps_from([Note(10, 0, 16), Note(110, 16, 16)], 2 * BAR))
    (tmp_path / "bad.mid").write_bytes(b"MThd")
    (tmp_path / "words.txt").write_text("la la la")
    (tmp_path / ".hidden").write_text("")
    abc(tmp_path, "C6 | D6 | E6", meter="3/4", name="waltz.abc")
    melodies = Melodies(tmp_path)
    assert sorted(melodies.names) == ["low", "one", "three", "two"]
    told = "\n".join(melodies.notes)
    for part in (
        "left out: 2 that cannot be read (",
        "found 3/4",
        "bad.mid: expected an intact MIDI file",
        "left out: words.txt, neither ABC nor MIDI",
        "left out: 1 shorter than 2 bars (short)",
        "left out: 1 the same as another tune (up (as one))",
        "left out: 1 out of range (wide: expected notes within the MIDI pitches 36 to 96, or any 60 semitones",
        "low: transposed by +",
    ):
        assert part in told, told
    assert "hidden" not in told


@pytest.mark.parametrize(
    ("low", "high", "octaves"),
    [(36, 96, 0), (24, 84, 1), (23, 50, 2), (35, 36, 1), (48, 97, -1), (49, 108, -1), (60, 109, -2)],
)
def test_octaves_are_as_few_as_possible(low, high, octaves):
    moved, told = within_range(Tune("x", [np.array([low, HOLD, REST, high], np.uint8)]))
    assert moved.pieces[0].tolist() == [low + 12 * octaves, HOLD, REST, high + 12 * octaves]
    assert told == [f"x: transposed by {octaves:+d} octaves, from {low} to {high}"] * (octaves != 0)


@pytest.mark.parametrize(
    ("source", "kind", "told"),
    [
        (
            "nothing.mid",
            FileError,
            "nothing.mid: expected tunes, a folder of ABC and MIDI files, or a .abc, .mid or .npz",
        ),
        (3, TypeError, "Melodies: expected tunes, a folder"),
        (SHIPPED / "LICENSE", FileError, "found a file of another kind"),
        (SHIPPED / "twinkle.abc", FileError, "expected three tunes or more of at least 2 bars"),
    ],
)
def test_sources_that_cannot_be_used(source, kind, told):
    with pytest.raises(kind) as error:
        Melodies(source)
    assert told in str(error.value)


@pytest.mark.parametrize(("more", "told"), [({"bars": 0}, "bars must be from 1"), ({"limit": 0}, "limit must be")])
def test_wrong_numbers(more, told):
    with pytest.raises(ValueError, match=f"Melodies: {told}"):
        Melodies("tunes", **more)


@pytest.mark.parametrize("package", ["abcnotes", "mido"])
def test_a_missing_package_is_named(tmp_path, monkeypatch, package):
    path = abc(tmp_path, "C8") if package == "abcnotes" else midi(tmp_path, messages((60, 0, 480)))
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ValueError, match=rf"package {package} .*pip install 'minae\[music\]'"):
        (read_abc if package == "abcnotes" else read_midi)(path)


def test_the_split_needs_no_order():
    tunes = [Tune(str(k), [row]) for k, row in enumerate(ROWS)]
    splits = [{tunes[i].name for i in part} for part in in_three(tunes)]
    assert [{tunes[::-1][i].name for i in part} for part in in_three(tunes[::-1])] == splits
    assert list(map(len, splits)) == [10, 1, 1]


def test_the_code_in_the_documentation_runs(tmp_path, monkeypatch):
    text = (Path(minae.__file__).parents[1] / "docs" / "music.md").read_text("utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    monkeypatch.chdir(tmp_path)
    names = {}
    exec(code, names)
    melodies = names["melodies"]
    assert melodies.train.steps.shape == (len(melodies.train.tunes), 32) and melodies.train.steps.dtype == np.uint8
    assert notes_in(read_midi("tune.mid")[0].pieces[0]) == notes_in(melodies.test.steps[0])
    assert Path("tune.wav").stat().st_size > 100_000
    count = f"{len(melodies.names)} "
    assert f"the {count}tunes that ship" in text and f"has {count}melodies" in text
    assert f"{count}melodies" in (SHIPPED.parent / "README.md").read_text("utf-8")
    checked = sum("N:checked" in path.read_text("utf-8") for path in SHIPPED.glob("*.abc"))
    assert f": {checked} with collections" in text and f"the other {len(melodies.names) - checked} none" in text


def test_public_names():
    assert minae.data.Melodies is Melodies and {"Melodies", "write_midi", "write_wav"} <= set(minae.data.__all__)
