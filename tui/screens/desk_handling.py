"""What an agent does with a conversation besides answering it: hand over, note, put off, undo, join, ask why."""

from __future__ import annotations

from connector.wire import requests
from connector.wire.views import ConversationView
from tui.actions import conversation, intents, presence
from tui.model.conversations import agent_name
from tui.screens.ask import Ask, DialogAnswer, Field, if_given
from tui.screens.desk_moves import NavigationActions
from tui.screens.hand_over import TransferChoice, TransferDialog
from tui.screens.how_it_went import HowItWent
from tui.screens.page import ExplanationPage


class ConversationActions(NavigationActions):
    def _may(self, intent: intents.Intent) -> bool:
        """Whether there is anything to ask for; the reason why not is told."""
        if isinstance(intent, str):
            self.tell(intent)
        return not isinstance(intent, str)

    def action_decline(self) -> None:
        self.desk.submit(conversation.decline(self.desk.model, self.target))
        self.look()

    async def action_give_back_with(self) -> None:
        view = self.target
        if not self._may(intents.give_back(self.desk.model, view)) or view is None:
            return
        kept = self.desk.model.compose.notes.get(view.id, "")
        dialog = Ask(f"Give {view.consumer} back to the queue", [Field("note for who takes it", kept)])
        await self.app.push_screen(dialog, if_given(lambda answer: self._give_back(view, *answer.texts)))

    def _give_back(self, view: ConversationView, text: str) -> None:
        self.desk.submit(intents.give_back(self.desk.model, self._now(view), text.strip()))
        self.look()

    async def action_hand_over(self) -> None:
        view = self.target
        if not self._may(conversation.hand_over(self.desk.model, view)) or view is None:
            return
        self.desk.ask_once(requests.GetTargets(view.id))
        await self.app.push_screen(TransferDialog(self.desk, view), lambda handed: self._handed_over(view, handed))

    def _handed_over(self, view: ConversationView, handed: TransferChoice | None) -> None:
        if handed is None:
            return
        skill, agent = handed.place.skill, handed.place.agent
        self.desk.submit(conversation.hand_over(self.desk.model, self._now(view), skill, agent, handed.note))
        self.look()

    async def action_note(self) -> None:
        view = self.target
        if not self._may(conversation.note(self.desk.model, view)) or view is None:
            return
        kept = self.desk.model.compose.notes.get(view.id, "")
        dialog = Ask(
            f"A note on {view.consumer}, for colleagues only",
            [Field("note", kept)],
            wrong=lambda answer: None if answer.texts[0].strip() else "Write something, or leave with esc.",
        )
        await self.app.push_screen(dialog, if_given(lambda answer: self._note(view, *answer.texts)))

    def _note(self, view: ConversationView, text: str) -> None:
        self.desk.submit(conversation.note(self.desk.model, self._now(view), text.strip()))
        self.look()

    async def action_set_due(self) -> None:
        view = self.target
        if not self._may(conversation.set_due(self.desk.model, view)) or view is None:
            return
        dialog = Ask(
            f"When is an answer to {view.consumer} due?",
            [Field("2h, 17:30, tomorrow 9:00; empty: as the rules say")],
            choices=("your answer clears it", "it stays after your answer"),
            wrong=lambda answer: self._wrong_due(view, answer),
        )
        await self.app.push_screen(dialog, if_given(lambda answer: self._set_due(view, answer)))

    def _wrong_due(self, view: ConversationView, answer: DialogAnswer) -> str | None:
        intent = self._due(view, answer)
        return intent if isinstance(intent, str) else None

    def _due(self, view: ConversationView, answer: DialogAnswer) -> intents.Intent:
        desk = self.desk
        return conversation.set_due(desk.model, self._now(view), answer.texts[0], answer.choice == 1, desk.now())

    def _set_due(self, view: ConversationView, answer: DialogAnswer) -> None:
        self.desk.submit(self._due(view, answer))
        self.look()

    async def action_close_with(self) -> None:
        view = self.target
        if self._may(intents.close(self.desk.model, view)) and view is not None:
            self.ask_how_it_went(view)

    def ask_how_it_went(self, view: ConversationView) -> None:
        dialog = HowItWent(self.desk, view)
        self.app.push_screen(dialog, if_given(lambda answer: self._close_with(dialog, answer)))

    def _close_with(self, dialog: HowItWent, answer: DialogAnswer) -> None:
        dialog.wish(answer)
        self.look()

    def action_undo(self) -> None:
        self.keep_draft()
        self.desk.submit(conversation.undo(self.desk.model, self.desk.now()))
        self.look()

    def action_reopen(self) -> None:
        self.desk.submit(conversation.reopen(self.desk.model, self.target))
        self.look()

    def action_take_over(self) -> None:
        view = self.target
        intent = conversation.take_over(self.desk.model, view)
        if not isinstance(intent, str) and view is not None and view.agent:
            owner = agent_name(self.desk.model, view.agent)
            doubt = f"{owner} has this conversation. Press the key again to make it yours."
            if not self.desk.is_confirmed(f"take over {view.id}", doubt):
                self.look()
                return
        self.desk.submit(intent)
        self.look()

    def action_beside(self) -> None:
        self.desk.submit(conversation.beside(self.desk.model, self.target))
        self.look()

    async def action_why(self) -> None:
        view = self.target
        if self._may(conversation.explain(view)) and view is not None:
            await self.app.push_screen(ExplanationPage(self.desk, view.id))

    async def action_presence(self) -> None:
        ways = presence.presences(self.desk.model)
        dialog = Ask("Be there, or away", choices=[way.words for way in ways])
        await self.app.push_screen(dialog, if_given(lambda answer: self._be(ways[answer.choice])))

    def _be(self, way: presence.PresenceChoice) -> None:
        self.desk.submit(presence.set_presence(self.desk.model, way))
        self.look()

    def _now(self, view: ConversationView) -> ConversationView:
        """The same conversation as it is by now; a dialog may have been open for a while."""
        return self.desk.model.conversations.by_id.get(view.id, view)
