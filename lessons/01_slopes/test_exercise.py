"""The public checks of exercise 1. Ten points."""

import cmath
import math

import numpy as np
import pytest

H = 0.05  # large, so that forward, backward and central differences are easy to tell apart
FLAT = "a flat or one-dimensional result; make it with np.zeros(x.shape) and fill grad[i]"


@pytest.mark.points(1)
def test_forward_difference(exercise, rng):
    f, x = bumpy(rng), rng.uniform(1, 2)
    right, left, here = f(x + H), f(x - H), f(x)
    mistakes = {
        "it is the backward difference: the step went to x - h": (here - left) / H,
        "it is the central difference: right in itself, but the forward one starts at x": (right - left) / (2 * H),
        "the sign is flipped: the value after the step comes first, f(x + h) - f(x)": (here - right) / H,
        "it is not divided by h": right - here,
        "it is divided by 2h: the points x and x + h are only h apart": (right - here) / (2 * H),
        "it is only (f(x + h) - f(x)) * h: divide by h": (right - here) * H,
        "Python divides before it subtracts: f(x + h) - f(x) needs brackets around it": right - here / H,
    }
    compare("forward_difference", exercise.forward_difference(f, x, H), (right - here) / H, mistakes)


@pytest.mark.points(1)
def test_central_difference(exercise, rng):
    f, x = bumpy(rng), rng.uniform(1, 2)
    right, left, here = f(x + H), f(x - H), f(x)
    half_steps = (f(x + H / 2) - f(x - H / 2)) / H
    mistakes = {
        "the two points are h/2 away from x: step h to each side": half_steps,
        "it is the forward difference: one of the two points must be x - h": (right - here) / H,
        "it is the backward difference: one of the two points must be x + h": (here - left) / H,
        "it is twice as large: x - h and x + h are 2h apart, so divide by 2h": (right - left) / H,
        "it is h² times the slope: `/ 2 * h` divides by 2 and multiplies by h; write / (2 * h)": (right - left) / 2 * H,
        "it is half of the forward difference: dividing by 2h needs points that are 2h apart": (right - here) / (2 * H),
        "the sign is flipped: f(x + h) comes first": (left - right) / (2 * H),
        "it is not divided by 2h": right - left,
        "f(x - h) was added: it must be subtracted": (right + left) / (2 * H),
    }
    compare("central_difference", exercise.central_difference(f, x, H), (right - left) / (2 * H), mistakes)


@pytest.mark.points(1)
def test_best_step_forward(exercise):
    for dtype in ("float64", "float32"):
        check_step(exercise.best_step("forward", dtype), "forward", dtype)


@pytest.mark.points(1)
def test_best_step_central(exercise):
    for dtype in ("float64", "float32"):
        check_step(exercise.best_step("central", dtype), "central", dtype)


@pytest.mark.points(1)
def test_gradient_of_any_shape(exercise, rng):
    for shape in ((2, 3), (4,), ()):
        f, x = coupled(rng, shape), rng.uniform(1, 2, shape)
        at_once = (f(x + H) - f(x - H)) / (2 * H)
        grad = reference_gradient(f, x)
        mistakes = {
            "these are forward differences: step to x[i] - h as well": reference_gradient(f, x, below=0, width=H),
            "it is twice as large: the two points are 2h apart": 2 * grad,
            "the sign is flipped: f at x[i] + h comes first": -grad,
            "x + h nudges all elements at once: nudge x[i] alone": np.full(shape, at_once),
            "elements nudged before were not put back: begin each nudge with the numbers of x": not_put_back(f, x),
            "only the first element was nudged, the other slopes stayed 0": first_only(grad),
        }
        found = exercise.gradient(f, x, H)
        compare(f"gradient, for x of shape {shape}", found, grad, mistakes, wrong_shape=FLAT)


@pytest.mark.points(1)
def test_gradient_of_whole_numbers(exercise, rng):
    f, x = coupled(rng, (4,)), rng.integers(1, 9, 4)
    grad = reference_gradient(f, x)
    cut_off = "x holds whole numbers, and so does its copy: a nudged element is cut off to a whole number again. "
    by_copy = reference_gradient(f, x, dtype=x.dtype)
    mistakes = {
        cut_off + "Copy with x.astype(np.float64)": by_copy,
        cut_off + "So are slopes in np.zeros_like(x). Use x.astype(np.float64), and np.zeros(x.shape)": np.trunc(
            by_copy
        ),
        "the slopes are cut off to whole numbers: np.zeros_like(x) has x's dtype, np.zeros(x.shape) is float64": (
            np.trunc(grad)
        ),
        cut_off + "Copy with x.astype(np.float64); and these are not central differences": (
            reference_gradient(f, x, below=0, width=H, dtype=x.dtype)
        ),
    }
    what = f"gradient, for x = {x.tolist()} of dtype {x.dtype}"
    found = exercise.gradient(f, x, H)
    assert np.any(found), f"{what}: expected {short(grad)}, found only zeros. Usual cause: {cut_off}Use x.astype(float)"
    compare(what, found, grad, mistakes, wrong_shape=FLAT)


