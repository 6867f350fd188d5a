"""Tells a page which modules it builds on: each may be the reader's or the book's."""

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
    """A module of the package, and the chapter that builds it."""

    number: str  # of the chapter: "01"
    chapter: str  # its slug: "01_tensor"
    title: str
    module: str  # "core.tensor"
    hash: str  # of the published module; a reader's module notes which one it is from
    exercises: list[str]  # the ids of the exercises that are part of the module
    page: str  # Sphinx's name of the chapter's document; in a page, the address of it


class Framework(TypedDict):
    """The modules that concern a page."""

    own: Module | None  # the one that the page builds, None on a milestone
    before: list[Module]  # those that the page's code may import


@cache
def modules() -> list[Module]:
    """Return the module of every chapter that has one, in the book's order."""
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
    """Return the modules that concern a chapter's page; a milestone builds on all.

    Args: pathto, makes the address of a document; documents, the names of the book's
        pages: a chapter that is not among them gets an empty address.
    """
    known: list[Module] = [
        {**one, "page": pathto(one["page"]) if one["page"] in documents else ""}
        for one in modules()
    ]
    own = [one for one in known if one["chapter"] == book_chapter.slug]
    number = book_chapter.number
    before = [one for one in known if not number or one["number"] < number]
    return {"own": own[0] if own else None, "before": before}
