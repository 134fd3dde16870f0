from __future__ import annotations

import pytest

from tui.terminal.pictures.capabilities import (
    PictureProtocol,
    TerminalCapabilities,
    best_protocol,
    cell_size,
    forced_protocol,
)


@pytest.mark.parametrize(
    ("environ", "way"),
    [
        ({"TERM": "xterm-256color"}, None),
        ({"TERM": "xterm-kitty"}, None),  # mosh says so too, and shows no pictures
        ({"TERM": "tmux-256color"}, PictureProtocol.BLOCKS),
        ({"TERM": "screen.xterm-256color"}, PictureProtocol.BLOCKS),
        ({"TERM": "xterm", "TMUX": "/tmp/x,1,0"}, PictureProtocol.BLOCKS),
        ({"TERM": "xterm", "STY": "1.a"}, PictureProtocol.BLOCKS),
        ({"TERM": "xterm", "ZELLIJ": "0"}, PictureProtocol.BLOCKS),
        ({"TMUX": "/tmp/x,1,0", "TEXTDESK_PICTURES": "kitty"}, PictureProtocol.KITTY),
        ({"TEXTDESK_PICTURES": "sixel"}, PictureProtocol.SIXEL),
        ({"TEXTDESK_PICTURES": "blocks"}, PictureProtocol.BLOCKS),
        ({"TEXTDESK_PICTURES": ""}, None),
    ],
)
def test_what_is_known_without_asking(environ: dict[str, str], way: PictureProtocol | None) -> None:
    assert forced_protocol(environ) is way


def test_another_word_is_refused() -> None:
    with pytest.raises(ValueError, match="yes"):
        forced_protocol({"TEXTDESK_PICTURES": "yes"})


@pytest.mark.parametrize(
    ("name", "attributes", "way"),
    [
        ("kitty(0.35.2)", {62}, PictureProtocol.KITTY),
        ("kitty(0.28.0)", {62}, PictureProtocol.KITTY),
        ("kitty(1.0.0)", {62}, PictureProtocol.KITTY),
        ("kitty(0.26.5)", {62}, PictureProtocol.BLOCKS),
        ("ghostty 1.1.3", {62, 22}, PictureProtocol.KITTY),
        ("foot(1.16.2)", {62, 4, 22}, PictureProtocol.SIXEL),
        ("WezTerm 20240203", {65, 4, 6, 18, 22}, PictureProtocol.SIXEL),
        ("XTerm(390)", {64, 1, 2, 6, 9, 15}, PictureProtocol.BLOCKS),
        ("tmux 3.4", {1, 2, 4}, PictureProtocol.BLOCKS),
        ("", {62, 4}, PictureProtocol.SIXEL),
        ("", {64}, PictureProtocol.BLOCKS),
        ("", set(), PictureProtocol.BLOCKS),
    ],
)
def test_the_best_that_a_terminal_can(name: str, attributes: set[int], way: PictureProtocol) -> None:
    assert best_protocol(TerminalCapabilities(name, frozenset(attributes))) is way


@pytest.mark.parametrize(
    ("window", "asked", "cell"),
    [
        ((24, 80, 720, 432), None, (9, 18)),
        ((24, 80, 727, 440), (8, 16), (9, 18)),
        ((24, 80, 0, 0), (8, 16), (8, 16)),
        ((0, 0, 0, 0), None, (10, 20)),
        ((24, 80, 65535, 65535), (0, 0), (10, 20)),
        ((24, 80, 80, 24), (9999, 16), (10, 20)),
    ],
)
def test_the_size_of_a_cell(
    window: tuple[int, int, int, int], asked: tuple[int, int] | None, cell: tuple[int, int]
) -> None:
    assert cell_size(window, asked) == cell
