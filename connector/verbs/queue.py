"""`textdesk queue`: who is waiting."""

from __future__ import annotations

import msgspec

from connector.text import one_line
from connector.verbs.link import Link
from connector.verbs.output import age, json_line, table, write
from connector.wire.views import ConversationView

_LONGEST_NAME = 24  # cells; longer than any number


async def run(link: Link, *, every: bool, as_json: bool) -> int:
    """Conversations in the queue, or `every` open one; the one waiting longest first."""
    now = link.now()
    state = await link.snapshot()
    shown = [view for view in state.conversations if view.state == "queued" or (every and view.state != "closed")]
    shown.sort(key=lambda view: (view.waiting_since or now, view.id))
    if as_json:
        for view in shown:
            write(json_line({**msgspec.to_builtins(view), "waiting_s": _waiting_s(view, now)}))
    elif shown:
        for line in table(*_columns(shown, now, every=every)):
            write(line)
    else:
        write("No conversation is open." if every else "Nobody is waiting.")
    return 0


def _waiting_s(view: ConversationView, now: int) -> int | None:
    return None if view.waiting_since is None else max(0, now - view.waiting_since) // 1000


def _columns(shown: list[ConversationView], now: int, *, every: bool) -> tuple[list[str], list[list[str]]]:
    head = ["ID", "WAITING", "UNREAD", "CONSUMER", "LINE", "SKILL", *(["AGENT"] if every else []), "LAST"]
    rows = []
    for view in shown:
        waiting = age(None if view.waiting_since is None else now - view.waiting_since)
        agent = [view.agent or "(queue)"] if every else []
        # A consumer is whoever the provider says it is, and that may be a text of any length.
        names = [one_line(name, _LONGEST_NAME) for name in (view.consumer, view.line, view.skill, *agent)]
        rows.append([view.id, waiting, str(view.unread), *names, view.last_text])
    return head, rows
