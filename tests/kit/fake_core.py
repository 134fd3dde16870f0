"""A scripted core on a real Unix socket: it speaks connector.wire and keeps everything in memory.

Run it to look at the desk: `python -m tests.kit.fake_core --socket PATH [--conversations N]`, then
`python -m tui --socket PATH` in another terminal.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import io
import itertools
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from websockets.asyncio.server import Server, ServerConnection, unix_serve
from websockets.exceptions import ConnectionClosed

from connector.segments import measure
from connector.wire import events, frames, requests
from connector.wire.session import Afresh, End, Session
from connector.wire.views import (
    AccountView,
    AgentView,
    Bucket,
    CodeView,
    ConversationView,
    HookView,
    LineTrafficView,
    LineView,
    MessageView,
    PartView,
    PictureView,
)

LINE = "+15550199"
_PAGE = 2000


class FakeCore:
    """Facts are made by its methods and told to every desk; requests are kept in `asked` and answered."""

    def __init__(self, path: Path, *, store: str = "fake", clock_ahead: int = 0) -> None:
        self.path = path
        self.store = store
        self.position = 0
        self.floor = 0
        self.facts: list[frames.EventFrame] = []
        self.agents = {"ann": AgentView("ann", "ann", "online", 0, 4), "ben": AgentView("ben", "ben", "online", 1, 4)}
        self.lines = [LineView(LINE, "main", "support"), LineView("12345", "shorty", "orders")]
        self.accounts: list[AccountView] = []
        self.hooks: list[HookView] = []
        self.traffic: list[LineTrafficView] = []
        self.pictures: dict[str, requests.Picture] = {}
        self.conversations: dict[str, ConversationView] = {}
        self.messages: list[MessageView] = []
        self._open: dict[tuple[str, str], str] = {}
        self.asked: list[frames.RequestFrame] = []
        self.refuse: dict[type[Any], tuple[str, str]] = {}
        self.silent: set[type[Any]] = set()
        self.after_reply: Callable[[MessageView], None] | None = None
        self._held: list[tuple[asyncio.Queue[str], frames.RequestFrame, str]] = []
        self._answers: dict[str, frames.AnswerFrame | frames.Refusal] = {}
        self._ahead = clock_ahead
        self._connections: dict[ServerConnection, asyncio.Queue[str]] = {}
        self._numbers = itertools.count(1)
        self._server: Server | None = None

    def now(self) -> int:
        return time.time_ns() // 1_000_000 + self._ahead

    async def __aenter__(self) -> FakeCore:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        self.path.unlink(missing_ok=True)
        self._server = await unix_serve(self._serve, str(self.path), compression=None, close_timeout=0.1)

    async def stop(self) -> None:
        """As a killed process does: sockets go, state stays."""
        if self._server is not None:
            for connection in tuple(self._connections):
                connection.transport.abort()
            self._server.close()
            await self._server.wait_closed()
            self._server = None
        self.path.unlink(missing_ok=True)

    @property
    def desks(self) -> int:
        return len(self._connections)

    # What happens in the world.

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
        view = self.conversations.get(self._open.get((consumer, line), ""))
        if view is None:
            view = self._opened(line, consumer, owner, at)
        message = self._message(view, "inbound", text, at, part=part, overflow=overflow, pictures=pictures)
        view = replace(view, waiting_since=view.waiting_since or at, unread=view.unread + 1)
        view = self._put(view, message)
        self.tell(events.MessageReceived(conversation=view, message=message), at)
        return message

    def _opened(self, line: str, consumer: str, owner: str | None, at: int) -> ConversationView:
        view = ConversationView(
            id=self._id("C"),
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

    def move_picture(self, message: MessageView, picture: PictureView) -> None:
        """A picture was fetched, or could not be."""
        index = next(i for i, known in enumerate(self.messages) if known.id == message.id)
        pictures = [picture if known.id == picture.id else known for known in self.messages[index].pictures]
        self.messages[index] = replace(self.messages[index], pictures=pictures)
        self.tell(events.PictureMoved(message.conversation_id, message.id, picture))

    def write(self, conversation_id: str, text: str, author: str = "ann", at: int | None = None) -> MessageView:
        """An agent's reply is committed."""
        at = self.now() if at is None else at
        view = self.conversations[conversation_id]
        message = self._message(view, "reply", text, at, author=author)
        view = self._put(replace(view, waiting_since=None, unread=0), message)
        self.tell(events.ReplyWritten(conversation=view, message=message), at)
        return message

    def move(self, message: MessageView, status: str, *, code: str | None = None, words: str | None = None) -> None:
        at = self.now()
        index = next(i for i, known in enumerate(self.messages) if known.id == message.id)
        self.messages[index] = replace(self.messages[index], status=status, status_at=at, code=code, words=words)
        self.tell(events.StatusMoved(message.conversation_id, message.id, message.seq, status, at, code, words))

    def change(self, conversation_id: str, event: type[Any], **fields: Any) -> ConversationView:
        """A conversation becomes another value, told as `event`."""
        view = self.conversations[conversation_id]
        view = self.conversations[view.id] = replace(view, version=view.version + 1, **fields)
        if view.state == "closed":
            self._open.pop((view.consumer, view.line), None)
        self.tell(event(conversation=view) if event is not events.ConversationClosed else event(view, view.agent))
        return view

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

    def tell_accounts(self, accounts: list[AccountView]) -> None:
        self.accounts = accounts
        self._broadcast(frames.Accounts(accounts))

    def _broadcast(self, frame: frames.FromCore) -> None:
        for queue in self._connections.values():
            queue.put_nowait(frames.encode(frame))

    def _id(self, kind: str) -> str:
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
            id=self._id("M"),
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
        )
        self.conversations[view.id] = view
        return view

    # What desks ask.

    async def _serve(self, connection: ServerConnection) -> None:
        try:
            await self._converse(connection)
        except ConnectionClosed:
            pass
        finally:
            self._connections.pop(connection, None)

    async def _converse(self, connection: ServerConnection) -> None:
        session = Session(self.store)
        await connection.send(session.hello(self.now(), self.position))
        sign_in = session.received(await connection.recv())
        if not isinstance(sign_in, frames.SignIn):
            return
        queue: asyncio.Queue[str] = asyncio.Queue()
        afresh = isinstance(session.start(sign_in, self.position, self.floor), Afresh)
        me = self.agents[sign_in.agent or "ann"]
        for frame in self._opening(me, None if afresh else sign_in.after):
            queue.put_nowait(frames.encode(frame))
        self._connections[connection] = queue
        self._held.clear()
        async with asyncio.TaskGroup() as group:
            teller = group.create_task(self._tell_from(connection, queue))
            with contextlib.suppress(ConnectionClosed):
                async for data in connection:
                    request = session.received(data)
                    if isinstance(request, frames.RequestFrame):
                        self.asked.append(request)
                        self._held.append((queue, request, me.id))
                        self.answer()
                    elif isinstance(request, End):
                        await connection.close(request.code, request.reason)
            teller.cancel()

    def _opening(self, me: AgentView, after: int | None) -> list[frames.FromCore]:
        told: list[frames.FromCore] = [frames.Welcome(me, after is not None, self.lines, 1600)]
        if after is None:
            views = list(self.conversations.values())
            for first in range(0, max(len(views), 1), _PAGE):
                page = views[first : first + _PAGE]
                told.append(
                    frames.Snapshot(self.position, first + _PAGE < len(views), list(self.agents.values()), page)
                )
        told.append(frames.Accounts(self.accounts))
        return told + [fact for fact in self.facts if after is not None and fact.position > after]

    async def _tell_from(self, connection: ServerConnection, queue: asyncio.Queue[str]) -> None:
        while True:
            await connection.send(await queue.get())

    def answer(self) -> None:
        """Answer what was asked, except what is to be met with silence for now."""
        held, self._held = self._held, []
        for queue, request, me in held:
            if type(request.body) in self.silent:
                self._held.append((queue, request, me))
                continue
            if request.id not in self._answers:
                self._answers[request.id] = self._do(request, me)
            queue.put_nowait(frames.encode(self._answers[request.id]))

    def _do(self, request: frames.RequestFrame, me: str) -> frames.AnswerFrame | frames.Refusal:
        body = request.body
        if type(body) in self.refuse:
            code, words = self.refuse[type(body)]
            return frames.Refusal(request.id, code, words)
        answer: requests.Answer = requests.Done()
        match body:
            case requests.GetHistory():
                consumer = self.conversations[body.conversation_id].consumer
                found = [m for m in self.messages if m.consumer == consumer and (not body.before or m.id < body.before)]
                answer = requests.History(found[-body.limit :], len(found) > body.limit)
            case requests.GetHooks():
                answer = requests.Hooks(self.hooks)
            case requests.Reply():
                message = self.write(body.conversation_id, body.text, me)
                if self.after_reply is not None:
                    self.after_reply(message)
                answer = requests.Written(message.id)
            case requests.Start():
                view = self.conversations.get(self._open.get((body.consumer, body.line), ""))
                if view is None:
                    view = self._opened(body.line, body.consumer, me, self.now())
                    self.conversations[view.id] = view
                message = self.write(view.id, body.text, me)
                answer = requests.Started(view.id, message.id)
            case requests.GetTraffic():
                answer = requests.Traffic(self.traffic)
            case requests.SetAccountMode():
                self.tell_accounts(
                    [
                        replace(known, mode=body.mode) if known.account == body.account else known
                        for known in self.accounts
                    ]
                )
            case requests.ReleaseHook():
                self.hooks = [hook for hook in self.hooks if hook.id != body.hook_id]
            case requests.PutPicture():
                name = self._id("P")
                self.pictures[name] = requests.Picture("image/png", body.data)
                answer = requests.PictureKept(name, "image/png")
            case requests.GetPicture():
                if body.picture_id not in self.pictures:
                    return frames.Refusal(request.id, requests.UNKNOWN_PICTURE, "There is no such picture any more.")
                answer = self.pictures[body.picture_id]
            case requests.Accept():
                if self.conversations[body.conversation_id].state != "queued":
                    return frames.Refusal(request.id, requests.NOT_QUEUED, "Somebody took it first.")
                self.change(
                    body.conversation_id,
                    events.ConversationAssigned,
                    state="assigned",
                    agent=me,
                    queued_at=None,
                    reason=f"taken by {me}",
                )
            case requests.ReturnToQueue():
                self.change(
                    body.conversation_id,
                    events.ConversationQueued,
                    state="queued",
                    agent=None,
                    queued_at=self.now(),
                    reason=f"given back by {me}",
                )
            case requests.Close():
                self.change(
                    body.conversation_id,
                    events.ConversationClosed,
                    state="closed",
                    closed_at=self.now(),
                    waiting_since=None,
                    unread=0,
                    reason=f"closed by {me}",
                )
            case requests.MarkRead():
                self.change(body.conversation_id, events.ConversationRead, unread=0)
            case requests.SetPresence():
                self.agents[me] = replace(self.agents[me], presence=body.presence)
                self.tell(events.AgentChanged(self.agents[me]))
        return frames.AnswerFrame(request.id, answer)


