"""The gradient checker: it catches every planted bug, says what is wrong, and fails no right op."""

import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

import minae.functional as F
from minae import Tensor, cat, differentiable, gradcheck, nn
from minae.checker.cases import CASES
from minae.checker.every_op import check_all, table
from minae.checker.problem import Problem
from minae.checker.samplers import Case
from minae.checker.verdicts import EVERY_ELEMENT, GradcheckError
from minae.tensors import add, exp, getitem, log, max_, mul
from tests.checker import mutate_vjps
from tests.checker.in_torch import passes_in_torch
from tests.checker.one_step import one_step
from tests.checker.planted_bugs import BUGS
from tests.checker.random_cases import RANDOM, REGIMES

PAGE = Path(__file__).parents[2] / "docs" / "gradcheck.md"


def check(f, *inputs, **options):
    return gradcheck(f, *inputs, raise_on_failure=False, **options)


def normal(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape)


@differentiable
def twice_too_large(x):
    return x * x, (lambda g: g * 4 * x,)


# --- planted bugs -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_a_planted_bug_is_caught_and_named(bug):
    report = check(bug.op, *bug.make_inputs())
    text = str(report)
    assert report.verdict == bug.verdict and not report.ok, text
    assert text.startswith(f"{report.name}: {bug.verdict}")
    assert bug.says in text
    if bug.input is not None:
        guilty = [f for f in report.findings if f.verdict == bug.verdict]
        assert min(f.input for f in guilty) == bug.input, text
        assert f"input {bug.input}" in text
    if bug.index is not None:
        assert {f.index for f in guilty if f.index is not None} == {bug.index}, text
        assert f"index {list(bug.index)}" in text


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (2, 3))])
def test_every_bug_is_caught_whatever_the_cotangent(seed):
    assert [bug.name for bug in BUGS if check(bug.op, *bug.make_inputs(), rng=seed).ok] == []


def test_the_page_shows_what_is_measured():
    rows = re.findall(r"^\| (.+?) \| (caught|missed) \| (caught|missed) \|$", PAGE.read_text(), re.MULTILINE)
    assert rows == kill_matrix()
    missed = sum(one == "missed" for _, _, one in rows)
    assert all(ours == "caught" for _, ours, _ in rows)
    assert f"All {len(rows)} are caught; the one-step checker misses {missed}." in PAGE.read_text()
    assert len(rows) >= 30 and missed >= 10


def test_the_report_on_the_page_is_what_its_code_raises():
    code, report = re.search(r"```python\n(.*?)```\n\n```text\n(.*?)\n```", PAGE.read_text(), re.DOTALL).groups()
    with pytest.raises(GradcheckError) as caught:
        exec(code, {})
    assert str(caught.value) == report


def kill_matrix():
    """For each bug: its name, and whether our checker and the one-step checker catch it."""
    caught = {True: "missed", False: "caught"}
    return [
        (bug.name, caught[check(bug.op, *bug.make_inputs()).ok], caught[bool(one_step(bug.op, bug.make_inputs()))])
        for bug in BUGS
    ]


def test_the_one_step_checker_is_that_of_pytorch():
    """torch.autograd.gradcheck itself, on the same ops, lets the same bugs through."""
    stateful = {bug.name for bug in BUGS if bug.input is None}  # there it matters how often and when an op is called
    compared = [bug for bug in BUGS if bug.name not in stateful]
    assert len(compared) >= 60
    for bug in compared:
        assert passes_in_torch(bug.op, bug.make_inputs()) == one_step(bug.op, bug.make_inputs()), bug.name


def test_the_one_step_checker_passes_right_ops():
    for case in CASES[::7]:
        inputs = case.make_inputs(np.random.default_rng(0))
        if all(x.size for x in inputs) and case.f(*map(Tensor, inputs)).size:
            assert one_step(case.f, inputs), case.name


# --- right ops --------------------------------------------------------------------------------------------------------


def count_verdicts(op, configurations, seed):
    counts = {regime: Counter() for regime in REGIMES}
    for k in range(configurations):
        rng, regime = np.random.default_rng([seed, k]), REGIMES[k % len(REGIMES)]
        f, inputs = RANDOM[op](rng, regime)
        report = check(f, *inputs, rng=k)
        assert report.verdict != "fail", f"seed {seed}, configuration {k}, {regime}: {report}"
        counts[regime]["empty" if report.is_empty else report.verdict] += 1
    return counts


