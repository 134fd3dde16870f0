"""Writing to a terminal that is slow, takes nothing, or is gone."""

from __future__ import annotations

import contextlib
import math
import os
import pty
import threading
import tty
from collections.abc import Iterator

import pytest

from tui.terminal.writer import TerminalWriter

PATIENCE_S = 60.0


class NoFrames:
    def wait_s(self) -> float:
        return math.inf

    def take(self) -> bytes:
        raise AssertionError("no frame was due")


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    reading, writing = os.pipe()
    yield reading, writing
    for each in (reading, writing):
        with contextlib.suppress(OSError):
            os.close(each)


def _read_to(reading: int, length: int) -> bytes:
    got = b""
    while len(got) < length:
        got += os.read(reading, 65536)
    return got


@pytest.mark.parametrize("is_blocking", [True, False])
def test_all_is_written_in_its_order_before_it_stops(pipe: tuple[int, int], is_blocking: bool) -> None:
    reading, writing = pipe
    os.set_blocking(writing, is_blocking)
    writer = TerminalWriter(writing, pytest.fail, NoFrames())
    texts = [f"{number} ö " * 4000 for number in range(40)]
    whole = "".join(texts).encode()
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(_read_to(reading, len(whole))))
    reader.start()
    for text in texts:
        writer.write(text)
    writer.stop()
    reader.join(PATIENCE_S)
    assert got == [whole]


def test_a_terminal_that_is_gone_holds_nothing_up(pipe: tuple[int, int]) -> None:
    reading, writing = pipe
    gone = threading.Event()
    writer = TerminalWriter(writing, gone.set, NoFrames())
    os.close(reading)
    for _ in range(100):
        writer.write("x")
    assert gone.wait(PATIENCE_S)
    writer.write("x")
    writer.stop()


def test_what_waits_for_a_stuck_terminal_can_be_dropped(pipe: tuple[int, int]) -> None:
    _, writing = pipe
    writer = TerminalWriter(writing, lambda: None, NoFrames())
    assert not writer.is_stuck(0)
    ended = threading.Event()

    def write() -> None:
        for _ in range(100):
            writer.write("x" * 65536)
        writer.stop()
        ended.set()

    threading.Thread(target=write, daemon=True).start()
    assert not ended.wait(0.05)
    assert writer.is_stuck(0) and not writer.is_stuck(PATIENCE_S)
    writer.drop()
    assert ended.wait(PATIENCE_S)


class Truth:
    """Frames of what is true when they are taken."""

    def __init__(self) -> None:
        self.now = 0
        self.taken: list[int] = []

    def wait_s(self) -> float:
        return 0.0

    def take(self) -> bytes:
        self.taken.append(self.now)
        return b"%7d " % self.now * 16384


def test_while_the_terminal_takes_nothing_no_frame_waits_but_the_last(pipe: tuple[int, int]) -> None:
    reading, writing = pipe
    truth = Truth()
    writer = TerminalWriter(writing, pytest.fail, truth)
    for truth.now in range(1, 1000):
        writer.write_frame()
        writer.stuck_for_s()
    size = len(truth.take())
    truth.taken.pop()
    shown = b""
    while not shown or len(shown) % size or shown[-8:] != b"    999 ":
        shown += os.read(reading, 65536)
    assert len(shown) // size == len(truth.taken) <= 3
    writer.stop()


class Once:
    """One frame."""

    def __init__(self, frame: bytes) -> None:
        self._frame: bytes = frame

    def wait_s(self) -> float:
        return 0.0

    def take(self) -> bytes:
        frame, self._frame = self._frame, b""
        return frame


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    """Its own side, and the one that programs write to, as it is."""
    ours, theirs = pty.openpty()
    tty.setraw(theirs)
    yield ours, theirs
    os.close(theirs)
    os.close(ours)


def test_a_short_frame_is_there_when_the_call_returns(terminal: tuple[int, int]) -> None:
    ours, theirs = terminal
    writer = TerminalWriter(theirs, pytest.fail, Once(b"a letter"))
    writer.write_frame_at_once()
    os.set_blocking(ours, False)
    assert os.read(ours, 100) == b"a letter"
    assert os.get_blocking(theirs), "other programs have it, too"
    writer.stop()


def test_what_the_terminal_does_not_take_at_once_follows_before_all_else(terminal: tuple[int, int]) -> None:
    ours, theirs = terminal
    frame = b"0123456789abcdef" * 65536
    writer = TerminalWriter(theirs, pytest.fail, Once(frame))
    writer.write_frame_at_once()  # nothing reads
    writer.write("and then")
    writer.write_frame_at_once()
    assert _read_to(ours, len(frame) + 8) == frame + b"and then"
    writer.stop()


def test_nothing_is_written_at_once_to_a_terminal_that_has_been_left(terminal: tuple[int, int]) -> None:
    ours, theirs = terminal
    writer = TerminalWriter(theirs, pytest.fail, Once(b"a letter"))
    writer.stop()
    writer.write_frame_at_once()
    os.set_blocking(ours, False)
    with pytest.raises(BlockingIOError):
        os.read(ours, 100)


def test_what_is_no_terminal_gets_its_frames_all_the_same(pipe: tuple[int, int]) -> None:
    reading, writing = pipe
    writer = TerminalWriter(writing, pytest.fail, Once(b"a letter"))
    writer.write_frame_at_once()
    assert _read_to(reading, 8) == b"a letter"
    writer.stop()
