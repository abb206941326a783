"""The public checks of exercise 2. Ten points."""

import math

import numpy as np
import pytest

LONG = 3_000  # ops in a chain: three times as deep as functions may call themselves


@pytest.mark.points(1)
def test_slopes_of_arithmetic(exercise, rng):
    a, b, n = -float(rng.uniform(1, 2)), float(rng.uniform(2, 3)), int(rng.integers(3, 6))
    mistakes = {
        (1.0, 1.0): "a - b falls when b grows: its second slope is -1",
        (-1.0, 1.0): "the slopes are swapped: that of a is +1",
    }
    check_op(f"sub({a:.3g}, {b:.3g})", exercise.sub(a, b), a - b, (1.0, -1.0), mistakes)
    mistakes = {
        (a, b): "the slopes are swapped: when a grows by h, a b grows by h b, so dy/da = b",
        (1.0, 1.0): "those are the slopes of a + b",
        (a * b, a * b): "the slope is not the value: when a grows by h, a b grows by h b",
    }
    check_op(f"mul({a:.3g}, {b:.3g})", exercise.mul(a, b), a * b, (b, a), mistakes)
    mistakes = {
        (1 / b, a / b**2): "the second slope lacks its sign: b^(-1) has the slope -b^(-2)",
        (1 / b, -a / b): "b^(-1) has the slope -b^(-2): the second b is missing",
        (1 / b, -1 / b**2): "the second slope lacks the factor a",
        (1 / b, a): "the second slope is that of a b; b^(-1) has the slope -b^(-2)",
        (b, -a / b**2): "when a grows by h, a / b grows by h / b, so dy/da = 1 / b",
        (-a / b**2, 1 / b): "the slopes are swapped: that of a is 1 / b",
    }
    check_op(f"div({a:.3g}, {b:.3g})", exercise.div(a, b), a / b, (1 / b, -a / b**2), mistakes)
    mistakes = {
        (n * a**n,): "the exponent must go down by one",
        (a ** (n - 1),): "the factor n is missing",
        (n * a,): "that is the slope for n = 2 only",
        ((n - 1) * a ** (n - 1),): "the factor is the old exponent, n",
    }
    check_op(f"power({a:.3g}, {n})", exercise.power(a, n), a**n, (n * a ** (n - 1),), mistakes)


@pytest.mark.points(1)
def test_slopes_of_tanh_and_relu(exercise, rng):
    a = float(rng.uniform(0.5, 1))
    y = math.tanh(a)
    mistakes = {
        (1 - a * a,): "1 - y² is meant for the value y = tanh a, not for a",
        (1 - y,): "the square is missing: 1 - y²",
        (1 + y * y,): "the sign: 1 - y², which is small where tanh is flat",
        (y * y - 1,): "the sign: tanh rises everywhere, so its slope is 1 - y², above 0",
        (y,): "that is the value; tanh is not exp",
        (y * (1 - y),): "that is the slope of the sigmoid",
    }
    check_op(f"tanh({a:.3g})", exercise.tanh(a), y, (1 - y * y,), mistakes)
    steep = {(a,): "that is the value; the slope of y = a is 1", (0.0,): "above 0, relu(a) is a, with slope 1"}
    check_op(f"relu({a:.3g})", exercise.relu(a), a, (1.0,), steep)
    flat = {(1.0,): "below 0, relu is flat", (-1.0,): "that is the slope of |a|; below 0, relu is flat"}
    check_op(f"relu({-a:.3g})", exercise.relu(-a), 0.0, (0.0,), flat)
    kink = {(1.0,): "at the kink we take 0: compare with a > 0, not with a >= 0", (0.5,): "at the kink we take 0"}
    check_op("relu(0.0)", exercise.relu(0.0), 0.0, (0.0,), kink)


