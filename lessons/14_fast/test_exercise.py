"""The public checks of exercise 14. Ten points. What they say stands in messages.toml.

No real time is measured. Products, calls and bytes are counted, and the stopwatch is tried in a world with a clock of
its own, in which it is known what each call takes.
"""

import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lessons.tools.judging import call, cause_of, check_op, compare, differs, kind

pytestmark = pytest.mark.numpy_only

SAY = tomllib.loads(Path(__file__).with_name("messages.toml").read_text("utf-8"))
WHAT = SAY["what"]
# The size of the picture, of the filter; stride and padding. In the last two some rows or columns are in no window.
PLACES = [((5, 7), (2, 3), 1, 0), ((7, 5), (3, 2), 1, 2), ((7, 11), (2, 5), 2, 1), ((11, 7), (5, 2), 3, 0)]


def shuffled(rng, cases):
    return [cases[at] for at in rng.permutation(len(cases))]


# --- bytes and operations ---------------------------------------------------------------------------------------------


def strides_of(shape, itemsize, order):
    made = np.empty(shape, f"V{itemsize}", order=order)
    return np.array(made.strides, int)


@pytest.mark.points(1, "build")
def test_strides(exercise, rng):
    say = SAY["strides"]
    primes = rng.permutation([2, 3, 5, 7, 11]).tolist()
    for shape in shuffled(rng, [primes[:1], primes[:2], primes[1:4], primes[:4], []]):
        for order in shuffled(rng, ["C", "F"]):
            size, shape, itemsize = np.array(shape, int), tuple(shape), int(rng.integers(2, 17))
            right = strides_of(shape, itemsize, order)
            following = np.append(size[1:], 1) if order == "C" else np.append(1, size[:-1])[: len(size)]
            mistakes = {
                say["other_order"]: strides_of(shape, itemsize, "FC"["CF".index(order)]),
                say["in_numbers"]: right // itemsize,
                say["reversed"]: right[::-1],
                say["own_axis"]: right * size,
                say["neighbour"]: itemsize * following,
                say["sizes"]: itemsize * size,
                say["shape"]: "shape",
                say["raises"]: "raises",
            }
            what = WHAT["strides"].format(shape=shape, itemsize=itemsize, order=order)
            found = call(what, exercise.strides, shape, itemsize, order, mistakes=mistakes)
            assert isinstance(found, tuple), differs(what, say["a_tuple"], kind(found))
            compare(what, np.array(found, int if not found else None), right, mistakes, any_dtype=True)


@pytest.mark.points(1, "build")
def test_roofline(exercise, rng):
    say = SAY["roofline"]
    for limit in shuffled(rng, ["memory", "arithmetic"] * 3):
        n, k, m = (int(size) for size in rng.integers(3, 400, 3))
        itemsize, speed = int(rng.choice([2, 4, 8])), float(rng.uniform(1e9, 1e11))
        operations, numbers = 2 * n * k * m, n * k + k * m + n * m
        moved = itemsize * numbers
        ratio = rng.uniform(2, 5) if limit == "memory" else rng.uniform(0.2, 0.5)
        bandwidth = float(moved * speed / operations / ratio)
        times = operations / speed, moved / bandwidth
        what = WHAT["roofline"].format(n=n, k=k, m=m, itemsize=itemsize, speed=speed, bandwidth=bandwidth)
        found = call(what, exercise.roofline, n, k, m, itemsize, speed, bandwidth, mistakes={say["raises"]: "raises"})
        assert isinstance(found, tuple) and len(found) == 3, differs(what, say["three"], kind(found))
        per_byte, seconds, word = found
        intensity = operations / moved
        one = {
            say["once"]: intensity / 2,
            say["in_numbers"]: operations / numbers,
            say["inverse"]: 1 / intensity,
            say["no_result"]: operations / (itemsize * (n * k + k * m)),
            say["result_only"]: operations / (itemsize * n * m),
            say["times"]: times[1] / times[0],
            say["each"]: operations / (itemsize * operations / 2 * 3),
        }
        compare(say["intensity"].format(what=what), per_byte, intensity, one, any_dtype=True)
        two = {
            say["sum"]: sum(times),
            say["shorter"]: min(times),
            say["one_limit"]: times[0] if limit == "memory" else times[1],
        }
        scale = 1 / max(times)  # seconds are small
        is_number = isinstance(seconds, float | int | np.generic)
        assert is_number, differs(say["seconds"].format(what=what), "a number", kind(seconds))
        scaled = {cause: time * scale for cause, time in two.items()}
        compare(say["seconds"].format(what=what), seconds * scale, 1.0, scaled, any_dtype=True)
        cause = cause_of([say["swapped"]]) if word in ("memory", "arithmetic") else ""
        assert isinstance(word, str) and word == limit, differs(what, repr(limit), kind(word)) + cause


