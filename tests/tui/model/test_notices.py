from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path

import pytest

from tests.kit.desk import desk_on
from tests.kit.fake_core import LINE, FakeCore
from tests.kit.views import account, traffic
from tui.model import notices
from tui.model.notices import NoticeWatch
from tui.model.state import Notice

ONE = "+15550101"
DONE, REFUSED = Notice("done", is_local=True), Notice("no", is_error=True, is_local=True)
FAILED, BACK, DOUBT = Notice("failed", is_error=True), Notice("back"), Notice("sure?", is_local=True, asks_again=True)


@pytest.mark.parametrize(
    ("notice", "gone_s"), [(None, None), (DONE, 6), (BACK, 6), (DOUBT, 6), (REFUSED, 20), (FAILED, None)]
)
def test_how_long_a_notice_stays_when_no_key_is_pressed(notice: Notice | None, gone_s: float | None) -> None:
    watch = NoticeWatch()
    watch.see(Notice("before"), "here", 0)
    assert watch.see(notice, "here", 1) == gone_s
    assert watch.see(notice, "here", 2) is None, "it is known already"


@pytest.mark.parametrize(
    ("notice", "place", "after_s", "did_something", "is_over"),
    [
        (DONE, "here", 0.9, True, False),
        (DONE, "here", 1.0, True, True),
        (DONE, "here", 5.0, False, False),
        (DONE, "elsewhere", 0.1, True, True),
        (REFUSED, "here", 1.9, True, False),
        (REFUSED, "here", 2.0, True, True),
        (REFUSED, "elsewhere", 0.1, True, True),
        (FAILED, "elsewhere", 0.1, True, False),
        (FAILED, "elsewhere", 60.0, False, False),
        (FAILED, "here", 2.0, True, True),
        (BACK, "elsewhere", 0.1, True, False),
        (DOUBT, "here", 0.1, False, True),
    ],
)
def test_which_key_ends_it(notice: Notice, place: str, after_s: float, did_something: bool, is_over: bool) -> None:
    watch = NoticeWatch()
    watch.see(notice, "here", 100.0)
    assert watch.is_over(place, 100.0 + after_s, did_something=did_something) is is_over


def watched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The words of every notice, also of one that a busy machine never paints."""
    shown: list[str] = []
    see = NoticeWatch.see

    def watch(self: NoticeWatch, notice: Notice | None, place: Hashable, now: float) -> float | None:
        over_s = see(self, notice, place, now)
        if notice is not None and over_s is not None:
            shown.append(notice.words)
        return over_s

    monkeypatch.setattr(NoticeWatch, "see", watch)
    return shown


async def test_a_page_shows_its_keys_below_a_notice(core: FakeCore, tmp_path: Path) -> None:
    core.role = "administrator"
    core.accounts, core.traffic = [account("main")], [traffic("main", LINE)]
    async with desk_on(core, tmp_path, size=(80, 24)) as desk:
        await desk.press("f4")
        await desk.shows("a activate", "Last hour")
        await desk.press("d")
        await desk.shows("Press the key again to drain", "a activate")
        await desk.press("z")
        await desk.hides("Press the key again")


async def test_a_notice_of_the_main_screen_covers_no_page(core: FakeCore, tmp_path: Path) -> None:
    core.receive(ONE, "hello", owner="ann")
    core.role = "administrator"
    core.accounts = [account("main")]
    async with desk_on(core, tmp_path, size=(80, 24)) as desk:
        await desk.press("a")
        await desk.shows("! This conversation is already yours.")
        await desk.press("f4")
        await desk.shows("a activate")
        await desk.hides("already yours")
        await desk.press("escape")
        await desk.shows("enter open")


async def test_what_is_about_one_conversation_is_over_at_the_next(core: FakeCore, tmp_path: Path) -> None:
    for consumer in (ONE, "+15550102"):
        core.receive(consumer, "hello", owner="ann")
    async with desk_on(core, tmp_path, size=(80, 24)) as desk:
        await desk.press("a")
        await desk.shows("! This conversation is already yours.")
        await desk.press("z")
        await desk.shows("! This conversation is already yours.")
        await desk.press("j")
        await desk.shows("enter open")


async def test_a_confirmation_goes_by_itself_also_on_a_page(
    core: FakeCore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(notices._OVER_S, False, 0.2)
    shown = watched(monkeypatch)
    core.role = "administrator"
    core.accounts, core.traffic = [account("main")], [traffic("main", LINE)]
    async with desk_on(core, tmp_path, size=(80, 24)) as desk:
        await desk.press("f4")
        await desk.shows("Last hour")
        question = "Press the key again to drain main."
        for _ in range(2):  # after the first is over, the key asks once more
            await desk.press("d")
            await desk.until(lambda: any(question in words for words in shown), "the question")
            await desk.hides("Press the key again")
            shown.clear()
        assert core.accounts[0].mode == "active"
