"""What a page tells the runtime of the framework: whose modules could be used on it."""

from functools import cache

from tinytorch.own.cells import fingerprint
from tools import ROOT
from tools.chapters import parser
from tools.forms import package


@cache
def modules():
    """Every chapter's module, in order: {"number", "chapter", "title", "module", …}.

    `hash` tells one published version of it from another, `exercises` are the ids of
    the exercises in it, and `page` is the document that builds it.
    """
    found = []
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


def framework(book_chapter, pathto, documents):
    """Return {"own", "before"}: the page's own module or None, and those it builds on.

    A page that is no chapter (a milestone) builds on all of them. `documents` are the
    names of the book's pages: a chapter that is not among them has no address.
    """
    known = [
        {**one, "page": pathto(one["page"]) if one["page"] in documents else ""}
        for one in modules()
    ]
    own = [one for one in known if one["chapter"] == book_chapter.slug]
    number = book_chapter.number
    before = [one for one in known if not number or one["number"] < number]
    return {"own": own[0] if own else None, "before": before}
