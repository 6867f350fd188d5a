"""Makes a thing once for all processes of a run of the tests."""

import json
import os

from filelock import FileLock


def once(tmp_path_factory, name, make):
    """Return make(), called by the first process of the run that asks for `name`.

    The others wait for it and read what it returned, so that must be plain JSON. A
    make that fails is tried again by the next that asks, which then tells why.
    """
    folder = tmp_path_factory.getbasetemp()
    if (
        "PYTEST_XDIST_WORKER" in os.environ
    ):  # each worker has a folder below a common one
        folder = folder.parent
    made = folder / f"{name}.json"
    with FileLock(made.with_suffix(".lock")):
        if not made.exists():
            made.write_text(json.dumps(make()), encoding="utf-8")
        return json.loads(made.read_text(encoding="utf-8"))
