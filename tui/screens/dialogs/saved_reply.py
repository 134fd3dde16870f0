"""The dialog in which a saved reply is written or changed; it stays until the core has stored it."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Input, TextArea

from connector.base import moments
from connector.sms.lengths import LengthLimit
from connector.sms.text import written
from connector.wire import reply_fields, saved_reply_rules
from connector.wire.saved_replies import PutSavedReply, ReplyActions, SavedReplyContent, SavedReplyView
from tui.desk import DeskController
from tui.draw.format import Line
from tui.draw.saved_replies import meter_line
from tui.model.conversations import open_conversation, reply_limits
from tui.screens.dialogs.dialog import Choices, DialogFrame, DialogInput, Field, label
from tui.terminal.text_area import CalmTextArea
from tui.widgets.bar import Bar
from tui.widgets.reply_finder import filled_in

_YES, _NO = ("yes", "y", "x"), ("", "no", "n")
_BEFORE = (
    ("title", "Title", "refund on its way"),
    ("category", "Category", "refunds"),
    ("shortcut", "Shortcut", "refund: typed as ;refund and tab"),
)
_AFTER = (
    ("skills", "Skills", "orders, refunds; empty: all"),
    ("language", "Language", "en"),
    ("tags", "Then tag", "refund, late"),
    ("outcome", "Then outcome", "solved"),
    ("due", "Then due in", "2h"),
    ("closes", "Then close", "yes"),
    ("is_shared", "Shared", "yes: for colleagues, too"),
)


class ReplyArea(CalmTextArea):
    """The text of a saved reply: enter takes the whole dialog, as in its other fields."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+j", "newline", show=False, priority=True, id="compose.newline")
    ]

    def __init__(self, text: str) -> None:
        super().__init__(
            written(text),
            id="reply-text",
            soft_wrap=True,
            tab_behavior="focus",
            compact=True,
            highlight_cursor_line=False,
        )
        self.cursor_blink = False
        self.match_cursor_bracket = False

    def action_newline(self) -> None:
        self.insert("\n", maintain_selection_offset=False)
        self.scroll_cursor_visible()


