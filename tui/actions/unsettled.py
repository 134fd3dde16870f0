"""Decisions that only an agent can make: send again what did not arrive, and whether a text is an opt-out."""

from __future__ import annotations

from connector.sms.text import one_line
from connector.wire import limits, requests
from connector.wire.views import ConversationView, MessageView
from tui.actions.conversation import Intent
from tui.model import transcripts
from tui.model.conversations import (
    agent_name,
    consumer_name,
    is_mine,
    is_new,
    may_resend,
    over_long_message,
    resendable_reply,
)
from tui.model.state import Model


def resend(model: Model, view: ConversationView | None) -> Intent:
    """Send the first reply again that did not arrive, or may not have. What is sent has to be
    seen."""
    found = _unsettled(model, view)
    if isinstance(found, str) or view is None:
        return str(found)
    may_have_arrived = found.status == "uncertain"
    return requests.Resend(found.id, transcripts.last_seen(model, view.id), may_have_arrived)


def resend_doubt(model: Model, view: ConversationView) -> str | None:
    """What is known of a reply that may have arrived, or what they have written since one that did not."""
    found = _unsettled(model, view)
    if isinstance(found, str):
        return None
    if found.status != "uncertain":
        return _old_doubt(model, view, found)
    known = found.words or "It is not known whether it was sent."
    looked_up = "" if found.is_unsettled else " It is looked up at the provider."
    return f"{known}{looked_up} Press the key again to send it to {consumer_name(view)} a second time."


def _old_doubt(model: Model, view: ConversationView, found: MessageView) -> str | None:
    """What they have written since a reply that was not sent, or that others were not sent either."""
    messages = model.transcript.messages if model.transcript is not None else ()
    since = [one for one in messages if one.direction == "inbound" and one.seq > found.seq]
    sends = f"Press the key again to send “{one_line(found.text, 40)}”."
    if since:
        return f"They have written since: “{one_line(since[-1].text, 40)}”. {sends}"
    return f"{view.unsent:,} replies did not arrive. {sends}" if view.unsent > 1 else None


def _unsettled(model: Model, view: ConversationView | None) -> MessageView | str:
    if view is None or is_new(view.id):
        return "There is no conversation here."
    if view.opted_out or view.likely_opt_out:
        return f"{consumer_name(view)} has opted out, or may have: nothing can be sent."
    if view.state not in ("closed", "wrap_up") and not may_resend(model, view):
        return _whose(model, view)
    if (found := resendable_reply(model)) is not None:
        return found
    return "What did not arrive is further up: go there first." if view.unsent else "There is nothing to send again."


def _whose(model: Model, view: ConversationView) -> str:
    """Who can send again there, and the key that makes it this agent."""
    key = model.keys.name
    if view.agent is None or is_mine(model, view):
        return f"Only its owner can send it again: accept it first ({key('accept')})."
    lead = f" {key('take_over')} takes it over." if model.agents.is_lead else ""
    return f"{agent_name(model, view.agent)} has this conversation, and can send it again.{lead}"


def is_opt_out(model: Model, view: ConversationView | None) -> Intent:
    return _decided(view, is_opt_out=True)


def is_no_opt_out(model: Model, view: ConversationView | None) -> Intent:
    return _decided(view, is_opt_out=False)


def _decided(view: ConversationView | None, *, is_opt_out: bool) -> Intent:
    if view is None or not view.likely_opt_out:
        return "No text here reads like an opt-out."
    return requests.DecideOptOut(view.id, is_opt_out)


def consent(model: Model, view: ConversationView | None, is_opt_out: bool = True, because: str = "") -> Intent:
    """Record what the consumer said elsewhere, with the evidence."""
    if view is None:
        return "There is no conversation here."
    if not because.strip():
        return "Write what they said, where and when: it is the evidence."
    return requests.OptOut(view.consumer, because) if is_opt_out else requests.OptIn(view.consumer, because)


def read_rest(model: Model) -> Intent:
    """The end of the latest over-long text in the open transcript."""
    found = over_long_message(model)
    if found is None:
        return f"No text here is longer than {limits.INBOUND_LENGTH:,} characters."
    return requests.GetOverflow(found.id)