def assert_hardly_inconclusive(counts, configurations):
    """None at normal inputs; elsewhere, where float64 itself cannot tell, at most a quarter."""
    assert set(counts["normal"]) <= {"pass", "empty"} and counts["normal"]["pass"] > 0
    assert sum(found["inconclusive"] for found in counts.values()) <= configurations / 4
    assert all(found["kink"] == 0 for regime, found in counts.items() if regime in ("huge", "mixed", "saturated"))


DEAR = ("gru", "gru_cell", "lstm_cell")  # seconds each
every_op = pytest.mark.parametrize(
    "op",
    [pytest.param(op, marks=[pytest.mark.slow] if op.__name__ in DEAR else []) for op in RANDOM],
    ids=lambda op: op.__name__.strip("_"),
)


@every_op
def test_no_right_op_is_failed(op):
    assert_hardly_inconclusive(count_verdicts(op, 36, seed=0), 36)


@pytest.mark.slow
@every_op
@pytest.mark.parametrize("seed", [1, 2])
def test_no_right_op_is_failed_in_200_configurations(op, seed):
    counts = count_verdicts(op, 200, seed)
    print(op.__name__, dict(sum(counts.values(), Counter())))
    assert_hardly_inconclusive(counts, 200)


def test_every_op_has_random_configurations():
    assert set(RANDOM) == {case.op for case in CASES}


def test_the_table_tells_what_did_not_pass():
    cases = [Case(twice_too_large, "2-D", (lambda rng: rng.standard_normal((2, 3)),)), CASES[0]]
    rows = check_all(cases)
    assert [row.verdict for row in rows] == ["fail", "pass"]
    text = table(rows)
    assert "1 of 2 ops pass" in text
    assert "twice_too_large: 2-D: fail" in text and "2 times the right one" in text


def test_a_relative_error_of_3e_11_fails():
    """Bars of a few 1e-13, times ten: no fixed tolerance could be as narrow without failing right ops elsewhere."""

    @differentiable
    def op(x):
        y = np.exp(x)
        return y, (lambda g: g * y * (1 + 3e-11),)

    for size in (1.0, 1e-9, 1e9):
        assert check(lambda x, size=size: op(x) * size, normal(3)).verdict == "fail"


def sine(error=0.0, decimals=None, size=1.0):
    """With a relative error in its gradient, or rounded to so many decimals; and made smaller or larger."""

    @differentiable
    def op(x):
        y = np.sin(x)
        y = y if decimals is None else y.round(decimals)
        return size * y, (lambda g: size * g * np.cos(x) * (1 + error),)

    return op


@pytest.mark.parametrize("error", [5e-12, 1e-11])
def test_a_gradient_outside_ten_narrow_bars_fails(error):
    x = np.array([1.0, 0.3])
    assert check(sine(), x).verdict == "pass"
    assert check(sine(error), x).verdict == "fail"


@pytest.mark.parametrize("size", [2.0**-30, 1.0, 2.0**30])
@pytest.mark.parametrize("decimals", [9, 10])
def test_bars_above_1e_8_of_the_gradient_decide_nothing(decimals, size):
    """However large the gradient itself is."""
    x = np.array([1.0, 0.3])
    assert check(sine(decimals=13, size=size), x).verdict == "pass"
    assert check(sine(decimals=decimals, size=size), x).verdict == "inconclusive"


@pytest.mark.parametrize("x", [1e11, 1e20])
def test_where_steps_of_1_are_too_small_those_of_the_size_of_x_decide(x):
    assert check(lambda x: x.log(), np.array([x, 2.0])).ok


def test_a_gradient_that_is_nothing_beside_how_steep_f_is_for_larger_steps_passes():
    """A bump of width 1 seen from ten widths away, where its slope is 1e-42; steps of the size of x go over its top."""
    assert check(lambda x: (-((x - 1e8) ** 2)).exp(), np.array([1e8 + 10])).ok


def test_gradients_that_rounding_makes_uncertain_are_no_fault():
    """The last digits of a sum depend on how its terms lie in memory; that of 100,000 sums, and so its cosine, more."""
    assert check(lambda x: 1 + 1e-5 * (1e5 * x.sum()).sin(), normal(3, 7)).faults == []


def test_large_inputs_of_mixed_magnitudes_pass():
    """Each element moves by its own size: 1 / x changes a million million times faster at 1e-6 than at 1e6."""
    x = 10.0 ** np.random.default_rng(0).uniform(-6, 6, 300)
    assert check(lambda b: 1.0 / b, x).ok