# --- the convolution --------------------------------------------------------------------------------------------------


def windows(x, kernel, stride, padding):
    """All windows: (N, C, H', W', kh, kw)."""
    padded = np.pad(x, ((0, 0), (0, 0), *2 * [2 * [padding]]))
    every = np.lib.stride_tricks.sliding_window_view(padded, kernel, axis=(2, 3))
    return every[:, :, ::stride, ::stride]


def columns_of(x, kernel, stride, padding, order=(1, 4, 5, 2, 3, 0)):
    every = windows(x, kernel, stride, padding)
    return every.transpose(order).reshape(x.shape[1] * kernel[0] * kernel[1], -1)


def convolved(x, weight, stride, padding):
    return np.einsum("ncpqij,ocij->nopq", windows(x, weight.shape[2:], stride, padding), weight)


@pytest.mark.points(1, "build")
def test_columns(exercise, rng):
    say = SAY["columns"]
    for size, kernel, stride, padding in shuffled(rng, PLACES):
        x = rng.standard_normal((int(rng.choice([3, 5])), 2, *size))
        right = columns_of(x, kernel, stride, padding)
        by_picture = columns_of(x, kernel, stride, padding, (0, 1, 4, 5, 2, 3)).reshape(len(x), len(right), -1)
        mistakes = {
            say["batch_first"]: columns_of(x, kernel, stride, padding, (1, 4, 5, 0, 2, 3)),
            say["for_each_picture"]: by_picture,
            say["not_moved"]: by_picture.reshape(right.shape),
            say["stack"]: by_picture.reshape(-1, by_picture.shape[2]),
            say["channel_last"]: columns_of(x, kernel, stride, padding, (4, 5, 1, 2, 3, 0)),
            say["column_first"]: columns_of(x, kernel, stride, padding, (1, 5, 4, 2, 3, 0)),
            say["places"]: columns_of(x, kernel, stride, padding, (1, 4, 5, 3, 2, 0)),
            say["turned"]: right.T,
            SAY["options"]["padding"]: columns_of(x, kernel, stride, 0),
            SAY["options"]["stride"]: columns_of(x, kernel, 1, padding),
            say["edge"]: columns_of(np.pad(x, ((0, 0), (0, 0), *2 * [2 * [padding]]), mode="edge"), kernel, stride, 0),
            say["shape"]: "shape",
            say["raises"]: "raises",
        }
        what = WHAT["places"].format(op="columns", count=len(x), size=size, kernel=kernel, stride=stride, pad=padding)
        for dtype in (np.float64, np.float32):
            found = call(what, exercise.columns, x.astype(dtype), kernel, stride, padding, mistakes=mistakes)
            compare(what, found, right, mistakes, dtype)


class Products:
    """Multiplies, and counts how often."""

    def __init__(self):
        self.count = 0

    def __call__(self, a, b):
        assert np.ndim(a) == np.ndim(b) == 2, SAY["conv2d"]["two_matrices"].format(a=np.shape(a), b=np.shape(b))
        self.count += 1
        return a @ b


def case_of_conv2d(rng, size, kernel, stride, padding):
    n = int(rng.choice([3, 5]))
    x, weight = rng.standard_normal((n, 2, *size)), rng.standard_normal((7, 2, *kernel))
    what = WHAT["places"].format(op="conv2d", count=n, size=size, kernel=kernel, stride=stride, pad=padding)
    return what, x, weight, rng.standard_normal(convolved(x, weight, stride, padding).shape)


