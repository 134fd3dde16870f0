"""A mark of the widgets that take typed text, for code that does not load the toolkit's own text fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual.widget import Widget


class TextField:
    """Mixed into a widget that takes typed text."""

    takes_lines: ClassVar[bool] = False
    """Whether its text may have several."""

    def write_at_once(self, letter: str) -> bool:
        """Insert a character at the cursor. False: nothing is inserted, and the key goes through the widget's queue."""
        return False


if TYPE_CHECKING:

    class FieldWidget(TextField, Widget): ...


def text_field(widget: Widget | None) -> FieldWidget | None:
    """This widget if it is a text field."""
    return cast("FieldWidget", widget) if isinstance(cast("object", widget), TextField) else None
