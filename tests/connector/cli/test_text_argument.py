"""What a shell gives a verb reaches the consumer as it was meant, or is refused in words."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import pytest

from connector.cli.text_argument import read_text
from connector.console.failure import CommandFailed
from tests.kit.commands import run


@pytest.mark.parametrize(
    ("stdin", "text"),
    [
        (b"We are open.\n", "We are open."),
        (b"one\r\ntwo\r\n", "one\ntwo"),
        (b"one\rtwo", "one\ntwo"),
        (b"a heredoc\n\n\n", "a heredoc"),
        (b"\xef\xbb\xbffrom an editor\n", "from an editor"),
        (b"C:\\new\\table\n", "C:\\new\\table"),
        (b"  indented\n\tand a tab\n", "  indented\n\tand a tab"),
        ("naïve 👍\n".encode(), "naïve 👍"),
    ],
)
def test_stdin_is_what_was_meant(monkeypatch: pytest.MonkeyPatch, stdin: bytes, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
    assert read_text(["-"]) == text


@pytest.mark.parametrize(
    ("stdin", "words"),
    [
        (b"caf\xe9", "not UTF-8"),
        ("text".encode("utf-16"), "not UTF-8"),
        (b"a\0b", "U+0000"),
        (b"\x1b[31mred\x1b[0m", "U+001B"),
        (b"", "no text"),
        (b"\r\n\r\n", "no text"),
        ("\u200b\ufeff".encode(), "nothing in it to see"),
    ],
)
def test_stdin_is_refused_in_words(monkeypatch: pytest.MonkeyPatch, stdin: bytes, words: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
    with pytest.raises(CommandFailed, match=words.replace("+", r"\+")):
        read_text(["-"])


@pytest.mark.parametrize(
    "text", ["on my way", "-5% today", "$5", "two\nlines", "a\ttab", "¡sí! 👍", "50% off*", "C:\\"]
)
def test_an_argument_is_sent_as_it_is(text: str) -> None:
    assert read_text([text]) == text


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "TEXT is missing"),
        (["on", "my", "way"], "put it in quotes"),
        (["one\\ntwo"], "as two characters"),
        (["one\\ttwo"], "as two characters"),
        (["bell\a"], "U\\+0007"),
        ([" "], "nothing in it to see"),
        ([""], "nothing in it to see"),
        (["\u2800\u3164\U000e0041\ufe0f"], "nothing in it to see"),
    ],
)
def test_an_argument_is_refused_in_words(arguments: list[str], words: str) -> None:
    with pytest.raises(CommandFailed, match=words):
        read_text(arguments)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["send", "+14155550111", os.fsdecode(b"caf\xe9")], "not UTF-8"),
        (["close", "+14155550111", "--note", os.fsdecode(b"caf\xe9")], "not UTF-8"),
        (["opt-out", "+14155550111", "--because", os.fsdecode(b"caf\xe9")], "not UTF-8"),
        (["close", "+14155550111", "--tag", os.fsdecode(b"caf\xe9")], "not UTF-8"),
        (["send", "+14155550111", "-ok"], "put -- before"),
    ],
)
async def test_a_process_refuses_it_before_it_looks_for_a_core(
    tmp_path: Path, arguments: list[str], words: str
) -> None:
    done = await run(*arguments, "--data", str(tmp_path), fresh=True)
    assert (done.code, done.out) == (os.EX_USAGE, "")
    assert words in done.err and done.err.count("\n") == 1


def test_a_flood_on_stdin_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    stdin = io.BytesIO(b"x" * 2_000_000)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(stdin))
    with pytest.raises(CommandFailed, match="too long: a text has at most 5,000 characters"):
        read_text(["-"])