def check_count(what, products, count):
    """How often `product` was called."""
    say = SAY["conv2d"]
    cause = say["no_product"] if products.count < count else say["too_many"]
    assert products.count == count, differs(say["calls"].format(what=what), count, products.count) + cause_of([cause])


@pytest.mark.points(1, "build")
def test_conv2d(exercise, rng):
    say = SAY["conv2d"]
    for place in shuffled(rng, PLACES):
        (what, x, weight, g), (_, _, stride, padding) = case_of_conv2d(rng, *place), place
        right = convolved(x, weight, stride, padding)
        flat = right.transpose(1, 2, 3, 0).reshape(len(weight), -1)
        mistakes = {
            say["not_moved"]: flat.reshape(right.shape),
            say["flat"]: flat,
            say["moved_wrongly"]: right.transpose(1, 2, 3, 0),
            say["flipped"]: convolved(x, weight[:, :, ::-1, ::-1], stride, padding),
            SAY["options"]["padding"]: convolved(x, weight, stride, 0),
            SAY["options"]["stride"]: convolved(x, weight, 1, padding),
            SAY["options"]["both"]: convolved(x, weight, 1, 0),
            say["shape"]: "shape",
            say["raises"]: "raises",
        }
        op = lambda x, weight, options=place[2:]: exercise.conv2d(x, weight, Products(), *options)
        check_op(what, op, (x, weight), right, g, dict.fromkeys(("x", "weight"), (None, {})), mistakes)
        products = Products()
        call(what, exercise.conv2d, x, weight, products, stride, padding)
        check_count(say["value"].format(what=what), products, 1)


@pytest.mark.points(1, "build")
def test_conv2d_gradients(exercise, rng):
    for place in shuffled(rng, PLACES):
        (what, x, weight, g), (_, kernel, stride, padding) = case_of_conv2d(rng, *place), place
        every = windows(x, kernel, stride, padding)
        each = np.einsum("nopq,ncpqij->nocij", g, every)
        say = SAY["gradient_of_weight"]
        cols = columns_of(x, kernel, stride, padding)
        flat, pictures_first = g.reshape(7, -1) @ cols.T, g.swapaxes(0, 1).reshape(7, -1) @ cols.T
        mistakes_of_weight = {
            say["not_moved"]: flat.reshape(weight.shape),
            say["pictures_first"]: pictures_first.reshape(weight.shape),
            say["mean"]: each.mean(0),
            say["flat"]: each.sum(0).reshape(7, -1),
            say["first"]: each[0],
            say["shape"]: "shape",
            say["raises"]: "raises",
        }
        say = SAY["gradient_of_x"]
        of_x = light_each(x.shape, weight, stride, padding, g)
        mistakes_of_x = {
            say["flipped"]: light_each(x.shape, weight[:, :, ::-1, ::-1], stride, padding, g),
            say["moved_wrongly"]: of_x.transpose(1, 2, 3, 0),
            say["assigned"]: last_of_each(x.shape, weight, stride, padding, g),
            say["shape"]: "shape",
            say["raises"]: "raises",
        }
        gradients = {"x": (of_x, mistakes_of_x), "weight": (each.sum(0), mistakes_of_weight)}
        op = lambda x, weight, options=place[2:]: exercise.conv2d(x, weight, Products(), *options)
        check_op(what, op, (x, weight), None, g, gradients)
        products = Products()
        _, vjps = call(what, exercise.conv2d, x, weight, products, stride, padding)
        for name, vjp in zip(("x", "weight"), vjps, strict=True):
            products.count = 0
            vjp(g)
            check_count(SAY["conv2d"]["vjp"].format(what=what, name=name), products, 1)


