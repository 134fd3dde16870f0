"""How a conversation went: outcome, note and tags; in a wrap-up for as long as that lasts."""

from __future__ import annotations

from connector.wire.views import ConversationView
from tui.actions.intents import close
from tui.desk import DeskController
from tui.draw.format import left
from tui.model.conversations import in_my_wrap_up
from tui.screens.ask import Ask, DialogAnswer, Field
from tui.widgets.bar import Bar

_LAST_MS = 1_500
"""What is written when the time is nearly over is taken as it stands."""


class HowItWent(Ask):
    """Where the core has a list of outcomes they are chosen from it; else any word will do."""

    def __init__(self, desk: DeskController, view: ConversationView) -> None:
        self._desk = desk
        self._view = view
        outcomes = desk.model.settings.outcomes
        free = [] if outcomes else [Field("outcome, in a word or two")]
        super().__init__(
            f"How did it go with {view.consumer}?",
            [
                *free,
                Field("note for colleagues", desk.model.compose.notes.get(view.id, "")),
                Field("tags, with blanks between"),
            ],
            choices=("no outcome", *outcomes) if outcomes else (),
        )

    def title_now(self) -> str:
        view = self._now
        if view.state != "wrap_up" or view.wrap_up_until is None:
            return self._title
        return f"{self._title} {left(view.wrap_up_until - self._desk.now())} left"

    @property
    def _now(self) -> ConversationView:
        return self._desk.model.conversations.by_id.get(self._view.id, self._view)

    def on_mount(self) -> None:
        super().on_mount()
        self.set_interval(1.0, self._pass_time)

    def _pass_time(self) -> None:
        """A wrap-up ends by itself; what is written by then is not lost."""
        if self._view.state != "wrap_up":
            return
        view = self._now
        if not in_my_wrap_up(self._desk.model, view):
            self.dismiss(None)
        elif view.wrap_up_until is not None and view.wrap_up_until - self._desk.now() <= _LAST_MS and self._is_told:
            self.dismiss(self.answer)
        else:
            self.query_one("#title", Bar).look()

    @property
    def _is_told(self) -> bool:
        return any(text.strip() for text in self.answer.texts) or self.answer.choice > 0

    def wish(self, answer: DialogAnswer) -> None:
        """Ask the core for it."""
        outcomes = self._desk.model.settings.outcomes
        *free, note, tags = (text.strip() for text in answer.texts)
        outcome = free[0] if free else "" if answer.choice == 0 else outcomes[answer.choice - 1]
        self._desk.submit(close(self._desk.model, self._now, outcome, note, tuple(tags.split())))
