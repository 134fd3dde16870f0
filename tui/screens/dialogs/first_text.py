"""Dialog for a first text to a consumer: from which line, and to which number or person."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from connector.sms.text import one_line
from connector.wire import contacts
from connector.wire.contacts import ContactView
from tui.actions.writing import NUMBER_HELP, consumer_address
from tui.desk import DeskController
from tui.draw.format import Span, pad
from tui.model.conversations import is_new, line_and_consumer, new_conversation_id, open_conversation
from tui.model.state import Model
from tui.screens.dialogs.dialog import Choices, Dialog, DialogAnswer, Field

_SHORTEST = 2  # of words that contacts are looked for by
_SHOWN = 6  # of them
_WHOLE = 10  # least digits of a national number, with its trunk prefix
_NAME = 28  # cells
_NOBODY = "No contact has a name that begins like this: write the number."


class FirstTextDialog(Dialog):
    """A first text that was begun and not sent is proposed again. A number that the core doubts is confirmed here.

    `to`: our line and the consumer's number, where they are known. Contacts are found as their name or number is typed:
    the cursor moves among them, and enter takes one.
    """

    CHOICES_LABEL = "From"

    def __init__(self, desk: DeskController, to: tuple[str, str] | None = None) -> None:
        model = desk.model
        self._desk = desk
        self._lines = lines = [line for line in model.providers.lines if line.may_start]
        self._ours = {line.address for line in model.providers.lines}
        self.begun = next((draft for draft in model.compose.drafts if is_new(draft) and to is None), "")
        line, consumer = to or (line_and_consumer(self.begun) if self.begun else _of_closed(model))
        self._doubts = model.compose.doubts
        self._asked = ""  # the doubted one that was asked about
        self._moved_at: str | None = None  # the words as the cursor was moved among contacts
        self._contact: ContactView | None = None  # the contact whose number is in the field
        self._people = Choices(self._rows, name="people")
        several = [f"{line.address}  {line.skill} · {line.account}" for line in lines]
        super().__init__(
            "Text a consumer first" if len(lines) > 1 else f"Text a consumer first, from {lines[0].address}",
            [Field("To: a number, or a name", consumer, "+15550142, Renée")],
            choices=several if len(lines) > 1 else (),
            chosen=next((number for number, known in enumerate(lines) if known.address == line), 0),
        )

    def parts(self) -> ComposeResult:
        yield from super().parts()
        yield self._people

    @property
    def name_of_consumer(self) -> str:
        """Of the contact that was taken."""
        return self._contact.name if self._contact is not None else ""

    # Contacts.

    @property
    def _typed(self) -> str:
        return self.query_one(Input).value.strip()

    @property
    def _found(self) -> Sequence[ContactView]:
        found, words = self._desk.model.fetched.found, self._typed
        is_of_typed = found is not None and found.words == words and not self._is_number_of_taken
        return found.contacts[:_SHOWN] if found is not None and is_of_typed else ()

    @property
    def _is_number_of_taken(self) -> bool:
        return self._contact is not None and self._typed == self._contact.consumer

    @property
    def _row_to_take(self) -> ContactView | None:
        """The contact that enter takes: that of the cursor; where a number is typed and the cursor has not moved, the
        one with this number."""
        found = self._found
        if not found:
            return None
        number = consumer_address(self._typed)
        if number is not None and self._moved_at != self._typed:
            return _with_number(found, number)
        return found[min(self._people.row, len(found) - 1)]

    def _rows(self, width: int) -> Sequence[Sequence[Span]]:
        return [_row(one) for one in self._found]

    @on(Input.Changed)
    def look_for(self) -> None:
        words = self._typed
        self._people.row = 0
        if self._contact is not None and not self._is_number_of_taken:
            self._contact = None
        if not self._is_number_of_taken:
            if len(words) >= _SHORTEST:
                self._desk.ask_once(contacts.FindContacts(words, _SHOWN))
            self.say("")
        self.repaint()

    def repaint(self) -> None:
        """The core has answered, or other words are typed."""
        number = len(self._found)
        self._people.styles.height = number
        self._people.display = number > 0
        self._people.has_cursor = self._row_to_take is not None
        self._choices.has_cursor = not number  # the keys move among contacts while there are any
        for rows in (self._people, self._choices):
            rows.repaint()

    def on_mount(self) -> None:
        self.repaint()

    def action_up(self) -> None:
        self._move(-1)

    def action_down(self) -> None:
        self._move(1)

    def _move(self, by: int) -> None:
        """Among contacts while there are any, else among our lines."""
        if not self._found:
            self._choices.move(by)
            return
        # The first press leads to the first row where a number is typed, which enter would take.
        is_first = self._row_to_take is None
        self._moved_at = self._typed
        self._people.move(0 if is_first else by)
        self.repaint()

    def action_confirm(self) -> None:
        contact = self._row_to_take
        if contact is None:
            super().action_confirm()
            return
        self._contact = contact
        field = self.query_one(Input)
        field.value = contact.consumer
        field.action_end()
        self.repaint()
        if len(self._lines) == 1:
            super().action_confirm()
        else:
            self.say(f"To {one_line(contact.name or contact.consumer, 30)}: choose a line, and confirm.")

    # The answer.

    def wrong(self, answer: DialogAnswer) -> str | None:
        consumer = consumer_address(answer.texts[0])
        if consumer is None:
            is_name = any(map(str.isalpha, answer.texts[0]))
            return _NOBODY if is_name else NUMBER_HELP
        if consumer in self._ours:
            return f"{consumer} is one of our own lines, and no consumer."
        which = new_conversation_id(*self.line_and_consumer(answer))
        if which in self._doubts and which != self._asked:
            self._asked = which
            return f"{self._doubts[which]} Confirm once more, or change the number."
        return None

    def line_and_consumer(self, answer: DialogAnswer) -> tuple[str, str]:
        return self._lines[answer.choice].address, consumer_address(answer.texts[0]) or ""


def _with_number(found: Sequence[ContactView], number: str) -> ContactView | None:
    """The only contact with this number; a national number is compared with the end of theirs."""
    is_national = not number.startswith("+") and len(number) >= _WHOLE
    same = [
        one for one in found if one.consumer == number or (is_national and one.consumer.endswith(number.lstrip("0")))
    ]
    return same[0] if len(same) == 1 else None


def _row(one: ContactView) -> list[Span]:
    return [(pad(one_line(one.name or "no name", _NAME), _NAME), "strong"), (f"  {one.shown or one.consumer}", "muted")]


def _of_closed(model: Model) -> tuple[str, str]:
    """The line and consumer of the shown conversation, where it is closed."""
    view = open_conversation(model)
    return (view.line, view.consumer) if view is not None and view.state == "closed" else ("", "")
