"""The desk as an application: it owns the link, the workspace and the screens, and carries words between them."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import time
from collections.abc import Hashable, Mapping
from typing import ClassVar, NamedTuple

from textual import on
from textual.binding import BindingType
from textual.timer import Timer

from connector.wire import frames
from connector.wire.client import Client
from tui.actions import keys
from tui.actions.keys import BY_ID, Context
from tui.core.link import DeskLink, Dial
from tui.core.workspace import Workspace
from tui.desk import DeskController
from tui.model.notices import NoticeWatch
from tui.model.state import Attachment, LinkPhase, Notice
from tui.screens.desk.screen import DeskScreen
from tui.screens.dialogs.dialog import DialogFrame
from tui.screens.dialogs.sign_off import SignOffDialog
from tui.screens.dialogs.transfer import TransferDialog
from tui.screens.pages import HelpPage, Page, TeamPage
from tui.screens.palette import Palette
from tui.screens.picture import PictureScreen
from tui.screens.provider_pages import ProvidersPage
from tui.screens.repainted import Repainted
from tui.terminal.app import TerminalApp
from tui.terminal.responses import CapabilitiesReported
from tui.terminal.theme import BARE, CALM
from tui.widgets.bindings import action_string, bindings

_SAVE_AFTER_S = 0.25  # after the last key
_SAVE_AT_LATEST_S = 1.5  # while somebody writes without a pause
_CLOCKS_S = 5.0
_SECOND_S = 1.0
_CATCH_UP_LIMIT_S = 2.0


class _Saved(NamedTuple):
    drafts: Mapping[str, str]
    unanswered: list[frames.RequestFrame]
    attachments: Mapping[str, tuple[Attachment, ...]]


class DeskApp(TerminalApp):
    CSS_PATH = "styles/desk.tcss"
    TITLE = "Textdesk"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Context.EVERYWHERE)]

    def __init__(self, dial: Dial, workspace: Workspace, *, agent: str | None = None, token: str | None = None) -> None:
        super().__init__(ansi_color=True if "NO_COLOR" in os.environ else None)
        self.animation_level = "none"
        for theme in (CALM, BARE):
            self.register_theme(theme)
        self.theme = BARE.name if self.no_color else CALM.name
        self._workspace = workspace
        unanswered = workspace.unanswered()
        client = Client(_new_id(), agent=agent, token=token, pending=unanswered)
        self._link = DeskLink(client, dial, self.post_message)
        self.desk = DeskController(
            ask=self._link.ask,
            new_id=_new_id,
            now=_now,
            drafts=workspace.drafts(),
            attachments=workspace.attachments(),
            unanswered=unanswered,
        )
        self.main = DeskScreen(self.desk)
        self._saved = self._to_save()
        self._save_timer: Timer | None = None
        self._unsaved_since: float | None = None
        self._notices = NoticeWatch()
        self._notice_before_key: Notice | None = None
        self._calls = 0  # alarms that were rung
        self._seconds: Timer | None = None  # runs while something is counted in seconds
        self._disk_trouble: Notice | None = None
        self.farewell = ""
        """Why the desk left by itself, for those who see its terminal afterwards."""

    def get_default_screen(self) -> DeskScreen:
        return self.main

    def on_mount(self) -> None:
        for number in (signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, self._leave, 128 + number)
        # The websocket library takes a while to load: first the screen, then the link.
        self.call_after_refresh(lambda: self.run_worker(self._link.run(), name="link"))
        self.set_interval(_CLOCKS_S, self._repaint_clocks)
        for aside in self._workspace.moved_aside:
            self.desk.warn(f"The file with your drafts was damaged; it is kept as {aside.name}.")

    async def on_unmount(self) -> None:
        await self._save()
        self._workspace.close()

    # Keys.

    @on(DeskScreen.Ready)
    async def take_keys(self) -> None:
        await self.release_keys()

    def key_pressed(self) -> None:
        self.desk.key_pressed()
        self._notice_before_key = self.desk.model.notices.current

    def key_done(self, *, did_something: bool) -> None:
        before = self._notice_before_key
        if before is None or before is not self.desk.model.notices.current:
            return
        if self._notices.is_over(self.seen_now, time.monotonic(), did_something=did_something):
            self.desk.clear_notice()
            self.repaint()

    # What comes in.

    @on(DeskLink.Came)
    def take_frames(self) -> None:
        self.main.store_draft()
        came = self._link.take()
        self.desk.take(came)
        if any(isinstance(frame, frames.SnapshotFrame) for frame in came) and not self.is_headless:
            # A hundred thousand rows are no garbage: to look through them for some takes 25 ms in the middle of a word.
            gc.freeze()
        self.repaint()
        self._heed()

    def _heed(self) -> None:
        """What has come may call for the agent, or end their day."""
        calls, self._calls = self.desk.model.notices.alarm_count > self._calls, self.desk.model.notices.alarm_count
        if calls and os.environ.get("TEXTDESK_BELL") != "0":
            self.bell()
        state = self.desk.model.agents.sign_off
        if state is not None and state.is_done:
            self._leave(0)

    @on(DeskLink.Hopeless)
    def give_up(self, event: DeskLink.Hopeless) -> None:
        self.farewell = event.words
        self._leave(event.code)

    @on(DeskLink.Changed)
    def follow_link(self, event: DeskLink.Changed) -> None:
        self.desk.link_changed(event.phase, event.words)
        if event.phase is LinkPhase.LINKED:
            # Should the last fact be one that desks are not told, nothing else would end the wait for it.
            self.set_timer(_CATCH_UP_LIMIT_S, self._stop_waiting)
        self.repaint()

    def _stop_waiting(self) -> None:
        self.desk.stop_catching_up()
        self.repaint()

    @on(CapabilitiesReported)
    def follow_terminal(self) -> None:
        self._repaint_pages()

    def on_app_focus(self) -> None:
        self.repaint()

    @on(Repainted)
    def follow_wishes(self) -> None:
        self._after_change()

    @on(DeskScreen.Send)
    def send_reply(self, event: DeskScreen.Send) -> None:
        self.run_worker(self._send(event))

    async def _send(self, event: DeskScreen.Send) -> None:
        """First to disk, then to the core: after a crash the same request is repeated, never a second one made."""
        await self._save()
        self._link.ask(event.request_id, event.body)

    # Showing and keeping.

    def repaint(self) -> None:
        self.main.repaint()
        self._repaint_pages()

    def _repaint_clocks(self) -> None:
        self.main.repaint_clocks()
        self._repaint_pages()

    def _repaint_pages(self) -> None:
        # A dialog may lie over it. While the app ends there may be no screen left, and frames still come in.
        for screen in self.screen_stack:
            if isinstance(screen, Page | PictureScreen | TransferDialog | SignOffDialog):
                screen.repaint()

    def _repaint_seconds(self) -> None:
        if self._seconds is not None and not self.desk.counts_seconds():
            self._seconds.stop()
            self._seconds = None
        self.main.repaint_seconds()

    def _after_change(self) -> None:
        notice = self.desk.model.notices.current
        gone_s = self._notices.see(notice, self.seen_now, time.monotonic())
        if notice is not None and gone_s is not None:
            self.set_timer(gone_s, lambda: self._hush(notice))
        if self._seconds is None and self.desk.counts_seconds():
            self._seconds = self.set_interval(_SECOND_S, self._repaint_seconds)
        if not _same(self._to_save(), self._saved):
            self._save_soon()

    @property
    def seen_now(self) -> Hashable:
        if not self.screen_stack:  # the app ends
            return None
        view = self.main.target if self.screen is self.main else None
        return type(self.screen), view.id if view is not None else None

    def _hush(self, notice: Notice | None) -> None:
        if notice is not None and self.desk.model.notices.current is notice:
            self.desk.clear_notice()
            self.repaint()

    def _to_save(self) -> _Saved:
        return _Saved(self.desk.model.compose.drafts, self.desk.unanswered_texts(), self.desk.model.compose.attachments)

    def _save_soon(self) -> None:
        now = time.monotonic()
        if self._unsaved_since is None:
            self._unsaved_since = now
        if self._save_timer is not None:
            self._save_timer.stop()
        latest = self._unsaved_since + _SAVE_AT_LATEST_S
        self._save_timer = self.set_timer(
            max(0.01, min(_SAVE_AFTER_S, latest - now)), lambda: self.run_worker(self._save())
        )

    async def _save(self) -> None:
        saved = self._to_save()
        self._unsaved_since = None
        try:
            await self._workspace.save(*saved)
        except OSError as error:
            self.desk.warn(f"Drafts cannot be kept on disk: {error.strerror or error}. They are only here.")
            self._disk_trouble = self.desk.model.notices.current
            self.repaint()
        else:
            self._hush(self._disk_trouble)
        self._saved = saved

    # Actions that work everywhere.

    async def action_quit(self) -> None:
        """Ask first what becomes of the agent's conversations; asked for once more, leave at once."""
        if self.desk.listing.open_mine and not isinstance(self.screen, SignOffDialog):
            await self.push_screen(SignOffDialog(self.desk))
        else:
            self._leave(0)

    def _leave(self, code: int) -> None:
        self.main.store_draft()
        self.exit(return_code=code)

    def action_help_quit(self) -> None:
        """Ctrl+C, which people press to leave."""
        self.desk.say(f"{keys.shown('ctrl+q')} leaves the desk; drafts are kept.")
        self.repaint()

    async def action_back(self) -> None:
        if isinstance(self.screen, DeskScreen | Page | PictureScreen | Palette | DialogFrame):
            self.screen.back()

    async def action_go_list(self) -> None:
        await self._to_main()
        self.main.go_list()

    async def action_go_transcript(self) -> None:
        await self._to_main()
        self.main.go_transcript()

    async def action_go_providers(self) -> None:
        if not isinstance(self.screen, ProvidersPage):
            await self._to_main()
            await self.push_screen(ProvidersPage(self.desk))

    async def action_go_team(self) -> None:
        if not isinstance(self.screen, TeamPage):
            await self._to_main()
            await self.push_screen(TeamPage(self.desk))

    async def action_help(self) -> None:
        if not isinstance(self.screen, HelpPage):
            await self.push_screen(HelpPage(self.desk, self._place))

    def action_next_pane(self) -> None:
        self.screen.focus_next()

    def action_previous_pane(self) -> None:
        self.screen.focus_previous()

    def action_redraw(self) -> None:
        self.screen.refresh(layout=True)

    async def action_palette(self) -> None:
        if isinstance(self.screen, DeskScreen):
            places = [Context.EVERYWHERE, Context.DESK, Context.LIST, Context.TRANSCRIPT, Context.COMPOSE]
        else:
            places = [Context.EVERYWHERE, self._place]
        await self.push_screen(Palette(places), self._run_command)

    @property
    def _place(self) -> Context:
        if isinstance(self.screen, DeskScreen):
            return self.screen.context
        return self.screen.CONTEXT if isinstance(self.screen, Page | PictureScreen) else Context.EVERYWHERE

    async def _run_command(self, action: str | None) -> None:
        if action is not None:
            await self.run_action(action_string(BY_ID[action]))

    async def _to_main(self) -> None:
        while self.screen is not self.main and len(self.screen_stack) > 1:
            await self.pop_screen()


def _new_id() -> str:
    return os.urandom(16).hex()


def _now() -> int:
    return time.time_ns() // 1_000_000


def _same(one: _Saved, other: _Saved) -> bool:
    return one.drafts is other.drafts and one.attachments is other.attachments and one.unanswered == other.unanswered
