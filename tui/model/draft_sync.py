"""Drafts that the core stores, so that the agent finds them at another desk of theirs.

A draft is saved with the version that it was made from. One that has changed elsewhere is shown here where the text
here has not changed since; where both have, the text here stays, and the other is offered beside it (`elsewhere`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from hashlib import sha256
from typing import Any

from immutables import Map
from msgspec.structs import replace

from connector.wire import answers, events, limits, requests
from connector.wire.refusals import RefusalCode
from connector.wire.views import DraftView
from tui.model.compose import set_draft
from tui.model.notices import set_notice
from tui.model.state import ComposeState, DraftSync, Model, Notice, PendingRequest, SavedDraft

_OFFER = "Another desk of yours has written something else here: F9 puts it before yours."


def digest(text: str) -> str:
    """A text in few characters, to know it again by."""
    return sha256(text.encode(errors="surrogatepass")).hexdigest()[:16]


def connected(model: Model) -> Model:
    """A connection begins: what has changed since the last one is asked for."""
    return _with(model, replace(model.compose.sync, is_known=False, is_given_up=False, refused=Map()))


def changed(model: Model, event: events.DraftChanged) -> Model:
    """A desk of the agent, perhaps this one, has changed a draft."""
    sync = model.compose.sync
    known = sync.saved.get(event.conversation_id)
    if event.version == (known.version if known else ""):
        return model
    return _with(model, replace(sync, stale=sync.stale | {event.conversation_id}))


def to_fetch(model: Model) -> requests.GetDrafts | None:
    """What is to be asked for; None: nothing is, or it is asked already."""
    sync = model.compose.sync
    if not model.connection.has_lists or sync.is_given_up or (sync.is_known and not sync.stale):
        return None
    if any(isinstance(one.body, requests.GetDrafts) for one in model.pending.values()):
        return None
    return requests.GetDrafts(sorted(sync.stale) if sync.is_known else None)


def to_save(model: Model) -> Iterator[requests.SaveDraft]:
    """What the core does not have yet, or has and should not. Of a draft that both desks have changed nothing is saved
    until the agent has chosen."""
    compose, sync = model.compose, model.compose.sync
    if not sync.is_known:
        return
    asked = {one.body.conversation_id for one in model.pending.values() if isinstance(one.body, requests.SaveDraft)}
    for one in {*compose.drafts, *sync.saved} - asked - sync.stale:
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


def fetched(model: Model, drafts: Iterable[DraftView], request: requests.GetDrafts) -> Model:
    found = {one.conversation_id: one for one in drafts}
    asked: Collection[str] = request.conversation_ids or ()
    if request.conversation_ids is None:
        asked = {*found, *model.compose.sync.saved, *model.compose.elsewhere}
    before = model.compose.elsewhere
    for one in asked:
        model = replace(model, compose=_taken(model.compose, one, found.get(one)))
    sync = model.compose.sync
    stale = frozenset() if request.conversation_ids is None else sync.stale - set(asked)
    model = _with(model, replace(sync, is_known=True, stale=stale))
    is_offered = any(one not in before for one in model.compose.elsewhere)
    return set_notice(model, Notice(_OFFER, is_error=True)) if is_offered else model


def refused(model: Model, code: str, pending: PendingRequest) -> Model:
    """Not asked for again until the text is another. An older core stores no drafts."""
    sync = model.compose.sync
    match pending.body:
        case requests.SaveDraft(conversation_id=one) if code == RefusalCode.NEWER_DRAFT:
            return _with(model, replace(sync, stale=sync.stale | {one}))
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
        stale=sync.stale - {conversation_id},
        refused=_less(sync.refused, conversation_id),
    )
    return replace(compose, elsewhere=_less(compose.elsewhere, conversation_id), sync=sync)


def _taken(compose: ComposeState, conversation_id: str, theirs: DraftView | None) -> ComposeState:
    """The state with what the core has, `theirs`, as far as that loses nothing."""
    mine, known = compose.drafts.get(conversation_id, ""), compose.sync.saved.get(conversation_id)
    is_unchanged = not mine or _is_saved(mine, known)
    if theirs is None:
        if known is not None and is_unchanged:
            compose = set_draft(compose, conversation_id, "")
        sync = replace(compose.sync, saved=_less(compose.sync.saved, conversation_id))
        return replace(compose, sync=sync, elsewhere=_less(compose.elsewhere, conversation_id))
    if known is not None and known.version == theirs.version:
        return replace(compose, elsewhere=_less(compose.elsewhere, conversation_id))
    if is_unchanged or mine == theirs.text:
        return _known(set_draft(compose, conversation_id, theirs.text), theirs)
    return replace(compose, elsewhere=compose.elsewhere.set(conversation_id, theirs))


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
