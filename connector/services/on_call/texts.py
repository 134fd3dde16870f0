"""Texts to the phones of those who are on call, and their answers.

They go through the outbox and its gate like every text, from the line of `[on_call]`, as automatic replies in a
conversation that is closed from the beginning: it is nobody's to answer. An "ack" from such a phone acknowledges;
whatever else comes from it is a text like any other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec.structs import replace

from connector.domain import transitions
from connector.domain.address import person_of
from connector.domain.agent import Agent
from connector.domain.alerts import Alert, AlertRules
from connector.domain.conversation import ON_CALL, Conversation
from connector.domain.message import Message
from connector.domain.refusals import Refused
from connector.domain.segment_preview import preview
from connector.domain.urgency import Urgency
from connector.domain.written import queued_reply
from connector.services import save, views
from connector.services.on_call.alert_views import alert_view
from connector.services.sending import outbox
from connector.services.sending.reply import require_reachable, require_sendable
from connector.services.settings import LineSettings
from connector.services.unit_of_work import UnitOfWork
from connector.wire import events
from connector.wire.alert_words import what
from connector.wire.refusals import RefusalCode

SKILL = "on call"  # no agent's, so that none but those of all skills are shown a colleague's phone
_HOUR_MS = 3_600_000
_DAY_MS = 24 * _HOUR_MS
_ACK = re.compile(r"\W*ack\W*", re.IGNORECASE)
_NAMED = 3  # alerts in one text
_LOOKED_AT = 100  # alerts that have ended
_WHY_NOT = {
    RefusalCode.OPTED_OUT: "has opted out",
    RefusalCode.LIKELY_OPT_OUT: "may have opted out",
    RefusalCode.ACCOUNT_OFF: "the account is switched off",
}


def is_ack(text: str) -> bool:
    """Whether a text says no more than "ack", in any case, perhaps with a dot."""
    return len(text) <= 16 and _ACK.fullmatch(text) is not None


def text_asked(uow: UnitOfWork, asked: Mapping[str, Sequence[Alert]]) -> dict[str, str]:
    """Text each of these agents about their alerts, all in one text. Returns for each why not, in words; empty: they
    were texted."""
    rules = uow.brand.on_call
    line = None if rules is None or rules.line is None else uow.brand.lines.get(rules.line)
    if rules is None or line is None:
        return {}
    return {name: _text_one(uow, rules, line, name, alerts) for name, alerts in asked.items()}


def confirm(uow: UnitOfWork, phone: str, alerts: Sequence[Alert]) -> None:
    """Text back that an answer has acknowledged these. Never without such an effect, so that two machines cannot go on
    answering each other."""
    rules = uow.brand.on_call
    line = None if rules is None or rules.line is None else uow.brand.lines.get(rules.line)
    if rules is not None and line is not None:
        _send(uow, line, phone, f"textdesk: yours now: {_listed(uow, alerts)}. Nobody else is asked.")


def answered_conversation(uow: UnitOfWork, line: LineSettings, person: str) -> Conversation | None:
    """The conversation of the texts to this phone, where one was sent within the last day."""
    latest = uow.tx.conversations.latest_closed(line.address, person)
    if latest is None or latest.entry_point != ON_CALL or uow.now - (latest.closed_at or 0) > _DAY_MS:
        return None
    return latest


def _text_one(uow: UnitOfWork, rules: AlertRules, line: LineSettings, name: str, alerts: Sequence[Alert]) -> str:
    agent = uow.tx.agents.get(name)
    if agent is None or agent.is_disabled:
        return "there is no such agent" if agent is None else "is disabled"
    if not agent.phone:
        return "has no phone"
    if _asked_of_late(uow, person_of(agent.phone)) >= rules.texts_per_hour:
        return f"was sent {rules.texts_per_hour} texts within the hour"
    since = min(alert.since for alert in alerts)
    clock = datetime.fromtimestamp(since / 1000, rules.zone).strftime("%H:%M")
    words = f"textdesk: {_listed(uow, alerts)}, since {clock}. Answer ack to look after it."
    return _send(uow, line, agent.phone, words)


def _listed(uow: UnitOfWork, alerts: Sequence[Alert]) -> str:
    found = [what(alert_view(alert, uow.brand)) for alert in alerts]
    more = [f"{len(found) - _NAMED} more"] if len(found) > _NAMED else []
    return "; ".join([*found[:_NAMED], *more])


def _send(uow: UnitOfWork, line: LineSettings, phone: str, text: str) -> str:
    """Send the text. Returns why it cannot be sent, in words that quote no number; empty when it is."""
    try:
        send_text(uow, line, phone, person_of(phone), text)
    except Refused as no:
        return _WHY_NOT.get(RefusalCode(no.code), "cannot be texted from this line")
    return ""


def send_text(uow: UnitOfWork, line: LineSettings, phone: str, person: str, text: str) -> None:
    """Raises Refused where this phone may not or cannot be texted."""
    require_sendable(text, line)
    require_reachable(uow, line, phone, person)
    latest = uow.tx.conversations.latest_closed(line.address, person)
    is_new = latest is None or latest.entry_point != ON_CALL
    conversation = _opened(uow, line, phone) if latest is None or is_new else latest
    message = queued_reply(conversation, uow.brand.ids.new(), text, uow.now)
    uow.tx.messages.add_once(message)
    outbox.add(uow, message, Urgency.ANSWER, delay_s=0)
    write = save.new_conversation if is_new else save.conversation
    changed = with_message(conversation, message, uow.now)
    write(uow, changed, events.ReplyWritten, views.message_view(message, uow.brand.masking))


def with_message(conversation: Conversation, message: Message, now: int) -> Conversation:
    """The conversation after a text of either side: closed as before, until a day after it."""
    return replace(
        conversation,
        last_seq=message.seq,
        last_at=now,
        closed_at=now,
        last_text=preview(message),
        last_direction=message.direction,
        version=conversation.version + 1,
    )


def _opened(uow: UnitOfWork, line: LineSettings, phone: str) -> Conversation:
    of_on_call = replace(line, skill=SKILL, entry_point=ON_CALL)
    opened = transitions.opened(uow.brand.ids.new(), of_on_call, phone, uow.brand.region_at(line), uow.now)
    return transitions.closed(opened, uow.now, "texts to somebody who is on call")


def _asked_of_late(uow: UnitOfWork, person: str) -> int:
    """How many texts have asked this phone within the hour. What confirms an answer is none of them: it follows one
    that has asked, and who answers is to be asked as before."""
    since, names = uow.now - _HOUR_MS, {agent.id for agent in agents_with(uow, person)}
    of_late = [*uow.tx.alerts.open(), *uow.tx.alerts.ended_since(since, _LOOKED_AT)]
    steps = (step for alert in of_late for step in alert.steps)
    return len({step.at for step in steps if step.at > since and not names.isdisjoint(step.texted)})


def agents_with(uow: UnitOfWork, person: str) -> list[Agent]:
    """The agents whose phone this is, as far as they may do anything."""
    found = (agent for agent in uow.tx.agents.all() if agent.phone and not agent.is_disabled)
    return [agent for agent in found if person_of(agent.phone) == person]
