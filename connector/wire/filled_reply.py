"""A saved reply as it reads for one consumer: its fields filled, before anything is counted."""

from __future__ import annotations

from datetime import tzinfo

from connector.wire.answer_by import answer_by
from connector.wire.reply_fields import Filled, fill, values_for
from connector.wire.saved_replies import SavedReplyContent
from connector.wire.views import ConversationView, LineView


def filled_for(
    reply: SavedReplyContent,
    view: ConversationView,
    line: LineView | None,
    agent: str,
    now: int,
    zone: tzinfo | None,
) -> Filled:
    """`agent`: the name of who sends it. `zone`: of the line, None: this machine's.

    An answer is due when the reply's own actions say so, else when one is due to the consumer by now.
    """
    due_at = view.due_at if reply.then.due_s is None else now + reply.then.due_s * 1000
    values = values_for(
        name=view.name,
        agent=agent,
        number=view.shown or view.consumer,
        line=view.line,
        answer_by=answer_by(due_at, now, zone, line.region if line else "", reply.language),
    )
    return fill(reply.text, values)
