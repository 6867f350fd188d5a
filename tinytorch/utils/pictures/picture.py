"""The class of all pictures, which IPython displays as SVG, and a terminal as text."""

# The SVG is inline, not in an <img>, so that it can follow the page's light or dark
# theme. The box scrolls a picture that is wider than the page; tabindex lets the box be
# scrolled from the keyboard.
FRAME = '<div class="picture" tabindex="0" style="overflow-x: auto">{}</div>'


class Picture:
    """A picture in two forms: an svg element, and text for places without SVG."""

    def __init__(self, svg: str, text: str) -> None:
        self.svg, self.text = svg, text

    def __repr__(self) -> str:
        return self.text

    def _repr_svg_(self) -> str:
        return self.svg

    def _repr_html_(self) -> str:
        return FRAME.format(self.svg)
