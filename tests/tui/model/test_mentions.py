"""Mentions at the desk: in the order of what needs the agent, until they are there; and names being typed."""

from __future__ import annotations

import pytest
from immutables import Map
from msgspec.structs import replace

from connector.wire import answers, events, frames, requests
from connector.wire.views import AgentView, MentionView
from tests.kit.views import ANN, AT, BEN, conversation, fact
from tui.model import fold, pending
from tui.model.attention import Attention, Need
from tui.model.mentions import UnreadMentions, typed_name
from tui.model.state import Agents, Connection, Model

THEIRS = conversation(agent="ben", waiting_since=None)
MENTION = MentionView(THEIRS.id, "N1", "ben", AT)


def desk() -> Model:
    agents = Agents(me=ANN, by_id=Map({"ann": ANN, "ben": BEN}))
    return Model(agents=agents, connection=Connection(is_complete=True))


def answered(model: Model, body: answers.Answer, request: requests.Request) -> Model:
    asked = pending.asked(model, "q", request, AT)
    return fold.fold(asked, frames.AnswerFrame("q", body), AT)


def test_mentions_come_with_their_conversations_and_go_as_any_desk_of_theirs_has_been_there() -> None:
    model = answered(desk(), answers.FoundMentions([MENTION], [THEIRS]), requests.GetMentions())
    assert model.mentions.is_known and {*model.mentions.unread} == {THEIRS.id}
    assert THEIRS.id in model.conversations.by_id
    assert fold.fold(model, fact(9, events.MentionsSeen(THEIRS.id)), AT).mentions.unread == Map()
    assert fold.fold(model, fact(9, events.ConversationHidden(THEIRS.id)), AT).mentions.unread == Map()
    assert fold.fold(model, fact(9, events.ConversationErased(THEIRS.id)), AT).mentions.unread == Map()
    assert answered(model, answers.Done(), requests.SeeMentions(THEIRS.id)).mentions.unread == Map()


def test_an_answer_that_is_older_than_events_changes_nothing_of_what_they_told() -> None:
    old = MentionView("C8", "N8", "ben", AT)
    told = UnreadMentions().told(MENTION).without("C8")
    assert told.answered([old]).unread == Map({THEIRS.id: MENTION})
    assert told.connected().answered([old]).unread == Map({"C8": old})


def test_who_does_not_see_it_is_named_beside_what_was_done() -> None:
    model = answered(desk(), answers.Written("N1", ["ben"]), requests.WriteNote("C1", "@ben"))
    assert model.notices.current is not None
    assert model.notices.current.words == "Ben does not see this conversation, and does not get your note."
    model = answered(desk(), answers.Transferred("It waits", ["ben", "zoe"]), requests.Transfer("C1"))
    assert model.notices.current is not None
    words = "Transferred. It waits. Ben and zoe do not see this conversation, and do not get your note."
    assert model.notices.current.words == words


def test_a_mention_needs_the_agent_after_all_that_waits() -> None:
    waiting = replace(conversation(state="queued", agent=None), id="C9")
    attention = Attention("ann")
    attention.mention(THEIRS.id, AT, None)
    assert len(attention) == 0  # its conversation is not here yet
    attention.add([THEIRS, waiting])
    assert attention.needs == {waiting.id: Need.WAITING, THEIRS.id: Need.MENTIONED}
    found = attention.next(waiting.id)
    assert found is not None and found.id == THEIRS.id
    attention.mention(THEIRS.id, None, THEIRS)
    assert attention.needs == {waiting.id: Need.WAITING}


@pytest.mark.parametrize(
    ("before", "begin", "names"),
    [
        ("ask @an", 5, ["ana", "Anna"]),
        ("@B", 1, ["ben"]),
        ("@", 1, ["ana", "Anna", "ben"]),
        ("joe@an", 6, []),
        ("@ben ", 5, []),
        ("@bend", 1, []),
    ],
)
def test_names_that_begin_with_what_was_typed(before: str, begin: int, names: list[str]) -> None:
    agents = [
        AgentView(one, one, "online", 0, 4, is_disabled=one == "anders") for one in ("ben", "Anna", "anders", "ana")
    ]
    at, found = typed_name(before, agents)
    assert (at, [one.id for one in found]) == (begin, names)
