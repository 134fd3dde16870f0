"""The search of a desk: hits as one types, the way to the place of one and back, and what a place is like."""

from __future__ import annotations

from pathlib import Path

import pytest

from connector.wire import requests
from connector.wire.refusals import RefusalCode
from tests.kit.desk import DeskInHand, desk_on
from tests.kit.fake_core import FakeCore, asked, conversation_of
from tui.screens.search_page import Hits, SearchPage

ANN, BOB, CAM = "+15550101", "+15550102", "+15550103"
DAY = 86_400_000


def talk(core: FakeCore, consumer: str, count: int, *, owner: str | None = "ann") -> None:
    """Texts number 0 to `count`, one a minute; every tenth has the word parcel in it."""
    begin = core.now() - count * 60_000
    for number in range(count):
        words = f"the parcel {number}" if number % 10 == 0 else f"text {number}"
        core.receive(consumer, f"{words} of {consumer[-3:]}", owner=owner, at=begin + number * 60_000)


async def searched(desk: DeskInHand, words: str) -> None:
    await desk.press("f")
    await desk.shows("Search")
    await desk.type(words)
    await desk.until(lambda: not desk.app.desk.is_searching, "what was found")


def said(desk: DeskInHand) -> str:
    """What the transcript shows."""
    region = desk.app.main.transcript.region
    return "\n".join(row[region.x : region.right] for row in desk.rows[region.y : region.bottom])


async def reaches(desk: DeskInHand, words: str, key: str) -> None:
    """Press a key until these are in the transcript."""
    for _ in range(200):
        if words in said(desk):
            return
        await desk.press(key)
    raise AssertionError(f"no {words!r} in\n{desk.text}")


async def test_an_empty_search_says_what_can_be_written(core: FakeCore, tmp_path: Path) -> None:
    core.receive(ANN, "hello", owner="ann")
    async with desk_on(core, tmp_path, size=(80, 24)) as desk:
        await desk.press("f")
        await desk.shows("Search", "All messages and people", "from:anna", "since:2026-10-01", "is:open", "esc back")
        assert asked(core, requests.Search) == []
        await desk.press("escape")
        await desk.shows("hello")


async def test_hits_come_as_one_types_and_enter_goes_to_the_place(core: FakeCore, tmp_path: Path) -> None:
    talk(core, BOB, 5)
    talk(core, ANN, 300)
    async with desk_on(core, tmp_path) as desk:
        await searched(desk, "parcel")
        await desk.shows("31 hits", "the parcel 290 of 101", "the parcel 280")
        for _ in range(30):
            await desk.press("down")
        await desk.shows("the parcel 0 of 101")
        await desk.press(*["up"] * 11, "enter")
        await desk.shows("the parcel 100 of 101", "text 101", "text 99 ")
        await desk.hides("Search")
        assert "text 299" not in said(desk)
        assert requests.GetHistory(conversation_of(core, ANN), around=message_of(core, "the parcel 100")) in asked(
            core, requests.GetHistory
        )
        await desk.press("escape")
        await desk.shows("31 hits", "the parcel 100 of 101")
        here = (conversation_of(core, ANN), message_of(core, "the parcel 100"))
        assert desk.app.screen.query_one(Hits).current == here
        await desk.press("k", "enter")  # the hits have the keys of a list
        await desk.shows("the parcel 110 of 101", "text 111")
        await desk.press("escape")
        await desk.shows("31 hits")
        await desk.press("escape")
        await desk.hides("31 hits")
        await desk.shows("preview")
        assert not desk.app.desk.model.is_entered


def message_of(core: FakeCore, text: str) -> str:
    return next(message.id for message in core.messages if message.text.startswith(f"{text} "))


async def test_from_hit_to_hit_in_the_transcript_over_pages_of_it(core: FakeCore, tmp_path: Path) -> None:
    talk(core, BOB, 5)
    talk(core, ANN, 900)
    async with desk_on(core, tmp_path, size=(80, 24)) as desk:
        await searched(desk, "parcel")
        await desk.press("enter")
        await desk.until(lambda: desk.app.desk.came_from_search, "the place")
        await desk.shows("[ hit above  ] below")
        await desk.press("right_square_bracket")
        await desk.shows("No hit of the search is further down here.")
        await desk.press("left_square_bracket")
        await desk.until(lambda: "the parcel 880 of 101" in said(desk), "the hit above")
        for number in range(870, -1, -10):  # the first fifty hits end on the way
            await reaches(desk, f"the parcel {number} of 101", "left_square_bracket")
        await desk.press("left_square_bracket")
        await desk.shows("No hit of the search is further up here.")
        for number in (10, 20, 30):
            await desk.press("right_square_bracket")
            await reaches(desk, f"the parcel {number} of 101", "f3")
        here = (conversation_of(core, ANN), message_of(core, "the parcel 30"))
        await desk.press("escape")
        await desk.until(lambda: isinstance(desk.app.screen, SearchPage), "the hits")
        assert desk.app.screen.query_one(Hits).current == here


