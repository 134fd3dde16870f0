"""Changes of a conversation."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import asdict, replace

from connector.domain import transitions
from connector.domain.account import Line
from connector.domain.conversation import Conversation, ConversationState, DueRule
from connector.domain.due import Deadline, PendingAnswer
from connector.domain.load import weight
from connector.domain.message import Direction
from connector.domain.skill_rules import SkillRules
from tests.kit.stores import message, reply

RULES = SkillRules()
NEW = transitions.opened("c1", Line("+15550100", "main", "orders", "poster"), "+15550199", "US", now=1000)
ASKED = transitions.with_inbound(NEW, message(seq=1, at=1000, text="Hello"), Deadline(901_000, DueRule.RESPONSE))
ANNS = transitions.assigned(ASKED, "ann", "free", 2000)
ANSWERED = transitions.with_reply(ANNS, reply(seq=2, at=3000, text="Hi"), RULES)
RINGING = transitions.ringing(ASKED, ("ann", "bob"), 9000, "rings")
WRAP_UP = transitions.in_wrap_up(replace(ANNS, joined=("lea",)), 9000, "ann")
CLOSED = transitions.closed(ANNS, 4000, "closed by ann", by="ann", outcome="sold")

CHANGES: dict[str, Callable[[Conversation], Conversation]] = {
    "inbound": lambda one: transitions.with_inbound(one, message(seq=9, at=9000), Deadline(10_000, DueRule.RESPONSE)),
    "a consent keyword": lambda one: transitions.with_inbound(one, message(seq=9, at=9000), None),
    "reply": lambda one: transitions.with_reply(one, reply(seq=9, at=9000), RULES),
    "earlier reply": lambda one: transitions.with_earlier_reply(one, reply(seq=9, at=9000), 5000),
    "reply undone": lambda one: transitions.without_reply(one, message(), None),
    "note": lambda one: transitions.with_note(one, message(seq=9)),
    "assigned": lambda one: transitions.assigned(one, "bob", "free", 9000),
    "ringing": lambda one: transitions.ringing(one, ("bob",), 10_000, "rings"),
    "queued": lambda one: transitions.queued(one, 9000, "back", returned_by="ann"),
    "ring missed": lambda one: transitions.ring_missed(one, ("bob",), "declined", 9000),
    "another reason": lambda one: transitions.with_reason(one, "full"),
    "transferred": lambda one: transitions.transferred(one, "refunds", "ann", None, 9000),
    "read": transitions.read,
    "in wrap-up": lambda one: transitions.in_wrap_up(one, 10_000, "ann"),
    "closed": lambda one: transitions.closed(one, 9000, "over"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_every_change_is_a_new_version_of_the_same_conversation(
    change: Callable[[Conversation], Conversation],
) -> None:
    for before in (ASKED, ANNS, ANSWERED, RINGING, WRAP_UP, CLOSED):
        after = change(before)
        assert after.version == before.version + 1
        for fixed in ("id", "account", "line", "consumer", "opened_at", "entry_point"):
            assert asdict(after)[fixed] == asdict(before)[fixed]


def test_opened() -> None:
    assert (NEW.state, NEW.skill, NEW.entry_point, NEW.queued_at) == (
        ConversationState.QUEUED,
        "orders",
        "poster",
        1000,
    )


def test_the_oldest_unanswered_text_is_what_waits() -> None:
    assert (ASKED.waiting_since, ASKED.due_at, ASKED.unread) == (1000, 901_000, 1)
    again = transitions.with_inbound(ASKED, message(seq=2, at=5000), Deadline(905_000, DueRule.RESPONSE))
    assert (again.waiting_since, again.due_at, again.unread, again.last_at) == (1000, 905_000, 2, 5000)
    found_late = transitions.with_inbound(ASKED, message(seq=2, at=400), Deadline(900_400, DueRule.RESPONSE))
    assert (found_late.waiting_since, found_late.last_at) == (400, 1000)


def test_a_consent_keyword_needs_no_answer() -> None:
    word = transitions.with_inbound(NEW, message(seq=1, at=1000, text="STOP"), None)
    assert (word.waiting_since, word.due_at, word.unread, word.last_text) == (None, None, 1, "STOP")


def test_a_reply_answers_and_lowers_the_weight() -> None:
    assert (ANSWERED.waiting_since, ANSWERED.due_at, ANSWERED.unread) == (None, None, 0)
    assert ANSWERED.last_direction is Direction.REPLY
    assert [weight(ANSWERED, 3000 + after * 1000) for after in (0, 240)] == [1000, 100]


@pytest.mark.parametrize(("waited_s", "light"), [(7200, 1000), (7201, 100)])
def test_a_late_reply_lowers_the_weight_at_once(waited_s: int, light: int) -> None:
    now = 1000 + waited_s * 1000
    assert weight(transitions.with_reply(ANNS, reply(at=now), RULES), now) == light


def test_an_undone_reply_leaves_the_state_before_it() -> None:
    owed = PendingAnswer(1000, Deadline(901_000, DueRule.RESPONSE))
    back = transitions.without_reply(ANSWERED, message(at=1000, text="Hello"), owed)
    for field in ("waiting_since", "due_at", "due_by", "last_at", "last_text", "last_direction", "idle_since"):
        assert asdict(back)[field] == asdict(ANNS)[field], field


def test_the_only_reply_undone_leaves_no_preview() -> None:
    started = transitions.with_reply(
        transitions.assigned(NEW, "ann", "texted first", 1000), reply(seq=1, at=3000), RULES
    )
    back = transitions.without_reply(started, None, None)
    assert (back.last_text, back.last_at, back.waiting_since) == ("", 1000, None)


def test_previews_are_short() -> None:
    assert transitions.with_inbound(NEW, message(text="é" * 5000), None).last_text == "é" * 160


def test_a_note_changes_nothing_but_its_number() -> None:
    noted = transitions.with_note(ANNS, message(seq=7))
    assert replace(noted, last_seq=ANNS.last_seq, version=ANNS.version) == ANNS


def test_assignment_clears_what_came_before() -> None:
    rung = replace(RINGING, tried=("cid",), returned_by="dan", handed_by="eve", joined=("lea", "bob"))
    taken = transitions.assigned(rung, "bob", "took it", 5000)
    assert (taken.agent, taken.assigned_at, taken.queued_at) == ("bob", 5000, None)
    assert (taken.rings, taken.ring_until, taken.tried, taken.returned_by, taken.handed_by) == (
        (),
        None,
        (),
        None,
        None,
    )
    assert taken.joined == ("lea",)  # who owns it need not join it
    again = transitions.assigned(CLOSED, "bob", "reopened", 5000)
    assert (again.closed_at, again.closed_by, again.outcome) == (None, None, "")


def test_missed_rings_are_recorded_once_and_in_order() -> None:
    passed = transitions.ring_missed(transitions.ring_missed(RINGING, ("bob",), "-", 1), ("bob", "ann"), "-", 2)
    assert passed.again_at == 2
    assert (passed.tried, passed.rings, passed.ring_until, passed.state) == (("bob", "ann"), (), None, "queued")
    assert passed.queued_at == RINGING.queued_at  # it has waited since then


def test_a_transfer_to_another_skill_sets_its_due_time_and_full_weight() -> None:
    moved = transitions.transferred(ANNS, "refunds", "ann", Deadline(7000, DueRule.RESPONSE), 5000)
    assert (moved.skill, moved.state, moved.agent, moved.queued_at) == ("refunds", "queued", None, 5000)
    assert (moved.handed_by, moved.tried, moved.moves, moved.due_at) == ("ann", ("ann",), 1, 7000)
    quiet = transitions.transferred(ANSWERED, "refunds", "ann", Deadline(7000, DueRule.RESPONSE), 5000)
    assert (quiet.due_at, weight(quiet, 10**9)) == (None, 1000)


def test_a_transfer_within_a_skill_leaves_the_due_time() -> None:
    assert transitions.transferred(ANNS, "orders", "ann", None, 5000).due_at == ANNS.due_at


def test_closing_clears_everything_but_the_owner_and_what_was_unread() -> None:
    for ended in (CLOSED, WRAP_UP):
        assert (ended.agent, ended.unread) == ("ann", 1)
        assert (ended.waiting_since, ended.due_at, ended.reminder_at) == (None, None, None)
    assert (CLOSED.queued_at, CLOSED.closed_at, CLOSED.closed_by) == (None, 4000, "ann")
    assert CLOSED.outcome == "sold"
    done = transitions.closed(WRAP_UP, 9000, "over", by="ann")
    assert (done.wrap_up_until, done.joined) == (None, ())
