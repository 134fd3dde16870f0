from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.terminal import calling
from tui.terminal.output import _HARMLESS

TMUX = {"TERM": "tmux-256color", "TMUX": "/tmp/tmux-1000/default,1,0", "TERM_PROGRAM": "tmux"}


@pytest.mark.parametrize(
    ("environ", "way"),
    [
        ({}, "bell"),
        ({"TERM": "xterm-256color"}, "bell"),
        ({"TERM": "xterm-256color", "VTE_VERSION": "7600"}, "bell"),
        ({"TERM": "xterm-kitty"}, "osc9"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}, "osc9"),
        ({"TERM": "foot"}, "osc777"),
        ({**TMUX, "TERM_PROGRAM": "iTerm.app"}, "bell"),
        ({"TERM": "xterm-kitty", "STY": "1.x"}, "bell"),
    ],
)
def test_notifications_are_for_terminals_that_are_known_to_show_them(environ: dict[str, str], way: str) -> None:
    assert calling.way("auto", environ) == way
    assert [calling.way(wanted, environ) for wanted in ("off", "osc777")] == ["off", "osc777"], "the agent decides"


@pytest.mark.parametrize(
    ("how", "environ", "written"),
    [
        ("osc9", {}, "\x1b]9;Textdesk: 3 need you\x1b\\"),
        ("osc777", {}, "\x1b]777;notify;Textdesk;3 need you\x1b\\"),
        ("osc9", TMUX, "\x1bPtmux;\x1b\x1b]9;Textdesk: 3 need you\x1b\x1b\\\x1b\\"),
        ("osc777", {"STY": "1.x"}, "\x1bP\x1b]777;notify;Textdesk;3 need you\x07\x1b\\"),
    ],
)
def test_a_notification_passes_through_multiplexers(how: str, environ: dict[str, str], written: str) -> None:
    assert calling.notification(how, "3 need you", environ) == written


@given(st.text(), st.sampled_from([{}, TMUX]), st.sampled_from(["osc9", "osc777"]))
def test_no_words_end_a_sequence_or_begin_another(words: str, environ: dict[str, str], how: str) -> None:
    for written in (calling.notification(how, words, environ), calling.title(words, is_first=True)):
        empty = calling.notification(how, "", environ), calling.title("", is_first=True)
        assert len(re.findall(r"[\x00-\x1f\x7f-\x9f]", written)) in {
            len(re.findall(r"[\x00-\x1f]", one)) for one in empty
        }
        assert _HARMLESS.fullmatch(written), "the screen below it stays as it is"


@pytest.mark.parametrize(
    ("wanted", "environ", "sets"),
    [
        (None, {"TERM": "xterm-256color"}, True),
        (None, TMUX, True),
        (None, {"TERM": "linux"}, False),
        (None, {}, False),
        (None, {"TERM": "screen", "STY": "1.x"}, False),
        (True, {"TERM": "linux"}, True),
        (False, {"TERM": "xterm-256color"}, False),
    ],
)
def test_a_title_is_set_where_there_is_one(wanted: bool | None, environ: dict[str, str], sets: bool) -> None:
    assert calling.sets_title(wanted, environ) is sets


def test_the_title_from_before_is_stored_once_and_restored() -> None:
    assert calling.title("▲3 textdesk", is_first=True) == "\x1b[22;2t\x1b]2;▲3 textdesk\x07"
    assert calling.title("textdesk", is_first=False) == "\x1b]2;textdesk\x07"
    assert calling.RESTORE_TITLE.endswith("\x1b[23;2t") and _HARMLESS.fullmatch(calling.RESTORE_TITLE)
