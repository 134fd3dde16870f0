from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from tui.terminal import multiplexer
from tui.terminal.clipboard import sequence


def test_a_text_goes_to_the_clipboard_as_base64_of_its_utf_8() -> None:
    assert sequence("Grüße 😀", {}) == "\x1b]52;c;R3LDvMOfZSDwn5iA\x07"
    assert sequence("\x1b\x07\udcff", {}).isprintable() is False
    assert sequence("\x1b\x07\udcff", {})[7:-1] == "Gwc/", "nothing of the text but its base64"


def test_gnu_screen_gets_it_in_strings_that_it_has_room_for() -> None:
    text = "x" * 1000
    written = sequence(text, {"STY": "1.pts"})
    strings = written.removesuffix("\x1b\\").split("\x1b\\")
    assert all(each.startswith("\x1bP") and len(each) <= 252 for each in strings)
    assert "".join(each[2:] for each in strings) == sequence(text, {})


@pytest.mark.parametrize(("ends_with", "is_copied"), [(0, True), (1, False)])
async def test_tmux_is_given_the_text_on_its_input(tmp_path: Path, ends_with: int, *, is_copied: bool) -> None:
    """And never as an argument, which every user of the host can see."""
    tmux = tmp_path / "tmux"
    tmux.write_text(f'#!/bin/sh\ncat > "{tmp_path}/given"\necho "$@" > "{tmp_path}/command"\nexit {ends_with}\n')
    tmux.chmod(0o700)
    environ = {"TMUX": "x", "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    assert await multiplexer.copy(environ, "Grüße") is is_copied
    command, given = await asyncio.to_thread(lambda: [(tmp_path / name).read_text() for name in ("command", "given")])
    assert (command.strip(), given) == ("load-buffer -w -", "Grüße")
    assert await multiplexer.copy({"PATH": environ["PATH"]}, "x") is False
