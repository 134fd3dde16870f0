"""A token file is read again at each connection, where that takes nothing else away."""

from __future__ import annotations

import os
import pty
from pathlib import Path

from connector.base.token_file import TokenFile


def test_a_file_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "ann.token"
    file.write_text("first\n")
    file.chmod(0o600)
    token = TokenFile(file)
    file.write_text("second\n")
    assert token() == "second"
    file.write_text("")
    assert token() == "second", "it is just being written"
    file.unlink()
    assert token() == "second"


def test_a_terminal_is_not_read_again() -> None:
    """What is typed there by then is for another, and the event loop would wait for it."""
    terminal, typed_into = pty.openpty()
    try:
        os.write(terminal, b"a reply\n\x04")
        assert TokenFile(Path(f"/dev/fd/{typed_into}"), "given")() == "given"
    finally:
        os.close(typed_into)
        os.close(terminal)
