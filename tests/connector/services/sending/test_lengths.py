"""A reply is as long as its line's provider takes, in the provider's unit, and has something to see."""

from __future__ import annotations

import pytest

from connector.domain.refusals import Refused
from connector.sms.lengths import LengthLimit
from connector.store.sql.store import SqlStore
from connector.wire import requests
from connector.wire.refusals import RefusalCode
from tests.kit.stores import LINE
from tests.kit.use_cases import Office, rules

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"  # 5 code points, 8 UTF-16 units
TWILIO = LengthLimit(1600, "utf16_units")
PLAIN = LengthLimit(1600)


@pytest.mark.parametrize(
    ("limit", "text", "details"),
    [
        (TWILIO, FAMILY * 320, {"limit": 1600, "length": 2560, "unit": "utf16_units"}),
        (TWILIO, FAMILY * 200, None),
        (TWILIO, "x" * 1600, None),
        (TWILIO, "x" * 1601, {"limit": 1600, "length": 1601, "unit": "code_points"}),
        (PLAIN, FAMILY * 320, None),
        (PLAIN, FAMILY * 320 + "x", {"limit": 1600, "length": 1601, "unit": "code_points"}),
        (LengthLimit(160), "x" * 161, {"limit": 160, "length": 161, "unit": "code_points"}),
    ],
)
async def test_the_stricter_limit_binds(
    store: SqlStore, limit: LengthLimit, text: str, details: dict[str, object] | None
) -> None:
    office = Office(store, rules(reply_limit=limit))
    await office.sign_in()
    conversation = await office.text()
    if details is None:
        await office.reply(conversation, text)
        await office.ask(requests.Start(LINE, "+14155550199", text))
        return
    for request in (requests.Reply(conversation.id, text), requests.Start(LINE, "+14155550199", text)):
        with pytest.raises(Refused) as no:
            await office.ask(request)
        assert (no.value.code, no.value.details) == (RefusalCode.TOO_LONG, details)
        assert f"{details['length']:,}" in no.value.words


async def test_blank_lines_at_the_end_are_neither_counted_nor_sent(store: SqlStore) -> None:
    office = Office(store, rules(reply_limit=LengthLimit(8)))
    await office.sign_in()
    conversation = await office.text()
    message = await office.message(await office.reply(conversation, "12\n45678\n \r\n\n"))
    assert message.text == "12\n45678"
    await office.ask(requests.Start(LINE, "+14155550199", "12345678\n\n"))
    await office.ask(requests.ScheduleReply(conversation.id, "1234567 \n\n", office.now + 3_600_000))
    [waiting] = (await office.question(requests.GetScheduled())).scheduled
    assert waiting.text == "1234567 "


@pytest.mark.parametrize("text", ["", "\n ", "\u200b\ufeff", "\u2800", "\u3164", "\ufe0f\u200d", "\U000e0041"])
async def test_a_text_with_nothing_to_see_is_refused(store: SqlStore, text: str) -> None:
    office = Office(store)
    await office.sign_in()
    conversation = await office.text()
    for request in (
        requests.Reply(conversation.id, text),
        requests.Start(LINE, "+14155550199", text),
        requests.WriteNote(conversation.id, text),
    ):
        with pytest.raises(Refused) as no:
            await office.ask(request)
        assert no.value.code == RefusalCode.EMPTY
