"""Pictures on the main screen: to look at those that came, and to send some along."""

from __future__ import annotations

import asyncio

from tui.actions import intents
from tui.core import files
from tui.model.conversations import open_conversation
from tui.screens.ask import Ask, Field, if_given
from tui.screens.desk_frame import DeskFrame
from tui.screens.picture import PictureScreen


class PictureActions(DeskFrame):
    async def action_picture(self) -> None:
        """The last kept picture of what is in sight, or else of what is loaded."""
        found = self.transcript.pictures()
        if not found:
            self.tell("No message here has a picture that can be shown.")
            return
        views, start = found
        await self.app.push_screen(PictureScreen(self.desk, views, start))

    async def action_attach(self) -> None:
        view = open_conversation(self.desk.model)
        if reason := intents.more_pictures(self.desk.model, view):
            self.tell(reason)
        elif view is not None:
            dialog = Ask("A picture for the next reply", [Field("file or https address")])
            await self.app.push_screen(dialog, if_given(lambda answer: self._take_along(view.id, *answer.texts)))

    def _take_along(self, conversation_id: str, where: str) -> None:
        if where.strip().startswith("https://"):
            self.desk.attach_address(conversation_id, where.strip())
            self.look()
        else:
            self.run_worker(self._hand_over(conversation_id, where.strip()))

    async def _hand_over(self, conversation_id: str, where: str) -> None:
        try:
            name, data = await asyncio.to_thread(files.picture_at, where)
        except files.CannotUse as error:
            self.tell(str(error))
            return
        self.desk.attach(conversation_id, name, data)
        self.look()

    def action_detach(self) -> None:
        if (view := open_conversation(self.desk.model)) is not None:
            self.desk.detach(view.id)
        self.look()
