"""The bars of a screen: status, tabs of the lists, notice, footer."""

from __future__ import annotations

from collections.abc import Container, Sequence

from connector.base.counted import count
from connector.sms.text import cells, one_line
from connector.sms.wrapping import wrap
from connector.wire.views import AccountView, AgentView
from tui.actions import bulk, keys
from tui.actions.keys import KeyHint
from tui.draw.format import Line, Span, light, line_width
from tui.draw.lights import ill_accounts, open_alerts
from tui.model import others
from tui.model.alerts import waiting
from tui.model.conversations import agent_name
from tui.model.listing import Listing, Scope
from tui.model.state import Connection, LinkPhase, Model, Notice

_GAP = ("   ", "")
_NARROW = 60
_TABS_BESIDE = 100  # from this width on the tabs of the lists are always in sight
_MOST_FOR_ILL, _ROOM_FOR_LINK, _MOST_LIGHTS = 60, 72, 4
_GAP_CELLS, _EDGES = 3, 4
_ROUNDED_FROM = 10_000  # what is known about is not said to the last digit


def spread(left: list[Line], right: Line, width: int) -> Line:
    """Groups of spans on the left as far as there is room, most important first, and one group on the right."""
    room = width - _EDGES - line_width(right)
    shown: Line = [(" ", "")]
    for index, group in enumerate(left):
        group = [_GAP, *group] if index else group
        if line_width(group) > room:
            break
        room -= line_width(group)
        shown += group
    return [*shown, (" " * max(0, room + 2), ""), *right, (" ", "")]


def status_bar(model: Model, listing: Listing, width: int) -> Line:
    """Who is at the desk, what needs them, the accounts, and the link to the core.

    Accounts that are not well and a lost link are never left out; the reason of an account has what room is left. For
    what needs the agent their load goes first, then, beside an account that is not well, that the link is.
    """
    link = _link(model.connection, width)
    right = _right(model, link, width, 0)
    me = _me(model, listing, width, is_brief=False)
    total, late, others = _needs(model, listing)
    alerts, marked = open_alerts(model), _marked(model)
    room = width - _EDGES - line_width(total) - 2 * _GAP_CELLS  # for the agent, what is late and what is at the right
    room -= sum(line_width(group) + _GAP_CELLS for group in (alerts, marked) if group)
    is_ill = bool(ill_accounts(model, 0))
    wanted = line_width(_dotted([*late, *others] if is_ill else late))
    if wanted and line_width(me) + wanted + line_width(right) > room:
        me = _me(model, listing, width, is_brief=True)
    if is_ill and link[1] != "bad" and line_width(me) + wanted + line_width(right) > room:
        link = ("", "")
        right = _right(model, link, width, 0)
    least, most = (line_width(me) + line_width(_dotted(kinds)) for kinds in (late[:1], late))
    is_well = all(role in ("muted", "good", "") for _, role in right)
    if is_left_out := bool(late) and least <= room < most + line_width(right) and is_well:
        right = []
    room -= line_width(me) + line_width(right)
    kinds: Line = []
    for kind in [*late, *others]:
        if line_width(_dotted([*kinds, kind])) > room:
            break
        kinds.append(kind)
    need: Line = [*total, _GAP, *_dotted(kinds)] if kinds else total
    groups = [me, *(group for group in (alerts, marked, need) if group)]
    if width < _TABS_BESIDE and model.connection.is_complete and (length := listing.count(Scope.QUEUE)):
        groups.append([(f"queue {length:,}", "muted")])
    left = sum(line_width(group) + _GAP_CELLS for group in groups)
    if not is_left_out:
        right = _right(model, link, width, width - _EDGES - left - cells(link[0]))
    return spread(groups, right, width)


def _marked(model: Model) -> Line:
    """How far it is with all marked ones, or how many they are."""
    if model.bulk is not None and model.bulk.runs:
        return [(bulk.progress(model.bulk), "strong")]
    return [(f"{len(model.marks):,} marked", "strong")] if model.marks else []


def _dotted(spans: Line) -> Line:
    return [piece for span in spans for piece in ((" · ", "faint"), span)][1:]


