"""What a scripted core does when a desk asks for something."""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple

from msgspec.structs import replace

from connector.wire import administration, answers, board, contacts, events, requests, saved_replies
from connector.wire.refusals import RefusalCode
from connector.wire.views import AlertView, ConversationView, MessageView, ReportRowView, ScheduledView
from tests.kit import fake_searches
from tests.kit.fake_world import FakeWorld


class Refused(NamedTuple):
    code: str
    words: str
    messages: tuple[MessageView, ...] = ()


def answered(core: FakeWorld, body: requests.Request, me: str) -> answers.Answer | Refused:
    """Do what agent `me` asks for, and what the answer is."""
    answer: answers.Answer = answers.Done()
    match body:
        case requests.GetHistory():
            answer = fake_searches.history(core, body)
            if not body.before:
                waiting = [one for one in core.scheduled if one.conversation_id == body.conversation_id]
                answer = replace(answer, scheduled=waiting)
        case requests.GetConversation():
            if body.conversation_id not in core.conversations | core.archived:
                return Refused(RefusalCode.UNKNOWN_CONVERSATION, "There is no such conversation any more.")
            answer = answers.FoundConversation(fake_searches.view_of(core, body.conversation_id))
        case requests.Search():
            answer = fake_searches.search(core, body)
        case contacts.GetContact():
            answer = answers.PersonFound(core.person(body.conversation_id))
        case contacts.SetContact():
            consumer = core.conversations[body.conversation_id].consumer
            before = core.contacts.get(consumer)
            if body.based_on != (before.version if before else ""):
                return Refused(RefusalCode.NEWER_CONTACT, "ben has changed it since you looked at it.")
            fields = {name: getattr(body, name) for name in ("name", "language", "attributes", "notes")}
            recorded = core.record(consumer, me, **{key: value for key, value in fields.items() if value is not None})
            answer = answers.ContactSaved(recorded.version)
        case contacts.FindContacts():
            named = [one for one in core.contacts.values() if body.words.casefold() in one.name.casefold()]
            numbered = [one for one in core.contacts.values() if body.words.lstrip("+") in one.consumer]
            answer = answers.Contacts((named or numbered)[: body.limit], len(named) > body.limit)
        case requests.GetConversations():
            left = [view for view in core.others_than(me) if body.before is None or view.id < body.before]
            left.sort(key=lambda view: view.id, reverse=True)
            answer = answers.ConversationPage(left[: body.limit], len(left) > body.limit)
        case requests.SaveDraft():
            version = core.save_draft(body.conversation_id, body.text, body.based_on)
            if version is None:
                return Refused(RefusalCode.NEWER_DRAFT, "Another desk of yours has changed this draft.")
            answer = answers.DraftSaved(version)
        case requests.GetDrafts():
            ids = body.conversation_ids
            answer = answers.Drafts(
                [one for key, one in core.drafts.items() if ids is None or key in ids], core.position
            )
        case requests.GetMentions():
            found = [core.conversations[one] for one in core.mentions]
            answer = answers.FoundMentions(list(core.mentions.values()), found)
        case requests.SeeMentions():
            core.mentions.pop(body.conversation_id, None)
            core.tell(events.MentionsSeen(body.conversation_id))
        case board.GetBoard():
            answer = _board(core)
        case board.HandOn():
            owned = [view for view in core.conversations.values() if view.agent == body.shift_of]
            moved = [view.id for view in owned if view.id not in core.stranded]
            for one in moved:
                core.change(one, events.ConversationQueued, state="queued", agent=None)
            no = "No other agent of support is online."
            stay = [board.NotHandedOnView(one, no) for one in core.stranded]
            answer = answers.HandedOn(moved, stay, not_told=core.not_told if body.note else [])
        case board.UndoHandOn():
            for one in body.conversation_ids:
                core.change(one, events.ConversationAssigned, **_given(body.shift_of))
            answer = answers.HandOnUndone(body.conversation_ids, [], "online")
        case administration.GetHooks():
            answer = answers.HookPage(core.hooks)
        case requests.GetAlerts():
            answer = answers.Alerts(list(core.alerts.values()), core.on_call, core.webhook)
        case requests.GetUrgent():
            needing = [(key, view) for view in core.conversations.values() if (key := _urgency(view)) is not None]
            answer = answers.Urgent([view for _, view in sorted(needing, key=lambda one: one[0])[: body.limit]], False)
        case requests.Acknowledge():
            answer = answers.Acknowledged([_acknowledged(core, one, me) for one in body.alert_ids])
        case requests.Reply():
            if body.accept and core.conversations[body.conversation_id].agent != me:
                core.change(body.conversation_id, events.ConversationAssigned, **_given(me), reason=f"taken by {me}")
            if body.seen is not None and (newer := core.since(body.conversation_id, body.seen, me)):
                return Refused(RefusalCode.STALE, "The consumer has written since you last looked.", tuple(newer))
            message = core.write(body.conversation_id, body.text, me, made_from=body.made_from)
            if body.then is not None and body.then.closes:
                close = requests.Close(body.conversation_id, body.then.outcome, "", body.then.tags)
                _end(core, close, me, at=message.at)  # one moment, as it is one transaction
            answer = answers.Written(message.id)
        case requests.Resend():
            old = next(each for each in core.messages if each.id == body.message_id)
            if old.status == "uncertain" and not body.even_if_uncertain:
                return Refused(RefusalCode.MAY_HAVE_ARRIVED, "It may have arrived.")
            answer = answers.Written(core.resend(old, me).id)
        case requests.DecideOptOut():
            core.change(body.conversation_id, events.DueSet, {"by": me}, likely_opt_out="", opted_out=body.is_opt_out)
            if body.is_opt_out and core.conversations[body.conversation_id].state in ("queued", "ringing"):
                _end(core, requests.Close(body.conversation_id), me)
        case requests.OptOut() | requests.OptIn():
            is_opt_out = isinstance(body, requests.OptOut)
            core.opt_out(body.consumer, is_opt_out)
            answer = answers.ConsentRecorded(body.consumer, is_opt_out)
        case administration.Unmask():
            answer = answers.Unmasked(f"clear text of {body.message_id}")
        case requests.GetOverflow():
            answer = answers.Overflow(f"the rest of {body.message_id}")
        case requests.Start():
            view = core.open_between(body.line, body.consumer)
            if view is None:
                view = core.opened(body.line, body.consumer, me, core.now())
                core.conversations[view.id] = view
            message = core.write(view.id, body.text, me)
            answer = answers.Started(view.id, message.id)
        case requests.GetTraffic():
            answer = answers.Traffic(core.traffic)
        case administration.SetAccountMode():
            core.tell_accounts(
                [replace(known, mode=body.mode) if known.account == body.account else known for known in core.accounts]
            )
        case administration.ReleaseHook():
            core.hooks = [hook for hook in core.hooks if hook.id != body.hook_id]
        case requests.PutPicture():
            name = core.new_id("P")
            core.pictures[name] = answers.Picture("image/png", body.data)
            answer = answers.PictureStored(name, "image/png")
        case requests.GetPicture():
            if body.picture_id not in core.pictures:
                return Refused(RefusalCode.UNKNOWN_PICTURE, "There is no such picture any more.")
            answer = core.pictures[body.picture_id]
        case requests.Accept():
            view = core.conversations[body.conversation_id]
            if view.state != "queued" and me not in view.rings:
                return Refused(RefusalCode.NOT_QUEUED, "Somebody took it first.")
            core.change(view.id, events.ConversationAssigned, **_given(me), reason=f"taken by {me}")
        case requests.Decline():
            core.change(body.conversation_id, events.ConversationQueued, **_queued(core), reason=f"{me} declined it")
        case requests.GiveBack():
            if body.note:
                core.note(body.conversation_id, body.note, me)
            core.change(
                body.conversation_id,
                events.ConversationQueued,
                **{**_queued(core), "returned_by": me},
                reason=f"given back by {me}",
            )
        case requests.Transfer():
            return _hand_over(core, body, me)
        case requests.GetTargets():
            answer = core.targets
        case requests.Explain():
            answer = core.explained
        case requests.GetReport():
            rows = core.report.get(body.by, [])
            only = body.only.get(body.by)
            total = core.report.get("total", [ReportRowView("", "")])[0]
            shown = [row for row in rows if only is None or row.key == only]
            answer = answers.Report(body.by, body.since, core.now(), "", False, shown, total)
        case requests.WriteNote():
            answer = answers.Written(core.note(body.conversation_id, body.text, me).id)
        case requests.UndoReply():
            if not core.take_back(body.message_id):
                return Refused(RefusalCode.TOO_LATE, "It has been sent already.")
        case requests.TakeOver():
            owner = core.conversations[body.conversation_id].agent
            core.change(body.conversation_id, events.ConversationTakenOver, {"by": me, "owner": owner}, **_given(me))
        case requests.Join():
            core.change(body.conversation_id, events.ConversationJoined, {"by": me}, joined=[me])
        case requests.Leave():
            core.change(body.conversation_id, events.ConversationLeft, {"by": me}, joined=[])
        case requests.SetDue():
            fields = {"due_at": body.due_at, "reminder_at": body.due_at, "due_by": "manual"}
            core.change(body.conversation_id, events.DueSet, {"by": me}, **fields)
        case requests.ScheduleReply():
            later = ScheduledView(core.new_id("L"), body.conversation_id, me, body.text, body.send_at, core.now())
            core.scheduled.append(later)
            core.take_sent(body.conversation_id, body.text, body.made_from)
            told = {"scheduled": later}
            core.change(body.conversation_id, events.ReplyScheduled, told, scheduled_at=body.send_at, unread=0)
            answer = answers.Scheduled(later.id)
        case requests.CancelScheduled():
            core.end_scheduled(body.scheduled_id, "cancelled", by=me)
        case requests.GetScheduled():
            answer = answers.ScheduledReplies([one for one in core.scheduled if one.author == me])
        case requests.Snooze():
            core.change(
                body.conversation_id, events.ConversationSnoozed, {"by": me}, snoozed_until=body.until, back_from=""
            )
        case requests.Close():
            if core.wrap_up_s and not (body.outcome or body.note or body.tags):
                until = core.now() + core.wrap_up_s * 1000
                core.change(
                    body.conversation_id,
                    events.WrapUpBegan,
                    state="wrap_up",
                    wrap_up_until=until,
                    waiting_since=None,
                    unread=0,
                )
            else:
                _end(core, body, me)
        case requests.WrapUp():
            _end(core, body, me)
        case requests.Reopen():
            fields = {**_given(me), "closed_at": None, "wrap_up_until": None}
            core.change(body.conversation_id, events.ConversationReopened, {"by": me}, **fields)
        case requests.SignOff():
            for leaving in body.leaving:
                if leaving.choice == "close":
                    _end(core, requests.Close(leaving.conversation_id), me)
                elif leaving.choice == "return":
                    core.change(leaving.conversation_id, events.ConversationQueued, **_queued(core))
        case requests.MarkRead():
            core.change(body.conversation_id, events.ConversationRead, unread=0)
        case requests.MarkUnread():
            core.change(body.conversation_id, events.ConversationUnread, {"by": me}, unread=1)
        case requests.SetTags():
            kept = [tag for tag in core.conversations[body.conversation_id].tags if tag not in body.remove]
            tags = [*kept, *(tag for tag in body.add if tag not in kept)]
            core.change(body.conversation_id, events.TagsSet, {"by": me}, tags=tags)
        case requests.GetTags():
            used = Counter(tag for view in core.conversations.values() for tag in view.tags)
            answer = answers.Tags([tag for tag, _ in used.most_common()])
        case saved_replies.GetSavedReplies():
            ids, known = body.saved_reply_ids, sorted(core.saved_replies.values(), key=lambda one: one.id)
            page = [one for one in known if (one.id > body.after if ids is None else one.id in ids)]
            limit = core.saved_replies_page
            answer = answers.SavedReplies(page[:limit], len(page) > limit, core.position)
        case saved_replies.PutSavedReply():
            others = [one for one in core.saved_replies.values() if one.id != body.saved_reply_id]
            if body.shortcut and any(one.shortcut == body.shortcut for one in others):
                return Refused(RefusalCode.SHORTCUT_TAKEN, f"The shortcut {body.shortcut} is that of another one.")
            saved = core.save_reply(me, body)
            answer = answers.SavedReplySaved(saved.id, saved.version)
        case saved_replies.RemoveSavedReply():
            del core.saved_replies[body.saved_reply_id]
            core.tell(events.SavedRepliesChanged([body.saved_reply_id]))
        case requests.SetPresence():
            core.agents[me] = replace(core.agents[me], presence=body.presence, reason=body.reason)
            core.tell(events.AgentChanged(core.agents[me]))
    return answer


