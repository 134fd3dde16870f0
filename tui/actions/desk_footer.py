"""The keys that the footer of the main screen names: what works now with the shown conversation, most useful first."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from types import MappingProxyType

from connector.sms.text import is_blank, one_line
from connector.wire import requests
from connector.wire.views import ConversationView
from tui.actions import keys
from tui.actions.bulk import done_words
from tui.actions.enabled import disabled_actions
from tui.actions.keys import Context, KeyHint
from tui.actions.undo import undo, undone_elsewhere
from tui.actions.writing import cannot_write, may_accept
from tui.model.attention import Place
from tui.model.conversations import consumer_name, rings_here
from tui.model.key_names import KeyNames
from tui.model.listing import Listing
from tui.model.marked import BulkRun
from tui.model.panes import is_split
from tui.model.state import Model

_MANY = 100
_IN_EDGE = (
    "send",
    "other_draft",
    "saved_reply",
    "newline",
    "external_editor",
    "emoji",
    "plain_letters",
    "attach",
    "undo",
)


def desk_footer(
    model: Model,
    listing: Listing,
    context: Context,
    view: ConversationView | None,
    draft: str,
    now: int,
    *,
    is_wide: bool = False,
) -> list[KeyHint]:
    """`context` is a place of the main screen, `draft` what is written there; `is_wide`: there is room for a name.

    While writing whom the next text is for is said at any width: it goes to whom the key has led to.
    """
    labels = _labels(model, view, draft, now)
    disabled = _disabled(model, view, draft, labels)
    found = listing.next_need(model.shown if model.is_entered else None)
    if found is None:
        disabled.add("next_need")
    is_writing = context is Context.COMPOSE
    place = listing.need_place(view) if is_wide or not is_writing else None
    labels["next_need"] = _next_label(model, place, found if is_wide or is_writing else None)
    briefs = {"undo": keys.BY_ID["undo"].label, "next_need": _next_brief(model, found)} if is_writing else {}
    hints = _hints(model, context, _order(context, view), disabled, labels, briefs)
    if is_writing and view is not None and rings_here(model, view):
        # While writing letters are text: one key leaves first.
        declines = f"{model.keys.name('back')} {model.keys.name('decline')}"
        hints.insert(1, KeyHint(declines, keys.BY_ID["decline"].label))
    return hints + keys.always(model.keys)


def _order(context: Context, view: ConversationView | None) -> tuple[str, ...]:
    """Before a reply of a colleague is sent again, it is taken over."""
    order = keys.DESK_ORDER[context]
    return order if view is None or not view.unsent else tuple(sorted(order, key=lambda one: one != "take_over"))


def count_footer(names: KeyNames, context: Context, digits: str, *, has_rows: bool) -> list[KeyHint]:
    """What can follow a count; `has_rows`: one of the rows can be gone to."""
    moves = [KeyHint(keys.key_for(names, one, context), keys.BY_ID[one].label) for one in keys.COUNTED]
    last = KeyHint(keys.key_for(names, "last", context), f"to row {digits}")
    end = KeyHint(keys.key_for(names, "back", context), "no count")
    return [KeyHint(digits, "times:"), *moves, *([last] if has_rows else []), end]


def marks_footer(model: Model, context: Context) -> list[KeyHint]:
    """What can be done with all marked conversations at once."""
    names = model.keys
    labels = {"give_back": "back"}
    first, rest = (
        [KeyHint(names.name(one), labels.get(one, keys.BY_ID[one].label)) for one in some]
        for some in (keys.OF_MARKED[:4], keys.OF_MARKED[4:])
    )
    marking = [
        KeyHint(keys.key_for(names, one, context), keys.BY_ID[one].label)
        for one in keys.MARKING
        if context is Context.LIST
    ]
    drops = KeyHint(keys.key_for(names, "back", context), "none")
    number = KeyHint("all", f"{len(model.marks):,}:")
    return [number, *first, drops, *rest, *marking, *keys.always(names)]


def emoji_keys(names: KeyNames) -> list[KeyHint]:
    """The keys while emoji are offered by name."""
    inserts, leaves = (keys.key_for(names, one, Context.COMPOSE) for one in ("send", "back"))
    return [KeyHint(inserts, "inserts"), KeyHint(leaves, "leaves")]


def finder_keys(names: KeyNames) -> list[KeyHint]:
    """The keys while saved replies are looked for."""
    ids = keys.DESK_ORDER[Context.FINDER]
    return [KeyHint(keys.key_for(names, one, Context.FINDER), keys.BY_ID[one].label) for one in ids]


def shortcut_keys(names: KeyNames) -> list[KeyHint]:
    """The keys while saved replies are offered by a shortcut; enter sends as ever."""
    inserts = keys.key_for(names, "next_pane", Context.COMPOSE)
    sends, leaves = (keys.key_for(names, one, Context.COMPOSE) for one in ("send", "back"))
    return [KeyHint(inserts, "inserts the reply"), KeyHint(leaves, "leaves"), KeyHint(sends, keys.BY_ID["send"].label)]


def compose_edge(
    model: Model, view: ConversationView | None, draft: str, now: int, *, is_active: bool
) -> list[KeyHint]:
    """The keys in the frame of a compose pane; in that of the other pane only the one that leads there."""
    labels = _labels(model, view, draft, now)
    ids = _IN_EDGE if is_active else ("other_pane",)
    if view is not None and (macro := model.compose.macros.get(view.id)) and macro.then:
        ids, labels = ("detach", *ids), {**labels, "detach": "without"}  # behind what is done
    return _hints(model, Context.COMPOSE, ids, _disabled(model, view, draft, labels), labels)


def _hints(
    model: Model,
    context: Context,
    ids: Iterable[str],
    disabled: Container[str],
    labels: Mapping[str, str],
    briefs: Mapping[str, str] = MappingProxyType({}),
) -> list[KeyHint]:
    return [
        KeyHint(
            keys.key_for(model.keys, one, context),
            labels.get(one) or keys.BY_ID[one].label,
            brief=briefs.get(one, ""),
        )
        for one in ids
        if one not in disabled
    ]


def _disabled(model: Model, view: ConversationView | None, draft: str, labels: Container[str]) -> set[str]:
    disabled = disabled_actions(model, view, draft)
    if "undo" in labels:
        disabled.discard("undo")
    if view is None:
        disabled.add("open")
    if view is None or cannot_write(model, view) is not None:
        disabled.add("send")
    if not is_blank(draft):
        disabled.add("resend")  # another answer is being written
    if not is_split(model):
        disabled.add("other_pane")
    if not any(line.may_start for line in model.providers.lines):
        disabled.add("start_conversation")
    return disabled


def _labels(model: Model, view: ConversationView | None, draft: str, now: int) -> dict[str, str]:
    """Words in place of those of the key table."""
    labels = {"send": _send_label(model, view, draft), "saved_reply": "replies"}
    intent = undo(model, now)
    if isinstance(intent, BulkRun):
        labels["undo"] = "stop" if intent.runs else f"undo: {done_words(intent)}"
    elif not isinstance(intent, requests.Reopen) and (found := undone_elsewhere(model, intent, now)) is not None:
        labels["undo"] = f"undo to {one_line(found.name, 20)}"
    return labels


def _send_label(model: Model, view: ConversationView | None, draft: str) -> str:
    macro = model.compose.macros.get(view.id) if view is not None else None
    closes = macro is not None and macro.then.closes
    if view is None or not may_accept(model, view):
        return "sends and closes" if closes else ""
    is_empty = is_blank(draft) and view.id not in model.compose.attachments
    return "accepts" if is_empty else "accepts, sends, closes" if closes else "accepts and sends"


def _next_label(model: Model, here: Place | None, found: Place | None) -> str:
    """Where the agent is in the round of what needs them, and whom the key leads to if there is room for a name:
    `next · 2 of 5 → (415) 555-0111, queue`. Among hundreds a place says nothing."""
    words = keys.BY_ID["next_need"].label
    if here is not None and here.of < _MANY:
        words += f" · {here.number} of {here.of}"
    view = None if found is None else model.conversations.by_id.get(found.id)
    if view is not None:
        words += f" → {one_line(consumer_name(view), 20)}{', queue' if view.state == 'queued' else ''}"
    return words


def _next_brief(model: Model, found: Place | None) -> str:
    """Where there is no room for a name: whether it is one of the agent's own."""
    words = keys.BY_ID["next_need"].label
    view = None if found is None else model.conversations.by_id.get(found.id)
    return f"{words}: queue" if view is not None and view.state == "queued" else words