def account(name: str, provider: str = "twilio", state: str = "ok", words: str = "", **fields: Any) -> AccountView:
    known: dict[str, Any] = {
        "last_hook_at": None,
        "last_send_at": None,
        "failed": 0,
        "queue_depth": 0,
        "oldest_queued_at": None,
        "refused_hooks": 0,
        "unread_hooks": 0,
        "joins_parts": provider == "twilio",
    }
    return AccountView(name, provider, state, words, **{**known, **fields})


_SAYINGS = (
    "Hi, my parcel was due yesterday and has not come. Can you look?",
    "ok thanks",
    "Is the shop open on Sunday?",
    "I was charged twice for order 88213, please check. The bank says both went through and I cannot reach anybody.",
    "Könnt ihr den Termin auf Freitag legen?",
    "👍",
    "STOP asking me for a survey",
    "Running 10 min late, sorry!",
    "[bold red]not markup[/] \x1b[31mnot red\x1b[0m \u202egnp.exe",
)


def fill(core: FakeCore, conversations: int, seed: int = 7) -> None:
    """A morning's work: some with ann, some in the queue, most with others or closed."""
    chance = random.Random(seed)
    now = core.now()
    for number in range(conversations):
        consumer = f"+1555{chance.randrange(10**7):07d}"
        owner = "ann" if number < 6 else None if number < 18 else "ben"
        line = "12345" if number % 5 == 3 else LINE
        began = now - chance.randrange(60_000, 5_400_000) - number * 20
        core.receive(consumer, chance.choice(_SAYINGS), line=line, owner=owner, at=began)
        view = next(reversed(core.conversations.values())) if number < 200 else None
        if view is not None and owner and chance.random() < 0.5:
            message = core.write(view.id, "We are looking into it, one moment please.", owner, began + 40_000)
            core.move(message, "delivered")
        elif view is not None and owner == "ben" and chance.random() < 0.3:
            core.change(view.id, events.ConversationClosed, state="closed", closed_at=now, waiting_since=None, unread=0)
    core.facts.clear()
    core.floor = core.position


