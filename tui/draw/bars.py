"""The one-line parts of the screen: status, list head, conversation head, footer. Pure."""

from __future__ import annotations

from collections.abc import Container, Sequence

from connector.sms.text import cells, one_line
from connector.wire.views import AgentView, ConversationView
from tui.actions import keys
from tui.actions.writing import cannot_write
from tui.draw.format import Span, clock, count, due_words, duration, left, light, size, urgency, wrap
from tui.model.conversations import agent_name, have_joined, in_my_wrap_up, is_mine, is_new, rings_here
from tui.model.listing import Listing, Scope
from tui.model.state import Attachment, Connection, LinkPhase, Model, Notice

_GAP = ("   ", "")
_SCOPE_KEYS = {Scope.MINE: "scope_mine", Scope.QUEUE: "scope_queue", Scope.ALL: "scope_all"}


def spread(left: list[list[Span]], right: list[Span], width: int) -> list[Span]:
    """Groups of spans on the left as far as there is room, most important first, and one group on the right."""
    room = width - 4 - _width(right)
    shown: list[Span] = [(" ", "")]
    for index, group in enumerate(left):
        group = [_GAP, *group] if index else group
        if _width(group) > room:
            break
        room -= _width(group)
        shown += group
    return [*shown, (" " * max(0, room + 2), ""), *right, (" ", "")]


def status(model: Model, listing: Listing, now: int, width: int) -> list[Span]:
    """Who I am, what waits for me, and whether the core is there."""
    groups: list[list[Span]] = []
    if model.agents.me is not None:
        is_online = model.agents.me.presence == "online"
        words = f"{'●' if is_online else '○'} {presence(model.agents.me)}"
        groups.append([(f"{one_line(model.agents.me.name, 16)} ", "strong"), (words, "good" if is_online else "warn")])
    if model.connection.is_complete:
        groups += [*_alarms(listing), _mine(listing), _queue(model, listing, now, width)]
    if model.providers.accounts:
        groups.append(_accounts(model))
    return spread(groups or [[("Textdesk", "strong")]], [_link(model.connection, width)], width)


def _link(connection: Connection, width: int) -> Span:
    match connection.phase:
        case LinkPhase.LINKED:
            return "● linked", "good"
        case LinkPhase.LOST:
            return "✗ link lost, reconnecting", "bad"
        case LinkPhase.AWAITING:
            return "✗ link lost, waiting for textdesk serve", "bad"
        case LinkPhase.STARTING:
            return one_line(f"○ {connection.words or 'connecting…'}", max(12, width - 24)), "warn"


def presence(agent: AgentView) -> str:
    """`online`, `back soon`, `away: lunch`."""
    words = one_line(agent.presence, 12).replace("_", " ")
    return f"{words}: {one_line(agent.reason, 12)}" if agent.reason else words


def _alarms(listing: Listing) -> list[list[Span]]:
    """What calls for the agent, when something does; first, so that it is never left out."""
    told: list[Span] = []
    for number, words, role in (
        (listing.ringing, "ringing", "accent"),
        (listing.told("overdue"), "overdue", "bad"),
        (listing.told("soon"), "soon", "warn"),
    ):
        if number:
            told += [(" · ", "muted")] * bool(told) + [(f"{number:,} {words}", role)]
    return [told] if told else []


def _mine(listing: Listing) -> list[Span]:
    spans: list[Span] = [("mine ", "muted"), (f"{listing.count(Scope.MINE):,}", "strong")]
    if listing.waiting:
        spans.append((f" · {listing.waiting:,} waiting", "warn"))
    return spans


def _queue(model: Model, listing: Listing, now: int, width: int) -> list[Span]:
    length = listing.count(Scope.QUEUE)
    spans: list[Span] = [("queue ", "muted"), (f"{length:,}", "strong" if length else "muted")]
    first = model.conversations.by_id.get(listing.next_waiting(Scope.QUEUE) or "")
    if first is not None and width >= 72:
        waited = now - (first.waiting_since or first.queued_at or first.opened_at)
        spans.append((f" · next waits {duration(waited)}", urgency(waited) or "muted"))
    return spans


