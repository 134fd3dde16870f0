"""A fetched picture stays stored, and an upload lasts until the provider fetches it."""

from __future__ import annotations

import pytest

from connector.domain.media import Media, MediaState
from connector.domain.refusals import Refused
from connector.pictures.values import FetchFailed
from connector.providers.values import InboundText
from connector.services import pictures
from connector.services.pictures import StoredPicture
from connector.services.work import LEASE_S
from connector.store.sql.store import SqlStore
from connector.store.values import Work
from connector.wire import requests
from tests.kit.stores import CONSUMER, LINE
from tests.kit.use_cases import Office

KEPT = StoredPicture("a" * 64, 1000, "image/png")
HOUR_S = 3600


async def claim(office: Office, node: str) -> list[Work]:
    claimed = await office.do(pictures.claim, node, 10)
    return [work for work, _ in claimed]


@pytest.mark.parametrize("is_final", [False, True])
async def test_a_late_failure_does_not_undo_a_stored_picture(store: SqlStore, is_final: bool) -> None:
    office = Office(store)
    picture = Media("https://api.twilio.com/picture", "image/png")
    await office.take(InboundText("SM1", LINE, CONSUMER, "Look", media=(picture,)))
    [slow] = await claim(office, "n1")
    office.clock.advance(LEASE_S + 1)
    [quick] = await claim(office, "n2")
    for work, result in ((quick, KEPT), (slow, FetchFailed("It took too long.", is_final))):
        await office.do(pictures.record, work, {0: result})
    [media] = (await office.message(quick.subject)).media
    assert (media.state, media.digest, media.words) == (MediaState.STORED, KEPT.digest, None)
    assert {one["picture"]["state"] for one in await office.events("picture_moved")} == {"kept"}
    office.clock.advance(LEASE_S + 1)
    assert await claim(office, "n1") == []


async def test_an_upload_that_may_expire_before_it_is_fetched_is_refused(store: SqlStore) -> None:
    office = Office(store)
    await office.sign_in()
    conversation = await office.text()
    uploaded = await office.do(pictures.upload, "ann", KEPT)
    await office.ask(requests.Reply(conversation.id, "Here", [uploaded.picture_id]))
    for hours in (19, 10):  # five hours before it ends, and after
        office.clock.advance(hours * HOUR_S)
        with pytest.raises(Refused, match="upload it again"):
            await office.ask(requests.Reply(conversation.id, "Here again", [uploaded.picture_id]))
