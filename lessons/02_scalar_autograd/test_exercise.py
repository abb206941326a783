"""The public checks of exercise 2. Ten points. What they say stands in messages.toml."""

import math
import tomllib
from pathlib import Path

import numpy as np
import pytest

pytestmark = pytest.mark.numpy_only

SAY = tomllib.loads(Path(__file__).with_name("messages.toml").read_text("utf-8"))
WHAT, EXPECTED = SAY["what"], SAY["expected"]
LONG = 3_000  # ops in a chain: three times as deep as functions may call themselves
PRIMES = (3.0, 5.0, 7.0, 11.0, 13.0, 17.0, 19.0, 23.0, 29.0)  # their products are all different


@pytest.mark.points(1, "build")
def test_slopes(exercise, rng):
    check_arithmetic(exercise, rng)
    check_tanh_and_relu(exercise, rng)


def check_arithmetic(exercise, rng):
    a, b, n = -float(rng.uniform(1, 2)), float(rng.uniform(2, 3)), int(rng.integers(3, 6))
    mistakes = {(1.0, 1.0): "plus", (-1.0, 1.0): "swapped"}
    check_op("sub", f"sub({a:.3g}, {b:.3g})", exercise.sub(a, b), a - b, (1.0, -1.0), mistakes)
    mistakes = {(a, b): "swapped", (1.0, 1.0): "add", (a * b, a * b): "value"}
    check_op("mul", f"mul({a:.3g}, {b:.3g})", exercise.mul(a, b), a * b, (b, a), mistakes)
    mistakes = {
        (1 / b, a / b**2): "sign",
        (1 / b, -a / b): "square",
        (1 / b, -1 / b**2): "factor",
        (1 / b, a): "of_mul",
        (b, -a / b**2): "first",
        (-a / b**2, 1 / b): "swapped",
    }
    check_op("div", f"div({a:.3g}, {b:.3g})", exercise.div(a, b), a / b, (1 / b, -a / b**2), mistakes)
    mistakes = {
        (n * a**n,): "exponent",
        (a ** (n - 1),): "factor",
        (n * a,): "square",
        ((n - 1) * a ** (n - 1),): "new_exponent",
    }
    check_op("power", f"power({a:.3g}, {n})", exercise.power(a, n), a**n, (n * a ** (n - 1),), mistakes)


def check_tanh_and_relu(exercise, rng):
    a = float(rng.uniform(0.5, 1))
    y = math.tanh(a)
    mistakes = {
        (1 - a * a,): "of_the_input",
        (1 - y,): "square",
        (1 + y * y,): "plus",
        (y * y - 1,): "sign",
        (y,): "value",
        (y * (1 - y),): "sigmoid",
    }
    check_op("tanh", f"tanh({a:.3g})", exercise.tanh(a), y, (1 - y * y,), mistakes)
    steep = {(a,): "value", (0.0,): "steep"}
    check_op("relu", f"relu({a:.3g})", exercise.relu(a), a, (1.0,), steep)
    flat = {(1.0,): "flat", (-1.0,): "absolute"}
    check_op("relu", f"relu({-a:.3g})", exercise.relu(-a), 0.0, (0.0,), flat)
    kink = {(1.0,): "at_least", (0.5,): "half"}
    check_op("relu", "relu(0.0)", exercise.relu(0.0), 0.0, (0.0,), kink)


@pytest.mark.points(1, "build")
def test_apply_records_an_edge_for_each_value(exercise, rng):
    data, number, other, value, *slopes = draw(rng, 7)
    x, y = exercise.Value(data), exercise.Value(other)
    got: list[float] = []

    def op(*numbers):
        got.extend(numbers)
        return value, tuple(slopes[: len(numbers)])

    def say(key, **values):
        return SAY["apply"][key].format(number=number, **values)

    result = exercise.apply(op, x, number, y)
    assert result is not None, say("no_return")
    assert hasattr(result, "edges"), say("no_value", found=shown(result))
    assert all(is_number(number) for number in got), say("no_numbers")
    expected = [data, number, other]
    assert got == expected, say("other_numbers", expected=expected, found=got)
    assert is_number(result.data), say("all_is_data", expected=value, found=repr(result.data))
    assert result.data == value, say("other_data", expected=value, found=result.data)
    first, second, third = slopes
    known = {
        ((x, first), (y, second)): "zip_first",
        ((x, first), (number, second), (y, third)): "of_a_number",
        ((first, x), (third, y)): "turned",
        ((x, data), (y, other)): "data",
        (x, y): "no_pairs",
        (): "left_out",
    }
    what = WHAT["apply"].format(number=number, slopes=joined(slopes))
    check_edges(what, result, ((x, first), (y, third)), known)
    twice = exercise.apply(op, x, x)
    known = {((x, second),): "a_dict", ((x, first + second),): "added"}
    what = WHAT["apply_twice"].format(slopes=joined(slopes[:2]))
    check_edges(what, twice, ((x, first), (x, second)), known)


