"""What the main screen copies: messages, transcripts, links."""

from __future__ import annotations

from connector.base.counted import count
from connector.sms.text import one_line
from tui.draw.copied import message_text
from tui.draw.format import clock
from tui.screens.desk.saved_replies import DeskSavedReplies


class DeskCopying(DeskSavedReplies):
    def _refuse_unseen(self) -> None:
        where = "" if self.sees_messages else " Open the conversation first."
        self.refuse(f"No message is in sight here.{where}")

    def action_copy_message(self) -> None:
        message = self.transcript.last_in_sight() if self.sees_messages else None
        if message is None:
            self._refuse_unseen()
        else:
            text = message_text(message)
            self.post_message(self.Copy(text, f"the text of {clock(message.at)}, {count(len(text), 'character')}"))

    def action_copy_transcript(self) -> None:
        found = self.transcript.as_text() if self.sees_messages else None
        if found is None:
            self._refuse_unseen()
        else:
            shown = self.desk.model.transcript
            rest = "; older ones are not loaded" if shown is not None and shown.has_older else ""
            self.post_message(self.Copy(found[0], f"the transcript, {count(found[1], 'message')}{rest}"))

    async def action_links(self) -> None:
        from tui.screens.dialogs.dialog import if_answered
        from tui.screens.dialogs.links import LinksDialog

        listed = self.transcript.links() if self.sees_messages else []
        if not listed:
            self._refuse_unseen()
        else:
            await self.app.push_screen(LinksDialog(listed), if_answered(lambda answer: self._copy(*answer.texts)))

    def _copy(self, text: str) -> None:
        self.post_message(self.Copy(text, one_line(text, 60)))