def _accounts(model: Model) -> list[Span]:
    ill = [account for account in model.providers.accounts if account.state not in ("ok", "unknown")]
    if not ill:
        return [(f"{count(len(model.providers.accounts), 'account')} ok", "muted")]
    words, role = light(ill[0].state)
    more = f" and {len(ill) - 1} more" if len(ill) > 1 else ""
    return [(f"{one_line(ill[0].account, 16)} {words}{more}", role)]


def scopes(listing: Listing, row: int | None, width: int) -> list[Span]:
    """The three lists with their counts, and where the cursor is if there is room for that."""
    tabs: list[Span] = []
    for scope in Scope:
        key = keys.key_for(keys.BY_ID[_SCOPE_KEYS[scope]], keys.Context.DESK)
        is_on = scope is listing.scope
        label = f"[{scope} {listing.count(scope):,}]" if is_on else f" {scope} {listing.count(scope):,} "
        tabs += [(f" {key}", "key"), (label, "on" if is_on else "muted")]
    place: list[Span] = []
    if row is not None:
        place.append((f"{row + 1:,} of {len(listing):,}" if listing.filter else f"row {row + 1:,}", "muted"))
    if listing.filter:
        place.insert(0, (f"{one_line('/' + listing.filter, 20)}  ", "accent"))
    while place and _width(tabs) + _width(place) + 2 > width:
        place.pop()
    return [*tabs, (" " * max(0, width - _width(tabs) - _width(place) - 1), ""), *place]


def head(model: Model, view: ConversationView, now: int, width: int) -> list[list[Span]]:
    """Who writes to which line and whose turn it is; by when; and why it is where it is."""
    who: list[list[Span]] = [[(one_line(view.consumer, 20), "strong")]]
    who.append([("to ", "muted"), (one_line(view.line, 20), "")])
    first = spread(who, _turn(model, view, now), width)
    return [first, _facts(model, view, now, width), [(f" {one_line(view.reason, width - 2)}", "muted")]]


def _turn(model: Model, view: ConversationView, now: int) -> list[Span]:
    spans = [_state(model, view)]
    if view.state == "ringing" and view.ring_until is not None:
        spans.append((f" · {left(view.ring_until - now)} left", "accent" if rings_here(model, view) else "muted"))
    elif view.state == "wrap_up" and view.wrap_up_until is not None:
        spans.append((f" · {left(view.wrap_up_until - now)} left", "accent"))
    elif view.waiting_since is not None:
        waited = now - view.waiting_since
        tone = "strong" if view.due_at is not None else urgency(waited) or "strong"
        spans.append((f" · waits {duration(waited)}", tone))
    return spans


def _facts(model: Model, view: ConversationView, now: int, width: int) -> list[Span]:
    """When an answer is due, or when it closes by itself; how it came about, and who else writes."""
    facts: list[list[Span]] = []
    if view.due_at is not None and view.state != "closed":
        by = {"manual": " set by hand", "first_contact": " first contact"}.get(view.due_by, "")
        words, role = due_words(view.due_at, view.due_told, now)
        facts.append([(words, role or "strong"), (by, "muted")])
    facts.append([(one_line(f"{view.skill} · {view.account}", 30), "muted")])
    if view.reminder_at is not None and view.reminder_at != view.due_at:
        facts.append([(f"reminder {clock(view.reminder_at)}", "muted")])
    if view.closes_at is not None:
        facts.append([(f"closes by itself in {left(max(0, view.closes_at - now))}", "muted")])
    if view.outcome or view.tags:
        facts.append([(one_line(" · ".join(filter(None, (view.outcome, " ".join(view.tags)))), 40), "")])
    if view.handed_by is not None:
        facts.append([("from ", "muted"), (one_line(agent_name(model, view.handed_by), 16), "accent")])
    if view.joined:
        names = ", ".join(agent_name(model, agent) for agent in view.joined)
        facts.append([("joined ", "muted"), (one_line(names, 30), "")])
    if view.moves:
        facts.append([(f"moved {view.moves}×", "muted")])
    if not is_new(view.id):
        facts.append([(f"entry: {one_line(view.entry_point.replace('_', ' '), 20)}", "muted")])
    return spread(facts, [], width)


