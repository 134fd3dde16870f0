"""The desk's application: connects link, workspace, controller and screens."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable, Hashable
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.binding import BindingType
from textual.timer import Timer

from connector.base.counted import count
from connector.wire.client import Client
from tui.actions import keys
from tui.actions.keys import Context
from tui.app_actions import AppActions
from tui.core.autosave import Autosave, Unsent
from tui.core.draft_saving import DraftSaving
from tui.core.link import DeskLink, Dial
from tui.core.place_telling import PlaceTelling
from tui.core.settings import Preferences
from tui.core.timers import once
from tui.core.workspace import Workspace
from tui.desk import DeskController
from tui.model.key_names import OwnKeys
from tui.model.notices import NoticeWatch
from tui.model.state import LinkPhase, Notice
from tui.screens.covering import CoveringScreen
from tui.screens.desk.screen import DeskScreen
from tui.screens.gathering import Gathering, is_awaited
from tui.screens.repainted import Repainted
from tui.terminal.input.reports import CapabilitiesReported
from tui.terminal.output import may_ask
from tui.terminal.themes import names
from tui.widgets.bar import Bar
from tui.widgets.bindings import bindings
from tui.widgets.selection import SelectableLines

if TYPE_CHECKING:
    from textual.types import CSSPathType  # which loads many widgets to name their types

_CLOCKS_S = 5.0
_SECOND_S = 1.0
_LINE_S = 2.0
_ATTACHED_S = 10.0
_CATCH_UP_LIMIT_S = 2.0
_MANY_ROWS = 100
_DEFAULTS = Preferences()


def _now() -> int:
    return time.time_ns() // 1_000_000


class DeskApp(AppActions):
    CSS_PATH: ClassVar[CSSPathType | None] = "styles/desk.tcss"
    TITLE = "Textdesk"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Context.EVERYWHERE)]

    def __init__(
        self,
        dial: Dial,
        workspace: Workspace,
        *,
        agent: str | None = None,
        token: Callable[[], str] | None = None,
        theme: str | None = None,
        preferences: Preferences = _DEFAULTS,
        now: Callable[[], int] = _now,
        is_demo: bool = False,
    ) -> None:
        """`theme`: one of `names.NAMES`, instead of the agent's preference. `now`: this host's clock. `is_demo`: the
        core ends with this desk, and all that it has with it."""
        self.is_demo = is_demo
        wanted = theme or preferences.theme
        self._own_keys = _own_keys(preferences)
        theme = wanted if wanted in names.NAMES else names.AUTO
        super().__init__(theme=theme, key_names=self._own_keys.names, preferences=preferences)
        self.animation_level = "none"
        self._workspace = workspace
        unanswered = workspace.unanswered()
        client = Client(_new_id(), agent=agent, others=False, pending=unanswered)
        self._link = DeskLink(client, dial, self.post_message, token)
        self.desk = DeskController(
            ask=self._link.ask,
            new_id=_new_id,
            now=now,
            drafts=workspace.drafts(),
            attachments=workspace.attachments(),
            unanswered=unanswered,
            saved_drafts=workspace.saved_drafts(),
            macros=workspace.macros(),
            key_names=self._own_keys.names,
        )
        self.main = DeskScreen(self.desk, workspace)
        self._used_commands = workspace.used_commands()
        self._autosave = Autosave(self, workspace, self._unsent, self._saved)
        self._draft_saving = DraftSaving(self, lambda: self.desk.model.compose, self.desk.save_drafts)
        self._place_telling = PlaceTelling(self, lambda: self.desk.model, self._link.look_at)
        self._save_error: Notice | None = None
        self._notices = NoticeWatch()
        self._notice_before_key: Notice | None = None
        self._gathering = Gathering(self._show_arrived, partial(once, self))
        self._shut_out_page: CoveringScreen[str | None] | None = None
        self._seconds: Timer | None = None  # runs while something on the screen counts seconds

    def get_default_screen(self) -> DeskScreen:
        return self.main

    def on_mount(self) -> None:
        self.set_keymap(self._own_keys.by_binding)
        # The websocket library takes a while to load: first the screen, then the link.
        # The function and no coroutine of it: in an app that ends before the worker starts none is left unawaited.
        link: Any = self._link.run
        self.call_after_refresh(lambda: self.run_worker(link, name="link"))
        self.set_interval(_CLOCKS_S, self._repaint_clocks)
        self.set_interval(_LINE_S, self._check_line)
        if may_ask(os.environ):
            self.set_interval(_ATTACHED_S, self.check_multiplexer)
        asides = self._workspace.moved_aside
        warnings = [f"The file with your drafts was damaged; it is kept as {aside.name}." for aside in asides]
        if warnings := [*warnings, *self._preferences.problems, *self._own_keys.names.problems, *self._unknown_theme()]:
            self.desk.warn(" ".join(warnings))

    def _unknown_theme(self) -> list[str]:
        wanted = self._preferences.theme
        return [] if wanted in names.NAMES else [f"{self._preferences.file}: {names.unknown(wanted)}"]

    async def on_unmount(self) -> None:
        await self._autosave.save()
        self._workspace.close()
        self.saved()

    # Keys.

    @on(DeskScreen.Ready)
    async def take_keys(self) -> None:
        await self.release_keys()
        self._check_line()

    @property
    def count(self) -> int | None:
        return self.desk.count

    def key_pressed(self) -> None:
        self.key_came()
        if self.line_is_silent:
            self._check_line()
        self.desk.key_pressed()
        self._notice_before_key = self.desk.model.notices.current

    def key_done(self, *, did_something: bool) -> None:
        self.call_after_refresh(self._gathering.key_drawn)
        if self.count is not None:
            self.main.foot.repaint()  # it is used, or dropped
            if isinstance(self.screen, CoveringScreen):
                self.screen.count_done()
        before = self._notice_before_key
        if before is None or before is not self.desk.model.notices.current:
            return
        if self._notices.is_over(before, self.seen_now, time.monotonic(), did_something=did_something):
            self.desk.clear_notice()
            self.repaint()

    def taken_as_paste(self) -> None:
        if self.main.conversation_pane.is_in_area(self.focused):
            key = self.desk.model.keys.name("send")
            self.desk.say(f"Lines that come at once are a paste: nothing was sent. Press {key} to send it.")
            self.main.foot.repaint()

    # Copying.

    def copy_to_clipboard(self, text: str) -> None:
        self.copy(text, count(len(text), "character"))

    def copy(self, text: str, what: str) -> None:
        """Copy a text and say so; `what`: in words what it is."""
        from tui.terminal.clipboard import MOST_BYTES

        if not text:
            return
        if (size := len(text.encode(errors="replace"))) > MOST_BYTES:
            self.desk.say(f"{what}: terminals take {MOST_BYTES:,} bytes at once, and this has {size:,}.", is_error=True)
        else:
            super().copy_to_clipboard(text)
            self.desk.say(f"Copied {what}, if your terminal allows it.")
        self.repaint()

    @on(DeskScreen.Copy)
    def copy_as_asked(self, event: DeskScreen.Copy) -> None:
        self.copy(event.text, event.what)

    @on(SelectableLines.Selected)
    def text_selected(self) -> None:
        self.desk.say(f"{keys.shown('ctrl+c')} copies what is selected.")
        self.repaint()

    @on(Bar.KeyClicked)
    def press_key(self, event: Bar.KeyClicked) -> None:
        self.simulate_key(event.key)

    # The link.

    @on(DeskLink.FramesArrived)
    def take_frames(self) -> None:
        self.main.store_draft()
        before = self.desk.model
        rows = len(before.conversations.by_id)
        self.desk.take(self._link.take())
        is_begun = self.desk.model.connection.is_complete and not before.connection.is_complete
        has_grown = len(self.desk.model.conversations.by_id) - rows >= _MANY_ROWS
        if (is_begun or has_grown) and not self.is_headless:
            # A hundred thousand rows are no garbage: collecting among them takes 25 ms in the middle of a word.
            gc.freeze()
        connection = self.desk.model.connection
        if connection.phase is LinkPhase.STARTING:
            return  # a hello shows nothing
        if rows or connection.has_lists:
            self._gathering.arrived(is_awaited=not rows or is_awaited(before, self.desk.model))
        else:
            self._gathering.begun()

    def _show_arrived(self) -> None:
        self.main.repaint_arrived()
        self._repaint_pages()
        self.call_for_alarms()
        sign_off = self.desk.model.agents.sign_off
        if sign_off is not None and sign_off.is_done:
            self.leave(0)

    def _check_line(self) -> None:
        """Tell the core when the line to the terminal has become silent, and when it is back."""
        before = self.line_is_silent
        if self.check_line(asks=may_ask(os.environ)) is not before:
            self._link.report_line(is_silent=self.line_is_silent)
            self.desk.line_changed(is_silent=self.line_is_silent)
            self.repaint()

    @on(DeskLink.GaveUp)
    def give_up(self, event: DeskLink.GaveUp) -> None:
        self.exit_words = event.words
        self.leave(event.code)

    @on(DeskLink.PhaseChanged)
    async def link_changed(self, event: DeskLink.PhaseChanged) -> None:
        self.main.store_draft()
        self.desk.link_changed(event.phase, event.words)
        if not self.screen_stack:  # the app ends
            return
        self.call_for_alarms()
        if self.is_shut_out is not (self._shut_out_page is not None):
            await self._to_main()
            self._shut_out_page = None
            if self.is_shut_out:
                from tui.screens.pages import ShutOutPage

                self._workspace.opened.clear()
                self.main.go_list()
                self._shut_out_page = ShutOutPage(self.desk)
                await self.push_screen(self._shut_out_page)
        if event.phase is LinkPhase.LINKED:
            self._place_telling.connected()
            # The last missed fact may be one that is not sent to desks: then only this ends the wait for it.
            once(self, _CATCH_UP_LIMIT_S, self._stop_catching_up)
            if self._link.has_more:
                return  # it is drawn with what has come
        self.repaint()

    def _stop_catching_up(self) -> None:
        self.desk.stop_catching_up()
        self.repaint()

    @on(CapabilitiesReported)
    def terminal_answered(self) -> None:
        self._repaint_pages()

    def on_app_focus(self) -> None:
        self.repaint()

    @on(Repainted)
    def after_repaint(self) -> None:
        notice, now = self.desk.model.notices.current, time.monotonic()
        if self._notices.was_read(self.desk.model.notices.held, now):
            self.desk.drop_held_news()
        over_s = self._notices.see(notice, self.seen_now, now)
        if notice is not None and over_s is not None:
            once(self, over_s, lambda: self._clear_notice(notice))
        if self._seconds is None and self.desk.counts_seconds():
            self._seconds = self.set_interval(_SECOND_S, self._repaint_seconds)
        self._autosave.save_soon()
        self._draft_saving.soon()
        self._place_telling.soon()

    @on(DeskScreen.Send)
    def send_reply(self, event: DeskScreen.Send) -> None:
        sending: Any = partial(self._send, event)
        self.run_worker(sending)

    async def _send(self, event: DeskScreen.Send) -> None:
        """First to disk, then to the core: after a crash the same request is repeated, and no second one made."""
        await self._autosave.save()
        self._link.ask(event.request_id, event.body)

    # Repainting.

    def repaint(self) -> None:
        self.main.repaint()
        self._repaint_pages()

    def _repaint_clocks(self) -> None:
        self.main.repaint_clocks()
        self._repaint_pages()

    def _repaint_pages(self) -> None:
        # A page may lie under a dialog. While the app ends there may be no screen left, and frames still arrive.
        for screen in self.screen_stack:
            if isinstance(screen, CoveringScreen):
                screen.repaint()

    def _repaint_seconds(self) -> None:
        if self._seconds is not None and not self.desk.counts_seconds():
            self._seconds.stop()
            self._seconds = None
        self.main.repaint_seconds()

    @property
    def seen_now(self) -> Hashable:
        """What the agent sees: the screen and the conversation."""
        if not self.screen_stack:  # the app ends
            return None
        view = self.main.target if self.screen is self.main else None
        return type(self.screen), view.id if view is not None else None

    def _clear_notice(self, notice: Notice | None) -> None:
        if notice is not None and self.desk.model.notices.current is notice:
            self.desk.clear_notice()
            self.repaint()

    def _unsent(self) -> Unsent:
        compose = self.desk.model.compose
        return Unsent(
            compose.drafts,
            self.desk.unanswered_texts(),
            compose.attachments,
            compose.sync.saved,
            self._used_commands,
            compose.macros,
        )

    def _saved(self, error: OSError | None) -> None:
        if self.desk.model.compose.is_on_disk is not (error is None):
            self.desk.saved_on_disk(is_done=error is None)
            self.repaint()
        if error is None:
            self._clear_notice(self._save_error)
        else:
            self.desk.warn(f"Drafts cannot be kept on disk: {error.strerror or error}. They are only here.")
            self._save_error = self.desk.model.notices.current
            self.repaint()

    def leave(self, code: int) -> None:
        if self.main.is_ready:
            self.main.store_draft()
            self.desk.save_drafts()
        super().leave(code)


def _own_keys(preferences: Preferences) -> OwnKeys:
    if not preferences.keys:
        return OwnKeys(keys.DEFAULT_NAMES, {})
    from tui.actions.keys.remap import own_keys  # few agents have keys of their own

    return own_keys(preferences.keys, preferences.file.name)


def _new_id() -> str:
    return os.urandom(16).hex()
