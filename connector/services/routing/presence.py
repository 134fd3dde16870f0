"""Who is at a desk: comings, goings, and conversations whose owner is away or gone."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from connector.domain import transitions
from connector.domain.agent import Agent, Desk, Presence, PresenceSpan
from connector.domain.conversation import Conversation
from connector.domain.refusals import Refused
from connector.domain.skills import SkillRules
from connector.domain.timers import promised_until
from connector.services import views
from connector.services.conversations import closing, due, ownership
from connector.services.routing.placement import Placement
from connector.services.settings import BrandSettings
from connector.store.ports import Transaction
from connector.wire import events, requests
from connector.wire.refusals import RefusalCode

# A desk that has not been heard of for this long is gone; its core renews the lease well before.
LEASE_S = 30
OFFLINE = "offline"
OFF_DUTY = "off duty"


def sign_in(tx: Transaction, brand: BrandSettings, agent: Agent, desk: Desk, now: int) -> Agent:
    """A desk opens. `agent` is as configured; what is known of their presence is kept.

    Who signed off by hand is online again with their next desk.
    """
    known = tx.agents.get(agent.id)
    if known is not None:
        agent = replace(
            agent,
            presence=known.presence,
            presence_at=known.presence_at,
            presence_reason=known.presence_reason,
            assigned_at=known.assigned_at,
            came_at=known.came_at,
        )
    was_connected = agent.id in tx.agents.connected(now)
    tx.agents.save_desk(desk)
    if not was_connected:
        agent = replace(agent, presence_at=now, came_at=now)
        if agent.presence_reason == OFF_DUTY:
            agent = replace(agent, presence=Presence.ONLINE, presence_reason="")
    if agent != known:
        tx.agents.save(agent)
    if not was_connected or agent != known:  # come, or with other skills or another capacity than before
        tell_agent(tx, agent, now)
        Placement(brand.rules).drain(tx, now)
    return agent


def sign_off(tx: Transaction, desk_id: str, agent_id: str, now: int) -> None:
    """A desk is gone. Its agent's conversations stay theirs for a while."""
    tx.agents.remove_desk(desk_id)
    agent = tx.agents.get(agent_id)
    if agent is not None and agent_id not in tx.agents.connected(now):
        agent = replace(agent, presence_at=now)
        tx.agents.save(agent)
        tell_agent(tx, agent, now)


def take_over(tx: Transaction, node: str, now: int) -> None:
    """A core starts: what it held when it last ended, however it ended, is nobody's now. Its agents have the usual
    time to come back before their consumers are given to somebody else."""
    for desk in tx.agents.desks_of(node):
        sign_off(tx, desk.id, desk.agent, now)
    tx.work.release_leases(node, now)


def renew(tx: Transaction, brand: BrandSettings, held: Sequence[Desk], now: int) -> None:
    """Lengthen the leases of these desks. Who was taken for gone meanwhile is told to be back."""
    live = tx.agents.connected(now)
    for desk in held:
        tx.agents.save_desk(desk)
    # Told so too when a clock went back, and leases that had ended last on.
    back = {one for one in {desk.agent for desk in held} if one not in live or tx.agents.current_state(one) == OFFLINE}
    for agent_id in sorted(back):
        agent = tx.agents.get(agent_id)
        if agent is not None:
            tell_agent(tx, agent, now)
    if back:
        Placement(brand.rules).drain(tx, now)


def sweep(tx: Transaction, brand: BrandSettings, now: int) -> None:
    """Sign off desks whose lease has ended, give waiting consumers of agents who stay away to somebody else, and offer
    the queue to places that became free by time alone: conversations grow light, and agents warm up."""
    for desk in tx.agents.expired_desks(now):
        sign_off(tx, desk.id, desk.agent, now)
    people = tx.staff(now)
    known = {agent.id: agent for agent in people.agents}
    routing = Placement(brand.rules)
    for agent_id in people.loads:
        agent = known.get(agent_id)
        if agent is not None and agent_id in people.connected and agent.presence is Presence.ONLINE:
            continue
        for conversation in tx.conversations.assigned_to(agent_id):
            rules = brand.rules.of(conversation.skill)
            reason = _left_alone(conversation, agent_id, agent, agent_id in people.connected, rules, now)
            if conversation.waiting_since is not None and reason is not None:
                routing.settle(tx, transitions.queued(conversation, now, reason), now)
    routing.drain(tx, now)


