"""Dialogs about one conversation, or about all marked ones: then the answer is asked for each."""

from __future__ import annotations

from collections.abc import Sequence

from connector.base.counted import count
from connector.sms.text import one_line
from connector.wire.views import ConversationView
from tui.actions import bulk
from tui.actions.bulk import Ask
from tui.actions.conversation import Intent
from tui.desk import DeskController
from tui.model.conversations import consumer_name
from tui.model.state import Model
from tui.screens.dialogs.dialog import DialogAnswer, Field, RequestDialog

_MOST_NAME = 24


def about(views: Sequence[ConversationView]) -> str:
    """Whom a dialog is about, for its title."""
    if len(views) > 1:
        return count(len(views), "marked conversation")
    return one_line(consumer_name(views[0]), _MOST_NAME)


def is_bulk(desk: DeskController, views: Sequence[ConversationView]) -> bool:
    """Whether a dialog is about what is marked, be it one conversation."""
    return any(view.id in desk.model.marks for view in views)


def carry_out(desk: DeskController, action_id: str, views: Sequence[ConversationView], ask: Ask) -> str | None:
    """Ask this for one conversation or for several; why not, if it cannot be asked for any."""
    current = [desk.current(view) for view in views]
    if not is_bulk(desk, views) and action_id not in bulk.UNDONE_ALONE:
        intent = ask(desk.model, current[0])
        if isinstance(intent, str):
            return intent
        desk.ask(intent)
        return None
    asked = bulk.run_of(desk.model, action_id, current, ask)
    if words := desk.why_not_begun(asked):
        return words
    desk.begin_bulk(asked)
    return None


class SeveralDialog(RequestDialog):
    """What is written here is asked for each of the conversations."""

    ACTION = ""
    """The id of the action."""

    def __init__(
        self,
        desk: DeskController,
        views: Sequence[ConversationView],
        title: str,
        fields: Sequence[Field] = (),
        *,
        choices: Sequence[str] = (),
    ) -> None:
        super().__init__(desk, title, fields, choices=choices)
        self.views = views

    def ask(self, model: Model, view: ConversationView, answer: DialogAnswer) -> Intent:
        """The request about one of them."""
        raise NotImplementedError

    def intent(self, answer: DialogAnswer) -> Intent:
        return self.ask(self.desk.model, self.desk.current(self.views[0]), answer)

    def confirmed(self, answer: DialogAnswer) -> None:
        words = carry_out(self.desk, self.ACTION, self.views, lambda model, view: self.ask(model, view, answer))
        if words is None:
            self.dismiss(answer)
        else:
            self.say(words)  # what is written here stays
