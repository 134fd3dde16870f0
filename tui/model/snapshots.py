"""A snapshot, frame by frame: the first replaces what the desk had, the others add to it."""

from __future__ import annotations

from immutables import Map
from msgspec.structs import replace

from connector.wire import frames, requests
from connector.wire.views import ConversationView
from tui.model import others, sight, urgent
from tui.model.conversations import open_conversation
from tui.model.notices import set_notice
from tui.model.packed_rows import PackedRows
from tui.model.state import Model, Notice


def snapshot(model: Model, frame: frames.SnapshotFrame) -> Model:
    before = model.connection
    is_resync = before.is_resync if before.in_snapshot else before.is_complete
    connection = replace(
        before,
        position=frame.position,
        is_complete=not frame.more,
        in_snapshot=frame.more,
        is_resync=is_resync and frame.more,
    )
    model = replace(model if before.in_snapshot else _emptied(model, frame), connection=connection)
    model = others.put(model, frame.conversations)
    if frame.more:
        return model
    me, agents = model.agents.me, model.agents.by_id
    model = replace(
        model,
        connection=replace(connection, catch_up_to=None, caught_up=0, news="", is_quiet=False),
        agents=replace(model.agents, me=agents.get(me.id, me) if me else None),
    )
    model = _with_transcript(model)
    if connection.news:
        return set_notice(model, Notice(connection.news))
    if connection.is_quiet or not is_resync:
        return model
    return set_notice(model, Notice("back: started afresh from a snapshot", is_of_return=True))


def _emptied(model: Model, frame: frames.SnapshotFrame) -> Model:
    """The core may have forgotten what the desk remembers. The shown conversation stays in sight until a frame has it
    or the last one has not."""
    shown = open_conversation(model)
    unconfirmed = shown if shown is not None and shown.id in model.conversations.by_id else None
    model = urgent.without_asked(model)
    return replace(
        model,
        fetched=replace(model.fetched, urgent=None),
        agents=replace(model.agents, by_id=Map({agent.id: agent for agent in frame.agents})),
        conversations=replace(
            model.conversations,
            by_id=PackedRows({unconfirmed.id: unconfirmed} if unconfirmed else {}),
            unconfirmed=unconfirmed.id if unconfirmed else None,
        ),
        others=others.left_out(frame),
        alerts=Map({alert.id: alert for alert in frame.alerts}),
        recent=(),
    )


def _with_transcript(model: Model) -> Model:
    """Of the open conversation messages may be missing; or the snapshot has left it out."""
    shown, conversations = model.transcript, model.conversations
    if shown is None:
        return sight.back(model)
    unconfirmed = conversations.by_id.get(conversations.unconfirmed or "")
    if unconfirmed is not None and unconfirmed.state != "closed" and model.others.is_complete:
        return sight.lost(model, unconfirmed.id)
    if shown.conversation_id not in conversations.by_id:
        return model  # a new one
    return replace(model, transcript=replace(shown, is_stale=True, is_refused=False, meanwhile=()))


def look_up(model: Model) -> requests.GetConversation | None:
    """Asks whether the open conversation, which the snapshot has left out, is still there."""
    unconfirmed = model.conversations.unconfirmed
    if unconfirmed is None or not model.connection.is_complete:
        return None
    return requests.GetConversation(unconfirmed)


def looked_up(model: Model, found: ConversationView | None, conversation_id: str) -> Model:
    """A conversation is here that was asked for by its id; None: it is none that the agent sees."""
    if found is None:
        return sight.lost(model, conversation_id)
    if conversation_id in model.others.hidden:  # the answer is older than that
        return model
    if others.is_left_out(model, found):
        model = others.fewer(model)
    return others.put(model, [others.as_it_is(model.others, found)])
