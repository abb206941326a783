"""A plugin of pytest that keeps how long each test took, its fixtures included."""

import json
import os

durations: dict[str, float] = {}


def pytest_runtest_logreport(report):
    durations[report.nodeid] = durations.get(report.nodeid, 0.0) + report.duration


def pytest_sessionfinish(session):
    if not hasattr(session.config, "workerinput"):
        with open(os.environ["MINAE_DURATIONS"], "w") as file:
            json.dump(durations, file)
