"""Saved replies at the desk: found, filled and put in, with what a macro does; written, changed and removed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from connector.wire import requests
from connector.wire.refusals import RefusalCode
from connector.wire.saved_replies import GetSavedReplies, PutSavedReply, ReplyActions, SavedReplyContent
from tests.kit.desk import DeskInHand, desk_on
from tests.kit.fake_core import FakeCore, asked, conversation_of, undo_s
from tui.core.settings import Preferences
from tui.model.key_names import KeySetting

CONSUMER = "+15550101"
HOURS = SavedReplyContent(title="Opening hours", category="Shop", shortcut="hours", text="Hi {name|there}, 9 to 6.")
REFUND = SavedReplyContent(
    title="Refund on its way",
    shortcut="refund",
    text="Your refund has left. {agent}",
    then=ReplyActions(["refund"], "solved", closes=True),
)
WHO = SavedReplyContent(title="Ask who it is", text="Hi {name}, your order {answer_by|soon}?")


def core_with(core: FakeCore, *replies: SavedReplyContent, **fields: Any) -> FakeCore:
    core.receive(CONSUMER, "Are you open?", owner="ann")
    if fields:
        core.conversations |= {
            key: type(view)(**{name: fields.get(name, getattr(view, name)) for name in view.__struct_fields__})
            for key, view in core.conversations.items()
        }
    for one in replies:
        core.save_reply("lea", one)
    return core


def text(desk: DeskInHand) -> str:
    return desk.app.main.compose_area.text


def replies_of(core: FakeCore) -> Sequence[requests.Request]:
    return asked(core, requests.Reply)


async def test_one_is_found_by_any_words_previewed_and_put_in(core: FakeCore, tmp_path: Path) -> None:
    core_with(core, HOURS, REFUND, WHO, name="Maria Lopez")
    async with desk_on(core, tmp_path) as desk:
        assert asked(core, GetSavedReplies) == []  # a start does not wait for them
        await desk.press("enter", *"Hello.")
        await desk.press("ctrl+y")
        await desk.shows("saved replies", "1 of 3", "title, shortcut, category")
        await desk.type("opning")
        await desk.shows("Opening hours", ";hours", "Hi Maria Lopez, 9 to 6.", "30 of 1,600", "enter inserts")
        await desk.hides("Refund on its way")
        await desk.press("escape")
        await desk.hides("title, shortcut")
        assert text(desk) == "Hello." and desk.app.main.compose_area.has_focus  # exactly what was typed
        await desk.press("ctrl+y", *"shop", "enter")
        assert text(desk) == "Hello. Hi Maria Lopez, 9 to 6."
        await desk.press("enter")
        await desk.until(lambda: replies_of(core), "the reply")
        (sent,) = replies_of(core)
        assert isinstance(sent, requests.Reply)
        assert (sent.text, len(sent.saved_replies), sent.then) == ("Hello. Hi Maria Lopez, 9 to 6.", 1, None)
        await desk.press("ctrl+y")
        await desk.shows("1 of 3")
        finder = desk.app.main.conversation_pane.finder
        assert finder is not None and finder.chosen is not None and finder.chosen.title == "Opening hours"  # used last


async def test_a_macro_says_what_it_does_and_does_it_with_the_reply(core: FakeCore, tmp_path: Path) -> None:
    core_with(core, REFUND)
    undo_s(core, 60)
    async with desk_on(core, tmp_path) as desk:
        await desk.press("ctrl+y")  # from the list, too
        await desk.shows("Refund on its way", "then: tag refund, outcome solved, close")
        await desk.press("enter")
        await desk.shows("╰─ then: tag refund, outcome solved, close", "enter sends and closes")
        await desk.press("f10")
        await desk.shows(
            "What is sent later does nothing else (tag refund, outcome solved, close): ^r leaves that out."
        )
        core.refuse[requests.Reply] = (RefusalCode.TOO_MANY_SENDS, "Too many.", {})
        await desk.press("enter")
        await desk.shows("Not sent: Too many.", "then: tag refund, outcome solved, close")
        assert core.conversations[conversation_of(core, CONSUMER)].state == "assigned"
        core.refuse.clear()
        await desk.press("enter")
        await desk.shows("sent and closed. ^t undoes it")
        sent = replies_of(core)[-1]
        assert isinstance(sent, requests.Reply) and sent.then == REFUND.then
        await desk.press("ctrl+t")
        await desk.shows("Undone", "then: tag refund, outcome solved, close")
        await desk.press("ctrl+r")
        await desk.hides("then: tag")
        await desk.press("ctrl+u", "ctrl+y", "enter", *["backspace"] * 60)
        await desk.hides("then: tag")  # nothing is left of it
        assert text(desk) == ""


async def test_a_gap_is_selected_and_is_not_sent(core: FakeCore, tmp_path: Path) -> None:
    core_with(core, WHO)
    async with desk_on(core, tmp_path) as desk:
        await desk.press("enter", "ctrl+y", "enter")
        await desk.shows("{name} has no value here")
        assert desk.app.main.compose_area.selected_text == "{name}"
        await desk.press("end", "enter")
        await desk.shows("{name} is not filled", "Nothing was sent.")
        assert replies_of(core) == [] and desk.app.main.compose_area.selected_text == "{name}"
        await desk.type("Bo")
        await desk.press("enter")
        await desk.until(lambda: replies_of(core), "the reply")
        assert core.messages[-1].text == "Hi Bo, your order soon?"


async def test_what_is_too_long_once_it_is_filled_is_put_in_whole_and_not_sent(core: FakeCore, tmp_path: Path) -> None:
    core_with(core, SavedReplyContent(title="Long", text="x" * 1590 + " {name}"), name="Ann Miller")
    async with desk_on(core, tmp_path) as desk:
        await desk.press("enter", "ctrl+y")
        await desk.shows("1,601 of 1,600", "1 too many")
        await desk.press("enter")
        assert len(text(desk)) == 1601
        await desk.press("enter")
        await desk.shows("Too long by 1 character: a reply holds 1,600. Nothing was cut.")
        assert replies_of(core) == [] and len(text(desk)) == 1601


async def test_a_shortcut_and_tab_put_it_in_and_nothing_else_is_taken(core: FakeCore, tmp_path: Path) -> None:
    core_with(core, HOURS, SavedReplyContent(title="Holidays", text="Closed.", shortcut="holidays", skills=["orders"]))
    async with desk_on(core, tmp_path) as desk:
        await desk.press("enter")
        await desk.type("well ;hou")
        await desk.shows(";hours", "Hi there, 9 to 6.", "tab inserts", "enter send")
        await desk.hides("Holidays")  # of another skill
        await desk.press("tab")
        assert text(desk) == "well Hi there, 9 to 6."
        await desk.press("ctrl+u")
        await desk.type("a;hours ;) x ;hours")
        await desk.shows("tab inserts")
        await desk.press("escape")
        await desk.hides("tab inserts")
        await desk.press("enter")  # is sent as it was typed
        await desk.until(lambda: replies_of(core), "the reply")
        assert core.messages[-1].text == "a;hours ;) x ;hours"
        await desk.type(";nothing")
        await desk.press("tab")
        await desk.shows("No saved reply that is offered here has a shortcut ;nothing.")
        assert text(desk) == ";nothing" and desk.app.main.compose_area.has_focus, "what follows is meant as text"
        await desk.press("escape")
        assert not desk.app.main.compose_area.has_focus


async def test_keys_of_ones_own_and_redo(core: FakeCore, tmp_path: Path) -> None:
    core_with(core, HOURS)
    keys = (
        KeySetting("hours", ("F11",), "replies"),
        KeySetting("search", ("ctrl+x",), "compose"),
        KeySetting("gone", ("ctrl+f",), "replies"),
        KeySetting("other", ("ctrl+e",), "replies"),
        KeySetting("letter", ("h",), "replies"),
    )
    async with desk_on(core, tmp_path, preferences=Preferences(keys=keys)) as desk:
        problems = desk.app.desk.model.keys.problems
        assert [problem.partition("] ")[2][:6] for problem in problems] == ["other:", "letter"]
        await desk.press("enter", "f11")
        await desk.until(lambda: desk.app.desk.model.saved_replies.by_id, "the saved replies")
        await desk.press("f11")
        assert text(desk) == "Hi there, 9 to 6."
        await desk.press("ctrl+y")
        await desk.shows("F11")
        await desk.press("escape", "ctrl+z")
        assert text(desk) == ""
        await desk.press("ctrl+b")
        assert text(desk) == "Hi there, 9 to 6."
        await desk.press("ctrl+f")
        await desk.shows("No saved reply that is offered here has the shortcut gone.")


async def test_many_come_in_pages_and_are_kept_up_to_date(core: FakeCore, tmp_path: Path) -> None:
    core.saved_replies_page = 2
    core_with(core, *(SavedReplyContent(title=f"Number {number}", text="Text") for number in range(5)))
    async with desk_on(core, tmp_path) as desk:
        await desk.press("ctrl+y")
        await desk.shows("1 of 5")
        assert len(asked(core, GetSavedReplies)) == 3
        first = next(iter(core.saved_replies))
        core.save_reply("lea", PutSavedReply(saved_reply_id=first, is_shared=True, title="Renamed", text="Text"))
        await desk.shows("Renamed")
        await core.stop()
        await desk.press("escape")
        await core.start()
        await desk.shows("linked")
        core.save_reply("lea", SavedReplyContent(title="While away", text="Text"))
        await desk.press("ctrl+y", *"while")
        await desk.shows("While away")


async def test_one_is_saved_from_what_is_written_changed_and_removed(core: FakeCore, tmp_path: Path) -> None:
    core.role = "agent"
    core_with(core, HOURS)
    async with desk_on(core, tmp_path) as desk:
        await desk.press("enter")
        await desk.type("Thanks {x} a lot!")
        await desk.press("ctrl+p", *"save as", "enter")
        await desk.shows("A new saved reply", "Thanks {{x} a lot!", "17 of 1,600")
        await desk.press("enter")
        await desk.shows("It needs a title.")
        await desk.type("Thanks")
        await desk.hides("It needs a title.")
        await desk.press("down", "down", *"hours", "enter")
        await desk.shows("The shortcut hours is that of another one.")
        await desk.press(*["backspace"] * 5, *"thx", "enter")
        await desk.shows("Saved: ;thx and tab while writing puts it in.")
        put = asked(core, PutSavedReply)[-1]
        assert isinstance(put, PutSavedReply) and (put.title, put.is_shared) == ("Thanks", False)
        assert text(desk) == "Thanks {x} a lot!"
        await desk.press("ctrl+p", *"manage", "enter")
        await desk.shows("Saved replies", "Opening hours", "Thanks")
        await desk.press("down", "enter")
        await desk.shows("It is shared, and leads change it")
        await desk.press("up", "enter")
        await desk.shows("Change a saved reply")
        await desk.press("tab", *"Chat", "enter")
        await desk.shows("Thanks", "Chat")
        await desk.press("x")
        await desk.shows("Press the key again to remove")
        await desk.press("x")
        await desk.hides("Chat")
        await desk.press("slash", *"open", "enter")
        await desk.shows("Opening hours")
        await desk.press("escape", "escape")
        await desk.hides("Opening hours")


async def test_the_whole_warning_of_a_long_text_is_read_where_it_is_changed(core: FakeCore, tmp_path: Path) -> None:
    core_with(core, SavedReplyContent(title="Long", text="x" * 1590 + " {name}"))
    core.role = "lead"
    async with desk_on(core, tmp_path) as desk:
        await desk.press("ctrl+p", *"manage", "enter", "enter")
        await desk.shows("Change a saved reply", "Too long by 31 with long names: a reply holds 1,600 characters.")


async def test_what_goes_with_a_draft_survives_the_desk(core: FakeCore, tmp_path: Path) -> None:
    core_with(core, REFUND)
    async with desk_on(core, tmp_path) as desk:
        await desk.press("ctrl+y")
        await desk.shows("Refund on its way")
        await desk.press("enter")
        await desk.shows("then: tag refund")
    async with desk_on(core, tmp_path) as desk:
        await desk.press("enter")
        await desk.shows("Your refund has left. ann", "then: tag refund, outcome solved, close")
