"""The bars of a screen: status, tabs of the lists, notice, footer."""

from __future__ import annotations

from collections.abc import Container

from connector.base.counted import count
from connector.sms.text import cells, one_line
from connector.sms.wrapping import wrap
from connector.wire.views import AgentView
from tui.actions import keys
from tui.draw.format import Line, Span, duration, light, urgency
from tui.model import others
from tui.model.listing import Listing, Scope
from tui.model.state import Connection, LinkPhase, Model, Notice

_GAP = ("   ", "")
_ROUNDED_FROM = 10_000  # what is known about is not said to the last digit
_SCOPE_KEYS = {Scope.MINE: "scope_mine", Scope.QUEUE: "scope_queue", Scope.ALL: "scope_all"}


def spread(left: list[Line], right: Line, width: int) -> Line:
    """Groups of spans on the left as far as there is room, most important first, and one group on the right."""
    room = width - 4 - _width(right)
    shown: Line = [(" ", "")]
    for index, group in enumerate(left):
        group = [_GAP, *group] if index else group
        if _width(group) > room:
            break
        room -= _width(group)
        shown += group
    return [*shown, (" " * max(0, room + 2), ""), *right, (" ", "")]


def status_bar(model: Model, listing: Listing, now: int, width: int) -> Line:
    """The agent, alarms, lists and accounts, and the link to the core."""
    groups: list[Line] = []
    if (me := model.agents.me) is not None:
        is_online = me.presence == "online"
        words = f"{'●' if is_online else '○'} {presence_words(me)}"
        groups.append([(f"{one_line(me.name, 16)} ", "strong"), (words, "good" if is_online else "warn")])
    if model.connection.has_lists:
        is_complete = model.connection.is_complete
        groups += [*_alarms(listing, is_complete), _mine(listing), _queue(model, listing, now, width)]
    if model.providers.accounts:
        groups.append(_accounts(model))
    return spread(groups or [[("Textdesk", "strong")]], [_link(model.connection, width)], width)


def presence_words(agent: AgentView) -> str:
    """`online`, `back soon`, `away: lunch`."""
    words = one_line(agent.presence, 12).replace("_", " ")
    return f"{words}: {one_line(agent.reason, 12)}" if agent.reason else words


def _link(connection: Connection, width: int) -> Span:
    match connection.phase:
        case LinkPhase.LINKED:
            return "● linked", "good"
        case LinkPhase.LOST:
            return "✗ link lost, reconnecting", "bad"
        case LinkPhase.AWAITING:
            return "✗ link lost, waiting for textdesk serve", "bad"
        case LinkPhase.REFUSED | LinkPhase.SHUT_OUT:
            return one_line(f"✗ {connection.words}", _link_room(width)), "bad"
        case LinkPhase.STARTING:
            return one_line(f"○ {connection.words or 'connecting…'}", _link_room(width)), "warn"


def _link_room(width: int) -> int:
    return max(12, width - 24)


def refused_lines(connection: Connection, width: int) -> list[Line]:
    """Why there is no link, as a whole, where the status bar has no room for it."""
    words = f"✗ {connection.words}"
    if connection.phase is not LinkPhase.REFUSED or cells(words) <= _link_room(width):
        return []
    return [[(f" {line}", "bad")] for line in wrap(one_line(words, 4 * (width - 2)), width - 2)]


def _alarms(listing: Listing, is_complete: bool) -> list[Line]:
    """What calls for the agent, if anything; first, so that it is never left out.

    While the queue is incomplete, only what rings is known.
    """
    shown: Line = []
    of_the_queue = (
        (listing.unsent, "not sent", "bad"),
        (listing.due_count("overdue"), "overdue", "bad"),
        (listing.due_count("soon"), "soon", "warn"),
    )
    for number, words, role in ((listing.ringing, "ringing", "accent"), *(of_the_queue if is_complete else ())):
        if number:
            shown += [(" · ", "muted")] * bool(shown) + [(f"{number:,} {words}", role)]
    return [shown] if shown else []


def _mine(listing: Listing) -> Line:
    spans: Line = [("mine ", "muted"), (f"{listing.count(Scope.MINE):,}", "strong")]
    if listing.waiting:
        spans.append((f" · {listing.waiting:,} waiting", "warn"))
    return spans