def hint(model: Model, view: ConversationView, width: int) -> list[Span]:
    """What stands where the compose pane would be, and that a draft is not lost."""
    words = cannot_write(model, view) or ""
    if rings_here(model, view) or in_my_wrap_up(model, view):
        return [(f" {one_line(words, width - 2)}", "accent")]
    if draft := model.compose.drafts.get(view.id):
        words = f"{words} Your draft is kept: {draft}"
    return [(f" {one_line(words, width - 2)}", "warn")]


def attached(pictures: Sequence[Attachment], width: int) -> list[list[Span]]:
    """The pictures that go with the next reply."""
    told = [
        f"{one_line(picture.name, 30)}"
        + (f" {size(picture.size)}" if picture.size is not None else "")
        + ("" if picture.reference else " (on its way)")
        for picture in pictures
    ]
    return [[(" with ", "muted"), (one_line(" · ".join(told), width - 7), "accent")]]


def _state(model: Model, view: ConversationView) -> Span:
    match view.state:
        case "closed":
            by = f" by {one_line(agent_name(model, view.closed_by), 16)}" if view.closed_by else ""
            return (f"closed {clock(view.closed_at)}{by}" if view.closed_at else "closed"), "muted"
        case "queued":
            return "in the queue", "accent"
        case "ringing" if rings_here(model, view):
            return "rings at you", "accent"
        case "ringing":
            names = ", ".join(agent_name(model, agent) for agent in view.rings)
            return f"rings at {one_line(names, 16)}", "muted"
        case "wrap_up":
            return ("wrap-up", "accent") if in_my_wrap_up(model, view) else ("being wrapped up", "muted")
    if is_mine(model, view):
        return "yours", "good"
    beside = "beside " if have_joined(model, view) else "with "
    return f"{beside}{one_line(agent_name(model, view.agent), 16)}", "good" if have_joined(model, view) else "muted"


def footer(
    context: keys.Context, notice: Notice | None, width: int, pointless: Container[str] = ()
) -> list[list[Span]]:
    """What the keys do here; or what has just happened, whole, on as many lines as that takes."""
    return told(notice, width) or [what_keys_do(context, width, pointless)]


def told_above(
    context: keys.Context, notice: Notice | None, width: int, pointless: Container[str] = ()
) -> list[list[Span]]:
    """What has just happened, and below it what the keys do here: who rarely is here needs both."""
    return [*told(notice, width), what_keys_do(context, width, pointless)]


def told(notice: Notice | None, width: int) -> list[list[Span]]:
    if notice is None:
        return []
    words = one_line(f"{'!' if notice.is_error else '·'} {notice.words}", 3 * (width - 2))
    return [[(f" {line}", "bad" if notice.is_error else "strong")] for line in wrap(words, width - 2)]


def what_keys_do(context: keys.Context, width: int, pointless: Container[str] = ()) -> list[Span]:
    """The most useful keys first, as many as there is room for, and always where the others are explained."""
    groups: list[list[Span]] = [
        [(key, "key"), (f" {label}", "muted"), ("  ", "")] for key, label in keys.footer(context, pointless)
    ]
    explained = (keys.key_for(keys.BY_ID["help"], context), keys.BY_ID["help"].label)
    last = [group for group in groups if (group[0][0], group[1][0].strip()) == explained]
    room = width - 2 - sum(_width(group) for group in last)
    shown: list[Span] = [(" ", "")]
    for group in groups:
        if group in last:
            continue
        if _width(group) > room:
            break
        room -= _width(group)
        shown += group
    return [*shown, *(span for group in last for span in group)]


def _width(spans: list[Span]) -> int:
    return sum(cells(text) for text, _ in spans)
