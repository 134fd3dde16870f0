"""The card of a person, on a core over a real socket."""

from __future__ import annotations

from pathlib import Path

import pytest

from connector.wire import contacts
from connector.wire.refusals import RefusalCode
from tests.kit.desk import DeskInHand, desk_on
from tests.kit.fake_core import FakeCore, asked
from tui.screens.dialogs.card import CardDialog

ONE = "+15550101"


async def opened(desk: DeskInHand, *words: str) -> None:
    await desk.press("P")
    await desk.shows("Attributes, one a line", *words)


def is_closed(desk: DeskInHand) -> bool:
    return not isinstance(desk.app.screen, CardDialog)


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (60, 14)])
async def test_what_is_typed_is_recorded_and_stands_everywhere(
    core: FakeCore, tmp_path: Path, size: tuple[int, int]
) -> None:
    core.receive(ONE, "hello", owner="ann")
    async with desk_on(core, tmp_path, size=size) as desk:
        await desk.shows("hello")
        await opened(desk)
        await desk.type("Renée Dubois")
        await desk.press("tab")
        await desk.type("fr")
        await desk.press("tab")
        await desk.type("order: A-17")
        await desk.press("enter")
        await desk.type("VIP")
        await desk.press("tab")
        await desk.type("Has a dog.")
        await desk.press("ctrl+s")
        await desk.until(lambda: is_closed(desk), "the end of the dialog")
        await desk.shows("Renée Dubois", "Recorded of Renée Dubois.")
    [saved] = asked(core, contacts.SetContact)
    assert saved.attributes == {"order": "A-17", "VIP": "yes"}
    assert (saved.name, saved.language, saved.notes, saved.based_on) == ("Renée Dubois", "fr", "Has a dog.", "")
    assert core.contacts[ONE].name == "Renée Dubois"


async def test_only_what_was_changed_is_asked_for_and_nothing_for_nothing(core: FakeCore, tmp_path: Path) -> None:
    core.receive(ONE, "hello", owner="ann")
    before = core.record(ONE, name="Ana", notes="a dog", attributes={"order": "7"})
    async with desk_on(core, tmp_path, size=(120, 36)) as desk:
        await opened(desk, "Ana", "order: 7", "a dog", "changed by ben")
        await desk.press("ctrl+s")
        await desk.until(lambda: is_closed(desk), "the end of the dialog")
        assert not asked(core, contacts.SetContact)
        await opened(desk)
        await desk.type(", and a cat")
        await desk.press("tab", "end", *["backspace"] * 3)
        await desk.type("Zoe")
        await desk.press("enter")  # in a field of one line
        await desk.until(lambda: is_closed(desk), "the end of the dialog")
    [saved] = asked(core, contacts.SetContact)
    assert (saved.name, saved.notes, saved.attributes, saved.language) == ("Zoe", "a dog, and a cat", None, None)
    assert saved.based_on == before.version


async def test_what_is_typed_is_dropped_by_a_second_key_only(core: FakeCore, tmp_path: Path) -> None:
    core.receive(ONE, "hello", owner="ann")
    async with desk_on(core, tmp_path) as desk:
        await desk.shows("hello")
        await opened(desk)
        await desk.type("Zoe")
        await desk.press("escape")
        await desk.shows("What you wrote here would be lost. esc again drops it.", "Zoe")
        await desk.press("escape")
        await desk.until(lambda: is_closed(desk), "the end of the dialog")
        assert not asked(core, contacts.SetContact)


async def test_what_another_agent_writes_meanwhile_is_shown_and_not_replaced_unseen(
    core: FakeCore, tmp_path: Path
) -> None:
    core.receive(ONE, "hello", owner="ann")
    core.record(ONE, name="Ana", notes="a dog")
    async with desk_on(core, tmp_path, size=(120, 36)) as desk:
        await opened(desk, "a dog")
        await desk.type(" and a cat")
        core.record(ONE, "ben", name="Ana Costa")  # another field
        await desk.shows("ben has changed other fields meanwhile", "a dog and a cat", "Ana Costa")
        core.record(ONE, "ben", notes="a dog called Rex")
        await desk.shows("ben has written meanwhile: notes: a dog called Rex. ^s puts yours in")
        await desk.shows("a dog and a cat")
        assert not asked(core, contacts.SetContact)
        await desk.press("ctrl+s")
        await desk.until(lambda: is_closed(desk), "the end of the dialog")
    assert core.contacts[ONE].notes == "a dog and a cat" and core.contacts[ONE].name == "Ana Costa"


async def test_a_change_that_comes_with_the_key_is_met_by_trying_again(core: FakeCore, tmp_path: Path) -> None:
    core.receive(ONE, "hello", owner="ann")
    core.record(ONE, name="Ana", notes="a dog")
    async with desk_on(core, tmp_path, size=(120, 36)) as desk:
        await opened(desk, "a dog")
        await desk.type("!")
        core.silent.add(contacts.SetContact)
        await desk.press("ctrl+s")
        await desk.until(lambda: asked(core, contacts.SetContact), "the request")
        core.record(ONE, "ben", name="Ana Costa")
        core.silent.clear()
        core.answer()
        await desk.until(lambda: is_closed(desk), "the end of the dialog")
    assert (core.contacts[ONE].notes, core.contacts[ONE].name) == ("a dog!", "Ana Costa")


async def test_a_refusal_keeps_what_is_typed(core: FakeCore, tmp_path: Path) -> None:
    core.receive(ONE, "hello", owner="ann")
    core.refuse[contacts.SetContact] = (RefusalCode.BAD_REQUEST, "gibberish is no language.")
    async with desk_on(core, tmp_path) as desk:
        await desk.shows("hello")
        await opened(desk)
        await desk.press("tab")
        await desk.type("gibberish")
        await desk.press("enter")
        await desk.shows("gibberish is no language.")
        del core.refuse[contacts.SetContact]
        await desk.press("ctrl+s")
        await desk.until(lambda: is_closed(desk), "the end of the dialog")


async def test_there_is_no_card_where_nothing_was_sent(core: FakeCore, tmp_path: Path) -> None:
    async with desk_on(core, tmp_path) as desk:
        await desk.press("P")
        await desk.shows("There is no conversation here.")
        await desk.press("c", "plus", *ONE.removeprefix("+"), "enter")
        await desk.shows("of 1,600")
        await desk.press("escape", "P")
        await desk.shows("Nothing has been sent here yet")


async def test_the_head_follows_what_others_record(core: FakeCore, tmp_path: Path) -> None:
    core.receive(ONE, "hello", owner="ann")
    async with desk_on(core, tmp_path, size=(150, 36)) as desk:
        await desk.shows("hello")
        core.record(ONE, name="Renée Dubois", language="fr", attributes={"VIP": "yes"}, notes="Has a dog.")
        await desk.shows("Renée Dubois", "French · VIP", "About them", "Has a dog.")
