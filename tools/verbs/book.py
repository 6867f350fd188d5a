"""Builds the book into _build/html; SOLUTIONS=no builds it for a course."""

from tools import ROOT
from tools.forms.course_build import with_solutions
from tools.site.build import BookError, build


def main() -> int | str:
    """Build the site; return 0, or Jupyter Book's output if the build fails."""
    try:
        site = build(solutions=with_solutions())
    except BookError as error:
        return str(error)
    pages = len(list(site.rglob("*.html")))
    print(f"built {site.relative_to(ROOT)} ({pages} pages)")
    return 0
