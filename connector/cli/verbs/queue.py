"""`textdesk queue`: queued conversations in their order."""

from __future__ import annotations

from argparse import Namespace
from collections import Counter

import msgspec

from connector.client.link import Link
from connector.console.consumer_name import consumer_name
from connector.console.output import age, json_line, table, write
from connector.sms.text import one_line
from connector.wire.views import ConversationView

_LONGEST_NAME = 24  # cells; longer than any number


async def run(link: Link, options: Namespace) -> int:
    """Lists queued conversations by rank; with `--all`, all that are open."""
    every = options.all
    now = link.now()
    state = await link.snapshot()
    shown = [view for view in state.conversations if view.state == "queued" or (every and view.state != "closed")]
    shown.sort(key=lambda view: (view.rank, view.id))
    places = _places(shown)
    if options.json:
        for view in shown:
            more = {"place": places.get(view.id), "waiting_s": _waiting_s(view, now), "due_in_s": _due_in_s(view, now)}
            write(json_line({**msgspec.to_builtins(view), **more}))
    elif shown:
        for line in table(*_columns(shown, places, now, every=every)):
            write(line)
    else:
        write("No conversation is open." if every else "Nobody is waiting.")
    return 0


def _places(ranked: list[ConversationView]) -> dict[str, int]:
    """The place of each queued conversation in its skill's queue, from 1."""
    lengths: Counter[str] = Counter()
    found = {}
    for view in ranked:
        if view.state == "queued":
            lengths[view.skill] += 1
            found[view.id] = lengths[view.skill]
    return found


def _waiting_s(view: ConversationView, now: int) -> int | None:
    return None if view.waiting_since is None else max(0, now - view.waiting_since) // 1000


def _due_in_s(view: ConversationView, now: int) -> int | None:
    """Negative when it is overdue."""
    return None if view.due_at is None else (view.due_at - now) // 1000


def _due(view: ConversationView, now: int) -> str:
    if view.due_at is None:
        return "-"
    return f"in {age(view.due_at - now)}" if view.due_at > now else f"{age(now - view.due_at)} over"


def _columns(
    shown: list[ConversationView], places: dict[str, int], now: int, *, every: bool
) -> tuple[list[str], list[list[str]]]:
    head = ["ID", "PLACE", "WAITING", "UNREAD", "CONSUMER", "LINE", "SKILL", "DUE"]
    head += [*(["AGENT"] if every else []), "LAST"]
    rows = []
    for view in shown:
        place = str(places.get(view.id, "-"))
        waiting = age(None if view.waiting_since is None else now - view.waiting_since)
        about = [consumer_name(view), view.line, view.skill, _due(view, now), *([_whose(view)] if every else [])]
        # The provider supplies the consumer's address, and it may be of any length.
        names = [one_line(name, _LONGEST_NAME) for name in about]
        rows.append(
            [view.id, place, waiting, str(view.unread), *names, f"{_unsent(view)}{_consent(view)}{view.last_text}"]
        )
    return head, rows


def _unsent(view: ConversationView) -> str:
    """How many replies did not arrive, or may not have; blank for none."""
    count = f"{view.unsent} " if view.unsent > 1 else ""
    return f"[{count}not sent] " if view.unsent else ""


def _consent(view: ConversationView) -> str:
    if view.opted_out:
        return "[opted out] "
    return "[likely opt-out] " if view.likely_opt_out else ""


def _whose(view: ConversationView) -> str:
    match view.state:
        case "queued":
            return "(queue)"
        case "ringing":
            return f"(ringing {', '.join(view.rings)})"
        case "wrap_up":
            return f"{view.agent} (wrap-up)"
    return view.agent or "-"
