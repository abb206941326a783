"""The public checks of exercise 3. Ten points.

All sizes are different primes and all cotangents random, so that no mistake fits by accident.
"""

import math

import numpy as np
import pytest


@pytest.mark.points(1)
def test_unbroadcast_sums_the_axes_in_front(exercise, rng):
    for shape, stretched in (((3,), (5, 3)), ((5, 3), (2, 5, 3)), ((3,), (2, 5, 3)), ((5, 3), (5, 3))):
        check_unbroadcast(exercise, rng, shape, stretched)


@pytest.mark.points(1)
def test_unbroadcast_sums_axes_of_size_1_and_keeps_them(exercise, rng):
    for shape, stretched in (((1, 3), (5, 3)), ((5, 1), (5, 3)), ((1, 1), (5, 3)), ((5, 1), (2, 5, 3)), ((1,), (7,))):
        check_unbroadcast(exercise, rng, shape, stretched)


@pytest.mark.points(1)
def test_add(exercise, rng):
    for shape_a, shape_b in (((5, 3), (5, 3)), ((5, 3), (3,)), ((5, 1), (2, 1, 3))):
        check_add(exercise, rng, shape_a, shape_b)


@pytest.mark.points(1)
def test_mul_of_one_shape(exercise, rng):
    check_mul(exercise, rng, (5, 3), (5, 3))


@pytest.mark.points(1)
def test_mul_of_shapes_that_stretch(exercise, rng):
    for shape_a, shape_b in (((5, 3), (3,)), ((5, 1), (5, 3)), ((5, 1), (2, 1, 3))):
        check_mul(exercise, rng, shape_a, shape_b)


@pytest.mark.points(1)
def test_matmul_of_two_matrices(exercise, rng):
    a, b, g = draw(rng, (2, 3), (3, 5), of=np.matmul)
    check_op("matmul of (2, 3) and (3, 5)", exercise.matmul, (a, b), a @ b, g, {
        "a": (g @ b.T, {
            "that is the right one transposed: (g bᵀ) has the shape of a": b @ g.T,
            "those are slopes summed, as if g were 1: g is missing": g**0 @ b.T,
            "g is (n, m) and b is (k, m); only g bᵀ has a's shape, (n, k)": "raises",
        }),
        "b": (a.T @ g, {
            "that is the right one transposed, gᵀ a; b is (k, m), so its gradient is aᵀ g": g.T @ a,
            "those are slopes summed, as if g were 1: g is missing": a.T @ g**0,
            "a is (n, k) and g is (n, m); only aᵀ g has b's shape, (k, m)": "raises",
        }),
    })  # fmt: skip


@pytest.mark.points(1)
def test_matmul_of_a_batch(exercise, rng):
    a, b, g = draw(rng, (7, 2, 3), (3, 5), of=np.matmul)
    each = a.swapaxes(-1, -2) @ g
    check_op("matmul of (7, 2, 3) and (3, 5)", exercise.matmul, (a, b), a @ b, g, {
        "a": (g @ b.T, {
            "those are slopes summed, as if g were 1: g is missing": g**0 @ b.T,
            "g is (batch, n, m) and b is (k, m); g bᵀ has a's shape, for each matrix of the batch": "raises",
        }),
        "b": (each.sum(axis=0), {
            "that is the right one transposed; b is (k, m), and so is its gradient": each.sum(axis=0).T,
            "it holds one gradient for each matrix of the batch; b is used by all of them, so they add up": each,
            "it is the mean over the batch; the gradients of all uses add up": each.mean(axis=0),
            "it is that of the first matrix alone; b is used by all of them, so they add up": each[0],
            "it is that of the last matrix alone; b is used by all of them, so they add up": each[-1],
            "it is summed over the wrong axis": "shape",
            "`.T` reverses all axes of a 3-D array; .swapaxes(-1, -2) exchanges the last two": "raises",
        }),
    })  # fmt: skip


