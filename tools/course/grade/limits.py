"""Reads the caps of a grading run from the settings of `make grade`."""

import dataclasses
from collections.abc import Mapping

from tools.course.course import CourseError
from tools.course.shut_in.outside import Limits

SETTINGS = {
    "CELL": "cell",  # seconds for a cell
    "TIME": "time",  # seconds for a submission
    "MEMORY": "memory",  # megabytes
    "OUTPUT": "output",  # megabytes
}


def limits_of(environment: Mapping[str, str]) -> Limits:
    """Return the Limits that CELL, TIME, MEMORY and OUTPUT set, or their defaults.

    Raises: CourseError for a value that is not a number above 0.
    """
    changed: dict[str, float] = {}
    for setting, name in SETTINGS.items():
        text = environment.get(setting, "")
        if not text:
            continue
        try:
            value = float(text)
        except ValueError:
            value = 0
        if value <= 0:
            raise CourseError(f"{setting}={text}: give a number above 0")
        changed[name] = int(value) if name == "memory" else value
    if "time" in changed:
        changed["cpu"] = max(1, round(changed["time"]))
    return dataclasses.replace(Limits(), **changed)  # type: ignore[arg-type]
