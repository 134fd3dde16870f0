from __future__ import annotations

import re
from pathlib import Path

import pytest
from msgspec.structs import replace

from connector.wire import events, requests
from connector.wire.views import OnCallView
from tests.kit.desk import desk_on
from tests.kit.fake_core import FakeCore, asked, conversation_of
from tests.kit.views import alert
from tui import app_attention
from tui.core.settings import Preferences
from tui.screens import on_call_page


async def test_an_alert_that_asks_the_agent_is_in_the_header_and_a_key_acknowledges_it(
    core: FakeCore, tmp_path: Path
) -> None:
    async with desk_on(core, tmp_path, size=(80, 36)) as desk:
        core.tell_alert(events.AlertRaised, alert("ann", at=core.now()))
        await desk.shows("▲ 1 alert asks you", "You are asked (on call): orders: 20 overdue.", "K acknowledge")
        await desk.press("K")
        await desk.shows("You look after orders: 20 overdue: nobody else is asked.")
        await desk.hides("▲ 1 alert")
        await desk.press("K")
        await desk.shows("There is no alert that waits for somebody.", "nothing needs you")
    assert asked(core, requests.Acknowledge) == [requests.Acknowledge(["L1"])]


async def test_what_asks_others_is_acknowledged_once_that_is_confirmed(core: FakeCore, tmp_path: Path) -> None:
    bens = alert("ben", at=core.now())
    core.alerts = {"L1": bens, "L2": replace(bens, id="L2", skill="shop")}
    async with desk_on(core, tmp_path, size=(80, 24)) as desk:
        await desk.shows("▲ 2 alerts")
        await desk.press("K")
        await desk.shows("2 alerts ask others. Press K again to look after all of them.")
        await desk.press("j", "K")
        assert not asked(core, requests.Acknowledge), "another key was between them"
        core.tell_alert(events.AlertAcknowledged, replace(bens, id="L2", acknowledged_by="ben", acknowledged_at=1))
        await desk.shows("▲ 1 alert ")
        await desk.press("K")
        await desk.shows("orders: 20 overdue: ben is asked. Press K again to look after it yourself.")
        await desk.press("K")
        await desk.shows("You look after orders: 20 overdue")
    assert asked(core, requests.Acknowledge) == [requests.Acknowledge(["L1"])]


async def test_an_alert_that_somebody_else_was_faster_with_is_said_to_be_theirs(core: FakeCore, tmp_path: Path) -> None:
    core.alerts = {"L1": alert("ann", at=core.now())}
    async with desk_on(core, tmp_path) as desk:
        await desk.shows("▲ 1 alert asks you")
        core.alerts["L1"] = replace(core.alerts["L1"], acknowledged_by="ben", acknowledged_at=core.now())
        await desk.press("K")
        await desk.shows("ben looks after orders: 20 overdue already.")


@pytest.mark.parametrize(
    ("notify", "is_focused", "rung", "told"), [("osc9", False, 0, 1), ("osc9", True, 1, 0), ("bell", False, 1, 0)]
)
async def test_what_comes_at_once_calls_once_the_way_the_agent_wants_it(
    core: FakeCore,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    notify: str,
    is_focused: bool,
    rung: int,
    told: int,
) -> None:
    bells, written = list[None](), list[str]()
    monkeypatch.setattr(app_attention, "_GATHERED_S", 0.1)
    async with desk_on(core, tmp_path, preferences=Preferences(notify=notify)) as desk:
        desk.app.app_focus = is_focused
        monkeypatch.setattr(desk.app, "bell", lambda: bells.append(None))
        monkeypatch.setattr(desk.app, "write_to_terminal", written.append)
        for number in range(3):
            core.receive(f"+1555010{number}", "hello", owner="ann")
            one = conversation_of(core, f"+1555010{number}")
            core.change(one, events.Overdue, due_told="overdue", due_at=core.now())
        await desk.shows("3 are overdue: n goes to the most urgent.")
        await desk.until(lambda: (len(bells), len(written)) == (rung, told), "one call")
        assert all(re.fullmatch("\x1b]9;Textdesk: [123] needs? you\x1b\\\\", one) for one in written)


