from __future__ import annotations

import pytest
from immutables import Map
from msgspec.structs import replace

from connector.wire import requests
from connector.wire.views import ConversationView
from tests.kit.models import attached, changed, drafted
from tests.kit.views import ANN, AT, BEN, account, conversation, message
from tui.actions import enabled, intents
from tui.model import new_conversation, pending
from tui.model.conversations import open_between
from tui.model.conversations import open_conversation as model_opened
from tui.model.listing import Listing, Scope
from tui.model.state import Agents, Attachment, Connection, Conversations, Model, Transcript

MINE = conversation()
QUEUED = conversation(state="queued", agent=None, queued_at=AT)
BENS = conversation(agent="ben")
CLOSED = conversation(state="closed", closed_at=AT)
OPTED_OUT = conversation(opted_out=True)


def desk(view: ConversationView) -> Model:
    return Model(
        agents=Agents(me=ANN, by_id=Map({"ann": ANN, "ben": BEN})),
        conversations=Conversations(by_id=Map({view.id: view})),
        connection=Connection(is_complete=True),
        transcript=Transcript(view.id, view.consumer, is_loading=False),
    )


@pytest.mark.parametrize(
    ("view", "accepts", "gives_back", "closes", "writes"),
    [
        (MINE, "already yours", True, True, True),
        (QUEUED, True, "accept it first", "accept it first", "accept it"),
        (BENS, "Ben has", "Ben has", "Ben has", "Ben has"),
        (CLOSED, "closed", "closed", "closed", "closed"),
        (OPTED_OUT, "already yours", True, True, "opted out"),
    ],
    ids=["mine", "queued", "another's", "closed", "opted out"],
)
def test_what_can_be_asked_of_a_conversation(
    view: ConversationView, accepts: str | bool, gives_back: str | bool, closes: str | bool, writes: str | bool
) -> None:
    state = desk(view)
    for intent, expected, body in (
        (intents.accept(state, view), accepts, requests.Accept("C1")),
        (intents.give_back(state, view), gives_back, requests.GiveBack("C1")),
        (intents.close(state, view), closes, requests.Close("C1")),
        (intents.reply(state, "hi"), writes, requests.Reply("C1", "hi", [], 0)),
    ):
        if expected is True:
            assert intent == body
        else:
            assert isinstance(intent, str) and str(expected) in intent


@pytest.mark.parametrize(("length", "goes"), [(1, True), (1599, True), (1600, True), (1601, False), (5000, False)])
@pytest.mark.parametrize("letter", ["a", "€", "あ", "😀"])
def test_a_reply_holds_1600_code_points_and_what_is_longer_is_refused_with_its_length(
    length: int, goes: bool, letter: str
) -> None:
    intent = intents.reply(desk(MINE), letter * length)
    if goes:
        assert intent == requests.Reply("C1", letter * length, [], 0)
    else:
        assert isinstance(intent, str) and f"by {length - 1600:,} character" in intent


@pytest.mark.parametrize("text", ["", " ", "\n\n"])
def test_nothing_is_not_sent(text: str) -> None:
    assert isinstance(intents.reply(desk(MINE), text), str)


def test_there_is_nobody_to_write_to_before_one_is_opened() -> None:
    assert isinstance(intents.reply(Model(agents=Agents(me=ANN)), "hi"), str)
    for ask in (intents.accept, intents.give_back, intents.close):
        assert isinstance(ask(Model(agents=Agents(me=ANN)), None), str)


def test_closing_asks_once_more_when_they_wait_or_a_draft_is_there() -> None:
    assert intents.close_doubt(desk(MINE), MINE) is None
    waiting = replace(MINE, waiting_since=AT)
    assert "wait for an answer" in (intents.close_doubt(desk(waiting), waiting) or "")
    assert "draft" in (intents.close_doubt(drafted(desk(MINE), "C1", "hm"), MINE) or "")


