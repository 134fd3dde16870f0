"""Erasing what is older than it is to be stored, by account: one small step at a time."""

from __future__ import annotations

from msgspec.structs import replace

from connector.base.counted import count
from connector.domain.media import MediaState
from connector.domain.retention import Retention, before
from connector.services.unit_of_work import UnitOfWork
from connector.store.erasure import AT_ONCE
from connector.store.marks import MarkKey

_CONVERSATIONS = 50  # in one step
_SLICE_MS = 3_600_000  # of time that is looked through for pictures in one step


def expire(uow: UnitOfWork) -> bool:
    """Erase some of what is too old. Returns whether more is left."""
    left = [_expire(uow, account, retention) for account, retention in uow.brand.retention.items()]
    return any(left)


def _expire(uow: UnitOfWork, account: str, retention: Retention) -> bool:
    is_more_left = False
    if retention.messages_days:
        is_more_left |= _messages(uow, account, before(uow.now, retention.messages_days))
    if retention.pictures_days:
        is_more_left |= _pictures(uow, account, before(uow.now, retention.pictures_days), retention.pictures_days)
    if retention.hooks_days:
        removed = uow.tx.erasure.remove_old_hooks(account, before(uow.now, retention.hooks_days), AT_ONCE)
        is_more_left |= removed >= AT_ONCE
    return is_more_left


def _messages(uow: UnitOfWork, account: str, closed_before: int) -> bool:
    """Conversations go as a whole: open ones not at all, closed ones with all their messages."""
    erasure = uow.tx.erasure
    left = AT_ONCE
    found = erasure.closed_before(account, closed_before, _CONVERSATIONS)
    for conversation in found:
        messages = erasure.messages_of(conversation, left)
        erasure.remove_messages(messages, is_recent=False)
        left -= len(messages)
        if left <= 0:
            return True
        erasure.remove_conversations([conversation], uow.now)
        _last_of(uow, conversation.person, closed_before)
    return len(found) == _CONVERSATIONS


def _last_of(uow: UnitOfWork, person: str, changed_before: int) -> None:
    """Where no conversation is left of a person, their contact goes, unless it was changed since this moment; and where
    there is none, what they said about being texted stays under their keyed hash."""
    if uow.tx.conversations.open_of(person) or uow.tx.conversations.has_closed(person):
        return
    contact = uow.tx.contacts.get(person)
    if contact is not None and contact.changed_at >= changed_before:
        return
    uow.tx.contacts.remove(person)
    uow.tx.consent.pseudonymise(person, uow.brand.pseudonyms.of(person))


def _pictures(uow: UnitOfWork, account: str, sent_before: int, days: int) -> bool:
    """The messages stay and say so. Their files are deleted with those that nothing refers to."""
    key = MarkKey.pictures_erased(account)
    after = uow.tx.marks.get(key)
    if after is None or after > sent_before:  # at first, or by a clock that was ahead
        after = (uow.tx.erasure.first_message_at() or sent_before) - 1
    until = min(after + _SLICE_MS, sent_before)
    if until <= after:
        return False
    words = f"It was erased after {count(days, 'day')}."
    for message in uow.tx.erasure.with_pictures(account, after, until):
        gone = tuple(
            replace(one, url="", state=MediaState.FAILED, size=None, digest=None, words=words) for one in message.media
        )
        uow.tx.messages.update(replace(message, media=gone))
    uow.tx.marks.set(key, until)
    return until < sent_before
