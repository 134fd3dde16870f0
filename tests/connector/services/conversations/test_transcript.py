from __future__ import annotations

import pytest

from connector.domain.refusals import Refused
from connector.services.conversations.transcript import overflow
from connector.store.ports import Store
from connector.wire import answers, requests
from connector.wire.refusals import RefusalCode
from tests.kit.use_cases import Office, rules


async def test_the_rest_of_an_over_long_text_can_be_read(store: Store) -> None:
    office = Office(store, rules())
    text = "".join(f"{number:05d} " for number in range(1000))  # 6,000 characters
    one = await office.text(text)
    await office.text("and that is all")
    long, short = await store.read(lambda reading: reading.history(one.person, None, 2))
    assert long.text == text[:5000]
    assert await office.look(overflow, requests.GetOverflow(long.id)) == answers.Overflow(text[5000:])
    assert await office.look(overflow, requests.GetOverflow(short.id)) == answers.Overflow("")
    with pytest.raises(Refused) as refused:
        await office.look(overflow, requests.GetOverflow("no such message"))
    assert refused.value.code is RefusalCode.UNKNOWN_MESSAGE
