"""Dialog for outcome, note and tags of a conversation, as it is closed or during its wrap-up."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.widget import Widget

from connector.wire.views import ConversationView
from tui.actions import bulk, conversation
from tui.actions.conversation import Intent
from tui.actions.keys import Context, key_for
from tui.desk import DeskController
from tui.draw.format import left
from tui.model.conversations import in_my_wrap_up
from tui.model.state import Model
from tui.screens.dialogs.dialog import DialogAnswer, Field, note_field
from tui.screens.dialogs.several import SeveralDialog, about, is_bulk
from tui.widgets.bar import Bar

_LAST_MS = 1_500
"""With less of the wrap-up left than this, what is written is recorded as it stands."""


class WrapUpDialog(SeveralDialog):
    """Where the core has a list of outcomes they are chosen from it, by the cursor or the letter that they begin with;
    else the outcome is free text."""

    ACTION = "wrap_up"
    CHOICES_LABEL = "Outcome"

    def __init__(self, desk: DeskController, views: Sequence[ConversationView]) -> None:
        self._view = views[0]
        self._doubt: str | None = None  # what the agent was asked at the last Enter
        self._outcomes = outcomes = desk.model.settings.outcomes
        free = [] if outcomes else [Field("Outcome", example="solved")]
        note = note_field(desk, "Note for colleagues", desk.model.compose.notes.get(self._view.id, ""))
        super().__init__(
            desk,
            views,
            f"How did it go with {about(views)}?",
            [*free, note, Field("Tags to add", example="parcel refund")],
            choices=("no outcome", *outcomes) if outcomes else (),
        )

    def wrong(self, answer: DialogAnswer) -> str | None:
        """Asks once where they wait for an answer, as the key does that closes at once."""
        model, view = self.desk.model, self._now
        before = self._doubt
        if len(self.views) > 1:
            current = [self.desk.current(one) for one in self.views]
            asked = bulk.run_of(model, self.ACTION, current, lambda model, view: self.ask(model, view, answer))
            confirms = key_for(model.keys, "confirm", Context.DIALOG)
            self._doubt = bulk.doubt(model, asked, current, confirms) if asked.waiting else None
        else:
            self._doubt = None if in_my_wrap_up(model, view) else conversation.close_doubt(model, view)
        return None if self._doubt == before else self._doubt

    def ask(self, model: Model, view: ConversationView, answer: DialogAnswer) -> Intent:
        *free, note, tags = (text.strip() for text in answer.texts)
        outcome = free[0] if free else "" if answer.choice == 0 else self._outcomes[answer.choice - 1]
        close = bulk.close if is_bulk(self.desk, self.views) else conversation.close
        return close(model, view, outcome, note, tuple(tags.split()))

    def title_now(self) -> str:
        view = self._now
        if view.state != "wrap_up" or view.wrap_up_until is None or len(self.views) > 1:
            return self._title
        return f"{self._title} {left(view.wrap_up_until - self.desk.now())} left"

    @property
    def _now(self) -> ConversationView:
        return self.desk.current(self._view)

    def on_mount(self) -> None:
        self.set_interval(1.0, self._pass_time)

    def first_focus(self) -> Widget | None:
        """Letters typed on, as for a reply, are no note: they lead to an outcome at most."""
        self._choices.can_focus = bool(self._outcomes)
        return self._choices if self._outcomes else super().first_focus()

    def _pass_time(self) -> None:
        """Before the wrap-up ends without the agent, record what is written."""
        if self._view.state != "wrap_up" or len(self.views) > 1:
            return
        view = self._now
        if not in_my_wrap_up(self.desk.model, view):
            self.dismiss(None)
        elif view.wrap_up_until is not None and view.wrap_up_until - self.desk.now() <= _LAST_MS and self._is_filled:
            self.confirmed(self.answer)
        else:
            self.query_one("#title", Bar).repaint()

    def on_key(self, event: events.Key) -> None:
        """A letter leads to the next outcome that begins with it."""
        if self.focused is not self._choices or not (event.character or "").isalnum():
            return
        offered, row = ["", *self._outcomes], self._choices.row
        after = (*range(row + 1, len(offered)), *range(row + 1))
        letter = (event.character or "").casefold()
        found = next((one for one in after if offered[one].casefold().startswith(letter)), None)
        if found is not None:
            self._choices.move(found - row)

    @property
    def _is_filled(self) -> bool:
        return any(text.strip() for text in self.answer.texts) or self.answer.choice > 0
