from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from connector.wire import answers, events, frames, requests
from connector.wire.refusals import RefusalCode
from connector.wire.views import AccountView, ConversationView, ScheduledView
from tests.kit.models import drafted
from tests.kit.views import ANN, AT, BEN, CONSUMER, conversation, fact, hello, message, reply, snapshot, welcome
from tui.actions import conversation as actions
from tui.actions import writing
from tui.model import compose, pending, transcripts
from tui.model.fold import changed_rows, fold
from tui.model.notices import clear_notice
from tui.model.state import ComposeState, Explanation, Model, Notice, PendingSignOff, TransferTargets


def folded(state: Model, *came: frames.FromCore) -> Model:
    for frame in came:
        state = fold(state, frame, AT)
    return state


def started(view: ConversationView | None = None) -> Model:
    """Ann's desk after a snapshot of one conversation of hers."""
    return folded(Model(), hello(5), welcome(), snapshot(view or conversation(), position=5))


def opened(view: ConversationView | None = None) -> Model:
    """Its transcript is open and loaded with one message."""
    state = pending.asked(transcripts.show(started(view), "C1"), "h", requests.GetHistory("C1"), AT)
    return folded(state, frames.AnswerFrame("h", answers.History([message()], more=True)))


def shown(state: Model) -> list[str]:
    assert state.transcript is not None
    return [message.id for message in state.transcript.messages]


class TestStart:
    def test_the_clock_of_the_core_is_reckoned_from_its_hello(self) -> None:
        assert folded(Model(), hello(ahead=4000)).connection.clock_ahead_ms == 4000

    def test_a_snapshot_of_many_frames_is_complete_with_the_last(self) -> None:
        state = folded(Model(), hello(), welcome(), snapshot(conversation(id="C1"), more=True))
        assert not state.connection.is_complete
        state = folded(state, snapshot(conversation(id="C2")))
        assert state.connection.is_complete
        assert set(state.conversations.by_id) == {"C1", "C2"}

    def test_a_snapshot_cut_off_in_the_middle_is_forgotten_by_the_next(self) -> None:
        state = folded(Model(), hello(), welcome(), snapshot(conversation(id="C1"), more=True))
        state = folded(state, hello(), welcome(), snapshot(conversation(id="C2")))
        assert set(state.conversations.by_id) == {"C2"}

    def test_a_second_snapshot_replaces_the_first_and_says_so(self) -> None:
        state = folded(started(), hello(9), welcome(), snapshot(conversation(id="C2"), position=9))
        assert set(state.conversations.by_id) == {"C2"}
        assert state.notices.current is not None and "started afresh" in state.notices.current.words
        assert state.notices.current.is_of_return

    def test_the_first_snapshot_says_nothing(self) -> None:
        assert started().notices.current is None


class TestResume:
    @pytest.mark.parametrize(
        ("tail", "words"),
        [
            ([], "back: nothing missed"),
            ([6], "back: 1 event caught up"),
            ([6, 8, 9], "back: 3 events caught up"),
        ],
    )
    def test_it_says_how_much_was_caught_up(self, tail: list[int], words: str) -> None:
        state = folded(started(), hello(tail[-1] if tail else 5), welcome(resumed=True))
        for number in tail:
            assert state.notices.current is None
            state = folded(state, fact(number, events.AgentChanged(BEN)))
        assert state.notices.current == Notice(words, is_of_return=True)
        assert state.connection.catch_up_to is None

    def test_what_comes_later_is_not_counted(self) -> None:
        state = folded(started(), hello(6), welcome(resumed=True), fact(6, events.AgentChanged(BEN)))
        state = clear_notice(state)
        assert folded(state, fact(7, events.AgentChanged(BEN))).notices.current is None


