"""Pictures for the chapters: curves, images, regions. SVG in a page, text when printed.

Each function returns a Picture. As the last line of a cell it is drawn; `print` shows
it in characters, as a terminal does. Nothing but numpy is imported.
"""

from tinytorch.utils.pictures.curves import lines
from tinytorch.utils.pictures.grids import images
from tinytorch.utils.pictures.picture import Picture
from tinytorch.utils.pictures.regions import boundary

__all__ = ["Picture", "boundary", "images", "lines"]
