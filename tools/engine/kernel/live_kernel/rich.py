"""Wrappers that tell the page how to show a value: HTML, SVG, Markdown, images, ..."""

from base64 import b64encode
from typing import Any


def _content(filename: str, binary: bool) -> str | bytes:
    """Return a file's content, as bytes or as text."""
    from pathlib import Path

    path = Path(filename)
    return path.read_bytes() if binary else path.read_text(encoding="utf-8")


class DisplayObject:
    """Base class of wrappers: text or bytes of one kind, given or read from a file.

    Raises ValueError where neither data nor filename is given, and OSError where the
    file cannot be read.
    """

    data: Any
    _binary = False

    def __init__(
        self,
        data: Any = None,
        filename: str | None = None,
        metadata: dict[str, Any] | None = None,
    ) -> None:
        if data is None and filename is None:
            name = type(self).__name__
            raise ValueError(f"{name}() needs data, or a filename to read it from")
        if filename is not None and data is None:
            data = _content(filename, self._binary)
        self.data = data
        self.filename = filename
        self.metadata = metadata or {}

    def __repr__(self) -> str:
        return f"<IPython.core.display.{type(self).__name__} object>"

    def _shown(self) -> Any:
        """Return the data, or a pair of data and metadata if there is metadata."""
        return (self.data, self.metadata) if self.metadata else self.data


class HTML(DisplayObject):
    """HTML, shown without changes."""

    def _repr_html_(self) -> Any:
        return self._shown()

    def __html__(self) -> str:
        return self.data


class Markdown(DisplayObject):
    """Markdown, with math between dollar signs."""

    def _repr_markdown_(self) -> Any:
        return self._shown()


class Latex(DisplayObject):
    """LaTeX with its own delimiters."""

    def _repr_latex_(self) -> Any:
        return self._shown()


class Math(DisplayObject):
    """One displayed formula, without delimiters."""

    def _repr_latex_(self) -> Any:
        return "$\\displaystyle " + self.data.strip("$") + "$"


class SVG(DisplayObject):
    """An SVG drawing."""

    def _repr_svg_(self) -> Any:
        return self._shown()


class Pretty(DisplayObject):
    """Text shown without quotes."""

    def __repr__(self) -> str:
        return self.data


class JSON(DisplayObject):
    """A value as JSON."""

    def _repr_json_(self) -> Any:
        return self._shown()


class Code(DisplayObject):
    """Source code as a block of text."""

    def __repr__(self) -> str:
        return self.data


class Image(DisplayObject):
    """A PNG, JPEG or GIF picture, from bytes or a file; width and height in pixels.

    Raises ValueError for data that are not bytes, and for bytes of another format where
    ``format`` does not name it.
    """

    _binary = True
    _kinds = {
        b"\x89PNG": "image/png",
        b"\xff\xd8\xff": "image/jpeg",
        b"GIF8": "image/gif",
    }

    def __init__(
        self,
        data: Any = None,
        filename: str | None = None,
        format: str | None = None,
        width: int | None = None,
        height: int | None = None,
        **options: Any,
    ) -> None:
        super().__init__(data, filename, **options)
        self.width, self.height = width, height
        if not isinstance(self.data, (bytes, bytearray)):
            raise ValueError(
                "Image() takes the bytes of a picture or filename=...; it was given "
                f"{type(self.data).__name__}"
            )
        named = f"image/{format.lower().replace('jpg', 'jpeg')}" if format else None
        found = [k for start, k in self._kinds.items() if self.data.startswith(start)]
        mime = named or (found[0] if found else None)
        if mime is None:
            raise ValueError("Image() knows PNG, JPEG and GIF; name another by format=")
        self._mime = mime

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, str], dict[str, Any]]:
        size = {"width": self.width, "height": self.height}
        size = {name: pixels for name, pixels in size.items() if pixels is not None}
        data = {self._mime: b64encode(self.data).decode("ascii")}
        return data, ({self._mime: size} if size else {})