class TestRows:
    def test_an_event_carries_the_new_row(self) -> None:
        view = conversation(version=2, unread=1, waiting_since=AT)
        state = folded(started(), fact(6, events.MessageReceived(view, message(id="M2"))))
        assert state.conversations.by_id["C1"] == view
        assert state.connection.position == 6

    def test_an_older_version_changes_nothing(self) -> None:
        state = folded(started(), fact(6, events.ConversationRead(conversation(version=3, unread=0))))
        state = folded(state, fact(7, events.ConversationRead(conversation(version=2, unread=9))))
        assert state.conversations.by_id["C1"].unread == 0

    def test_an_opt_out_reaches_every_conversation_of_the_consumer(self) -> None:
        views = [conversation(id="C1"), conversation(id="C2"), conversation(id="C3", consumer="+1555")]
        state = folded(Model(), hello(), welcome(), snapshot(*views))
        told = fact(6, events.ConsentChanged(CONSUMER, True, "keyword STOP", None))
        assert sorted(changed_rows(state, told)) == ["C1", "C2"]
        state = folded(state, told)
        assert [state.conversations.by_id[name].opted_out for name in ("C1", "C2", "C3")] == [True, True, False]

    def test_my_own_presence_is_followed(self) -> None:
        away = replace(ANN, presence="away")
        state = folded(started(), fact(6, events.AgentChanged(away)))
        assert state.agents.me == away

    def test_accounts_replace_one_another(self) -> None:
        account = AccountView("main", "twilio", "ok", "", None, None, 0, 0, None, 0, 0, True)
        assert folded(started(), frames.AccountsFrame([account]), frames.AccountsFrame([])).providers.accounts == ()

    def test_unchanged_parts_stay_the_same_objects(self) -> None:
        before = opened()
        after = folded(before, frames.AccountsFrame([]))
        assert after.conversations is before.conversations
        assert after.transcript is before.transcript


class TestTranscript:
    def test_history_fills_it(self) -> None:
        state = opened()
        assert shown(state) == ["M1"]
        assert state.transcript is not None and state.transcript.has_older and not state.transcript.is_loading

    def test_a_message_of_its_consumer_is_appended_and_no_other(self) -> None:
        other = conversation(id="C9", consumer="+1777")
        state = folded(
            opened(),
            fact(6, events.MessageReceived(conversation(version=2), message(id="M2"))),
            fact(7, events.MessageReceived(other, message(id="M3", conversation_id="C9", consumer="+1777"))),
        )
        assert shown(state) == ["M1", "M2"]

    def test_the_next_conversation_of_a_consumer_continues_the_transcript(self) -> None:
        view = conversation(id="C2", line="12345")
        state = folded(opened(), fact(6, events.MessageReceived(view, message(id="M2", conversation_id="C2"))))
        assert shown(state) == ["M1", "M2"]

    def test_older_messages_come_above(self) -> None:
        state = pending.asked(opened(), "h2", requests.GetHistory("C1", before="M1"), AT)
        state = folded(state, frames.AnswerFrame("h2", answers.History([message(id="M0")], more=False)))
        assert shown(state) == ["M0", "M1"]
        assert state.transcript is not None and not state.transcript.has_older

    def test_after_a_fresh_snapshot_the_next_first_page_replaces_what_may_have_gaps(self) -> None:
        state = folded(opened(), hello(9), welcome(), snapshot(conversation(), position=9))
        assert state.transcript is not None and state.transcript.is_stale
        state = pending.asked(state, "h2", requests.GetHistory("C1"), AT)
        state = folded(state, frames.AnswerFrame("h2", answers.History([message(id="M7")], more=True)))
        assert shown(state) == ["M7"]

    def test_an_older_page_that_fits_nothing_shown_is_left_out(self) -> None:
        state = pending.asked(opened(), "h2", requests.GetHistory("C1", before="M1"), AT)
        state = folded(state, hello(9), welcome(), snapshot(conversation(), position=9))
        state = pending.asked(state, "h3", requests.GetHistory("C1"), AT)
        state = folded(
            state,
            frames.AnswerFrame("h3", answers.History([message(id="M7")], more=True)),
            frames.AnswerFrame("h2", answers.History([message(id="M0")], more=False)),
        )
        assert shown(state) == ["M7"]

    def test_a_status_moves_its_message_with_the_reason_that_belongs_to_it(self) -> None:
        state = folded(opened(), fact(6, events.ReplyWritten(conversation(version=2), reply(id="M2"))))
        state = folded(
            state,
            fact(7, events.StatusMoved("C1", "M2", 2, "uncertain", AT + 1, "408", "no answer came")),
            fact(8, events.StatusMoved("C1", "M2", 2, "undelivered", AT + 2, "30005", "unknown", is_unsettled=True)),
        )
        assert state.transcript is not None
        moved = state.transcript.messages[-1]
        assert (moved.status, moved.status_at, moved.code, moved.words) == ("undelivered", AT + 2, "30005", "unknown")
        assert moved.is_unsettled
        state = folded(state, fact(9, events.StatusMoved("C1", "M2", 2, "delivered", AT + 3, None, None)))
        assert state.transcript is not None
        moved = state.transcript.messages[-1]
        assert (moved.status, moved.code, moved.words, moved.is_unsettled) == ("delivered", None, None, False)

    def test_messages_from_every_address_of_a_person_are_one_transcript(self) -> None:
        old, new = "+5491123456789", "+541123456789"
        view = conversation(consumer=old, person=new)
        state = folded(opened(view), fact(6, events.MessageReceived(view, message(id="M2", consumer=old, person=new))))
        view = conversation(consumer=new, version=2)
        state = folded(state, fact(7, events.MessageReceived(view, message(id="M3", consumer=new))))
        assert shown(state)[-2:] == ["M2", "M3"]

    @given(st.permutations([1, 2, 3, 4, 5]), st.lists(st.sampled_from([1, 2, 3, 4, 5])))
    def test_in_whatever_order_and_how_often_messages_come_they_stand_once_and_by_id(
        self, order: list[int], again: list[int]
    ) -> None:
        state = opened()
        for position, number in enumerate([*order, *again], start=6):
            view = conversation(version=position)
            state = folded(state, fact(position, events.MessageReceived(view, message(id=f"M{number}"))))
        assert shown(state) == ["M1", "M2", "M3", "M4", "M5"]