class TestLooking:
    def test_the_owner_looking_marks_it_read_once(self) -> None:
        unread = replace(MINE, unread=2)
        state = desk(unread)
        assert intents.mark_read(state) == requests.MarkRead("C1")
        assert intents.mark_read(pending.asked(state, "q", requests.MarkRead("C1"), AT)) is None

    @pytest.mark.parametrize("view", [MINE, replace(BENS, unread=1), replace(QUEUED, unread=1)])
    def test_nobody_else_s_looking_counts_nor_is_there_anything_to_mark(self, view: ConversationView) -> None:
        assert intents.mark_read(desk(view)) is None

    def test_what_is_not_loaded_is_not_read(self) -> None:
        unread = replace(MINE, unread=2)
        state = replace(desk(unread), transcript=Transcript("C1", unread.consumer))
        assert intents.mark_read(state) is None


class TestHistory:
    def test_the_first_page_is_asked_for_once(self) -> None:
        state = replace(desk(MINE), transcript=Transcript("C1", MINE.consumer))
        wanted = intents.history(state)
        assert wanted == requests.GetHistory("C1", None, 50)
        assert intents.history(pending.asked(state, "h", requests.GetHistory("C1", None, 50), AT)) is None

    def test_older_ones_only_when_there_are_some_and_none_are_on_their_way(self) -> None:
        loaded = Transcript("C1", MINE.consumer, (message(id="M5"),), has_older=True, is_loading=False)
        state = replace(desk(MINE), transcript=loaded)
        assert intents.older(state) == requests.GetHistory("C1", "M5", 50)
        for held in (replace(loaded, has_older=False), replace(loaded, is_loading=True), replace(loaded, messages=())):
            assert intents.older(replace(state, transcript=held)) is None


def test_next_waiting_goes_to_mine_first_then_to_the_queue_and_not_to_the_open_one() -> None:
    views = [
        conversation(id="open", waiting_since=AT),
        conversation(id="mine", waiting_since=AT + 5),
        conversation(id="queued", state="queued", agent=None, waiting_since=AT + 1),
    ]
    state = changed(desk(views[0]), conversations={"by_id": Map({view.id: view for view in views})})
    listing = Listing()
    listing.refill(state.conversations.by_id, "ann")
    assert intents.next_waiting(state, listing) == (Scope.MINE, "mine")
    listing.change(views[1], replace(views[1], waiting_since=None))
    assert intents.next_waiting(state, listing) == (Scope.QUEUE, "queued")
    listing.change(views[2], None)
    assert intents.next_waiting(state, listing) is None


OWNERS = {"give_back", "close", "close_with", "hand_over", "set_due", "write"}
ALWAYS = {"note", "why"}


@pytest.mark.parametrize(
    ("view", "is_lead", "useful"),
    [
        (MINE, False, OWNERS | ALWAYS),
        (QUEUED, False, {"accept"} | ALWAYS),
        (conversation(state="ringing", agent=None, rings=["ann", "ben"]), False, {"accept", "decline"} | ALWAYS),
        (conversation(state="ringing", agent=None, rings=["ben"]), False, ALWAYS),
        (BENS, False, ALWAYS),
        (BENS, True, {"take_over", "beside"} | ALWAYS),
        (replace(BENS, joined=["ann"]), True, {"take_over", "beside", "write"} | ALWAYS),
        (CLOSED, False, {"reopen"} | ALWAYS),
        (conversation(state="wrap_up", wrap_up_until=AT), False, {"close_with", "undo"} | ALWAYS),
        (None, False, set()),
    ],
    ids=["mine", "queued", "rings", "rings elsewhere", "another's", "lead", "joined", "closed", "wrap-up", "none"],
)
def test_the_footer_names_what_leads_anywhere(view: ConversationView | None, is_lead: bool, useful: set[str]) -> None:
    state = changed(desk(view or MINE), agents={"is_lead": is_lead})
    told = enabled.pointless(state, view, "")
    assert {"plain", "join", "picture", "attach", "detach"} <= told
    assert enabled.ON_ONE - told == useful


