"""What an agent does on the main screen: accept, reply, give back, close, text first."""

from __future__ import annotations

from connector.sms.segments import plain
from tui.actions import intents
from tui.model.conversations import open_between
from tui.model.state import Sending
from tui.screens.ask import if_given
from tui.screens.ask_whom import AskWhom
from tui.screens.desk_moves import NavigationActions


class ReplyActions(NavigationActions):
    def action_accept(self) -> None:
        view = self.target
        if self.desk.submit(intents.accept(self.desk.model, view)) and view is not None:
            self.list_view.put_on(view.id)
            self.show_conversation(view.id)
            self.accepting = view.id
        self.look()

    def action_give_back(self) -> None:
        self.desk.submit(intents.give_back(self.desk.model, self.target))
        self.look()

    def action_close(self) -> None:
        self.desk.close(self.target)
        self.look()

    async def action_start(self) -> None:
        """Text somebody first; the text is written in the compose pane."""
        if not self.desk.model.providers.lines:
            self.tell("There is no line to text from.")
            return
        dialog = AskWhom(self.desk.model)
        await self.app.push_screen(dialog, if_given(lambda answer: self._start(dialog.whom(answer))))

    def _start(self, found: tuple[str, str] | str) -> None:
        if isinstance(found, str):
            return
        line, consumer = found
        there = open_between(self.desk.model, line, consumer)
        if there is not None:
            self.show_conversation(there.id)
            return
        self.keep_draft()
        self.desk.start(line, consumer)
        self.go_to_talk()

    def action_plain(self) -> None:
        text = plain(self.pane.text)
        if text == self.pane.text:
            self.tell("There is no look-alike character to replace.")
        else:
            self.pane.replace_all(text)

    def action_send(self) -> None:
        self.keep_draft()
        intent = intents.reply(self.desk.model, self.pane.text)
        if not isinstance(intent, Sending):
            self.tell(str(intent))
            return
        self.post_message(self.Send(self.desk.begin(intent), intent))
        self.look()