class TestReply:
    def pressed(self, text: str = "hi there") -> Model:
        state = drafted(opened(), "C1", text)
        return pending.asked(state, "r1", requests.Reply("C1", text), AT)

    def test_it_is_pale_at_once_and_its_draft_is_gone(self) -> None:
        state = self.pressed()
        assert [body.text for _, body in pending.pending_replies(state)] == ["hi there"]
        assert "C1" not in state.compose.drafts

    @pytest.mark.parametrize("order", ["answer first", "event first"])
    def test_it_is_shown_once_whichever_comes_first(self, order: str) -> None:
        answer = frames.AnswerFrame("r1", answers.Written("M2"))
        event = fact(6, events.ReplyWritten(conversation(version=2), reply(id="M2", text="hi there")))
        first, second = (answer, event) if order == "answer first" else (event, answer)
        state = self.pressed()
        for frame in (first, second):
            state = folded(state, frame)
            assert shown(state) == ["M1", "M2"]
            assert pending.pending_replies(state) == ()
        assert pending.unanswered_texts(state) == ()

    def test_an_event_alone_does_not_end_its_being_under_way(self) -> None:
        event = fact(6, events.ReplyWritten(conversation(version=2), reply(id="M2", text="hi there")))
        assert len(pending.unanswered_texts(folded(self.pressed(), event))) == 1

    def test_two_equal_replies_stay_two(self) -> None:
        state = pending.asked(self.pressed(), "r2", requests.Reply("C1", "hi there"), AT + 1)
        event = fact(6, events.ReplyWritten(conversation(version=2), reply(id="M2", text="hi there")))
        state = folded(state, event)
        assert [ask.id for ask, _ in pending.pending_replies(state)] == ["r2"]

    def test_a_refusal_puts_the_draft_back_with_the_core_s_words(self) -> None:
        state = folded(self.pressed(), frames.Refusal("r1", RefusalCode.OPTED_OUT, "They have opted out."))
        assert state.compose.drafts["C1"] == "hi there"
        assert (
            state.notices.current is not None
            and state.notices.current.is_error
            and "They have opted out." in state.notices.current.words
        )
        assert pending.pending_replies(state) == ()

    def test_a_refusal_does_not_cost_what_was_written_since(self) -> None:
        state = drafted(self.pressed(), "C1", "and more")
        state = folded(state, frames.Refusal("r1", RefusalCode.TOO_LONG, "Too long."))
        assert state.compose.drafts["C1"] == "hi there\nand more"

    def test_what_was_written_meanwhile_is_shown_and_sending_again_says_it_was_seen(self) -> None:
        newer = message(id="M2", seq=2, text="wait, another thing")
        words = "The consumer has written since you last looked. Read it, then send again."
        state = folded(self.pressed(), frames.Refusal("r1", RefusalCode.STALE, words, messages=[newer]))
        assert shown(state) == ["M1", "M2"]
        assert state.compose.drafts["C1"] == "hi there"
        assert state.notices.current is not None and words in state.notices.current.words
        assert writing.reply(state, "hi there") == requests.Reply("C1", "hi there", [], 2)

    def test_what_was_written_meanwhile_elsewhere_is_left_to_its_own_transcript(self) -> None:
        elsewhere = replace(self.pressed(), transcript=None)
        state = folded(
            elsewhere, frames.Refusal("r1", RefusalCode.STALE, "Read it.", messages=[message(id="M2", seq=2)])
        )
        assert state.transcript is None and state.compose.drafts["C1"] == "hi there"

    def test_after_a_hold_that_is_over_it_says_how_to_go_on(self) -> None:
        state = folded(self.pressed(), frames.Refusal("r1", RefusalCode.HOLD_OVER, "It is not yours any more."))
        assert (
            state.notices.current is not None
            and "accepts it again, and sends your draft" in state.notices.current.words
        )
        view = state.conversations.by_id["C1"]
        assert writing.reply(state, "hi there") == requests.Reply("C1", "hi there", [], 1, accept=True)
        assert actions.accept(state, view) == requests.Accept("C1")
        state = folded(state, fact(6, events.ConversationAssigned(conversation(version=2))))
        assert isinstance(writing.reply(state, "hi there"), requests.Reply)

    @pytest.mark.parametrize("first", ["answer", "event"])
    def test_an_undone_reply_is_a_draft_again(self, first: str) -> None:
        sent = reply(id="M2", seq=2, text="oops")
        state = folded(opened(), fact(6, events.ReplyWritten(conversation(version=2), sent)))
        state = pending.asked(drafted(state, "C1", "and"), "t", requests.UndoReply("M2"), AT)
        answer = frames.AnswerFrame("t", answers.Done())
        event = fact(
            7, events.ReplyUndone(conversation(version=3, waiting_since=AT), replace(sent, status="withdrawn"))
        )
        state = folded(state, *((answer, event) if first == "answer" else (event, answer)))
        assert state.compose.drafts["C1"] == "oops\nand"
        assert state.transcript is not None and state.transcript.messages[-1].status == "withdrawn"
        assert len(shown(state)) == 2 and not state.compose.undoing

    def test_an_undone_reply_that_is_shown_masked_is_a_draft_as_it_was_typed(self) -> None:
        state = pending.asked(opened(), "r", requests.Reply("C1", "4242 4242 4242 4242"), AT)
        sent = reply(id="M2", seq=2, text="████ ████ ████ 4242", masked=["card"])
        state = folded(state, fact(6, events.ReplyWritten(conversation(version=2), sent)))
        assert len(shown(state)) == 2  # it is the pending one
        state = folded(state, frames.AnswerFrame("r", answers.Written("M2")))
        state = pending.asked(state, "t", requests.UndoReply("M2"), AT)
        state = folded(state, frames.AnswerFrame("t", answers.Done()))
        assert state.compose.drafts["C1"] == "4242 4242 4242 4242"

    def test_a_masked_text_is_never_a_draft(self) -> None:
        sent = reply(id="M2", seq=2, text="████ ████ ████ 4242", masked=["card"])
        state = folded(opened(), fact(6, events.ReplyWritten(conversation(version=2), sent)))
        state = pending.asked(state, "t", requests.UndoReply("M2"), AT)
        state = folded(state, frames.AnswerFrame("t", answers.Done()))
        assert not state.compose.drafts
        assert state.notices.current is not None and "masked" in state.notices.current.words

    def test_one_that_has_left_is_not_drafted_again(self) -> None:
        state = folded(opened(), fact(6, events.ReplyWritten(conversation(version=2), reply(id="M2", seq=2))))
        state = pending.asked(state, "t", requests.UndoReply("M2"), AT)
        state = folded(state, frames.Refusal("t", RefusalCode.TOO_LATE, "It has been sent already."))
        assert not state.compose.drafts and not state.compose.undoing
        assert state.notices.current is not None and state.notices.current.words == "It has been sent already."

    def test_it_stays_under_way_over_a_fresh_snapshot(self) -> None:
        state = folded(self.pressed(), hello(9), welcome(), snapshot(conversation(), position=9))
        assert len(pending.unanswered_texts(state)) == 1


