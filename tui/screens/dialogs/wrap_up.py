"""Dialog for outcome, note and tags of a conversation, as it is closed or during its wrap-up."""

from __future__ import annotations

from connector.wire.views import ConversationView
from tui.actions import conversation
from tui.actions.conversation import Intent
from tui.desk import DeskController
from tui.draw.format import left
from tui.model.conversations import consumer_name, in_my_wrap_up
from tui.screens.dialogs.dialog import DialogAnswer, Field, RequestDialog
from tui.widgets.bar import Bar

_LAST_MS = 1_500
"""With less of the wrap-up left than this, what is written is recorded as it stands."""


class WrapUpDialog(RequestDialog):
    """Where the core has a list of outcomes they are chosen from it; else the outcome is free text."""

    CHOICES_LABEL = "Outcome"

    def __init__(self, desk: DeskController, view: ConversationView) -> None:
        self._view = view
        self._doubt: str | None = None  # what the agent was asked at the last Enter
        self._outcomes = outcomes = desk.model.settings.outcomes
        free = [] if outcomes else [Field("Outcome", example="solved")]
        note = Field("Note for colleagues", desk.model.compose.notes.get(view.id, ""))
        super().__init__(
            desk,
            f"How did it go with {consumer_name(view)}?",
            [*free, note, Field("Tags", example="parcel refund")],
            choices=("no outcome", *outcomes) if outcomes else (),
        )

    def wrong(self, answer: DialogAnswer) -> str | None:
        """Asks once where they wait for an answer, as the key does that closes at once."""
        model, view = self.desk.model, self._now
        before, self._doubt = self._doubt, None if in_my_wrap_up(model, view) else conversation.close_doubt(model, view)
        return None if self._doubt == before else self._doubt

    def intent(self, answer: DialogAnswer) -> Intent:
        *free, note, tags = (text.strip() for text in answer.texts)
        outcome = free[0] if free else "" if answer.choice == 0 else self._outcomes[answer.choice - 1]
        return conversation.close(self.desk.model, self._now, outcome, note, tuple(tags.split()))

    def title_now(self) -> str:
        view = self._now
        if view.state != "wrap_up" or view.wrap_up_until is None:
            return self._title
        return f"{self._title} {left(view.wrap_up_until - self.desk.now())} left"

    @property
    def _now(self) -> ConversationView:
        return self.desk.current(self._view)

    def on_mount(self) -> None:
        super().on_mount()
        self.set_interval(1.0, self._pass_time)

    def _pass_time(self) -> None:
        """Before the wrap-up ends without the agent, record what is written."""
        if self._view.state != "wrap_up":
            return
        view = self._now
        if not in_my_wrap_up(self.desk.model, view):
            self.dismiss(None)
        elif view.wrap_up_until is not None and view.wrap_up_until - self.desk.now() <= _LAST_MS and self._is_filled:
            self.confirmed(self.answer)
        else:
            self.query_one("#title", Bar).repaint()

    @property
    def _is_filled(self) -> bool:
        return any(text.strip() for text in self.answer.texts) or self.answer.choice > 0
