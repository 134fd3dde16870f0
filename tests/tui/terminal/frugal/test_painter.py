"""A terminal that is sent only what changed shows the same as one that is sent everything."""

from __future__ import annotations

from collections.abc import Iterator

import pyte
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.console import Console
from rich.control import Control
from rich.segment import ControlType, Segment
from rich.style import Style
from textual.strip import Strip

from tests.kit.rounds import rounds
from tui.terminal.frugal.painter import Painter

STYLES = [
    *("#d0d0d0 on #1c1c1c", "bold #d0d0d0 on #1c1c1c", "#d0d0d0 on #262626", "bold dim red on #1c1c1c"),
    *("underline #87afd7 on #1c1c1c", "reverse", "not bold", "strike italic on #3a3a3a", "#123456 on #654321"),
]
WORDS = st.sampled_from(["a", "due", "you ", " ", " " * 4, " " * 12, "東京", "─────", "▌ ", "✓✓", "é", "שלום", "…"])
_ASTRONAUT, _WARNING, _FLAG = "\U0001f469\U0001f3fd\u200d\U0001f680", "\u26a0\ufe0f", "\U0001f1f3\U0001f1f1"
CLUSTERS = st.sampled_from(
    [_ASTRONAUT, _WARNING, _FLAG, "❤", "e\u0301", "म्प", "\u1112\u1161\u11ab", "\ue000", "x\u200d"]
)
Frame = tuple[tuple[int, int], list[tuple[int, int, Strip]], tuple[int, int] | None]


@st.composite
def strips(draw: st.DrawFn, words: st.SearchStrategy[str], width: int) -> Strip:
    parts = draw(st.lists(st.tuples(words, st.sampled_from(STYLES)), max_size=12))
    return Strip([Segment(text, Style.parse(style)) for text, style in parts]).adjust_cell_length(
        width, Style.parse(draw(st.sampled_from(STYLES[:3])))
    )


@st.composite
def sessions(draw: st.DrawFn, words: st.SearchStrategy[str]) -> list[Frame]:
    """Frames of a screen, which may change its size and is then drawn whole."""
    frames, size = list[Frame](), (0, 0)
    for _ in range(draw(st.integers(1, 6))):
        columns, rows = draw(st.sampled_from([size, size, size, (30, 5), (17, 6), (40, 3)])) if size[0] else (30, 5)
        if (columns, rows) == size:
            at = draw(st.lists(st.integers(0, rows - 1), max_size=3))
            drawn = [(0, y, draw(strips(words, columns))) for y in at]
        else:
            drawn = [(0, y, draw(strips(words, columns))) for y in range(rows)]
        size = columns, rows
        places = st.tuples(st.integers(0, columns - 1), st.integers(0, rows - 1))
        frames.append((size, drawn, draw(st.none() | places)))
    return frames


class Emulated:
    """A terminal that is told its size."""

    def __init__(self) -> None:
        self.screen = pyte.Screen(1, 1)
        self._stream = pyte.Stream(self.screen)

    def feed(self, size: tuple[int, int], written: str) -> None:
        if size != (self.screen.columns, self.screen.lines):
            self.screen.resize(size[1], size[0])
            # The emulator erases to a colour only where there was something before.
            for y in range(size[1]):
                self._stream.feed(f"\x1b[{y + 1}H\x1b[m" + "." * size[0])
        self._stream.feed("\x1b[?7l" + written)

    @property
    def cells(self) -> list[list[object]]:
        """Without what cannot be seen of a blank cell."""
        return [[_seen(self.screen.buffer[y][x]) for x in range(self.screen.columns)] for y in range(self.screen.lines)]


def _seen(cell: pyte.screens.Char) -> object:
    if cell.data != " " or cell.underscore or cell.strikethrough or cell.reverse:
        return cell
    return cell.bg


def whole(frames: list[Frame]) -> Iterator[tuple[tuple[int, int], str]]:
    """Everything that is drawn, as Textual writes it."""
    console = Console(color_system="truecolor", force_terminal=True)
    for size, drawn, cursor in frames:
        rows = (Control.move_to(x, y).segment.text + strip.render(console) for x, y, strip in drawn)
        yield size, "".join(rows) + (Control.move_to(*cursor).segment.text if cursor is not None else "")


