"""What screens over the main one have in common, so that they are loaded when they are first shown."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.screen import Screen, ScreenResultType

from tui.actions.keys import Context
from tui.terminal.sized_screen import SizedScreen

if TYPE_CHECKING:
    from textual.types import CSSPathType


class CoveringScreen(SizedScreen, Screen[ScreenResultType]):
    """A page, a dialog, the palette, a picture."""

    CSS_PATH: ClassVar[CSSPathType | None] = Path(__file__).parents[1] / "styles" / "covering.tcss"
    CONTEXT: ClassVar[Context] = Context.EVERYWHERE
    """Whose keys are explained while it is there."""

    def repaint(self) -> None:
        """The model may have changed."""

    def count_done(self) -> None:
        """The count typed before this key is used, or dropped."""

    def back(self) -> None:
        """The key that leaves it was pressed."""
        self.dismiss(None)
