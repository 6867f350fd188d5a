"""Pictures for the chapters: curves, images, regions; SVG in a page, text when printed.

Each function returns a Picture. A cell that ends with the call shows the SVG; `print`
shows the text, as a terminal does. Of other packages only numpy is needed.
"""

from tinytorch.utils.pictures.curves import lines
from tinytorch.utils.pictures.grids import images
from tinytorch.utils.pictures.picture import Picture
from tinytorch.utils.pictures.regions import boundary

__all__ = ["Picture", "boundary", "images", "lines"]
