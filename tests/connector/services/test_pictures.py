"""A fetched picture stays stored, and an upload lasts until the provider fetches it."""

from __future__ import annotations

import pytest

from connector.domain.media import Media, MediaState
from connector.domain.refusals import Refused
from connector.pictures.values import FetchFailed, Patience
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


@pytest.mark.parametrize("patience", Patience)
async def test_a_late_failure_does_not_undo_a_stored_picture(store: SqlStore, patience: Patience) -> None:
    office = Office(store)
    picture = Media("https://api.twilio.com/picture", "image/png")
    await office.take(InboundText("SM1", LINE, CONSUMER, "Look", media=(picture,)))
    [slow] = await claim(office, "n1")
    office.clock.advance(LEASE_S + 1)
    [quick] = await claim(office, "n2")
    for work, result in ((quick, KEPT), (slow, FetchFailed("It took too long.", patience))):
        await office.do(pictures.record, work, {0: result})
    [media] = (await office.message(quick.subject)).media
    assert (media.state, media.digest, media.words) == (MediaState.STORED, KEPT.digest, None)
    assert {one["picture"]["state"] for one in await office.events("picture_moved")} == {"kept"}
    office.clock.advance(LEASE_S + 1)
    assert await claim(office, "n1") == []


LATE = FetchFailed("api.twilio.com does not have it (HTTP 404).", Patience.MINUTES, "Ask the consumer.")
DOWN = FetchFailed("api.twilio.com has trouble (HTTP 503).", Patience.HOURS, "Ask the consumer.")


async def with_pictures(office: Office, count: int) -> None:
    pictures_in = tuple(Media(f"https://api.twilio.com/{number}", "image/png") for number in range(count))
    await office.take(InboundText("SM1", LINE, CONSUMER, "Look", media=pictures_in))


async def tried_until_over(office: Office, result: FetchFailed) -> tuple[Media, list[int]]:
    """The picture at the end of all tries, and the seconds after the hook at which each was made."""
    began, at = office.now, []
    while True:
        due = await office.store.read(lambda reading: reading.next_due("fetch", office.now))
        if due is None:
            break
        office.clock.advance(max(0, due - office.now) / 1000)
        for work in await claim(office, "n1"):
            at.append((office.now - began) // 1000)
            await office.do(pictures.record, work, {0: result})
            message = await office.message(work.subject)
    return message.media[0], at


@pytest.mark.parametrize(("result", "least_s", "most_s"), [(LATE, 600, 1200), (DOWN, 7200, 3 * HOUR_S)])
async def test_a_picture_that_is_late_is_tried_for_a_bounded_time_with_words(
    store: SqlStore, result: FetchFailed, least_s: int, most_s: int
) -> None:
    office = Office(store)
    await with_pictures(office, 1)
    media, at = await tried_until_over(office, result)
    assert at[1] <= 2 and at[2] <= 5  # most of those that are late are there within seconds
    assert least_s <= at[-1] <= most_s
    assert media.state is MediaState.FAILED
    assert media.words == f"{result.words} It was tried {len(at)} times. Ask the consumer."
    shown = [(one["picture"]["state"], one["picture"]["words"]) for one in await office.events("picture_moved")]
    assert shown == [("waiting", f"{result.words} It is tried again."), ("failed", media.words)]


async def test_a_picture_that_comes_at_the_third_try_is_stored(store: SqlStore) -> None:
    office = Office(store)
    await with_pictures(office, 3)
    tries: list[dict[int, StoredPicture | FetchFailed]] = [{0: KEPT, 1: LATE, 2: DOWN}, {1: LATE, 2: KEPT}, {1: KEPT}]
    for outcome in tries:
        office.clock.advance(30)
        [work] = await claim(office, "n1")
        await office.do(pictures.record, work, outcome)
    message = await office.message(work.subject)
    assert [(one.state, one.words) for one in message.media] == [(MediaState.STORED, None)] * 3
    assert await claim(office, "n1") == []


async def test_a_clock_that_jumps_ahead_does_not_end_the_tries(store: SqlStore) -> None:
    office = Office(store)
    await with_pictures(office, 1)
    office.clock.advance(24 * HOUR_S)
    [work] = await claim(office, "n1")
    await office.do(pictures.record, work, {0: LATE})
    assert (await office.message(work.subject)).media[0].state is MediaState.WAITING


async def test_claims_of_killed_cores_do_not_use_up_the_tries(store: SqlStore) -> None:
    office = Office(store)
    await with_pictures(office, 1)
    for _ in range(4):
        await claim(office, "n1")
        office.clock.advance(LEASE_S + 1)
    [work] = await claim(office, "n1")
    await office.do(pictures.record, work, {0: LATE})
    assert (await office.message(work.subject)).media[0].state is MediaState.WAITING


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