@pytest.mark.points(1)
def test_sum(exercise, rng):
    x = rng.standard_normal((2, 5, 3))
    for axis in (0, 1, -1):
        for keepdims in (False, True):
            value = x.sum(axis=axis, keepdims=keepdims)
            g = rng.standard_normal(value.shape)
            kept = g if keepdims else np.expand_dims(g, axis)
            mistakes = {
                "that is g, not repeated: every summed element gets a copy": kept,
                "that is g itself: bring the summed axis back, then repeat": g,
                "those are the slopes, all 1; a vjp multiplies them by g": np.ones_like(x),
                "it is divided by the number of summed elements: that is the vjp of a mean": (
                    np.broadcast_to(kept / x.shape[axis], x.shape)
                ),
                "it is g times x: the slope of a sum is 1": kept * x,
                "the axis that the sum removed must come back, with size 1, before g can be repeated "
                "(and with keepdims=True it is still there)": "raises",
            }
            what = f"sum_ of (2, 5, 3), axis={axis}, keepdims={keepdims}"
            mistakes_of_the_value = {"keepdims is left out": x.sum(axis=axis), "axis is left out": np.array(x.sum())}
            gradients = {"x": (np.broadcast_to(kept, x.shape), mistakes)}
            check_op(what, exercise.sum_, (x, axis, keepdims), value, g, gradients, mistakes_of_the_value)


@pytest.mark.points(1)
def test_take_rows(exercise, rng):
    for rows in (np.array([4, 0, 2]), np.array([2, 0, 2, 6, 2, 6, 5])):
        x = rng.standard_normal((7, 3))
        g = rng.standard_normal((len(rows), 3))
        expected, assigned, count = np.zeros_like(x), np.zeros_like(x), np.zeros_like(x)
        for row, of_this_row in zip(rows, g, strict=True):
            expected[row] += of_this_row
            assigned[row] = of_this_row
            count[row] += 1
        mistakes = {
            "of the gradients of a row that was taken several times only the last is left: grad[rows] = g forgets the "
            "others, and so does grad[rows] += g, which NumPy carries out once per place; np.add.at adds them all": (
                assigned
            ),
            "that is g itself; its rows must go back to the places that they came from": g,
            "the gradients of a row that was taken several times are averaged; they add up": expected / count.clip(1),
            "those are the slopes, counted; a vjp multiplies them by g, and g is missing": count,
            "the gradient has x's shape: begin with np.zeros_like(x) and put the rows of g in their places": "shape",
            "backward the rows of g are put back into zeros of x's shape; they are not taken again": "raises",
        }
        check_op(f"take_rows {rows.tolist()} of (7, 3)", exercise.take_rows, (x, rows), x[rows], g, {
            "x": (expected, mistakes),
        })  # fmt: skip


@pytest.mark.points(1)
def test_log_softmax(exercise, rng):
    for shape, offset in (((5, 3), 0.0), ((2, 5, 3), 0.0), ((5, 3), 1000.0), ((5, 3), -1000.0)):
        x, g = rng.standard_normal(shape) + offset, rng.standard_normal(shape)
        y = np.apply_along_axis(log_softmax_of_a_row, -1, x)
        p, own = np.exp(y), np.eye(shape[-1])
        right = through(own - p[..., None, :], g)  # the table that the docstring gives
        mistakes = {
            "that is g alone: each x_j also enters the sum in every y_i of its row, which gives a second term": g,
            "the second term has no g: e^(y_j) can be taken out of Σ_i g_i e^(y_j), the rest of the sum remains": g - p,
            "g is not summed: each x_j reaches every y_i of its row": g - p * g,
            "e^y is the factor of the second term alone; the first is g": through(p[..., None, :] * (own - 1), g),
            "the sum over g runs over the whole array; each row is for itself, axis=-1": g - p * g.sum(),
            "the sum over g runs over the first axis; rows lie along the last, axis=-1": (
                g - p * g.sum(axis=0, keepdims=True)
            ),
            "that is the vjp of softmax, y (g - Σ g y); here the value is its logarithm": (
                through(p[..., None] * (own - p[..., None, :]), g)
            ),
            "y stands for e^y: softmax is the exponential of the value": through(own - y[..., None, :], g),
            "it is 0 everywhere, which is right only if g is the same along each row": np.zeros_like(g),
            "those are slopes summed, as if g were 1: g is missing": 1 - shape[-1] * p,
            "the sign of the second term is wrong": 2 * g - right,
            "g must be summed with keepdims=True": "raises",
        }
        what = f"log_softmax of {shape}" + (f", values near {offset:g}" if offset else "")
        below = y - y.max(axis=-1, keepdims=True)
        check_op(what, exercise.log_softmax, (x,), y, g, {"x": (right, mistakes)}, {
            "that is softmax; log_softmax is its logarithm": p,
            "max and sum run over the whole array; each row is for itself, axis=-1": (
                log_softmax_of_a_row(x.ravel()).reshape(shape)
            ),
            "the sum runs over the whole array; each row is for itself, axis=-1": below - np.log(np.exp(below).sum()),
            "not finite: e^1000 overflows, and e^-1000 is 0. Subtract the largest x of each row first": "infinite",
            "the largest x of each row, and the sum over each row, need keepdims=True to fit x again": "raises",
        })  # fmt: skip


