from __future__ import annotations

import pytest
from immutables import Map
from msgspec.structs import replace

from connector.wire import answers, requests
from connector.wire.views import AgentTargetView, ConversationView, LineView, SkillTargetView
from tests.kit.models import changed
from tests.kit.views import ANN, AT, BEN, LINE, conversation, message, reply
from tui.actions import conversation as handling
from tui.actions import intents
from tui.actions import presence as duty
from tui.draw.transfer_targets import drawn, places
from tui.model.state import Agents, Connection, Conversations, Model, Providers, Transcript

MINE = conversation()
QUEUED = conversation(state="queued", agent=None)
BENS = conversation(agent="ben")
CLOSED = conversation(state="closed", closed_at=AT)
RINGS = conversation(state="ringing", agent=None, rings=["ann", "ben"])
RINGS_AT_BEN = conversation(state="ringing", agent=None, rings=["ben"])
WRAP_UP = conversation(state="wrap_up", wrap_up_until=AT + 60_000)
BENS_WRAP_UP = replace(WRAP_UP, agent="ben")
JOINED = replace(BENS, joined=["ann"])


def desk(view: ConversationView, *, is_lead: bool = False) -> Model:
    return Model(
        agents=Agents(me=ANN, is_lead=is_lead, by_id=Map({"ann": ANN, "ben": BEN})),
        providers=Providers(lines=(LineView(LINE, "main", "support", 3),)),
        conversations=Conversations(by_id=Map({view.id: view})),
        connection=Connection(is_complete=True),
        transcript=Transcript(view.id, view.consumer, is_loading=False),
    )


@pytest.mark.parametrize(
    ("view", "accepts", "declines", "reopens", "hands_over", "writes"),
    [
        (MINE, "already yours", "Nothing rings", "is open", True, True),
        (QUEUED, True, "Nothing rings", "is open", "accept it first", "accept it"),
        (RINGS, True, True, "is open", "accept it first", "a accepts, d declines"),
        (RINGS_AT_BEN, "rings at Ben", "Nothing rings", "is open", "accept it first", "rings at Ben"),
        (BENS, "Ben has", "Nothing rings", "is open", "Ben has", "Ben has"),
        (JOINED, "Ben has", "Nothing rings", "is open", "Ben has", True),
        (WRAP_UP, "ann has", "Nothing rings", True, "closed", "notes how it went"),
        (BENS_WRAP_UP, "Ben has", "Nothing rings", "Ben is wrapping", "closed", "Ben notes"),
        (CLOSED, "closed", "Nothing rings", True, "closed", "closed"),
    ],
)
def test_what_can_be_done_in_each_state(
    view: ConversationView,
    accepts: str | bool,
    declines: str | bool,
    reopens: str | bool,
    hands_over: str | bool,
    writes: str | bool,
) -> None:
    state = desk(view)
    for intent, expected, body in (
        (intents.accept(state, view), accepts, requests.Accept("C1")),
        (handling.decline(state, view), declines, requests.Decline("C1")),
        (handling.reopen(state, view), reopens, requests.Reopen("C1")),
        (
            handling.hand_over(state, view, "orders", None, "hm"),
            hands_over,
            requests.Transfer("C1", "orders", None, "hm"),
        ),
        (intents.reply(state, "hi"), writes, requests.Reply("C1", "hi", [], 0)),
    ):
        if expected is True:
            assert intent == body
        else:
            assert isinstance(intent, str) and str(expected) in intent


@pytest.mark.parametrize(
    ("view", "takes_over", "joins"),
    [
        (BENS, requests.TakeOver("C1"), requests.Join("C1")),
        (JOINED, requests.TakeOver("C1"), requests.Leave("C1")),
        (MINE, "already yours", "can write in it"),
        (QUEUED, requests.TakeOver("C1"), "nobody to join"),
        (CLOSED, "closed", "nobody to join"),
    ],
)
def test_a_lead_takes_over_joins_and_leaves(
    view: ConversationView, takes_over: requests.Request | str, joins: requests.Request | str
) -> None:
    state = desk(view, is_lead=True)
    for intent, expected in ((handling.take_over(state, view), takes_over), (handling.beside(state, view), joins)):
        assert expected in intent if isinstance(intent, str) and isinstance(expected, str) else intent == expected


def test_taking_over_and_joining_are_for_leads_but_leaving_is_not() -> None:
    assert "for leads" in str(handling.take_over(desk(BENS), BENS))
    assert "for leads" in str(handling.beside(desk(BENS), BENS))
    assert handling.beside(desk(JOINED), JOINED) == requests.Leave("C1")


def test_in_a_wrap_up_closing_says_how_it_went() -> None:
    assert intents.close(desk(WRAP_UP), WRAP_UP, "solved", "ok", ("a", "b")) == requests.WrapUp(
        "C1", "solved", "ok", ["a", "b"]
    )
    assert intents.close(desk(MINE), MINE, "solved") == requests.Close("C1", "solved", "", [])