def test_look_alikes_can_be_made_plain_where_there_are_some() -> None:
    assert "plain" in enabled.pointless(desk(MINE), MINE, "plain text")
    assert "plain" not in enabled.pointless(desk(MINE), MINE, "don’t")


ACCOUNT = account("main", most_pictures=2)


class TestTextFirst:
    @pytest.mark.parametrize(
        ("typed", "number"),
        [
            ("+15550142", "+15550142"),
            (" +1 (555) 01-42.", "+15550142"),
            ("0015550142", "+15550142"),
            ("12345", "12345"),
        ],
    )
    def test_a_number_is_taken_as_people_write_it(self, typed: str, number: str) -> None:
        assert intents.start(desk(MINE), "L", typed) == ("L", number)

    @pytest.mark.parametrize("typed", ["", "+", "hello", "5550142999", "+0 and more", "+0123456789", "+٣٣٣٣٣٣٣٣", "1"])
    def test_what_is_no_number_is_told(self, typed: str) -> None:
        assert "country code" in intents.start(desk(MINE), "L", typed)

    def test_the_text_goes_as_a_start_and_without_pictures(self) -> None:
        state = new_conversation.show_new(
            changed(desk(MINE), providers={"accounts": (ACCOUNT,)}), "12345", "+15550777", AT
        )
        assert intents.reply(state, "hi") == requests.Start("12345", "+15550777", "hi")
        assert "once the conversation is open" in str(intents.more_pictures(state, model_opened(state)))

    def test_nothing_else_can_be_done_with_what_is_not_there_yet(self) -> None:
        state = new_conversation.show_new(desk(MINE), "12345", "+15550777", AT)
        for intent in (intents.close, intents.give_back):
            assert "Nothing has been sent" in str(intent(state, model_opened(state)))
        assert {"accept", "give_back", "close"} <= enabled.pointless(state, model_opened(state), "")

    def test_an_open_conversation_is_used_and_a_closed_one_is_not(self) -> None:
        assert open_between(desk(MINE), MINE.line, MINE.consumer) is MINE
        assert open_between(desk(CLOSED), CLOSED.line, CLOSED.consumer) is None
        assert open_between(desk(MINE), "12345", MINE.consumer) is None


class TestPictures:
    def test_they_go_with_the_reply_also_without_words(self) -> None:
        picture = Attachment("a.png", 3, "P1", None)
        state = attached(desk(MINE), MINE.id, picture)
        assert intents.reply(state, "") == requests.Reply(MINE.id, "", ["P1"], 0)
        assert intents.reply(state, "look") == requests.Reply(MINE.id, "look", ["P1"], 0)

    def test_one_on_its_way_is_waited_for(self) -> None:
        state = attached(desk(MINE), MINE.id, Attachment("a.png", 3, None, "r1"))
        assert "still on its way" in str(intents.reply(state, "look"))

    def test_no_more_than_the_account_can_send(self) -> None:
        state = changed(desk(MINE), providers={"accounts": (ACCOUNT,)})
        assert intents.more_pictures(state, MINE) is None
        for number in range(2):
            state = attached(state, MINE.id, Attachment("a", None, f"https://a/{number}", None))
        assert intents.more_pictures(state, MINE) == "At most 2 pictures can go with one reply from +15550199."

    @pytest.mark.parametrize(
        ("view", "words"),
        [(None, "Open a conversation"), (MINE, "cannot be sent"), (QUEUED, "accept it"), (OPTED_OUT, "opted out")],
    )
    def test_why_none_can_go(self, view: ConversationView | None, words: str) -> None:
        assert words in str(intents.more_pictures(desk(view or MINE), view))


@pytest.mark.parametrize(("mode", "asks"), [("off", True), ("draining", True), ("active", False)])
def test_an_account_s_mode_is_asked_for_when_it_is_another(mode: str, asks: bool) -> None:
    state = changed(desk(MINE), providers={"accounts": (ACCOUNT,)})
    wish = intents.set_mode(state, "main", mode)
    assert wish == (requests.SetAccountMode("main", mode) if asks else "main is active already.")
    assert intents.set_mode(state, None, mode) == "There is no account here."