async def test_opened_anew_it_has_the_words_and_typing_replaces_them(core: FakeCore, tmp_path: Path) -> None:
    talk(core, ANN, 20)
    async with desk_on(core, tmp_path, size=(80, 24)) as desk:
        await searched(desk, "parcel")
        await desk.press("enter")
        await desk.until(lambda: desk.app.desk.came_from_search, "the place")
        await desk.press("escape")
        await desk.shows("2 hits")
        assert desk.app.screen.query_one(Hits).has_focus and desk.app.desk.model.search.text == "parcel"
        await desk.press("escape", "f")
        await desk.shows("2 hits", "parcel")
        await desk.type("text 11")
        await desk.shows("1 hit")
        assert desk.app.desk.model.search.text == "text 11"
        await desk.press("tab", "f")
        await desk.type("text 1")
        await desk.until(lambda: desk.app.desk.model.search.text == "text 1", "the words in place of those before")


async def test_while_writing_it_leads_back_to_the_draft(core: FakeCore, tmp_path: Path) -> None:
    core.receive(BOB, "about a parcel", owner="ann")
    core.receive(ANN, "hello there", owner="ann")
    async with desk_on(core, tmp_path) as desk:
        await desk.press("enter")
        await desk.type("half a sentence")
        first = desk.app.desk.model.shown
        await desk.press("ctrl+f")
        await desk.type("about")
        await desk.shows("1 hit")
        if first == conversation_of(core, BOB):
            await desk.press(*["backspace"] * 5)
            await desk.type("hello")
            await desk.shows("1 hit", "hello there")
        await desk.press("enter")
        await desk.until(lambda: desk.app.desk.model.shown != first, "the other conversation")
        await desk.press("escape")
        await desk.shows("1 hit")
        await desk.press("escape")
        await desk.until(lambda: desk.app.desk.model.shown == first, "the conversation before")
        assert desk.app.main.compose_area.text == "half a sentence" and desk.app.main.compose_area.has_focus


async def test_the_newest_question_wins_and_nothing_flickers(core: FakeCore, tmp_path: Path) -> None:
    talk(core, ANN, 21)
    async with desk_on(core, tmp_path) as desk:
        await searched(desk, "parcel")
        await desk.shows("3 hits")
        core.silent.add(requests.Search)
        await desk.type(" 2")
        await desk.shows("the parcel 10")  # as long as there is nothing better
        await desk.type("0")
        core.silent.clear()
        core.answer()
        await desk.shows("1 hit", "the parcel 20")
        await desk.hides("the parcel 10")
        assert [one.text for one in asked(core, requests.Search)][-2:] == ["parcel 2", "parcel 20"]


async def test_a_search_that_cannot_be_meant_is_answered_in_words(core: FakeCore, tmp_path: Path) -> None:
    talk(core, ANN, 11)
    async with desk_on(core, tmp_path, size=(80, 24)) as desk:
        await searched(desk, "parcel")
        core.refuse[requests.Search] = (RefusalCode.BAD_REQUEST, "tga: is nothing; did you mean tag:?", {})
        await desk.type(" tga:x")
        await desk.shows("tga: is nothing; did you mean tag:?")
        await desk.press("enter")  # goes nowhere
        core.refuse.clear()
        await desk.press(*["backspace"] * 6)
        await desk.shows("2 hits")


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_a_place_is_scrolled_from_both_ways_and_g_goes_to_the_present(
    core: FakeCore, tmp_path: Path, size: tuple[int, int]
) -> None:
    talk(core, ANN, 300)
    async with desk_on(core, tmp_path, size=size) as desk:
        await searched(desk, '"parcel 100"')
        await desk.press("enter")
        await desk.shows("the parcel 100 of 101")
        for number in range(101, 171):  # none is missing
            await reaches(desk, f"{number} of", "down")
        core.receive(ANN, "meanwhile", at=core.now())
        assert "meanwhile" not in said(desk)
        await desk.press("G")
        await desk.until(lambda: "meanwhile" in said(desk) and "text 299" in said(desk), "the latest")
        assert "parcel 100" not in said(desk)
        await desk.press("escape")
        await desk.shows("1 hit")
        await desk.press("enter")
        for number in range(99, 40, -1):
            await reaches(desk, f"{number} of", "up")
        await reaches(desk, "meanwhile", "pagedown")
        shown = desk.app.desk.model.transcript
        assert shown is not None and not shown.has_newer


