from __future__ import annotations

import json
from typing import Any

import pytest

from connector.lab.demo.event_log import EventLog
from connector.wire import events, frames
from connector.wire.views import ConversationView, MessageView

CONSUMER, LINE = "+14155550111", "+14155550100"
CONVERSATION = ConversationView(
    id="c1",
    version=1,
    state="assigned",
    account="main",
    line=LINE,
    consumer=CONSUMER,
    skill="orders",
    agent="anna",
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


def message(identity: str, direction: str, text: str) -> MessageView:
    return MessageView(
        id=identity,
        conversation_id="c1",
        seq=1,
        direction=direction,
        line=LINE,
        consumer=CONSUMER,
        text=text,
        at=0,
        status="received" if direction == "inbound" else "queued",
        status_at=0,
        author=None if direction == "inbound" else "anna",
        code=None,
        words=None,
        encoding="GSM-7",
        segments=1,
        overflow=0,
        part=None,
    )


def moved(identity: str, status: str) -> events.StatusMoved:
    return events.StatusMoved("c1", identity, 1, status, 0, None, None)


def vendors(direction: str, text: str, hooks: int = 0) -> dict[str, Any]:
    ours = direction != "inbound"
    return {
        "direction": direction,
        "from": LINE if ours else CONSUMER,
        "to": CONSUMER if ours else LINE,
        "body": text,
        "hooks": ["h"] * hooks,
    }


def played(*bodies: events.Event) -> EventLog:
    log = EventLog(as_json=True)
    for position, body in enumerate(bodies, 1):
        log.take(frames.EventFrame(position=position, at=0, body=body))
    return log


STORY = (
    events.MessageReceived(CONVERSATION, message("m1", "inbound", "one of two")),
    events.MessageReceived(CONVERSATION, message("m2", "inbound", "two of two")),
    events.ReplyWritten(CONVERSATION, message("m3", "reply", "hello")),
    moved("m3", "sending"),
    moved("m3", "delivered"),
    events.ReplyWritten(CONVERSATION, message("m4", "reply", "hello")),
    moved("m4", "undelivered"),
    events.ReplyWritten(CONVERSATION, message("m5", "reply", "bye")),
)
HANDED = [vendors("inbound", "one of two, two of two", hooks=2)]
TAKEN = [vendors("outbound-api", "hello"), vendors("outbound-api", "hello")]


@pytest.mark.parametrize(
    ("log", "doubled"),
    [
        (HANDED + TAKEN, 0),
        (HANDED + TAKEN + [vendors("outbound-reply", "You are unsubscribed.")], 0),
        (HANDED + TAKEN + [vendors("outbound-api", "hello")], 1),
        (HANDED + TAKEN + [vendors("outbound-api", "never written")], 1),
        ([vendors("inbound", "once", hooks=1), *TAKEN], 1),
    ],
)
def test_the_summary(log: list[dict[str, Any]], doubled: int) -> None:
    assert played(*STORY).summary(log) == {
        "what": "summary",
        "inbound": 2,
        "replies": 3,
        "delivered": 1,
        "failed": 1,
        "pending": 1,
        "closed": 0,
        "consent": 0,
        "doubled": doubled,
    }


def test_one_line_per_event(capsys: pytest.CaptureFixture[str]) -> None:
    played(*STORY, events.ConversationRead(CONVERSATION), events.ConversationClosed(CONVERSATION, "anna"))
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["what"] for line in lines] == [
        *("inbound", "inbound", "reply", "status", "status", "reply", "status", "reply", "closed")
    ]
    assert lines[4] == {
        "what": "status",
        "at": 0,
        "position": 5,
        "conversation_id": "c1",
        "message_id": "m3",
        "status": "delivered",
        "words": None,
    }
