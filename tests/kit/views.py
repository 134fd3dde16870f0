"""Values of the wire for tests, with everything filled in that a test does not care about."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from connector.wire import events, frames
from connector.wire.views import (
    AccountView,
    AgentView,
    AlertStepView,
    AlertView,
    ConversationView,
    ErrorCodeView,
    LineTrafficView,
    MessageView,
    TrafficBucket,
)

AT = 1_790_000_000_000
LINE = "+15550199"
CONSUMER = "+15550142"

ANN = AgentView("ann", "ann", "online", 1, 4)
BEN = AgentView("ben", "Ben", "online", 1, 4)

_CONVERSATION = ConversationView(
    id="C1",
    version=1,
    state="assigned",
    account="main",
    line=LINE,
    consumer=CONSUMER,
    skill="support",
    agent="ann",
    opened_at=AT,
    last_at=AT,
    queued_at=None,
    waiting_since=None,
    closed_at=None,
    last_seq=1,
    unread=0,
    last_text="hello",
    last_direction="inbound",
    opted_out=False,
    reason="least loaded",
)

_MESSAGE = MessageView(
    id="M1",
    conversation_id="C1",
    seq=1,
    direction="inbound",
    line=LINE,
    consumer=CONSUMER,
    text="hello",
    at=AT,
    status="received",
    status_at=AT,
    author=None,
    code=None,
    words=None,
    encoding="GSM-7",
    segments=1,
    overflow=0,
    part=None,
)


def conversation(**fields: Any) -> ConversationView:
    """Ann's, answered, unless told otherwise."""
    return replace(_CONVERSATION, **fields)


def message(**fields: Any) -> MessageView:
    return replace(_MESSAGE, **fields)


def reply(**fields: Any) -> MessageView:
    return replace(_MESSAGE, **{"direction": "reply", "author": "ann", "status": "queued", **fields})


def fact(position: int, body: events.Event) -> frames.EventFrame:
    return frames.EventFrame(position, AT + position, body)


def hello(position: int = 0, *, store: str = "s", ahead: int = 0) -> frames.Hello:
    return frames.Hello(frames.PROTOCOL, store, AT + ahead, position)


def welcome(*, resumed: bool = False) -> frames.Welcome:
    return frames.Welcome(ANN, resumed, [], 1600)


def snapshot(*views: ConversationView, position: int = 0, more: bool = False) -> frames.SnapshotFrame:
    return frames.SnapshotFrame(position, more, [ANN, BEN], list(views))


def alert(*people: str, at: int = AT, asked_as: str = "on_call", **fields: Any) -> AlertView:
    """Twenty answers of orders are overdue; these agents were asked, one after the other, a minute apart."""
    steps = [AlertStepView(at + number * 60_000, [who], asked_as) for number, who in enumerate(people)]
    known = {"id": "L1", "kind": "overdue", "account": "main", "skill": "orders", "count": 20}
    return AlertView(**{**known, "raised_at": at, "since": at, "steps": steps, **fields})


def account(name: str, provider: str = "twilio", state: str = "ok", words: str = "", **fields: Any) -> AccountView:
    known: dict[str, Any] = {
        "last_hook_at": None,
        "last_send_at": None,
        "failed": 0,
        "queue_depth": 0,
        "oldest_queued_at": None,
        "refused_hooks": 0,
        "unread_hooks": 0,
        "joins_parts": provider == "twilio",
    }
    return AccountView(name, provider, state, words, **{**known, **fields})


def traffic(account: str, line: str, **fields: Any) -> LineTrafficView:
    """A morning's hour with a few failures."""
    sent = (0, 2, 5, 9, 14, 22, 30, 28, 17, 8, 4, 6)
    buckets = [TrafficBucket(AT + n * 300_000, n, much, max(0, much - 2), much // 12) for n, much in enumerate(sent)]
    known: dict[str, Any] = {
        "skill": "support",
        "segments_per_s": 1.0,
        "buckets": buckets,
        "codes": [
            ErrorCodeView("30005", "The number is not known to the carrier.", 6),
            ErrorCodeView(None, "The call was refused.", 1),
        ],
        "queue_depth": 3,
        "oldest_queued_at": None,
        "last_inbound_at": None,
        "last_reply_at": None,
    }
    return LineTrafficView(account=account, line=line, **{**known, **fields})
