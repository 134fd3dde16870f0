"""Saved replies as lines: those found, what one of them reads like for this consumer, and what it costs."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from connector.sms.lengths import LengthLimit
from connector.sms.segments import measure
from connector.sms.text import cells, one_line, shown
from connector.sms.wrapping import wrap
from connector.wire import saved_reply_rules
from connector.wire.saved_replies import SavedReplyView
from tui.draw import compose_frame
from tui.draw.bars import spread
from tui.draw.format import Line, Span, line_width
from tui.model.saved_reply_search import FoundReply

_TITLE, _MOST_SHORTCUT, _FEWEST = 28, 12, 4  # cells
_MOST_LISTED = 300
Entry = tuple[str | None, list[Line]]
"""An id, or None where the cursor cannot be, and lines."""
_SEPARATOR: Span = (" · ", "muted")


def reply_row(found: FoundReply, key: str, width: int) -> Line:
    """`Refund on its way      ;refund   Orders · shared · close`: title, how it is typed, and what else tells it
    apart. `key`: of the agent's own that puts it in."""
    one = found.reply
    room = min(_TITLE, max(12, width * 2 // 5))
    title = one_line(one.title, room)
    line: Line = _marked(title, found.in_title if title == one.title else frozenset())
    line.append((" " * (room - cells(title) + 1), ""))
    how = key or (f";{one.shortcut}" if one.shortcut else "")
    how = one_line(how, _MOST_SHORTCUT)
    line.append((how + " " * (_MOST_SHORTCUT - cells(how) + 1), "key"))
    done = saved_reply_rules.actions_in_brief(one.then)
    about = [one.category, "" if one.is_shared else "your own", ", ".join(one.skills), one.language]
    words = " · ".join(filter(None, about))
    room = max(0, width - line_width(line))
    done = one_line(done, room)
    left = room - cells(done) - 2 * bool(done)
    words = one_line(words, left) if left >= _FEWEST else ""
    return [*line, (words, "muted"), ("  " if words and done else "", ""), (done, "accent")]


def _marked(text: str, letters: frozenset[int]) -> Line:
    runs = groupby(enumerate(text), key=lambda each: each[0] in letters)
    return [("".join(char for _, char in run), "strong found" if is_typed else "strong") for is_typed, run in runs]


def meter_line(text: str, limits: Sequence[LengthLimit], width: int, price: str = "") -> Line:
    """`── 318 of 1,600 · 3 segments · GSM-7 ───`: what it costs. `price`: of a segment, where it is known."""
    groups = compose_frame.meter(text, measure(text), limits, width - 6, price=price)
    line: Line = [("── ", "rule")]
    for number, group in enumerate(groups):
        add: Line = [*([_SEPARATOR] if number else []), group]
        if line_width(line) + line_width(add) > width - 3:
            break
        line += add
    return [*line, (f" {'─' * max(0, width - line_width(line) - 1)}", "rule")]


def preview_lines(text: str, gaps: Sequence[tuple[int, int]], width: int, most: int) -> list[Line]:
    """The filled text; fields without a value stand out. What does not fit ends in `…`."""
    lines: list[Line] = []
    for words in wrap(shown(text), width - 2):
        lines.append([(" ", ""), *_with_gaps(words, [text[start:end] for start, end in gaps])])
    if len(lines) > most:
        lines = [*lines[: most - 1], [*lines[most - 1], (" …", "muted")]]
    return lines


def _with_gaps(words: str, gaps: Sequence[str]) -> Line:
    """A line of text in which these stand out."""
    line: Line = []
    rest = words
    for gap in gaps:
        before, found, after = rest.partition(gap)
        if found:
            line += [(before, ""), (gap, "warn")]
            rest = after
    return [*line, (rest, "")]


def actions_line(reply: SavedReplyView, width: int) -> Line:
    """`then: tag delivery, close`; empty where nothing is done."""
    done = saved_reply_rules.actions_in_words(reply.then)
    return [(" then: ", "muted"), (one_line(done, max(0, width - 9)), "accent")] if done else []


def reply_entries(replies: Sequence[SavedReplyView], nothing: str, width: int) -> list[Entry]:
    """Of the page: two lines for each, the second with its text; of very many the first ones."""
    if not replies:
        return [(None, [[(f"    {nothing}", "muted")]])]
    entries: list[Entry] = []
    for one in replies[:_MOST_LISTED]:
        uses = f"used {one.uses:,} ×" if one.uses else ""
        text = one_line(one.text, max(0, width - 10 - cells(uses)))
        row: Line = [("    ", ""), *reply_row(FoundReply(one), "", width - 6)]
        below = spread([[(f"      {text}", "muted")]], [(uses, "faint")], width)
        entries.append((one.id, [row, below]))
    if len(replies) > _MOST_LISTED:
        entries.append((None, [[(f"    … and {len(replies) - _MOST_LISTED:,} more: the filter finds them", "muted")]]))
    return entries
