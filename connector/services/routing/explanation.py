"""Why a conversation is where it is, and what comes next."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from msgspec.structs import replace

from connector.domain.consent.entries import ConsentEntry, ConsentKind
from connector.domain.conversation import Conversation, ConversationState, DueAlarm, DueRule
from connector.domain.hours import is_open, opens_at
from connector.domain.queueing import score
from connector.domain.rights import visibility_of
from connector.domain.routing import Candidate, choose, serving, verdicts
from connector.domain.skill_rules import Rules, SkillRules
from connector.domain.timers import closes_at, silent_at
from connector.services import views
from connector.services.consent.ledger import BY_ANOTHER
from connector.services.durations import in_words
from connector.services.query import Query
from connector.services.routing.staff_loads import staff_loads
from connector.wire import answers, requests
from connector.wire.views import ScorePartView, VerdictView

_ELSEWHERE = "(said in a conversation that you do not see)"
_DUE_BY = {DueRule.MANUAL: " (set by hand)", DueRule.FIRST_CONTACT: " (first contact)"}


def explain(query: Query, question: requests.Explain) -> answers.Explained:
    conversation = query.conversation(question.conversation_id)
    reading, rules, now = query.reading, query.brand.rules, query.now
    candidates = staff_loads(reading, now, placing=conversation.id).candidates()
    latest_owner = reading.latest_owner(conversation.person)
    seen = {one.agent.id for one in candidates if query.rights.sees_agent(one.agent.accounts)}
    found = [one for one in verdicts(conversation, candidates, rules, latest_owner, now) if one.agent in seen]
    latest = reading.latest_consent(conversation.person)
    is_queued = conversation.state is ConversationState.QUEUED
    return answers.Explained(
        place=_place(query, conversation) if is_queued else None,
        reason=_reason(conversation, candidates, rules, latest_owner, now),
        score=[ScorePartView(part.words, part.ms) for part in score(conversation)],
        agents=[VerdictView(one.agent, one.fits, one.words) for one in found],
        consent=None if latest is None else views.consent_view(_shown(query, latest), query.brand.masking),
        likely_opt_out=views.likely_id(reading.likely_opt_out(conversation.person)),
        next=_consent(query, conversation) + _next(conversation, rules.of(conversation.skill), candidates, seen, now),
    )


def _place(query: Query, conversation: Conversation) -> int:
    """Its place in the queue of its skill, of the accounts that the asker sees."""
    rights = query.rights
    return query.reading.ahead_of(conversation, () if rights.sees_everything else rights.accounts) + 1


def _shown(query: Query, entry: ConsentEntry) -> ConsentEntry:
    """The entry as the asker may see it: without what was said in a conversation that they do not see, and without the
    name of an agent whom they do not."""
    if entry.message_id is not None:
        message = query.reading.message(entry.message_id)
        source = None if message is None else query.reading.conversation(message.conversation_id)
        is_seen = source is None or query.rights.may_see(visibility_of(source))
    else:
        is_seen = not entry.account or query.rights.sees_account(entry.account)
    author = None if entry.author is None else query.reading.agent(entry.author)
    if author is not None and not query.rights.sees_agent(author.accounts):
        entry = replace(entry, author=None, rule=BY_ANOTHER)
        is_seen = is_seen and entry.message_id is not None
    return entry if is_seen else replace(entry, evidence=_ELSEWHERE)


def _consent(query: Query, conversation: Conversation) -> list[str]:
    """Why nothing is sent to the consumer, and what would change it."""
    latest = query.reading.latest_consent(conversation.person)
    if latest is not None and latest.kind is ConsentKind.OPTED_OUT:
        rule = _shown(query, latest).rule
        who = f"nothing is sent to {conversation.consumer}, who has opted out ({rule})"
        return [f"{who}; their START lifts it, or an agent who records an opt-in (`textdesk opt-in`)"]
    if query.reading.likely_opt_out(conversation.person) is not None:
        who = conversation.agent or "an agent"
        return [
            f"nothing is sent until {who} decides: a text of the consumer reads like an opt-out (`textdesk decide`)"
        ]
    return []


def _reason(
    conversation: Conversation, candidates: Sequence[Candidate], rules: Rules, latest_owner: str | None, now: int
) -> str:
    """Why it is in its state: of one that waits, as of now, for it may wait for something else than when it came."""
    if conversation.state is not ConversationState.QUEUED:
        return conversation.reason
    choice = choose(conversation, candidates, rules, latest_owner, now)
    return conversation.reason if choice.agents else choice.reason


def _next(
    conversation: Conversation, rules: SkillRules, candidates: Sequence[Candidate], seen: Collection[str], now: int
) -> list[str]:
    """What timers will do, and what would change it. `seen`: the agents that may be named."""
    words = []
    if conversation.unsent:
        count = "a reply" if conversation.unsent == 1 else f"{conversation.unsent} replies"
        what = "may not have arrived" if conversation.unsent_status == "uncertain" else "did not arrive"
        words.append(f"{count} {what}: it is sent again (resend), another is written, or it is closed")
    elif conversation.unsent_status:
        words.append("it is being looked up whether a reply was sent")
    skill = conversation.skill
    match conversation.state:
        case ConversationState.RINGING if conversation.ring_until is not None:
            words.append(f"it rings for {in_words(conversation.ring_until - now)} more, then at the next")
        case ConversationState.QUEUED:
            skilled = [one for one in serving(conversation.account, candidates) if one.agent.has(skill)]
            absent = [one.agent.id for one in skilled if not one.is_online and one.agent.id in seen]
            if conversation.again_at is not None and (tried := [one for one in conversation.tried if one in seen]):
                who = ", ".join(tried[:5])
                words.append(f"in {in_words(conversation.again_at - now)} {who} may be asked again")
            words.append(
                f"an agent of {skill} has a place free"
                + (f", or comes online ({', '.join(absent[:5])})" if absent else "")
                + ", or takes it by hand"
            )
        case ConversationState.WRAP_UP if conversation.wrap_up_until is not None:
            words.append(f"its wrap-up ends in {in_words(conversation.wrap_up_until - now)}")
        case ConversationState.ASSIGNED if conversation.snoozed_until is not None:
            away = in_words(conversation.snoozed_until - now)
            words.append(f"{conversation.agent} has snoozed it: it is back in {away}, or once the consumer writes")
        case ConversationState.ASSIGNED if conversation.waiting_since is not None:
            if (at := silent_at(conversation, rules)) is not None:
                words.append(f"without an answer it goes to another agent in {in_words(at - now)}")
            words.append(f"{conversation.agent} answers, gives it back or transfers it")
    if conversation.due_at is not None:
        if conversation.due_told is DueAlarm.OVERDUE or now >= conversation.due_at:
            words.append(f"its answer has been overdue for {in_words(now - conversation.due_at)}")
        else:
            by = _DUE_BY.get(conversation.due_by, "")
            words.append(f"its answer is due in {in_words(conversation.due_at - now)}{by}")
    if not is_open(rules.hours, now) and (at := opens_at(rules.hours, now)) is not None:
        words.append(f"{skill} is closed; it opens in {in_words(at - now)}")
    if (at := closes_at(conversation, rules)) is not None:
        words.append(f"it closes in {in_words(at - now)} unless a message is written")
    return words
