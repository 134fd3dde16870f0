"""The main screen's writing of whole transcripts to files."""

from __future__ import annotations

import asyncio

from connector.base.counted import count
from connector.wire.joined_parts import join_parts
from tui.core import files
from tui.draw.messages import Side
from tui.model.conversations import consumer_name, is_new, open_conversation
from tui.model.whole_transcript import WholeTranscript
from tui.screens.desk.copying import DeskCopying


class DeskTranscripts(DeskCopying):
    def action_write_transcript(self) -> None:
        view = open_conversation(self.desk.model)
        if view is None or is_new(view.id):
            self.refuse("There is no conversation here.")
            return
        self.desk.gather_transcript(view.id)
        self.desk.say(f"Asking for all messages with {consumer_name(view)}…")
        self.repaint()

    def repaint_arrived(self) -> None:
        if (whole := self.desk.gathered_transcript()) is not None:
            self.run_worker(self._write_transcript(whole))
        super().repaint_arrived()

    async def _write_transcript(self, whole: WholeTranscript) -> None:
        try:
            self.desk.say(await asyncio.to_thread(self._written, whole))
        except files.UnusableFile as error:
            self.desk.say(str(error), is_error=True)
        self.repaint()

    def _written(self, whole: WholeTranscript) -> str:
        """What was done, in words. Raises UnusableFile."""
        from tui.draw.transcript_text import transcript_text

        model = self.desk.model
        view = model.conversations.by_id.get(whole.conversation_id)
        name, address = (consumer_name(view), view.consumer) if view is not None else ("", "")
        text = transcript_text(join_parts(whole.messages), Side(model, name, address), whole.ends)
        digits = "".join(char for char in address if char.isascii() and char.isalnum())
        path = files.save_transcript(f"transcript-{digits or whole.conversation_id}", text)
        return f"Written: {path}, {count(len(whole.messages), 'message')}"
