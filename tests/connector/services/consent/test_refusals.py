"""Opt-outs that the provider reports, in whatever order its answer and its receipts come."""

from __future__ import annotations

from typing import Any

import pytest

from connector.domain.status import Status
from connector.providers.values import Accepted, DeliveryReceipt, Rejected
from connector.services.sending import attempt_outcomes, outbox
from connector.store.sql.store import SqlStore
from tests.kit.stores import CONSUMER
from tests.kit.use_cases import Office

WORDS = "The consumer has opted out."
REPORT: dict[str, Any] = {
    "raw_status": "undelivered",
    "code": "21610",
    "words": "The consumer has opted out.",
    "opted_out": True,
}


async def sending(store: SqlStore) -> tuple[Office, str]:
    """An office with a reply under way, and the reply's id."""
    office = Office(store)
    await office.sign_in()
    return office, await office.reply(await office.text())


async def kind_of(office: Office) -> str | None:
    found = await office.last_word(CONSUMER)
    return None if found is None else str(found.kind)


@pytest.mark.parametrize("is_early", [True, False])
async def test_a_receipt_that_reports_an_opt_out(store: SqlStore, is_early: bool) -> None:
    office, message_id = await sending(store)
    ((job, _),) = await office.do(outbox.claim, "n1", 10)
    if not is_early:
        await office.do(attempt_outcomes.record, job, Accepted("SM-out"))
    await office.take(DeliveryReceipt(Status.UNDELIVERED, ref="SM-out", **REPORT))
    if is_early:
        assert await kind_of(office) is None, "it is not known yet whose it is"
        await office.do(attempt_outcomes.record, job, Accepted("SM-out"))
    assert await kind_of(office) == "opted_out"
    await office.text("START")
    await office.take(DeliveryReceipt(Status.UNDELIVERED, ref="SM-out", **REPORT))  # delivered again
    assert await kind_of(office) == "opted_in"
    assert (await office.message(message_id)).status is Status.UNDELIVERED


async def test_a_receipt_of_an_unknown_status_reports_it_as_well(store: SqlStore) -> None:
    office, message_id = await sending(store)
    await office.take(DeliveryReceipt(None, message_id=message_id, **REPORT))
    assert await kind_of(office) == "opted_out"


async def test_an_answer_to_a_send_reports_it(store: SqlStore) -> None:
    office, _ = await sending(store)
    ((job, _),) = await office.do(outbox.claim, "n1", 10)
    await office.do(attempt_outcomes.record, job, Rejected("21610", WORDS, opted_out=True))
    assert await kind_of(office) == "opted_out"