def light_each(shape, weight, stride, padding, g):
    """The gradient of a picture: for each pixel, what its light adds to the map, times g."""
    pixels = np.eye(int(np.prod(shape[1:]))).reshape(-1, *shape[1:])
    lit = convolved(pixels, weight, stride, padding)
    return np.einsum("nopq,zopq->nz", g, lit).reshape(shape)


def last_of_each(shape, weight, stride, padding, g):
    """The same, but of a pixel that was in several windows only the last number is left."""
    kernel = weight.shape[2:]
    padded = np.zeros((*shape[:2], shape[2] + 2 * padding, shape[3] + 2 * padding))
    slopes = np.einsum("nopq,ocij->ncijpq", g, weight)
    for i, j in np.ndindex(kernel):
        rows, columns = (slice(k, k + stride * n, stride) for k, n in zip((i, j), g.shape[2:], strict=True))
        padded[:, :, rows, columns] = slopes[:, :, i, j]
    return padded[:, :, padding : padding + shape[2], padding : padding + shape[3]]


# --- shares -----------------------------------------------------------------------------------------------------------


def squares(x, y, w):
    """The gradients of mean((x w - y)²) in w, and of the mean of y."""
    error = x @ w - y
    return [2 * x.T @ error / len(x), np.array([-2 * error.mean(), y.mean()])]


@pytest.mark.points(1, "build")
def test_gradient_of_shares(exercise, rng):
    say = SAY["shares"]
    for rows, count in shuffled(rng, [(7, 2), (10, 3), (5, 5), (3, 5), (11, 1), (15, 4), (12, 4)]):
        x, y, w = (rng.standard_normal(shape) for shape in ((rows, 3), rows, 3))
        taken: list[np.ndarray] = []
        found_of: list[list[np.ndarray]] = []

        def gradient(x, y, w=w, taken=taken, found_of=found_of):
            assert len(x) == len(y), say["rows_of_both"].format(x=len(x), y=len(y))
            assert len(x), say["no_rows"]
            taken.append(x)
            found_of.append(squares(x, y, w))
            return found_of[-1]

        what = WHAT["shares"].format(rows=rows, count=count)
        found = call(what, exercise.gradient_of_shares, gradient, x, y, count, mistakes={say["raises"]: "raises"})
        right = squares(x, y, w)
        assert isinstance(found, list), differs(what, say["a_list"], kind(found))
        assert len(found) == len(right), differs(what, say["as_many"], kind(found))
        for at, expected in enumerate(right):
            mistakes = mistakes_of_shares([one[at] for one in found_of], [len(one) for one in taken], count)
            compare(say["array"].format(what=what, at=at), found[at], expected, mistakes)
        check_shares(what, x, taken, min(rows, count))


def mistakes_of_shares(each, counts, processes):
    """What can be made of the gradients that were found for the shares."""
    if not each:
        return {}
    say, each = SAY["shares"], np.array(each)
    return {
        say["plain_mean"]: each.mean(0),
        say["by_count"]: each.sum(0) / processes,
        say["sum"]: each.sum(0),
        say["not_divided"]: np.tensordot(np.array(counts), each, 1),
        say["first"]: each[0],
        say["last"]: each[-1],
    }


def check_shares(what, x, taken, count):
    say = SAY["shares"]
    assert len(taken) == count, differs(say["calls"].format(what=what), count, len(taken))
    together = np.concatenate(taken)
    once = len(together) == len(x) and np.array_equal(np.sort(together, axis=0), np.sort(x, axis=0))
    assert once, say["each_row_once"].format(what=what)
    sizes = [len(share) for share in taken]
    assert max(sizes) - min(sizes) <= 1, differs(what, say["even"], sizes)


# --- the stopwatch, in a world of its own -----------------------------------------------------------------------------


class World:
    """Functions that take a known time, and a clock that shows it."""

    def __init__(self, takes, first=0.0, making=0.0, busy=()):
        self.takes, self.first, self.making, self.busy = takes, first, making, busy
        self.now, self.made, self.calls = 1000.0, 0, []
        self.ways = [lambda given, way=way: self.run(way, given) for way in range(len(takes))]

    def run(self, way, given):
        slow = 10.0 if len(self.calls) in self.busy else 1.0
        is_first = way not in [of for of, _ in self.calls]
        self.now += slow * self.takes[way] + is_first * self.first
        self.calls.append((way, int(given)))
        return given

    def make_input(self):
        self.now += self.making
        self.made += 1
        return self.made

    def clock(self):
        return self.now


