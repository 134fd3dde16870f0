"""What happens at a scripted core: consumers text, agents reply, conversations change. All of it in memory."""

from __future__ import annotations

import itertools
import time
from collections.abc import Sequence
from typing import Any

from msgspec.structs import asdict, replace

from connector.sms.segments import measure
from connector.wire import answers, events, frames, limits
from connector.wire.contacts import ContactView, PastConversationView, PersonView
from connector.wire.saved_replies import PutSavedReply, SavedReplyContent, SavedReplyView
from connector.wire.sent_text import without_sent
from connector.wire.views import (
    AccountView,
    AgentView,
    AlertView,
    ConversationView,
    DraftView,
    HookView,
    LineTrafficView,
    LineView,
    MentionView,
    MessageView,
    OnCallView,
    PartView,
    PictureView,
    ReportRowView,
    ScheduledView,
    WebhookView,
)

LINE = "+15550199"


def _past(view: ConversationView) -> PastConversationView:
    fields = {name: getattr(view, name) for name in PastConversationView.__struct_fields__}
    return PastConversationView(**fields)


class FakeWorld:
    """Its methods make facts; `_broadcast` is for whoever tells desks."""

    def __init__(self, *, clock_ahead: int = 0) -> None:
        self.position = 0
        self.facts: list[frames.EventFrame] = []
        self.agents = {"ann": AgentView("ann", "ann", "online", 0, 4), "ben": AgentView("ben", "ben", "online", 1, 4)}
        self.lines = [LineView(LINE, "main", "support"), LineView("12345", "shorty", "orders")]
        self.accounts: list[AccountView] = []
        self.hooks: list[HookView] = []
        self.traffic: list[LineTrafficView] = []
        self.pictures: dict[str, answers.Picture] = {}
        self.role = "agent"
        self.rights = ""
        self.away_reasons = ["lunch"]
        self.history_ends = ""
        self.outcomes: list[str] = []
        self.wrap_up_s = 0
        self.targets = answers.Targets([], [])
        self.report: dict[str, list[ReportRowView]] = {}  # rows, by what they are by; all of them are the total's
        self.explained = answers.Explained(None, "", [], [], [])
        self.stranded: list[str] = []  # conversations that no one could take at the end of a shift
        self.not_told: list[str] = []  # agents whom notes mention, and who do not see where they are
        self.conversations: dict[str, ConversationView] = {}
        self.scheduled: list[ScheduledView] = []
        self.archived: dict[str, ConversationView] = {}  # closed so long ago that no list has them
        self.messages: list[MessageView] = []
        self.drafts: dict[str, DraftView] = {}
        self.mentions: dict[str, MentionView] = {}  # of the agent
        self.saved_replies: dict[str, SavedReplyView] = {}
        self.saved_replies_page = 200
        self._reply_numbers = itertools.count(1)
        self.contacts: dict[str, ContactView] = {}
        self.alerts: dict[str, AlertView] = {}
        self.on_call: list[OnCallView] = []
        self.webhook: WebhookView | None = None
        self._open: dict[tuple[str, str], str] = {}
        self._ahead = clock_ahead
        self._numbers = itertools.count(1)

    def now(self) -> int:
        return time.time_ns() // 1_000_000 + self._ahead

    def receive(
        self,
        consumer: str,
        text: str,
        *,
        line: str = LINE,
        owner: str | None = None,
        at: int | None = None,
        part: PartView | None = None,
        overflow: int = 0,
        pictures: list[PictureView] | None = None,
    ) -> MessageView:
        """A consumer texts; a new conversation goes to `owner`, or to the queue."""
        at = self.now() if at is None else at
        view = self.open_between(line, consumer)
        if view is None:
            view = self.opened(line, consumer, owner, at)
        message = self._message(view, "inbound", text, at, part=part, overflow=overflow, pictures=pictures)
        old, shown = view, view.last_part
        view = self._put(replace(view, waiting_since=view.waiting_since or at, unread=view.unread + 1), message)
        if part and shown and part.reference == shown.reference and part.number > shown.number:
            # As the core does: a text in segments is shown by its first, and unread once.
            view = replace(view, unread=max(1, old.unread), last_text=old.last_text, last_part=shown)
            self.conversations[view.id] = view
        self.tell(events.MessageReceived(conversation=view, message=message), at)
        return message

    def open_between(self, line: str, consumer: str) -> ConversationView | None:
        return self.conversations.get(self._open.get((consumer, line), ""))

    def end(self, consumer: str, line: str) -> None:
        """The consumer's next text on this line opens another conversation."""
        self._open.pop((consumer, line), None)

    def archive(self, conversation_id: str, closed_at: int) -> None:
        """It was closed long ago."""
        view = self.conversations.pop(conversation_id)
        self.end(view.consumer, view.line)
        self.archived[view.id] = replace(view, state="closed", agent=None, closed_at=closed_at, waiting_since=None)

    def others_than(self, agent: str) -> list[ConversationView]:
        """Colleagues' conversations and closed ones."""
        return [
            view
            for view in self.conversations.values()
            if view.state == "closed"
            or (view.state in ("assigned", "wrap_up") and view.agent != agent and agent not in view.joined)
        ]

    def opened(self, line: str, consumer: str, owner: str | None, at: int) -> ConversationView:
        view = ConversationView(
            id=self.new_id("C"),
            version=0,
            state="assigned" if owner else "queued",
            account=next((known.account for known in self.lines if known.address == line), "main"),
            line=line,
            consumer=consumer,
            skill="support",
            agent=owner,
            opened_at=at,
            last_at=at,
            queued_at=None if owner else at,
            waiting_since=None,
            closed_at=None,
            last_seq=0,
            unread=0,
            last_text="",
            last_direction="inbound",
            opted_out=False,
            reason="least loaded of support" if owner else "nobody of support is free",
        )
        self._open[consumer, line] = view.id
        return view

    def person(self, conversation_id: str) -> PersonView:
        """The consumer of a conversation, and their others."""
        known = self.archived | self.conversations
        consumer = known[conversation_id].consumer
        theirs = [view for view in known.values() if view.consumer == consumer]
        others = [view for view in theirs if view.id != conversation_id][::-1]
        return PersonView(
            self.contacts.get(consumer, ContactView(consumer)),
            len(others),
            min(view.opened_at for view in theirs),
            [_past(view) for view in others[: limits.PAST_CONVERSATIONS]],
        )

    def record(self, consumer: str, by: str = "ben", **fields: Any) -> ContactView:
        """An agent records something of a consumer."""
        before = self.contacts.get(consumer, ContactView(consumer))
        now = replace(before, **fields, version=self.new_id("V"), changed_at=self.now(), changed_by=by)
        self.contacts[consumer] = now
        for view in list(self.conversations.values()):
            if view.consumer == consumer and view.name != now.name:
                self.change(view.id, events.ConversationUpdated, name=now.name)
        self.tell(events.ContactChanged(consumer, "", now.name, now.version, by))
        return now

    def save_draft(self, conversation_id: str, text: str, based_on: str = "") -> str | None:
        """The version of the draft by now; None: it was changed after the one this text was made from."""
        stored = self.drafts.get(conversation_id)
        if text == (stored.text if stored else ""):
            return stored.version if stored else ""
        if based_on != (stored.version if stored else ""):
            return None
        return self._put_draft(conversation_id, text)

    def _put_draft(self, conversation_id: str, text: str) -> str:
        self.drafts.pop(conversation_id, None)
        version = self.new_id("D") if text else ""
        if text:
            self.drafts[conversation_id] = DraftView(conversation_id, text, version, self.now())
        self.tell(events.DraftChanged(conversation_id, version))
        return version

    def end_scheduled(self, scheduled_id: str, ended: str, *, by: str | None = None, words: str = "") -> None:
        """A reply waits for its moment no more: what was not sent is its author's draft again."""
        one = next(each for each in self.scheduled if each.id == scheduled_id)
        self.scheduled.remove(one)
        if ended != "sent":
            before = self.drafts.get(one.conversation_id)
            self._put_draft(one.conversation_id, "\n".join(filter(None, (one.text, before.text if before else ""))))
        told = {"scheduled": one, "ended": ended, "by": by, "words": words}
        self.change(one.conversation_id, events.ScheduleEnded, told, scheduled_at=None)

    def save_reply(self, by: str, content: SavedReplyContent) -> SavedReplyView:
        """Store one, as the request that put it or with nothing but its content: then it is shared."""
        put = content if isinstance(content, PutSavedReply) else PutSavedReply(**asdict(content), is_shared=True)
        fields = {name: getattr(put, name) for name in SavedReplyContent.__struct_fields__}
        saved = SavedReplyView(
            **fields,
            id=put.saved_reply_id or f"R{next(self._reply_numbers):09d}",
            version=f"V{next(self._reply_numbers):09d}",
            is_shared=put.is_shared,
            changed_at=self.now(),
            changed_by=by,
        )
        self.saved_replies[saved.id] = saved
        self.tell(events.SavedRepliesChanged([saved.id]))
        return saved

    def move_picture(self, message: MessageView, picture: PictureView) -> None:
        """A picture was fetched, or could not be."""
        index = next(i for i, known in enumerate(self.messages) if known.id == message.id)
        pictures = [picture if known.id == picture.id else known for known in self.messages[index].pictures]
        self.messages[index] = replace(self.messages[index], pictures=pictures)
        self.tell(events.PictureMoved(message.conversation_id, message.id, picture))

    def write(
        self, conversation_id: str, text: str, author: str = "ann", at: int | None = None, made_from: Sequence[str] = ()
    ) -> MessageView:
        """An agent's reply is committed."""
        at = self.now() if at is None else at
        view = self.conversations[conversation_id]
        message = self._message(view, "reply", text, at, author=author)
        view = self._put(replace(view, waiting_since=None, unread=0), message)
        self.tell(events.ReplyWritten(conversation=view, message=message), at)
        self.take_sent(conversation_id, text, made_from)
        return message

    def take_sent(self, conversation_id: str, text: str, made_from: Sequence[str]) -> None:
        """The draft that a text was made from is none any more."""
        stored = self.drafts.get(conversation_id)
        if stored is not None and (rest := without_sent(stored.text, text, made_from)) != stored.text:
            self._put_draft(conversation_id, rest)

    def move(self, message: MessageView, status: str, *, code: str | None = None, words: str | None = None) -> None:
        at = self.now()
        index = next(i for i, known in enumerate(self.messages) if known.id == message.id)
        self.messages[index] = replace(self.messages[index], status=status, status_at=at, code=code, words=words)
        self.tell(events.StatusMoved(message.conversation_id, message.id, message.seq, status, at, code, words))

    def change(
        self, conversation_id: str, event: type[Any], told: dict[str, Any] | None = None, **fields: Any
    ) -> ConversationView:
        """A conversation becomes another value, told as `event`, with what else that tells."""
        view = self.conversations.get(conversation_id) or self.archived.pop(conversation_id)
        view = self.conversations[view.id] = replace(view, version=view.version + 1, **fields)
        if view.state == "closed":
            self._open.pop((view.consumer, view.line), None)
        else:
            self._open[view.consumer, view.line] = view.id
        more = {"by": view.agent} if event is events.ConversationClosed else {}
        self.tell(event(conversation=view, **{**more, **(told or {})}))
        return view

    def note(self, conversation_id: str, text: str, author: str) -> MessageView:
        """An agent writes a note for colleagues."""
        view = self.conversations[conversation_id]
        message = self._message(view, "note", text, self.now(), author=author)
        message = self._replace(replace(message, status="received", encoding="", segments=0))
        view = self.conversations[view.id] = replace(view, version=view.version + 1, last_seq=message.seq)
        self.tell(events.NoteWritten(view, message))
        return message

    def mention(self, conversation_id: str, text: str, author: str) -> None:
        """An agent names the one of the desk in a note."""
        note = self.note(conversation_id, text, author)
        mention = self.mentions[conversation_id] = MentionView(conversation_id, note.id, author, note.at)
        self.tell(events.Mentioned(mention))

    def take_back(self, message_id: str) -> bool:
        """A reply is taken back, unless it has left."""
        message = next((each for each in self.messages if each.id == message_id), None)
        if message is None or message.status != "queued":
            return False
        message = self._replace(replace(message, status="withdrawn", status_at=self.now(), words="taken back"))
        view = self.conversations[message.conversation_id]
        view = self.conversations[view.id] = replace(view, version=view.version + 1, waiting_since=view.opened_at)
        self.tell(events.ReplyUndone(view, message))
        return True

    def since(self, conversation_id: str, seen: int, reader: str) -> list[MessageView]:
        """What others wrote after the message with this `seq`."""
        return [
            each
            for each in self.messages
            if each.conversation_id == conversation_id
            and each.seq > seen
            and each.direction != "note"
            and (each.direction == "inbound" or each.author != reader)
        ]

    def _replace(self, message: MessageView) -> MessageView:
        index = next(number for number, each in enumerate(self.messages) if each.id == message.id)
        self.messages[index] = message
        return message

    def resend(self, old: MessageView, author: str) -> MessageView:
        """A reply is sent again, as another one."""
        view = self.conversations[old.conversation_id]
        message = self._replace(
            replace(self._message(view, "reply", old.text, self.now(), author=author), resends=old.id)
        )
        self.tell(events.ReplyWritten(conversation=self._put(view, message), message=message))
        old = self._replace(replace(old, resent_as=message.id, is_unsettled=False))
        self.tell(
            events.StatusMoved(
                old.conversation_id, old.id, old.seq, old.status, old.status_at, old.code, old.words, None, message.id
            )
        )
        self.change(old.conversation_id, events.ConversationRead, unsent=0, unsent_status="")
        return message

    def fail(self, message: MessageView, status: str, words: str) -> None:
        """A reply did not arrive, or may not have."""
        failed = self._replace(replace(message, status=status, words=words, is_unsettled=True))
        unsent = {"unsent": 1, "unsent_status": status, "waiting_since": message.at}
        self.change(message.conversation_id, events.SendFailed, {"message": failed}, **unsent)

    def opt_out(self, consumer: str, opted_out: bool = True) -> None:
        for view in tuple(self.conversations.values()):
            if view.consumer == consumer:
                self.conversations[view.id] = replace(view, version=view.version + 1, opted_out=opted_out)
        self.tell(events.ConsentChanged(consumer, opted_out, "keyword STOP", None))

    def tell(self, body: events.Event, at: int | None = None) -> None:
        """Commit a fact and tell every desk."""
        self.position += 1
        frame = frames.EventFrame(self.position, self.now() if at is None else at, body)
        self.facts.append(frame)
        self._broadcast(frame)

    def tell_alert(self, event: type[Any], alert: AlertView) -> None:
        """An alert becomes another value, told as `event`."""
        self.alerts[alert.id] = alert
        if alert.ended_at is not None:
            del self.alerts[alert.id]
        self.tell(event(alert))

    def tell_accounts(self, accounts: list[AccountView]) -> None:
        self.accounts = accounts
        self._broadcast(frames.AccountsFrame(accounts))

    def _broadcast(self, frame: frames.FromCore) -> None:
        raise NotImplementedError

    def new_id(self, kind: str) -> str:
        return f"{kind}{next(self._numbers):09d}"

    def _message(
        self,
        view: ConversationView,
        direction: str,
        text: str,
        at: int,
        *,
        author: str | None = None,
        part: PartView | None = None,
        overflow: int = 0,
        pictures: list[PictureView] | None = None,
    ) -> MessageView:
        measured = measure(text)
        message = MessageView(
            id=self.new_id("M"),
            conversation_id=view.id,
            seq=view.last_seq + 1,
            direction=direction,
            line=view.line,
            consumer=view.consumer,
            text=text,
            at=at,
            status="received" if direction == "inbound" else "queued",
            status_at=at,
            author=author,
            code=None,
            words=None,
            encoding=measured.encoding,
            segments=measured.segments,
            overflow=overflow,
            part=part,
            pictures=pictures or [],
        )
        self.messages.append(message)
        return message

    def _put(self, view: ConversationView, message: MessageView) -> ConversationView:
        view = replace(
            view,
            version=view.version + 1,
            last_at=message.at,
            last_seq=message.seq,
            last_text=message.text[:160],
            last_direction=message.direction,
            last_part=message.part,
        )
        self.conversations[view.id] = view
        return view
