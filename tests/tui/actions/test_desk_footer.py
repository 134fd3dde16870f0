"""What the footer of the main screen names, by the state of the shown conversation, in the first 80 columns."""

from __future__ import annotations

from collections.abc import Collection

import pytest
from msgspec.structs import replace

from connector.sms.text import cells
from connector.wire import requests
from connector.wire.views import ConversationView
from tests.kit.models import changed, desk
from tests.kit.views import AT, conversation
from tui.actions.desk_footer import compose_edge, desk_footer
from tui.actions.keys import ACTIONS, DEFAULT_NAMES, Context, KeyHint, key_for
from tui.draw import bars
from tui.model.conversations import may_resend
from tui.model.listing import Listing
from tui.model.marked import BulkRun, Task
from tui.model.packed_rows import PackedRows
from tui.model.state import Model, SentReply

MINE = conversation(waiting_since=AT)
QUEUED = conversation(state="queued", agent=None, queued_at=AT)
RINGING = conversation(state="ringing", agent=None, rings=["ann"], ring_until=AT)
UNSENT = conversation(unsent=1, unsent_status="failed")
CLOSED = conversation(state="closed", closed_at=AT)
BENS = conversation(agent="ben")
BENS_UNSENT = replace(UNSENT, agent="ben")


def listed(*views: ConversationView) -> Listing:
    listing = Listing()
    listing.refill({view.id: view for view in views}, "ann")
    return listing


def footer(
    view: ConversationView | None,
    context: Context,
    draft: str = "",
    *,
    is_lead: bool = False,
    others: Collection[ConversationView] = (),
) -> list[str]:
    """The keys and words of a footer of 80 columns."""
    model = changed(desk(view or MINE), agents={"role": "lead" if is_lead else "agent"})
    if view is None:
        model = replace(model, transcript=None, is_entered=False)
    shown = [] if view is None else [view]
    model = changed(model, conversations={"by_id": PackedRows({one.id: one for one in (*shown, *others)})})
    hints = desk_footer(model, listed(*shown, *others), context, view, draft, AT)
    line = bars.key_hints(hints, 80)
    assert sum(cells(text) for text, _ in line) <= 80
    words = "".join(text for text, _ in line)
    return [f"{hint.key} {hint.label}" for hint in hints if f"{hint.key} {hint.label}" in words]


OTHER = conversation(id="C2", waiting_since=AT + 1)
MAYA = conversation(id="C3", name="Maya Lindqvist")


@pytest.mark.parametrize(
    ("view", "context", "draft", "first"),
    [
        (RINGING, Context.LIST, "", ["a accept", "d decline", "enter open", "n next · 1 of 2"]),
        (RINGING, Context.TRANSCRIPT, "", ["a accept", "d decline", "enter write", "n next · 1 of 2"]),
        (RINGING, Context.COMPOSE, "", ["enter accepts", "esc d decline", "^n next → +15550142"]),
        (QUEUED, Context.COMPOSE, "hello", ["enter accepts and sends", "^n next → +15550142", "esc back"]),
        (QUEUED, Context.LIST, "", ["a accept", "enter open", "n next · 2 of 2", "m note", "w why"]),
        (MINE, Context.LIST, "", ["enter open", "n next · 1 of 2", "x close", "s due"]),
        (MINE, Context.COMPOSE, "hello", ["enter send", "^n next → +15550142", "esc back"]),
        (UNSENT, Context.LIST, "", ["S send again", "enter open", "n next · 1 of 2", "x close"]),
        (UNSENT, Context.COMPOSE, "", ["enter send", "^s send again", "^n next → +15550142"]),
        (UNSENT, Context.COMPOSE, "hello", ["enter send", "^n next → +15550142"]),
        (CLOSED, Context.LIST, "", ["R reopen", "enter open", "n next"]),
        (CLOSED, Context.COMPOSE, "hello", ["^n next → +15550142", "esc back"]),
        (BENS, Context.TRANSCRIPT, "", ["n next", "m note", "w why"]),
        (None, Context.LIST, "", ["n next", "/ filter", "f search all", "c text first"]),
    ],
)
def test_what_the_state_calls_for_comes_first(
    view: ConversationView | None, context: Context, draft: str, first: list[str]
) -> None:
    told = footer(view, context, draft, others=[OTHER])
    assert told[: len(first)] == first
    assert told[-2:] == ["^p commands", "F1 help"], "what leads to all others is in sight at 80 columns"


