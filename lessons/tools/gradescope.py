"""Results in the form that Gradescope reads: results.json of an autograder."""

import json
from typing import Any

from .grade import Result, Verdict
from .submissions import Student


def results_json(student: Student) -> str:
    """The content of results.json for one submission."""
    rows = [(result, verdict) for result in student.results for verdict in result.verdicts]
    results = {
        "score": student.points,
        "execution_time": round(sum(result.seconds for result in student.results)),
        "output": f"isolation: {student.isolation}" + (f"\n{student.remark}" if student.remark else ""),
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [_test(number, *row) for number, row in enumerate(rows, start=1)],
    }
    return json.dumps(results, indent=2)


def _test(number: int, result: Result, verdict: Verdict) -> dict[str, Any]:
    passed = verdict.points == verdict.possible
    return {
        "name": f"{result.lesson}: {verdict.title}",
        "number": str(number),
        "score": verdict.points,
        "max_score": verdict.possible,
        "status": "passed" if passed else "failed",
        "output": verdict.message,
        "tags": [result.lesson],
        "visibility": "visible",
    }
