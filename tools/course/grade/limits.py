"""Reads the caps on a submission from the settings of `make grade`."""

import dataclasses
from collections.abc import Mapping

from tools.course.course import CourseError
from tools.course.shut_in.replies import Limits

SETTINGS = {  # setting: field of Limits
    "CELL": "cell",  # seconds for a cell
    "TIME": "time",  # seconds for a submission; also sets `cpu`
    "MEMORY": "memory",  # megabytes
    "OUTPUT": "output",  # megabytes
}


def limits_of(environment: Mapping[str, str]) -> Limits:
    """Return the Limits that CELL, TIME, MEMORY and OUTPUT set; defaults for the rest.

    Raises: CourseError for a value that is no number, or not above 0.
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