def script(core: FakeCore) -> None:
    """One long conversation with everything a transcript can show."""
    now, consumer = core.now(), "+15550142"
    at = now - 86_400_000
    core.receive(consumer, "Do you deliver to Malmö?", owner="ann", at=at)
    view = next(reversed(core.conversations.values()))
    core.move(core.write(view.id, "Yes, within three days.", "ben", at + 60_000), "delivered")
    core.change(view.id, events.ConversationClosed, state="closed", closed_at=at + 300_000, waiting_since=None)
    at = now - 900_000
    core.receive(
        consumer,
        "Hello, I ordered three lamps last week and one of them came with a broken shade. The box "
        "was dented on the side",
        line="12345",
        owner="ann",
        at=at,
        part=PartView(7, 3, 1),
    )
    core.receive(
        consumer,
        "when the driver gave it to me, and he said I should write to you. I have kept the box and can send pictures",
        line="12345",
        owner="ann",
        at=at + 900,
        part=PartView(7, 3, 2),
    )
    core.receive(
        consumer,
        "if you need them. Can I have a new shade?",
        line="12345",
        owner="ann",
        at=at + 1700,
        part=PartView(7, 3, 3),
    )
    view = next(reversed(core.conversations.values()))
    core.move(
        core.write(
            view.id,
            "I am sorry about that! A picture of the shade and of the label on the box would help us with the carrier.",
            at=at + 120_000,
        ),
        "delivered",
    )
    core.receive(consumer, "", line="12345", at=at + 200_000, pictures=script_pictures(core))
    core.receive(consumer, "Here they are 📷 thanks", line="12345", at=at + 220_000)
    core.move(
        core.write(view.id, "Thank you. The new shade leaves today.", at=at + 400_000),
        "undelivered",
        code="30005",
        words="The number is not known to the carrier. Check it with the consumer.",
    )
    core.move(
        core.write(view.id, "It comes with DHL, and you need not send the old one back.", at=at + 420_000), "sent"
    )
    core.receive(consumer, "great, thank you so much!", line="12345", at=now - 130_000)


