"""Your machine at work: python lessons/P5_two_tunes/run.py [TUNE TUNE] [--others FOLDER] [--last] [--help]

A TUNE is a text that `read_tune` reads, .txt, or a .abc or .mid file, which minae reads. Without any, two tunes that
are typed below are blended. The machine learns to play them from memory. It also learns the tunes that minae has, or
those of a folder of yours, for what lies between. It prints the tables of the report, and leaves sounds, MIDI files and
figures.
"""

import argparse
import time
import wave
from pathlib import Path

import exercise
import numpy as np
from threadpoolctl import threadpool_limits

from lessons import drawing
from minae import plots
from minae.data import write_midi
from minae.data.melodies import in_three, read_tunes

RATE = 22_050  # samples a second
HOLD = 128
TYPED = {
    "Ah! vous dirai-je, maman": """
        C2C2G2G2 | A2A2G4 | F2F2E2E2 | D2D2C4 | G2G2F2F2 | E2E2D4 | G2G2F2F2 | E2E2D4 |""",
    "Ode to Joy": """
        ^F2^F2G2A2 | A2G2^F2E2 | D2D2E2^F2 | ^F3E E4 | ^F2^F2G2A2 | A2G2^F2E2 | D2D2E2^F2 | E3D D4 |""",
}


def read(path):
    """A tune's steps. Of a file with several the first."""
    if not path.exists():
        parser.error(f"{path}: no such file")
    if path.suffix == ".txt":
        return exercise.read_tune(path.read_text("utf-8"))
    return read_tunes(path, [])[0].pieces[0]


def melodies_of(tunes, numbers):
    """Melodies of two bars of these tunes, in one key; those without a note are left out."""
    pieces = [exercise.cut(exercise.to_one_key(piece), 32) for number in numbers for piece in tunes[number].pieces]
    steps = np.concatenate(pieces)
    return steps[(steps < HOLD).any(axis=1)]


def come_back(steps):
    """Shares of the steps, of the notes and of whole melodies that come back from mu, running free."""
    right = decode(encode(steps)[0]) == steps
    return right.mean(), right[steps < HOLD].mean(), right.all(axis=1).mean()


def encode(steps):
    return exercise.encode(trained, steps)


def decode(z):
    return exercise.decode(trained, np.float32(z))


def write_wav(path, samples):
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(np.round(32767 * samples).astype("<i2").tobytes())


def keep(figure, name):
    figure.savefig(options.out / name, dpi=120, bbox_inches="tight")
    drawing.plt.close(figure)
    print(f"    {options.out / name}")


parser = argparse.ArgumentParser()
parser.add_argument("tunes", nargs="*", type=Path, help="two tunes of yours: .txt, .abc or .mid")
parser.add_argument("--others", default="tunes", help="a folder of tunes, ABC or MIDI (those that minae has)")
parser.add_argument("--bars", type=int, default=8, help="of each tune, from its beginning, an even number (8)")
parser.add_argument("--count", type=int, default=13, help="tunes, with both ends (13)")
parser.add_argument("--latent", type=int, default=16, help="numbers in a code (16)")
parser.add_argument("--tempo", type=float, default=120, help="quarters in a minute (120)")
parser.add_argument("--limit", type=int, help="learn from so many other melodies, to try out")
parser.add_argument("--seed", type=int, default=0, help="of all that is drawn at random (0)")
parser.add_argument("--last", action="store_true", help="test on what is kept for the last number")
parser.add_argument("--out", type=Path, default=Path("report"), help="where sounds and figures go (report)")
options = parser.parse_args()

if len(options.tunes) not in (0, 2):
    parser.error(f"expected two tunes or none, found {len(options.tunes)}")
if options.bars < 2 or options.bars % 2:
    parser.error(f"--bars: expected an even number, found {options.bars}")
two = {path.stem: read(path) for path in options.tunes}
two = two or {name: exercise.read_tune(text) for name, text in TYPED.items()}
if len(two) < 2 or min(map(len, two.values())) < 32:
    parser.error("expected two tunes with different names, of two bars or more each")
two = {name: exercise.to_one_key(steps)[: 16 * options.bars] for name, steps in two.items()}
own = np.concatenate([exercise.cut(steps, 32) for steps in two.values()])

tunes = read_tunes(options.others, [])
learned, validation, last = in_three(tunes)
others = melodies_of(tunes, learned)
is_own = (others[:, None] == own).all(axis=2).any(axis=1)
others = np.random.default_rng(options.seed).permutation(others[~is_own])[: options.limit]
new = melodies_of(tunes, last if options.last else validation)
print(f"{', '.join(two)}: {len(own)} melodies of two bars to play from memory")
print(f"{len(learned)} other tunes: {len(others)} melodies")
print(f"{len(new)} new melodies,", "for the last number" if options.last else "for validation")

with threadpool_limits(1):  # as the grader does it: where others compute, too, two threads wait for each other
    start = time.perf_counter()
    trained = exercise.train(own, others, options.latent, options.seed)
    print(f"trained for {time.perf_counter() - start:.1f} s, {options.latent} latents, seed {options.seed}\n")
    print("| what comes back, running free | steps | notes | whole melodies | KL, nats |")
    print("|---|---|---|---|---|")
    for name, steps in {"own": own, "others": others, "new": new}.items():
        mu, log_var = encode(steps)
        kl = np.mean(np.sum(mu**2 + np.exp(log_var) - 1 - log_var, axis=1)) / 2
        print(f"| {name} |", " | ".join(f"{share:.1%}" for share in come_back(steps)), f"| {kl:.1f} |")
    way = exercise.blend(encode, decode, *two.values(), options.count)

changed, white, inside = exercise.measure(way)
neither = np.mean((way != way[0]) & (way != way[-1]), axis=1)
print("\n| tune | steps that changed | that are in neither end | white keys | in range | notes |")
print("|---|---|---|---|---|---|")
for number, notes in enumerate((way < HOLD).sum(axis=1)):
    step = f"{changed[number - 1]:.1%}" if number else ""
    print(f"| {number} | {step} | {neither[number]:.1%} | {white[number]:.1%} | {inside[number]:.1%} | {notes} |")
print(f"\nwhite keys in the other tunes: {exercise.measure(others)[1].mean():.1%}")
for name, steps, end in zip(two, two.values(), (way[0], way[-1])):
    steps = steps[: len(end)]
    print(f"{name}: {np.mean(steps == end):.1%} of its steps are at its end of the way")

options.out.mkdir(parents=True, exist_ok=True)
print("\nsounds, MIDI files and figures:")
for number, steps in enumerate(way):
    write_wav(options.out / f"tune_{number:02}.wav", exercise.sound(steps, options.tempo, RATE))
    write_midi(options.out / f"tune_{number:02}.mid", steps, options.tempo)
print(f"    {options.out}/tune_00.wav to tune_{len(way) - 1:02}.wav, and .mid")
shown = sorted({0, len(way) // 4, len(way) // 2, 3 * len(way) // 4, len(way) - 1})
keep(plots.piano_rolls({f"tune {number}": way[number] for number in shown}, "From tune to tune"), "way.png")
axes = drawing.axes("Each step of the way", "tune", "share of the steps that changed")
axes.bar(range(1, len(way)), changed)
keep(axes.figure, "changes.png")
