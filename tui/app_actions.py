"""The actions that work everywhere: to the lists, pages, help and commands, and out of the desk."""

from __future__ import annotations

import os

from tui.actions.keys import BY_ID, Context
from tui.app_attention import AppAttention
from tui.core import settings
from tui.model.state import LinkPhase
from tui.screens.covering import CoveringScreen
from tui.screens.desk.screen import DeskScreen
from tui.widgets.bindings import action_string

_MOST_USED = 50  # commands of the palette that are remembered
_WHEN_SHUT_OUT = ("quit", "redraw")


class AppActions(AppAttention):
    """The base of the desk's application, which makes what is declared here."""

    is_demo: bool  # the core ends with this desk
    main: DeskScreen
    _used_commands: tuple[str, ...]
    exit_words = ""
    """Why the desk ended without being asked to, to be printed on the terminal."""

    def repaint(self) -> None:
        """Show the model as it is now."""
        raise NotImplementedError

    @property
    def is_shut_out(self) -> bool:
        return self.desk.model.connection.phase is LinkPhase.SHUT_OUT

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """An agent who is not let in can only leave."""
        return super().check_action(action, parameters) if not self.is_shut_out or action in _WHEN_SHUT_OUT else False

    async def action_quit(self) -> None:
        """Ask first about the agent's open conversations; a second time, leave at once."""
        from tui.screens.dialogs.sign_off import SignOffDialog

        if self.is_shut_out:
            self.exit_words = self.desk.model.connection.words
            self.leave(os.EX_NOPERM)
        elif self.desk.listing.open_mine and not isinstance(self.screen, SignOffDialog):
            await self.push_screen(SignOffDialog(self.desk, is_demo=self.is_demo))
        else:
            self.leave(0)

    def action_help_quit(self) -> None:
        """Ctrl+C, which is often pressed to leave."""
        kept = "the demo ends with it, and keeps nothing" if self.is_demo else "drafts are kept"
        self.desk.say(f"{self.desk.model.keys.name('quit')} leaves the desk; {kept}.")
        self.repaint()

    async def action_back(self) -> None:
        if self.count is None and isinstance(self.screen, DeskScreen | CoveringScreen):  # else only that is dropped
            self.screen.back()

    async def action_go_list(self) -> None:
        await self._to_main()
        self.main.go_list()

    async def action_go_transcript(self) -> None:
        await self._to_main()
        self.main.go_transcript()

    async def action_go_providers(self) -> None:
        from tui.screens.provider_pages import ProvidersPage

        if not isinstance(self.screen, ProvidersPage):
            await self._to_main()
            await self.push_screen(ProvidersPage(self.desk))

    async def action_go_team(self) -> None:
        from tui.screens.team_page import TeamPage

        if not isinstance(self.screen, TeamPage):
            await self._to_main()
            await self.main.show_board(self.desk.listing.colleague)

    async def action_go_reports(self) -> None:
        from tui.screens.reports_page import ReportsPage

        if not isinstance(self.screen, ReportsPage):
            await self._to_main()
            await self.push_screen(ReportsPage(self.desk))

    async def action_go_on_call(self) -> None:
        from tui.screens.on_call_page import OnCallPage

        if not isinstance(self.screen, OnCallPage):
            await self._to_main()
            await self.push_screen(OnCallPage(self.desk), self._show_urgent)

    def _show_urgent(self, conversation_id: str | None) -> None:
        if conversation_id is not None:
            self.main.show_found(conversation_id)

    async def action_help(self) -> None:
        from tui.screens.help_page import HelpPage

        if not isinstance(self.screen, HelpPage):
            await self.push_screen(HelpPage(self.desk, self._place))

    def action_next_pane(self) -> None:
        area = self.main.conversation_pane.area
        is_main = self.screen is self.main
        if is_main and (self.main.insert_offered() or (area is not None and area.insert_emoji())):
            return
        self.screen.focus_next()

    def action_focus_next(self) -> None:
        """Screens of the toolkit bind tab to it."""
        self.action_next_pane()

    def action_previous_pane(self) -> None:
        self.screen.focus_previous()

    def action_redraw(self) -> None:
        self.draw_again()

    def action_theme(self) -> None:
        theme = self.use_next_theme()
        if theme is None:
            self.desk.say("NO_COLOR is set: the desk has no colours.", is_error=True)
        else:
            self.desk.say(f'Theme: {theme}. To keep it, put theme = "{theme}" into {settings.shown_path(os.environ)}.')
        self.repaint()

    async def action_palette(self) -> None:
        from tui.screens.palette import Palette

        places, reasons = [self._place, Context.EVERYWHERE], dict[str, str]()
        if is_main := self.screen is self.main:
            places += [Context.DESK, Context.LIST, Context.TRANSCRIPT, Context.COMPOSE]
            reasons = self.main.reasons()
        palette = Palette(self.desk, places, reasons, self._used_commands, has_conversation=is_main)
        await self.push_screen(palette, self._run_command)

    @property
    def _place(self) -> Context:
        if isinstance(self.screen, DeskScreen):
            return self.screen.context
        return self.screen.CONTEXT if isinstance(self.screen, CoveringScreen) else Context.EVERYWHERE

    async def _run_command(self, action: str | None) -> None:
        if action is None:
            return
        reason = self.main.reasons().get(action) if self.screen is self.main else None
        if reason is not None:
            self.main.refuse(reason)
            return
        self._used_commands = (*self._used_commands, action)[-_MOST_USED:]
        await self.run_action(action_string(BY_ID[action]))

    async def _to_main(self) -> None:
        while self.screen is not self.main and len(self.screen_stack) > 1:
            await self.pop_screen()
