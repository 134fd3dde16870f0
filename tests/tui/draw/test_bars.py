"""What the bars say of lists that are here in part: right numbers or none."""

from __future__ import annotations

import pytest
from immutables import Map
from msgspec.structs import replace

from connector.sms.text import cells
from connector.wire import frames
from tests.kit.views import ANN, AT, BEN, account, alert, conversation, hello, welcome
from tui.actions.keys import DEFAULT_NAMES
from tui.draw import bars
from tui.draw.format import Line
from tui.model.fold import fold
from tui.model.listing import Listing, Scope
from tui.model.packed_rows import PackedRows
from tui.model.state import Connection, LinkPhase, Model

MINE = conversation(id="C1", waiting_since=AT, due_told="overdue")
QUEUED = conversation(id="C2", state="queued", agent=None, queued_at=AT, due_told="overdue")


def text_of(line: Line) -> str:
    return "".join(text for text, _ in line)


def told(*, more: bool, held: dict[str, int] | None = None) -> tuple[Model, Listing]:
    model, listing = Model(keys=DEFAULT_NAMES), Listing()
    snapshot = frames.SnapshotFrame(5, more, [ANN, BEN], [MINE, QUEUED], held or {})
    for frame in (hello(), replace(welcome(), role="agent"), snapshot):
        model = fold(model, frame, AT)
    listing.refill(model.conversations.by_id, "ann")
    return model, listing


def test_before_the_first_page_there_are_no_numbers() -> None:
    model = fold(fold(Model(keys=DEFAULT_NAMES), hello(), AT), welcome(), AT)
    assert not any(char.isdecimal() for char in text_of(bars.status_bar(model, Listing(), 120)))
    assert text_of(bars.list_tabs(model, Listing(), None, 80)).split() == ["←▸Mine", "Queue", "All", "→"]


def test_after_the_first_page_the_agent_s_own_are_counted_and_the_queue_is_not() -> None:
    model, listing = told(more=True, held={"ben": 7})
    status, tabs = text_of(bars.status_bar(model, listing, 90)), text_of(bars.list_tabs(model, listing, (0, 1), 80))
    assert "1 of 4   1 needs you" in status and "queue" not in status and "overdue" not in status
    assert tabs.split() == ["←▸Mine", "1", "Queue", "All", "→", "1", "of", "1"]


@pytest.mark.parametrize(("owned", "role"), [(4, "muted"), (5, "warn")])
def test_more_than_the_agent_s_capacity_is_amber(owned: int, role: str) -> None:
    model, listing = told(more=False)
    listing.refill({str(number): conversation(id=str(number)) for number in range(owned)}, "ann")
    assert (f"{owned} of 4", role) in bars.status_bar(model, listing, 90)


def test_what_was_left_out_is_about_so_many_until_it_is_here() -> None:
    model, listing = told(more=False, held={"ben": 7, "": 3})
    status, tabs = text_of(bars.status_bar(model, listing, 90)), text_of(bars.list_tabs(model, listing, (0, 1), 80))
    assert "2 overdue" in status and "queue 1 " in status
    assert "Queue 1 " in tabs and "All ~12" in tabs
    listing.show(Scope.ALL, "", PackedRows())
    assert text_of(bars.progress(model, 48)) == " all: 2 of about 12, loading…"
    refused = replace(model, others=replace(model.others, is_refused=True))
    assert "no more can be loaded for now" in text_of(bars.progress(refused, 80))


def test_the_whole_is_a_number() -> None:
    model, listing = told(more=False)
    assert "All 2 " in text_of(bars.list_tabs(model, listing, (0, 1), 80))


def test_what_needs_the_agent_is_counted_in_amber_and_named_by_kind_as_far_as_there_is_room() -> None:
    model, listing = told(more=False)
    line = bars.status_bar(model, listing, 120)
    assert ("2 need you", "strong you") in line and ("2 overdue", "bad") in line
    assert "2 overdue" in text_of(bars.status_bar(model, listing, 36)), "before the link, when all is well"
    linked = replace(model, connection=replace(model.connection, phase=LinkPhase.LINKED))
    for at_width in range(36, 130):
        status = text_of(bars.status_bar(linked, listing, at_width))
        assert "2 need you   2 overdue" in status and cells(status) == at_width
    listing.change(MINE, replace(MINE, waiting_since=None, due_told=""))
    listing.change(QUEUED, None)
    assert ("nothing needs you", "faint") in bars.status_bar(model, listing, 120)