def test_a_draft_belongs_to_its_conversation() -> None:
    left = compose.set_draft(compose.set_draft(ComposeState(), "C1", "one"), "C2", "two")
    assert dict(left.drafts) == {"C1": "one", "C2": "two"}
    assert dict(compose.set_draft(left, "C1", "").drafts) == {"C2": "two"}


def test_a_refused_read_mark_raises_no_notice() -> None:
    state = pending.asked(started(), "q", requests.MarkRead("C1"), AT)
    assert folded(state, frames.Refusal("q", RefusalCode.NOT_OWNER, "Not yours.")).notices.current is None


class TestTheNextConversation:
    NEW = conversation(id="C2", state="queued", agent=None)

    def test_of_those_looked_at_is_followed_once_the_old_one_is_closed(self) -> None:
        closed = conversation(state="closed", version=9)
        state = folded(opened(), fact(6, events.ConversationClosed(closed, "agent:ann")))
        state = folded(state, fact(7, events.ConversationQueued(self.NEW)))
        assert state.transcript is not None and state.transcript.conversation_id == "C2"
        assert state.notices.current is not None and state.notices.current.words == "They have written again."

    def test_is_not_while_the_old_one_is_open_or_another_line_is_theirs(self) -> None:
        state = folded(opened(), fact(6, events.ConversationQueued(self.NEW)))
        assert state.transcript is not None and state.transcript.conversation_id == "C1"
        closed = conversation(state="closed", version=9)
        elsewhere = replace(self.NEW, line="+15550177")
        state = folded(
            opened(),
            fact(6, events.ConversationClosed(closed, "agent:ann")),
            fact(7, events.ConversationQueued(elsewhere)),
        )
        assert state.transcript is not None and state.transcript.conversation_id == "C1"


