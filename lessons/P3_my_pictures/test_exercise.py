"""The public checks of the project of Part III. Ten points; ten more are for the report. Texts: messages.toml.

What trains, trains on clothes (Fashion-MNIST, cut to 28 x 20) and on pieces, 12 x 16, of pictures that are drawn anew
each time. Pictures come from minae, and cross as arrays: the exercise sees NumPy alone.
"""

import tomllib
from functools import cache, partial
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from lessons.tools.judging import call, compare, differs, kind

pytestmark = pytest.mark.numpy_only

SAY = tomllib.loads(Path(__file__).with_name("messages.toml").read_text("utf-8"))
# By how many dB the copies must be better than those of PCA; by how many a denoiser, than the best linear map.
COPIES = {"clothes": 0.6, "drawings": 0.6}
CLEANED = {"clothes": 0.2, "drawings": 0.35}
FEW = 600  # pieces that a denoiser learns from: so few that it could learn one stored noise


# --- pictures ---------------------------------------------------------------------------------------------------------


@pytest.mark.points(1, "build")
def test_cut(exercise, rng):
    """Pictures of many sizes, none a square, one of them too small for any piece."""
    say = SAY["cut"]
    for size, step in rng.permutation(np.array([((3, 5), 2), ((6, 4), 3), ((2, 7), 5)], object)):
        shapes = [(size[0] + int(rng.integers(0, 9)), size[1] + int(rng.integers(10, 19))) for _ in range(3)]
        shapes.insert(int(rng.integers(1, 3)), (size[0] - 1, 20))
        pictures = [rng.integers(0, 256, shape).astype(np.uint8) for shape in shapes]
        what = say["what"].format(size=tuple(size), step=step)
        pieces, owners = pair(what, call(what, exercise.cut, pictures, tuple(size), step))
        expected, expected_owners = cut_right(pictures, size, step)
        swapped = [picture.T for picture in pictures]
        mistakes = {
            say["scale"]: expected * 255,
            say["by_columns"]: cut_right(swapped, size[::-1], step, turned=True)[0],
            say["each_turned"]: cut_right(pictures, size, step, turned=True)[0],
            say["size_swapped"]: cut_right(pictures, size[::-1], step)[0],
            say["every_pixel"]: cut_right(pictures, size, 1)[0],
            say["no_overlap"]: cut_right(pictures, size, size)[0],
            say["last_left_out"]: cut_right([picture[:-1, :-1] for picture in pictures], size, step)[0],
            say["rows"]: expected.reshape(-1, *size),
        }
        compare(say["pieces"].format(what=what), pieces, expected, mistakes, np.float32)
        one_each = {say["places"]: np.arange(len(owners)) if np.ndim(owners) == 1 else "shape"}
        compare(say["owners"].format(what=what), owners, expected_owners, one_each, any_dtype=True)


def cut_right(pictures, size, step, turned=False):
    """The right pieces; with `turned`, each column by column."""
    steps = step if isinstance(step, (tuple, list, np.ndarray)) else (step, step)
    found = [
        (np.lib.stride_tricks.sliding_window_view(picture, tuple(size))[:: steps[0], :: steps[1]], owner)
        for owner, picture in enumerate(pictures)
        if picture.shape[0] >= size[0] and picture.shape[1] >= size[1]
    ]
    found = [(some.reshape(-1, *size), owner) for some, owner in found]
    pieces = np.concatenate([np.zeros((0, *size)), *(some for some, _ in found)])
    pieces = (pieces.swapaxes(1, 2) if turned else pieces).reshape(len(pieces), size[0] * size[1])
    owners = [owner for some, owner in found for _ in some]
    return np.float32(pieces / 255), np.array(owners, int)