@pytest.mark.slow
def test_the_vjps_of_all_ops_are_mutated():
    assert [case.name for case in mutate_vjps.SPECIAL if mutate_vjps.killed([case])] == []
    assert [op.__name__ for op in RANDOM if not mutate_vjps.is_covered(op)] == []
    assert {name for name, _ in mutate_vjps.EQUIVALENT} <= {name for _, name, _ in mutate_vjps.functions()}


@pytest.mark.slow
@pytest.mark.parametrize("module", mutate_vjps.MODULES, ids=lambda module: module.__name__)
def test_no_mutant_of_a_vjp_survives(module):
    """Each term of each vjp of the engine, dropped, negated or scaled by 1 + 1e-6."""
    names = {name for _, name, _ in mutate_vjps.functions([module])}
    count, survivors = mutate_vjps.run([module])
    assert survivors == [known for known in mutate_vjps.EQUIVALENT if known[0] in names] and count >= 3


def test_compositions_pass():
    def mlp(x, w1, b1, w2, b2):
        return F.log_softmax(F.linear(F.linear(x, w1, b1).tanh(), w2, b2))

    assert check(mlp, *[normal(*s, seed=i) for i, s in enumerate([(4, 3), (5, 3), (5,), (2, 5), (2,)])]).ok

    def encoder(x, w, b):
        return F.max_pool2d(F.relu(F.conv2d(x, w, b, padding=1)), 2).flatten(1)

    assert check(encoder, normal(1, 1, 4, 4), normal(2, 1, 3, 3, seed=1), normal(2, seed=2)).ok


def test_a_layer_passes():
    layer = nn.Conv2d(2, 3, 3, rng=0).to(dtype="float64")
    assert check(layer, normal(2, 2, 4, 5)).ok


# --- kinks ------------------------------------------------------------------------------------------------------------


def test_relu_at_0_is_a_kink_with_both_slopes_and_the_side_that_is_taken():
    report = check(F.relu, np.array([1.0, 0.0, -2.0]))
    kinks = [finding for finding in report.findings if finding.verdict == "kink"]
    assert report.verdict == "kink" and not report.ok
    assert [finding.index for finding in kinks] == [(1,)]
    assert sorted([abs(kinks[0].left), abs(kinks[0].right)]) == pytest.approx([0, abs(kinks[0].right)], abs=1e-12)
    assert kinks[0].analytic == 0 and "from the left" in str(report) and "the left one" in str(report)
    with pytest.raises(GradcheckError, match="a kink: slope 0 from the left"):
        gradcheck(F.relu, np.array([0.0]))


@pytest.mark.parametrize(("x", "side"), [([2.0, 1.0, 2.0], "between them"), ([1.0, 1.0], "between them")])
def test_ties_of_max_are_kinks_and_g_is_shared(x, side):
    report = check(max_, np.array(x))
    assert report.verdict == "kink" and side in str(report)


def test_the_first_of_a_tie_in_max_pooling_takes_the_right_slope_and_the_others_the_left():
    report = check(lambda x: F.max_pool2d(x, 2), np.ones((1, 1, 2, 2)))
    sides = [finding._side() for finding in report.findings]
    assert report.verdict == "kink" and sides == ["the right one", *["the left one"] * 3]


def test_a_kink_in_a_large_input_is_no_failure():
    assert check(F.relu, np.zeros(EVERY_ELEMENT + 1)).verdict == "kink"


def test_several_kinks_at_one_point_are_no_failure():
    """An MLP without biases at 0: right, though its gradient lies outside both slopes."""
    w1, w2 = np.array([[1.0], [-1.0]]), np.array([[1.0, -1.0]])
    report = check(lambda x: F.linear(F.relu(F.linear(x, Tensor(w1))), Tensor(w2)), Tensor(np.zeros((1, 1)), True))
    assert report.verdict in ("kink", "fail") and not report.ok


@pytest.mark.parametrize("distance", 10.0 ** -np.arange(3, 13))
@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("op", [F.relu, F.leaky_relu])
def test_near_a_kink_of_its_own_scale_an_op_passes(op, sign, distance):
    assert check(op, np.array([sign * distance, 1.0, -1.0])).verdict in ("pass", "kink", "inconclusive")
    assert check(op, np.array([sign * distance])).verdict in ("pass", "inconclusive")


# --- inconclusive is not ok -------------------------------------------------------------------------------------------


