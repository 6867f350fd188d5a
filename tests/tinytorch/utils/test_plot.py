"""Pictures: what their SVG and their text show, and that they load nothing."""

import math
import xml.etree.ElementTree as ET
import zlib
from base64 import b64decode

import numpy as np
import pytest

from tinytorch.utils import plot
from tinytorch.utils.pictures import svg

NAME = "{http://www.w3.org/2000/svg}"


def parsed(picture):
    """The picture's SVG as a tree: it must be whole XML, and load nothing."""
    tree = ET.fromstring(picture._repr_svg_())
    links = [node.get("href") for node in tree.iter(NAME + "image")]
    assert all(link.startswith("data:image/png;base64,") for link in links)
    assert "http" not in picture.svg.replace('xmlns="http://www.w3.org/2000/svg"', "")
    return tree


def pixels(node):
    """The colors of an image node, an array (rows, columns, 3)."""
    data = b64decode(node.get("href").split(",")[1])
    width, height = (int.from_bytes(data[i : i + 4]) for i in (16, 20))
    start = data.index(b"IDAT") + 4
    raw = np.frombuffer(zlib.decompress(data[start:]), np.uint8)
    return raw.reshape(height, 1 + 3 * width)[:, 1:].reshape(height, width, 3)


def test_a_curve_goes_through_its_points():
    picture = plot.lines({"a": [0, 5, 10]}, xlabel="step", ylabel="height")
    curve = next(
        n for n in parsed(picture).iter(NAME + "path") if "tt-line" in n.get("class")
    )
    points = [p.split() for p in curve.get("d")[1:].split("L")]
    xs, ys = zip(*[(float(x), float(y)) for x, y in points], strict=True)
    assert len(xs) == 3
    assert xs[2] - xs[1] == pytest.approx(xs[1] - xs[0], abs=0.2)
    assert ys[0] > ys[1] > ys[2]  # upward
    assert ys[0] - ys[1] == pytest.approx(ys[1] - ys[2], abs=0.2)
    text = repr(picture)
    assert "step" in text and "height" in text and "•" in text
    rows = text.replace("┤", "│").splitlines()
    first = [row.split("│")[1].find("•") for row in rows if "│" in row]
    assert first == sorted(first, reverse=True) and first[0] > 50


def test_axes_name_round_numbers():
    text = repr(plot.lines({"loss": [2.31, 0.4]}))
    assert "2.5" in text and "0 ┤" in text
    text = repr(plot.lines({"loss": [1.0, 0.001]}, log=True))
    assert "0.001 ┤" in text and "0.01 ┤" in text


def test_gaps_and_single_points_are_drawn():
    values = [1.0, math.nan, 3.0, math.inf, -math.inf, 2.0, 2.5]
    paths = list(parsed(plot.lines({"a": values})).iter(NAME + "path"))
    curves = [p for p in paths if "tt-line" in p.get("class")]
    assert len(curves) == 3 + 1  # three runs, and the legend
    assert parsed(plot.lines({"one": [4.0]}))
    assert parsed(plot.lines({"flat": [2, 2, 2], "xy": ([5, 1], [0, 1])}))


@pytest.mark.parametrize(
    "series", [{}, {"a": []}, {"a": [math.nan]}, {"a": [[1, 2]]}, {"a": ([1], [1, 2])}]
)
def test_nothing_to_draw_is_said(series):
    with pytest.raises(ValueError, match="help: "):
        plot.lines(series)
    with pytest.raises(ValueError, match="no number to draw"):
        plot.lines({"a": [0, -1]}, log=True)


def test_images_share_a_scale():
    array = np.array([[[0, 8], [16, 0]], [[0, 0], [0, 4]]])
    first, second = (pixels(n) for n in parsed(plot.images(array)).iter(NAME + "image"))
    assert first[0, 0].tolist() == [255, 255, 255]
    assert first[1, 0].tolist() == [20, 20, 20]
    assert second[1, 1, 0] == pytest.approx(255 - 235 / 4, abs=1)


def test_negative_numbers_get_another_color():
    (only,) = parsed(plot.images(np.array([[-1.0, 0.0, 1.0]]))).iter(NAME + "image")
    orange, white, blue = pixels(only)[0].tolist()
    assert orange[0] > orange[2] and white == [255] * 3 and blue[2] > blue[0]


def test_images_stand_in_a_grid():
    tree = parsed(plot.images(np.ones((2, 3, 4, 5)), titles="abcdef", size=50))
    places = [(float(n.get("x")), float(n.get("y"))) for n in tree.iter(NAME + "image")]
    assert len({x for x, _ in places}) == 3 and len({y for _, y in places}) == 2
    assert [t.text for t in tree.iter(NAME + "text")] == list("abcdef")
    assert float(tree.get("width")) > max(x for x, _ in places) + 50
    text = repr(plot.images(np.eye(3)))
    assert text.splitlines() == ["██", "  ██", "    ██"]


@pytest.mark.parametrize("shape", [(3,), (0, 8, 8), (1, 1, 1, 2, 2)])
def test_what_is_no_image_is_said(shape):
    with pytest.raises(ValueError, match="help: "):
        plot.images(np.zeros(shape))


def test_a_boundary_lies_where_the_answers_change():
    points, labels = [[0.0, 0.0], [1.0, 1.0], [0.2, 0.9]], [0, 1, 1]
    seen = []

    def answer(places):
        seen.append(places)
        return (places[:, 1] > 0.5).astype(int)

    picture = plot.boundary(answer, points, labels, steps=10, xlabel="a", ylabel="b")
    (places,) = seen
    assert (places.shape, places.dtype) == ((100, 2), np.float32)
    assert places.min() < 0 and places.max() > 1
    (only,) = parsed(picture).iter(NAME + "image")
    colors = pixels(only)
    assert (colors[:5] == colors[0, 0]).all() and (colors[5:] == colors[9, 9]).all()
    assert colors[0, 0].tolist() != colors[9, 9].tolist()
    assert "class 1" in picture.svg
    rows = repr(picture).splitlines()[1:]
    assert "▒" in rows[0] and "▒" not in rows[-1]


def test_a_probability_between_two_classes_fades():
    picture = plot.boundary(lambda p: np.clip(p[:, 0], 0, 1), [[0, 0], [1, 1]], [0, 1])
    (only,) = parsed(picture).iter(NAME + "image")
    assert len({tuple(color) for color in pixels(only)[0].tolist()}) > 10


def test_a_boundary_says_what_does_not_fit():
    points = np.zeros((3, 2))
    for bad, labels in [(np.zeros((3, 3)), [0, 0, 0]), (points, [0, 1])]:
        with pytest.raises(ValueError, match="two features"):
            plot.boundary(lambda p: p[:, 0], bad, labels)
    with pytest.raises(ValueError, match="one number for each of 1600"):
        plot.boundary(lambda p: p, points, [0, 1, 0])


def test_names_are_escaped_and_colors_told_apart_without_color():
    tree = parsed(plot.lines({"a < b & c": [1, 2], "d": [2, 1]}))
    assert "a < b & c" in [t.text for t in tree.iter(NAME + "text")]
    dashes = {
        p.get("stroke-dasharray")
        for p in tree.iter(NAME + "path")
        if "tt-line" in p.get("class")
    }
    assert len(dashes) == 2
    assert len({svg.dot(0, 0, i).split()[0] for i in range(3)}) == 3