async def test_nothing_is_sent_from_a_place_that_the_latest_message_is_not_at(core: FakeCore, tmp_path: Path) -> None:
    talk(core, ANN, 300)
    async with desk_on(core, tmp_path) as desk:
        await searched(desk, '"parcel 100"')
        await desk.press("enter")
        await desk.shows("the parcel 100 of 101", "newer messages")
        await desk.press("i", *"ok", "enter")
        await desk.shows("Newer messages are not on the screen: G")
        assert asked(core, requests.Reply) == [] and desk.app.main.compose_area.text == "ok"
        await desk.press("escape", "G")
        await desk.shows("text 299")
        await desk.press("i", "enter")
        await desk.until(lambda: asked(core, requests.Reply), "the reply")


async def test_a_closed_conversation_of_last_year_is_read_and_reopened(core: FakeCore, tmp_path: Path) -> None:
    core.receive(CAM, "the blue teapot", owner="ben", at=core.now() - 400 * DAY)
    closed = conversation_of(core, CAM)
    core.archive(closed, core.now() - 399 * DAY)
    core.receive(ANN, "hello", owner="ann")
    async with desk_on(core, tmp_path) as desk:
        await searched(desk, "teapot")
        await desk.shows("1 hit", "closed", "the blue teapot")
        await desk.press("enter")
        await desk.shows("the blue teapot", "R reopen")
        await desk.hides("1 hit")
        await desk.press("c")
        await desk.shows("Text a consumer first", CAM)
        await desk.press("escape", "R")
        await desk.until(lambda: core.conversations.get(closed) is not None, "the conversation reopened")
        assert core.conversations[closed].agent == "ann"


async def test_one_that_has_gone_meanwhile_is_said_to_be_gone(core: FakeCore, tmp_path: Path) -> None:
    core.receive(CAM, "the blue teapot", owner="ben")
    closed = conversation_of(core, CAM)
    core.archive(closed, core.now())
    async with desk_on(core, tmp_path) as desk:
        await searched(desk, "teapot")
        core.archived.clear()
        await desk.press("enter")
        await desk.shows("There is no such conversation any more.")
        assert desk.app.desk.model.shown != closed


async def test_people_are_found_by_their_number(core: FakeCore, tmp_path: Path) -> None:
    core.receive(CAM, "good morning", owner="ann")
    core.receive(ANN, "hello", owner="ann")
    async with desk_on(core, tmp_path) as desk:
        await searched(desk, "0103")
        await desk.shows("1 person", CAM)
        await desk.press("enter")
        await desk.until(lambda: desk.app.desk.model.shown == conversation_of(core, CAM), "the conversation")
        await desk.shows("good morning")


async def test_one_whose_conversation_closed_is_texted_from_the_hit(core: FakeCore, tmp_path: Path) -> None:
    core.receive(CAM, "the blue teapot", owner="ben", at=core.now() - 7 * DAY)
    core.archive(conversation_of(core, CAM), core.now() - 7 * DAY)
    core.receive(ANN, "hello", owner="ann")
    async with desk_on(core, tmp_path, size=(80, 24)) as desk:
        await searched(desk, "teapot")
        await desk.shows("1 hit", "closed")
        await desk.press("tab", "c")
        await desk.shows("Text a consumer first", CAM)
        await desk.press("enter")
        await desk.type("it is here")
        await desk.press("enter")
        await desk.until(lambda: asked(core, requests.Start), "the first text")
        assert [(one.consumer, one.text) for one in asked(core, requests.Start)] == [(CAM, "it is here")]


async def test_enter_asks_again_where_the_core_could_not_say(core: FakeCore, tmp_path: Path) -> None:
    talk(core, ANN, 11)
    core.refuse[requests.Search] = (RefusalCode.SEARCH_UNAVAILABLE, "The index for search is damaged.", {})
    async with desk_on(core, tmp_path, size=(80, 24)) as desk:
        await searched(desk, "parcel")
        await desk.shows("The index for search is damaged.")
        core.refuse.clear()
        await desk.press("enter")
        await desk.shows("2 hits")
