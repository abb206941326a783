"""How the checker tells what it has found: every verdict in words that say what to look at."""

import pytest

from minae.checker.report import Finding, Report


def finding(verdict="pass", index=(1, 2), analytic=3.0, numeric=3.0, error=1e-12, **others):
    scale = max(abs(analytic), abs(numeric))
    usual = {"around": scale, "left": numeric, "right": numeric, "order": None, "scale": scale}
    return Finding(verdict, 0, index, analytic, numeric, error, **usual | others)


@pytest.mark.parametrize(
    ("analytic", "left", "right", "side"),
    [
        (0.0, 0.0, 1.0, "the left one"),
        (1.0, 0.0, 1.0, "the right one"),
        (0.5, 0.0, 1.0, "between them"),
        (2.0, 0.0, 1.0, "outside both: wrong, unless several kinks meet here"),
        (1000 - 1e-6, -1000.0, 1000.0, "the right one"),  # to a billionth: rounding
        (1000 - 0.1, -1000.0, 1000.0, "between them"),
        (-1000 + 0.1, 1000.0, -1000.0, "between them"),
        (0.5e-3, -1e-3, 1e-3, "between them"),
        (1.1e-3, -1e-3, 1e-3, "outside both: wrong, unless several kinks meet here"),
    ],
)
def test_a_kink_is_told_with_the_side_that_backward_took(analytic, left, right, side):
    text = str(finding("kink", analytic=analytic, left=left, right=right))
    assert text == (
        f"input 0, index [1, 2]: a kink: slope {left:.6g} from the left, {right:.6g} from the right; "
        f"backward gives {analytic:.6g}, {side}"
    )


def test_a_failure_is_told_with_the_distance_that_stays():
    told = "input 0, index [1, 2]: backward gives 3, the slope is 2 ± 1e-12"
    stays = "; the difference quotient stays 1 away however small its step"
    assert str(finding("fail", numeric=2.0)) == told
    assert str(finding("fail", numeric=2.0, order=0.1)) == told + stays
    assert str(finding("fail", numeric=2.0, order=1.9)) == told, "it comes nearer as the step is halved"


def test_what_is_too_uncertain_and_what_is_a_direction():
    text = str(finding("inconclusive", index=None, numeric=2.0, error=0.5, order=0.0))
    assert text == "input 0, a direction: backward gives 3, the slope is 2 ± 0.5: too uncertain to judge"


def test_the_worst_verdict_is_the_reports():
    found = [finding(verdict) for verdict in ("pass", "inconclusive", "kink", "fail")]
    assert [Report("f", found[:count]).verdict for count in range(1, 5)] == ["pass", "inconclusive", "kink", "fail"]
    assert Report("f", found[:1], doubts=["a doubt"]).verdict == "inconclusive"
    assert Report("f", found[:1], nothing=["nothing"]).verdict == "inconclusive"
    assert Report("f", found[:3], faults=["a fault"]).verdict == "fail"
    assert Report("f").ok and not Report("f", faults=["a fault"]).ok


def test_only_what_decides_is_shown_elements_first_and_five_at_most():
    whole = finding("fail", index=None, analytic=9.0)
    elements = [finding("fail", index=(place,), analytic=4.0) for place in range(6)]
    report = Report("f", [finding(), finding("inconclusive"), whole, *elements], faults=["a fault"], doubts=["a doubt"])
    report.guess = "the sign is wrong"
    title, fault, *told, more, guess = str(report).split("\n  ")
    assert title == "f: fail (of the gradients of Σ c * f, for a random cotangent c)"
    assert (fault, more, guess) == ("a fault", "... and 2 more", "perhaps: the sign is wrong")
    assert [line.split(":")[0] for line in told] == [f"input 0, index [{place}]" for place in range(5)]


def test_doubts_are_shown_where_they_decide():
    report = Report("f", [finding()], doubts=["a doubt"], nothing=["f returns nothing"])
    assert str(report).split("\n  ")[1:] == ["a doubt", "f returns nothing"]
    assert not report.is_empty and Report("f", [finding()], nothing=["f returns nothing"]).is_empty
    assert not Report("f", [finding("inconclusive")], nothing=["f returns nothing"]).is_empty


def test_a_pass_says_how_near_the_gradients_are():
    found = [
        finding(analytic=2.0 + 4e-12, numeric=2.0, scale=2.0),
        finding(analytic=1e-20, numeric=0.0, scale=0.0),  # nothing but rounding
        finding(analytic=1.0, numeric=2.0, error=1e-3, scale=2.0),  # its own bar is not sharp
    ]
    assert Report("f", found).worst == pytest.approx(2e-12, rel=1e-3)
    assert str(Report("f", found)) == "f: pass (3 comparisons, largest relative difference 2e-12)"
    assert Report("f").worst == 0
