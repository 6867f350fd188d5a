"""Values as outputs: MIME bundles, display() and the objects it shows."""

import sys
from base64 import b64encode

from live_kernel.pretty import pretty

# The kernel sets this to its send(kind, content).
publisher = None

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


def bundle(value, include=None, exclude=None):
    """Returns (data, metadata) of a value: its MIME bundle.

    An object that shows itself by ``_ipython_display_`` gives an empty one.
    """
    show = _method(value, "_ipython_display_")
    if show is not None:
        show()
        return {}, {}
    data, metadata = {}, {}
    own = _call(value, "_repr_mimebundle_", include=include, exclude=exclude)
    if own is not None:
        own, extra = own if isinstance(own, tuple) else (own, {})
        data.update(own)
        metadata.update(extra or {})
    if "text/plain" not in data:
        data["text/plain"] = pretty(value)
    for name, mime in _METHODS:
        if mime in data:
            continue
        shown = _call(value, name)
        if shown is None:
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


def _method(value, name):
    # A class has the methods of its instances, and they do not describe it.
    if isinstance(value, type):
        return None
    try:
        method = getattr(value, name, None)
    except Exception:
        return None
    # An object that answers to any name (a mock, a proxy) has none of these.
    if method is None or not callable(method):
        return None
    if callable(getattr(type(value), "_a_name_no_class_defines_", None)):
        return None
    return method


def _call(value, name, **arguments):
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
    """Shows again in the place of an output shown before."""

    def __init__(self, display_id):
        self.display_id = display_id

    def display(self, value, **options):
        """Shows a value in a new place under the same id."""
        display(value, display_id=self.display_id, **options)

    def update(self, value, **options):
        """Shows a value in the old place."""
        update_display(value, display_id=self.display_id, **options)

    def __repr__(self):
        return f"<DisplayHandle display_id={self.display_id}>"


_handles = 0


def display(
    *values,
    include=None,
    exclude=None,
    metadata=None,
    transient=None,
    display_id=None,
    raw=False,
    clear=False,
    update=False,
):
    """Shows values as outputs of the running cell.

    With ``display_id`` (True for a new one) it returns a DisplayHandle. With
    ``raw`` the values are MIME bundles themselves. ``clear`` first clears the
    cell's outputs.
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
        if raw:
            data, extra = value, {}
        else:
            data, extra = bundle(value, include, exclude)
        if not data:
            continue
        content = {
            "data": data,
            "metadata": {**extra, **(metadata or {})},
            "transient": transient,
        }
        _publish("update_display_data" if update else "display_data", content)
    return None if display_id is None else DisplayHandle(display_id)


def update_display(value, *, display_id, **options):
    """Shows a value in the place of what was shown under an id."""
    display(value, display_id=display_id, update=True, **options)


def clear_output(wait=False):
    """Clears the outputs of the running cell (with ``wait``, at the next one)."""
    _publish("clear_output", {"wait": bool(wait)})


def _publish(kind, content):
    sys.stdout.flush()
    sys.stderr.flush()
    if publisher is None:
        print(content.get("data", {}).get("text/plain", ""))
    else:
        publisher(kind, content)