@given(sessions(WORDS), st.booleans())
@settings(max_examples=rounds(200), deadline=None)
def test_the_screen_is_the_same(frames: list[Frame], erases_to_ground: bool) -> None:
    painter = Painter(erases_to_ground=erases_to_ground)
    frugal, plain = Emulated(), Emulated()
    for (size, drawn, cursor), (_, written) in zip(frames, whole(frames), strict=True):
        plain.feed(size, written)
        painter.draw(size, drawn, cursor, ColorSystem.TRUECOLOR)
        sent = painter.take()
        assert sent is not None
        frugal.feed(size, sent)
        assert frugal.cells == plain.cells
        assert cursor is None or (frugal.screen.cursor.x, frugal.screen.cursor.y) == cursor
    assert painter.take() == ""


@given(sessions(WORDS | CLUSTERS))
@settings(max_examples=rounds(200), deadline=None)
def test_what_was_shown_before_does_not_matter_however_wide_the_terminal_takes_a_cluster_to_be(
    frames: list[Frame],
) -> None:
    """The emulator takes each character of a cluster for one of its own, as simple terminals do."""
    painter, step_by_step = Painter(erases_to_ground=True), Emulated()
    for size, drawn, cursor in frames:
        painter.draw(size, drawn, cursor, ColorSystem.TRUECOLOR)
        sent = painter.take()
        assert sent is not None
        step_by_step.feed(size, sent)
    painter.forget()
    at_once, sent = Emulated(), painter.take()
    assert sent is not None
    at_once.feed(frames[-1][0], sent)
    assert step_by_step.cells == at_once.cells


def take(painter: Painter, size: tuple[int, int], drawn: list[tuple[int, int, Strip]], cursor: tuple[int, int]) -> str:
    painter.draw(size, drawn, cursor, ColorSystem.TRUECOLOR)
    sent = painter.take()
    assert sent is not None
    return sent


def test_a_letter_costs_a_letter() -> None:
    painter = Painter(erases_to_ground=True)
    style = Style.parse("#d0d0d0 on #1c1c1c")
    take(painter, (40, 3), [(0, y, Strip([Segment("wro" + " " * 37, style)])) for y in range(3)], (3, 1))
    assert take(painter, (40, 3), [(0, 1, Strip([Segment("writ" + " " * 36, style)]))], (4, 1)) == "\x08it"


def test_a_picture_is_sent_once_and_again_after_it_was_erased() -> None:
    painter = Painter(erases_to_ground=True)
    picture = [
        (0, y, Strip([Segment(" "), Segment("\x1bP0;1q-\x1b\\", None, [(ControlType.CURSOR_FORWARD, 0)])], 9))
        for y in range(1)
    ]
    beside = (9, 0, Strip([Segment("beside")]))
    assert take(painter, (20, 2), [*picture, beside], (0, 1)).count("\x1bP") == 1
    assert "\x1bP" not in take(painter, (20, 2), [*picture, (9, 0, Strip([Segment("b s de")]))], (0, 1))
    painter.forget_pictures()
    assert "\x1bP" not in str(painter.take())
    assert take(painter, (20, 2), picture, (0, 1)).count("\x1bP") == 1
    assert "\x1bP" not in take(painter, (20, 2), [(0, 0, Strip([Segment(" " * 9)]))], (0, 1))
    assert take(painter, (20, 2), picture, (0, 1)).count("\x1bP") == 1


def test_a_link_goes_no_further_than_its_text() -> None:
    painter = Painter(erases_to_ground=True)
    linked = Strip([Segment("see ", Style()), Segment("here", Style(link="https://example.com")), Segment(" now")])
    sent = take(painter, (20, 1), [(0, 0, linked.adjust_cell_length(20))], (0, 0))
    begin, _, end = sent.partition("here")
    assert "https://example.com" in begin and "\x1b]8;;\x1b\\" in end.partition("now")[0]
