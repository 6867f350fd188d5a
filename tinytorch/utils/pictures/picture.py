"""A picture as IPython displays it: SVG in a notebook or page, text in a terminal."""

# The SVG stands in the page itself, not in an <img>: so it takes its colors from the
# page, light or dark. A picture that is too wide is scrolled in a box of its own, with
# the keyboard as well (tabindex).
FRAME = '<div class="picture" tabindex="0" style="overflow-x: auto">{}</div>'


class Picture:
    """A picture as SVG, and as text for where no SVG can be shown."""

    def __init__(self, svg: str, text: str) -> None:
        self.svg, self.text = svg, text

    def __repr__(self) -> str:
        return self.text

    def _repr_svg_(self) -> str:
        return self.svg

    def _repr_html_(self) -> str:
        return FRAME.format(self.svg)
