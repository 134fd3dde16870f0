from __future__ import annotations

import pytest

from tui.actions import keys
from tui.actions.keys import Context
from tui.actions.keys.aliases import ALIASES
from tui.actions.keys.search import Found, found

DESK = (Context.LIST, Context.EVERYWHERE, Context.DESK, Context.TRANSCRIPT, Context.COMPOSE)


def ids(commands: list[Found]) -> list[str]:
    return [each.action.id for each in commands]


def test_other_names_are_those_of_commands() -> None:
    assert all(keys.BY_ID[action_id].palette for action_id in ALIASES)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("acc", "accept"),
        ("giv", "give_back"),
        ("gb", "give_back"),
        ("give note", "give_back_with_note"),
        ("hndovr", "transfer"),
        ("escalate", "transfer"),
        ("snooze", "snooze"),
        ("later", "send_later"),
        ("sleep", "snooze"),
        ("RESOLVE", "close"),
        ("unsubscribe", "is_opt_out"),
        ("lunch", "presence"),
        ("mms", "view_picture"),
        ("retry", "resend"),
        ("yank", "copy_message"),
        ("dark", "theme"),
        ("unsend", "undo"),
        ("claim", "accept"),
        ("contact", "person"),
        ("customer", "person"),
        ("consumer", "person"),
        ("record", "person"),
        ("clear", "discard"),
        ("reject", "decline"),
        ("disposition", "wrap_up"),
        ("search", "search"),
        ("grep", "search"),
        ("narrow", "filter"),
        ("trasnfer", "transfer"),
        ("declne", "decline"),
        ("transcripts", "go_transcript"),
    ],
)
def test_a_command_is_found_by_label_other_names_gaps_and_slips(typed: str, first: str) -> None:
    assert ids(found(typed, DESK))[0] == first


def test_every_word_typed_has_to_be_found() -> None:
    assert ids(found("queue take", DESK))[0] == "accept"
    assert found("no such thing", DESK) == []
    assert found("accept xylophone", DESK) == []


def test_short_words_are_never_taken_for_slips() -> None:
    assert "write" not in ids(found("wrtq", DESK))
    assert found("zlos", DESK) == []


def test_commands_of_other_places_are_not_offered() -> None:
    assert "accept" not in ids(found("", (Context.PAGE, Context.EVERYWHERE)))


def test_what_can_be_done_now_comes_first_and_what_is_likely_before_it() -> None:
    reasons = {"close": "This conversation is closed already.", "accept": "It is yours."}
    order = ids(offered := found("", DESK, reasons=reasons, likely={"set_due"}))
    assert order[0] == "set_due"
    assert set(order[-2:]) == {"close", "accept"}
    assert {each.action.id: each.reason for each in offered if each.reason} == reasons


def test_what_was_typed_as_a_whole_stays_above_similar_commands_even_if_it_cannot_be_done() -> None:
    assert ids(found("decline", DESK, reasons={"decline": "Nothing is ringing you here."}))[0] == "decline"
    assert ids(found("acc", DESK, reasons={"accept": "It is yours."}))[0] == "accept"
    order = ids(found("t", DESK, reasons={"transfer": "It is not yours."}))
    assert order.index("take_over") < order.index("transfer")


def test_what_was_used_often_and_lately_comes_first() -> None:
    assert ids(found("", DESK, used=("go_team", "presence")))[:2] == ["presence", "go_team"]
    assert ids(found("", DESK, used=("go_team", "go_team", "presence")))[:2] == ["go_team", "presence"]
    assert ids(found("t", DESK, used=("take_over",)))[0] == "take_over"


def test_the_letters_typed_are_marked_where_they_were_found() -> None:
    (close,) = [each for each in found("clo", DESK) if each.action.id == "close"]
    assert not close.alias and close.in_label == {0, 1, 2}
    transfer = found("hndovr", DESK)[0]
    assert "".join(transfer.alias[at] for at in sorted(transfer.in_alias)) == "hndovr"
    said = found("ringing", DESK)
    assert all(each.in_help or each.in_label or each.in_alias for each in said)
