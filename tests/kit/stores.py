"""Real databases to open stores on, and values to put there."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, TypeVar

from connector.domain.agent import Agent, Desk
from connector.domain.alerts import Alert, AlertKind
from connector.domain.attempts import Attempt
from connector.domain.audit import AuditEntry
from connector.domain.consent.entries import ConsentEntry, ConsentKind
from connector.domain.conversation import Conversation, ConversationState
from connector.domain.delivery import Receipt
from connector.domain.media import Upload
from connector.domain.message import Direction, Message
from connector.domain.status import Status
from connector.store.ports import Store, Transaction
from connector.store.sql.store import SqlStore, open_store
from connector.store.values import Fact, FactRow, HookState, RawHook, Work
from connector.wire import limits

T = TypeVar("T")

NOW = 1_790_000_000_000
LINE = "+15550100"
CONSUMER = "+15550123"


class Place:
    """One database, and the stores that were opened on it."""

    def __init__(self, where: str | Path) -> None:
        self.where = where
        self._stores = AsyncExitStack()

    async def open(self) -> SqlStore:
        """One more store; closed at the end of the test, if not before."""
        store = await open_store(self.where)
        self._stores.push_async_callback(store.close)
        return store

    async def cores(self, count: int) -> list[SqlStore]:
        """The stores of `count` cores that share the database: on SQLite, where only one core may, all the same."""
        if isinstance(self.where, Path):
            return [await self.open()] * count
        return [await self.open() for _ in range(count)]

    async def close(self) -> None:
        await self._stores.aclose()


def _builder(make: Callable[..., T], /, **usual: Any) -> Callable[..., T]:
    """The person is the consumer unless given."""

    def build(**changes: Any) -> T:
        fields = usual | changes
        return make(**({"person": fields["consumer"]} if "consumer" in fields else {}) | fields)

    return build


conversation = _builder(
    Conversation,
    id="C1",
    account="main",
    line=LINE,
    consumer=CONSUMER,
    skill="orders",
    state=ConversationState.QUEUED,
    opened_at=NOW,
    last_at=NOW,
    queued_at=NOW,
    waiting_since=NOW,
)
message = _builder(
    Message,
    id="M1",
    conversation_id="C1",
    account="main",
    line=LINE,
    consumer=CONSUMER,
    seq=1,
    direction=Direction.INBOUND,
    text="Hello",
    at=NOW,
    status=Status.RECEIVED,
    status_at=NOW,
    ref="SM1",
)
reply = _builder(
    Message,
    id="R1",
    conversation_id="C1",
    account="main",
    line=LINE,
    consumer=CONSUMER,
    seq=2,
    direction=Direction.REPLY,
    text="Hello to you",
    at=NOW,
    status=Status.QUEUED,
    status_at=NOW,
    author="ann",
)
hook = _builder(
    RawHook,
    id="H1",
    at=NOW,
    account="main",
    path="/hooks/twilio/main/inbound",
    url="https://desk.example.com/hooks/twilio/main/inbound",
    headers={"X-Twilio-Signature": "abc="},
    body=b"Body=Hello",
    state=HookState.TAKEN,
)
attempt = _builder(Attempt, message_id="R1", number=1, account="main", started_at=NOW)
receipt = _builder(Receipt, account="main", at=NOW, status=Status.DELIVERED, raw_status="delivered", ref="SM9")
agent = _builder(Agent, id="ann", name="Ann")
desk = _builder(Desk, id="D1", agent="ann", node="n1", lease_until=NOW + 30_000)
alert = _builder(
    Alert, id="L1", kind=AlertKind.OVERDUE, account="main", skill="orders", raised_at=NOW, since=NOW, next_at=NOW
)
consent = _builder(
    ConsentEntry,
    id="E1",
    at=NOW,
    account="main",
    line=LINE,
    consumer=CONSUMER,
    kind=ConsentKind.OPTED_OUT,
    rule="keyword STOP",
    evidence="Stop",
)
work = _builder(
    Work, id="W1", kind="send", subject="R1", account="main", lane=f"{LINE} {CONSUMER}", ordinal="R1", due_at=NOW
)
upload = _builder(
    Upload,
    id="U1",
    at=NOW,
    agent="ann",
    token="T1",
    digest="0" * 64,
    content_type="image/png",
    size=9,
    expires_at=NOW + 1,
)
fact = _builder(Fact, at=NOW, kind="message_received", conversation_id="C1", body=b"{}")


def telling(*names: str) -> Callable[[Transaction], None]:
    """A use case that appends one fact for each name, with the name as its body."""
    return lambda tx: tx.facts.append([fact(body=name.encode()) for name in names])


async def audit_entries(store: Store) -> list[AuditEntry]:
    """The entries of the audit, in order."""
    found = await store.read(lambda reading: reading.audit_before(limits.BIGGEST_NUMBER, None, None, 1000))
    return found[::-1]


async def told(store: Store, after: int = 0) -> list[FactRow]:
    """Every fact there is, in order."""
    return await store.read(lambda reading: reading.facts_after(after, 1_000_000))
