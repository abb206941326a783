"""The public checks of exercise 1. Ten points. What they say stands in messages.toml."""

import cmath
import itertools
import math
import tomllib
from pathlib import Path

import numpy as np
import pytest

pytestmark = pytest.mark.numpy_only

SAY = tomllib.loads(Path(__file__).with_name("messages.toml").read_text("utf-8"))
WHAT, EXPECTED = SAY["what"], SAY["expected"]
H = 0.05  # large, so that forward, backward and central differences are easy to tell apart


@pytest.mark.points(1, "build")
def test_forward_difference(exercise, rng):
    f, x = bumpy(rng), rng.uniform(1, 2)
    right, left, here = f(x + H), f(x - H), f(x)
    mistakes = {
        "backward": (here - left) / H,
        "central": (right - left) / (2 * H),
        "sign": (here - right) / H,
        "not_divided": right - here,
        "by_2h": (right - here) / (2 * H),
        "times_h": (right - here) * H,
        "brackets": right - here / H,
    }
    found = exercise.forward_difference(f, x, H)
    what = WHAT["forward_difference"].format(values=WHAT["values"].format(left=left, here=here, right=right, h=H))
    compare("forward_difference", what, found, (right - here) / H, mistakes)


@pytest.mark.points(1, "build")
def test_central_difference(exercise, rng):
    f, x = bumpy(rng), rng.uniform(1, 2)
    right, left, here = f(x + H), f(x - H), f(x)
    mistakes = {
        "half_steps": (f(x + H / 2) - f(x - H / 2)) / H,
        "forward": (right - here) / H,
        "backward": (here - left) / H,
        "twice": (right - left) / H,
        "slash_2_times_h": (right - left) / 2 * H,
        "half_forward": (right - here) / (2 * H),
        "sign": (left - right) / (2 * H),
        "not_divided": right - left,
        "added": (right + left) / (2 * H),
    }
    found = exercise.central_difference(f, x, H)
    what = WHAT["central_difference"].format(values=WHAT["values"].format(left=left, here=here, right=right, h=H))
    compare("central_difference", what, found, (right - left) / (2 * H), mistakes)


@pytest.mark.points(1, "build")
def test_best_step(exercise, rng):
    cases = [*itertools.product(("forward", "central"), ("float64", "float32"))]
    for case in rng.permutation(2 * cases):  # twice, so that few other seeds have the same order
        rule, dtype = map(str, case)
        check_step(exercise.best_step(rule, dtype), rule, dtype)


@pytest.mark.points(1, "build")
def test_gradient(exercise, rng):
    for shape in ((2, 3), (4,), ()):
        f, x = coupled(rng, shape), rng.uniform(1, 2, shape)
        at_once = (f(x + H) - f(x - H)) / (2 * H)
        grad = reference_gradient(f, x)
        mistakes = {
            "forward": reference_gradient(f, x, below=0, width=H),
            "twice": 2 * grad,
            "slash_2_times_h": H * H * grad,
            "sign": -grad,
            "at_once": np.full(shape, at_once),
            "not_put_back": not_put_back(f, x),
            "first_only": first_only(grad),
        }
        found = exercise.gradient(f, x, H)
        compare("gradient", WHAT["gradient"].format(shape=shape), found, grad, mistakes, wrong_shape="flat")
    check_gradient_of_whole_numbers(exercise, rng)


def check_gradient_of_whole_numbers(exercise, rng):
    f, x = coupled(rng, (4,)), rng.integers(1, 9, 4)
    grad = reference_gradient(f, x)
    by_copy = reference_gradient(f, x, dtype=x.dtype)
    mistakes = {
        "copy_cut_off": by_copy,
        "both_cut_off": np.trunc(by_copy),
        "slopes_cut_off": np.trunc(grad),
        "forward_cut_off": reference_gradient(f, x, below=0, width=H, dtype=x.dtype),
        "slash_2_times_h": H * H * grad,
    }
    what = WHAT["gradient_of_whole_numbers"].format(x=x.tolist(), dtype=x.dtype)
    found = exercise.gradient(f, x, H)
    assert np.any(found), SAY["gradient"]["only_zeros"].format(what=what, expected=short(grad))
    compare("gradient", what, found, grad, mistakes, wrong_shape="flat")


@pytest.mark.points(1, "build")
def test_complex_step(exercise, rng):
    a, x, h = rng.uniform(1, 2), rng.uniform(0.5, 1), 1e-20

    def f(z):
        return complex(cmath.exp(a * z) * cmath.sin(z))

    slope = math.exp(a * x) * (a * math.sin(x) + math.cos(x))
    found, say = exercise.complex_step(f, x), SAY["complex_step"]
    is_complex = isinstance(found, complex | np.complexfloating)
    assert not is_complex, say["complex"].format(slope=slope, found=found)
    mistakes = {
        "not_moved": 0.0,
        "not_divided": slope * h,
        "real_over_h": f(x).real / h,
        "real": f(x).real,
        "by_2h": slope / 2,
        "sign": -slope,
    }
    nearly = is_number(found) and is_close(found, slope, 4) and not is_close(found, slope, 14)
    assert not nearly, say["ten_digits"].format(slope=slope, found=found)
    compare("complex_step", WHAT["complex_step"], found, slope, mistakes, digits=14)