@pytest.mark.points(1)
def test_complex_step(exercise, rng):
    a, x, h = rng.uniform(1, 2), rng.uniform(0.5, 1), 1e-20

    def f(z):
        return complex(cmath.exp(a * z) * cmath.sin(z))

    slope = math.exp(a * x) * (a * math.sin(x) + math.cos(x))
    found = exercise.complex_step(f, x)
    assert not isinstance(found, complex | np.complexfloating), (
        f"complex_step: expected the float {slope:.6g}, found the complex number {found:.6g}: "
        "the slope is the imaginary part alone, over h"
    )
    mistakes = {
        "nothing moved: x + h is x, for such a small h. The nudge is 1j * h": 0.0,
        "that is the imaginary part; divide it by h": slope * h,
        "that is the real part over h; the slope is in the imaginary part": f(x).real / h,
        "that is f(x), the real part; the slope is in the imaginary part": f(x).real,
        "there is a 2 too many: one point at distance h, so divide by h": slope / 2,
        "the sign is flipped: nudge by + 1j * h": -slope,
    }
    nearly = is_number(found) and is_close(found, slope, 4) and not is_close(found, slope, 14)
    assert not nearly, (
        f"complex_step: expected {slope:.16g} to 14 digits, found {found:.16g}. "
        "Usual cause: a difference of real values, which cannot do better than ten digits; there is nothing to subtract"
    )
    compare("complex_step of exp(a z) sin(z), h = 1e-20", found, slope, mistakes, digits=14)


@pytest.mark.points(1)
def test_absolute_has_the_slope_that_the_complex_step_sees(exercise, rng):
    h = 1e-20
    for x, side in ((float(rng.uniform(1, 9)), 1.0), (-float(rng.uniform(1, 9)), -1.0)):
        found = exercise.absolute(complex(x, h))
        compare(f"absolute({x:.3g} + ih), its real part", real(found), abs(x), {"negative z must become -z": x}, 14)
        mistakes = {
            "the imaginary part is gone: abs() and np.abs() give the length of a complex number; return z or -z": 0.0,
            "the imaginary part kept its sign where the real part changed it: -z changes both": 1.0,
            "the sign of the slope is flipped": -side,
        }
        what = f"the slope of absolute at {x:.3g}: the imaginary part of absolute(x + ih), over h"
        compare(what, imaginary(found) / h, side, mistakes, digits=14)


@pytest.mark.points(1)
def test_directional_derivative(exercise, rng):
    f, x, v, h = coupled(rng, (2, 3)), rng.uniform(1, 2, (2, 3)), 2 + rng.standard_normal((2, 3)), 1e-5
    unit = v / np.linalg.norm(v)
    right, left = f(x + h * v), f(x - h * v)
    slope = (right - left) / (2 * h)
    mistakes = {
        "it is a forward difference: step to x - h v as well": (right - f(x)) / h,
        "it is twice as large: x - h v and x + h v are 2h apart along v": 2 * slope,
        "the sign is flipped: f(x + h v) comes first": -slope,
        "v was scaled to length 1: take it as it is": (f(x + h * unit) - f(x - h * unit)) / (2 * h),
        "it is divided by the length of v: take v as it is": slope / np.linalg.norm(v),
        "v was left out: x + h moves along all ones": (f(x + h) - f(x - h)) / (2 * h),
        "it is not divided by 2h": right - left,
    }
    found = exercise.directional_derivative(f, x, v, h)
    times_v = "the quotient was multiplied by v: it is the slope along v already"
    compare("directional_derivative", found, slope, mistakes, digits=7, wrong_shape=times_v)


@pytest.mark.points(1)
def test_directional_derivative_takes_two_evaluations(exercise, rng):
    f, x, v = coupled(rng, (50,)), rng.uniform(1, 2, 50), rng.standard_normal(50)
    calls = []

    def counted(point):
        calls.append(None)
        return f(point)

    exercise.directional_derivative(counted, x, v, 1e-5)
    cause = "the gradient, element by element, and then a sum: nudge all elements at once, f(x + h * v)"
    assert len(calls) == 2, (
        f"directional_derivative: expected 2 evaluations of f for 50 elements, counted {len(calls)}"
        + (f". Usual cause: {cause}" if len(calls) >= 50 else "; they are at x + h v and at x - h v")
    )


# --- functions to take slopes of -------------------------------------------------------------------------------------


def bumpy(rng):
    """A function of one float whose differences of all kinds are different."""
    a, b = (float(number) for number in rng.uniform(1, 2, 2))
    return lambda x: a * math.exp(x) + math.sin(b * x)


def coupled(rng, shape):
    """A function of an array in which each element's slope depends on all others."""
    weights, scale = rng.uniform(1, 2, shape), float(rng.uniform(0.3, 0.6))

    def f(x):
        total = float(np.sum(weights * x))
        return math.exp(scale * math.sin(total)) + total**2 + float(np.sum(np.sin(weights * x)))

    return f