@pytest.mark.points(1)
def test_apply_records_an_edge_for_each_value(exercise):
    x, y = exercise.Value(3.0), exercise.Value(4.0)
    got: list[float] = []

    def op(*numbers):
        got.extend(numbers)
        return 60.0, (20.0, 12.0, 15.0)[: len(numbers)]

    result = exercise.apply(op, x, 5.0, y)
    assert result is not None, "apply(op, x, 5.0, y): expected a Value, found None. Usual cause: there is no `return`"
    assert hasattr(result, "edges"), f"apply(op, x, 5.0, y): expected a Value, found {result!r:.80}"
    assert all(is_number(number) for number in got), (
        "apply(op, x, 5.0, y): op must be called with plain numbers, found others among them. "
        "Usual cause: op(*inputs); pass the data of each Value, and a plain number as it is"
    )
    assert got == [3.0, 5.0, 4.0], f"apply(op, x, 5.0, y): op must be called once with 3.0, 5.0, 4.0, found {got}"
    assert is_number(result.data), (
        f"apply(op, x, 5.0, y): data must be op's value, 60.0, found {result.data!r}. "
        "Usual cause: all that op returns became the data; take it apart with value, slopes = op(...)"
    )
    assert result.data == 60.0, f"apply(op, x, 5.0, y): data must be op's value, 60.0, found {result.data}"
    known = {
        ((x, 20.0), (y, 12.0)): "y got the slope of 5.0: zip first, and leave out the plain numbers then",
        ((x, 20.0), (5.0, 12.0), (y, 15.0)): "the plain number got an edge: it has nothing to send a gradient to",
        ((20.0, x), (15.0, y)): "an edge is (input, slope), in this order",
        ((x, 3.0), (y, 4.0)): "these are the inputs' data; an edge carries the slope",
        (x, y): "an edge is a pair (input, slope)",
        (): "without edges the graph is lost: Value(value, edges)",
    }
    check_edges("apply(op, x, 5.0, y), with slopes (20, 12, 15)", result, ((x, 20.0), (y, 15.0)), known)
    twice = exercise.apply(op, x, x)
    known = {
        ((x, 12.0),): "x is used twice and needs two edges; a dict keeps only the last",
        ((x, 32.0),): "the slopes were added here; that is backward's work",
    }
    check_edges("apply(op, x, x), with slopes (20, 12)", twice, ((x, 20.0), (x, 12.0)), known)


@pytest.mark.points(1)
def test_operators_with_a_number_on_either_side(exercise, rng):
    number, data = float(rng.uniform(4, 5)), float(rng.uniform(2, 3))
    x, y = exercise.Value(data), exercise.Value(number)
    swapped = "Usual cause: the order; in __r...__(self, other), other stands on the left: apply(op, other, self)"
    cases = [
        ("x - y", lambda: x - y, data - number, 1.0, number - data),
        ("x - number", lambda: x - number, data - number, 1.0, number - data),
        ("number - x", lambda: number - x, number - data, -1.0, data - number),
        ("x / y", lambda: x / y, data / number, 1 / number, number / data),
        ("x / number", lambda: x / number, data / number, 1 / number, number / data),
        ("number / x", lambda: number / x, number / data, -number / data**2, data / number),
    ]
    for text, compute, value, slope, wrong_way in cases:
        what = f"{text}, for x = {data:.3g} and {'number' if 'number' in text else 'y'} = {number:.3g}"
        result = compute()
        found = result.data
        assert is_number(found), f"{what}: expected a Value with data {value:.6g}, found data {found!r}"
        cause = f". {swapped}" if close(found, wrong_way) else ""
        assert close(found, value), f"{what}: expected {value:.6g}, found {found:.6g}{cause}"
        found = slope_by_paths(result, x)
        assert close(found, slope), (
            f"{what}: expected the slope {slope:.6g} of x, found {found:.6g}, following the edges. "
            + ("Usual cause: no edge leads to x" if found == 0 else "Usual cause: the slopes of sub or div")
        )


