from __future__ import annotations

import pytest
from msgspec.structs import replace

from connector.wire.views import ConversationView
from tests.kit.models import changed, desk
from tests.kit.views import AT, conversation
from tui.actions import keys
from tui.actions.enabled import likely_actions
from tui.actions.reasons import reasons
from tui.model.listing import Listing
from tui.model.state import Model


def reasons_with(model: Model, view: ConversationView | None, draft: str = "") -> dict[str, str]:
    listing = Listing()
    listing.refill(model.conversations.by_id, "ann")
    return reasons(model, view, listing, draft, AT)


BENS = conversation(agent="ben")


@pytest.mark.parametrize(
    ("view", "is_lead", "cannot"),
    [
        (conversation(), False, {"accept", "decline", "reopen", "undo"}),
        (conversation(state="queued", agent=None, queued_at=AT), False, {"close", "transfer", "decline", "set_due"}),
        (conversation(state="ringing", agent=None, rings=["ann"]), False, {"close", "reopen"}),
        (BENS, True, {"close", "give_back", "wrap_up", "attach"}),
        (replace(BENS, joined=["ann"]), True, {"close", "transfer"}),
        (conversation(state="closed", closed_at=AT), False, {"close", "accept"}),
        (None, False, {"close", "write", "note", "explain", "consent", "go_transcript", "accept"}),
    ],
    ids=["mine", "queued", "rings", "another's", "joined", "closed", "none"],
)
def test_what_cannot_be_done_has_a_reason_and_what_is_likely_has_none(
    view: ConversationView | None, is_lead: bool, cannot: set[str]
) -> None:
    model = changed(desk(view or BENS), agents={"role": "lead" if is_lead else "agent"})
    found = reasons_with(model, view)
    assert cannot <= found.keys() <= keys.BY_ID.keys()
    assert likely_actions(model, view).isdisjoint(found)
    assert all(words.endswith(".") for words in found.values()), found


def test_a_draft_with_look_alikes_can_be_made_plain() -> None:
    view = conversation()
    assert "plain_letters" in reasons_with(desk(view), view, "plain")
    assert "plain_letters" not in reasons_with(desk(view), view, "don’t")
