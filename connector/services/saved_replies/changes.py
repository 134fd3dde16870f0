"""Storing and removing saved replies, one at a time or many at once, and counting their use."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from msgspec.structs import replace

from connector.domain import fact_visibility
from connector.domain.audit import AuditAction
from connector.domain.refusals import Refused
from connector.domain.saved_reply import SHARED, SavedReply, may_see, may_write
from connector.services import save
from connector.services.audit.record import record
from connector.services.refusals import unknown
from connector.services.unit_of_work import UnitOfWork
from connector.sms.storable import storable
from connector.wire import answers, events, limits, saved_reply_rules
from connector.wire.refusals import RefusalCode
from connector.wire.saved_replies import (
    ImportSavedReplies,
    NumberedWords,
    PutSavedReply,
    RemoveSavedReply,
    ReplyActions,
    SavedReplyContent,
)

_NAMED = 100  # in one event: of more, desks ask for all


def put(uow: UnitOfWork, agent: str, request: PutSavedReply) -> answers.SavedReplySaved:
    owner = SHARED if request.is_shared else agent
    content = cleaned(request)
    if (words := _flaw(uow, content)) is not None:
        code = RefusalCode.TOO_LONG if "too long" in words else RefusalCode.BAD_REQUEST
        raise Refused(code, words)
    before = uow.saved_reply(request.saved_reply_id) if request.saved_reply_id else None
    if before is not None:
        _require_version(before, request.based_on)
    _require_free(uow, owner, content.shortcut, before)
    if before is None or before.owner != owner:
        _require_room(uow, owner, 1)
    saved = _made(uow, agent, owner, content, before)
    if before is None or _content(saved) != _content(before):
        uow.tx.saved_replies.save([saved])
        _changed(uow, agent, [saved], before)
        _record(uow, agent, saved, "changed" if before else "added")
    else:
        saved = before
    notes = [words] if (words := saved_reply_rules.warning(content)) else []
    return answers.SavedReplySaved(saved.id, saved.version, notes)


def remove(uow: UnitOfWork, agent: str, request: RemoveSavedReply) -> None:
    before = uow.saved_reply(request.saved_reply_id)
    if request.based_on:
        _require_version(before, request.based_on)
    uow.tx.saved_replies.remove(before.id)
    _changed(uow, agent, [before])
    _record(uow, agent, before, "removed")


def import_all(uow: UnitOfWork, agent: str, request: ImportSavedReplies) -> answers.SavedRepliesImported:
    """Each in the place of the one of its owner with its shortcut; without a shortcut, of the one with its title and
    category that has none either."""
    owner = SHARED if request.is_shared else agent
    stored = uow.tx.saved_replies.of(owner)
    known = {_identity(one.shortcut, one.title, one.category): one for one in stored}
    seen: dict[tuple[str, ...], int] = {}
    wrong: list[NumberedWords] = []
    notes: list[NumberedWords] = []
    saved: list[SavedReply] = []
    added = unchanged = 0
    for number, one in enumerate(map(cleaned, request.replies)):
        identity = _identity(one.shortcut, one.title, one.category)
        words = _flaw(uow, one)
        if words is None and identity in seen:
            what = f"The shortcut {one.shortcut}" if one.shortcut else f"The title {one.title}"
            words = f"{what} is there already, as number {seen[identity] + 1}."
        if words is not None:
            wrong.append(NumberedWords(number, words))
            continue
        seen[identity] = number
        if (warning := saved_reply_rules.warning(one)) is not None:
            notes.append(NumberedWords(number, warning))
        before = known.get(identity)
        if before is not None and not may_write(uow.rights, before.owner, before.skills):
            what = f"the shortcut {one.shortcut}" if one.shortcut else "this title"
            wrong.append(NumberedWords(number, f"One with {what} is there, of skills that you do not lead."))
            continue
        made = _made(uow, agent, owner, one, before)
        if before is not None and _content(made) == _content(before):
            unchanged += 1
            continue
        added += before is None
        saved.append(made)
    is_done = not request.is_preview and (not wrong or request.skip_wrong)
    _require_room(uow, owner, added)
    if is_done and saved:
        uow.tx.saved_replies.save(saved)
        _changed(uow, agent, saved)
        if owner == SHARED:
            record(uow, agent, AuditAction.SAVED_REPLY_CHANGED, details={"imported": len(saved)})
    return answers.SavedRepliesImported(is_done, added, len(saved) - added, unchanged, wrong, notes)


def count_uses(uow: UnitOfWork, agent: str, saved_reply_ids: Iterable[str]) -> None:
    """Count those of which a reply was made; what the agent does not see, or was removed since, counts for nothing."""
    for one in dict.fromkeys(saved_reply_ids):
        found = uow.tx.saved_replies.get(one)
        if found is not None and may_see(uow.rights, found):
            uow.tx.saved_replies.used(one, agent, uow.now)


def cleaned(one: SavedReplyContent) -> SavedReplyContent:
    """Without blanks at the ends, and as it can be stored."""
    then = one.then
    tags = dict.fromkeys(storable(tag.strip().removeprefix("#").strip()) for tag in then.tags)
    return SavedReplyContent(
        title=storable(" ".join(one.title.split())),
        text=storable(one.text.replace("\r\n", "\n").rstrip()),
        category=storable(" ".join(one.category.split())),
        shortcut=storable(one.shortcut.strip().lower()),
        skills=list(dict.fromkeys(one.skills)),
        language=one.language.strip(),
        then=ReplyActions([*filter(None, tags)], storable(then.outcome.strip()), then.due_s, then.closes),
    )


def _flaw(uow: UnitOfWork, one: SavedReplyContent) -> str | None:
    """What is wrong with it, by its own rules and by the configuration."""
    if (words := saved_reply_rules.flaw(one)) is not None:
        return words
    if (skill := next((skill for skill in one.skills if not uow.brand.rules.knows(skill)), None)) is not None:
        return unknown("skill", skill, uow.brand.rules.names)
    outcomes = uow.brand.outcomes
    if one.then.outcome and outcomes and one.then.outcome not in outcomes:
        return unknown("outcome", one.then.outcome, outcomes)
    return None


def _made(uow: UnitOfWork, agent: str, owner: str, one: SavedReplyContent, before: SavedReply | None) -> SavedReply:
    version = uow.brand.ids.new()
    return SavedReply(
        id=before.id if before else version,
        owner=owner,
        title=one.title,
        category=one.category,
        text=one.text,
        shortcut=one.shortcut,
        skills=tuple(one.skills),
        language=one.language,
        tags=tuple(one.then.tags),
        outcome=one.then.outcome,
        due_s=one.then.due_s,
        closes=one.then.closes,
        version=version,
        changed_at=uow.now,
        changed_by=agent,
    )


def _content(one: SavedReply) -> SavedReply:
    return replace(one, version="", changed_at=0, changed_by="")


def _identity(shortcut: str, title: str, category: str) -> tuple[str, ...]:
    return (shortcut,) if shortcut else (title.casefold(), category.casefold())


def _require_version(before: SavedReply, based_on: str) -> None:
    if before.version != based_on:
        words = f"{before.changed_by} has changed it meanwhile: look at it, and change it again."
        raise Refused(RefusalCode.NEWER_SAVED_REPLY, words, version=before.version)


def _require_free(uow: UnitOfWork, owner: str, shortcut: str, before: SavedReply | None) -> None:
    if not shortcut or (before is not None and (before.owner, before.shortcut) == (owner, shortcut)):
        return
    other = uow.tx.saved_replies.with_shortcut(owner, shortcut)
    if other is not None:
        words = f"The shortcut {shortcut} is that of another saved reply"
        # A lead may write where they do not see all.
        words += f": {other.title}." if may_see(uow.rights, other) else "."
        raise Refused(RefusalCode.SHORTCUT_TAKEN, words, saved_reply_id=other.id)


def _require_room(uow: UnitOfWork, owner: str, added: int) -> None:
    most = limits.SAVED_REPLIES_SHARED if owner == SHARED else limits.SAVED_REPLIES_OF_AGENT
    if added and uow.tx.saved_replies.count(owner) + added > most:
        whose = "are shared" if owner == SHARED else "are your own"
        raise Refused(RefusalCode.BAD_REQUEST, f"At most {most:,} saved replies {whose}: remove some first.")


def _changed(uow: UnitOfWork, agent: str, replies: Collection[SavedReply], before: SavedReply | None = None) -> None:
    """Tell the desks of those whose they are, or were."""
    ids = [one.id for one in replies] if len(replies) <= _NAMED else []
    event = events.SavedRepliesChanged(ids)
    owners = {one.owner for one in (*replies, *([before] if before else []))}
    visibility = fact_visibility.of_everyone() if SHARED in owners else fact_visibility.of_own(agent)
    save.fact(uow, event, None, visibility=visibility)


def _record(uow: UnitOfWork, agent: str, one: SavedReply, state: str) -> None:
    """What is shared is said in the brand's name: the audit has who changed it."""
    if one.owner == SHARED:
        record(uow, agent, AuditAction.SAVED_REPLY_CHANGED, subject=one.id, details={"state": state})
