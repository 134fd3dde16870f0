"""The frame of the compose pane: whom the text is for, what it costs, and the keys that work there.

The meter stands in the upper edge. On a small screen the frame is that edge alone.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from connector.base.counted import count
from connector.sms.lengths import LengthLimit, strictest
from connector.sms.segments import Measure
from connector.sms.text import cells, one_line
from connector.wire.views import ConversationView
from tui.actions.keys import KeyHint
from tui.actions.writing import cannot_write
from tui.draw.format import Line, Span, line_width, quoted
from tui.model.conversations import agent_name, consumer_name, have_joined, is_mine, is_new
from tui.model.state import Macro, Model

_ROOM_FOR_UNITS = 72  # cells
_ROOM_FOR_COST, _ROOM_BESIDE_CULPRIT = 44, 62  # what makes a text dear is said before what it costs
_URGENT = ("accent", "warn")  # roles of words that say what enter does, or that the text is not sent
_GAP: Span = (" · ", "muted")
_BESIDE = 3  # cells between the title and the meter


def title(model: Model, view: ConversationView, is_empty: bool, *, is_framed: bool = False) -> Line:
    """Whom the text is for, or what enter does with it; the lower edge of a frame names the key."""
    name = one_line(consumer_name(view), 24)
    if is_new(view.id):
        return [("first text to ", "muted"), (name, "strong")]
    if view is model.conversations.gone or cannot_write(model, view) is not None:
        kept = ": kept as a draft" if model.compose.is_on_disk else ": a draft, not kept on disk"
        return [(name, "strong"), *([] if is_empty else [(kept, "warn")])]
    if have_joined(model, view):
        beside = one_line(agent_name(model, view.agent), 16)
        return [("reply to ", "muted"), (name, "strong"), (f" beside {beside}", "muted")]
    if is_mine(model, view) and view.id not in model.conversations.lapsed:
        return [("reply to ", "muted"), (name, "strong")]
    # What enter does is read first: with little room the name is cut.
    what = "accepts" if is_empty else "accepts and sends"
    key = "" if is_framed and not is_empty else f"{model.keys.name('send')} "
    return [(f"{key}{what}", "accent"), _GAP, (name, "strong")]


def upper_edge(title_line: Line, meter_groups: Sequence[Span], width: int, *, role: str, has_sides: bool) -> Line:
    """`╭─ reply to NAME ───── 48 of 1,600 · 1 segment · GSM-7 ─╮`; without sides a rule. `role` is the edge's own."""
    right: Line = []
    room = meter_room(width)
    # Whom it is for is more than what the text costs, and less only than that it is too long.
    whole, least = room - line_width(title_line) - _BESIDE, room - kept_cells(title_line)
    for group in meter_groups:
        add: Line = [*([_GAP] if right else []), group]
        most = room if not right or group[1] == "bad" else whole if group[1] == "muted" else least
        if line_width(right) + line_width(add) > most:
            break
        right += add
    rest = room - line_width(right) - _BESIDE
    left = title_line if line_width(title_line) <= rest else _cut(title_line, rest)
    start, end = ("╭─", "─╮") if has_sides else ("──", "──")
    fill = max(0, width - 4 - sum(line_width(part) + 2 for part in (left, right) if part))
    return [
        (start, role),
        *([(" ", ""), *left, (" ", "")] if left else []),
        ("─" * fill, role),
        *([(" ", ""), *right, (" ", "")] if right else []),
        (end, role),
    ]


def meter_room(width: int) -> int:
    """Cells for words in an upper edge of `width` cells."""
    return width - 6


def kept_cells(title_line: Line) -> int:
    """Cells that a title takes where it is cut: to what enter does and whom the text is for, else to the name alone."""
    is_urgent = any(role in _URGENT for _, role in title_line)
    return _BESIDE + line_width(span for span in title_line if is_urgent or span[1] == "strong")


