"""Nothing genuine is answered 2xx and then nowhere to be seen: it is a message, or it is listed with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from msgspec.structs import replace

from connector.domain.media import Media, MediaState
from connector.domain.refusals import Refused
from connector.domain.status import Status
from connector.providers.values import Arrival, DeliveryReceipt, InboundText, Untaken
from connector.services.accounts import quarantine, stored_hooks
from connector.services.conversations import inbound
from connector.store.hook_budgets import Standing
from connector.store.sql.store import SqlStore
from connector.store.values import HookState, RawHook
from tests.kit.stores import CONSUMER, LINE, hook
from tests.kit.use_cases import OTHER_LINE, Office, consumer, rules

TEXT = InboundText("SM1", LINE, CONSUMER, "Hello")


def receipt(**changes: Any) -> DeliveryReceipt:
    return replace(DeliveryReceipt(Status.DELIVERED, "delivered", ref="SM9"), **changes)


async def took(office: Office, *arrivals: Arrival, **fields: Any) -> list[RawHook]:
    """What is listed after a hook with these arrivals."""
    raw = hook(id=office.ids.new(), at=office.now, **fields)
    await office.do(inbound.take_hook, raw, arrivals)
    return await office.store.read(lambda reading: [one for one in quarantine.latest(reading, 50) if one.id == raw.id])


FAILED = receipt(status=Status.FAILED, raw_status="failed", words="Twilio took the message for one of a machine.")


@pytest.mark.parametrize(
    ("arrivals", "state", "words"),
    [
        ([TEXT], None, ""),
        ([replace(TEXT, line="+15550999")], HookState.UNROUTABLE, "+15550999 is not a number"),
        ([Untaken("a voice call")], HookState.UNUSED, "a voice call"),
        ([Untaken("an event with a text", True)], HookState.UNREADABLE, "an event with a text"),
        ([TEXT, Untaken("a header that names no part", True)], HookState.UNREADABLE, "names no part"),
        ([TEXT, Untaken("one"), Untaken("two", True), Untaken("three")], HookState.UNREADABLE, "two"),
        ([receipt()], HookState.UNUSED, "a message that this core has not sent, or not yet (SM9: delivered)"),
        ([receipt(ref=None, message_id="M9")], HookState.UNUSED, "(M9: delivered)"),
        ([receipt(status=None, raw_status="typing")], HookState.UNUSED, "unknown status of a message that this core"),
        ([FAILED], HookState.UNUSED, "(SM9: failed). Twilio took the message for one of a machine."),
        ([replace(TEXT, line="+15550999"), Untaken("x")], HookState.UNROUTABLE, "+15550999"),
    ],
)
async def test_what_becomes_no_message_is_listed_with_the_reason(
    store: SqlStore, arrivals: Sequence[Arrival], state: HookState | None, words: str
) -> None:
    listed = await took(Office(store), *arrivals)
    assert [one.state for one in listed] == ([] if state is None else [state])
    assert all(words in one.reason for one in listed)


async def test_receipts_of_our_own_replies_are_not_listed(store: SqlStore) -> None:
    office = Office(store)
    await office.sign_in()
    sent = await office.reply(await office.text())
    for status, word in ((Status.SENT, "sent"), (None, "teleporting"), (Status.DELIVERED, "delivered")):
        assert await took(office, receipt(status=status, raw_status=word, message_id=sent)) == []
    assert await took(office, receipt(message_id=sent)) == []  # again
    assert await took(office, receipt(status=Status.SENT, raw_status="sent", message_id=sent)) == []  # late
    [late] = await took(office, receipt(status=None, raw_status="teleporting", message_id=sent))
    assert "unknown status of a message whose end is known" in late.reason


async def test_a_receipt_of_a_consumer_s_text_is_listed(store: SqlStore) -> None:
    office = Office(store)
    await took(office, TEXT)
    [listed] = await took(office, receipt(ref="SM1", status=Status.FAILED, raw_status="failed"))
    assert listed.state is HookState.UNUSED


@pytest.mark.parametrize(
    ("again", "is_listed"),
    [
        (TEXT, False),
        (replace(TEXT, at=5), False),
        (replace(TEXT, text="Goodbye"), True),
        (replace(TEXT, media=(Media("https://a/1", "image/png"),)), True),
    ],
)
async def test_a_text_that_is_dropped_for_its_id_is_listed_when_it_says_something_else(
    store: SqlStore, again: InboundText, is_listed: bool
) -> None:
    office = Office(store)
    assert await took(office, TEXT) == []
    listed = await took(office, again)
    assert [one.state for one in listed] == [HookState.UNREADABLE] * is_listed
    assert all("SM1 again, with other content" in one.reason for one in listed)


async def test_a_hook_that_has_nothing_more_to_take_is_not_released(store: SqlStore) -> None:
    office = Office(store)
    await took(office, TEXT)
    again = replace(TEXT, text="Goodbye")
    [listed] = await took(office, again)
    with pytest.raises(Refused, match="It has nothing that could be taken: the id SM1 again"):
        await office.do(quarantine.release, "ann", quarantine.require_releasable(listed), [again])
    assert await office.store.read(lambda reading: reading.hook(listed.id)) == listed


async def test_words_that_come_after_their_picture_are_listed(store: SqlStore) -> None:
    office = Office(store)
    picture = replace(TEXT, text="", media=(Media("https://a/1", "image/png"),))
    assert await took(office, picture) == []
    assert await took(office, picture) == []
    [listed] = await took(office, replace(picture, text="Look"))
    assert listed.state is HookState.UNREADABLE


async def test_a_blank_text_of_an_earlier_version_is_the_one_with_our_words(store: SqlStore) -> None:
    office = Office(store)
    assert await took(office, replace(TEXT, text=" ")) == []
    assert await took(office, replace(TEXT, text="[a text without anything to see]")) == []


@pytest.mark.parametrize("text", ["\0 a \ud800", "x" * 6000])
async def test_the_same_text_again_is_the_same_however_it_is_stored(store: SqlStore, text: str) -> None:
    office = Office(store)
    for _ in range(2):
        assert await took(office, replace(TEXT, text=text)) == []


async def test_pictures_that_an_account_cannot_receive_are_a_line_with_the_reason(store: SqlStore) -> None:
    office = Office(store, rules(fetches_pictures=False), rules(address=OTHER_LINE))
    picture = Media("", "image/jpeg")
    await took(office, replace(TEXT, text="", media=(picture, picture)), Untaken("pictures"))
    conversation = await office.open_for(CONSUMER)
    assert conversation.last_text == "[2 pictures]"
    [event] = await office.events("message_received")
    shown = event["message"]["pictures"]
    assert [one["state"] for one in shown] == [MediaState.FAILED] * 2
    assert all("This account cannot receive pictures." in one["words"] for one in shown)
    assert await office.store.read(lambda reading: reading.next_due("fetch", office.now)) is None


async def test_what_is_unused_takes_little_room_and_no_place_of_what_may_be_a_text(store: SqlStore) -> None:
    office = Office(store)
    await took(office, Untaken("an event with a text", True), body=b"x" * 200_000)
    for number in range(60):
        office.clock.advance(1)
        await took(office, receipt(ref=f"SM{number}"), body=b"x" * 200_000)
    listed = await office.store.read(lambda reading: quarantine.latest(reading, 16))
    assert [one.state for one in listed] == [HookState.UNUSED] * 2 + [HookState.UNREADABLE]
    assert [len(one.body) for one in listed] == [stored_hooks.STORED_BODY] * 2 + [200_000]
    assert listed[0].budget is not None and listed[0].budget.startswith(Standing.UNUSED)


async def test_what_was_only_watched_stays_so_and_says_both(store: SqlStore) -> None:
    office = Office(store)
    raw = stored_hooks.set_aside(hook(), HookState.WATCHED, "no signature", Standing.UNPROVEN)
    await office.do(inbound.take_hook, raw, [receipt()])
    [listed] = await office.store.read(lambda reading: quarantine.latest(reading, 50))
    assert listed.state is HookState.WATCHED
    assert listed.reason.startswith("no signature; a receipt for a message")


async def test_other_consumers_are_not_held_up(store: SqlStore) -> None:
    """One hook may have several texts: what cannot be taken of one costs no other."""
    office = Office(store)
    other = InboundText("SM2", LINE, consumer(2), "Hi")
    await took(office, replace(TEXT, line="+15550999"), other, Untaken("x"))
    assert (await office.open_for(consumer(2))).last_text == "Hi"
