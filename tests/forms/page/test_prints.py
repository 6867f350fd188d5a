"""What a cell prints is one block on its page, wherever the kernel cut it."""

import pytest
from docutils import nodes

from tools.forms.page.prints import join_prints


def printed(text):
    return nodes.literal_block(text, text, classes=["output", "stream"])


def blocks(*children):
    output = nodes.container("", *children)
    join_prints(output)
    return [child.astext() for child in output.findall(nodes.literal_block)]


@pytest.mark.parametrize("at", range(1, 12))
def test_a_cut_leaves_no_trace(at):
    text = "GELU: True\nReLU: False\n"
    assert blocks(printed(text[:at]), printed(text[at:])) == [text]


def test_other_outputs_stay_where_they_are():
    picture = nodes.literal_block("<svg>", "<svg>", classes=["output", "text_html"])
    found = blocks(printed("a\n"), picture, printed("b\n"))
    assert found == ["a\nb\n", "<svg>"]


def test_errors_written_to_stderr_are_apart():
    error = nodes.literal_block("oh", "oh", classes=["output", "stderr"])
    assert blocks(printed("a\n"), error) == ["a\n", "oh"]


def test_a_line_written_anew_shows_its_last_state():
    assert blocks(printed("10 %\r"), printed("20 %\rdone\n")) == ["done\n"]


def test_nothing_printed_is_nothing():
    assert blocks() == []
