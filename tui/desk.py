"""The desk's state and the doors through which it changes: frames from the core, wishes of the agent. No screen here.

The model is frozen and the listing is kept beside it, row by row. Whoever calls a door looks at both afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from immutables import Map
from msgspec.structs import replace

from connector.wire import frames, requests
from connector.wire.views import ConversationView
from tui.actions import intents
from tui.model import attachments, edits, fold, starting
from tui.model.listing import Listing, Scope
from tui.model.state import Asked, Attached, Model, Notice, opened, takeable, undo_ms, wraps_up


class DeskController:
    def __init__(
        self,
        *,
        ask: Callable[[str, requests.Request], None],
        new_id: Callable[[], str],
        now: Callable[[], int],
        drafts: Mapping[str, str],
        attached: Mapping[str, Sequence[Attached]],
        pending: Iterable[frames.RequestFrame],
    ) -> None:
        at = now()
        asked = {request.id: Asked(request.id, request.body, at) for request in pending}
        self.model = attachments.found_again(Model(drafts=Map(drafts), asked=Map(asked)), attached)
        self.listing = Listing()
        self._ask = ask
        self._new_id = new_id
        self._now = now
        # A doubt told to the agent is for the very next key only: told now, told before that key.
        self._doubt: str | None = None
        self._answering: str | None = None

        self.phase = "starting"
        """starting, linked, lost or awaiting: a `Phase` of the link."""
        self.link_words = ""
        """Why there is no link, or what is being done about it."""

    def link_is(self, phase: str, words: str) -> None:
        self.phase, self.link_words = phase, words

    def now(self) -> int:
        """The core's time."""
        return self._now() + self.model.ahead

    def take(self, came: Iterable[frames.FromCore]) -> None:
        """Fold what came from the core."""
        for frame in came:
            before = self.model
            ids = fold.touched(before, frame)
            self.model = fold.fold(before, frame, self._now())
            if isinstance(frame, frames.SnapshotFrame) and not frame.more:
                self._refill()
            for conversation_id in ids:
                self.listing.change(
                    before.conversations.get(conversation_id), self.model.conversations.get(conversation_id)
                )
        self.look_after()

    def look_after(self) -> None:
        """Ask for what the open transcript lacks."""
        if self.model.complete and (wanted := intents.history(self.model)):
            self.ask(wanted)

    def seen(self) -> None:
        """The agent has the open transcript before them."""
        if wanted := intents.look(self.model):
            self.ask(wanted)

    def ask(self, body: requests.Request) -> None:
        request_id = self.begin(body)
        self._ask(request_id, body)

    def begin(self, body: requests.Request) -> str:
        """Show a request as under way; whoever calls sends it."""
        request_id = self._new_id()
        self.model = fold.asking(self.model, request_id, body, self._now())
        return request_id

    def want(self, intent: intents.Intent) -> bool:
        """Ask it, or say why not."""
        if isinstance(intent, str):
            self.say(intent, bad=True)
            return False
        self.ask(intent)
        return True

    def close(self, view: ConversationView | None) -> bool:
        """Close, after a second press where something speaks against it."""
        intent = intents.close(self.model, view)
        if view is not None and not isinstance(intent, str):
            doubt = intents.close_doubt(self.model, view)
            if doubt and not self.is_sure(f"close {view.id}", doubt):
                return False
        return self.want(intent)

    def is_sure(self, about: str, doubt: str) -> bool:
        """Whether this is the second press about the same in a row, the doubt in sight; otherwise it is said."""
        if self._answering == about and self.model.notice is not None and self.model.notice.doubt:
            self.hush()
            return True
        self._doubt = about
        self.model = edits.said(self.model, Notice(doubt, here=True, doubt=True))
        return False

    def key_pressed(self) -> None:
        self._answering, self._doubt = self._doubt, None

    def wrapping(self) -> ConversationView | None:
        """The conversation this desk has just closed, if how it went may be noted now; said once."""
        view = self.model.conversations.get(self.model.closing or "")
        if view is None or not wraps_up(self.model, view):
            return None
        self.model = replace(self.model, closing=None)
        return view

    def is_ticking(self) -> bool:
        """Whether something on the screen is counted in seconds."""
        sent = takeable(self.model)
        view = opened(self.model)
        may_undo = sent is not None and view is not None and self.now() < sent.at + undo_ms(self.model, view)
        return may_undo or self.listing.ringing > 0 or self.listing.wrapping > 0

    def hush(self) -> None:
        """The notice has been read, or is over."""
        self.model = edits.quiet(self.model)

    def open(self, conversation_id: str) -> None:
        self.model = fold.opening(self.model, conversation_id)
        self.look_after()

    def older(self) -> None:
        if wanted := intents.older(self.model):
            self.ask(wanted)

    def ask_hooks(self) -> None:
        self.model = fold.asking_hooks(self.model)
        self.ask(requests.GetHooks())

    def ask_traffic(self) -> None:
        """Ask for the last hour, unless that is asked already."""
        if not any(isinstance(ask.body, requests.GetTraffic) for ask in self.model.asked.values()):
            self.ask(requests.GetTraffic())

    def ask_targets(self, conversation_id: str) -> None:
        """Ask where it can be handed, unless that is asked already."""
        self._ask_again(requests.GetTargets(conversation_id))

    def ask_why(self, conversation_id: str) -> None:
        """Ask why it is where it is, unless that is asked already."""
        self._ask_again(requests.Explain(conversation_id))

    def _ask_again(self, wanted: requests.GetTargets | requests.Explain) -> None:
        if not any(ask.body == wanted for ask in self.model.asked.values()):
            self.ask(wanted)

    def start(self, line: str, consumer: str) -> None:
        """Text somebody first: show where the text can be written."""
        self.model = starting.starting(self.model, line, consumer, self.now())

    def attach(self, conversation_id: str, name: str, data: bytes) -> None:
        """Hand a picture to the core, for the next reply there."""
        body = requests.PutPicture(data)
        request_id = self.begin(body)
        picture = Attached(name, len(data), None, request_id)
        self.model = attachments.attaching(self.model, conversation_id, picture)
        self._ask(request_id, body)

    def attach_address(self, conversation_id: str, address: str) -> None:
        """Send a picture that is on the web already."""
        self.model = attachments.attaching(self.model, conversation_id, Attached(address, None, address, None))

    def detach(self, conversation_id: str) -> None:
        """Take the last picture away again."""
        pictures = self.model.attached.get(conversation_id, ())
        self.model = attachments.put_aside(self.model, conversation_id, pictures[:-1])

    def look_at(self, picture_id: str) -> None:
        self.model = attachments.looking_at(self.model, picture_id)
        self.ask(requests.GetPicture(picture_id))

    def draft(self, conversation_id: str, text: str) -> None:
        self.model = edits.drafted(self.model, conversation_id, text)

    def say(self, words: str, *, bad: bool = False) -> None:
        """Answer the agent where they are."""
        self.model = edits.said(self.model, Notice(words, bad, here=True))

    def warn(self, words: str) -> None:
        """Tell what went wrong by itself."""
        self.model = edits.said(self.model, Notice(words, bad=True))

    def back(self) -> None:
        """The tail after a reconnection is in, as far as anybody can tell."""
        if self.model.target is not None and self.model.complete:
            self.model = fold.caught_up(self.model)

    def show(self, scope: Scope, words: str = "") -> None:
        self.listing.show(scope, words, self.model.conversations)

    def under_way(self) -> list[frames.RequestFrame]:
        """The texts a crash must not lose."""
        return [frames.RequestFrame(ask.id, body) for ask, body in fold.under_way(self.model)]

    def _refill(self) -> None:
        me = self.model.me
        self.listing.refill(self.model.conversations, me.id if me else None)