def script_pictures(core: FakeCore) -> list[PictureView]:
    """One of each state; the one that is kept can be shown."""
    from PIL import Image

    grey = Image.linear_gradient("L").resize((800, 600))
    data = io.BytesIO()
    Image.merge("RGB", (grey, grey.rotate(180), grey.rotate(90).resize((800, 600)))).save(data, "PNG")
    core.pictures["kept"] = requests.Picture("image/png", data.getvalue())
    return [
        PictureView("kept", "image/png", "kept", len(data.getvalue()), None),
        PictureView("late", "image/jpeg", "waiting", None, None),
        PictureView("gone", "image/jpeg", "failed", None, "The provider says 404: it is gone."),
    ]


def traffic(account: str, line: str, **fields: Any) -> LineTrafficView:
    """A morning's hour with a few failures."""
    at = 1_790_000_000_000
    sent = (0, 2, 5, 9, 14, 22, 30, 28, 17, 8, 4, 6)
    buckets = [Bucket(at + n * 300_000, n, much, max(0, much - 2), much // 12) for n, much in enumerate(sent)]
    known: dict[str, Any] = {
        "skill": "support",
        "segments_per_s": 1.0,
        "buckets": buckets,
        "codes": [
            CodeView("30005", "The number is not known to the carrier.", 6),
            CodeView(None, "The call was refused.", 1),
        ],
        "queue_depth": 3,
        "oldest_queued_at": None,
        "last_inbound_at": None,
        "last_reply_at": None,
    }
    return LineTrafficView(account=account, line=line, **{**known, **fields})


async def _run(options: argparse.Namespace) -> None:
    core = FakeCore(options.socket)
    fill(core, options.conversations)
    script(core)
    now = core.now()
    core.accounts = [
        account(
            "main",
            words="Hooks and sends both worked within the last 5 minutes.",
            last_hook_at=now - 40_000,
            last_send_at=now - 70_000,
        ),
        account(
            "shorty",
            "openmarket",
            "warning",
            "3 hooks were refused: the shared secret does not match.",
            last_hook_at=now - 600_000,
            queue_depth=2,
            oldest_queued_at=now - 240_000,
            failed=1,
            refused_hooks=3,
        ),
    ]
    core.traffic = [
        traffic("main", LINE, last_inbound_at=now - 30_000, last_reply_at=now - 70_000),
        traffic("shorty", "12345", segments_per_s=100.0, oldest_queued_at=now - 240_000, codes=[]),
    ]
    core.hooks = [
        HookView(
            "H1",
            now - 600_000,
            "shorty",
            "/hooks/openmarket/shorty/inbound",
            "refused",
            "The shared secret is not ours.",
            '{"mobileOriginate": {"content": "hello"}}',
        ),
        HookView(
            "H2",
            now - 90_000_000,
            "main",
            "/hooks/twilio/main/inbound",
            "unroutable",
            "+15550777 is no line of this account.",
            "From=%2B15550142&To=%2B15550777&Body=hi",
        ),
    ]
    loop = asyncio.get_running_loop()

    def travel(message: MessageView) -> None:
        for delay, status in ((0.3, "sending"), (0.8, "accepted"), (1.5, "sent"), (3, "delivered")):
            loop.call_later(delay, core.move, message, status)

    core.after_reply = travel
    async with core:
        while True:
            await asyncio.sleep(options.every)
            if options.every < 1000:
                core.receive(f"+1555{random.randrange(10**7):07d}", random.choice(_SAYINGS))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--socket", type=Path, required=True)
    parser.add_argument("--conversations", type=int, default=60)
    parser.add_argument("--every", type=float, default=20.0, help="seconds between new texts; 1000 or more: none")
    asyncio.run(_run(parser.parse_args()))


if __name__ == "__main__":
    main()