async def test_who_wants_no_call_has_none(core: FakeCore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bells = list[None]()
    async with desk_on(core, tmp_path, preferences=Preferences(notify="off")) as desk:
        monkeypatch.setattr(desk.app, "bell", lambda: bells.append(None))
        core.tell_alert(events.AlertRaised, alert("ann", at=core.now()))
        await desk.shows("You are asked")
        assert not bells and desk.app.desk.model.notices.alarm_count == 1


async def test_the_page_shows_what_is_urgent_acknowledges_and_leads_to_a_colleagues_conversation(
    core: FakeCore, tmp_path: Path
) -> None:
    core.receive("+15550101", "is anybody there?", owner="ben")
    core.receive("+15550102", "hello", owner="ann")
    for consumer in ("+15550101", "+15550102"):
        due_at = core.now() - 60_000
        core.change(conversation_of(core, consumer), events.Overdue, due_told="overdue", due_at=due_at)
    core.alerts = {"L1": alert("ann", at=core.now())}
    core.on_call = [OnCallView("orders", ["ann", "ben"], ["cem"], is_gap=False, until=None)]
    async with desk_on(core, tmp_path, size=(80, 24)) as desk:
        await desk.press("exclamation_mark")
        await desk.shows("asks you", "On call", "you, ben, lead cem", "2 need somebody, 2 overdue", "● ben")
        core.tell_alert(
            events.AlertAcknowledged,
            replace(core.alerts["L1"], acknowledged_by="ben", acknowledged_at=core.now()),
        )
        await desk.shows("ben looks after it since")
        await desk.press("K")
        await desk.shows("ben looks after orders: 20 overdue already.")
        assert not asked(core, requests.Acknowledge)
        await desk.press("slash", *"0101", "enter")
        await desk.hides("0102")
        await desk.press("G", "enter")
        await desk.shows("is anybody there?", "ben has this conversation.")
        await desk.press("escape", "escape")
        await desk.shows("▸All")


async def test_two_who_press_the_key_at_the_same_moment_have_one_alert_and_one_is_told_who_has_it(
    core: FakeCore, tmp_path: Path
) -> None:
    core.alerts = {"L1": alert("ann", at=core.now())}
    async with desk_on(core, tmp_path, size=(80, 24)) as desk:
        await desk.press("exclamation_mark")
        await desk.shows("asks you")
        core.alerts["L1"] = replace(core.alerts["L1"], acknowledged_by="ben", acknowledged_at=core.now())
        await desk.press("K")
        await desk.shows("ben looks after orders: 20 overdue already.", "ben looks after it since")


async def test_the_page_asks_again_once_an_event_has_come_or_others_are_on_call(
    core: FakeCore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(on_call_page, "_LOOKS_S", 0.01)
    core.on_call = [OnCallView("orders", ["ben"], ["lea"], is_gap=False, until=core.now() + 3_600_000)]
    core.receive("+15550101", "hello", owner=None)
    async with desk_on(core, tmp_path, size=(80, 24)) as desk:
        await desk.press("exclamation_mark")
        await desk.shows("1 needs somebody")
        for _ in range(5):  # in which it looks many times
            await desk.press("f1", "escape")
        assert len(asked(core, requests.GetUrgent)) == 1 == len(asked(core, requests.GetAlerts))
        core.receive("+15550102", "me too", owner=None)
        await desk.shows("2 need somebody")
        core.on_call = [replace(core.on_call[0], until=core.now() - 1)]
        core.tell(events.AgentChanged(core.agents["ben"]))
        await desk.until(lambda: len(asked(core, requests.GetAlerts)) > 9, "questions until somebody else is on call")