def in_turns(world, rounds, middle=np.median, warm=True, turns=True):
    """What a stopwatch finds, with some rules kept and some not."""
    for way in world.ways if warm else ():
        way(world.make_input())
    times: list[list[float]] = [[] for _ in world.ways]
    order = [way for _ in range(rounds) for way in range(len(times))]
    for way in order if turns else sorted(order):
        given, start = world.make_input(), world.now
        world.ways[way](given)
        times[way].append(world.now - start)
    return np.array([middle(of) for of in times])


def measured(exercise, world, rounds, what, mistakes):
    found = call(what, exercise.race, world.ways, world.make_input, rounds, world.clock, mistakes=mistakes)
    is_list = isinstance(found, (list, tuple, np.ndarray)) and len(found) == len(world.takes)
    assert is_list, differs(what, SAY["race"]["numbers"].format(count=len(world.takes)), kind(found))
    return np.array(found, float)


@pytest.mark.points(1, "debug")
def test_race_measures_the_call_alone(exercise, rng):
    say = SAY["race"]
    for ways, rounds in shuffled(rng, [(2, 3), (3, 5), (4, 7)]):
        takes, (first, making) = rng.uniform(1, 5, ways).round(3), rng.uniform(10, 90, 2).round(3)
        mistakes = {
            say["first_and_input"]: takes + making + first / rounds,
            say["input"]: takes + making,
            say["first"]: takes + first / rounds,
            say["last_way_and_input"]: takes + making + first * (rounds == 1),
            say["not_divided"]: takes * rounds,
            say["raises"]: "raises",
        }
        world = World(takes, first, making)
        what = WHAT["race"].format(ways=ways, rounds=rounds)
        found = measured(exercise, world, rounds, what, mistakes)
        compare(what, found, takes, mistakes)
        counts = np.bincount([way for way, _ in world.calls], minlength=ways)
        few = differs(say["calls"].format(what=what), rounds + 1, counts.tolist())
        assert (counts == rounds + 1).all(), few + cause_of([say["often"]])
        inputs = [given for _, given in world.calls]
        assert len({*inputs}) == len(inputs), say["own_input"].format(what=what)


