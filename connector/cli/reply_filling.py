"""A saved reply as a verb sends it: filled for one consumer."""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from connector.client.link import Link
from connector.wire.filled_reply import filled_for
from connector.wire.reply_fields import Filled
from connector.wire.saved_replies import SavedReplyContent
from connector.wire.views import ConversationView


def filled_by(link: Link, reply: SavedReplyContent, view: ConversationView) -> Filled:
    line = next((one for one in link.lines if one.address == view.line), None)
    try:
        zone = ZoneInfo(line.zone) if line is not None and line.zone else None
    except (ZoneInfoNotFoundError, ValueError, OSError):  # one that this machine does not know
        zone = None
    return filled_for(reply, view, line, link.agent.name if link.agent else "", link.now(), zone)