class SavedReplyDialog(DialogFrame):
    VERTICAL_BREAKPOINTS = [(0, "-low"), (28, "-high")]  # noqa: RUF012

    def __init__(self, desk: DeskController, before: SavedReplyView | None = None, text: str = "") -> None:
        """`before`: the one that is changed; `text`: of a new one."""
        super().__init__("Change a saved reply" if before else "A new saved reply", Choices(lambda width: []))
        self.desk = desk
        self._before = before
        self._is_asked = False
        self._area = ReplyArea(before.text if before else text)
        self._asked_to_leave = ""

    def _value(self, name: str) -> str:
        one = self._before
        if one is None:
            return ""
        match name:
            case "skills":
                return ", ".join(one.skills)
            case "tags":
                return ", ".join(one.then.tags)
            case "outcome":
                return one.then.outcome
            case "due":
                return "" if one.then.due_s is None else moments.length_words(one.then.due_s)
            case "closes":
                return "yes" if one.then.closes else ""
            case "is_shared":
                return "yes" if one.is_shared else ""
        return str(getattr(one, name))

    def parts(self) -> ComposeResult:
        for name, words, example in _BEFORE:
            yield self._row(name, words, example)
        yield self._area
        yield Bar(self._meter, "reply-meter")
        for name, words, example in _AFTER:
            if name != "is_shared" or self.desk.model.agents.is_lead:
                yield self._row(name, words, example)

    def _row(self, name: str, words: str, example: str) -> Horizontal:
        field = DialogInput(Field(words, self._value(name), example), f"reply-{name}")
        return Horizontal(label(words, f"label-of-{name}"), field, classes="labelled")

    def on_mount(self) -> None:
        self.set_focus(self.query_one("#reply-title", Input))

    def _field(self, name: str) -> str:
        found = self.query(f"#reply-{name}").results(Input)
        return next((one.value.strip() for one in found), self._value(name))

    @property
    def content(self) -> SavedReplyContent | str:
        """What is written, or why it cannot be stored."""
        due, closes = self._field("due").casefold(), self._field("closes").casefold()
        due_ms = moments.length(due) if due else None
        if due and due_ms is None:
            return "“Then due in” is a span of time like 30m, 2h or 1d."
        if closes not in (*_YES, *_NO) or self._field("is_shared").casefold() not in (*_YES, *_NO):
            return "“Then close” and “Shared” are yes, or empty."
        then = ReplyActions(
            _split(self._field("tags")),
            self._field("outcome"),
            None if due_ms is None else due_ms // 1000,
            closes in _YES,
        )
        content = SavedReplyContent(
            title=self._field("title"),
            text=self._area.text,
            category=self._field("category"),
            shortcut=self._field("shortcut").removeprefix(";").lower(),
            skills=_split(self._field("skills")),
            language=self._field("language"),
            then=then,
        )
        return saved_reply_rules.flaw(content) or content

    def _meter(self, width: int) -> list[Line]:
        """What the text costs in the shown conversation, and what is wrong with it."""
        model, text = self.desk.model, self._area.text
        view = open_conversation(model)
        limits = reply_limits(model, view) if view is not None else [LengthLimit(model.settings.reply_limit)]
        fields = reply_fields.flaw(text)
        content = SavedReplyContent(title="-", text=text, language=self._field("language"))
        sample = SavedReplyView(
            **{name: getattr(content, name) for name in content.__struct_fields__},
            id="", version="", is_shared=False, changed_at=0, changed_by="",
        )  # fmt: skip
        filled = filled_in(self.desk, sample).text
        line = meter_line(filled, limits, width)
        about = fields or saved_reply_rules.warning(content) or ""
        if not about:
            known = " ".join(f"{{{one}}}" for one in reply_fields.FIELDS)
            return [line, [(f" {known} {{name|there}}", "faint")]]
        return [line, [(f" {about}", "warn")]]

    @on(TextArea.Changed)
    def text_changed(self) -> None:
        self.query_one("#reply-meter", Bar).repaint()

    @on(TextArea.Changed)
    @on(Input.Changed)
    def end_refusal(self) -> None:
        """What was said of the values before does not hold of these."""
        if not self._is_asked:
            self.say("")

    def action_up(self) -> None:
        if self._area.has_focus:
            self._area.action_cursor_up()
        else:
            self.focus_previous()

    def action_down(self) -> None:
        if self._area.has_focus:
            self._area.action_cursor_down()
        else:
            self.focus_next()

    def action_confirm(self) -> None:
        content = self.content
        if self._is_asked:
            return
        if isinstance(content, str):
            self.say(content)
            return
        before = self._before
        is_shared = self._field("is_shared").casefold() in _YES
        self._is_asked = True
        self.say("Being stored…")
        self.desk.ask(
            PutSavedReply(
                **{name: getattr(content, name) for name in SavedReplyContent.__struct_fields__},
                saved_reply_id=before.id if before else "",
                is_shared=is_shared,
                based_on=before.version if before else "",
            )
        )

    def repaint(self) -> None:
        """The core's answer may be here."""
        stored = self.desk.model.fetched.stored_reply
        if not self._is_asked or stored is None:
            return
        self._is_asked = False
        if stored.refusal is None:
            self.dismiss(None)
        else:
            self.say(stored.refusal)

    def back(self) -> None:
        """Leave, after asking once more where something was written."""
        values = [one.value for one in self.query(DialogInput) if one.value != one.begun]
        begun = self._before.text if self._before else ""
        written_here = "".join([*values, self._area.text if self._area.text != begun else ""])
        if written_here and written_here != self._asked_to_leave and not self._is_asked:
            self._asked_to_leave = written_here
            self.say(f"What you wrote here would be lost. {self._leaves} again drops it.")
        else:
            self.dismiss(None)


def _split(text: str) -> list[str]:
    return [one.strip() for one in text.replace(";", ",").split(",") if one.strip()]