ANY = conversation(version=2, reason="moved")
LATER = ScheduledView("L1", "C1", "ann", "later", AT + 60_000, AT)
EVERY_ROW: list[events.Event] = [
    events.ConversationQueued(ANY),
    events.ConversationRang(ANY),
    events.ConversationAssigned(ANY, ["ben"]),
    events.ConversationTransferred(ANY, "ann", "orders", None),
    events.ConversationTakenOver(ANY, "ben", "ann"),
    events.ConversationJoined(ANY, "ben"),
    events.ConversationLeft(ANY, "ben"),
    events.DueSet(ANY, "ann"),
    events.DueSoon(ANY),
    events.Overdue(ANY),
    events.WrapUpBegan(ANY),
    events.ConversationReopened(ANY, "ann"),
    events.NoteWritten(ANY, message(id="M2", direction="note", author="ben")),
    events.ReplyUndone(ANY, reply(id="M2", status="withdrawn")),
    events.ConversationRead(ANY),
    events.ConversationUnread(ANY, "ann"),
    events.ConversationClosed(ANY, "ann"),
    events.TagsSet(ANY, "ann"),
    events.ReplyScheduled(ANY, LATER),
    events.ScheduleEnded(ANY, LATER, "held_back", words="They have written since."),
    events.ConversationSnoozed(ANY, "ann"),
    events.SnoozeEnded(ANY),
    events.ConversationUpdated(ANY),
    events.ConsentChanged(ANY.consumer, ANY.opted_out, "reads like an opt-out", "C1", ANY),
    events.MessageReceived(ANY, message(id="M2")),
    events.ReplyWritten(ANY, reply(id="M2")),
    events.SendFailed(ANY, reply(id="M2", status="failed", is_unsettled=True)),
    events.SendArrived(ANY, reply(id="M2", status="delivered")),
]