STATES = [
    *(MINE, QUEUED, RINGING, UNSENT, CLOSED, BENS, BENS_UNSENT, replace(QUEUED, unsent=1, unsent_status="failed")),
    *(replace(RINGING, rings=["ben"]), replace(BENS, joined=["ann"])),
    *(replace(MINE, opted_out=True), replace(MINE, likely_opt_out="STOP it"), replace(MINE, reminder_at=AT)),
    *(replace(MINE, state="wrap_up", wrap_up_until=AT), replace(BENS, state="wrap_up", wrap_up_until=AT)),
]


@pytest.mark.parametrize("is_lead", [False, True])
@pytest.mark.parametrize("view", STATES)
def test_no_key_of_the_footer_would_be_refused(view: ConversationView, is_lead: bool) -> None:
    model = changed(desk(view), agents={"role": "lead" if is_lead else "agent"})
    for context in (Context.LIST, Context.TRANSCRIPT, Context.COMPOSE):
        named = {(hint.key, hint.label) for hint in desk_footer(model, listed(view), context, view, "", AT)}
        for action in ACTIONS:
            if action.id == "resend" and may_resend(model, view):
                continue  # where the reply is not loaded, the key leads to it first
            if action.request is not None and (key_for(DEFAULT_NAMES, action.id, context), action.label) in named:
                assert not isinstance(action.request(model, view), str), (action.id, context)


def test_a_lead_can_go_in_where_a_colleague_is() -> None:
    assert {"O take over", "J join/leave"} <= {*footer(BENS, Context.LIST, is_lead=True)}
    assert footer(BENS_UNSENT, Context.LIST, is_lead=True)[0] == "O take over"


def test_undo_names_the_consumer_where_the_reply_is_to_another_one_than_the_shown() -> None:
    sent = SentReply("M1", "C2", AT)
    model = changed(desk(MINE), compose={"sent": sent}, conversations={"by_id": PackedRows({"C1": MINE, "C2": OTHER})})
    assert KeyHint("^t", "undo to +15550142") in compose_edge(model, MINE, "", AT, is_active=True)
    assert KeyHint("u", "undo to +15550142") in desk_footer(model, listed(MINE, OTHER), Context.LIST, MINE, "", AT)
    assert not [hint for hint in compose_edge(model, MINE, "", AT + 3_000, is_active=True) if "undo" in hint.label]


def test_while_writing_in_80_columns_it_names_whom_next_leads_to_and_that_it_is_the_queue_s() -> None:
    carmen = replace(OTHER, state="queued", agent=None, name="Carmen Ortiz")
    assert "^n next → Carmen Ortiz, queue" in footer(MINE, Context.COMPOSE, others=[carmen])
    known = changed(desk(MINE), compose={"sent": SentReply("M1", "C3", AT)})
    known = changed(known, conversations={"by_id": PackedRows({"C1": QUEUED, "C2": carmen, "C3": MAYA})})
    hints = desk_footer(known, listed(QUEUED, carmen), Context.COMPOSE, QUEUED, "hello", AT)
    words = "".join(text for text, _ in bars.key_hints(hints, 80))
    assert words.startswith(" enter accepts and sends  ^t undo  ^n next: queue"), "next stays, if briefly"


def test_undo_says_what_it_is_about_where_that_was_done_with_several() -> None:
    done = tuple(Task(one, "Maya", (requests.Close(one),)) for one in ("C2", "C3"))
    model = replace(desk(MINE), bulk=BulkRun("close", 2, (), done=done, ended_at=AT))
    assert KeyHint("u", "undo: 2 closed") in desk_footer(model, listed(MINE), Context.LIST, MINE, "", AT)


def test_next_is_not_named_where_nothing_else_needs_the_agent() -> None:
    assert not [words for words in footer(MINE, Context.COMPOSE) if "next" in words]


def test_the_frame_of_the_other_pane_names_only_the_key_that_leads_there() -> None:
    model: Model = desk(QUEUED)
    active = [hint.label for hint in compose_edge(model, QUEUED, "hello", AT, is_active=True)]
    assert active[:3] == ["accepts and sends", "replies", "new line"]
    model = replace(model, panes=replace(model.panes, other=model.transcript))
    assert [hint.label for hint in compose_edge(model, QUEUED, "", AT, is_active=False)] == ["other pane"]