@pytest.mark.points(1, "debug")
def test_race_on_a_busy_machine(exercise, rng):
    """Here making an input takes no time, and first calls are like others."""
    say = SAY["race"]
    for ways, rounds in shuffled(rng, [(2, 7), (3, 7), (3, 9)]):
        takes = rng.uniform(1, 5, ways).round(3)
        start, length = int(rng.integers(ways + rounds, 2 * rounds)), ways * (rounds // 2)
        busy = range(start, start + length)
        variants: dict[str, dict[str, Any]] = {
            say["mean"]: {"middle": np.mean},
            say["not_in_turns"]: {"turns": False},
            say["mean_not_in_turns"]: {"middle": np.mean, "turns": False, "warm": False},
            say["mean_of_all"]: {"middle": np.mean, "warm": False},
        }
        mistakes = {cause: in_turns(World(takes, busy=busy), rounds, **rules) for cause, rules in variants.items()}
        world = World(takes, busy=busy)
        what = WHAT["busy"].format(ways=ways, rounds=rounds)
        found = measured(exercise, world, rounds, what, {say["raises"]: "raises"})
        compare(what, found, takes, mistakes)
        count = len(world.calls) - ways * rounds
        assert count in (0, ways), differs(say["calls"].format(what=what), rounds + 1, len(world.calls) / ways)
        order = [way for way, _ in world.calls][-ways * rounds :]
        turns = [sorted(order[at : at + ways]) == list(range(ways)) for at in range(0, len(order), ways)]
        assert all(turns), say["order"].format(what=what, order=order)


# --- options that change nothing --------------------------------------------------------------------------------------


@pytest.mark.points(1, "debug")
def test_in_batches(exercise, rng):
    say = SAY["in_batches"]
    default: tuple[dict, int, Any] = {}, 128, np.float32
    options = [({"batch_size": size, "dtype": dtype}, size, dtype) for size in (1, 3, 200) for dtype in ("f4", "f8")]
    for option, size, dtype in shuffled(rng, [default, *options, ({"batch_size": 5}, 5, np.float32)]):
        x, factor = rng.standard_normal((int(rng.integers(129, 199)), 3)), float(rng.uniform(2, 3))
        seen: list[tuple[int, np.dtype]] = []

        def function(batch, seen=seen, factor=factor):
            seen.append((len(batch), batch.dtype))
            return batch[:, :2] * batch.dtype.type(factor)

        what = WHAT["batches"].format(rows=len(x), options=", ".join(f"{k}={v!r}" for k, v in option.items()))
        found = call(what, exercise.in_batches, function, x, **option, mistakes={say["raises"]: "raises"})
        sizes = [min(size, len(x) - start) for start in range(0, len(x), size)]
        given = [count for count, _ in seen]
        assert given == sizes, differs(say["sizes"].format(what=what), brief(sizes), brief(given)) + cause_of(
            [say["ignored"] if max(given, default=0) == 128 else say["cut"]]
        )
        dtypes = {str(of) for _, of in seen}
        ignored = cause_of([say["dtype_ignored"]])
        expected = str(np.dtype(dtype))
        assert dtypes == {expected}, differs(say["dtypes"].format(what=what), expected, *dtypes) + ignored
        right = x.astype(dtype)[:, :2] * np.dtype(dtype).type(factor)
        compare(what, found, right, {say["shape"]: "shape"}, np.dtype(dtype).type)


def brief(sizes):
    return f"{str(sizes[:5])[:-1]}, ...] ({len(sizes)} batches)" if len(sizes) > 5 else str(sizes)


# --- cache lines ------------------------------------------------------------------------------------------------------


def loaded(addresses, line, kept, used_again=True, last_out=False):
    cache: list[int] = []
    count = 0
    for number in (address // line for address in addresses):
        if number not in cache:
            count += 1
            if len(cache) == kept:
                cache.pop(-1 if last_out else 0)
            cache.append(number)
        elif used_again:
            cache.append(cache.pop(cache.index(number)))
    return count


@pytest.mark.points(1, "experiment")
def test_lines_loaded(exercise, rng):
    say = SAY["lines"]
    for kept in shuffled(rng, [1, 2, 3, 5, 8]):
        line = int(rng.choice([8, 16, 64]))
        jumps, near = rng.integers(0, 10 * line, 1000), rng.integers(0, 2 * line, 1000)
        some_twice = rng.integers(1, 3, 1000)
        addresses = np.where(rng.random(1000) < 0.5, jumps, near).repeat(some_twice).tolist()
        mistakes = {
            say["every_read"]: len(addresses),
            say["hits"]: len(addresses) - loaded(addresses, line, kept),
            say["addresses"]: loaded(addresses, 1, kept),
            say["kept_ignored"]: loaded(addresses, line, 10**6),
            say["first_in"]: loaded(addresses, line, kept, used_again=False),
            say["last_out"]: loaded(addresses, line, kept, last_out=True),
            say["one_more"]: loaded(addresses, line, kept + 1),
            say["one_less"]: loaded(addresses, line, max(1, kept - 1)) if kept > 1 else len(addresses),
            say["raises"]: "raises",
        }
        what = WHAT["lines"].format(count=len(addresses), line=line, kept=kept)
        found = call(what, exercise.lines_loaded, addresses, line, kept, mistakes=mistakes)
        compare(what, found, loaded(addresses, line, kept), mistakes, any_dtype=True)
    number, why = exercise.LINES_TO_KEEP, exercise.WHY
    assert isinstance(number, int) and number == 32, say["number"].format(found=kind(number))
    assert isinstance(why, str) and len(why.split()) > 3, say["no_line"]