@pytest.mark.points(1)
def test_topological_order_lists_inputs_first(exercise):
    for swap in (False, True):
        values = shortcut(exercise, swap)
        names = list(values)
        order = ordered_names(exercise, values)
        missing = [name for name in names if name not in order]
        assert not missing, (
            f"topological_order of a graph of {', '.join(names)}: found {order}, without {', '.join(missing)}. "
            "It lists everything that root was computed from, leaves and root too"
        )
        cause = "a Value is listed before all of its inputs have been"
        if order[0] == "y":
            cause = "the list is in reverse; root comes last"
        elif order == ["w", "x", "u", "y"]:
            cause = "u was marked as seen when it was put on the list, so w did not wait for it: mark it when taken out"
        for user, inputs in {"u": "x", "w": "u", "y": "uw"}.items():
            for name in inputs:
                assert order.index(name) < order.index(user), (
                    f"topological_order: found {order}, where {user} comes before its input {name}. "
                    f"Usual cause: {cause}"
                )


@pytest.mark.points(1)
def test_topological_order_lists_each_value_once(exercise):
    x = exercise.Value(3.0)
    values = {"x": x, "y": exercise.Value(9.0, [(x, 3.0), (x, 3.0)])}
    order = ordered_names(exercise, values)
    rung = exercise.Value(1.0)
    for _ in range(12):
        rung = exercise.Value(1.0, [(rung, 1.0), (rung, 1.0)])
    found = len(exercise.topological_order(rung))
    if order == ["y", "x"]:
        cause = "the list is in reverse; root comes last"
    elif found == 25:
        cause = (
            "a Value that is met again is taken for one whose inputs are done. Put pairs on the list: (value, False) "
            "is to be visited, (value, True) has its inputs done"
        )
    elif found > 13:
        cause = "a Value is entered once for each path that leads to it; keep a set of those already seen"
    else:
        cause = "not everything that root was computed from is listed, or not root"
    assert order == ["x", "y"], (
        f"topological_order of y = x * x: expected ['x', 'y'], found {order}. Usual cause: {cause}"
    )
    assert found == 13, f"topological_order of 12 doublings: expected 13 Values, found {found}. Usual cause: {cause}"


@pytest.mark.points(1)
def test_backward_adds_up_what_arrives(exercise):
    x = exercise.Value(3.0)
    walk(exercise, x)
    assert x.grad is not None, "backward(x) of a leaf x: expected the gradient 1, found None"
    known = {
        0.0: "the walk begins with the gradient of root, which is 1; and root may be a leaf itself",
        2.0: "the gradient of root, 1, came in twice: when the walk began, and again as that of a leaf",
    }
    check_grad("backward(x) of a leaf x", x, 1.0, known)
    x, b = exercise.Value(3.0), exercise.Value(5.0)
    product = exercise.Value(15.0, [(x, 5.0), (b, 3.0)])
    y = exercise.Value(18.0, [(product, 1.0), (x, 1.0)])
    walk(exercise, y)
    known = {
        5.0: "the later contribution replaced the earlier one: add them up, with +=",
        1.0: "the later contribution replaced the earlier one: add them up, with +=",
        7.0: "what came first was counted twice, alone and again with the rest",
        0.0: "nothing reached the leaf",
    }
    check_grad("y = x b + x at x = 3, b = 5: the gradient of x", x, 6.0, known)
    check_grad("y = x b + x at x = 3, b = 5: the gradient of b", b, 3.0, {0.0: "nothing reached the leaf"})
    x = exercise.Value(3.0)
    walk(exercise, exercise.Value(9.0, [(x, 3.0), (x, 3.0)]))
    known = {
        3.0: "the second of the two edges to x replaced the first, or was left out: add them up, with +=",
        9.0: "what two edges bring adds up, 3 + 3; it does not multiply, and nothing counts twice",
        12.0: "x was visited once per edge, and took all that it had each time",
    }
    check_grad("y = x * x at x = 3: the gradient of x", x, 6.0, known)