def test_inconclusive_is_never_ok():
    def f(x):
        return (x.exp() + 1e12) - 1e12

    report = check(f, np.array([0.5, 1.0]))
    assert report.verdict == "inconclusive" and not report.ok
    assert "too uncertain to judge" in str(report)
    with pytest.raises(GradcheckError, match="inconclusive"):
        gradcheck(f, np.array([0.5, 1.0]))


@pytest.mark.parametrize("offset", 10.0 ** np.arange(10, 22, 2))
def test_a_gradient_lost_under_a_large_value_is_never_passed(offset):
    @differentiable
    def op(x):
        y = np.exp(x)
        return offset + y, (lambda g: -g * y,)

    assert check(op, np.array([0.5, 1.0])).verdict in ("fail", "inconclusive")
    assert not check(op, np.array([10.0])).ok


def test_under_a_large_value_a_wrong_sign_fails_and_a_right_gradient_is_inconclusive():
    """The bar is wide, but the wrong gradient is more than a thousand bars away."""

    @differentiable
    def wrong(x):
        y = np.exp(x)
        return 1e9 + y, (lambda g: -g * y,)

    assert check(wrong, np.array([0.5, 1.0])).verdict == "fail"
    assert check(lambda x: x.exp() + 1e16, np.array([10.0])).verdict == "inconclusive"


def test_a_gradient_that_rounding_swallows_is_inconclusive():
    """1 + e^-50 is 1, so the loss is flat, though its gradient is e^-50 and right."""
    assert check(lambda x: F.cross_entropy(x, np.array([0])), np.array([[50.0, 0, 1]])).verdict == "inconclusive"


def test_a_linear_input_is_sharp_under_a_large_value():
    assert check(lambda x: x + 1e9, normal(3)).ok


def test_an_output_that_is_always_0_changes_nothing():
    assert check(lambda x: cat([x + 1e9, 0 * x]), normal(3)).ok


@pytest.mark.parametrize("side", [1, -1])
def test_a_saturated_output_counts_with_its_rounding_on_whichever_side_it_saturates(side):
    """Its gradient, 5e-13, is lost under its value, 3,000: a slope without it is right as far as anybody can tell."""

    @differentiable
    def saturated(x):
        return 3000 * np.tanh(4 * x), (lambda g: g * 12_000 / np.cosh(4 * x) ** 2,)

    assert check(lambda x: cat([saturated(x), 0.5 * x.sin()]), np.array([side * 4.88])).ok


def test_where_f_is_flat_a_gradient_far_above_what_rounding_hides_fails():
    @differentiable
    def op(x):
        return np.tanh(x / 1e4), (lambda g: g * 1e-9,)

    assert check(op, np.array([1e6])).verdict == "fail"


@pytest.mark.parametrize("size", [2.0**-40, 1.0, 2.0**40])
def test_outputs_are_weighted_by_how_they_differ_not_by_how_large_they_all_are(size):
    """A loud output would drown the other: it gets less weight, the quiet one keeps its own."""
    scales = size * np.array([1.0, 1e6])
    problem = Problem(lambda x: Tensor(scales) * x.sin(), [np.array([0.5, 0.5])], np.random.default_rng(0))
    numbers = np.random.default_rng(0).standard_normal(2)
    assert problem.cotangent[0] == numbers[0]
    assert 0.5e-6 < problem.cotangent[1] / numbers[1] < 2e-6


def test_a_border_of_the_domain_is_not_passed():
    assert check(lambda x: x.sqrt(), np.array([1.0, 0.0])).verdict == "fail"  # an infinite gradient is none
    assert check(lambda x: x.sqrt(), np.array([1.0, 1e-300])).ok
    assert "not finite" in str(check(log, np.array([-1.0])))


# --- large inputs -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("index", [(0, 0), (17, 11), (36, 12)])
@pytest.mark.parametrize("slip", [2.0, 1 + 1e-6])
def test_bisection_finds_the_element(index, slip):
    @differentiable
    def op(x):
        factor = np.ones(x.shape)
        factor[index] = slip
        return np.exp(x).sum(axis=0), (lambda g: g * np.exp(x) * factor,)

    report = check(op, normal(37, 13))
    found = [finding for finding in report.findings if finding.index is not None]
    assert report.verdict == "fail"
    assert [(finding.index, finding.verdict) for finding in found] == [(index, "fail")]
    assert f"index {list(index)}" in str(report).splitlines()[1]