def _me(model: Model, listing: Listing, width: int, *, is_brief: bool) -> Line:
    """Who is at the desk, whether they are online, and how many of their places are taken."""
    if (me := model.agents.me) is None:
        return [("Textdesk", "strong")]
    is_online = me.presence == "online"
    is_brief = is_brief or width < _NARROW
    words = f" {presence_words(me)}" if not is_brief or not is_online else ""
    sign = ("●", "good") if is_online else ("○", "you")
    shown: Line = [(f"{one_line(me.name, 16)} ", "strong"), sign, (words, "muted")]
    if model.connection.has_lists and not is_brief:
        owned = listing.owned(me.id)
        shown += [(" · ", "muted"), (f"{owned} of {me.capacity}", "warn" if owned > me.capacity else "muted")]
    return shown


def _right(model: Model, link: Span, width: int, room: int) -> Line:
    """The accounts and the link; `room`: cells for the account that is not well."""
    if ill := ill_accounts(model, min(_MOST_FOR_ILL, room)):
        return [*ill, _GAP, link] if link[0] and (width >= _ROOM_FOR_LINK or link[1] == "bad") else ill
    if width < _NARROW or model.connection.phase is not LinkPhase.LINKED or not model.providers.accounts:
        return [link]  # in little room, accounts that are well are left out for what needs the agent
    lights = [span for account in model.providers.accounts[:_MOST_LIGHTS] for span in _light(account)]
    if width >= _TABS_BESIDE and len(model.providers.accounts) <= _MOST_LIGHTS:
        return [*lights, link]
    return [(f"{count(len(model.providers.accounts), 'account')} ", "muted"), ("●", "good"), _GAP, link]


def _light(account: AccountView) -> Line:
    speed = f" {max(0.1, account.median_send_ms / 1000):.1f} s" if account.median_send_ms is not None else ""
    if account.mode != "active":  # as an administrator wants it: neither well nor ill
        return [(f"{one_line(account.account, 12)} ", "muted"), (f"○ {one_line(account.mode, 12)}   ", "warn")]
    sign, role = light(account.state)
    return [(f"{one_line(account.account, 12)} ", "muted"), (sign[:1], role), (f"{speed}   ", "muted")]


def presence_words(agent: AgentView) -> str:
    """`online`, `back soon`, `away: lunch`."""
    words = one_line(agent.presence, 12).replace("_", " ")
    return f"{words}: {one_line(agent.reason, 12)}" if agent.reason else words


def _link(connection: Connection, width: int) -> Span:
    match connection.phase:
        case LinkPhase.LINKED:
            return "linked", "muted"
        case LinkPhase.SILENT:
            return "✗ the core does not answer", "bad"
        case LinkPhase.LOST:
            return "✗ link lost, reconnecting", "bad"
        case LinkPhase.AWAITING:
            return "✗ link lost, waiting for textdesk serve", "bad"
        case LinkPhase.REFUSED | LinkPhase.SHUT_OUT:
            return one_line(f"✗ {connection.words}", _link_room(width)), "bad"
        case LinkPhase.STARTING:
            return one_line(f"○ {connection.words or 'connecting…'}", _link_room(width)), "muted"


def _link_room(width: int) -> int:
    return max(12, width - 24)


def refused_lines(connection: Connection, width: int) -> list[Line]:
    """Why there is no link, as a whole, where the status bar has no room for it."""
    words = f"✗ {connection.words}"
    if connection.phase is not LinkPhase.REFUSED or cells(words) <= _link_room(width):
        return []
    return [[(f" {line}", "bad")] for line in wrap(one_line(words, 4 * (width - 2)), width - 2)]


def _needs(model: Model, listing: Listing) -> tuple[Line, Line, Line]:
    """How many need the agent; what is late or not sent, one kind a span; the other kinds.

    While the queue is incomplete, only what rings is known.
    """
    if not model.connection.has_lists:
        return [], [], []
    is_complete = model.connection.is_complete
    ringing: Line = [(f"{listing.ringing:,} ringing", "ring")] if listing.ringing else []
    needs = listing.needs if is_complete else listing.ringing + listing.waiting
    if not needs:
        is_calm = is_complete and not waiting(model)
        return [("nothing needs you", "faint")] if is_calm else [], [], []
    total: Line = [(f"{needs:,} {'needs' if needs == 1 else 'need'} you", "strong you")]
    if not is_complete:
        return total, [], ringing
    late = ((listing.due_count("overdue"), "overdue", "bad"), (listing.unsent, "not sent", "bad"))
    mentions = (len(model.mentions.unread), "@ you", "you")
    others = (mentions, (listing.unsure, "not sure", "you"), (listing.due_count("soon"), "due soon", "muted"))
    return total, _counted(late), [*ringing, *_counted(others)]