@pytest.mark.points(1, "build")
def test_operators_with_a_number_on_either_side(exercise, rng):
    number, data = float(rng.uniform(4, 5)), float(rng.uniform(2, 3))
    x, y = exercise.Value(data), exercise.Value(number)
    cases = {
        "x - y": (lambda: x - y, data - number, 1.0, number - data),
        "x - number": (lambda: x - number, data - number, 1.0, number - data),
        "number - x": (lambda: number - x, number - data, -1.0, data - number),
        "x / y": (lambda: x / y, data / number, 1 / number, number / data),
        "x / number": (lambda: x / number, data / number, 1 / number, number / data),
        "number / x": (lambda: number / x, number / data, -number / data**2, data / number),
    }
    for text, (compute, value, slope, wrong_way) in cases.items():
        name, say = "number" if "number" in text else "y", SAY["operators"]
        what = WHAT["operator"].format(text=text, data=data, name=name, number=number)
        result = compute()
        found = result.data
        assert is_number(found), say["no_number"].format(what=what, expected=value, found=repr(found))
        cause = cause_of(say["order"] if close(found, wrong_way) else "")
        assert close(found, value), EXPECTED["the_value"].format(what=what, expected=value, found=found) + cause
        edges = read_edges(result) or ()
        pairs = all(isinstance(edge, tuple) and len(edge) == 2 and is_number(edge[1]) for edge in edges)
        assert pairs, say["no_pairs"].format(what=what)
        found = sum(slope for value, slope in edges if value is x)
        cause = cause_of(say["no_edge" if found == 0 else "of_the_op"])
        assert close(found, slope), say["slope"].format(what=what, expected=slope, found=found) + cause


@pytest.mark.points(1, "build")
def test_topological_order(exercise, rng):
    check_inputs_first(exercise, rng)
    check_each_once(exercise, rng)


def check_inputs_first(exercise, rng):
    say = SAY["topological_order"]
    for swap in (False, True):
        values = shortcut(exercise, draw(rng, 4), swap)
        names = list(values)
        order = ordered_names(exercise, values)
        missing = [name for name in names if name not in order]
        assert not missing, say["missing"].format(names=", ".join(names), order=order, missing=", ".join(missing))
        cause = "reversed" if order[0] == "y" else "too_early"
        cause = "marked_early" if order == ["w", "x", "u", "y"] else cause
        for user, inputs in {"u": "x", "w": "u", "y": "uw"}.items():
            for name in inputs:
                before = order.index(name) < order.index(user)
                assert before, say["before"].format(order=order, user=user, name=name, cause=say[cause])


def check_each_once(exercise, rng):
    doublings, (slope, *_) = int(rng.integers(9, 13)), draw(rng, 1)
    x = exercise.Value(slope)
    values = {"x": x, "y": exercise.Value(slope**2, [(x, slope), (x, slope)])}
    order, say = ordered_names(exercise, values), SAY["topological_order"]
    rung = exercise.Value(1.0)
    for _ in range(doublings):
        rung = exercise.Value(1.0, [(rung, 1.0), (rung, 1.0)])
    found = len(exercise.topological_order(rung))
    if order == ["y", "x"]:
        cause = say["reversed"]
    elif found == 2 * doublings + 1:
        cause = say["taken_for_done"]
    else:
        cause = say["each_path" if found > doublings + 1 else "not_all"]
    assert order == ["x", "y"], say["square"].format(order=order, cause=cause)
    expected = doublings + 1
    assert found == expected, say["doublings"].format(count=doublings, expected=expected, found=found, cause=cause)


@pytest.mark.points(1, "build")
def test_backward(exercise, rng):
    check_what_arrives_is_added(exercise, rng)
    check_complete_sums_are_passed_on(exercise, rng)


