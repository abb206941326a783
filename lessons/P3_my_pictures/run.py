"""Your autoencoder at work: python lessons/P3_my_pictures/run.py [FOLDER] [--last] [--help]

Without a folder it runs on the 10,000 clothes that minae has, each of them a piece. With one, it reads the pictures in
it, makes them grey and small, and cuts them into pieces. A fifth of the pictures is for the last number: --last tests
on them, once. Until then another fifth stands for them. It prints dB, and leaves figures for your report.
"""

import argparse
import time
from pathlib import Path

import exercise
import numpy as np
from earlier import best_linear, decode, encode, fog, pca, psnr
from PIL import Image, ImageOps
from threadpoolctl import threadpool_limits

from lessons import drawing
from minae.data import fashion_mnist, mnist

HERE = Path(__file__).parent
SUFFIXES = (".png", ".jpg", ".jpeg")
SHOWN = 10  # pieces in a row


def read(folder, longest):
    """The pictures of a folder, grey, upright, with `longest` pixels along the longer side: uint8 (H, W)."""
    pictures = []
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in SUFFIXES:
            with Image.open(path) as opened:
                picture = ImageOps.exif_transpose(opened).convert("L")
            picture.thumbnail((longest, longest))
            pictures.append(np.asarray(picture))
    return pictures


def as_pictures(images):
    """Images (N, 1, H, W), as a list of pictures: uint8 (H, W)."""
    return list(np.round(255 * images[:, 0]).astype(np.uint8))


def copies_of(trained, pieces):
    return exercise.to_pieces(trained, exercise.to_codes(trained, pieces))


def copies_by_pca(learned, k, pieces):
    mean, components = pca(learned, k)
    return decode(encode(pieces, mean, components), mean, components)


def whole(pieces, size, columns):
    """A picture of pieces that lie side by side, row by row."""
    return pieces.reshape(-1, columns, *size).swapaxes(1, 2).reshape(-1, columns * size[1])


def keep(figure, folder, name):
    figure.savefig(folder / name, dpi=120, bbox_inches="tight")
    drawing.plt.close(figure)
    print(f"    {folder / name}")


parser = argparse.ArgumentParser()
parser.add_argument("folder", nargs="?", type=Path, help="of your pictures, PNG or JPEG")
parser.add_argument("--size", type=int, default=28, help="of a piece, in pixels each way (28)")
parser.add_argument("--step", type=int, help="from a piece to the next (half of --size)")
parser.add_argument("--longest", type=int, default=160, help="pixels of a picture along its longer side (160)")
parser.add_argument("--numbers", type=int, default=16, help="in a code (16)")
parser.add_argument("--level", type=float, default=0.5, help="of the fog, for the denoiser (0.5)")
parser.add_argument("--seed", type=int, default=0, help="of the split and of what is drawn at random (0)")
parser.add_argument("--last", action="store_true", help="test on the pictures that are kept for the last number")
parser.add_argument("--out", type=Path, default=Path("report"), help="where the figures go (report)")
options = parser.parse_args()

if options.folder and not options.folder.is_dir():
    parser.error(f"{options.folder}: expected a folder of pictures, found none")
k, level, seed, size = options.numbers, options.level, options.seed, (options.size, options.size)
pictures = read(options.folder, options.longest) if options.folder else as_pictures(fashion_mnist("test")[0])
if len(pictures) < 5:
    parser.error(f"{options.folder}: expected 5 pictures or more, PNG or JPEG, found {len(pictures)}")
