"""Which consumers an agent can text first."""

from __future__ import annotations

import pytest

from connector.store.sql.store import SqlStore
from connector.wire import answers, requests
from connector.wire.refusals import RefusalCode
from tests.kit.floor import desks
from tests.kit.stores import LINE


@pytest.mark.parametrize("number", ["+14155550133", "+447911123456", "+15550133", "55501"])
async def test_numbers_and_short_codes(store: SqlStore, number: str) -> None:
    floor = desks(store)
    await floor.come("ann")
    assert isinstance(await floor.ask(requests.Start(LINE, number, "About your call"), "ann"), answers.Started)


@pytest.mark.parametrize("number", ["+0123456789", "4155550133", "+1 415 555 0133", "+1415555013", "+999123456789", ""])
async def test_what_is_no_phone_number_is_refused(store: SqlStore, number: str) -> None:
    floor = desks(store)
    await floor.come("ann")
    assert await floor.refused(requests.Start(LINE, number, "About your call"), "ann") == RefusalCode.BAD_REQUEST
