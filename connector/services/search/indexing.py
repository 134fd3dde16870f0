"""Steps of the background task that has every message in the index for search."""

from __future__ import annotations

from connector.domain.audit import AuditAction
from connector.domain.search.documents import document_of
from connector.domain.search.lookups import any_of
from connector.domain.search.terms import VERSION
from connector.services.audit.record import record
from connector.services.query import Query
from connector.services.unit_of_work import UnitOfWork
from connector.store.ports import Reading
from connector.store.search import IndexDamaged, IndexState, IndexTrouble, SearchReading
from connector.wire import administration, answers

_CHECKED, _CHECKED_QUICKLY = 16, 4  # messages
INDEX_DAMAGED = (
    "The index for search is damaged, so nothing can be searched; all else works. An administrator has it made anew"
    " with: textdesk search --rebuild"
)
INDEX_UNSUPPORTED = (
    "This build of SQLite has no FTS5, so nothing can be searched; all else works. Install a Python whose SQLite has"
    " it, or use PostgreSQL."
)


def rebuild(uow: UnitOfWork, agent: str, request: administration.RebuildSearch) -> answers.SearchState:
    """Empty the index: the task in the background begins with the oldest message."""
    if uow.tx.search.prepare().trouble is not IndexTrouble.UNSUPPORTED:
        uow.tx.search.begin_anew()
        record(uow, agent, AuditAction.SEARCH_REBUILT)
    return _shown(uow.tx.search.state())


def state(query: Query, question: administration.GetSearchState) -> answers.SearchState:
    return _shown(query.reading.search.state())


def _shown(state: IndexState) -> answers.SearchState:
    words = trouble_words(state) or not_yet(state)
    return answers.SearchState(state.number, max(state.number, state.total), words, state.trouble)


def trouble_words(state: IndexState) -> str:
    """Why nothing can be searched; empty where it can."""
    return {IndexTrouble.DAMAGED: INDEX_DAMAGED, IndexTrouble.UNSUPPORTED: INDEX_UNSUPPORTED}.get(state.trouble, "")


def not_yet(state: IndexState) -> str:
    """Which messages cannot be searched yet, where they are many."""
    if state.version != VERSION:
        return "No message can be searched yet: the index is begun in a moment."
    if state.number >= state.total:
        return ""
    share = state.number / state.total
    return f"{share:.0%} of the messages can be searched yet, the oldest first."


def give_up(uow: UnitOfWork) -> None:
    """Have the index count as damaged, unless it does already."""
    if uow.tx.search.state().trouble is IndexTrouble.NONE:
        uow.tx.search.give_up()


def check(reading: Reading, *, is_quick: bool = False) -> None:
    """Look up some messages, from the first to the last. Raises IndexDamaged where the index does not find one: not all
    damage makes a question fail.

    `is_quick`: few of them, by one word of each, the longest, as few have it: somebody waits.
    """
    count = _CHECKED_QUICKLY if is_quick else _CHECKED
    search = reading.search
    state = search.state()
    if state.trouble is not IndexTrouble.NONE or state.version != VERSION:
        return
    numbers = [state.number - state.number * part // count for part in range(count)]
    there = search.candidates(set(numbers))
    messages = search.messages([one.message_id for one in there])
    for one in there:
        terms = document_of(messages[one.message_id]).terms
        lookup = tuple(any_of([term]) for term in ([max(terms, key=_rarity)] if is_quick else terms))
        if search.find(lookup, one.number + 1, 1) != [one.number]:
            raise IndexDamaged
    # Those looked up may all have been erased since; the oldest that is stored has to be there.
    for oldest in search.messages_after("", 1):
        if oldest.id <= state.message_id and not _is_in(search, oldest.id):
            raise IndexDamaged


def _is_in(search: SearchReading, message_id: str) -> bool:
    number = search.first_number(message_id)
    return number is not None and any(one.message_id == message_id for one in search.candidates({number}))


def _rarity(term: str) -> tuple[bool, int]:
    return term[0].isalnum(), len(term)
