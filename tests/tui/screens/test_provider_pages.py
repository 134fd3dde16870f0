"""The pages of providers and quarantined hooks, on a core over a real socket."""

from __future__ import annotations

from pathlib import Path

import pytest

from connector.wire import administration, requests
from connector.wire.refusals import RefusalCode
from connector.wire.views import HookView, TrafficBucket
from tests.kit.desk import desk_on
from tests.kit.fake_core import LINE, FakeCore, asked
from tests.kit.views import account, traffic


@pytest.fixture
def running(core: FakeCore) -> FakeCore:
    """Two accounts with a line each, and two refused hooks; Ann is an administrator."""
    core.role = "administrator"
    core.accounts = [account("main", words="All is well.", balance="12.50 USD"), account("shorty", "openmarket")]
    core.traffic = [traffic("main", LINE), traffic("shorty", "12345", segments_per_s=100)]
    core.hooks = [
        HookView(f"H{number}", core.now(), "main", f"/hooks/{number}", "refused", "No signature.", "a=b")
        for number in (1, 2)
    ]
    return core


class TestProviders:
    @pytest.mark.parametrize("size", [(80, 24), (120, 36)])
    async def test_it_shows_light_words_and_traffic(
        self, running: FakeCore, tmp_path: Path, size: tuple[int, int]
    ) -> None:
        async with desk_on(running, tmp_path, size=size) as desk:
            await desk.press("f4")
            await desk.shows("● main", "Last hour: ", "12.50 USD", "66 in", "in 5 min")
            assert "t test text" in desk.rows[-1]

    async def test_traffic_is_asked_when_it_opens_and_again_while_it_is_open(
        self, running: FakeCore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("tui.screens.provider_pages._TRAFFIC_S", 0.05)
        async with desk_on(running, tmp_path) as desk:
            assert asked(running, requests.GetTraffic) == []
            await desk.press("f4")
            await desk.until(lambda: len(asked(running, requests.GetTraffic)) >= 3, "the third question")
            running.silent.add(requests.GetTraffic)
            running.traffic = [traffic("main", LINE, buckets=[TrafficBucket(running.now(), 9, 0, 0, 0)])]
            before = len(asked(running, requests.GetTraffic))
            await desk.until(lambda: len(asked(running, requests.GetTraffic)) > before, "one without an answer")
            running.silent.clear()
            running.answer()
            await desk.shows("9 in")
            await desk.press("escape")

    async def test_an_account_is_drained_and_switched_off_after_a_second_press(
        self, running: FakeCore, tmp_path: Path
    ) -> None:
        async with desk_on(running, tmp_path) as desk:
            await desk.press("f4")
            await desk.shows("Last hour: ")
            await desk.press("j", "o")
            await desk.shows("Press the key again to switch shorty off.")
            await desk.press("k", "o")
            await desk.shows("Press the key again to switch main off.")
            assert asked(running, administration.SetAccountMode) == []
            await desk.press("o")
            await desk.shows("it sends nothing and keeps what comes in")
            await desk.press("d", "d")
            await desk.shows("it sends what is written and takes no more")
            await desk.press("a")
            await desk.hides("it is draining")
            modes = [body.mode for body in asked(running, administration.SetAccountMode)]
            assert modes == ["off", "draining", "active"]
            assert {body.account for body in asked(running, administration.SetAccountMode)} == {"main"}

    async def test_a_lead_is_told_for_whom_it_is_and_nothing_is_asked(self, running: FakeCore, tmp_path: Path) -> None:
        running.role = "lead"
        async with desk_on(running, tmp_path, size=(80, 24)) as desk:
            await desk.press("f4")
            await desk.shows("t test text")
            assert "activate" not in desk.text and "h hooks" not in desk.text
            for key in ("a", "d", "o", "h"):
                desk.app.desk.clear_notice()
                await desk.press(key)
                notice = desk.app.desk.model.notices.current
                assert notice is not None and notice.words.endswith("This is for administrators; you are a lead.")
            assert not asked(running, administration.SetAccountMode) and not asked(running, administration.GetHooks)

    async def test_a_refusal_is_said_in_words(self, running: FakeCore, tmp_path: Path) -> None:
        running.refuse[administration.SetAccountMode] = (RefusalCode.NOT_ALLOWED, "Only an administrator may do this.")
        async with desk_on(running, tmp_path, size=(80, 24)) as desk:
            await desk.press("f4", "d", "d")
            await desk.shows("! Only an administrator may do this.")

    async def test_a_test_text_goes_from_the_line_under_the_cursor(self, running: FakeCore, tmp_path: Path) -> None:
        async with desk_on(running, tmp_path, size=(80, 24)) as desk:
            await desk.press("f4")
            await desk.shows("Last hour: ")
            await desk.press("j", "t")
            await desk.shows("A test text from 12345", "This is a test.")
            await desk.press("enter")
            await desk.shows("Write the number with + and its country code")
            await desk.press("plus", *"15550142", "enter")
            await desk.until(lambda: asked(running, requests.Start), "the text")
            await desk.shows("Written to +15550142")
            assert asked(running, requests.Start) == [
                requests.Start("12345", "+15550142", "This is a test.", is_test=True)
            ]

    async def test_a_refused_test_text_says_why(self, running: FakeCore, tmp_path: Path) -> None:
        running.refuse[requests.Start] = (RefusalCode.ACCOUNT_OFF, "shorty is off.")
        async with desk_on(running, tmp_path) as desk:
            await desk.press("f4", "t", "plus", *"15550142", "enter")
            await desk.shows("! Not sent: shorty is off.")


class TestHooks:
    async def test_a_hook_is_released_after_a_second_press(self, running: FakeCore, tmp_path: Path) -> None:
        async with desk_on(running, tmp_path, size=(80, 24)) as desk:
            await desk.press("f4", "h")
            await desk.shows("/hooks/1", "/hooks/2")
            await desk.press("j", "r")
            await desk.shows("Only what you know to be genuine is taken.")
            assert asked(running, administration.ReleaseHook) == []
            await desk.press("r")
            await desk.hides("/hooks/2")
            assert asked(running, administration.ReleaseHook) == [administration.ReleaseHook("H2")]
            await desk.press("r", "r")
            await desk.shows("Every hook became a message")
            await desk.press("r")
            await desk.shows("There is no hook here to release.")