class TestUndo:
    def state(self, *messages: object) -> Model:
        shown = Transcript("C1", MINE.consumer, tuple(messages), is_loading=False)  # type: ignore[arg-type]
        return replace(desk(MINE), transcript=shown)

    def test_the_last_reply_of_mine_that_has_not_left_is_taken_back(self) -> None:
        state = self.state(message(), reply(id="M2", seq=2), reply(id="M3", seq=3), message(id="M4", seq=4))
        assert handling.undo(state, AT) == requests.UndoReply("M3")

    @pytest.mark.parametrize(
        "sent", [reply(status="sent"), reply(status="sending"), reply(author="ben"), reply(conversation_id="C0")]
    )
    def test_what_has_left_is_not_nor_is_anybody_elses(self, sent: object) -> None:
        assert "for 3 s" in str(handling.undo(self.state(sent), AT))

    def test_what_was_closed_last_is_taken_up_again(self) -> None:
        closed = replace(CLOSED, id="C2", closed_at=AT + 9)
        state = changed(self.state(reply()), conversations={"last_closed": "C2"})
        state = replace(
            state, conversations=replace(state.conversations, by_id=state.conversations.by_id.set("C2", closed))
        )
        assert handling.undo(state, AT) == requests.Reopen("C2")
        earlier = replace(closed, closed_at=AT - 9)
        state = replace(
            state, conversations=replace(state.conversations, by_id=state.conversations.by_id.set("C2", earlier))
        )
        assert handling.undo(state, AT) == requests.UndoReply("M1")


@pytest.mark.parametrize(
    ("words", "keep", "wish"),
    [
        ("2h", False, requests.SetDue("C1", AT + 7_200_000)),
        ("30m", True, requests.SetDue("C1", AT + 1_800_000, True)),
        ("", True, requests.SetDue("C1", None)),
        ("soon", False, None),
    ],
)
def test_when_an_answer_is_due_is_said_in_words(words: str, keep: bool, wish: requests.Request | None) -> None:
    intent = handling.set_due(desk(MINE), MINE, words, keep, AT)
    assert intent == wish if wish is not None else "tomorrow 9:00" in str(intent)
    assert "Ben has" in str(handling.set_due(desk(BENS), BENS, "2h", False, AT))


class TestDuty:
    WAITS, SILENT = conversation(id="C1", waiting_since=AT), conversation(id="C2")
    OWING = ("C1", "C2")

    def state(self) -> Model:
        return changed(desk(self.WAITS), conversations={"by_id": Map({"C1": self.WAITS, "C2": self.SILENT})})

    @pytest.mark.parametrize(
        ("choice", "words", "leaving"),
        [
            ("close", "", [("C1", "return", None), ("C2", "close", None)]),
            ("return", "", [("C1", "return", None), ("C2", "return", None)]),
            ("due", "1h", [("C1", "due", AT + 3_600_000), ("C2", "due", AT + 3_600_000)]),
        ],
    )
    def test_every_conversation_is_dealt_with(
        self, choice: str, words: str, leaving: list[tuple[str, str, int | None]]
    ) -> None:
        wish = duty.sign_off(self.state(), list(self.OWING), choice, words, AT)
        assert wish == requests.SignOff([requests.SignOffChoice(*each) for each in leaving])

    def test_a_moment_that_is_none_is_told(self) -> None:
        assert "tomorrow 9:00" in str(duty.sign_off(self.state(), ["C1"], "due", "later", AT))

    def test_what_can_become_of_them_is_said_with_numbers(self) -> None:
        assert [words for _, words in duty.leavings(self.state(), list(self.OWING))] == [
            "Close 1 that waits for the consumer, give 1 back to the queue",
            "Give all 2 back",
            "Keep what is yours, due at the time below",
        ]
        assert [kind for kind, _ in duty.leavings(self.state(), ["C1"])] == ["return", "due"]

    @pytest.mark.parametrize(("presence", "first"), [("online", "away"), ("away", "online"), ("offline", "online")])
    def test_what_one_most_likely_wants_to_be_comes_first(self, presence: str, first: str) -> None:
        state = changed(
            desk(MINE), agents={"me": replace(ANN, presence=presence)}, settings={"away_reasons": ("lunch",)}
        )
        ways = duty.presences(state)
        assert ways[0].words == first
        assert {way.words for way in ways} == {"online", "away", "away: lunch", "back soon"}
        assert duty.set_presence(state, ways[0]) == requests.SetPresence(first)


class TestPlaces:
    FOUND = answers.Targets(
        [
            SkillTargetView("night", True, 0, 0, 2, None, None, "nobody else is online, nor of its fallbacks"),
            SkillTargetView("orders", True, 2, 1.5, 0, 0, "orders", "taken at once"),
        ],
        [
            AgentTargetView("ben", "Ben", "online", 1.0, 4, True, "1 of 4 places taken"),
            AgentTargetView("zoe", "Zoë", "offline", 0, 4, False, "has no desk open"),
        ],
    )

    def test_what_would_be_refused_comes_last_and_says_why(self) -> None:
        found = places(self.FOUND, "")
        assert [place.name for place in found] == ["orders", "Ben", "night", "Zoë"]
        line = drawn(found[-1], 60)
        assert {role for _, role in line} == {"muted"} and "✗ has no desk open" in "".join(text for text, _ in line)

    @pytest.mark.parametrize(
        ("typed", "names"), [("ord", ["orders"]), ("agent", ["Ben", "Zoë"]), ("skill night", ["night"]), ("xyz", [])]
    )
    def test_typing_finds_them(self, typed: str, names: list[str]) -> None:
        assert [place.name for place in places(self.FOUND, typed)] == names
        assert places(None, typed) == []
