"""Your VAE at work: python lessons/P4_vae/run.py [DATA] [--likelihood bell] [--last] [--help]

DATA is "clothes", the 10,000 that minae has (this is the default); "tunes", bars of the melodies that it has, as piano
rolls; a folder of your pictures, PNG or JPEG, which are cut into pieces; or a .npz or .npy file of images. A tenth is
for the last number: --last tests on it, once. Until then another tenth stands for it. It prints the tables that
report.md asks for, and leaves figures.
"""

import argparse
import time
from pathlib import Path

import exercise
import numpy as np
from PIL import Image, ImageOps
from threadpoolctl import threadpool_limits

from lessons import drawing
from minae.data import Dataset, Melodies, fashion_mnist

SHOWN = 10  # pictures in a row
HOLD, REST = 128, 129  # of a melody: the note before sounds on, or there is silence


def clothes():
    """Pictures (N, H, W) from 0 to 1, and the owner of each: those of one owner stay on one side."""
    images = fashion_mnist("test")[0][:, 0]
    return images, np.arange(len(images))


def tunes():
    """Bars as piano rolls: a row for each pitch, a column for each sixteenth, white where a note sounds."""
    melodies = Melodies("tunes", bars=1)
    parts = (melodies.train, melodies.validation, melodies.test)
    steps = np.concatenate([part.steps for part in parts]).astype(int)
    owners = np.concatenate([part.tunes for part in parts])
    places = np.where(steps == HOLD, 0, np.arange(steps.shape[1]))
    sounding = np.take_along_axis(steps, np.maximum.accumulate(places, axis=1), axis=1)
    pitches = np.arange(steps[steps < HOLD].max(), steps[steps < HOLD].min() - 1, -1)
    return (sounding[:, None, :] == pitches[:, None]).astype(np.float32), owners


def pieces(folder, size):
    """Grey pictures, at most 160 pixels long, cut into pieces that do not overlap."""
    found, owners = [], []
    for owner, path in enumerate(sorted(folder.iterdir())):
        if path.suffix.lower() in (".png", ".jpg", ".jpeg"):
            with Image.open(path) as opened:
                picture = ImageOps.exif_transpose(opened).convert("L")
            picture.thumbnail((160, 160))
            rows, columns = picture.height // size, picture.width // size
            cut = np.asarray(picture)[: rows * size, : columns * size].reshape(rows, size, columns, size)
            found.append(cut.swapaxes(1, 2).reshape(-1, size, size))
            owners += [owner] * (rows * columns)
    if len(set(owners)) < 10:
        raise SystemExit(f"{folder}: expected 10 pictures or more, found {len(set(owners))}")
    return np.concatenate(found) / np.float32(255), np.array(owners)


def file(path):
    images = Dataset(path).train.images[:]
    return np.asarray(images, np.float32).mean(axis=1), np.arange(len(images))


def open_data(name, size):
    if name in ("clothes", "tunes"):
        return {"clothes": clothes, "tunes": tunes}[name]()
    return pieces(Path(name), size) if Path(name).is_dir() else file(name)