@pytest.mark.parametrize("wrong", [np.inf, -np.inf, np.nan])
def test_bisection_finds_a_gradient_that_is_not_finite(wrong):
    @differentiable
    def op(x):
        slip = np.zeros(x.shape)
        slip[70] = wrong
        return np.sin(x), (lambda g: g * np.cos(x) + slip,)

    report = check(op, normal(300))
    found = [finding for finding in report.findings if finding.index is not None]
    assert [(finding.index, finding.verdict) for finding in found] == [((70,), "fail")]


def test_a_wrong_pair_that_cancels_is_found():
    """Rademacher directions would miss half of: one element too much, its neighbour as much too little."""

    @differentiable
    def op(x):
        shift = np.zeros(x.shape)
        shift[100:102] = [1e-3, -1e-3]
        return np.sin(x), (lambda g: g * np.cos(x) + g.sum() * shift,)

    assert check(op, normal(400)).verdict == "fail"


def test_large_inputs_are_checked_along_few_directions():
    calls = []

    def f(x):
        calls.append(1)
        return x.tanh()

    report = check(f, normal(100, 100))
    assert report.ok and 8 <= len(report.findings) <= 12 and len(calls) < 1200


@pytest.mark.parametrize(("powers", "directions"), [([0], 8), ([0, -7.5], 10), ([-7, 0, 7.5], 12)])
def test_eight_directions_for_what_contributes_most_and_two_for_each_group_that_contributes_less(powers, directions):
    """Groups are a factor of 1e5 apart: here the elements of one contribute at least 1e7 times as much as the next."""
    contributions = 10 ** np.repeat(powers, 300) * np.random.default_rng(0).uniform(0.5, 1, 300 * len(powers))
    assert len(check(lambda x: (x * x).sum(), np.sqrt(contributions)).findings) == directions


# --- inputs -----------------------------------------------------------------------------------------------------------


def test_only_inputs_that_require_a_gradient_are_checked():
    report = check(mul, Tensor(normal(3), requires_grad=True), normal(3, seed=1))
    assert {finding.input for finding in report.findings} == {0} and report.ok
    wrong_second = next(bug for bug in BUGS if bug.name == "sub: sign of the second input").op
    assert check(wrong_second, Tensor(normal(2), requires_grad=True), Tensor(normal(2))).ok
    assert not check(wrong_second, Tensor(normal(2)), Tensor(normal(2), requires_grad=True)).ok
    assert {finding.input for finding in check(mul, Tensor(normal(3)), normal(3)).findings} == {0, 1}


def test_integers_and_other_arguments_reach_the_function_as_they_are():
    labels, seen = np.array([1, 0, 2]), []

    def f(x, target, reduction, index):
        seen.append((target.dtype, reduction, index))
        return F.cross_entropy(x, target, reduction)[index]

    report = check(f, normal(3, 4), labels, "none", [0, 2])
    assert report.ok and {finding.input for finding in report.findings} == {0}
    assert set(map(str, seen)) == {str((labels.dtype, "none", [0, 2]))}
    assert (labels == [1, 0, 2]).all()
    assert check(getitem, normal(5), np.array([4, 0, 4])).ok


def test_inputs_are_not_changed():
    x, t = normal(2, 3), Tensor(normal(2, 3, seed=1), requires_grad=True)
    before = x.copy(), t.numpy().copy()
    check(lambda a, b: (a * b).exp(), x, t)
    assert (x == before[0]).all() and (t.numpy() == before[1]).all() and t.grad is None


def test_python_numbers_and_0d_are_inputs():
    assert check(exp, 0.5).ok
    assert len(check(mul, 0.5, np.float64(2.0)).findings) == 2


def test_nothing_to_compare_is_inconclusive():
    for f, inputs, reason in [
        (add, [np.zeros((0, 3)), normal(3)], "f returns nothing here"),
        (lambda a, b: a * 2.0, [normal(3), np.zeros(0)], "input 1 is empty"),
        (lambda _: Tensor(normal(3), requires_grad=True) * 2.0, [normal(3)], "f uses none of the inputs"),
    ]:
        report = check(f, *inputs)
        assert report.verdict == "inconclusive" and report.is_empty and reason in str(report)


def test_a_wrong_gradient_of_nothing_fails():
    """An empty slice has gradient 0, and nothing else."""

    @differentiable
    def op(x):
        return x[2:2], (lambda g: np.ones(x.shape),)

    report = check(op, normal(3))
    assert report.verdict == "fail" and not report.is_empty


