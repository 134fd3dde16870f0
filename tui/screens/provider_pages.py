"""Pages for administrators: the provider accounts with their lines, and the quarantined hooks."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import ClassVar

from textual.binding import BindingType

from connector.wire import administration, requests
from tui.actions import accounts, writing
from tui.actions.conversation import Intent
from tui.actions.keys import Context
from tui.desk import DeskController
from tui.draw.format import Line
from tui.draw.hooks import hook_entries
from tui.draw.providers import ProviderCursor, provider_entries, providers_summary
from tui.model.state import LinkPhase
from tui.screens.dialogs.dialog import DialogAnswer, Field, RequestDialog
from tui.screens.pages import Page
from tui.widgets.bindings import bindings
from tui.widgets.entry_list import Entry, EntryList
from tui.widgets.scrolling_lines import ScrollingLines

_TRAFFIC_S = 5.0


class ListPage(Page):
    """A page with a list of entries."""

    def entries(self, current: Hashable | None, width: int, height: int) -> Sequence[Entry]:
        raise NotImplementedError

    FIRST: Hashable | None = None
    """The entry that the cursor is on at first, where it is not the first one."""

    def body(self) -> ScrollingLines:
        return EntryList(self.entries, self.FIRST)

    @property
    def current(self) -> Hashable | None:
        return self.query_one(EntryList).current


class QuarantinePage(ListPage):
    TITLE_WORDS = "Hooks that became no message"
    CONTEXT = Context.QUARANTINE
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Context.QUARANTINE)]

    def entries(self, current: Hashable | None, width: int, height: int) -> Sequence[Entry]:
        return hook_entries(self.desk.model.fetched.hooks, self.desk.now(), width)

    def action_release(self) -> None:
        if not self.desk.may("release"):
            self.repaint()
            return
        hook_id = str(self.current or "")
        doubt = "Only what you know to be genuine is taken. Press the key again to take this hook as a message."
        if not hook_id:
            self.desk.say("There is no hook here to release.", is_error=True)
        elif self.desk.is_confirmed(f"release {hook_id}", doubt):
            self.desk.ask(administration.ReleaseHook(hook_id))
            self.desk.ask(administration.GetHooks())
        self.repaint()


class ProvidersPage(ListPage):
    TITLE_WORDS = "Providers in the last hour"
    CONTEXT = Context.PROVIDERS
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Context.PROVIDERS)]

    def entries(self, current: Hashable | None, width: int, height: int) -> Sequence[Entry]:
        on = current if isinstance(current, ProviderCursor) else None
        return provider_entries(self.desk.model, on, self.desk.now(), width, height)

    def beside_title(self, room: int) -> Line:
        is_linked = self.desk.model.connection.phase is LinkPhase.LINKED
        return [providers_summary(self.desk.model)] if is_linked else super().beside_title(room)

    def on_mount(self) -> None:
        self._ask_traffic()
        self.set_interval(_TRAFFIC_S, self._ask_traffic)

    def _ask_traffic(self) -> None:
        self.desk.ask_once(requests.GetTraffic())

    @property
    def place(self) -> ProviderCursor | None:
        return self.current if isinstance(self.current, ProviderCursor) else None

    async def action_quarantine(self) -> None:
        if not self.desk.may("quarantine"):
            self.repaint()
            return
        self.desk.ask_hooks()
        await self.app.push_screen(QuarantinePage(self.desk))

    def action_activate(self) -> None:
        self._set_mode("activate", "active", "")

    def action_drain(self) -> None:
        self._set_mode(
            "drain", "draining", "It sends what is written and takes no more. Press the key again to drain {}."
        )

    def action_switch_off(self) -> None:
        self._set_mode(
            "switch_off", "off", "Nothing will be sent, not even what is written. Press the key again to switch {} off."
        )

    def _set_mode(self, action_id: str, mode: str, doubt: str) -> None:
        if not self.desk.may(action_id):
            self.repaint()
            return
        account = self.place.account if self.place else None
        wish = accounts.set_mode(self.desk.model, account, mode)
        if isinstance(wish, str) or not doubt or self.desk.is_confirmed(f"{mode} {account}", doubt.format(account)):
            self.desk.submit(wish)
        self.repaint()

    async def action_test_text(self) -> None:
        line = self.place.line if self.place else None
        if line is None:
            self.desk.say("This account has no line to send from.", is_error=True)
            self.repaint()
        else:
            await self.app.push_screen(TestTextDialog(self.desk, line))


class TestTextDialog(RequestDialog):
    def __init__(self, desk: DeskController, line: str) -> None:
        self._line = line
        fields = (Field("To", example="+15550142"), Field("Text", "This is a test."))
        super().__init__(desk, f"A test text from {line}", fields)

    def wrong(self, answer: DialogAnswer) -> str | None:
        intent = self.intent(answer)
        return intent if isinstance(intent, str) else None

    def intent(self, answer: DialogAnswer) -> Intent:
        return writing.test_text(self._line, *answer.texts)
