"""A hypothesis strategy for convolutions: arrays, a stride and a padding that fit."""

import numpy as np
from hypothesis import strategies as st

SIZE = st.integers(1, 4)


@st.composite
def convolutions(draw):
    """Arrays x, weight, bias, a stride and a padding, that fit one another."""
    n, c, o, kh, kw = (draw(SIZE) for _ in range(5))
    stride, padding = draw(st.integers(1, 3)), draw(st.integers(0, 2))
    h = draw(st.integers(max(1, kh - 2 * padding), 7))
    w = draw(st.integers(max(1, kw - 2 * padding), 7))
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    arrays = [rng.normal(size=s) for s in [(n, c, h, w), (o, c, kh, kw), (o,)]]
    return (*arrays, stride, padding)
