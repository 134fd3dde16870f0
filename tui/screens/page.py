"""Pages that lie over the desk: help, providers, refused calls. A title, lines to scroll through, a footer."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen

from connector.wire import requests
from tui.actions import intents
from tui.actions.keys import Context
from tui.desk import DeskController
from tui.draw import bars, pages
from tui.draw.explanation import why
from tui.draw.format import Span
from tui.draw.providers import ProviderCursor, cockpit
from tui.draw.team import team
from tui.screens.ask import Ask, DialogAnswer, Field, if_given
from tui.screens.looked import ModelChanged
from tui.widgets.bar import Bar
from tui.widgets.bound import bindings
from tui.widgets.entries import Entries, Entry
from tui.widgets.scroll import MOVES, Scroll
from tui.widgets.sheet import StyledLine

_TRAFFIC_S = 5.0
_WHY_S = 5.0


class PageView(Scroll):
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Context.PAGE, *MOVES)]

    def __init__(self, draw: Callable[[int], pages.Page]) -> None:
        super().__init__("page")
        self._draw = draw
        self._page: list[StyledLine] = []

    @property
    def total(self) -> int:
        return len(self._page)

    def lines(self) -> Sequence[StyledLine]:
        self._page = [StyledLine(spans) for spans in self._draw(self.size.width)]
        return super().lines()

    def slice_of(self, start: int, end: int) -> Sequence[StyledLine]:
        return self._page[start:end]


class Page(Screen[None]):
    """`TITLE_WORDS` on top, what `draw` gives below it."""

    TITLE_WORDS = ""
    CONTEXT = Context.PAGE

    def __init__(self, desk: DeskController) -> None:
        super().__init__()
        self.desk = desk

    def draw(self, width: int) -> pages.Page:
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        yield Bar(lambda width: [[(f" {self.TITLE_WORDS}", "strong")]], "title")
        yield self.body()
        yield Bar(self._foot, "foot")

    def body(self) -> Scroll:
        return PageView(self.draw)

    def _foot(self, width: int) -> list[list[Span]]:
        return bars.told_above(self.CONTEXT, self.desk.model.notices.current, width)

    def look(self) -> None:
        for sheet in self.query(Scroll):
            sheet.look()
        for bar in self.query(Bar):
            bar.look()
        self.post_message(ModelChanged())

    def back(self) -> None:
        self.dismiss()


class HelpPage(Page):
    TITLE_WORDS = "Keys"

    def __init__(self, desk: DeskController, about: Context) -> None:
        super().__init__(desk)
        self._about = about

    def draw(self, width: int) -> pages.Page:
        return pages.help_page(self._about, width)


class TeamPage(Page):
    TITLE_WORDS = "The team"

    def draw(self, width: int) -> pages.Page:
        return team(self.desk.model, self.desk.listing, self.desk.now(), width)


class ExplanationPage(Page):
    TITLE_WORDS = "Why it is where it is"

    def __init__(self, desk: DeskController, conversation_id: str) -> None:
        super().__init__(desk)
        self._conversation_id = conversation_id

    def on_mount(self) -> None:
        self.desk.ask_once(requests.Explain(self._conversation_id))
        self.set_interval(_WHY_S, lambda: self.desk.ask_once(requests.Explain(self._conversation_id)))

    def draw(self, width: int) -> pages.Page:
        return why(self.desk.model, self._conversation_id, self.desk.now(), width)


class ListPage(Page):
    """A page whose entries a cursor goes through."""

    def entries(self, current: Hashable | None, width: int, height: int) -> Sequence[Entry]:
        raise NotImplementedError

    def body(self) -> Scroll:
        return Entries(self.entries)

    @property
    def current(self) -> Hashable | None:
        return self.query_one(Entries).current


class QuarantinePage(ListPage):
    TITLE_WORDS = "Calls of vendors that became no message"
    CONTEXT = Context.HOOKS
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Context.HOOKS)]

    def entries(self, current: Hashable | None, width: int, height: int) -> Sequence[Entry]:
        return pages.hooks(self.desk.model.fetched.hooks, self.desk.now(), width)

    def action_release(self) -> None:
        hook_id = str(self.current or "")
        doubt = "Only what you know to be genuine is taken. Press the key again to take this call as a message."
        if not hook_id:
            self.desk.say("There is no call here to release.", is_error=True)
        elif self.desk.is_confirmed(f"release {hook_id}", doubt):
            self.desk.ask(requests.ReleaseHook(hook_id))
            self.desk.ask(requests.GetHooks())
        self.look()


class ProvidersPage(ListPage):
    TITLE_WORDS = "Provider accounts, and the last hour of their lines"
    CONTEXT = Context.PROVIDERS
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Context.PROVIDERS)]

    def entries(self, current: Hashable | None, width: int, height: int) -> Sequence[Entry]:
        on = current if isinstance(current, ProviderCursor) else None
        return cockpit(self.desk.model, on, self.desk.now(), width, height)

    def on_mount(self) -> None:
        self.desk.ask_once(requests.GetTraffic())
        self.set_interval(_TRAFFIC_S, lambda: self.desk.ask_once(requests.GetTraffic()))

    @property
    def place(self) -> ProviderCursor | None:
        return self.current if isinstance(self.current, ProviderCursor) else None

    async def action_hooks(self) -> None:
        self.desk.ask_hooks()
        await self.app.push_screen(QuarantinePage(self.desk))

    def action_activate(self) -> None:
        self._set_mode("active", "")

    def action_drain(self) -> None:
        self._set_mode("draining", "It sends what is written and takes no more. Press the key again to drain {}.")

    def action_switch_off(self) -> None:
        self._set_mode("off", "Nothing will be sent, not even what is written. Press the key again to switch {} off.")

    def _set_mode(self, mode: str, doubt: str) -> None:
        account = self.place.account if self.place else None
        wish = intents.set_mode(self.desk.model, account, mode)
        if isinstance(wish, str) or not doubt or self.desk.is_confirmed(f"{mode} {account}", doubt.format(account)):
            self.desk.submit(wish)
        self.look()

    async def action_test_text(self) -> None:
        line = self.place.line if self.place else None
        if line is None:
            self.desk.say("This account has no line to send from.", is_error=True)
            self.look()
            return
        fields = (Field("to whom: +15550142"), Field("text", "This is a test."))
        dialog = Ask(f"A test text from {line}", fields, wrong=lambda answer: self._wrong(line, answer))
        await self.app.push_screen(dialog, if_given(lambda answer: self._send_test(line, answer)))

    def _wrong(self, line: str, answer: DialogAnswer) -> str | None:
        number, text = answer.texts
        found = intents.start(self.desk.model, line, number)
        return found if isinstance(found, str) else None if text.strip() else "Write a text."

    def _send_test(self, line: str, answer: DialogAnswer) -> None:
        found = intents.start(self.desk.model, line, answer.texts[0])
        if not isinstance(found, str):
            self.desk.ask(requests.Start(*found, answer.texts[1], is_test=True))
        self.look()