def check_what_arrives_is_added(exercise, rng):
    x = exercise.Value(3.0)
    walk(exercise, x)
    assert x.grad is not None, SAY["backward"]["no_grad"]
    check_grad(WHAT["leaf"], x, 1.0, {0.0: "root", 2.0: "root_twice"})
    a, c, slope = draw(rng, 3)
    x, b = exercise.Value(a), exercise.Value(c)
    product = exercise.Value(a * c, [(x, c), (b, a)])
    walk(exercise, exercise.Value(a * c + a, [(product, 1.0), (x, 1.0)]))
    known = {c: "replaced", 1.0: "replaced", c + 2: "first_twice", 0.0: "nothing"}
    check_grad(WHAT["sum_x"].format(x=a, b=c), x, c + 1, known)
    check_grad(WHAT["sum_b"].format(x=a, b=c), b, a, {0.0: "nothing"})
    x = exercise.Value(slope)
    walk(exercise, exercise.Value(slope**2, [(x, slope), (x, slope)]))
    known = {slope: "one_of_two", slope**2: "multiplied", 4 * slope: "per_edge"}
    check_grad(WHAT["square"].format(x=slope), x, 2 * slope, known, slope=slope)


def check_complete_sums_are_passed_on(exercise, rng):
    for swap in (False, True):
        slopes = to_u, to_w, from_w, from_u = draw(rng, 4)
        values = shortcut(exercise, slopes, swap)
        walk(exercise, values["y"])
        direct, long_way = from_u * to_u, from_w * to_w * to_u
        known = {
            direct: "too_early",
            long_way: "replaced",  # w reports to u after y has
            2 * direct + long_way: "per_use",
            direct + 2 * long_way: "per_use",
            0.0: "nothing_from_root",
        }
        check_grad(WHAT["shortcut"], values["x"], direct + long_way, known)
    x = exercise.Value(1.0)
    u = exercise.Value(1.0, [(x, 1e200)])
    walk(exercise, exercise.Value(1.0, [(u, 1e200), (u, -1e200)]))
    assert x.grad == 0.0, SAY["backward"]["by_paths"].format(found=x.grad)


@pytest.mark.points(1, "build")
def test_gradients_add_up_until_zero_grad(exercise, rng):
    data, slope, to_u, other = draw(rng, 4)
    x = exercise.Value(data)
    u = exercise.Value(slope * data, [(x, slope)])
    y = exercise.Value((slope * data) ** 2, [(u, to_u), (u, to_u)])
    once = 2 * slope * to_u
    walk(exercise, y)
    check_grad(WHAT["once"].format(slope=slope, x=data), x, once, {slope * to_u: "replaced"})
    walk(exercise, exercise.Value(other * data, [(x, other)]))
    check_grad(WHAT["two_losses"].format(slope=other), x, once + other, {other: "second_loss"})
    exercise.zero_grad([x])
    assert is_number(x.grad) and x.grad == 0.0, SAY["backward"]["zero_grad"].format(found=repr(x.grad))
    walk(exercise, y)
    known = {2 * once: "kept", 3 * once: "kept", 2 * once + other: "not_reset", 0.0: "no_second"}
    check_grad(WHAT["after_zero_grad"], x, once, known)
    walk(exercise, y)
    check_grad(WHAT["twice"], x, 2 * once, {once: "second_walk"})


@pytest.mark.points(1, "build")
def test_long_chain(exercise, rng):
    make, (first, *_) = exercise.Value, draw(rng, 1)
    x = value = make(1.0)
    for i in range(LONG):
        value = make(1.0, [(value, first if i == 0 else 2.0 if i % 2 else 0.5)])
    say = SAY["topological_order"]
    try:
        found = len(exercise.topological_order(value))
        walk(exercise, value)
    except Exception as error:
        if "recursion" not in f"{type(error).__name__} {error}".lower():
            raise
        pytest.fail(say["recursion"].format(count=LONG))
    assert found == LONG + 1, say["chain"].format(count=LONG, expected=LONG + 1, found=found)
    check_grad(WHAT["chain"].format(count=LONG, product=2 * first), x, 2 * first, {})


