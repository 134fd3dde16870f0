"""The base of the controller of a desk: the model, requests to the core, notices, and what counts for the next key."""

from __future__ import annotations

from collections.abc import Callable

from connector.wire import requests
from connector.wire.views import ConversationView
from tui.actions.conversation import Intent
from tui.actions.undo import HeldUndo, held_words
from tui.model import panes, pending
from tui.model.notices import clear_notice, drop_held, set_notice
from tui.model.state import Model, Notice

_MOST_DIGITS = 6


class DeskState:
    def __init__(
        self,
        model: Model,
        *,
        ask: Callable[[str, requests.Request], None],
        new_id: Callable[[], str],
        now: Callable[[], int],
    ) -> None:
        self.model = model
        self._ask = ask
        self._new_id = new_id
        self._now = now
        self._count = self._next_count = ""  # typed before this key; and what is there for the next one
        # A confirmation is for the very next key only: what it is about, and what it was about before that key.
        self._to_confirm: str | None = None
        self._confirming: str | None = None

    def now(self) -> int:
        """The core's time."""
        return self._now() + self.model.connection.clock_ahead_ms

    # Requests.

    def ask(self, body: requests.Request) -> None:
        request_id = self.begin(body)
        self._ask(request_id, body)

    def begin(self, body: requests.Request) -> str:
        """Show a request as pending; the caller sends it."""
        request_id = self._new_id()
        self.model = panes.in_both(self.model, lambda model: pending.asked(model, request_id, body, self._now()))
        return request_id

    def ask_once(self, body: requests.Request) -> None:
        """Ask, unless the same is asked already."""
        if not pending.is_pending(self.model, body):
            self.ask(body)

    def submit(self, intent: Intent | HeldUndo) -> bool:
        """Ask the core, or say why not, or what is awaited first."""
        if isinstance(intent, HeldUndo):
            self.model = pending.hold_undo(self.model, intent.request_id)
            self.say(held_words(self.model, intent))
            return False
        if isinstance(intent, str):
            self.say(intent, is_error=True)
            return False
        self.ask(intent)
        return True

    # Notices.

    def say(self, words: str, *, is_error: bool = False) -> None:
        """A notice about what the agent does."""
        self.model = set_notice(self.model, Notice(words, is_error, is_local=True))

    def warn(self, words: str) -> None:
        """A notice of an error that no key of the agent has caused."""
        self.model = set_notice(self.model, Notice(words, is_error=True))

    def say_not_sent(self, words: str, view: ConversationView) -> None:
        """Show an error about a text that was not sent. It reappears after later notices until it has been read, or a
        text has been sent in that conversation."""
        about = (view.id, view.version)
        self.model = set_notice(self.model, Notice(words, is_error=True, is_news=True, about=about, is_of_unsent=True))

    def clear_notice(self) -> None:
        self.model = clear_notice(self.model)

    def drop_held_news(self) -> None:
        """They were read before a key put its own words in their place."""
        self.model = drop_held(self.model)

    def is_confirmed(self, about: str, doubt: str) -> bool:
        """Whether this is the second press about the same in a row, the doubt in sight; otherwise show the doubt."""
        notice = self.model.notices.current
        if self._confirming == about and notice is not None and notice.asks_again:
            self.clear_notice()
            return True
        self._to_confirm = about
        self.model = set_notice(self.model, Notice(doubt, is_local=True, asks_again=True))
        return False

    # Counts.

    @property
    def count(self) -> int | None:
        """The number typed right before this key, which says how often a move is made, or to which row."""
        return int(self._count) if self._count else None

    @property
    def next_count(self) -> str:
        """The number typed so far, for the next key."""
        return self._next_count

    def add_digit(self, digit: str) -> None:
        self._next_count = (self._count + digit).lstrip("0")[:_MOST_DIGITS]

    def key_pressed(self) -> None:
        self._confirming, self._to_confirm = self._to_confirm, None
        self._count, self._next_count = self._next_count, ""
