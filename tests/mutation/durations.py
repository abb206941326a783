"""A plugin of pytest that keeps how long each test took, its fixtures included."""

import json
import os
from pathlib import Path

durations: dict[str, float] = {}


def pytest_runtest_logreport(report):
    durations[report.nodeid] = durations.get(report.nodeid, 0.0) + report.duration


def pytest_sessionfinish(session):
    if not hasattr(session.config, "workerinput"):
        place = Path(os.environ["MINAE_DURATIONS"])
        known = json.loads(place.read_text()) if place.exists() else {}
        place.write_text(json.dumps(known | durations))
