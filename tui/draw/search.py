"""The page of the search as lines: people and messages that were found, or what one can write."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence

from connector.base.counted import count
from connector.sms.text import cells, one_line, shown
from connector.sms.wrapping import wrap
from connector.wire.views import HitView, PersonHitView
from tui.draw.format import Line, clock, day_words, fit, line_width, moment, status_sign
from tui.model.conversations import agent_name
from tui.model.key_names import KeyNames
from tui.model.search import TypedSearch
from tui.model.state import Model

_INDENT = "    "
_NAME, _WHEN = 22, 12
_MOST_LINE = 16
_LONGEST_LEAD = 0.6  # of the room, before the first match
_WRITE = (
    ("refund parcel", "texts with both words; three letters are enough for the beginning of one"),
    ('"thank you"', "exactly so, one word after the other"),
    ("(415) 555-0111", "a number in any spelling, or its last four digits; a name finds people, too"),
    ("from:anna", "what an agent wrote; from:me, from:consumer"),
    ("agent:anna", "whose conversation it is"),
    ("tag:refund", "also outcome:solved"),
    ("since:2026-10-01", "also since:7d, until:yesterday"),
    ("line:0199", "last digits of one of our numbers; number:0111 those of the consumer's"),
    ("state:failed", "how a reply ended: delivered, undelivered, uncertain …"),
    ("is:open", "also is:closed, is:queued, is:note"),
)
_EXAMPLE = 18

HitKey = tuple[str, str]
"""Of a hit: its conversation and message; of a person: nothing, and the number."""


def key_of(found: HitView | PersonHitView) -> HitKey:
    return ("", found.consumer) if isinstance(found, PersonHitView) else (found.conversation_id, found.message_id)


class DrawnHits:
    """The lines of hits, each drawn once for a width and day."""

    def __init__(self) -> None:
        self._drawn: dict[HitKey, tuple[HitView, list[Line]]] = {}
        self._for: tuple[int, str] = (0, "")

    def entries(self, model: Model, now: int, width: int) -> Iterator[tuple[Hashable | None, list[Line]]]:
        """What is found, as entries of a list."""
        state = model.search
        if not state.text.strip():
            yield None, _help(model.keys, width)
            return
        yield None, [[], *_about(state, width)]
        if (today := (width, day_words(now, now + 86_400_000))) != self._for:
            self._drawn, self._for = {}, today
        for person in state.people:
            yield key_of(person), _person(model, person, now, width)
        before, self._drawn = self._drawn, {}
        for hit in state.hits:
            key = key_of(hit)
            drawn = before.get(key)
            if drawn is None or drawn[0] is not hit:
                drawn = hit, _hit(model, hit, now, width)
            self._drawn[key] = drawn
            yield key, drawn[1]
        yield None, _end(state, now, width)


def _about(state: TypedSearch, width: int) -> list[Line]:
    """How the text was understood, and what is wrong with it."""
    room = width - len(_INDENT) - 1
    if state.refusal:
        return [[(f"{_INDENT}{line}", "warn")] for line in wrap(one_line(state.refusal, 4 * room), room)]
    words = [*([f"{one_line(' · '.join(state.understood), room)}"] if state.understood else [])]
    lines: list[Line] = [[(f"{_INDENT}{line}", "muted")] for line in words]
    if state.not_yet:
        lines += [[(f"{_INDENT}{line}", "warn")] for line in wrap(state.not_yet, room)]
    return [*lines, []] if lines else []


def number_words(state: TypedSearch) -> str:
    """How many were found, for the title."""
    if state.answered is None or state.refusal or not state.text.strip():
        return ""
    people = [count(len(state.people), "person", "people")] if state.people else []
    hits = count(len(state.hits), "hit") + (" and more" if state.more else "")
    return ", ".join([*people, hits])


def _person(model: Model, person: PersonHitView, now: int, width: int) -> list[Line]:
    number = one_line(person.shown or person.consumer, _NAME)
    line: Line = [(_INDENT, ""), (fit(one_line(person.name, _NAME) or number, _NAME), "strong")]
    about = ["never written with: enter texts them first"]
    if person.conversation_id:
        about = [_where(model, person.state, person.agent), f"last {moment(person.last_at, now)}"]
    if person.name:
        about.insert(1, number)
    line.append((f"  {_that_fit(about, width - line_width(line) - 3)}", "muted"))
    return [line]


def _hit(model: Model, hit: HitView, now: int, width: int) -> list[Line]:
    """When, who, on which line, by whom and where it is; below it the words, with what was found."""
    number = hit.shown or hit.consumer
    head: Line = [
        (f"{_INDENT}{fit(_when(hit.at, now), _WHEN)}  ", "faint"),
        (fit(one_line(hit.name or number, _NAME), _NAME), "strong"),
    ]
    beside = [_wrote(model, hit), _where(model, hit.state, hit.agent), *([number] if hit.name else [])]
    beside.append(f"on {one_line(hit.line, _MOST_LINE)}")
    head.append((f"  {_that_fit(beside, width - line_width(head) - 3)}", "muted"))
    return [head, [(_INDENT, ""), *snippet_line(hit, width - len(_INDENT) - 1)]]


def _that_fit(words: Sequence[str], room: int) -> str:
    """As many of these as there is room for, the first ones first."""
    shown_words = ""
    for one in filter(None, words):
        longer = f"{shown_words} · {one}" if shown_words else one
        if cells(longer) > room:
            break
        shown_words = longer
    return shown_words


def _when(at: int, now: int) -> str:
    words = day_words(at, now)
    if words == "today":
        return clock(at)
    if words == "yesterday":
        return f"yest. {clock(at)}"
    return moment(at, now)[:_WHEN]


def _wrote(model: Model, hit: HitView) -> str:
    if hit.direction == "note":
        return f"note of {agent_name(model, hit.author) if hit.author else 'a colleague'}"
    if hit.direction != "reply":
        return ""
    sign = status_sign(hit.status)[0] if hit.status else ""
    who = agent_name(model, hit.author) if hit.author else "us"
    return f"{who} {sign}".strip()


def _where(model: Model, state: str, agent: str | None) -> str:
    me = model.agents.me
    if state in ("assigned", "wrap_up") and agent is not None:
        return "yours" if me is not None and agent == me.id else f"with {agent_name(model, agent)}"
    return {"wrap_up": "wrap-up"}.get(state, state)


def snippet_line(hit: HitView, room: int) -> Line:
    """The words around the first match on one line of at most so many cells."""
    text, marks, is_begun = hit.text, hit.marks, hit.offset > 0
    lead = cells(_flat(text[: marks[0][0]])) if marks else 0
    if lead > room * _LONGEST_LEAD:
        cut = _cut_before(text, marks[0][0], int(room * _LONGEST_LEAD / 2))
        text, is_begun = text[cut:], True
        marks = [(first - cut, end - cut) for first, end in marks]
    pieces: Line = [("… ", "faint")] if is_begun else []
    at = 0
    for first, end in marks:
        pieces += [(_flat(text[at:first]), ""), (_flat(text[first:end]), "found")]
        at = end
    pieces.append((_flat(text[at:]), ""))
    return _cut(pieces, room, is_cut=hit.is_cut)


def _cut_before(text: str, first: int, lead: int) -> int:
    """Where to begin so that about so many characters stand before the match, at the beginning of a word."""
    begin = max(0, first - lead)
    blank = text.find(" ", begin, first)
    return blank + 1 if blank >= 0 else begin


def _flat(text: str) -> str:
    return shown(text, keep_newlines=False).replace("█", "•")


def _cut(pieces: Line, room: int, *, is_cut: bool) -> Line:
    line: Line = []
    left = room - 2
    for text, role in pieces:
        if cells(text) > left:
            while text and cells(text) > left:
                text = text[:-1]
            return [*line, (text, role), (" …", "faint")]
        line.append((text, role))
        left -= cells(text)
    return [*line, *([(" …", "faint")] if is_cut else [])]


def _end(state: TypedSearch, now: int, width: int) -> list[Line]:
    """What is below the last one."""
    room = width - len(_INDENT) - 1
    if state.refusal:
        return []
    if state.answered is None:
        words = "looking …"
    elif state.more:
        back = f", back to {moment(state.looked_back_to, now)}" if state.looked_back_to is not None else ""
        words = f"there is more{back}: go down to look further"
    elif not state.hits and not state.people:
        words = "Nothing was found."
    else:
        return []
    return [[], *([(f"{_INDENT}{line}", "muted")] for line in wrap(words, room))]


def _help(names: KeyNames, width: int) -> list[Line]:
    room = width - len(_INDENT) - _EXAMPLE - 2
    lines: list[Line] = [[], [(f"{_INDENT}All messages and people, of open and closed conversations:", "strong")], []]
    for example, words in _WRITE:
        first, *rest = wrap(words, max(12, room)) or [""]
        lines.append([(f"{_INDENT}{example:<{_EXAMPLE}}", "key"), (f"  {first}", "muted")])
        lines += [[(f"{_INDENT}{' ' * _EXAMPLE}  {line}", "muted")] for line in rest]
    texts, types = names.name("start_conversation", "hits"), names.name("search", "hits")
    on_hits = f"tab leads to the hits: j and k move, {texts} texts the consumer first, {types} goes on typing"
    return [*lines, [], *([(f"{_INDENT}{line}", "muted")] for line in wrap(on_hits, width - len(_INDENT) - 1))]
