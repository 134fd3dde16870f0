"""All messages with a consumer, asked for page after page, to be written to a file."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from connector.wire import answers, limits, requests
from connector.wire.views import MessageView


class WholeTranscript(Struct, frozen=True):
    """`messages` are those that are here, oldest first: the latest were asked for first."""

    conversation_id: str
    messages: tuple[MessageView, ...] = ()
    ends: str = ""  # why there are no older ones, in words
    is_complete: bool = False

    def next_page(self) -> requests.GetHistory | None:
        """What is to be asked for; None: nothing more."""
        if self.is_complete:
            return None
        before = self.messages[0].id if self.messages else None
        return requests.GetHistory(self.conversation_id, before=before, limit=limits.PAGE_SIZE)


def is_page(wanted: requests.GetHistory) -> bool:
    """Whether a page was asked for a whole transcript; panes ask for smaller ones."""
    return wanted.limit == limits.PAGE_SIZE


def with_page(
    whole: WholeTranscript | None, history: answers.History, wanted: requests.GetHistory
) -> WholeTranscript | None:
    if whole is None or whole.next_page() != wanted:
        return whole  # another one is wanted by now
    is_complete = not (history.more and history.messages)
    return replace(whole, messages=(*history.messages, *whole.messages), ends=history.ends, is_complete=is_complete)