def lower_edge(hints: Sequence[KeyHint], width: int, *, role: str, macro: Macro | None = None) -> Line:
    """`╰─ then: tag late, close ──── enter send · ^j new line ─╯`, with as many keys as there is room for, behind what
    is done as the text is sent."""
    done = then_line(macro, max(0, width - 8))
    shown: Line = []
    room = width - 8 - (line_width(done) + 3 if done else 0)
    for hint in hints:
        add: Line = [*([_GAP] if shown else []), (hint.key, "key"), (f" {hint.label}", "muted")]
        if line_width(shown) + line_width(add) > room:
            break
        shown += add
    taken = sum(line_width(part) + 2 for part in (done, shown) if part)
    fill = max(0, width - 4 - taken)
    return [
        ("╰─", role),
        *([(" ", ""), *done, (" ", "")] if done else []),
        ("─" * fill, role),
        *([(" ", ""), *shown, (" ", "")] if shown else []),
        ("─╯", role),
    ]


def then_line(macro: Macro | None, width: int) -> Line:
    """`then: tag late, close`: what is done as the text is sent; empty where nothing is."""
    if macro is None or not macro.then:
        return []
    from connector.wire.saved_reply_rules import actions_in_words  # few texts do more than be sent

    return [("then: ", "muted"), (one_line(actions_in_words(macro.then), max(0, width - 6)), "accent")]


def meter(
    text: str, measured: Measure, limits: Sequence[LengthLimit], width: int, beside: int = 0, price: str = ""
) -> list[Span]:
    """Length, segments, cost and encoding of a text, and the character that forces UCS-2: groups for `upper_edge`, the
    most important first, together in at most `width` cells, of which the title takes `beside`. `price`: of a segment,
    empty where it is not known.

    The length is given in the unit of each of `limits` that counts it differently; where there is little room, in that
    of the strictest.
    """
    groups: list[Span] = []
    by_count: dict[int, LengthLimit] = {}
    for limit in sorted(limits, key=lambda one: one.most) if width >= _ROOM_FOR_UNITS else [strictest(text, *limits)]:
        by_count.setdefault(limit.count(text), limit)
    for limit in by_count.values():
        over = limit.excess(text)
        tone = "bad" if over > 0 else "strong" if text else "muted"
        unit = f" {limit.words}" if groups else ""
        groups.append((f"{limit.count(text):,} of {limit.most:,}{unit}", tone))
        if over > 0:
            groups.append((f"{over:,} too many", "bad"))
    groups.append((count(measured.segments, "segment"), "warn" if measured.segments > 10 else "muted"))
    least = _ROOM_FOR_COST if measured.culprit is None else _ROOM_BESIDE_CULPRIT
    if price and text and width - beside >= least:
        groups.append((cost_words(measured.segments, price), "muted"))
    if measured.culprit is None:
        return [*groups, ("GSM-7", "muted")]
    char = text[measured.culprit]
    more = f" and {len(measured.culprits) - 1:,} more" if len(measured.culprits) > 1 else ""
    name = unicodedata.name(char, "").lower()
    place = f"at {measured.culprit + 1:,}"
    room = width - beside - sum(cells(words) + 3 for words, _ in groups) - len("UCS-2 ")
    for words in (f"{name} {place}{more}", f"{place}{more}", place):
        if cells(sign := f"{quoted(char)} {words}") <= room:
            return [*groups, (f"UCS-2 {sign}", "warn")]
    return [*groups, ("UCS-2", "warn")]


@lru_cache(64)
def cost_words(segments: int, price: str) -> str:
    """`0.0158 USD`, exactly: what so many segments cost; drawn with each letter, and reckoned once."""
    from connector.base.money import exact, parse  # loaded where there are prices

    amount = parse(price)
    return price if amount is None else f"{exact(segments * amount.billionths)} {amount.currency}"


def _cut(line: Line, room: int) -> Line:
    """A title where there is little room: what enter does, else the name, else its first word, else nothing."""
    urgent: Line = [(text.removeprefix(": "), role) for text, role in line if role in _URGENT]
    name = [span for span in line if span[1] == "strong"]
    text, role = line[0]
    first: Line = [(text.split(" ")[0], role)]
    return next((shorter for shorter in (urgent, name, first) if shorter and line_width(shorter) <= room), [])
