"""The card of a person: their name, language, attributes and notes, to read and to change."""

from __future__ import annotations

from collections.abc import Mapping

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from connector.sms.text import one_line
from connector.wire import contacts
from connector.wire.contacts import ContactView, PersonView
from connector.wire.views import ConversationView
from tui.actions import people
from tui.actions.keys import Context, KeyHint, key_for
from tui.desk import DeskController
from tui.draw import bars
from tui.draw.contact import changed_words, other_words
from tui.draw.format import Line
from tui.model.conversations import agent_name, consumer_name, number, person
from tui.screens.dialogs.dialog import Choices, DialogFrame, DialogInput, Field, label, labelled
from tui.widgets.bar import Bar
from tui.widgets.notes_area import NotesArea

_MASKS = "█ stands for what is masked: leave it as it is, or delete all of it"


class CardDialog(DialogFrame):
    """It stays until the core has stored what was written, or says why not. What another agent changes meanwhile is
    shown; in a field that both have changed it is replaced by saving once more, and not before."""

    VERTICAL_BREAKPOINTS = [*DialogFrame.VERTICAL_BREAKPOINTS, (34, "-tall")]  # noqa: RUF012

    def __init__(self, desk: DeskController, view: ConversationView) -> None:
        super().__init__(f"{consumer_name(view)}", Choices(lambda _: []))
        self._desk = desk
        self._view = view
        about = self._about
        self._base = about.contact if about is not None else ContactView(view.consumer)
        self._is_saving = False
        self._asked: dict[str, str] | None = None  # what was written when the agent was asked whether to drop it

    @property
    def _about(self) -> PersonView | None:
        """What the core has said of them last."""
        for shown in (self._desk.model.transcript, self._desk.model.panes.other):
            if shown is not None and shown.person == person(self._view):
                return shown.about
        return None

    def title_now(self) -> str:
        view = self._desk.current(self._view)
        name, called = consumer_name(view), number(view)
        return name if name == called else f"{name} · {called}"

    def keys_now(self, width: int) -> Line:
        names = self._desk.model.keys
        hints = [
            KeyHint(key_for(names, "save", Context.DIALOG), "save"),
            KeyHint(names.name("next_pane", Context.EVERYWHERE), "next field"),
            KeyHint(key_for(names, "back", Context.DIALOG), "back"),
        ]
        return bars.key_hints(hints, width)

    def parts(self) -> ComposeResult:
        texts = people.texts_of(self._base)
        with Horizontal(id="first"):
            with Vertical(id="name-part"):
                yield from labelled(Field(people.LABELS["name"], texts["name"], "Renée Dubois"), "name")
            with Vertical(id="language-part"):
                yield from labelled(Field(people.LABELS["language"], texts["language"], "fr, German"), "language")
        for field in ("attributes", "notes"):
            yield label(people.LABELS[field], f"label-of-{field}")
            area = NotesArea(field)
            area.text = texts[field]
            yield area
        yield Bar(self._aside, "aside")

    def on_mount(self) -> None:
        for area in self.query(NotesArea):
            area.show(area.text)
        self.set_focus(self.query_one("#notes" if self._view.name else "#name"))
        self._desk.ask_once(contacts.GetContact(self._view.id))

    def _aside(self, width: int) -> list[Line]:
        about, now = self._about, self._desk.now()
        words = [changed_words(self._desk.model, self._base, now), other_words(about, now) if about else ""]
        if self._base.masked:
            words = [_MASKS]
        return [[(one_line(" · ".join(filter(None, words)), width), "muted")]]

    # What is written.

    @property
    def _texts(self) -> dict[str, str]:
        inputs = {field: self.query_one(f"#{field}", DialogInput).value for field in ("name", "language")}
        return inputs | {field: self.query_one(f"#{field}", NotesArea).text for field in ("attributes", "notes")}

    def _show_texts(self, texts: Mapping[str, str]) -> None:
        for field, text in texts.items():
            if text == self._texts[field]:
                continue
            if field in ("name", "language"):
                self.query_one(f"#{field}", DialogInput).value = text
            else:
                self.query_one(f"#{field}", NotesArea).show(text)

    @property
    def _is_changed(self) -> bool:
        return people.saved(self._view, self._base, self._texts) is not None

    def _take(self, now: ContactView) -> list[str]:
        """Go on from what the core has by now; the fields that both have changed."""
        texts, both = people.theirs(self._base, now, self._texts)
        self._base = now
        self._show_texts(texts)
        return both

    # What the core says.

    def repaint(self) -> None:
        model, about = self._desk.model, self._about
        card = model.fetched.card if self._is_saving else None
        if card is not None and card.conversation_id == self._view.id:
            if card.is_saved:
                self.dismiss(None)
                self._desk.say(f"Recorded of {consumer_name(self._desk.current(self._view))}.")
                return
            if card.refusal is not None and not card.is_newer:
                self._is_saving = False
                self.say(card.refusal)
        if about is not None and about.contact.version != self._base.version:
            self._follow(about.contact)
        elif card is not None and card.is_newer:
            self._desk.ask_once(contacts.GetContact(self._view.id))
        for part in self.query(Bar):
            part.repaint()

    def _follow(self, now: ContactView) -> None:
        was_saving, self._is_saving = self._is_saving, False
        had_written = self._is_changed
        both = self._take(now)
        who = agent_name(self._desk.model, now.changed_by) if now.changed_by else "Another agent"
        if both:
            said = people.texts_of(now)
            theirs = "; ".join(f"{people.LABELS[field].partition(',')[0].lower()}: {said[field]}" for field in both)
            saves = key_for(self._desk.model.keys, "save", Context.DIALOG)
            self.say(f"{who} has written meanwhile: {one_line(theirs, 200)}. {saves} puts yours in its place.")
        elif was_saving:
            self._save()
        elif had_written:
            self.say(f"{who} has changed other fields meanwhile: they are here now.")

    # Keys.

    def action_confirm(self) -> None:
        """Enter is a new line where there are several."""
        if isinstance(self.focused, NotesArea):
            self.focused.action_newline()
        else:
            self._save()

    def action_save(self) -> None:
        self._save()

    def _save(self) -> None:
        request = people.saved(self._view, self._base, self._texts)
        if request is None:
            self.dismiss(None)
        elif isinstance(request, str):
            self.say(request)
        elif not self._is_saving:
            self._is_saving = True
            self._desk.forget_card()
            self._desk.ask(request)
            self.say("")

    def action_up(self) -> None:
        if isinstance(self.focused, NotesArea):
            self.focused.action_cursor_up()
        else:
            self.focus_previous()

    def action_down(self) -> None:
        if isinstance(self.focused, NotesArea):
            self.focused.action_cursor_down()
        else:
            self.focus_next()

    def back(self) -> None:
        texts = self._texts
        if self._is_changed and texts != self._asked:
            self._asked = texts
            self.say(f"What you wrote here would be lost. {self._leaves} again drops it.")
        else:
            self.dismiss(None)