def _counted(kinds: Sequence[tuple[int, str, str]]) -> Line:
    return [(f"{number:,} {words}", role) for number, words, role in kinds if number]


def list_tabs(model: Model, listing: Listing, place: tuple[int, int] | None, width: int) -> Line:
    """The three lists with their counts; at the right the filter and the place of the cursor, if there is room: its
    row, from 0, and how many rows are shown."""
    names = model.keys
    right: Line = []
    if place is not None:
        some = "…" if listing.is_searching else ""
        right.append((f"{place[0] + 1:,} of {place[1]:,}{some}", "faint"))
    if listing.filter:
        right.insert(0, (f"{one_line('/' + listing.filter, 20)}  ", "you"))
    if listing.colleague is not None:
        name = one_line(agent_name(model, listing.colleague), 20)
        tabs: Line = [(f" {name} has {listing.count(Scope.COLLEAGUE):,}", "strong"), (" · you are looking", "you")]
        tabs += [("  ", ""), (names.name("back"), "key"), (" board", "muted")]
        return _with_right(tabs, right, width)
    tabs = [(f" {names.name('previous_list')}", "key")]
    for scope in listing.scopes:
        words = " ".join(filter(None, (scope.title(), _length(model, listing, scope))))
        is_on = scope is listing.scope
        tabs.append((f"{'▸' if is_on else ' '}{words} ", "on" if is_on else "muted"))
    tabs.append((names.name("next_list"), "key"))
    return _with_right(tabs, right, width)


def _with_right(tabs: Line, right: Line, width: int) -> Line:
    while right and line_width(tabs) + line_width(right) + 2 > width:
        right.pop()
    return [*tabs, (" " * max(0, width - line_width(tabs) - line_width(right) - 1), ""), *right]


def _length(model: Model, listing: Listing, scope: Scope) -> str:
    """How long a list is, as far as that is known."""
    connection = model.connection
    if scope in (Scope.MINE, Scope.SNOOZED):
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
    words += ": no more can be loaded for now" if model.others.is_refused else ", loading…"
    return [(f" {one_line(words, width - 2)}", "warn" if model.others.is_refused else "muted")]


def footer(hints: Sequence[KeyHint], notice: Notice | None, width: int, *, has_room: bool) -> list[Line]:
    """The notice if there is one, and the keys: below it, or without room for both only where there is none."""
    said = notice_lines(notice, width)
    return said if said and not has_room else [*said, key_hints(hints, width)]


def page_footer(model: Model, context: keys.Context, width: int, disabled: Container[str] = ()) -> list[Line]:
    """The notice if there is one, and the keys below it: agents who are rarely here need both."""
    hints = keys.footer(model.keys, context, disabled) + keys.always(model.keys)
    return [*notice_lines(model.notices.current, width), key_hints(hints, width)]


def notice_lines(notice: Notice | None, width: int) -> list[Line]:
    """A notice as a whole, on up to three lines."""
    if notice is None:
        return []
    words = one_line(f"{'!' if notice.is_error else '·'} {notice.words}", 3 * (width - 2))
    return [[(f" {line}", "bad" if notice.is_error else "strong")] for line in wrap(words, width - 2)]


def key_hints(hints: Sequence[KeyHint], width: int) -> Line:
    """As many keys as there is room for, and at the right those that lead to all others."""
    always: Line = [span for hint in hints if hint.is_always for span in _hint(hint)]
    room = width - 2 - line_width(always)
    shown: Line = [(" ", "")]
    for hint in _abbreviated(hints, room):
        if hint.is_always:
            continue
        if line_width(group := _hint(hint)) > room:
            break
        room -= line_width(group)
        shown += group
    return [*shown, (" " * max(0, room), ""), *always]


def _abbreviated(hints: Sequence[KeyHint], room: int) -> list[KeyHint]:
    """Those that have brief words have them, as far as it takes for the last of them to be in sight."""
    found = [*hints]
    brief = [at for at, hint in enumerate(hints) if hint.brief]
    for at in brief:
        if sum(line_width(_hint(hint)) for hint in found[: brief[-1] + 1]) <= room:
            break
        found[at] = found[at]._replace(label=found[at].brief)
    return found


def _hint(hint: KeyHint) -> Line:
    return [(hint.key, "key"), (f" {hint.label}", "muted"), ("  ", "")]
