"""States of a desk for tests."""

from __future__ import annotations

from typing import Any

from immutables import Map
from msgspec.structs import replace

from connector.wire.views import ConversationView, LineView
from tests.kit.views import ANN, BEN, LINE
from tui.actions.keys import DEFAULT_NAMES
from tui.model import compose
from tui.model.packed_rows import PackedRows
from tui.model.state import Agents, Attachment, Connection, Conversations, Model, Providers, Transcript


def changed(model: Model, **parts: dict[str, Any]) -> Model:
    """A model with some fields of some of its parts replaced: `changed(model, agents={"role": "lead"})`."""
    return replace(model, **{part: replace(getattr(model, part), **fields) for part, fields in parts.items()})


def drafted(model: Model, conversation_id: str, text: str) -> Model:
    return replace(model, compose=compose.set_draft(model.compose, conversation_id, text))


def attached(model: Model, conversation_id: str, picture: Attachment) -> Model:
    return replace(model, compose=compose.attach(model.compose, conversation_id, picture))


def desk(view: ConversationView, *, is_lead: bool = False) -> Model:
    """Ann's desk with one conversation, its transcript open and loaded. A reply on its line can be undone for 3 s."""
    return Model(
        agents=Agents(me=ANN, role="lead" if is_lead else "agent", by_id=Map({"ann": ANN, "ben": BEN})),
        providers=Providers(lines=(LineView(LINE, "main", "support", 3),)),
        conversations=Conversations(by_id=PackedRows({view.id: view})),
        connection=Connection(is_complete=True),
        transcript=Transcript(view.id, view.consumer, is_loading=False),
        is_entered=True,
        keys=DEFAULT_NAMES,
    )
