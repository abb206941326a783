"""After the tests: how many seconds each lesson took, of which a lesson may take 60 on two idle cores."""

import re
from collections import Counter


def pytest_terminal_summary(terminalreporter):
    seconds: Counter[str] = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            if lesson := re.search(r"\[((?:[0-9]{2}|P[0-9])_[a-z0-9_]+)", getattr(report, "nodeid", "")):
                seconds[lesson[1]] += getattr(report, "duration", 0)
    for lesson, taken in sorted(seconds.items()):
        terminalreporter.write_line(f"{taken:6.1f} s  {lesson}")
