from __future__ import annotations

import pytest
from msgspec.structs import replace

from connector.wire.views import ConversationView
from tests.kit.models import changed, desk
from tests.kit.views import AT, conversation
from tui.actions import enabled

MINE = conversation()

QUEUED = conversation(state="queued", agent=None, queued_at=AT)

RINGING = conversation(state="ringing", agent=None, rings=["ann", "ben"])

BENS = conversation(agent="ben")

CLOSED = conversation(state="closed", closed_at=AT)


OWNERS = {"give_back", "close", "wrap_up", "transfer", "set_due", "snooze", "write"}

ALWAYS = {"note", "person", "explain"}


@pytest.mark.parametrize(
    ("view", "is_lead", "useful"),
    [
        (MINE, False, OWNERS | ALWAYS),
        (QUEUED, False, {"accept", "write"} | ALWAYS),
        (
            conversation(state="ringing", agent=None, rings=["ann", "ben"]),
            False,
            {"accept", "write", "decline"} | ALWAYS,
        ),
        (conversation(state="ringing", agent=None, rings=["ben"]), False, ALWAYS),
        (BENS, False, ALWAYS),
        (BENS, True, {"take_over", "join"} | ALWAYS),
        (replace(BENS, joined=["ann"]), True, {"take_over", "join", "write"} | ALWAYS),
        (CLOSED, False, {"reopen"} | ALWAYS),
        (conversation(state="wrap_up", wrap_up_until=AT), False, {"wrap_up", "undo"} | ALWAYS),
        (None, False, set()),
    ],
    ids=["mine", "queued", "rings", "rings elsewhere", "another's", "lead", "joined", "closed", "wrap-up", "none"],
)
def test_the_footer_names_what_leads_anywhere(view: ConversationView | None, is_lead: bool, useful: set[str]) -> None:
    state = changed(desk(view or MINE), agents={"role": "lead" if is_lead else "agent"})
    told = enabled.disabled_actions(state, view, "")
    assert {"plain_letters", "toggle_parts", "view_picture", "attach", "detach"} <= told
    assert enabled._CHOSEN - told == useful


def test_look_alikes_can_be_made_plain_where_there_are_some() -> None:
    assert "plain_letters" in enabled.disabled_actions(desk(MINE), MINE, "plain text")
    assert "plain_letters" not in enabled.disabled_actions(desk(MINE), MINE, "don’t")