def _urgency(view: ConversationView) -> tuple[int, int] | None:
    kinds = (view.due_told == "overdue", view.state == "ringing", view.unsent > 0, view.due_told == "soon")
    if view.state == "closed" or not (any(kinds) or view.state == "queued"):
        return None
    return (*kinds, True).index(True), view.due_at or view.last_at


def _acknowledged(core: FakeWorld, alert_id: str, me: str) -> AlertView:
    alert = core.alerts[alert_id]
    if alert.acknowledged_at is None:
        alert = replace(alert, acknowledged_by=me, acknowledged_at=core.now(), next_at=None, next=[])
        core.tell_alert(events.AlertAcknowledged, alert)
    return alert


def _given(agent: str) -> dict[str, Any]:
    return {"state": "assigned", "agent": agent, "queued_at": None, "rings": [], "ring_until": None, "handed_by": None}


def _queued(core: FakeWorld) -> dict[str, Any]:
    return {"state": "queued", "agent": None, "queued_at": core.now(), "rings": [], "ring_until": None}


def _hand_over(core: FakeWorld, body: requests.Transfer, me: str) -> answers.Transferred:
    if body.note:
        core.note(body.conversation_id, body.note, me)
    not_told = core.not_told if body.note else []
    told = {"by": me, "to_skill": body.skill, "to_agent": body.agent}
    core.change(body.conversation_id, events.ConversationTransferred, told, **_queued(core), handed_by=me)
    if body.agent is None:
        core.change(body.conversation_id, events.ConversationQueued, skill=body.skill)
        return answers.Transferred(f"It waits in the queue of {body.skill}", not_told)
    until = core.now() + 300_000
    core.change(body.conversation_id, events.ConversationRang, state="ringing", rings=[body.agent], ring_until=until)
    return answers.Transferred(f"It is ringing {body.agent}", not_told)


