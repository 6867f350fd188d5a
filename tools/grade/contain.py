"""Says how to grade in a container, for machines that cannot shut a process in."""

import shlex

IMAGE = "tinytorch-grade"
FILE = "tools/grade/container/Containerfile"
# No network, nothing to write to but the course and /tmp, no rights. The two options
# of security let each submission be shut in once more inside: without them most
# container programs forbid the namespaces that this takes.
OPTIONS = [
    *("--rm", "--userns", "keep-id", "--network", "none", "--read-only"),
    *("--tmpfs", "/tmp", "--cap-drop", "ALL"),
    *("--security-opt", "no-new-privileges"),
    *("--security-opt", "seccomp=unconfined"),
    *("--memory", "4g", "--pids-limit", "512"),
]


def commands(course, chapters):
    """Return two commands: one makes the image, one grades these chapters in it."""
    numbers = " ".join(each.number for each in chapters)
    build = ["podman", "build", "--tag", IMAGE, "--file", FILE, "."]
    volume = ["--volume", f"{course.root}:/course"]
    run = ["podman", "run", *OPTIONS, *volume, IMAGE, f"CH={numbers}", "COURSE=/course"]
    return shlex.join(build), shlex.join(run)


def told(course, chapters):
    """Return what to say where something was not shut off."""
    build, run = commands(course, chapters)
    return (
        "If you do not trust what you run, grade on Linux as a user who may make "
        "namespaces, or in a container that has nothing else in it (untried; the "
        f"guide for instructors says more):\n  {build}\n  {run}"
    )
