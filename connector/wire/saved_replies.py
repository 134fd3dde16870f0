"""Saved replies: texts for reuse, their actions, and what desks ask about them."""

from typing import Annotated

from msgspec import Meta, Struct

from connector.wire import limits
from connector.wire.field_types import Key, Number


class ReplyActions(Struct, frozen=True):
    """What is done with a conversation as a reply in it is written, and undone with it. In this order; with `closes`
    as Close does it."""

    tags: list[str] = []  # added to those it has
    outcome: str = ""
    due_s: Number | None = None  # an answer of ours is due so many seconds later
    closes: bool = False

    def __bool__(self) -> bool:
        return bool(self.tags or self.outcome or self.closes or self.due_s is not None)


class SavedReplyContent(Struct, frozen=True, kw_only=True):
    """What people write of a saved reply."""

    title: str
    text: str  # with fields; see `connector.wire.reply_fields`
    category: str = ""
    shortcut: str = ""  # a short word, another one for each of an agent's, and of those that are shared
    skills: list[Key] = []  # it is offered in conversations of these; none: in all
    language: str = ""  # of the text, as a code: de, pt-BR
    then: ReplyActions = ReplyActions()


class SavedReplyView(SavedReplyContent, frozen=True, kw_only=True):
    """A saved reply: the asker's own, or one that is shared."""

    id: str
    version: str  # another one after each change
    is_shared: bool
    changed_at: int
    changed_by: str
    uses: int = 0  # by all agents
    used_at: int | None = None  # by the asker, the last time


class NumberedWords(Struct, frozen=True):
    """A sentence about one of several saved replies, the first of which is 0."""

    number: int
    words: str


class GetSavedReplies(Struct, frozen=True, tag_field="type", tag="get_saved_replies"):
    """Your saved replies and those that are shared with you, with ids above `after`; or only these of them. Answered
    with SavedReplies: the first `limit` by id, at most `limits.SAVED_REPLIES_PAGE`."""

    after: Key = ""
    limit: Number = limits.SAVED_REPLIES_PAGE
    saved_reply_ids: Annotated[list[Key], Meta(max_length=limits.SAVED_REPLIES_PAGE)] | None = None


class PutSavedReply(SavedReplyContent, frozen=True, kw_only=True, tag_field="type", tag="put_saved_reply"):
    """Store a saved reply: a new one, or a change. Shared ones are for leads of their skills. Answered with
    SavedReplySaved; refused with newer_saved_reply when it has changed since `based_on`, with shortcut_taken, too_long
    (it would never fit into a reply) and bad_request."""

    saved_reply_id: Key = ""  # empty: a new one
    is_shared: bool = False
    based_on: Key = ""  # the `version` that was changed


class RemoveSavedReply(Struct, frozen=True, tag_field="type", tag="remove_saved_reply"):
    """Remove a saved reply. Answered with Done; refused like PutSavedReply."""

    saved_reply_id: Key
    based_on: Key = ""  # empty: whatever has changed


class ImportSavedReplies(Struct, frozen=True, tag_field="type", tag="import_saved_replies"):
    """Store many saved replies at once, all or none: each in the place of the one with its shortcut, or, without one,
    with its title and category. Answered with SavedRepliesImported, also where some are wrong; then nothing is stored,
    unless `skip_wrong`. With `is_preview` nothing is stored."""

    replies: Annotated[list[SavedReplyContent], Meta(max_length=limits.SAVED_REPLIES_AT_ONCE)]
    is_shared: bool = False
    skip_wrong: bool = False
    is_preview: bool = False
