"""Saved replies in the desk: fetched page by page once they are wanted, then what events name; and the macros among
what is being written."""

from __future__ import annotations

from immutables import Map
from msgspec.structs import replace

from connector.wire import answers, events, limits
from connector.wire.refusals import RefusalCode
from connector.wire.saved_replies import GetSavedReplies, PutSavedReply, ReplyActions, SavedReplyView
from tui.model.notices import set_notice
from tui.model.state import FetchedReplies, Macro, Model, Notice, StoredReply


def want(model: Model) -> Model:
    """They are looked for: have them fetched, unless they are here."""
    saved = model.saved_replies
    return model if saved.is_wanted else replace(model, saved_replies=replace(saved, is_wanted=True, refusal=""))


def to_fetch(model: Model) -> GetSavedReplies | None:
    """The next question; None: nothing is to be asked, or it is asked already."""
    saved = model.saved_replies
    if not saved.is_wanted or not model.connection.has_lists:
        return None
    if any(isinstance(one.body, GetSavedReplies) for one in model.pending.values()):
        return None
    if saved.after is not None:
        return GetSavedReplies(saved.after)
    return GetSavedReplies(saved_reply_ids=sorted(saved.stale)[: limits.SAVED_REPLIES_PAGE]) if saved.stale else None


def is_loading(model: Model) -> bool:
    return model.saved_replies.is_wanted and model.saved_replies.after is not None


def known(model: Model) -> Map[str, SavedReplyView]:
    """Those that are here: while all are fetched anew, those of before."""
    saved = model.saved_replies
    return saved.by_id or saved.arriving


def fetched(model: Model, answer: answers.SavedReplies, asked: GetSavedReplies) -> Model:
    saved = model.saved_replies
    if asked.saved_reply_ids is None:
        if asked.after != saved.after or answer.position < saved.since:  # they are fetched from the beginning again
            return model
        arriving = saved.arriving.update({one.id: one for one in answer.replies})
        if answer.more:
            return _with(model, replace(saved, arriving=arriving, after=answer.replies[-1].id))
        return _with(model, replace(saved, by_id=arriving, arriving=Map(), after=None))
    found = {one.id: one for one in answer.replies}
    gone = [one for one in asked.saved_reply_ids if one not in found and one in saved.by_id]
    by_id = saved.by_id.update(found)
    for one in gone:
        by_id = by_id.delete(one)
    # What has changed again since it was read is asked for once more.
    read = {one for one in asked.saved_reply_ids if saved.stale.get(one, 0) <= answer.position}
    stale = Map({one: at for one, at in saved.stale.items() if one not in read})
    return _with(model, replace(saved, by_id=by_id, stale=stale))


def refused(model: Model, code: str, words: str) -> Model:
    """They are asked for again when they are wanted again. An older core has none."""
    if code == RefusalCode.UNKNOWN_REQUEST:
        words = "This core stores no saved replies: it is older than this desk."
    return _with(model, replace(model.saved_replies, is_wanted=False, refusal=words))


def changed(model: Model, event: events.SavedRepliesChanged, position: int) -> Model:
    saved = model.saved_replies
    if not saved.is_wanted:
        return model
    if not event.saved_reply_ids:  # many: all are fetched again, once they are wanted again
        return afresh(model, position)
    stale = saved.stale.update(dict.fromkeys(event.saved_reply_ids, position))
    return _with(model, replace(saved, stale=stale))


def afresh(model: Model, since: int = 0) -> Model:
    """What has changed is not known: all are fetched again, once they are wanted again; until then these are shown.
    What was read before the position `since` is not taken."""
    return _with(model, FetchedReplies(by_id=model.saved_replies.by_id, since=since))


def used(model: Model, macro: Macro | None, at: int) -> Model:
    """A reply that was made of them is written: they are offered first from now on."""
    saved = model.saved_replies
    here = [saved.by_id[one] for one in (macro.saved_reply_ids if macro else ()) if one in saved.by_id]
    if not here:
        return model
    counted = {one.id: replace(one, uses=one.uses + 1, used_at=at) for one in here}
    return _with(model, replace(saved, by_id=saved.by_id.update(counted)))


def cannot_change(model: Model, reply: SavedReplyView) -> str | None:
    """Why this agent does not change or remove one, as far as the desk knows."""
    if reply.is_shared and not model.agents.is_lead:
        return "It is shared, and leads change it: “save as reply” makes one of your own."
    return None


def stored(model: Model, answer: answers.SavedReplySaved, put: PutSavedReply) -> Model:
    """What this desk has put is stored; an event has it fetched."""
    how = (
        f";{put.shortcut.lower()} and {model.keys.name('next_pane')}"
        if put.shortcut
        else model.keys.name("saved_reply")
    )
    words = f"Saved: {how} while writing puts it in. {' '.join(answer.notes)}".rstrip()
    fetched = replace(model.fetched, stored_reply=StoredReply())
    return set_notice(replace(model, fetched=fetched), Notice(words))


def not_stored(model: Model, words: str) -> Model:
    """Its dialog is still open."""
    return replace(model, fetched=replace(model.fetched, stored_reply=StoredReply(words)))


# What is done with the reply that is being written.


def with_macro(macro: Macro | None, reply: SavedReplyView) -> Macro:
    """What is done once this one is part of the text, too. The last outcome and due time count; what is closed has no
    due time."""
    before = macro.then if macro else ReplyActions()
    then = reply.then
    closes = before.closes or then.closes
    actions = ReplyActions(
        list(dict.fromkeys((*before.tags, *then.tags)))[: limits.TAG_COUNT],
        then.outcome or before.outcome,
        None if closes else before.due_s if then.due_s is None else then.due_s,
        closes,
    )
    ids = dict.fromkeys((*(macro.saved_reply_ids if macro else ()), reply.id))
    return Macro(tuple(ids)[-limits.SAVED_REPLIES_IN_TEXT :], actions)


def _with(model: Model, saved: FetchedReplies) -> Model:
    return replace(model, saved_replies=saved)
