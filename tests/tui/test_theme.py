"""The theme of the desk: by the agent's settings, and by key."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.desk import DeskInHand
from tests.kit.memory_core import MemoryCore
from tests.kit.views import AT
from tui.app import DeskApp
from tui.core.settings import Preferences
from tui.core.workspace import Workspace


async def test_the_setting_is_the_theme_and_a_key_goes_on_to_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", "/etc/anns")
    app = DeskApp(MemoryCore(AT).dial, Workspace(tmp_path), agent="ann", preferences=Preferences("light"))
    async with app.run_test(size=(120, 24)) as pilot:
        desk = DeskInHand(app, pilot)
        await desk.shows("linked")
        assert app.theme == "light" and _grounds(desk) == {231, 255}
        await desk.press("f12")
        await desk.shows('Theme: contrast. To keep it, put theme = "contrast" into /etc/anns/textdesk/desk.toml.')
        assert app.theme == "contrast" and _grounds(desk) == {16, 236}


async def test_other_screens_bring_their_style_sheet_and_no_other_is_parsed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    app = DeskApp(MemoryCore(AT).dial, Workspace(tmp_path), agent="ann", theme="light")
    async with app.run_test(size=(120, 24)) as pilot:
        desk = DeskInHand(app, pilot)
        await desk.shows("linked")
        assert "covering.tcss" not in _sheets(app)
        with monkeypatch.context() as patched:
            patched.setattr(app.stylesheet, "reparse", None)
            await desk.press("f1")
            await desk.shows("Half a page up.")
        assert "covering.tcss" in _sheets(app)
        await desk.press("f12")
        await desk.until(lambda: _grounds(desk) <= {16, 236, None}, "the next theme")


def _sheets(app: DeskApp) -> set[str]:
    return {Path(path).name for path, _ in app.stylesheet.source}


def _grounds(desk: DeskInHand) -> set[int | None]:
    return {each.style.bgcolor.number for each in desk.segments if each.style and each.style.bgcolor}


async def test_what_cannot_be_used_of_the_settings_is_said_at_the_start(tmp_path: Path) -> None:
    preferences = Preferences(
        "lite", file=Path("/a/desk.toml"), problems=("/a/desk.toml: mouse has to be true or false.",)
    )
    app = DeskApp(MemoryCore(AT).dial, Workspace(tmp_path), agent="ann", preferences=preferences)
    async with app.run_test(size=(200, 24)) as pilot:
        desk = DeskInHand(app, pilot)
        await desk.shows(
            "linked", "mouse has to be true or false. /a/desk.toml: there is no theme lite: did you mean light?"
        )
