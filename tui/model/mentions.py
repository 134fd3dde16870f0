"""Notes that mention the agent, and names that are typed after an @."""

from __future__ import annotations

import re
from collections.abc import Iterable

from immutables import Map
from msgspec import Struct
from msgspec.structs import replace

from connector.wire.views import AgentView, MentionView

MOST = 4
"""So many names are offered for what was typed."""
_TYPED = re.compile(r"(?<![\w.+@/-])@([\w.-]*)$")


class UnreadMentions(Struct, frozen=True):
    """Conversations in which notes mention the agent, and that they have not opened since, with the latest of each."""

    unread: Map[str, MentionView] = Map()
    since: frozenset[str] = frozenset()  # told by events since they were asked for: the answer may be older
    is_known: bool = False  # they have been asked for since the desk connected

    def told(self, mention: MentionView) -> UnreadMentions:
        one = mention.conversation_id
        return replace(self, unread=self.unread.set(one, mention), since=self.since | {one})

    def without(self, conversation_id: str) -> UnreadMentions:
        if conversation_id not in self.unread:
            return replace(self, since=self.since | {conversation_id}) if not self.is_known else self
        return replace(self, unread=self.unread.delete(conversation_id), since=self.since | {conversation_id})

    def connected(self) -> UnreadMentions:
        """They are to be asked for."""
        return replace(self, since=frozenset(), is_known=False)

    def answered(self, found: Iterable[MentionView]) -> UnreadMentions:
        """`found`: the newest first."""
        known = {one.conversation_id: one for one in reversed([*found])}
        newer = {one: mention for one, mention in self.unread.items() if one in self.since}
        unread = {one: mention for one, mention in known.items() if one not in self.since} | newer
        return UnreadMentions(Map(unread), is_known=True)


def typed_name(before: str, agents: Iterable[AgentView]) -> tuple[int, list[AgentView]]:
    """Where the name begins that ends where `before` ends, and the agents whose names begin so; none where no name is
    being typed."""
    found = _TYPED.search(before)
    if found is None:
        return len(before), []
    typed = found[1].casefold()
    named = [one for one in agents if not one.is_disabled and one.id.casefold().startswith(typed)]
    return found.start(1), sorted(named, key=lambda one: one.id.casefold())[:MOST]
