"""The filter of every desk's feed: which facts desks with the same rights are sent, and in which form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from connector.domain import fact_visibility
from connector.domain.fact_visibility import AgentVisibility, FactVisibility
from connector.domain.rights import Rights, Visibility
from connector.store.values import FactRow
from connector.wire import events, frames

_REMEMBERED = 10_000  # conversations


class VisibleFact(Struct, frozen=True, dict=True):
    """A fact, with who may see it and who could before; `before` is None where those are the same."""

    row: FactRow
    after: FactVisibility
    before: FactVisibility | None

    @cached_property
    def frame(self) -> bytes:
        return frame(self.row)

    def frame_for(self, rights: Rights) -> bytes:
        """As those are sent it who may see it: how much an agent has to do counts what is in their accounts."""
        owned = self.after.owned_for(rights) if isinstance(self.after, AgentVisibility) else None
        event = None if owned is None else frames.decode_event(self.row.fact.body)
        if owned is None or not isinstance(event, events.AgentChanged):
            return self.frame
        body = frames.encode_event(events.AgentChanged(replace(event.agent, assigned=owned)))
        return frames.frame_event(self.row.position, self.row.fact.at, body)

    @cached_property
    def hidden(self) -> bytes:
        """In its place, for those who can no longer see its conversation."""
        gone = events.ConversationHidden(self.row.fact.conversation_id or "")
        return frames.frame_event(self.row.position, self.row.fact.at, frames.encode_event(gone))


def frame(row: FactRow) -> bytes:
    return frames.frame_event(row.position, row.fact.at, row.fact.body)


def frames_for(rights: Rights, facts: Iterable[VisibleFact]) -> tuple[list[bytes], int | None]:
    """The frames for desks with these rights; and the last position, where the fact there is none they may see."""
    found: list[bytes] = []
    skipped: int | None = None
    for fact in facts:
        skipped = None
        if fact_visibility.may_see(rights, fact.after):
            found.append(fact.frame_for(rights))
        elif fact.before is not None and fact_visibility.may_see(rights, fact.before):
            found.append(fact.hidden)
        else:
            skipped = fact.row.position
    return found, skipped


class LatestVisibilities:
    """Who may see the conversations of the latest facts: for facts without a visibility of their own.

    It may forget any of them; the database has them all.
    """

    def __init__(self) -> None:
        self._by_id: dict[str, FactVisibility] = {}

    def unknown(self, rows: Iterable[FactRow]) -> set[str]:
        """The conversations whose visibility these facts need and that is not known."""
        return {
            row.fact.conversation_id
            for row in rows
            if row.fact.visibility is None and row.fact.conversation_id and row.fact.conversation_id not in self._by_id
        }

    def learn(self, ids: Iterable[str], found: Mapping[str, Visibility]) -> None:
        """Set what was read from the database. A conversation that was not found is visible to no limited agent."""
        for id_ in ids:
            self._set(id_, (found[id_],) if id_ in found else ())

    def of(self, rows: Sequence[FactRow]) -> list[VisibleFact]:
        """The facts, in order, which are learned from, too."""
        return [self._one(row) for row in rows]

    def clear(self) -> None:
        self._by_id.clear()

    def _one(self, row: FactRow) -> VisibleFact:
        fact = row.fact
        if fact.visibility is None:
            return VisibleFact(row, self._by_id.get(fact.conversation_id or "", ()), None)
        after = fact_visibility.decode(fact.visibility)
        if fact.conversation_id:
            self._set(fact.conversation_id, after)
        before = None if fact.visibility_before is None else fact_visibility.decode(fact.visibility_before)
        return VisibleFact(row, after, before)

    def _set(self, id_: str, visibility: FactVisibility) -> None:
        self._by_id.pop(id_, None)
        self._by_id[id_] = visibility
        if len(self._by_id) > _REMEMBERED:
            del self._by_id[next(iter(self._by_id))]