@pytest.mark.points(1, "build")
def test_absolute_has_the_slope_that_the_complex_step_sees(exercise, rng):
    h = 1e-20
    for side in rng.permutation([1.0, 1.0, -1.0, -1.0]):
        x = side * float(rng.uniform(1, 9))
        found = exercise.absolute(complex(x, h))
        compare("absolute", WHAT["absolute"].format(x=x), real(found), abs(x), {"negative": x}, 14)
        mistakes = {"length": 0.0, "kept": 1.0, "sign": -side}
        what = WHAT["slope_of_absolute"].format(x=x)
        compare("absolute", what, imaginary(found) / h, side, mistakes, digits=14)


@pytest.mark.points(1, "build")
def test_directional_derivative(exercise, rng):
    f, x, v, h = coupled(rng, (2, 3)), rng.uniform(1, 2, (2, 3)), 2 + rng.standard_normal((2, 3)), 1e-5
    unit = v / np.linalg.norm(v)
    right, left = f(x + h * v), f(x - h * v)
    slope = (right - left) / (2 * h)
    mistakes = {
        "forward": (right - f(x)) / h,
        "twice": 2 * slope,
        "slash_2_times_h": (right - left) / 2 * h,
        "sign": -slope,
        "scaled": (f(x + h * unit) - f(x - h * unit)) / (2 * h),
        "over_length": slope / np.linalg.norm(v),
        "left_out": (f(x + h) - f(x - h)) / (2 * h),
        "not_divided": right - left,
    }
    found = exercise.directional_derivative(f, x, v, h)
    name = "directional_derivative"
    compare(name, name, found, slope, mistakes, digits=7, wrong_shape="times_v")
    check_number_of_evaluations(exercise, rng)


def check_number_of_evaluations(exercise, rng):
    f, x, v = coupled(rng, (50,)), rng.uniform(1, 2, 50), rng.standard_normal(50)
    calls = []

    def counted(point):
        calls.append(None)
        return f(point)

    exercise.directional_derivative(counted, x, v, 1e-5)
    say, count = SAY["directional_derivative"], len(calls)
    assert count == 2, say["by_elements" if count >= 50 else "other_count"].format(calls=count)


@pytest.mark.points(1, "debug")
def test_speed_of_a_steady_walk(exercise, rng):
    start, time, h = moment(rng)
    rate = float(rng.uniform(0.5, 2.5))
    check_speed(exercise, "steady", lambda at: rate * (at - start), time, h, rate)


@pytest.mark.points(1, "debug")
def test_speed_of_a_swing(exercise, rng):
    start, time, h = moment(rng)
    width, often, phase = (float(rng.uniform(*ends)) for ends in ((0.5, 2), (5, 20), (-1, 1)))
    slope = width * often * math.cos(often * (time - start) + phase)
    if abs(slope) < width * often / 2:  # too near to the turn: begin a quarter later
        phase += math.pi / 2
        slope = width * often * math.cos(often * (time - start) + phase)
    check_speed(exercise, "swing", lambda at: width * math.sin(often * (at - start) + phase), time, h, slope)


@pytest.mark.points(1, "experiment")
def test_best_step_of_a_wave(exercise, rng):
    say, root = SAY["best_step_of_a_wave"], float(np.cbrt(np.finfo(np.float64).eps))
    for a in (float(10.0**power) for power in rng.permutation([*rng.uniform(1.5, 4, 3), *rng.uniform(-4, -1.5, 3)])):
        what, found = WHAT["best_step_of_a_wave"].format(a=a), exercise.best_step_of_a_wave(a)
        assert is_number(found), EXPECTED["a_float"].format(what=what, found=repr(found))
        mistakes = {
            "unchanged": root,
            "longer": root * a,
            "third_power": root / a**3,
            "root": root / a ** (1 / 3),
            "forward": root**1.5 / a,
        }
        if not 0.2 <= found * a / root <= 5:
            cause = cause_of([say[name] for name, step in mistakes.items() if 0.7 <= found / step <= 1.4])
            errors = say["errors"].format(yours=error_in_a_wave(found, a), right=error_in_a_wave(root / a, a))
            difference = EXPECTED["value"].format(what=what, expected=f"{root / a:.1e}", found=f"{found:.1e}")
            raise AssertionError(difference + cause + errors)
    why = exercise.WHY_THE_STEP_CHANGES
    assert isinstance(why, str) and len(why.split()) >= 3, say["why"]


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


