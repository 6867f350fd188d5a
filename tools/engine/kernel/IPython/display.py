"""Stand-in for IPython.display in the browser; the code is in live_kernel."""

from live_kernel.display import DisplayHandle, clear_output, display, update_display
from live_kernel.rich import (
    HTML,
    JSON,
    SVG,
    Code,
    DisplayObject,
    Image,
    Latex,
    Markdown,
    Math,
    Pretty,
)

__all__ = [
    "HTML",
    "JSON",
    "SVG",
    "Code",
    "DisplayHandle",
    "DisplayObject",
    "Image",
    "Latex",
    "Markdown",
    "Math",
    "Pretty",
    "clear_output",
    "display",
    "update_display",
]
