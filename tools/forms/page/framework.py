"""Lists for a page the package's modules that its code may import."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import cache
from typing import TypedDict

from tinytorch.own.module_source import fingerprint
from tools import ROOT
from tools.chapters import parser
from tools.chapters.cells import Chapter
from tools.forms import package


class Module(TypedDict):
    """A module of the package, and the chapter from which it is made."""

    number: str  # the chapter's number: "01"
    chapter: str  # the chapter's slug: "01_tensor"
    title: str  # the chapter's title
    module: str  # "core.tensor"
    hash: str  # the published module's fingerprint, which a reader's own module records
    exercises: list[str]  # the ids of the exercises that are exported into the module
    page: str  # from modules(): the document's name in Sphinx; from framework(): a URL


class Framework(TypedDict):
    """The modules that concern a page."""

    own: Module | None  # the module made from the page's cells; None on a milestone
    before: list[Module]  # the modules that the page's code may import


@cache
def modules() -> list[Module]:
    """Return the modules of all chapters that have one, in the book's order."""
    found: list[Module] = []
    for path in parser.paths():
        read = parser.read(path)
        if not read.module:
            continue
        found.append(
            {
                "number": read.number,
                "chapter": read.slug,
                "title": read.title,
                "module": read.module,
                "hash": fingerprint(package.render(read)[1]),
                "exercises": [cell.id for cell in read.exercises if cell.exported],
                "page": path.relative_to(ROOT).with_suffix("").as_posix(),
            }
        )
    return found


def framework(
    book_chapter: Chapter, pathto: Callable[[str], str], documents: Collection[str]
) -> Framework:
    """Return the modules that concern a page: its own, and those of earlier chapters.

    For a milestone, the modules of all chapters count as earlier.

    Args: pathto, returns the address of a document; documents, the names of the book's
        pages. A module whose chapter is not among them gets an empty `page`.
    """
    known: list[Module] = [
        {**one, "page": pathto(one["page"]) if one["page"] in documents else ""}
        for one in modules()
    ]
    own = [one for one in known if one["chapter"] == book_chapter.slug]
    number = book_chapter.number
    before = [one for one in known if not number or one["number"] < number]
    return {"own": own[0] if own else None, "before": before}