@pytest.mark.points(1, "build")
def test_split(exercise, rng):
    """By picture, and never by piece: pieces of one picture are alike."""
    say = SAY["split"]
    for count, share in rng.permutation([(20, 0.25), (7, 0.4), (33, 0.1)]):
        count, seed = int(count), int(rng.integers(2**31))
        names = rng.choice(1000, count, replace=False)  # of pictures: any whole numbers, in any order
        owners = np.repeat(names, rng.integers(1, 30, count))
        what, wanted = say["what"].format(count=count, share=share), round(share * count)
        learned, tested = rows_of(what, exercise, owners, share, seed)
        both = set(owners[learned]) & set(owners[tested])
        assert not both, say["leak"].format(what=what, count=len(both))
        rows = np.sort(np.concatenate([learned, tested]))
        assert np.array_equal(rows, np.arange(len(owners))), say["rows"].format(what=what)
        found = len(set(owners[tested]))
        assert found == wanted, say["share"].format(what=what, expected=wanted, found=found)
        again = rows_of(what, exercise, owners, share, seed)
        assert np.array_equal(np.sort(again[1]), np.sort(tested)), say["again"]
        others = [set(rows_of(what, exercise, owners, share, seed + 1 + i)[1]) for i in range(5)]
        assert any(other != set(tested) for other in others), say["seed"]


def rows_of(what, exercise, owners, share, seed):
    """Two arrays of rows."""
    learned, tested = map(np.asarray, pair(what, call(what, exercise.split, owners, share, seed)))
    form = SAY["split"]["form"].format(what=what)
    assert learned.ndim == tested.ndim == 1 and learned.dtype.kind == tested.dtype.kind == "i", form
    inside = all(((rows >= 0) & (rows < len(owners))).all() for rows in (learned, tested))
    assert inside, form
    return learned, tested


def pair(what, found):
    assert isinstance(found, (tuple, list)) and len(found) == 2, SAY["form"]["pair"].format(
        what=what, found=kind(found)
    )
    return found


# --- the network ------------------------------------------------------------------------------------------------------


@pytest.mark.points(1, "build")
def test_block(exercise, rng):
    """Its value and its vjp, where it makes fewer numbers, more, and as many."""
    say = SAY["block"]
    for sizes in rng.permutation(np.array([(11, 7, 5, 3), (3, 5, 7, 13), (6, 9, 4, 6), (5, 2, 2, 2)])).tolist():
        layers, x = draw_layers(rng, sizes), rng.standard_normal((8, sizes[0]))
        g = rng.standard_normal((8, sizes[-1]))
        what = say["what"].format(sizes=tuple(sizes))
        dense, value = dense_of(layers, x), block_of(layers, x)
        mistakes = {
            say["no_shortcut"]: dense,
            say["shortcut_alone"]: value - dense,
            say["relu_last"]: value - dense + np.maximum(dense, 0),
            say["relu_first"]: dense_of(layers, np.maximum(x, 0)) + value - dense,
            say["no_relu"]: dense_of(layers, x, bend=False) + value - dense,
            say["wrong_end"]: dense + fit_right(x[:, ::-1], sizes[-1])[:, ::-1],
        }
        found, vjp = pair(what, call(what, exercise.block, layers, x, mistakes={say["fit"]: "raises"}))
        compare(say["value"].format(what=what), found, value, mistakes)
        gradient, slopes = pair(say["vjp"].format(what=what), call(what, vjp, g, mistakes={say["fit"]: "raises"}))
        of_layers = slopes_by_nudging(partial(weighted_sum, layers, x, g), [*flat(layers), x])
        through = fit_right(g, sizes[0])
        mistakes = {
            say["gradient_without_shortcut"]: of_layers[-1] - through,
            say["gradient_of_shortcut"]: through,
            say["fit"]: "shape",
        }
        compare_loosely(say["gradient"].format(what=what), gradient, of_layers[-1], mistakes)
        check_slopes(what, slopes, layers, of_layers[:-1])
    check_dtype(what, exercise, layers, x, g)


def check_dtype(what, exercise, layers, x, g):
    """All stays in float32, if what is given is."""
    layers = [tuple(array.astype(np.float32) for array in one) for one in layers]
    value, vjp = exercise.block(layers, x.astype(np.float32))
    gradient, slopes = vjp(g.astype(np.float32))
    found = {np.asarray(array).dtype.name for array in (value, gradient, *flat(slopes))}
    assert found == {"float32"}, SAY["block"]["dtype"].format(what=what, found=", ".join(sorted(found)))


