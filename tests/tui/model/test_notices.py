from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path

import pytest
from msgspec.structs import replace

from connector.wire import events, requests
from connector.wire.views import ConversationView
from tests.kit.desk import desk_on
from tests.kit.fake_core import LINE, FakeCore, asked
from tests.kit.views import account, conversation, traffic
from tui.model import notices
from tui.model.notices import NoticeWatch, clear_notice, set_notice, tell_news
from tui.model.packed_rows import PackedRows
from tui.model.state import Conversations, Model, Notice

ONE = "+15550101"
DONE, REFUSED = Notice("done", is_local=True), Notice("no", is_error=True, is_local=True)
FAILED, BACK, DOUBT = Notice("failed", is_error=True), Notice("back"), Notice("sure?", is_local=True, asks_again=True)


@pytest.mark.parametrize(
    ("notice", "gone_s"), [(None, None), (DONE, 6), (BACK, 6), (DOUBT, None), (REFUSED, 20), (FAILED, None)]
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
    assert watch.is_over(notice, place, 100.0 + after_s, did_something=did_something) is is_over


def test_what_a_burst_of_keys_left_no_time_to_show_is_not_over() -> None:
    watch = NoticeWatch()
    assert not watch.is_over(FAILED, "here", 100.0, did_something=True)
    assert watch.is_over(REFUSED, "here", 100.0, did_something=True), "it is about what was on the screen"
    assert watch.is_over(DOUBT, "here", 100.0, did_something=True)


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
        await desk.press("q")
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
        await desk.press("q")
        await desk.shows("! This conversation is already yours.")
        await desk.press("j")
        await desk.shows("enter open")


async def test_what_a_key_has_said_goes_by_itself_also_on_a_page(
    core: FakeCore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(notices._OVER_S, True, 0.2)
    core.accounts, core.traffic = [account("main")], [traffic("main", LINE)]
    async with desk_on(core, tmp_path, size=(80, 24)) as desk:
        await desk.press("f4")
        await desk.shows("Last hour")
        shown = watched(monkeypatch)
        await desk.press("d")
        await desk.until(lambda: any("administrator" in words for words in shown), "the refusal")
        await desk.hides("administrator")


async def test_a_question_keeps_its_place_until_the_key_it_waits_for_and_the_alarm_comes_after_it(
    core: FakeCore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = core.receive("+15550102", "me too", owner="ann").conversation_id
    core.receive(ONE, "hello", owner="ann")
    async with desk_on(core, tmp_path, size=(100, 24)) as desk:
        await desk.press("G")
        await desk.press("x")
        await desk.shows("Press the key again to close all the same.")
        core.change(other, events.DueSoon, due_told="soon", due_at=core.now() + 60_000)
        await desk.shows("1 due soon")  # the bar is not held back
        assert desk.app.desk.model.notices.alarm_count == 1, "nor is the bell"
        assert "has to be answered soon" not in desk.text
        monkeypatch.setitem(notices._OVER_S, False, 0.2)
        shown = watched(monkeypatch)
        await desk.press("x")
        await desk.until(lambda: len(asked(core, requests.Close)) == 1, "the close")
        await desk.until(lambda: any("reopens it" in words for words in shown), "what was done")
        await desk.until(lambda: "has to be answered soon" in shown[-1], "the alarm after it")


@pytest.mark.parametrize("is_answered", [False, True])
def test_news_that_waited_are_shown_when_they_still_hold(is_answered: bool) -> None:
    view = conversation(version=7)
    news = Notice("soon", is_news=True, about=(view.id, 7))
    model = tell_news(set_notice(with_rows(view), DOUBT), news)
    assert model.notices.current == DOUBT
    if is_answered:
        model = replace(model, conversations=Conversations(by_id=PackedRows({view.id: replace(view, version=8)})))
    assert clear_notice(model).notices.current == (None if is_answered else news)


def test_a_failure_among_the_news_waits_whatever_comes_after_it() -> None:
    failed = Notice("not sent", is_error=True, is_news=True)
    model = tell_news(tell_news(set_notice(Model(), DONE), failed), Notice("soon", is_news=True))
    assert clear_notice(model).notices.current == failed


def test_news_come_back_when_a_key_spoke_before_they_were_read() -> None:
    news, watch = Notice("soon", is_news=True), NoticeWatch()
    model = tell_news(Model(), news)
    watch.see(model.notices.current, "here", 100.0)
    model = set_notice(model, DONE)
    assert model.notices.held is news
    assert not watch.was_read(news, 100.9)
    assert watch.was_read(news, 101.0)


def with_rows(view: ConversationView) -> Model:
    return Model(conversations=Conversations(by_id=PackedRows({view.id: view})))
