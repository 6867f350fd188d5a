"""Writes a file so that a crash or a full disk never leaves half of it behind."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


def write_whole(path: str | os.PathLike[str], content: str | bytes) -> None:
    """Write a file whole or not at all.

    The content goes into `NAME.partial` beside the file first, which then takes the
    file's place in one step (os.replace). Whoever reads the file meanwhile sees the old
    content or the new, never a part.

    Args: path, of the file; its folder must exist. content, bytes, or a text, which is
        written as UTF-8 with its line ends as they are.
    Raises: OSError, as for a full disk; the old file is then as it was, and the partial
        one is removed. UnicodeEncodeError for a text with lone surrogates.
    """
    path = Path(path)
    data = content.encode("utf-8") if isinstance(content, str) else content
    partial = path.with_name(f"{path.name}.partial")
    try:
        partial.write_bytes(data)
        os.replace(partial, path)  # noqa: PTH105 - replaces on Windows as well
    except BaseException:  # Ctrl-C too must leave nothing
        with contextlib.suppress(OSError):
            partial.unlink()
        raise
