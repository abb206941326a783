"""The tunes that ship: each is whole, says where it is from, and is not another one. A small reader of the subset of
ABC that they are written in, independent of the package that reads them, is the oracle."""

import configparser
import re
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest

from minae.data.abc_files import read_abc
from minae.data.melodies import SHIPPED, Melodies
from minae.data.melody import BAR, HIGHEST, LOWEST, intervals, notes_in

PATHS = sorted(SHIPPED.glob("*.abc"))
each_tune = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
FIELDS = ("X", "T", "O", "S", "Z", "N", "M", "L", "K")

NATURAL = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
ACCIDENTALS = {"": None, "^": 1, "_": -1, "=": 0}
# Sharps of the key signature, or flats if below 0.
SIGNATURES = {"C": 0, "G": 1, "D": 2, "A": 3, "F": -1, "Bb": -2, "Eb": -3} | {
    **{"Am": 0, "Em": 1, "Bm": 2, "Dm": -1, "Gm": -2},
    **{"Ddor": 0, "Edor": 2, "Ephr": 0},
}
TOKEN = re.compile(r"(?P<bar>\|\]?)|(?P<note>[\^_=]?[A-Ga-gz][,']*)(?P<length>\d*)(?P<shape>[/<>-]*)")


def fields_of(path):
    return dict(line.split(":", 1) for line in path.read_text("utf-8").splitlines() if line[1:2] == ":")


def signature_of(key):
    """How much each letter is raised, by the key and the accidentals that are written behind it."""
    name, *more = key.split()
    sharps = SIGNATURES[name]
    raised = dict.fromkeys(NATURAL, 0)
    raised |= dict.fromkeys("FCGDAEB"[:sharps] if sharps > 0 else "BEADGCF"[:-sharps], 1 if sharps > 0 else -1)
    return raised | {one[1].upper(): ACCIDENTALS[one[0]] for one in more}


def bars_of(path):
    """The bars of a tune: of each the notes as (MIDI pitch or None, eighths, tied to the next, written accidental)."""
    body = "".join(line for line in path.read_text("utf-8").splitlines() if line[1:2] != ":").replace(" ", "")
    signature = signature_of(fields_of(path)["K"])
    bars, at, times = [[]], 0, Fraction(1)
    in_bar = {}
    for token in TOKEN.finditer(body):
        assert token.start() == at, body[at:]
        at = token.end()
        if token["bar"]:
            bars.append([])
            in_bar = {}
            continue
        sign, letter, octave = re.match(r"([\^_=]?)(\w)([,']*)", token["note"]).groups()
        shape = token["shape"]
        eighths = Fraction(int(token["length"] or 1)) * times / (2 if "/" in shape else 1)
        times = Fraction(1)
        if ">" in shape or "<" in shape:
            longer = Fraction(3, 2)
            eighths, times = (eighths * longer, 2 - longer) if ">" in shape else (eighths * (2 - longer), longer)
        if letter == "z":
            bars[-1].append((None, eighths, False, ""))
            continue
        upper = letter.upper()
        if sign:
            in_bar[upper] = ACCIDENTALS[sign]
        pitch = 60 + NATURAL[upper] + 12 * letter.islower() + 12 * (octave.count("'") - octave.count(","))
        bars[-1].append((pitch + in_bar.get(upper, signature[upper]), eighths, "-" in shape, sign))
    assert at == len(body)
    return [bar for bar in bars if bar]


def notes_of(path):
    """The notes of a tune as (pitch, start, length) in sixteenths, from the first full bar's grid."""
    bars = bars_of(path)
    now = 16 - 2 * sum(eighths for _, eighths, _, _ in bars[0]) if len(bars) > 1 else 0
    notes, tied = [], False
    for pitch, eighths, goes_on, _ in (note for bar in bars for note in bar):
        if tied and notes[-1][0] == pitch:
            notes[-1] = (pitch, notes[-1][1], notes[-1][2] + 2 * eighths)
        elif pitch is not None:
            notes.append((pitch, now, 2 * eighths))
        now += 2 * eighths
        tied = goes_on
    return notes


def test_there_are_a_hundred_from_many_countries():
    origins = {fields_of(path)["O"] for path in PATHS}
    assert len(PATHS) >= 100
    assert len(origins) >= 20
    assert {"South India", "Bengal, India"} <= origins


@each_tune
def test_it_says_what_it_is(path):
    fields = fields_of(path)
    assert tuple(fields) == FIELDS and all(fields.values())
    assert fields["M"] == "4/4" and fields["L"] == "1/8" and "CC0" in fields["Z"]
    assert fields["N"].startswith(("checked against ", "unchecked"))


@each_tune
def test_of_notes_it_was_compared_with_most_agree(path):
    found = re.search(r"(\d+) of (\d+) (?:pitches )?", fields_of(path)["N"])
    if fields_of(path)["N"].startswith("unchecked"):
        assert found is None
        return
    agree, count = map(int, found.groups())
    other_version = "another version" in fields_of(path)["N"]
    assert agree / count > (0.6 if other_version else 0.84)
    assert count == len(notes_of(path))


@each_tune
def test_its_bars_add_up(path):
    """All have 8 eighths; where the first is short, the last has what it lacks."""
    lengths = [sum(eighths for _, eighths, _, _ in bar) for bar in bars_of(path)]
    assert set(lengths[1:-1]) <= {8}
    assert (lengths[0], lengths[-1]) == (8, 8) or lengths[0] + lengths[-1] == 8
    assert len(lengths) >= 4


@each_tune
def test_it_is_in_its_key_and_range(path):
    """Four in five notes are in the scale of the key. (In minor, raised leading notes are not.)"""
    notes = [note for bar in bars_of(path) for note in bar if note[0] is not None]
    assert sum(not sign for *_, sign in notes) >= 0.8 * len(notes)
    assert all(LOWEST <= pitch <= HIGHEST for pitch, *_ in notes)


@each_tune
def test_it_is_read_as_it_is_written(path):
    tunes, told = read_abc(path)
    assert told == [] and len(tunes) == 1 and len(tunes[0].pieces) == 1
    steps = tunes[0].pieces[0]
    assert len(steps) % BAR == 0
    assert [tuple(note) for note in notes_in(steps)] == notes_of(path)


def test_no_two_are_alike():
    """Not even in another key or in another rhythm, and none is a part of another one."""
    lines = {path.stem: [pitch for pitch, _, _ in notes_of(path)] for path in PATHS}
    leaps = {name: "," + ",".join(str(b - a) for a, b in pairwise(line)) + "," for name, line in lines.items()}
    alike = [(one, other) for one in leaps for other in leaps if one != other and leaps[one] in leaps[other]]
    assert alike == []
    assert len({intervals(read_abc(path)[0][0].pieces[0]) for path in PATHS}) == len(PATHS)


def test_all_are_in_the_data_set():
    melodies = Melodies("tunes")
    assert melodies.notes == [] and len(melodies.names) == len(PATHS)
    assert len(set(melodies.names)) == len(PATHS)


def test_they_are_in_an_installed_minae():
    """The patterns of setup.cfg cover every tune and the licence."""
    config = configparser.ConfigParser()
    config.read(Path(__file__).parents[2] / "setup.cfg")
    package = SHIPPED.parents[2]
    patterns = config["options.package_data"]["minae"].split()
    shipped = {path for pattern in patterns for path in package.glob(pattern)}
    assert {*PATHS, SHIPPED / "LICENSE"} <= shipped