@pytest.mark.parametrize("body", EVERY_ROW, ids=lambda body: type(body).__name__)
def test_every_event_of_a_conversation_is_folded_into_its_row_and_its_message_into_the_transcript(
    body: events.Event,
) -> None:
    told = fact(6, body)
    assert list(changed_rows(opened(), told)) == ["C1"]
    state = folded(opened(), told)
    assert state.conversations.by_id["C1"] == ANY
    assert shown(state) == (["M1", "M2"] if hasattr(body, "message") else ["M1"])


def test_no_event_of_a_conversation_is_forgotten() -> None:
    of_a_row = {kind for kind in get_args(events.Event) if "conversation" in kind.__struct_fields__}
    assert {type(body) for body in EVERY_ROW} == of_a_row


def test_the_settings_of_the_core_are_stored() -> None:
    told = frames.Welcome(ANN, False, [], 1600, True, ["lunch"], ["solved"])
    state = folded(Model(), hello(), told)
    assert (state.agents.is_lead, state.settings.away_reasons, state.settings.outcomes) == (
        True,
        ("lunch",),
        ("solved",),
    )


@pytest.mark.parametrize(
    "wish",
    [
        requests.WriteNote("C1", "my note"),
        requests.GiveBack("C1", "my note"),
        requests.Transfer("C1", "orders", None, "my note"),
        requests.Close("C1", "", "my note"),
    ],
)
def test_a_note_the_core_did_not_take_is_proposed_again(wish: requests.Request) -> None:
    state = pending.asked(started(), "n", wish, AT)
    state = folded(state, frames.Refusal("n", RefusalCode.WOULD_STRAND, "Nobody is there."))
    assert dict(state.compose.notes) == {"C1": "my note"}


def test_signing_off_is_followed_to_its_end() -> None:
    state = pending.asked(started(), "s", requests.SignOff([requests.SignOffChoice("C1", "return")]), AT)
    assert state.agents.sign_off == PendingSignOff()
    refused = folded(state, frames.Refusal("s", RefusalCode.LEFT_BEHIND, "One is left."))
    assert refused.agents.sign_off == PendingSignOff(refusal="One is left.")
    assert folded(state, frames.AnswerFrame("s", answers.Done())).agents.sign_off == PendingSignOff(is_done=True)


def test_targets_and_reasons_are_of_the_conversation_asked_for() -> None:
    state = pending.asked(started(), "t", requests.GetTargets("C1"), AT)
    assert state.fetched.targets == TransferTargets("C1")
    found = answers.Targets([], [])
    assert folded(state, frames.AnswerFrame("t", found)).fetched.targets == TransferTargets("C1", found)
    assert folded(state, frames.Refusal("t", "x", "no")).fetched.targets == TransferTargets("C1", None, "no")
    state = pending.asked(state, "e", requests.Explain("C1"), AT)
    why = answers.Explained(1, "because", [], [], [])
    state = folded(state, frames.AnswerFrame("e", why))
    assert state.fetched.explanation == Explanation("C1", why)
    assert pending.asked(state, "e2", requests.Explain("C1"), AT).fetched.explanation == Explanation("C1", why), (
        "until the next"
    )