# --- what the tests share: first the form, then the value, then each gradient, in float64 and in float32 --------------


def check_unbroadcast(exercise, rng, shape, stretched):
    g = rng.standard_normal(stretched)
    what = f"unbroadcast of g {stretched} to {shape}"
    first = g[tuple(slice(None, None if size > 1 else 1) for size in padded(shape, g))].reshape(shape)
    mistakes = {
        "that is the mean; the gradients of the repeats add up": averaged(g, shape),
        "that is one of the repeats; the gradients of all of them add up": first,
        "that is the sum of all elements, everywhere; only stretched axes are summed": np.full(shape, g.sum()),
        "an axis of size 1 was lost: sum with keepdims=True": back(g, shape).squeeze(),
        "only the axes in front were summed; those of size 1 in the input's shape were stretched too": (
            g.sum(axis=tuple(range(g.ndim - len(shape))))
        ),
        "g came back as it is: sum over the stretched axes": g,
        "only shape-of-1 axes were summed; those that broadcasting added in front are to go too": (
            g.sum(axis=tuple(i for i, size in enumerate(padded(shape, g)) if size == 1 and i >= g.ndim - len(shape)),
                  keepdims=True)
        ),
        "the axes in front are still there, with size 1": g.sum(
            axis=tuple(i for i, size in enumerate(padded(shape, g)) if size == 1), keepdims=True
        ),
        "shapes line up from the last axis: added axes are the first ones": "shape",
    }  # fmt: skip
    for dtype in (np.float64, np.float32):
        found = call(what, exercise.unbroadcast, (g.astype(dtype), shape), mistakes)
        compare(what, found, back(g, shape), dtype, mistakes)


def check_add(exercise, rng, shape_a, shape_b):
    a, b, g = draw(rng, shape_a, shape_b)

    def mistakes(this, other):
        return {
            "that is g, not summed over what broadcasting stretched: unbroadcast(g, ...)": g,
            "those are the slopes; a vjp multiplies them by g, and g is missing": np.ones_like(g),
            "those are the slopes, added up; a vjp multiplies them by g, and g is missing": back(g**0, this.shape),
            "it is summed to the shape of the other input": back(g, other.shape),
            "it is the mean over the stretched axes; the gradients of the repeats add up": averaged(g, this.shape),
        }

    check_op(f"add of {shape_a} and {shape_b}", exercise.add, (a, b), a + b, g, {
        "a": (back(g, a.shape), mistakes(a, b)),
        "b": (back(g, b.shape), mistakes(b, a)),
    })  # fmt: skip