def _left_alone(
    conversation: Conversation, agent_id: str, agent: Agent | None, is_connected: bool, rules: SkillRules, now: int
) -> str | None:
    """Why its owner's absence has lasted too long, or None."""
    if now < promised_until(conversation):
        return None
    since = max(agent.presence_at if agent else 0, conversation.assigned_at or 0)
    if not is_connected:
        return f"{agent_id} is gone" if now - since >= rules.gone_s * 1000 else None
    since = max(since, conversation.waiting_since or 0)
    if agent is None or not rules.away_s or now - since < rules.away_s * 1000:
        return None
    return f"{agent_id} is {in_words(agent)}"


def set_presence(tx: Transaction, brand: BrandSettings, agent_id: str, presence: str, reason: str, now: int) -> None:
    if presence not in set(Presence):
        raise Refused(RefusalCode.BAD_REQUEST, f"presence is one of {', '.join(Presence)}")
    if reason and (presence == Presence.ONLINE or reason not in brand.away_reasons):
        words = f"The reasons for being away are: {', '.join(brand.away_reasons) or 'none'}."
        raise Refused(RefusalCode.BAD_REQUEST, words)
    if tx.agents.get(agent_id) is None:
        raise Refused(
            RefusalCode.UNKNOWN_AGENT, f"{agent_id} has never had a desk here: there is nobody to be {presence}."
        )
    _become(tx, brand, agent_id, Presence(presence), reason, now)


def _become(tx: Transaction, brand: BrandSettings, agent_id: str, presence: Presence, reason: str, now: int) -> None:
    agent = tx.agents.get(agent_id)
    if agent is None or (agent.presence, agent.presence_reason) == (presence, reason):
        return
    agent = replace(agent, presence=presence, presence_reason=reason, presence_at=now)
    tx.agents.save(agent)
    tell_agent(tx, agent, now)
    Placement(brand.rules).drain(tx, now)


def go_off_duty(
    tx: Transaction, brand: BrandSettings, agent_id: str, leaving: Sequence[requests.SignOffChoice], now: int
) -> None:
    """Every conversation of theirs is closed, given back, or kept with a moment at which it is due."""
    choices = {one.conversation_id: one for one in leaving}
    owned = tx.conversations.assigned_to(agent_id)
    left = [one for one in owned if one.id not in choices]
    if left:
        words = (
            f"{len(left)} of your conversations would be left behind: close each, give it back, or say when it is due."
        )
        raise Refused(RefusalCode.LEFT_BEHIND, words, count=len(left), conversation_id=left[0].id)
    _become(tx, brand, agent_id, Presence.AWAY, OFF_DUTY, now)  # first, so that what is given back goes elsewhere
    for conversation in owned:
        _deal_with(tx, brand, agent_id, conversation, choices[conversation.id], now)


def _deal_with(
    tx: Transaction,
    brand: BrandSettings,
    agent_id: str,
    conversation: Conversation,
    choice: requests.SignOffChoice,
    now: int,
) -> None:
    match choice.choice:
        case "close":
            closing.end(tx, brand, conversation, f"closed by {agent_id}, who goes off duty", now, by=agent_id)
        case "return":
            ownership.give_back(tx, brand, conversation, agent_id, "", now)
        case "due" if choice.due_at is not None:
            due.set_due(tx, brand, conversation, agent_id, choice.due_at, keep=False, now=now)
        case _:
            raise Refused(RefusalCode.BAD_REQUEST, "choice is close, return, or due with due_at.")


def tell_agent(tx: Transaction, agent: Agent, now: int) -> None:
    """Tell how an agent is now, and keep how long they were as they were before."""
    is_connected = agent.id in tx.agents.connected(now)
    load = tx.staff(now).loads.get(agent.id)
    view = views.agent_view(agent, is_connected=is_connected, assigned=load.count if load else 0)
    state = str(agent.presence) if is_connected else OFFLINE
    tx.agents.begin_span(PresenceSpan(agent.id, state, agent.presence_reason if is_connected else "", now))
    tx.facts.append([views.fact(events.AgentChanged(view), now, None)])


def in_words(agent: Agent) -> str:
    words = str(agent.presence).replace("_", " ")
    return f"{words} ({agent.presence_reason})" if agent.presence_reason else words
