"""What a scripted core finds, and pages of what was said with a consumer."""

from __future__ import annotations

from connector.domain.search.matching import Matcher, digits, snippet
from connector.domain.search.query import parse
from connector.wire import answers, requests
from connector.wire.views import ConversationView, HitView, MessageView, PersonHitView
from tests.kit.fake_world import FakeWorld


def history(core: FakeWorld, body: requests.GetHistory) -> answers.History:
    consumer = view_of(core, body.conversation_id).consumer
    known = [message for message in core.messages if message.consumer == consumer]
    first, end = max(0, len(known) - body.limit), len(known)
    ids = [message.id for message in known]
    if body.around is not None:
        first = max(0, ids.index(body.around) - body.limit // 2)
        end = first + body.limit
    elif body.after is not None:
        first = ids.index(body.after) + 1
        end = first + body.limit
    elif body.before is not None:
        end = ids.index(body.before)
        first = max(0, end - body.limit)
    newer = end < len(known)
    person = None if newer else core.person(body.conversation_id)
    return answers.History(known[first:end], first > 0, "" if first else core.history_ends, person, newer)


def view_of(core: FakeWorld, conversation_id: str) -> ConversationView:
    """A conversation, be it one that no list has."""
    return core.conversations.get(conversation_id) or core.archived[conversation_id]


def search(core: FakeWorld, body: requests.Search) -> answers.SearchHits:
    """By words and numbers, and from:, which stands for all qualifiers."""
    typed = parse(body.text)
    authors = typed.values("from")
    matcher = Matcher(typed.pieces)
    hits = []
    for message in reversed(core.messages):
        if body.before and message.id >= body.before:
            continue
        ranges = matcher.ranges(message.text)
        if ranges is not None and (not authors or message.author in authors):
            hits.append(_hit(view_of(core, message.conversation_id), message, ranges))
    more = hits[body.limit - 1].message_id if len(hits) > body.limit else ""
    people = []
    for number in typed.numbers if not body.before else ():
        people += [_person(view) for view in core.conversations.values() if digits(view.consumer).endswith(number)]
    return answers.SearchHits(hits[: body.limit], more, people, [f"from {author}" for author in authors])


def _hit(view: ConversationView, message: MessageView, ranges: list[tuple[int, int]]) -> HitView:
    part = snippet(message.text, ranges)
    return HitView(
        message_id=message.id,
        conversation_id=view.id,
        at=message.at,
        direction=message.direction,
        status=message.status,
        author=message.author,
        line=message.line,
        consumer=message.consumer,
        skill=view.skill,
        state=view.state,
        agent=view.agent,
        text=part.text,
        offset=part.offset,
        marks=list(part.marks),
        is_cut=part.offset + len(part.text) < len(message.text),
        name=view.name,
    )


def _person(view: ConversationView) -> PersonHitView:
    return PersonHitView(view.consumer, view.id, view.state, view.line, view.agent, view.last_at, name=view.name)
