"""A picture that shows itself: as text in a terminal, as SVG in a notebook or page."""

# The SVG stands in the page itself and takes its colors from it, so it fits light
# and dark; one that is too wide is scrolled in its own box, by the keyboard as well.
FRAME = '<div class="picture" tabindex="0" style="overflow-x: auto">{}</div>'


class Picture:
    """SVG, and the text that stands for it where no SVG can be shown."""

    def __init__(self, svg, text):
        self.svg, self.text = svg, text

    def __repr__(self):
        return self.text

    def _repr_svg_(self):
        return self.svg

    def _repr_html_(self):
        return FRAME.format(self.svg)
