"""What a scripted core does when a desk asks for something."""

from __future__ import annotations

from typing import NamedTuple

from msgspec.structs import replace

from connector.wire import events, requests
from tests.kit.fake_world import FakeWorld


class Refused(NamedTuple):
    code: str
    words: str


def answered(core: FakeWorld, body: requests.Request, me: str) -> requests.Answer | Refused:
    """Do what agent `me` asks for, and what the answer is."""
    answer: requests.Answer = requests.Done()
    match body:
        case requests.GetHistory():
            consumer = core.conversations[body.conversation_id].consumer
            found = [m for m in core.messages if m.consumer == consumer and (not body.before or m.id < body.before)]
            answer = requests.History(found[-body.limit :], len(found) > body.limit)
        case requests.GetHooks():
            answer = requests.Hooks(core.hooks)
        case requests.Reply():
            message = core.write(body.conversation_id, body.text, me)
            answer = requests.Written(message.id)
        case requests.Start():
            view = core.open_between(body.line, body.consumer)
            if view is None:
                view = core.opened(body.line, body.consumer, me, core.now())
                core.conversations[view.id] = view
            message = core.write(view.id, body.text, me)
            answer = requests.Started(view.id, message.id)
        case requests.GetTraffic():
            answer = requests.Traffic(core.traffic)
        case requests.SetAccountMode():
            core.tell_accounts(
                [replace(known, mode=body.mode) if known.account == body.account else known for known in core.accounts]
            )
        case requests.ReleaseHook():
            core.hooks = [hook for hook in core.hooks if hook.id != body.hook_id]
        case requests.PutPicture():
            name = core.new_id("P")
            core.pictures[name] = requests.Picture("image/png", body.data)
            answer = requests.PictureKept(name, "image/png")
        case requests.GetPicture():
            if body.picture_id not in core.pictures:
                return Refused(requests.UNKNOWN_PICTURE, "There is no such picture any more.")
            answer = core.pictures[body.picture_id]
        case requests.Accept():
            if core.conversations[body.conversation_id].state != "queued":
                return Refused(requests.NOT_QUEUED, "Somebody took it first.")
            core.change(
                body.conversation_id,
                events.ConversationAssigned,
                state="assigned",
                agent=me,
                queued_at=None,
                reason=f"taken by {me}",
            )
        case requests.ReturnToQueue():
            core.change(
                body.conversation_id,
                events.ConversationQueued,
                state="queued",
                agent=None,
                queued_at=core.now(),
                reason=f"given back by {me}",
            )
        case requests.Close():
            core.change(
                body.conversation_id,
                events.ConversationClosed,
                state="closed",
                closed_at=core.now(),
                waiting_since=None,
                unread=0,
                reason=f"closed by {me}",
            )
        case requests.MarkRead():
            core.change(body.conversation_id, events.ConversationRead, unread=0)
        case requests.SetPresence():
            core.agents[me] = replace(core.agents[me], presence=body.presence)
            core.tell(events.AgentChanged(core.agents[me]))
    return answer