def check_mul(exercise, rng, shape_a, shape_b):
    a, b, g = draw(rng, shape_a, shape_b)

    def mistakes(this, other):
        return {
            "each gradient holds the OTHER input: dL/da = g b, dL/db = g a": back(g * this, this.shape),
            "that is the slope; a vjp multiplies it by g, and g is missing": back(other * g**0, this.shape),
            "that is the slope, the other input; a vjp multiplies it by g, and g is missing": other,
            "it is not summed over what broadcasting stretched: unbroadcast(g * ..., ...)": g * other,
            "g is summed before it is multiplied: the factor differs from repeat to repeat, so first multiply": (
                back(other * back(g, this.shape) * g**0, this.shape)
            ),
            "g and the other input are summed one by one, then multiplied: first multiply, then sum": (
                back(g, this.shape) * back(other * g**0, this.shape)
            ),
            "g is summed before it is multiplied, and the product is not: first multiply, then sum": (
                back(g, this.shape) * other
            ),
            "it is the mean over the stretched axes; the gradients of the repeats add up": (
                averaged(g * other, this.shape)
            ),
            "that is g alone, the vjp of add": back(g, this.shape),
        }

    check_op(f"mul of {shape_a} and {shape_b}", exercise.mul, (a, b), a * b, g, {
        "a": (back(g * b, a.shape), mistakes(a, b)),
        "b": (back(g * a, b.shape), mistakes(b, a)),
    })  # fmt: skip


def check_op(what, op, inputs, value, g, gradients, mistakes_of_the_value=None):
    """`gradients`: for each differentiable input its name, and (the right gradient, mistakes)."""
    about_value, count = mistakes_of_the_value or {}, len(gradients)
    for dtype in (np.float64, np.float32):
        if dtype == np.float32 and np.abs(inputs[0]).max() > 100:
            continue  # float32 has too few digits there for a sharp comparison
        given = [x.astype(dtype) if isinstance(x, np.ndarray) and x.dtype.kind == "f" else x for x in inputs]
        result = call(what, op, given, about_value)
        form = f"{what}: expected a pair: the value, and a tuple of {count} vjp{'s' * (count > 1)}"
        assert isinstance(result, tuple) and len(result) == 2, f"{form}; found {kind(result)}"
        found_value, vjps = result
        compare(f"{what}: the value", found_value, value, dtype, about_value)
        comma = ". Usual cause: a tuple of one needs its comma, (vjp,)" if count == 1 and callable(vjps) else ""
        assert isinstance(vjps, tuple), f"{form}; found {kind(vjps)} in place of the tuple{comma}"
        numbers = [vjp for vjp in vjps if not callable(vjp)]
        assert not numbers, f"{what}: found {kind(numbers[0])} in place of a vjp; {FUNCTIONS}"
        assert len(vjps) == count, f"{form}, for {', '.join(gradients)}; found a tuple of {len(vjps)}"
        for vjp, (name, (expected, mistakes)) in zip(vjps, gradients.items(), strict=True):
            about = f"{what}: the vjp of {name}"
            found = call(about, vjp, (g.astype(dtype),), mistakes)
            compare(about, found, expected, dtype, mistakes)
            again = call(f"{about}, called again", vjp, (g.astype(dtype),), mistakes)
            compare(f"{about}, called again", again, expected, dtype, {KEPT: 2 * expected})


FUNCTIONS = "each vjp must be a function of g: lambda g: ..."
KEPT = "what the call before has added up is still there: make the array inside the vjp"


def call(what, function, args, mistakes):
    """The result; of an error from inside: what was called, and a hint."""
    try:
        return function(*args)
    except NotImplementedError:
        raise
    except NameError as error:
        if "name 'g' is not defined" not in str(error):
            raise
        raise AssertionError(f"{what} raised {described(error)}; {FUNCTIONS}") from None
    except (ValueError, TypeError, IndexError, RuntimeWarning) as error:
        of_this = "infinite" if isinstance(error, RuntimeWarning) else "raises"
        hints = [cause for cause, of in mistakes.items() if isinstance(of, str) and of == of_this]
        hint = f". Usual cause: {hints[0]}" if hints else ""
        raise AssertionError(f"{what} raised {described(error)}{hint}") from None


