"""Table of the verbs, with the extras of pyproject.toml that each needs."""

# `python -m tools` lists the verbs in this order.
EXTRAS: dict[str, tuple[str, ...]] = {
    "serve": ("book",),
    "book": ("book",),
    "test": ("book", "course", "test"),
    "package": ("book",),
    "notebooks": ("book",),
    "analyze": ("book",),
    "bench": ("book",),
    "milestones": ("book",),
    "release": ("course",),
    "grade": ("course",),
    "repair": ("course",),
    "submissions": ("course",),
    "bench-grade": ("course",),
    "engine": ("book",),
    "startup": ("book", "test"),
    "clean": (),
}