def in_three(owners, seed):
    """Rows to learn from, to choose by, and for the last number: by owner."""
    order = np.random.default_rng(seed).permutation(np.unique(owners))
    tenth = max(1, len(order) // 10)
    parts = order[2 * tenth :], order[:tenth], order[tenth : 2 * tenth]
    return [np.flatnonzero(np.isin(owners, part)) for part in parts]


def measure(trained, x, likelihood, k, seed):
    """What pictures cost: reconstruction, KL, L_1 and L_k of each, and mu."""
    mu, log_var = exercise.encode(trained, x)

    def log_p_x_given(z):
        output, noise = exercise.decode(trained, z.astype(np.float32))
        return exercise.log_likelihood(x, output, noise, likelihood)

    first, many = exercise.bounds(exercise.log_weights(mu, log_var, log_p_x_given, k, seed))
    kl = np.sum(mu**2 + np.exp(log_var) - 1 - log_var, axis=1) / 2
    return -first - kl, kl, first, many, mu


def as_pictures(trained, z, likelihood):
    """What the decoder draws: the probability of white, or the mean."""
    output, _ = exercise.decode(trained, z.astype(np.float32))
    return np.clip(output, 0, 1) if likelihood == "bell" else 1 / (1 + np.exp(-output))


def keep(figure, name):
    options.out.mkdir(parents=True, exist_ok=True)
    figure.savefig(options.out / name, dpi=120, bbox_inches="tight")
    drawing.plt.close(figure)
    print(f"    {options.out / name}")


parser = argparse.ArgumentParser()
parser.add_argument(
    "data", nargs="?", default="clothes", help="clothes, tunes, a folder, or a file of images (clothes)"
)
parser.add_argument("--likelihood", choices=("coins", "grey", "bell"), default="bell", help="(bell)")
parser.add_argument("--latent", type=int, default=16, help="numbers in a code (16)")
parser.add_argument("--samples", type=int, default=100, help="of each picture, for L_k (100)")
parser.add_argument("--size", type=int, default=28, help="of a piece of your pictures, in pixels (28)")
parser.add_argument("--limit", type=int, help="learn from so many, to try out")
parser.add_argument("--seed", type=int, default=0, help="of all that is drawn at random (0)")
parser.add_argument("--last", action="store_true", help="test on what is kept for the last number")
parser.add_argument("--out", type=Path, default=Path("report"), help="where the figures go (report)")
options = parser.parse_args()
likelihood, latent, k, seed = options.likelihood, options.latent, options.samples, options.seed

images, owners = open_data(options.data, options.size)
shape, x = images.shape[1:], np.float32(images.reshape(len(images), -1))
learned_rows, validation, last = in_three(owners, 0)  # the same split for every seed
learned, tested = x[learned_rows[: options.limit]], x[last if options.last else validation]
new = exercise.prepare(tested, likelihood, 1)  # the same draw for every model
print(f"{options.data}: {len(learned):,} pictures to learn from, {len(new):,} new ones, {shape[0]} x {shape[1]}")
print("tested on those for the last number" if options.last else "tested on those for validation")

with threadpool_limits(1):  # as the grader does it: where others compute, too, two threads wait for each other
    start = time.perf_counter()
    trained = exercise.train(learned, likelihood, latent, seed)
    print(f"trained for {time.perf_counter() - start:.1f} s: {likelihood}, {latent} latents, seed {seed}\n")
    reconstruction, kl, first, many, mu = measure(trained, new, likelihood, k, seed)
    of_learned = measure(trained, exercise.prepare(learned[: len(new)], likelihood, 2), likelihood, 1, seed)[2]
    again = measure(trained, exercise.prepare(tested, likelihood, 4), likelihood, k, seed + 1)[3]

if likelihood == "bell":
    prepared = exercise.prepare(learned, "bell", 3)
    rivals = {f"PPCA, {latent} numbers": exercise.ppca(prepared, latent, new)}
else:
    share = np.clip(learned.mean(axis=0), 0.001, 0.999)
    rivals = {"a coin for each number": np.sum(new * np.log(share) + (1 - new) * np.log(1 - share), axis=1)}

nothing = np.zeros(len(new))
print(f"| nats per picture, {likelihood}, {len(new):,} new pictures | value | error |")
print("|---|---|---|")
lines = {"reconstruction": reconstruction, "KL": kl, "negative ELBO": -first, f"-L_{k}": -many}
lines |= {f"-ln p(x) of {name}" + ("" if likelihood == "grey" else ", exact"): -found for name, found in rivals.items()}
lines |= {f"better than {name}, by L_1": first - found for name, found in rivals.items()}
lines |= {"what the bound gains from more samples": many - first}
for name, found in lines.items():
    value, error = exercise.difference(found, nothing)
    print(f"| {name} | {value:.2f} | {error:.2f} |")
print(f"| negative ELBO on {len(of_learned):,} that it learned from | {-of_learned.mean():.2f} | |")
print(f"| active units, of {latent} | {exercise.active_units(mu)} | |")
print(f"\n-L_{k} with other samples, of another draw of the data: {-again.mean():.2f}")
bits = -first.mean() / np.log(2) / x.shape[1]
if likelihood == "bell":
    print(f"in bits per number, of data with 256 greys: {bits + 8:.3f} (8 would be the cost without any model)")
if likelihood == "coins":
    print(f"in bits per number, of data in black and white: {bits:.3f} (1 would be the cost without any model)")
order, (_, log_var) = np.argsort(-mu.var(axis=0)), exercise.encode(trained, new)
of_codes = mu.var(axis=0) + np.exp(log_var).mean(axis=0)
for name, found in {"mu": mu.var(axis=0), "all codes (1 in the prior)": of_codes}.items():
    print(f"variance of {name}, latent by latent:", " ".join(f"{one:.2f}" for one in found[order]))

print("\nfigures:")
rng = np.random.default_rng(seed)
some = rng.permutation(len(new))[:SHOWN]
copies = as_pictures(trained, mu, likelihood)
keep(drawing.pictures({"new": tested[some], "copies": copies[some]}, shape), "reconstructions.png")
drawn = as_pictures(trained, rng.standard_normal((5 * SHOWN, latent)), likelihood)
rows = {f"row {row + 1}": drawn[SHOWN * row :][:SHOWN] for row in range(5)}
keep(drawing.pictures(rows, shape), "samples.png")
walks = {}
for row in range(3):
    start_code, end_code = mu[some[2 * row]], mu[some[2 * row + 1]]
    way = np.linspace(0, 1, SHOWN)[:, None]
    walks[f"walk {row + 1}"] = as_pictures(trained, (1 - way) * start_code + way * end_code, likelihood)
keep(drawing.pictures(walks, shape), "walks.png")
worst = np.argsort(first)[:SHOWN]
keep(drawing.pictures({"worst": tested[worst], "copies": copies[worst]}, shape), "worst.png")