@pytest.mark.points(1, "debug")
def test_walk_of_a_friend_to_what_is_used_twice(exercise, rng):
    slope, twice, *_ = draw(rng, 2)
    check_walk(exercise, "of_a_square", [("y", "x", slope), ("y", "x", slope)])
    check_walk(exercise, "both", [("y", "u", slope), ("y", "x", 1.0), ("u", "x", twice)])


@pytest.mark.points(1, "debug")
def test_walk_of_a_friend_through_what_is_used_twice(exercise, rng):
    y_q, y_p, q_p, q_a, p_a, p_b = draw(rng, 6)
    edges = [("y", "q", y_q), ("y", "p", y_p), ("q", "p", q_p), ("q", "a", q_a), ("p", "a", p_a), ("p", "b", p_b)]
    check_walk(exercise, "lesson", edges)
    halves = [(f"x{k + 1}", f"x{k}", 0.5) for k in reversed(range(int(rng.integers(9, 13)))) for _ in range(2)]
    check_walk(exercise, "halves", halves)


@pytest.mark.points(1, "experiment")
def test_steps_to_pass(exercise, rng):
    say = SAY["steps_to_pass"]
    for rate in (float(10.0**power) for power in rng.permutation([*rng.uniform(-5, -3, 3), *rng.uniform(-3, -1, 2)])):
        found, expected = exercise.steps_to_pass(rate), steps_without_zero_grad(rate)
        what = WHAT["steps_to_pass"].format(rate=rate)
        cause = cause_of(found is None and say["never"])
        assert is_number(found), EXPECTED["value"].format(what=what, expected=expected, found=shown(found)) + cause
        mistakes = {
            "one_less": expected - 1,
            "one_more": expected + 1,
            "proportional": round(5 * 0.05 / rate),
            "without_2": steps_without_zero_grad(rate / 2),
        }
        cause = cause_of(*(say[name] for name, count in mistakes.items() if found == count))
        assert found == expected, EXPECTED["value"].format(what=what, expected=expected, found=found) + cause
    why = exercise.WHY_SO_FEW_STEPS
    assert isinstance(why, str) and len(why.split()) >= 3, say["why"]


# --- what the tests share --------------------------------------------------------------------------------------------


def draw(rng, count):
    """So many different primes."""
    return [float(prime) for prime in rng.permutation(PRIMES)[:count]]


def walk(exercise, root):
    """backward(root). A KeyError in it comes from the order more often than from itself."""
    try:
        exercise.backward(root)
    except KeyError:
        order = list(exercise.topological_order(root))
        pytest.fail(SAY["backward"]["from_the_end" if order[-1:] == [root] else "order"])


def shortcut(exercise, slopes, swap):
    """x -> u -> w -> y with a shortcut u -> y, which is y's first edge or, swapped, its second."""
    to_u, to_w, from_w, from_u = slopes
    x = exercise.Value(1.0)
    u = exercise.Value(2.0, [(x, to_u)])
    w = exercise.Value(3.0, [(u, to_w)])
    y = exercise.Value(4.0, [(w, from_w), (u, from_u)] if swap else [(u, from_u), (w, from_w)])
    return {"x": x, "u": u, "w": w, "y": y}


def check_walk(exercise, graph, edges):
    """The gradients of a friend's walk, at all nodes, beside those of sums along all paths."""
    root, what = edges[0][0], WHAT["walk"].format(graph=WHAT[graph])
    expected, unmended = {root: 1.0}, {root: 1.0}
    for node, source, slope in edges:
        unmended[source] = unmended[node] * slope
        expected[source] = sum(s * expected[n] for n, x, s in edges if x == source and n in expected)
    found = exercise.friends_walk(edges, root)
    say = SAY["friends_walk"]
    assert isinstance(found, dict), say["no_dict"].format(what=what, found=shown(found))
    missing = [node for node in expected if not is_number(found.get(node))]
    assert not missing, say["missing"].format(what=what, node=missing[0])
    wrong = [node for node in expected if not close(found[node], expected[node])]
    if wrong:
        cause = cause_of(say["unmended"] if all(close(found[node], unmended[node]) for node in expected) else "")
        difference = say["other"].format(what=what, node=wrong[0], expected=expected[wrong[0]], found=found[wrong[0]])
        raise AssertionError(difference + cause)


