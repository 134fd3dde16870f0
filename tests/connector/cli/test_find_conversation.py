from __future__ import annotations

import os

import pytest

from connector.cli.find_conversation import conversation_id
from connector.console.failure import CommandFailed
from connector.wire.views import ConversationView

FIRST = "01K5ZZZZZZAAAAAAAAAAAAAAAA"
SECOND = "01K5ZZZZZZBBBBBBBBBBBBBBBB"
OTHER_LINE = "01K5ZZZZZZCCCCCCCCCCCCCCCC"
CLOSED = "01K4ZZZZZZDDDDDDDDDDDDDDDD"
ANNA, BEN = "+14155550111", "+447700900114"


def view(identity: str, consumer: str, state: str = "assigned") -> ConversationView:
    return ConversationView(
        id=identity,
        version=1,
        state=state,
        account="main",
        line="+14155550100",
        consumer=consumer,
        skill="general",
        agent=None,
        opened_at=0,
        last_at=0,
        queued_at=None,
        waiting_since=None,
        closed_at=None,
        last_seq=1,
        unread=0,
        last_text="",
        last_direction="inbound",
        opted_out=False,
        reason="",
    )


KNOWN = [
    view(FIRST, ANNA, "queued"),
    view(SECOND, BEN),
    view(OTHER_LINE, BEN),
    view(CLOSED, ANNA, "closed"),
    view("01K3ZZZZZZEEEEEEEEEEEEEEEE", "55501"),
]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (FIRST, FIRST),
        ("01K5ZZZZZZA", FIRST),
        ("01k5zzzzzza", FIRST),
        (ANNA, FIRST),
        ("14155550111", FIRST),
        ("+1 (415) 555-0111", FIRST),
        ("55501", "01K3ZZZZZZEEEEEEEEEEEEEEEE"),
        (CLOSED, CLOSED),
        ("01K0000000000000000000000F", "01K0000000000000000000000F"),
    ],
)
def test_exactly_one_match(asked: str, found: str) -> None:
    assert conversation_id(asked, KNOWN) == found


@pytest.mark.parametrize(
    ("asked", "code", "words"),
    [
        (BEN, os.EX_USAGE, f"{SECOND}, {OTHER_LINE}"),
        ("01K5", os.EX_USAGE, "any of 3"),
        ("01K4", 1, "textdesk queue --all"),
        ("+4915550000", 1, "No open conversation"),
        ("", 1, "No open conversation"),
        ("\x1b[2J", 1, "No open conversation"),
    ],
)
def test_no_match_or_several(asked: str, code: int, words: str) -> None:
    with pytest.raises(CommandFailed, match=words.replace("+", r"\+")) as caught:
        conversation_id(asked, KNOWN)
    assert caught.value.exit_code == code