def test_an_input_without_influence_has_gradient_0():
    assert check(lambda a, b: a * 2.0, normal(2), normal(3)).ok


def test_float32_inputs_are_checked_in_float64_and_compared():
    x = normal(2, 3).astype(np.float32)
    assert check(exp, x).ok

    @differentiable
    def coarse(x):
        """Right in float64; in float32, off by 1e-3."""
        return np.exp(x), (lambda g: g * np.exp(x) * (1.001 if x.dtype == np.float32 else 1),)

    report = check(coarse, x)
    assert report.verdict == "fail" and "input 0: the float32 gradient is not the float64 one" in str(report)
    assert check(coarse, x.astype(np.float64)).ok


def test_float32_results_of_float64_inputs_are_a_fault():
    @differentiable
    def narrow(x):
        return np.exp(x).astype(np.float32), (lambda g: g * np.exp(x),)

    assert "f of float64 inputs is float32" in str(check(narrow, normal(3)))


def test_wrong_arguments_raise_type_errors():
    with pytest.raises(TypeError, match="gradcheck: no input is floating"):
        gradcheck(exp, np.array([1, 2]))
    with pytest.raises(TypeError, match="gradcheck: f must return a Tensor, found ndarray"):
        gradcheck(lambda x: x.numpy(), normal(2))


# --- reports ----------------------------------------------------------------------------------------------------------


def test_raise_on_failure():
    with pytest.raises(GradcheckError, match="twice_too_large: fail") as caught:
        gradcheck(twice_too_large, normal(2))
    assert isinstance(caught.value, AssertionError)
    assert caught.value.report.verdict == "fail"
    assert gradcheck(twice_too_large, normal(2), raise_on_failure=False).verdict == "fail"
    assert gradcheck(exp, normal(2)).ok


def test_a_report_of_a_wrong_gradient_says_all_a_student_needs():
    text = str(check(twice_too_large, np.array([[0.5, 1.5], [-1.0, 2.0], [0.3, 0.1]])))
    lines = text.splitlines()
    assert lines[0] == "twice_too_large: fail (of the gradients of Σ c * twice_too_large, for a random cotangent c)"
    assert re.match(r"  input 0, index \[0, 0\]: backward gives \S+, the slope is \S+ ± \S+; the difference", lines[1])
    assert lines[6] == "  ... and 1 more"
    assert lines[7] == "  perhaps: it is 2 times the right one"


def test_a_report_of_a_pass_gives_its_worst_difference():
    report = check(exp, normal(2, 3))
    assert re.fullmatch(r"exp: pass \(6 comparisons, largest relative difference \de-1\d\)", str(report))
    assert 0 < report.worst < 1e-11


def test_a_check_repeats_itself():
    assert str(check(twice_too_large, normal(3))) == str(check(twice_too_large, normal(3)))
    first, second = (check(exp, normal(3), rng=seed).findings[0].analytic for seed in (0, 1))
    assert first != second


def test_the_observed_order_is_part_of_a_failure():
    finding = check(twice_too_large, normal(2)).findings[0]
    assert finding.verdict == "fail" and abs(finding.order) < 0.1


# --- a linear input -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("slip", [1e-6, 1e-9, 1e-11])
def test_linear_inputs_are_judged_to_rounding(slip):
    """The adjoint identity needs no differences: a relative error of 1e-11 in one element fails."""

    @differentiable
    def op(x, w):
        factor = np.ones(w.shape)
        factor[1, 2] += slip
        return x @ w, (lambda g: g @ w.T, lambda g: (x.T @ g) * factor)

    report = check(op, normal(4, 3), normal(3, 5, seed=1))
    assert {(f.input, f.index) for f in report.findings if f.verdict == "fail"} == {(1, (1, 2))}


@pytest.mark.parametrize("gap", [0.9, 0.5, 0.3, 0.1, 0.01])
def test_a_maximum_is_never_taken_for_linear(gap):
    """Random probes of two elements may all have the same winner; a step across the tie must not be trusted."""
    for seed in range(60):
        assert check(max_, np.array([1.0, 1.0 - gap]), rng=seed).ok


@pytest.mark.parametrize("size", [1e-7, 1e-11])
def test_many_elements_that_hardly_move_f_are_moved_farther(size):
    """exp(x) is 1 + x, of which rounding leaves few digits of x. A move of 1 tells the slope all the same."""
    x = size * np.random.default_rng(0).standard_normal(300)
    assert check(lambda x: x.exp(), x).verdict == "pass"