def steps_without_zero_grad(rate):
    """Without a loop: the distance to 1 is a wave, cos((k + 1/2) θ) after k steps, and cos θ = 1 - rate."""
    quarter = math.pi / 2 / math.acos(1 - rate)
    return math.floor(quarter - 0.5) + 1


def ordered_names(exercise, values):
    """The topological order of the last of the values, by their names."""
    *_, root = values.values()
    order, say = exercise.topological_order(root), SAY["topological_order"]
    no_list = say["no_list"].format(found=type(order).__name__) + (say["no_return"] if order is None else "")
    assert isinstance(order, list | tuple), no_list
    names = [next((name for name, value in values.items() if value is listed), None) for listed in order]
    strange = [listed for listed, name in zip(order, names) if name is None]
    assert not strange, say["strange"].format(found=shown(strange[0]))
    return names


def check_op(name, what, result, value, slopes, mistakes):
    """`mistakes` maps wrong slopes to the name of what leads to them, in messages.toml under the op's own name."""
    say = SAY["op"]
    assert result is not None, say["no_return"].format(what=what)
    is_pair = isinstance(result, tuple) and len(result) == 2
    assert is_pair, say["no_pair"].format(what=what, found=shown(result))
    found_value, found = result
    comma = cause_of(say["comma"] if len(slopes) == 1 else "")
    assert isinstance(found, tuple | list), say["no_tuple"].format(what=what, found=shown(found)) + comma
    many = cause_of(say["constant"] if len(found) > len(slopes) else "")
    expected = WHAT["some_slopes"].format(count=len(slopes))
    of_that_length = len(found) == len(slopes)
    assert of_that_length, EXPECTED["value"].format(what=what, expected=expected, found=len(found)) + many
    are_numbers = all(is_number(slope) for slope in (found_value, *found))
    assert are_numbers, say["no_numbers"].format(what=what, found=shown(result))
    is_value = close(found_value, value)
    assert is_value, EXPECTED["the_value"].format(what=what, expected=value, found=found_value)
    if not close(found, slopes):
        difference = EXPECTED["the_slopes"].format(what=what, expected=listed(slopes), found=listed(found))
        same = [SAY[name][mistake] for wrong, mistake in mistakes.items() if close(found, wrong)]
        raise AssertionError(difference + cause_of(*same))


def check_edges(what, value, expected, known):
    """`known` maps wrong edges to what leads to them. Edges are compared with what they lead to, and exactly."""
    say, edges, again = SAY["apply"], read_edges(value), read_edges(value)
    assert edges is not None, say["no_edges"].format(what=what, count=len(expected), found=repr(value.edges))
    assert edges == again, say["once"].format(what=what)
    if edges != expected:
        told = ", ".join(say["an_edge"].format(slope=slope) for _, slope in expected)
        same = [say["cause"].format(cause=say[mistake]) for wrong, mistake in known.items() if edges == wrong]
        raise AssertionError(say["other_edges"].format(what=what, expected=told, count=len(edges)) + "".join(same[:1]))


def read_edges(value):
    """The edges as a tuple of tuples."""
    try:
        return tuple(tuple(edge) if isinstance(edge, tuple | list) else edge for edge in value.edges)
    except TypeError:
        return None


def check_grad(what, leaf, expected, known, **values):
    """`known` maps wrong gradients to what leads to them."""
    found = leaf.grad
    assert is_number(found), EXPECTED["value"].format(what=what, expected=f"{expected:g}", found=repr(found))
    if not close(found, expected):
        difference = EXPECTED["value"].format(what=what, expected=f"{expected:g}", found=f"{found:g}")
        same = [SAY["backward"][mistake] for wrong, mistake in known.items() if close(found, wrong)]
        raise AssertionError(difference + cause_of(*(cause.format(**values) for cause in same)))


def cause_of(*causes):
    """The first of the causes, if there is one."""
    return EXPECTED["cause"].format(cause=causes[0]) if any(causes) else ""


def close(found, expected):
    return np.allclose(found, expected, rtol=1e-9, atol=1e-12)


def is_number(found):
    return isinstance(found, bool | int | float | np.integer | np.floating)


def shown(value):
    return f"{value!r:.80}"


def joined(numbers):
    return ", ".join(f"{number:g}" for number in numbers)


def listed(slopes):
    return "(" + ", ".join(f"{slope:.6g}" for slope in slopes) + ("," if len(slopes) == 1 else "") + ")"