def _queue(model: Model, listing: Listing, now: int, width: int) -> Line:
    length = listing.count(Scope.QUEUE)
    spans: Line = [("queue ", "muted")]
    spans += [(f"{length:,}", "strong" if length else "muted")] if model.connection.is_complete else [("…", "muted")]
    first = model.conversations.by_id.get(listing.next_waiting(Scope.QUEUE) or "")
    if first is not None and width >= 72:
        waited = now - (first.waiting_since or first.queued_at or first.opened_at)
        spans.append((f" · next waits {duration(waited)}", urgency(waited) or "muted"))
    return spans


def _accounts(model: Model) -> Line:
    accounts = model.providers.accounts
    unhealthy = [account for account in accounts if account.state not in ("ok", "unknown")]
    if not unhealthy:
        return [(f"{count(len(accounts), 'account')} ok", "muted")]
    words, role = light(unhealthy[0].state)
    more = f" and {len(unhealthy) - 1} more" if len(unhealthy) > 1 else ""
    return [(f"{one_line(unhealthy[0].account, 16)} {words}{more}", role)]


def list_tabs(model: Model, listing: Listing, row: int | None, width: int) -> Line:
    """The three lists with their counts, and the row of the cursor if there is room for it."""
    tabs: Line = []
    for scope in Scope:
        key = keys.key_for(keys.BY_ID[_SCOPE_KEYS[scope]], keys.Context.DESK)
        is_on = scope is listing.scope
        words = " ".join(filter(None, (scope, _length(model, listing, scope))))
        label = f"[{words}]" if is_on else f" {words} "
        tabs += [(f" {key}", "key"), (label, "on" if is_on else "muted")]
    place: Line = []
    if row is not None:
        some = "…" if listing.is_searching else ""
        place.append((f"{row + 1:,} of {len(listing):,}{some}" if listing.filter else f"row {row + 1:,}", "muted"))
    if listing.filter:
        place.insert(0, (f"{one_line('/' + listing.filter, 20)}  ", "accent"))
    while place and _width(tabs) + _width(place) + 2 > width:
        place.pop()
    return [*tabs, (" " * max(0, width - _width(tabs) - _width(place) - 1), ""), *place]


def _length(model: Model, listing: Listing, scope: Scope) -> str:
    """How long a list is, as far as that is known."""
    connection = model.connection
    if scope is Scope.MINE:
        return f"{listing.count(scope):,}" if connection.has_lists else ""
    if not connection.is_complete:
        return ""
    if scope is Scope.ALL and not model.others.is_complete:
        total = others.total(model)
        return f"~{total:,}" if total < _ROUNDED_FROM else f"~{round(total / 1000):,}k"
    return f"{listing.count(scope):,}"


def progress(model: Model, width: int) -> Line:
    """How far the list of all is loaded."""
    here, total = len(model.conversations.by_id), others.total(model)
    words = f"all: {here:,} of about {total:,}"
    words += ": the core gives no more for now" if model.others.is_refused else ", loading…"
    return [(f" {one_line(words, width - 2)}", "warn" if model.others.is_refused else "muted")]


def footer(context: keys.Context, notice: Notice | None, width: int, disabled: Container[str] = ()) -> list[Line]:
    """The notice if there is one, else the keys."""
    return notice_lines(notice, width) or [key_hints(context, width, disabled)]


def page_footer(context: keys.Context, notice: Notice | None, width: int, disabled: Container[str] = ()) -> list[Line]:
    """The notice if there is one, and the keys below it: agents who are rarely here need both."""
    return [*notice_lines(notice, width), key_hints(context, width, disabled)]


def notice_lines(notice: Notice | None, width: int) -> list[Line]:
    """A notice as a whole, on up to three lines."""
    if notice is None:
        return []
    words = one_line(f"{'!' if notice.is_error else '·'} {notice.words}", 3 * (width - 2))
    return [[(f" {line}", "bad" if notice.is_error else "strong")] for line in wrap(words, width - 2)]


def key_hints(context: keys.Context, width: int, disabled: Container[str] = ()) -> Line:
    """The most useful keys first, as many as there is room for, and always the one for help."""
    groups: list[Line] = [
        [(key, "key"), (f" {label}", "muted"), ("  ", "")] for key, label in keys.footer(context, disabled)
    ]
    explained = (keys.key_for(keys.BY_ID["help"], context), keys.BY_ID["help"].label)
    last = [group for group in groups if (group[0][0], group[1][0].strip()) == explained]
    room = width - 2 - sum(_width(group) for group in last)
    shown: Line = [(" ", "")]
    for group in groups:
        if group in last:
            continue
        if _width(group) > room:
            break
        room -= _width(group)
        shown += group
    return [*shown, *(span for group in last for span in group)]


def _width(spans: Line) -> int:
    return sum(cells(text) for text, _ in spans)