def described(error):
    """Its type and message; that of an error from another process begins with the type."""
    name, text = type(error).__name__, str(error)
    return text if text.startswith(name) else f"{name}: {text}"


def compare(what, found, expected, dtype, mistakes):
    """Fail with what was expected, what came, and the mistake that gives just this, if it is a known one."""
    assert found is not None, f"{what}: expected {kind(expected)}, found None. Usual cause: there is no `return`"
    is_numbers = isinstance(found, (np.ndarray, np.generic, int, float)) and np.asarray(found).dtype.kind in "fiu"
    assert is_numbers, f"{what}: expected {kind(expected)}, found {kind(found)}"
    found = np.asarray(found)
    if not is_close(found, expected, dtype):
        general = {"infinite": not np.isfinite(found).all(), "shape": found.shape != expected.shape}
        same = (
            cause
            for cause, wrong in mistakes.items()
            if (general.get(wrong, False) if isinstance(wrong, str) else is_close(found, wrong, dtype))
        )
        cause = next((f". Usual cause: {cause}" for cause in same), "")
        raise AssertionError(f"{what}: {first_difference(found, expected, dtype)}{cause}")
    assert found.dtype == dtype, (
        f"{what}: expected {np.dtype(dtype)}, the dtype of the input, found {found.dtype}. Usual cause: "
        "a new array of another dtype; take x.dtype, that of the input"
    )


def first_difference(found, expected, dtype):
    """Two shapes, or the first element that differs, with both values."""
    if found.shape != expected.shape:
        return f"expected shape {expected.shape}, found shape {found.shape}"
    wrong = np.argwhere(~within(found, expected, expected, dtype))
    place = tuple(wrong[0])
    digits = next((d for d in (4, 7) if f"{expected[place]:.{d}g}" != f"{found[place]:.{d}g}"), 17)
    where = f"at [{', '.join(map(str, place))}]: " if place else ""
    rest = f" ({len(wrong)} of {expected.size} elements differ)" if place else ""
    return f"{where}expected {expected[place]:.{digits}g}, found {found[place]:.{digits}g}{rest}"


def is_close(found, expected, dtype):
    """Within rounding, of arrays of one shape."""
    return found.shape == np.shape(expected) and within(found, expected, expected, dtype).all()


def within(found, expected, whole, dtype):
    """Where the numbers are equal up to rounding, which is that of the largest in the whole array."""
    tolerance = 1e-10 if dtype == np.float64 else 1e-4
    return np.isclose(found, expected, rtol=0, atol=tolerance * max(1.0, np.abs(whole).max()))


def log_softmax_of_a_row(row):
    """y_i = -ln Σ_j e^(x_j - x_i), number by number."""
    return np.array([-math.log(math.fsum(math.exp(other - one) for other in row)) for one in row])


def through(table, g):
    """Σ_i g_i table_ij, for each row of g."""
    return np.einsum("...i,...ij->...j", g, table)


def draw(rng, shape_a, shape_b, of=np.add):
    """Two inputs, and a cotangent of the result."""
    a, b = rng.standard_normal(shape_a), rng.standard_normal(shape_b)
    return a, b, rng.standard_normal(of(a, b).shape)


def padded(shape, g):
    """The shape with ones in front, as broadcasting reads it."""
    return (1,) * (g.ndim - len(shape)) + tuple(shape)


def back(g, shape):
    """g summed to the shape, by another way than one would write it: element by element of what it was read from."""
    result = np.zeros(padded(shape, g))
    for place in np.ndindex(g.shape):
        result[tuple(0 if size == 1 else i for i, size in zip(place, result.shape, strict=True))] += g[place]
    return result.reshape(shape)


def averaged(g, shape):
    return back(g, shape) * (np.prod(shape) / g.size)


def kind(value):
    if isinstance(value, (tuple, list)):
        return f"a {type(value).__name__} of {len(value)}"
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape} and dtype {value.dtype}"
    return "a function" if callable(value) else f"{value!r:.60}"