@pytest.mark.parametrize("width", [80, 120, 160])
def test_counts_stand_before_the_reason_of_an_ill_account(width: int) -> None:
    model, listing = told(more=False)
    listing.change(MINE, replace(MINE, unsent=1, unsent_status="failed"))
    ill = replace(account("south"), state="warning", words="22 of the last hour's 66 replies failed: 13 with error 33.")
    linked = replace(model.connection, phase=LinkPhase.LINKED)
    model = replace(model, providers=replace(model.providers, accounts=(ill,)), connection=linked)
    line = text_of(bars.status_bar(model, listing, width))
    assert "2 need you   2 overdue · 1 not sent" in line and "▲ south" in line and cells(line) == width
    assert ("22 of the" in line) is (width > 80)


@pytest.mark.parametrize("width", [80, 100, 120])
def test_what_is_due_soon_is_not_dropped_for_ill_accounts(width: int) -> None:
    model, listing = told(more=False)
    listing.change(MINE, replace(MINE, due_told="soon", due_at=AT + 60_000))
    ill = [
        account(name, state="down", words="replies are held: not authorised (401); 3 waiting") for name in ("a", "b")
    ]
    linked = replace(model.connection, phase=LinkPhase.LINKED)
    model = replace(model, providers=replace(model.providers, accounts=tuple(ill)), connection=linked)
    line = text_of(bars.status_bar(model, listing, width))
    assert "2 need you   1 overdue · 1 due soon" in line and "✗ a" in line and "+1" in line and cells(line) == width


@pytest.mark.parametrize("width", [40, 80, 120, 200])
def test_an_ill_account_never_leaves_the_status_bar(width: int) -> None:
    model, listing = told(more=False)
    well, down = (account(name, median_send_ms=400) for name in ("main", "short"))
    down = replace(down, state="down", words="The provider refuses our password.")
    providers = replace(model.providers, accounts=(well, down))
    line = text_of(bars.status_bar(replace(model, providers=providers), listing, width))
    assert "✗ short" in line and "2 need you" in line and cells(line) == width
    model = replace(model, connection=replace(model.connection, phase=LinkPhase.LINKED))
    providers = replace(model.providers, accounts=(well, replace(down, state="ok", words="")))
    line = text_of(bars.status_bar(replace(model, providers=providers), listing, width))
    assert ("main ● 0.4 s   short ● 0.4 s   linked" in line) == (width >= 100) and cells(line) == width


@pytest.mark.parametrize("width", [60, 80, 120])
def test_alerts_that_wait_are_in_the_status_bar_first_those_that_ask_the_agent(width: int) -> None:
    model, listing = told(more=False)
    known = Map({"L1": alert("ben"), "L2": alert("ben", id="L2"), "L3": alert("ben", id="L3", acknowledged_at=AT)})
    line = text_of(bars.status_bar(replace(model, alerts=known), listing, width))
    assert "▲ 2 alerts" in line and "ask you" not in line and cells(line) == width
    known = known.set("L4", alert("ben", "ann", id="L4"))
    line = text_of(bars.status_bar(replace(model, alerts=known), listing, width))
    assert "▲ 1 alert asks you" in line and cells(line) == width


def test_an_account_that_is_switched_off_has_no_green_light() -> None:
    model, listing = told(more=False)
    accounts = (account("main", median_send_ms=400), replace(account("short"), mode="off"))
    model = replace(model, connection=replace(model.connection, phase=LinkPhase.LINKED))
    line = text_of(bars.status_bar(replace(model, providers=replace(model.providers, accounts=accounts)), listing, 120))
    assert "main ● 0.4 s   short ○ off   linked" in line


@pytest.mark.parametrize("width", [40, 80, 100, 200])
def test_why_there_is_no_link_is_whole_somewhere_on_the_screen(width: int) -> None:
    words = (
        "The service of this host is not running: there is no socket in /run/textdesk. See systemctl status textdesk."
    )
    model = replace(Model(), connection=Connection(LinkPhase.REFUSED, words))
    status = text_of(bars.status_bar(model, Listing(), width))
    below = [text_of(line) for line in bars.refused_lines(model.connection, width)]
    assert words in status or words in " ".join(line.strip() for line in below)
    assert all(cells(line) <= width for line in below) and bool(below) == (words not in status)


def test_a_core_that_does_not_understand_the_desk_is_in_the_status_bar() -> None:
    words = "The core does not understand this program: protocol 9."
    model = replace(Model(), connection=Connection(LinkPhase.REFUSED, words))
    assert f"✗ {words}" in text_of(bars.status_bar(model, Listing(), 120))