def reference_gradient(f, x, below=-H, width=2 * H, dtype=np.float64):
    """Differences between a step to the right and one by `below`, element by element, on copies in `dtype`."""
    result = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        right, left = x.astype(dtype), x.astype(dtype)
        right[i] += H
        left[i] += below
        result[i] = (f(right) - f(left)) / width
    return result


# --- the results of mistakes, and what to say of them ----------------------------------------------------------------


def not_put_back(f, x):
    """The gradient by someone who nudges a copy up, then down, and goes on with it."""
    x, result = x.copy(), np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        x[i] += H
        above = f(x)
        x[i] -= 2 * H
        result[i] = (above - f(x)) / (2 * H)
    return result


def first_only(grad):
    only = np.zeros(grad.shape)
    only.flat[0] = grad.flat[0]
    return only


def check_step(found, rule, dtype):
    """The step may be off by a factor of 2: ε is the gap beside 1 to some, half of it to others."""
    eps, other = (float(np.finfo(name).eps) for name in (dtype, {"float64": "float32", "float32": "float64"}[dtype]))
    power, other_power = (1 / 2, 1 / 3) if rule == "forward" else (1 / 3, 1 / 2)
    what = f"best_step({rule!r}, {dtype!r})"
    assert is_number(found), f"{what}: expected a float, found {found!r}"
    root = "1 / 2" if rule == "forward" else "1 / 3"
    divided = any(is_close(found, eps / n, 6) for n in (2, 3))
    precedence = [f"`**` comes before `/`: write eps ** ({root})"] if divided else []
    mistakes = {
        "that is ε itself: the rounding error there would be as large as the slope": eps,
        f"that is the step of the other rule: ε^({'1/2' if rule == 'forward' else '1/3'}) is for {rule}": (
            eps**other_power
        ),
        f"that is a step for the other dtype: take the ε of {dtype}, np.finfo(dtype).eps": other**power,
        "that is the size of the error, ε^(2/3), and not of the step": eps ** (2 / 3),
        "the exponent has the wrong sign: h is small": eps**-power,
    }
    if not 0.5 <= found / eps**power <= 2:
        near = (name for name, step in mistakes.items() if 0.5 <= found / step <= 2)
        cause = next((f". Usual cause: {name}" for name in [*precedence, *near]), "")
        raise AssertionError(
            f"{what}: expected {eps**power:.2e}, found {found:.2e}{cause}. "
            f"With your step the slope of exp(x) sin(x) at 1 errs by {error_of_step(found, rule, dtype):.0e}, "
            f"with the right one by {error_of_step(eps**power, rule, dtype):.0e}"
        )


@np.errstate(all="ignore")
def error_of_step(h, rule, dtype):
    """What a step leads to: it goes to a neighbouring number where x + h has to be rounded."""
    x, h = np.array(1, dtype), np.array([h], dtype)

    def f(x):
        return np.exp(x) * np.sin(x)

    quotient = (f(x + h) - f(x)) / h if rule == "forward" else (f(x + h) - f(x - h)) / (2 * h)
    return abs(float(quotient[0]) - math.e * (math.sin(1) + math.cos(1)))


def compare(what, found, expected, mistakes, digits=9, wrong_shape=""):
    """Fail with what was expected, what came, and the mistake that gives just this, if it is a known one."""
    shape = np.shape(expected)
    assert found is not None, f"{what}: expected {short(expected)}, found None. Usual cause: there is no `return`"
    assert is_number(found) or (isinstance(found, np.ndarray) and found.dtype.kind in "fiu"), (
        f"{what}: expected {'one number' if shape == () else f'an array of shape {shape}'}, found {found!r:.80}"
    )
    assert np.shape(found) == shape, (
        f"{what}: expected {'one number' if shape == () else f'an array of shape {shape}'}, "
        f"found an array of shape {np.shape(found)}" + (f". Usual cause: {wrong_shape}" if wrong_shape else "")
    )
    if not is_close(found, expected, digits):
        same = (mistake for mistake, result in mistakes.items() if is_close(found, result, min(digits, 9)))
        cause = next((f". Usual cause: {mistake}" for mistake in same), "")
        raise AssertionError(f"{what}: expected {short(expected)}, found {short(found)}{cause}")


def is_close(found, expected, digits):
    return np.allclose(found, expected, rtol=10.0**-digits, atol=0)


def is_number(found):
    return not isinstance(found, bool) and isinstance(found, int | float | np.integer | np.floating)


def real(found):
    return check_complex(found).real


def imaginary(found):
    return check_complex(found).imag


def check_complex(found):
    known = is_number(found) or isinstance(found, complex | np.complexfloating)
    assert known, f"absolute: expected a complex number, found {found!r:.80}. Usual cause: there is no `return`"
    return complex(found)


def short(number):
    if np.ndim(number) == 0:
        return f"{float(number):.7g}"
    return np.array2string(np.asarray(number), precision=6, separator=", ", threshold=12).replace("\n", "")