@pytest.mark.points(1)
def test_backward_passes_on_complete_sums(exercise):
    for swap in (False, True):
        values = shortcut(exercise, swap)
        walk(exercise, values["y"])
        direct, long_way = 5.0 * 2.0, 7.0 * 3.0 * 2.0
        too_early = "u passed its gradient on before all its uses had reported, so a part was lost"
        known = {
            direct: too_early,
            long_way: too_early,
            2 * direct + long_way: "u sent its gradient on once per use, the earlier part again with the later",
            direct + 2 * long_way: "u sent its gradient on once per use, the earlier part again with the later",
            0.0: "nothing reached the leaf; is the order walked from its end, root first?",
        }
        check_grad("x -> u -> y, and x -> u -> w -> y: the gradient of x", values["x"], direct + long_way, known)
    x = exercise.Value(1.0)
    u = exercise.Value(1.0, [(x, 1e200)])
    walk(exercise, exercise.Value(1.0, [(u, 1e200), (u, -1e200)]))
    assert x.grad == 0.0, (
        f"y = a u - a u with a = 1e200: expected the gradient 0 of x, found {x.grad}. Usual cause: each path is "
        "followed on its own, to infinity and to minus infinity. The two edges to u cancel: add them up at u, then "
        "pass on the sum. (To follow each path takes 2^n steps for n doublings, besides.)"
    )


@pytest.mark.points(1)
def test_gradients_add_up_until_zero_grad(exercise):
    x = exercise.Value(3.0)
    u = exercise.Value(6.0, [(x, 2.0)])
    y = exercise.Value(36.0, [(u, 6.0), (u, 6.0)])
    walk(exercise, y)
    check_grad("y = (2 x)² at x = 3, after one backward(y)", x, 24.0, {})
    walk(exercise, exercise.Value(15.0, [(x, 5.0)]))
    known = {5.0: "the second loss replaced what the first had sent: add to grad, with +="}
    check_grad("after backward(y) and backward(5 x)", x, 29.0, known)
    exercise.zero_grad([x])
    assert is_number(x.grad) and x.grad == 0.0, f"zero_grad([x]): expected x.grad = 0.0, found {x.grad!r}"
    walk(exercise, y)
    kept = "the Values between root and leaves still held their gradients of the walk before; keep those in a dict"
    known = {48.0: kept, 72.0: kept, 53.0: "zero_grad did not reset x", 0.0: "a second backward(y) did nothing"}
    check_grad("after zero_grad([x]) and backward(y) again", x, 24.0, known)
    walk(exercise, y)
    known = {24.0: "the second walk replaced the gradient of the first: add, with +="}
    check_grad("after backward(y) twice", x, 48.0, known)


@pytest.mark.points(1)
def test_long_chain(exercise):
    make = exercise.Value
    x = value = make(1.0)
    for i in range(LONG):
        value = make(1.0, [(value, 3.0 if i == 0 else 2.0 if i % 2 else 0.5)])
    try:
        found = len(exercise.topological_order(value))
        walk(exercise, value)
    except Exception as error:
        if "recursion" not in f"{type(error).__name__} {error}".lower():
            raise
        pytest.fail(
            f"a chain of {LONG:,} ops: expected a walk to its end, found a RecursionError. Usual cause: a function "
            "that calls itself for each input; use a loop, and a list of what is still to be visited"
        )
    assert found == LONG + 1, (
        f"topological_order of a chain of {LONG:,} ops: expected {LONG + 1:,}, found {found} Values"
    )
    check_grad(f"a chain of {LONG:,} ops whose slopes multiply to 6: the gradient of its leaf", x, 6.0, {})


# --- what the tests share --------------------------------------------------------------------------------------------


def walk(exercise, root):
    """backward(root). A KeyError in it comes from the order more often than from itself."""
    try:
        exercise.backward(root)
    except KeyError:
        order = list(exercise.topological_order(root))
        if order[-1:] == [root]:
            raise
        pytest.fail(
            "backward stopped at a Value that nothing had reached yet. Usual cause: topological_order is wrong, "
            "root must come last; put that right first"
        )


def shortcut(exercise, swap):
    """x -> u -> w -> y with a shortcut u -> y, which is y's first edge or, swapped, its second."""
    x = exercise.Value(1.0)
    u = exercise.Value(2.0, [(x, 2.0)])
    w = exercise.Value(3.0, [(u, 3.0)])
    y = exercise.Value(4.0, [(w, 7.0), (u, 5.0)] if swap else [(u, 5.0), (w, 7.0)])
    return {"x": x, "u": u, "w": w, "y": y}


