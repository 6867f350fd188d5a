"""Shows values as outputs of cells: MIME bundles, display() and display handles."""

import sys
from base64 import b64encode
from collections.abc import Callable, Container
from typing import Any

from live_kernel.pretty import pretty

# The kernel's send(kind, content), set by Kernel.install; None outside the kernel.
publisher: Callable[[str, Any], None] | None = None

_METHODS = (
    ("_repr_html_", "text/html"),
    ("_repr_markdown_", "text/markdown"),
    ("_repr_latex_", "text/latex"),
    ("_repr_svg_", "image/svg+xml"),
    ("_repr_png_", "image/png"),
    ("_repr_jpeg_", "image/jpeg"),
    ("_repr_json_", "application/json"),
    ("_repr_javascript_", "application/javascript"),
)


def bundle(
    value: Any,
    include: Container[str] | None = None,
    exclude: Container[str] | None = None,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a value's MIME bundle: data and metadata, each by MIME type.

    The value's methods that IPython knows (``_repr_html_``, ...) are called; bytes
    become base64. ``include`` and ``exclude`` are the MIME types to keep and to leave
    out. For a value with a method ``_ipython_display_``, which shows the value itself,
    that method is called and the bundle is empty.
    """
    show = _method(value, "_ipython_display_")
    if show is not None:
        show()
        return {}, {}
    data: dict[str, Any] = {}
    metadata: dict[str, Any] = {}
    own = _call(value, "_repr_mimebundle_", include=include, exclude=exclude)
    if own is not None:
        own, extra = own if isinstance(own, tuple) else (own, {})
        data.update(own)
        metadata.update(extra or {})
    if "text/plain" not in data:
        data["text/plain"] = pretty(value)
    for name, mime in _METHODS:
        if mime in data or (shown := _call(value, name)) is None:
            continue
        if isinstance(shown, tuple):
            shown, metadata[mime] = shown
        data[mime] = shown
    for mime, shown in data.items():
        if isinstance(shown, (bytes, bytearray)):
            data[mime] = b64encode(shown).decode("ascii")
    if include:
        data = {mime: shown for mime, shown in data.items() if mime in include}
    if exclude:
        data = {mime: shown for mime, shown in data.items() if mime not in exclude}
    return data, metadata


def _method(value: Any, name: str) -> Callable[..., Any] | None:
    """Return a value's display method of this name, or None where there is none."""
    # A class has the display methods of its instances, which do not describe the class.
    if isinstance(value, type):
        return None
    try:
        method = getattr(value, name, None)
    except Exception:
        return None
    # A mock or proxy, which has an attribute of any name, has no display methods.
    if method is None or not callable(method):
        return None
    if callable(getattr(type(value), "_a_name_no_class_defines_", None)):
        return None
    return method


def _call(value: Any, name: str, **arguments: Any) -> Any:
    """Return the result of a value's display method.

    None where there is no such method, or where it raises; the traceback is then
    printed to stderr, unless the exception is NotImplementedError.
    """
    method = _method(value, name)
    if method is None:
        return None
    try:
        return method(**arguments)
    except NotImplementedError:
        return None
    except Exception as error:
        from live_kernel.tracebacks import describe

        print("\n".join(describe(error)["traceback"]), file=sys.stderr)
        return None


class DisplayHandle:
    """Handle of the outputs with a display id, which replaces what they show."""

    def __init__(self, display_id: Any) -> None:
        self.display_id = display_id

    def display(self, value: Any, **options: Any) -> None:
        """Show a value as a new output with the same display id."""
        display(value, display_id=self.display_id, **options)

    def update(self, value: Any, **options: Any) -> None:
        """Show a value in place of what the outputs with this display id show."""
        update_display(value, display_id=self.display_id, **options)

    def __repr__(self) -> str:
        return f"<DisplayHandle display_id={self.display_id}>"


_handles = 0


def display(
    *values: Any,
    include: Container[str] | None = None,
    exclude: Container[str] | None = None,
    metadata: dict[str, Any] | None = None,
    transient: dict[str, Any] | None = None,
    display_id: Any = None,
    raw: bool = False,
    clear: bool = False,
    update: bool = False,
) -> DisplayHandle | None:
    """Show values as outputs of the running cell.

    Returns a DisplayHandle if ``display_id`` is given (True for a new id), else None.
    With ``raw`` the values are MIME bundles already. ``clear`` removes the cell's
    earlier outputs. ``update`` replaces the outputs shown under ``display_id``.
    ``include`` and ``exclude`` are as for bundle.
    """
    global _handles
    if display_id is True:
        _handles += 1
        display_id = f"display-{_handles}"
    transient = dict(transient or {})
    if display_id is not None:
        transient["display_id"] = display_id
    if clear:
        clear_output(wait=True)
    for value in values:
        data, extra = (value, {}) if raw else bundle(value, include, exclude)
        if not data:
            continue
        content = {
            "data": data,
            "metadata": {**extra, **(metadata or {})},
            "transient": transient,
        }
        _publish("update_display_data" if update else "display_data", content)
    return None if display_id is None else DisplayHandle(display_id)


def update_display(value: Any, *, display_id: Any, **options: Any) -> None:
    """Show a value in place of what the outputs with a display id show."""
    display(value, display_id=display_id, update=True, **options)


def clear_output(wait: bool = False) -> None:
    """Remove the running cell's outputs: now, or with ``wait`` at the next output."""
    _publish("clear_output", {"wait": bool(wait)})


def _publish(kind: str, content: dict[str, Any]) -> None:
    """Send a message to the page, after the text that was printed before it.

    Without a publisher, print the message's plain text.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    if publisher is None:
        print(content.get("data", {}).get("text/plain", ""))
    else:
        publisher(kind, content)
