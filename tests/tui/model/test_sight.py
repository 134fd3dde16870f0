"""Conversations that come into the agent's sight and go out of it, and snapshots in pages with events between them."""

from __future__ import annotations

from msgspec.structs import replace

from connector.wire import answers, events, frames, requests
from connector.wire.refusals import RefusalCode
from connector.wire.views import ConversationView
from tests.kit.models import drafted
from tests.kit.views import ANN, AT, BEN, conversation, fact, hello, message, snapshot, welcome
from tui.model import others, pending, snapshots, transcripts
from tui.model.conversations import open_conversation
from tui.model.fold import changed_rows, fold
from tui.model.state import LinkPhase, Model

ONE, TWO = conversation(id="C1"), conversation(id="C2", consumer="+15550177", state="queued", agent=None)
HIDDEN = events.ConversationHidden("C1")


def folded(model: Model, *came: frames.FromCore) -> Model:
    for frame in came:
        model = fold(model, frame, AT)
    return model


def linked(model: Model) -> Model:
    return replace(model, connection=replace(model.connection, phase=LinkPhase.LINKED))


def opened() -> Model:
    """Ann's desk with C1 open and C2 in the queue."""
    model = folded(Model(), hello(5), welcome(), snapshot(ONE, TWO, position=5))
    model = pending.asked(transcripts.show(linked(model), "C1"), "h", requests.GetHistory("C1"), AT)
    return folded(model, frames.AnswerFrame("h", answers.History([message()], more=False)))


def words(model: Model) -> str:
    return model.notices.current.words if model.notices.current else ""


class TestHidden:
    def test_its_row_goes_and_nothing_else(self) -> None:
        model = opened()
        assert list(changed_rows(model, fact(6, events.ConversationHidden("C2")))) == ["C2"]
        model = folded(model, fact(6, events.ConversationHidden("C2")))
        assert set(model.conversations.by_id) == {"C1"}
        assert model.transcript is not None and model.conversations.gone is None
        assert model.connection.position == 6

    def test_the_open_one_is_shown_as_gone_without_its_texts_and_its_draft_is_kept(self) -> None:
        model = folded(drafted(opened(), "C1", "I looked into it"), fact(6, HIDDEN))
        assert open_conversation(model) is None and model.transcript is None
        assert model.conversations.gone is not None and model.conversations.gone.id == "C1"
        assert model.compose.drafts["C1"] == "I looked into it"
        assert "you no longer see it" in words(model)

    def test_it_comes_back_with_its_draft(self) -> None:
        model = folded(drafted(opened(), "C1", "I looked into it"), fact(6, HIDDEN))
        model = folded(model, fact(7, events.ConversationAssigned(replace(ONE, version=4))))
        assert model.transcript is not None and model.transcript.conversation_id == "C1"
        assert model.transcript.is_loading and model.conversations.gone is None
        assert words(model) == "It is in your sight again, with your draft."

    def test_it_does_not_come_back_over_what_the_agent_has_opened_since(self) -> None:
        model = transcripts.show(folded(opened(), fact(6, HIDDEN)), "C2")
        model = folded(model, fact(7, events.ConversationAssigned(replace(ONE, version=4))))
        assert model.transcript is not None and model.transcript.conversation_id == "C2"

    def test_what_this_desk_has_moved_away_itself_raises_no_alarm(self) -> None:
        model = pending.asked(opened(), "t", requests.Transfer("C1", "orders"), AT)
        assert words(folded(model, fact(6, HIDDEN))) == ""

    def test_a_reply_that_came_too_late_is_a_draft_again(self) -> None:
        model = pending.asked(opened(), "r", requests.Reply("C1", "on its way"), AT)
        refusal = frames.Refusal("r", RefusalCode.UNKNOWN_CONVERSATION, "There is no such conversation.")
        model = folded(model, fact(6, HIDDEN), refusal)
        assert model.compose.drafts["C1"] == "on its way"
        assert words(model) == "Not sent: There is no such conversation. Your text is kept as a draft."

    def test_one_that_is_not_here_changes_nothing(self) -> None:
        model = opened()
        after = folded(model, fact(6, events.ConversationHidden("C9")))
        assert after.conversations is model.conversations and after.connection.position == 6


class TestPositions:
    def test_it_ends_the_wait_for_what_was_missed(self) -> None:
        model = folded(opened(), hello(9), welcome(resumed=True))
        model = replace(model, connection=replace(model.connection, is_quiet=False))
        model = folded(model, fact(7, events.AgentChanged(BEN)), frames.PositionFrame(9))
        assert words(model) == "back: 1 event caught up"
        assert (model.connection.position, model.connection.catch_up_to) == (9, None)

    def test_it_never_goes_back(self) -> None:
        assert folded(opened(), frames.PositionFrame(9), frames.PositionFrame(8)).connection.position == 9


