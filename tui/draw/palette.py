"""The command palette as lines: what its commands act on, and a row for each."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from connector.sms.text import cells, one_line
from connector.sms.wrapping import wrap
from connector.wire.views import ConversationView
from tui.actions.keys.search import Found
from tui.draw.bars import spread
from tui.draw.conversation_head import turn
from tui.draw.format import Line, line_width
from tui.model.conversations import consumer_name
from tui.model.state import Model

_LABEL = 16  # cells
_MOST_NAME = 28


def about_line(model: Model, view: ConversationView | None, now: int) -> Line:
    """`on Maria Lopez  yours · waiting 41m`: the conversation that commands act on."""
    if view is None:
        return [("no conversation is shown", "muted")]
    return [
        ("on ", "muted"),
        (one_line(consumer_name(view), _MOST_NAME), "strong"),
        ("  ", ""),
        *turn(model, view, now),
    ]


def palette_title(about: Line, found: Sequence[Found], width: int) -> Line:
    possible = sum(not each.reason for each in found)
    return spread([[("Commands", "strong")], about], [(f"{possible} of {len(found)} now", "faint")], width)


def command_row(found: Found, keys: str, keys_width: int, width: int) -> Line:
    """What it is called, what it does or why it cannot be done now, and its keys at the right."""
    cannot = bool(found.reason)
    room = max(0, width - _LABEL - keys_width - 2)
    words: Line = _marked(found.alias, found.in_alias, "")
    words += [(": ", "muted")] if words else []
    words += (
        [(f"not now: {one_line(found.reason, width)}", "faint")]
        if cannot
        else _marked(found.action.help, found.in_help, "muted")
    )
    return [
        *_fitted(_marked(found.action.label, found.in_label, "muted" if cannot else "strong"), _LABEL),
        *_fitted(words, room),
        ("  ", ""),
        (" " * (keys_width - cells(keys)) + keys, "faint" if cannot else "key"),
    ]


def command_lines(found: Found | None, width: int) -> list[Line]:
    """The whole sentence about the command under the cursor; above it why it cannot be done now."""
    if found is None:
        return []
    room = width - 2
    lines: list[Line] = [
        [(f" {line}", "warn")] for line in (wrap(one_line(found.reason, 4 * room), room) if found.reason else ())
    ]
    return [*lines, *([(f" {line}", "")] for line in wrap(found.action.help, room))]


def _marked(text: str, letters: frozenset[int], role: str) -> Line:
    """A text whose letters that were typed stand out."""
    runs = groupby(enumerate(text), key=lambda each: each[0] in letters)
    return [("".join(char for _, char in run), f"{role} found".strip() if is_typed else role) for is_typed, run in runs]


def _fitted(line: Line, width: int) -> Line:
    """Exactly so many cells; where it is cut it ends in `…`."""
    if width < 1:
        return []
    fitted: Line = []
    is_cut = line_width(line) > width
    room = width - is_cut
    for text, role in line:
        while cells(text) > room:
            text = text[:-1]
        fitted.append((text, role))
        room -= cells(text)
    return [*fitted, ("…" * is_cut + " " * room, "muted")]