def _end(core: FakeWorld, body: requests.Close | requests.WrapUp, me: str, *, at: int | None = None) -> None:
    if body.note:
        core.note(body.conversation_id, body.note, me)
    core.change(
        body.conversation_id,
        events.ConversationClosed,
        state="closed",
        closed_at=core.now() if at is None else at,
        closed_by=me,
        waiting_since=None,
        wrap_up_until=None,
        unread=0,
        outcome=body.outcome,
        tags=body.tags,
        reason=f"closed by {me}",
    )


def _board(core: FakeWorld) -> answers.Board:
    """A conversation takes one place, whatever happens in it."""
    agents = []
    for one in core.agents:
        has = [view for view in core.conversations.values() if view.agent == one and view.state == "assigned"]
        since = [view.waiting_since for view in has if view.waiting_since is not None]
        late = sum(view.due_told == "overdue" for view in has)
        agents.append(
            board.AgentOnBoardView(
                one,
                len(has),
                len(has),
                waiting=len(since),
                waits_since=min(since, default=None),
                overdue=late,
                unsent=sum(view.unsent > 0 for view in has),
                answered=0,
            )
        )
    queued = [view for view in core.conversations.values() if view.state == "queued"]
    since = [view.waiting_since for view in queued if view.waiting_since is not None]
    skill = board.SkillOnBoardView("support", True, len(queued), min(since, default=None), online=len(core.agents))
    return answers.Board(agents, [replace(skill, free=4.0, answered=10, in_time=9)])