def check_slopes(what, slopes, layers, expected):
    say = SAY["block"]
    is_form = isinstance(slopes, (tuple, list)) and all(isinstance(one, (tuple, list)) for one in slopes)
    assert is_form and [len(one) for one in slopes] == [2] * len(layers), say["pairs"].format(what=what)
    found, backwards = flat(slopes), flat(list(slopes)[::-1])
    shapes = [np.shape(array) for array in expected]
    in_order = [np.shape(array) for array in found] == shapes
    is_backwards = not in_order and [np.shape(array) for array in backwards] == shapes
    assert not is_backwards, say["backwards"].format(what=what)
    for number, (array, right) in enumerate(zip(found, expected)):
        name = say[("weight", "bias")[number % 2]].format(what=what, number=number // 2)
        compare_loosely(name, array, right, {say["of_one"]: right / 8})


def compare_loosely(what, found, nudged, mistakes):
    """Nudging is right to 1e-7 or so; `compare` asks for more. What is near enough counts as the same."""
    is_near = np.shape(found) == nudged.shape and np.allclose(found, nudged, atol=1e-6)
    near = [cause for cause, wrong in mistakes.items() if not isinstance(wrong, str) and np.shape(found) == wrong.shape]
    same = {cause: np.asarray(found) for cause in near if np.allclose(found, mistakes[cause], atol=1e-6)}
    same |= {cause: wrong for cause, wrong in mistakes.items() if isinstance(wrong, str)}
    compare(what, nudged if is_near else found, nudged, same)


def slopes_by_nudging(value, arrays, h=1e-7):
    """The slope in every number of each array."""
    slopes = []
    for array in arrays:
        slope = np.empty_like(array)
        for index in np.ndindex(array.shape):
            kept, sides = array[index], []
            for nudged in (kept + h, kept - h):
                array[index] = nudged
                sides.append(value())
            array[index], slope[index] = kept, (sides[0] - sides[1]) / (2 * h)
        slopes.append(slope)
    return slopes


def draw_layers(rng, sizes):
    """Small enough that rounding does not count beside a nudge."""
    return [(rng.standard_normal((n, m)) / np.sqrt(m), rng.standard_normal(n)) for m, n in pairwise(sizes)]


def flat(layers):
    return [array for one in layers for array in one]


def dense_of(layers, x, bend=True):
    for number, (weight, bias) in enumerate(layers):
        x = (np.maximum(x, 0) if number and bend else x) @ weight.T + bias
    return x


def fit_right(x, size):
    fitted = np.zeros((len(x), size), x.dtype)
    least = min(size, x.shape[1])
    fitted[:, :least] = x[:, :least]
    return fitted


def block_of(layers, x):
    return dense_of(layers, x) + fit_right(x, len(layers[-1][1]))


def weighted_sum(layers, x, g):
    """A number whose slopes are what the vjp of a block gives for g."""
    return (block_of(layers, x) * g).sum()


@pytest.mark.points(1, "build")
def test_new_autoencoder(exercise, rng):
    """It begins as PCA: the codes are the first numbers, and the copies these numbers and zeros."""
    say, seed = SAY["new"], int(rng.integers(2**31))
    sizes = (int(rng.integers(150, 200)), 131, 131, 131, 7)
    what = say["what"].format(sizes=sizes)
    autoencoder = call(what, exercise.new_autoencoder, sizes, seed)
    for layers, inner, name in zip(blocks(what, autoencoder), (sizes, sizes[::-1]), ("encoder", "decoder")):
        shapes = [((n, m), (n,)) for m, n in pairwise(inner)]
        found = [(np.shape(weight), np.shape(bias)) for weight, bias in layers]
        assert found == shapes, differs(say[name].format(what=what), shapes, found)
        dtypes = {array.dtype.name for array in flat(layers)}
        assert dtypes == {"float32"}, say["dtype"].format(found=", ".join(sorted(dtypes)))
        assert not any(bias.any() for _, bias in layers), say["biases"]
        assert not layers[-1][0].any(), say["last"].format(name=say[name].format(what=what))
        for (weight, _), size in zip(layers[:-1], inner):
            expected = np.sqrt(2 / size)
            is_near = abs(weight.std() / expected - 1) < 0.15
            assert is_near, say["std"].format(expected=expected, found=weight.std())
    drawn = [weight for layers in blocks(what, autoencoder) for weight, _ in layers[:-1]]
    square = [weight for weight in drawn if weight.shape == (131, 131)]
    alike = any(np.array_equal(one, two) for at, one in enumerate(square) for two in square[:at])
    assert not alike, say["alike"]
    again, other = (blocks(what, exercise.new_autoencoder(sizes, one)) for one in (seed, seed + 1))
    same = lambda two: [np.array_equal(one, both) for one, both in zip(drawn, two)]
    weights = lambda both: [weight for layers in both for weight, _ in layers[:-1]]
    assert all(same(weights(again))), say["again"]
    assert not any(same(weights(other))), say["seed"]


def blocks(what, autoencoder):
    """Encoder and decoder: lists of pairs of arrays."""
    both = pair(what, autoencoder)
    form = SAY["form"]["layers"].format(what=what)
    assert all(isinstance(layers, (list, tuple)) for layers in both), form
    assert all(isinstance(one, (list, tuple)) and len(one) == 2 for layers in both for one in layers), form
    return [[tuple(map(np.asarray, one)) for one in layers] for layers in both]


@pytest.mark.points(1, "build")
def test_loss_and_slopes(exercise, rng):
    """The target is not the input: a denoiser learns with this function, too."""
    say = SAY["slopes"]
    for sizes in rng.permutation(np.array([(7, 5, 3), (5, 8, 2), (6, 4, 5)])).tolist():
        both = draw_layers(rng, sizes), draw_layers(rng, sizes[::-1])
        x, target = rng.standard_normal((2, 9, sizes[0]))
        of = lambda target, both=both, x=x: ((block_of(both[1], block_of(both[0], x)) - target) ** 2).sum() / 9
        loss, what = of(target), say["what"].format(sizes=tuple(sizes))
        found, slopes = pair(what, call(what, exercise.loss_and_slopes, both, x, target))
        mistakes = {
            say["input"]: of(x),
            say["pixels"]: loss / sizes[0],
            say["sum"]: loss * 9,
            say["half"]: loss / 2,
            say["root"]: np.sqrt(loss),
        }
        compare(say["loss"].format(what=what), found, loss, mistakes)
        expected = slopes_by_nudging(partial(of, target), flat(both[0]) + flat(both[1]))
        of_blocks, middle = blocks(what, slopes), 2 * len(both[0])
        for name, layers, right, found in zip(
            ("encoder", "decoder"), both, (expected[:middle], expected[middle:]), of_blocks
        ):
            check_slopes(say[name].format(what=what), found, layers, right)


# --- the report -------------------------------------------------------------------------------------------------------


@pytest.mark.points(1, "build")
def test_compare(exercise, rng):
    """Both have as many numbers, neither has learned from the new pieces, and dB are those of lesson 11."""
    say = SAY["compare"]
    for size, k in rng.permutation([(9, 3), (7, 1), (12, 5)]).tolist():
        learned = rng.standard_normal((60, size)) * 1.5 ** -np.arange(size) + 0.5
        new = rng.standard_normal((23, size)) * 1.4 ** -np.arange(size)[::-1] + 0.7
        copies = new + rng.standard_normal(new.shape) * rng.uniform(0.01, 0.3, (23, 1))
        by_pca = by_pca_of(learned, k, new)
        of_network = {say["mean_of_dB"]: each_dB(copies, new).mean(), say["sum"]: dB(copies, new, np.sum)}
        of_pca = {
            say["fitted_to_new"]: dB(by_pca_of(new, k, new), new),
            say["measured_on_learned"]: dB(by_pca_of(learned, k, learned), learned),
            say["copies"]: dB(by_pca, copies),
            say["fitted_to_copies"]: dB(by_pca_of(copies, k, new), new),
            say["mean_of_dB"]: each_dB(by_pca, new).mean(),
            say["other_k"]: dB(by_pca_of(learned, k + 1, new), new),
        }
        what = say["what"].format(k=k)
        found = pair(what, call(what, exercise.compare, copies, k, learned, new))
        compare(say["network"].format(what=what), found[0], dB(copies, new), of_network)
        compare(say["pca"].format(what=what), found[1], dB(by_pca, new), of_pca)


def by_pca_of(learned, k, new):
    mean = learned.mean(axis=0)
    components = np.linalg.svd(learned - mean, full_matrices=False)[2][:k]
    return mean + (new - mean) @ components.T @ components


def dB(copies, pieces, average=np.mean):
    return -10 * np.log10(average((copies - pieces) ** 2))


def each_dB(copies, pieces):
    return -10 * np.log10(np.mean((copies - pieces) ** 2, axis=1))


@pytest.mark.points(1, "build")
def test_worst(exercise, rng):
    """Of pictures with few pieces and with many."""
    say = SAY["worst"]
    for count in rng.permutation([6, 9, 13]).tolist():
        names, many = rng.choice(1000, count, replace=False), rng.permutation(np.arange(count) + 2)
        owners = rng.permutation(np.repeat(names, many))
        error = dict(zip(names, rng.permutation(np.linspace(0.05, 0.4, count))))
        pieces = rng.uniform(0, 1, (len(owners), 7))
        sign = rng.choice([-1.0, 1.0], pieces.shape)
        unequal = rng.uniform(0.5, 1.5, (len(owners), 1))
        copies = pieces + sign * unequal * np.array([error[owner] for owner in owners])[:, None]
        squared = ((copies - pieces) ** 2).mean(axis=1)
        means, sums = ({name: by(squared[owners == name]) for name in names} for by in (np.mean, np.sum))
        expected = np.array(sorted(names, key=means.__getitem__))[::-1]
        mistakes = {
            say["best_first"]: expected[::-1],
            say["sums"]: np.array(sorted(names, key=sums.__getitem__))[::-1],
            say["pieces"]: np.argsort(-squared),
            say["places"]: np.searchsorted(np.sort(names), expected),
        }
        what = say["what"].format(count=count)
        found = call(what, exercise.worst, copies, pieces, owners)
        compare(what, found, expected, {**mistakes, say["form"]: "shape"}, any_dtype=True)


# --- training ---------------------------------------------------------------------------------------------------------


@pytest.mark.points(1, "train")
@pytest.mark.seconds(60)
def test_copies_of_clothes(exercise, rng):
    check_copies(exercise, rng, "clothes")


@pytest.mark.points(1, "train")
@pytest.mark.seconds(60)
def test_copies_of_drawings(exercise, rng):
    check_copies(exercise, rng, "drawings")


@pytest.mark.points(1, "train")
@pytest.mark.seconds(60)
def test_denoiser(exercise, rng):
    """Clothes and drawings in thick fog. The rival is the best linear map, with the penalty that suits it best."""
    say = SAY["train"]
    for name in rng.permutation(["clothes", "drawings"]):
        learned, new = PICTURES[name](rng)
        learned = learned[:FEW]
        level, k = float(rng.uniform(0.45, 0.55)), int(rng.integers(36, 45))
        noisy = foggy(new, level, rng)
        cleaned = copies_of(exercise, rng, learned, noisy, k, level)
        rival = dB_of_linear(learned, noisy, new, level, rng)
        values = {"what": say[name], "k": k, "level": level, "rival": rival, "found": dB(cleaned, new)}
        gain, wanted = values["found"] - rival, CLEANED[name]
        cause = say["no_denoiser"] if gain < -1 else say["fog_learned"]
        assert gain >= wanted, say["cleaned"].format(wanted=wanted, **values) + cause


def check_copies(exercise, rng, name):
    """At equal numbers in the code the copies of pieces that are new must be better than those of PCA."""
    say, (learned, new), k = SAY["train"], PICTURES[name](rng), int(rng.integers(9, 15))
    copies = copies_of(exercise, rng, learned, new, k, 0.0)
    rival = dB(by_pca_of(learned, k, new), new)
    values = {"what": say[name], "k": k, "rival": rival, "found": dB(copies, new)}
    gain, wanted = values["found"] - rival, COPIES[name]
    cause = say["worse"] if gain < -0.1 else say["as_pca"] if gain < 0.1 else say["nearly"]
    assert gain >= wanted, say["copied"].format(wanted=wanted, **values) + cause


def copies_of(exercise, rng, learned, new, k, level):
    """What comes back from k numbers. A code says what its own piece was, whatever pieces came with it."""
    say = SAY["train"]
    trained = exercise.train(learned, k, level, int(rng.integers(2**31)))
    codes = np.asarray(exercise.to_codes(trained, new))
    assert codes.shape == (len(new), k), say["codes"].format(expected=(len(new), k), found=codes.shape)
    assert codes.dtype.kind == "f" and np.isfinite(codes).all(), say["finite"]
    some = rng.permutation(len(new))[:50]
    alone = np.asarray(exercise.to_codes(trained, new[some]))
    assert np.shape(alone) == (50, k) and np.allclose(alone, codes[some], atol=1e-2), say["of_others"]
    order = rng.permutation(len(new))
    copies = np.asarray(exercise.to_pieces(trained, codes[order].astype(np.float32)))
    assert copies.shape == new.shape, say["copies"].format(expected=new.shape, found=copies.shape)
    return copies[np.argsort(order)]


def clothes(rng):
    """2,000 pictures to learn from and 1,000 new ones, 28 x 20."""
    pictures = all_clothes()
    order = rng.permutation(len(pictures))
    return pictures[order[:2000]], pictures[order[2000:3000]]


@cache
def all_clothes():
    from minae.data import fashion_mnist

    return fashion_mnist("test")[0][:, 0, :, 4:24].reshape(-1, 28 * 20)


def drawings(rng):
    """Pieces, 12 x 16, of 36 drawings to learn from, and of 12 new ones."""
    pieces, owners = cut_right([drawing(rng) for _ in range(48)], (12, 16), 8)
    return pieces[owners < 36], pieces[owners >= 36]


def drawing(rng):
    """Ovals of all sizes and greys, some in front of others: uint8 (H, W)."""
    height, width = rng.integers(60, 110, 2)
    y, x = np.mgrid[:height, :width]
    picture = np.full((height, width), rng.uniform())
    for _ in range(8):
        across, down, turn = x - rng.uniform(0, width), y - rng.uniform(0, height), rng.uniform(0, np.pi)
        radii = rng.uniform(8, 30, 2)
        u = (np.cos(turn) * across + np.sin(turn) * down) / radii[0]
        v = (np.cos(turn) * down - np.sin(turn) * across) / radii[1]
        inside = np.clip((1 - np.hypot(u, v)) * radii.min() + 0.5, 0, 1)  # with a soft edge, a pixel wide
        picture += inside * (rng.uniform() - picture)
    return np.round(255 * picture).astype(np.uint8)


PICTURES = {"clothes": clothes, "drawings": drawings}


def foggy(pieces, level, rng):
    noise = level + level * rng.standard_normal(pieces.shape)
    return np.clip(pieces + noise, 0, 1).astype(np.float32)


def dB_of_linear(learned, noisy, new, level, rng):
    """The best linear map from three foggy copies of each piece; of four penalties the best for the new ones."""
    x, t = np.concatenate([foggy(learned, level, rng) for _ in range(3)]), np.concatenate([learned] * 3)
    mean, middle = x.mean(axis=0), t.mean(axis=0)
    covariance, cross = (x - mean).T @ (x - mean) / len(x), (x - mean).T @ (t - middle) / len(x)
    found = []
    for penalty in (0.003, 0.01, 0.03, 0.1):
        weight = np.linalg.solve(covariance + penalty * np.eye(len(mean)), cross)
        found.append(dB((noisy - mean) @ weight + middle, new))
    return max(found)