class TestSnapshotInPages:
    def test_lists_are_usable_from_the_first_frame_of_a_core_that_sends_the_agent_s_own_first(self) -> None:
        told = replace(welcome(), role="agent")
        model = folded(Model(), hello(), told, snapshot(ONE, more=True))
        assert model.connection.has_lists and not model.connection.is_complete
        assert not folded(Model(), hello(), welcome(), snapshot(ONE, more=True)).connection.has_lists

    def test_a_later_page_does_not_undo_an_event_that_came_before_it(self) -> None:
        closed = replace(TWO, state="closed", version=3)
        model = folded(
            Model(),
            hello(5),
            welcome(),
            snapshot(ONE, TWO, more=True, position=5),
            fact(6, events.ConversationClosed(closed, "ben")),
            snapshot(TWO, conversation(id="C3"), position=7),
        )
        assert model.conversations.by_id["C2"] == closed
        assert set(model.conversations.by_id) == {"C1", "C2", "C3"}
        assert model.connection.is_complete and model.connection.position == 7

    def test_what_happens_meanwhile_is_no_event_that_was_missed(self) -> None:
        model = folded(opened(), hello(9), welcome(), snapshot(ONE, more=True, position=8))
        model = folded(model, fact(9, events.AgentChanged(BEN)))
        assert words(model) == ""

    def test_the_open_conversation_stays_in_sight_until_a_page_has_it(self) -> None:
        model = folded(opened(), hello(9), welcome(), snapshot(TWO, more=True, position=8))
        assert open_conversation(model) == ONE
        older = replace(ONE, version=0, reason="of another store")
        model = folded(model, snapshot(older, position=9))
        assert open_conversation(model) == older
        assert model.transcript is not None and model.transcript.is_stale


class TestLeftOut:
    """The open conversation is a colleague's by now, or closed, and the snapshot has it only as a number."""

    def resynced(self, view: ConversationView = ONE) -> Model:
        model = drafted(opened(), "C1", "half a sentence")
        model = folded(model, fact(6, events.ConversationRead(view))) if view is not ONE else model
        return folded(model, hello(9), welcome(), frames.SnapshotFrame(9, False, [ANN, BEN], [TWO], {"ben": 7}))

    def answered(self, model: Model, found: ConversationView | None) -> Model:
        wanted = snapshots.look_up(model)
        assert wanted == requests.GetConversation("C1")
        model = pending.asked(model, "l", wanted, AT)
        if found is None:
            return folded(model, frames.Refusal("l", "unknown_conversation", "There is no such conversation."))
        return folded(model, frames.AnswerFrame("l", answers.FoundConversation(found)))

    def test_it_is_asked_for_and_shown_as_it_is(self) -> None:
        bens = replace(ONE, agent="ben", version=0)
        model = self.answered(self.resynced(), bens)
        assert open_conversation(model) == bens
        assert snapshots.look_up(model) is None and not model.others.is_complete
        assert others.total(model) == 1 + 7, "it is one of those that were left out"

    def test_it_has_gone_out_of_sight_when_the_core_does_not_have_it(self) -> None:
        model = self.answered(self.resynced(), None)
        assert open_conversation(model) is None and "C1" not in model.conversations.by_id
        assert model.conversations.gone is not None and model.compose.drafts["C1"] == "half a sentence"
        assert words(model) == "", "the list says it"

    def test_one_that_has_been_closed_stays_and_is_none_of_those_that_were_left_out(self) -> None:
        closed = replace(ONE, state="closed", closed_at=1, version=2)
        model = self.answered(self.resynced(closed), closed)
        assert open_conversation(model) == closed and others.total(model) == 2 + 7

    def test_a_closed_one_is_left_without_a_word(self) -> None:
        model = self.answered(self.resynced(replace(ONE, state="closed", version=2)), None)
        assert model.transcript is None and model.conversations.gone is None

    def test_where_nothing_is_left_out_nothing_is_asked(self) -> None:
        model = folded(opened(), hello(9), welcome(), snapshot(TWO, position=9))
        assert snapshots.look_up(model) is None and model.conversations.gone is not None


class TestRights:
    def test_other_rights_are_said_once_the_lists_are_here(self) -> None:
        changed = replace(welcome(), rights="fewer", role="agent")
        model = folded(opened(), hello(9), changed, snapshot(ONE, position=9))
        assert words(model) == "You are an agent now. Your rights have changed: the lists have what you may see now."

    def test_another_role_alone_is_said_when_the_desk_has_caught_up(self) -> None:
        model = folded(opened(), hello(5), replace(welcome(resumed=True), role="lead", position=5))
        assert words(model) == "You are a lead now." and model.agents.is_lead

    def test_a_connection_that_the_core_asked_for_is_not_spoken_of(self) -> None:
        assert words(folded(opened(), hello(5), welcome(resumed=True))) == ""
        assert words(folded(opened(), hello(9), welcome(), snapshot(ONE, position=9))) == ""

    def test_an_older_core_says_who_leads_and_decides_about_the_rest(self) -> None:
        leads = folded(Model(), hello(), frames.Welcome(ANN, False, [], 1600, is_lead=True))
        assert leads.agents.is_lead
        assert not folded(Model(), hello(), welcome()).agents.is_lead
