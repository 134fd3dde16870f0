"""What needs somebody most, of all skills and owners: the core's list, with its conversations as they are by now."""

from __future__ import annotations

from immutables import Map
from msgspec.structs import replace

from connector.wire import requests
from connector.wire.views import AlertView, ConversationView
from tui.model import others
from tui.model.attention import Need
from tui.model.conversations import is_looked_up
from tui.model.state import Model


def need(view: ConversationView) -> Need | None:
    """Why it needs somebody, be it not this agent; None where it does not."""
    if view.state == "closed":
        return None
    if view.due_told == "overdue" and view.waiting_since is not None:
        return Need.OVERDUE
    if view.state == "ringing":
        return Need.RINGING
    if view.unsent or is_looked_up(view) or view.likely_opt_out:
        return Need.UNSENT
    if view.due_told == "soon":
        return Need.SOON
    return Need.WAITING if view.state == "queued" else None


def listed(model: Model) -> list[ConversationView] | None:
    """Those that still need somebody, in the core's order; None: its list is not here yet.

    What has happened since the answer came as events, which made rows of newer versions.
    """
    found = model.fetched.urgent
    if found is None:
        return None
    known = model.conversations.by_id
    latest = (_later(view, known.get(view.id)) for view in found.conversations)
    return [view for view in latest if need(view) is not None]


def first_of(model: Model, alert: AlertView) -> ConversationView | None:
    """The most urgent conversation that an alert is about."""
    accounts = {line.address: line.account for line in model.providers.lines}
    for view in listed(model) or ():
        is_of = not alert.skill or view.skill == alert.skill
        if is_of and accounts.get(view.line, alert.account) == alert.account:
            return view
    return None


def with_row(model: Model, view: ConversationView) -> Model:
    """A conversation of the list gets a row, as it is opened: the snapshot may have left it out."""
    if view.id in model.conversations.by_id:
        return model
    return others.put(others.appeared(model, view), [view])


def out_of_sight(model: Model, conversation_id: str) -> Model:
    """The agent may not see this one any more, so it is in no list; nor is an answer taken that is under way, which
    may be older than that."""
    found = model.fetched.urgent
    if found is not None:
        left = [view for view in found.conversations if view.id != conversation_id]
        model = replace(model, fetched=replace(model.fetched, urgent=replace(found, conversations=left)))
    return without_asked(model)


def without_asked(model: Model) -> Model:
    """The answer to a question under way is not taken."""
    kept = {key: one for key, one in model.pending.items() if not isinstance(one.body, requests.GetUrgent)}
    return model if len(kept) == len(model.pending) else replace(model, pending=Map(kept))


def _later(view: ConversationView, row: ConversationView | None) -> ConversationView:
    return view if row is None or row.version < view.version else row