pieces, owners = exercise.cut(pictures, size, options.step or options.size // 2)

rows, tested = exercise.split(owners, 0.2, seed)  # kept for the last number
part, validation = exercise.split(owners[rows], 0.25, seed + 1)  # another fifth of all
if not options.last:
    rows, tested = rows[part], rows[validation]
learned, new = pieces[rows], pieces[tested]
print(f"{len(pictures):,} pictures, {len(pieces):,} pieces: {len(learned):,} to learn from, {len(new):,} new")
print("tested on the pictures for the last number" if options.last else "tested on the pictures for validation")

with threadpool_limits(1):  # as the grader does it: where others compute, too, two threads wait for each other
    start = time.perf_counter()
    trained = exercise.train(learned, k, 0.0, seed)
    print(f"trained for {time.perf_counter() - start:.1f} s")
    curves = {}
    for count in sorted({2, 4, 8, 16, 32, k}):
        other = trained if count == k else exercise.train(learned, count, 0.0, seed)
        curves[count] = exercise.compare(copies_of(other, new), count, learned, new)
    denoiser = exercise.train(learned, 2 * k, level, seed)
copies, by_pca = copies_of(trained, new), copies_by_pca(learned, k, new)

print("\nnumbers in the code     network         PCA")
for count, found in curves.items():
    print(f"{count:19} {found[0]:8.2f} dB {found[1]:8.2f} dB")
of_learned = exercise.compare(copies_of(trained, learned), k, learned, learned)
print(f"{k} numbers, on what it learned from: {of_learned[0]:.2f} dB, PCA {of_learned[1]:.2f} dB")

digits = [Image.fromarray(digit).resize(size) for digit in as_pictures(mnist("test")[0][:500])]
others, _ = exercise.cut([np.asarray(digit) for digit in digits], size, 1)
found = exercise.compare(copies_of(trained, others), k, learned, others)
print(f"pictures of another kind, digits: {found[0]:.2f} dB, PCA {found[1]:.2f} dB")

foggy, many = fog(new, level, level, seed), np.concatenate([learned[:8000]] * 2)
weight, bias = best_linear(fog(many, level, level, seed + 1), many, 0.1 * level**2)
cleaned, by_linear = copies_of(denoiser, foggy), foggy @ weight + bias
print(f"fog of {level:g} cleaned, {2 * k} numbers: {psnr(cleaned, new):.2f} dB,", end=" ")
print(f"best linear map {psnr(by_linear, new):.2f} dB, nothing done {psnr(foggy, new):.2f} dB")

options.out.mkdir(exist_ok=True)
print("\nfigures:")
some = np.random.default_rng(seed).permutation(len(new))[:SHOWN]
three = {"new": new[some], "network": copies[some], "PCA": by_pca[some]}
keep(drawing.pictures(three, size), options.out, "copies.png")

errors = np.mean((copies - new) ** 2, axis=1)
bad = np.argsort(-errors)[:SHOWN]
keep(drawing.pictures({"worst": new[bad], "network": copies[bad], "PCA": by_pca[bad]}, size), options.out, "worst.png")

some_others = others[:SHOWN]
rows_of_others = {"others": some_others, "network": copies_of(trained, some_others)}
keep(drawing.pictures(rows_of_others, size), options.out, "another_kind.png")

fogged = {"foggy": foggy[some], "network": cleaned[some], "linear": by_linear[some], "clean": new[some]}
keep(drawing.pictures(fogged, size), options.out, "denoised.png")

axes = drawing.axes("Copies of new pieces", "numbers in the code", "dB, more is better")
axes.plot(list(curves), [ours for ours, _ in curves.values()], "o-", label="network")
axes.plot(list(curves), [theirs for _, theirs in curves.values()], "s--", label="PCA")
axes.set_xscale("log", base=2)
axes.set_xticks(list(curves), list(map(str, curves)))
axes.legend()
keep(axes.figure, options.out, "numbers.png")

order = exercise.worst(copies, new, owners[tested])
print(f"the worst pictures: {', '.join(map(str, order[:5]))} (counted from 0, in the order of their names)")
if options.folder:
    panels = drawing.grid(2, 3, (9, 6)).flat
    for owner, rank in ((order[0], "worst"), (order[-1], "best")):
        side_by_side, _ = exercise.cut([pictures[owner]], size, options.size)
        columns = pictures[owner].shape[1] // options.size
        for name, shown in (
            (f"the {rank} copies: picture {owner}", side_by_side),
            ("network", copies_of(trained, side_by_side)),
            ("PCA", copies_by_pca(learned, k, side_by_side)),
        ):
            panel = next(panels)
            panel.imshow(whole(shown, size, columns), cmap="gray", vmin=0, vmax=1)
            panel.set(title=name, xticks=[], yticks=[])
            panel.grid(False)
    keep(panel.figure, options.out, "whole.png")
