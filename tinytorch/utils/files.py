"""Writes files so that a crash or a full disk never leaves half a file behind."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


def write_whole(path: str | os.PathLike[str], content: str | bytes) -> None:
    """Write a file whole or not at all.

    The content is first written to `NAME.partial` in the same folder, which then
    replaces the file in one step (os.replace). A program that reads the file meanwhile
    gets the old content or the new, never a part.

    Args: path, of the file; its folder must exist. content, bytes, or a text, which is
        written as UTF-8 with its line ends unchanged.
    Raises: OSError, for instance if the disk is full; UnicodeEncodeError for a text
        with lone surrogates. The old file is then unchanged, and the partial file is
        removed.
    """
    path = Path(path)
    data = content.encode("utf-8") if isinstance(content, str) else content
    partial = path.with_name(f"{path.name}.partial")
    try:
        partial.write_bytes(data)
        os.replace(partial, path)  # noqa: PTH105 - replaces a file on Windows, too
    except BaseException:  # also after Ctrl-C the partial file must go
        with contextlib.suppress(OSError):
            partial.unlink()
        raise