def ordered_names(exercise, values):
    """The topological order of the last of the values, by their names."""
    *_, root = values.values()
    order = exercise.topological_order(root)
    assert isinstance(order, list | tuple), (
        f"topological_order: expected a list of Values, found {type(order).__name__}"
        + (". Usual cause: there is no `return`" if order is None else "")
    )
    names = [next((name for name, value in values.items() if value is listed), None) for listed in order]
    strange = [listed for listed, name in zip(order, names) if name is None]
    assert not strange, f"topological_order: expected a list of the graph's Values, found {strange[0]!r:.80} among them"
    return names


def slope_by_paths(root, leaf):
    """d root / d leaf as the sum over all paths: slow, but it needs nobody's backward."""
    if root is leaf:
        return 1.0
    return sum(slope * slope_by_paths(value, leaf) for value, slope in root.edges)


def check_op(what, result, value, slopes, mistakes):
    """`mistakes` maps wrong slopes to what leads to them."""
    assert result is not None, f"{what}: expected (value, slopes), found None. Usual cause: there is no `return`"
    assert isinstance(result, tuple) and len(result) == 2, (
        f"{what}: expected a pair (value, slopes), found {result!r:.80}. Usual cause: no brackets around the slopes; "
        "write return y, (slope_a, slope_b)"
    )
    found_value, found = result
    comma = ". Usual cause: the comma; (s) is a number, (s,) is a tuple of one" if len(slopes) == 1 else ""
    assert isinstance(found, tuple | list), f"{what}: expected a tuple of slopes, found {found!r:.80}{comma}"
    assert len(found) == len(slopes), (
        f"{what}: expected {len(slopes)} slope{'s' * (len(slopes) > 1)}, found {len(found)}"
        + (". Usual cause: a slope for the constant too" if len(found) > len(slopes) else "")
    )
    assert all(is_number(slope) for slope in (found_value, *found)), (
        f"{what}: expected numbers, found {result!r:.80}; the slopes are those at these inputs, and no functions yet"
    )
    assert close(found_value, value), f"{what}: expected the value {value:.6g}, found {found_value:.6g}"
    if not close(found, slopes):
        cause = next((f". Usual cause: {cause}" for wrong, cause in mistakes.items() if close(found, wrong)), "")
        raise AssertionError(f"{what}: expected the slopes {listed(slopes)}, found {listed(found)}{cause}")


def check_edges(what, value, expected, known):
    """`known` maps wrong edges to what leads to them. Edges are compared with what they lead to, and exactly."""
    edges, again = read_edges(value), read_edges(value)
    assert edges is not None, f"{what}: expected {len(expected)} edges, found {value.edges!r}"
    assert edges == again, (
        f"{what}: the edges can be read only once. Usual cause: a zip or a generator; make it a list or a tuple"
    )
    if edges != expected:
        cause = next((f" Usual cause: {cause}" for wrong, cause in known.items() if edges == wrong), "")
        told = ", ".join(f"(a Value, {slope:g})" for _, slope in expected)
        raise AssertionError(f"{what}: expected the edges [{told}], found {len(edges)} others.{cause}")


def read_edges(value):
    """The edges as a tuple of tuples."""
    try:
        return tuple(tuple(edge) if isinstance(edge, tuple | list) else edge for edge in value.edges)
    except TypeError:
        return None


def check_grad(what, leaf, expected, known):
    """`known` maps wrong gradients to what leads to them."""
    found = leaf.grad
    assert is_number(found), f"{what}: expected {expected:g}, found {found!r}"
    if not close(found, expected):
        cause = next((f". Usual cause: {cause}" for wrong, cause in known.items() if close(found, wrong)), "")
        raise AssertionError(f"{what}: expected {expected:g}, found {found:g}{cause}")


def close(found, expected):
    return np.allclose(found, expected, rtol=1e-9, atol=1e-12)


def is_number(found):
    return isinstance(found, bool | int | float | np.integer | np.floating)


def listed(slopes):
    return "(" + ", ".join(f"{slope:.6g}" for slope in slopes) + ("," if len(slopes) == 1 else "") + ")"