def moment(rng):
    """A start, a time after it, and a step for which time + h and time - h have to be rounded, each by a lot."""
    start = float(rng.integers(1_600_000_000, 2_000_000_000))
    time = start + float(rng.integers(100, 1000))
    return start, time, float((rng.integers(2, 7) + rng.choice([-1, 1]) * rng.uniform(0.3, 0.45)) * np.spacing(time))


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
    what, say = f"best_step({rule!r}, {dtype!r})", SAY["best_step"]
    assert is_number(found), EXPECTED["a_float"].format(what=what, found=repr(found))
    mistakes = {
        "eps": eps,
        "other_rule": eps**other_power,
        "other_dtype": other**power,
        "size_of_the_error": eps ** (2 / 3),
        "sign": eps**-power,
    }
    if not 0.5 <= found / eps**power <= 2:
        divided = any(is_close(found, eps / n, 6) for n in (2, 3))
        near = [name for name, step in mistakes.items() if 0.5 <= found / step <= 2]
        causes = [say[name] for name in ["precedence"] * divided + near]
        root = ("1/2", "1/3")[rule == "central"]
        cause = cause_of([text.format(root=root, rule=rule, dtype=dtype) for text in causes])
        errors = say["errors"].format(
            yours=error_of_step(found, rule, dtype), right=error_of_step(eps**power, rule, dtype)
        )
        difference = EXPECTED["value"].format(what=what, expected=f"{eps**power:.2e}", found=f"{found:.2e}")
        raise AssertionError(f"{difference}{cause}. {errors}")


def check_speed(exercise, walk, position, time, h, slope):
    """The slope to four digits: all that is left of it is rounding."""

    def central(step, width):
        return (position(time + step) - position(time - step)) / width

    taken = (time + h) - (time - h)
    usual = float(np.cbrt(np.finfo(np.float64).eps)) * time
    mistakes = {
        "unmended": central(h, 2 * h),
        "twice": 2 * central(h, taken),
        "half": central(h, taken) / 2,
        "not_divided": central(h, 1),
        "usual": central(usual, 2 * usual),
        "a_second": central(1.0, 2.0),
    }
    found = exercise.speed(position, time, h)
    compare("speed", WHAT["speed"].format(walk=WHAT[walk], time=time, h=h), found, slope, mistakes, digits=4)


@np.errstate(all="ignore")
def error_in_a_wave(h, a):
    """How wrong the slope of sin(a x) is with this step, as a part of the slope."""
    x = 1 / a
    return float(abs((np.sin(a * (x + h)) - np.sin(a * (x - h))) / np.float64(2 * h) / (a * math.cos(1)) - 1))


@np.errstate(all="ignore")
def error_of_step(h, rule, dtype):
    """What a step leads to: it goes to a neighbouring number where x + h has to be rounded."""
    x, h = np.array(1, dtype), np.array([h], dtype)

    def f(x):
        return np.exp(x) * np.sin(x)

    quotient = (f(x + h) - f(x)) / h if rule == "forward" else (f(x + h) - f(x - h)) / (2 * h)
    return abs(float(quotient[0]) - math.e * (math.sin(1) + math.cos(1)))


def compare(name, what, found, expected, mistakes, digits=9, wrong_shape=""):
    """Fail with what was expected, what came, and the mistake that gives just this, if it is a known one.

    `mistakes` are results by the name of the mistake; messages.toml has what to say of it, under the function's name.
    """
    say, shape = SAY[name], np.shape(expected)
    assert found is not None, EXPECTED["nothing"].format(what=what, expected=short(expected))
    form = WHAT["a_number"] if shape == () else WHAT["an_array"].format(shape=shape)
    is_form = is_number(found) or (isinstance(found, np.ndarray) and found.dtype.kind in "fiu")
    assert is_form, EXPECTED["value"].format(what=what, expected=form, found=shown(found))
    assert np.shape(found) == shape, EXPECTED["shape"].format(
        what=what, expected=form, shape=np.shape(found)
    ) + cause_of([say[wrong_shape]] if wrong_shape else [])
    if not is_close(found, expected, digits):
        same = [say[mistake] for mistake, result in mistakes.items() if is_close(found, result, min(digits, 9))]
        difference = EXPECTED["value"].format(what=what, expected=short(expected), found=short(found))
        raise AssertionError(difference + cause_of(same))


def cause_of(causes):
    """The first of the causes, if there is one."""
    return EXPECTED["cause"].format(cause=causes[0]) if causes else ""


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
    assert known, EXPECTED["a_complex_number"].format(found=shown(found))
    return complex(found)


def shown(value):
    return f"{value!r:.80}"


def short(number):
    if np.ndim(number) == 0:
        return f"{float(number):.7g}"
    return np.array2string(np.asarray(number), precision=6, separator=", ", threshold=12).replace("\n", "")
