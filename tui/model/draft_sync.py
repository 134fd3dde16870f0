"""Drafts that the core stores, so that the agent finds them at another desk of theirs.

A draft is saved with the version that it was made from. One that has changed elsewhere is shown here where the text
here has not changed since; where both have, the text here stays, and the other is offered beside it (`elsewhere`).
What one desk has sent, and what was deleted there before, is a draft at none; what was added to it at another stays
there. An answer that tells more than the events that are here waits for them: the text of a reply would come back as a
draft.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from immutables import Map
from msgspec.structs import replace

from connector.wire import answers, events, limits, requests
from connector.wire.masks import is_shown_as
from connector.wire.refusals import RefusalCode
from connector.wire.sent_text import after, beginning, digest, without_sent
from connector.wire.views import DraftView, MessageView
from tui.model.compose import set_draft, set_macro
from tui.model.conversations import recipient
from tui.model.notices import set_notice
from tui.model.pending import unanswered_texts
from tui.model.state import (
    ComposeState,
    DraftSync,
    FetchedDrafts,
    Model,
    Notice,
    PendingRequest,
    SavedDraft,
)


def connected(model: Model) -> Model:
    """A connection begins: what has changed since the last one is asked for."""
    return _with(model, replace(model.compose.sync, is_known=False, is_given_up=False, ahead=None, refused=Map()))


def changed(model: Model, event: events.DraftChanged, position: int) -> Model:
    """A desk of the agent, perhaps this one, has changed a draft."""
    compose, sync = model.compose, model.compose.sync
    known = compose.elsewhere.get(event.conversation_id) or sync.saved.get(event.conversation_id)
    if event.version == (known.version if known else "") and not _is_fetching(model):
        return model
    return _with(model, replace(sync, stale=sync.stale.set(event.conversation_id, position)))


def to_fetch(model: Model) -> requests.GetDrafts | None:
    """What is to be asked for; None: nothing is, or it is asked already."""
    sync = model.compose.sync
    if not model.connection.has_lists or sync.is_given_up or (sync.is_known and not sync.stale):
        return None
    if _is_fetching(model):
        return None
    return requests.GetDrafts(sorted(sync.stale) if sync.is_known else None)


def _is_fetching(model: Model) -> bool:
    """An answer is on its way, or is here and waits for events."""
    is_asked = any(isinstance(one.body, requests.GetDrafts) for one in model.pending.values())
    return is_asked or model.compose.sync.ahead is not None


def to_save(model: Model) -> Iterator[requests.SaveDraft]:
    """What the core does not have yet, or has and should not. Of a draft that both desks have changed nothing is saved
    until the agent has chosen, and of one that is being sent until it is known whether it was."""
    compose, sync = model.compose, model.compose.sync
    if not sync.is_known:
        return
    asked = {one.body.conversation_id for one in model.pending.values() if isinstance(one.body, requests.SaveDraft)}
    asked |= {recipient(text) for _, text in unanswered_texts(model)}
    for one in {*compose.drafts, *sync.saved} - asked - {*sync.stale}:
        text, known = compose.drafts.get(one, ""), sync.saved.get(one)
        is_theirs = one in compose.elsewhere or not one.isalnum()  # a text to a new consumer has no conversation
        if is_theirs or len(text) > limits.DRAFT_LENGTH or _is_saved(text, known):
            continue
        if sync.refused.get(one) != digest(text):
            yield requests.SaveDraft(one, text, known.version if known else "")


def answered(model: Model, answer: answers.DraftSaved, request: requests.SaveDraft) -> Model:
    saved = model.compose.sync.saved
    if answer.version:
        saved = saved.set(request.conversation_id, SavedDraft(answer.version, digest(request.text)))
    elif request.conversation_id in saved:
        saved = saved.delete(request.conversation_id)
    return _with(model, replace(model.compose.sync, saved=saved))


def fetched(model: Model, answer: answers.Drafts, request: requests.GetDrafts) -> Model:
    """Drafts have been fetched. Those that have changed again since they were read are fetched once more."""
    if answer.position > (model.connection.position or 0):
        return _with(model, replace(model.compose.sync, ahead=FetchedDrafts(answer, request)))
    found = {one.conversation_id: one for one in answer.drafts}
    sync = model.compose.sync
    asked: Collection[str] = request.conversation_ids or ()
    if request.conversation_ids is None:
        asked = {*found, *sync.saved, *sync.stale, *model.compose.elsewhere}
    stale = Map({one: at for one, at in sync.stale.items() if one not in asked or 0 < answer.position < at})
    model = _with(model, replace(sync, is_known=True, stale=stale))
    before = model.compose.elsewhere
    for one in asked:
        if one not in stale:
            model = replace(model, compose=_taken(model, one, found.get(one)))
    is_offered = any(one not in before for one in model.compose.elsewhere)
    if not is_offered:
        return model
    key = model.keys.name("other_draft")
    words = f"Another desk of yours has written something else here: {key} puts it before yours."
    return set_notice(model, Notice(words, is_error=True))


def caught_up(model: Model) -> Model:
    """The events that an answer was ahead of may be here by now."""
    ahead = model.compose.sync.ahead
    if ahead is None or ahead.answer.position > (model.connection.position or 0):
        return model
    return fetched(_with(model, replace(model.compose.sync, ahead=None)), ahead.answer, ahead.request)


def made_from(model: Model, conversation_id: str) -> list[str]:
    """Digests of what the core may have stored of this desk: the draft it is known to have, and one on its way."""
    known = model.compose.sync.saved.get(conversation_id)
    bodies = [one.body for one in model.pending.values() if isinstance(one.body, requests.SaveDraft)]
    asked = [digest(body.text) for body in bodies if body.conversation_id == conversation_id and body.text]
    return [*([known.digest] if known else []), *asked]


def sent_elsewhere(model: Model, message: MessageView, position: int) -> Model:
    """Another desk of the agent has sent a reply, perhaps of what is a draft here: what the core has left of it is
    fetched."""
    me, one, compose = model.agents.me, message.conversation_id, model.compose
    if me is None or message.author != me.id or message.resends is not None or one not in compose.sync.saved:
        return model
    sync = replace(compose.sync, sent=compose.sync.sent | {one}, stale=compose.sync.stale.set(one, position))
    if is_shown_as(compose.drafts.get(one, ""), message.text):
        compose = set_draft(compose, one, "")
    return _with(replace(model, compose=compose), sync)


def refused(model: Model, code: str, pending: PendingRequest) -> Model:
    """Not asked for again until the text is another. An older core stores no drafts."""
    sync = model.compose.sync
    match pending.body:
        case requests.SaveDraft(conversation_id=one) if code == RefusalCode.NEWER_DRAFT:
            return _with(model, replace(sync, stale=sync.stale.set(one, sync.stale.get(one, 0))))
        case requests.SaveDraft(conversation_id=one, text=text):
            return _with(model, replace(sync, refused=sync.refused.set(one, digest(text))))
    return given_up(model)


def given_up(model: Model) -> Model:
    """The core stores no drafts, or none that this desk can read."""
    return _with(model, replace(model.compose.sync, is_given_up=True))


def join(model: Model, conversation_id: str) -> Model:
    """Put the draft of another desk before the one that is here."""
    other = model.compose.elsewhere.get(conversation_id)
    if other is None:
        return model
    mine = model.compose.drafts.get(conversation_id, "")
    compose = set_draft(model.compose, conversation_id, "\n".join(filter(None, (other.text, mine))))
    return replace(model, compose=_known(compose, other))


def without(compose: ComposeState, conversation_id: str) -> ComposeState:
    """A conversation is erased."""
    sync = compose.sync
    sync = replace(
        sync,
        saved=_less(sync.saved, conversation_id),
        sent=sync.sent - {conversation_id},
        stale=_less(sync.stale, conversation_id),
        refused=_less(sync.refused, conversation_id),
    )
    return replace(compose, elsewhere=_less(compose.elsewhere, conversation_id), sync=sync)


def _taken(model: Model, conversation_id: str, theirs: DraftView | None) -> ComposeState:
    """The state with what the core has, `theirs`, as far as that loses nothing."""
    compose = model.compose
    if conversation_id in compose.sync.sent:
        compose = _after_sending(compose, conversation_id, theirs)
    mine, known = compose.drafts.get(conversation_id, ""), compose.sync.saved.get(conversation_id)
    is_unchanged = not mine or _is_saved(mine, known)
    if theirs is None:
        if known is not None and is_unchanged:
            compose = set_draft(compose, conversation_id, "")
        sync = replace(compose.sync, saved=_less(compose.sync.saved, conversation_id))
        return replace(compose, sync=sync, elsewhere=_less(compose.elsewhere, conversation_id))
    if known is not None and known.version == theirs.version:
        return replace(compose, elsewhere=_less(compose.elsewhere, conversation_id))
    text = theirs.text
    for _, being_sent in unanswered_texts(model):
        if isinstance(being_sent, requests.Reply) and being_sent.conversation_id == conversation_id:
            text = without_sent(text, being_sent.text, being_sent.made_from)
    if is_unchanged or mine == text:
        return _known(set_draft(compose, conversation_id, text), theirs)
    if mine.startswith(theirs.text):
        length = beginning(mine, [known.digest]) if known else 0
        if length > len(theirs.text):  # its end was deleted there, as it was written on here
            compose = set_draft(compose, conversation_id, theirs.text + mine[length:])
        return _known(compose, theirs)
    return replace(compose, elsewhere=compose.elsewhere.set(conversation_id, theirs))


def _after_sending(compose: ComposeState, conversation_id: str, theirs: DraftView | None) -> ComposeState:
    """Another desk has sent a reply, and this is what the core has now. Of a draft that was made from one that is gone,
    or that the beginning is gone of, only what was added to that stays, without the macro of the rest."""
    compose = replace(compose, sync=replace(compose.sync, sent=compose.sync.sent - {conversation_id}))
    mine, known = compose.drafts.get(conversation_id, ""), compose.sync.saved.get(conversation_id)
    length = beginning(mine, [known.digest]) if known else 0
    if not length:
        return compose
    # What is there may have been begun after sending, and be of nothing that is here.
    if theirs is not None and mine[:length].endswith(theirs.text):
        added = mine[length - len(theirs.text) :]
    else:
        added = after(mine, length)
    return set_draft(set_macro(compose, conversation_id, None), conversation_id, added)


def _known(compose: ComposeState, theirs: DraftView) -> ComposeState:
    """This draft of the core's is what the text here is made from."""
    saved = compose.sync.saved.set(theirs.conversation_id, SavedDraft(theirs.version, digest(theirs.text)))
    elsewhere = _less(compose.elsewhere, theirs.conversation_id)
    return replace(compose, elsewhere=elsewhere, sync=replace(compose.sync, saved=saved))


def _is_saved(text: str, known: SavedDraft | None) -> bool:
    return not text if known is None else known.digest == digest(text)


def _less(values: Map[str, Any], key: str) -> Map[str, Any]:
    return values.delete(key) if key in values else values


def _with(model: Model, sync: DraftSync) -> Model:
    return replace(model, compose=replace(model.compose, sync=sync))
