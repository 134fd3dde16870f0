from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException

from connector.lab.simulator.world import DEMO
from tests.connector.lab.harness import CONSUMER, LINE, RecordingCore, Simulator, simulator, twilio_client

ACCOUNT = DEMO.twilio
ROOT = f"/2010-04-01/Accounts/{ACCOUNT.sid}"


async def test_a_text_is_accepted_with_the_message_resource(sim: Simulator) -> None:
    response = await sim.http.post(
        f"{ROOT}/Messages.json",
        data={"To": CONSUMER, "From": LINE, "Body": "€" * 81},
        auth=(ACCOUNT.sid, ACCOUNT.auth_token),
    )
    body = response.json()
    assert response.status_code == 201
    assert re.fullmatch("SM[0-9a-f]{32}", body["sid"])
    assert body["uri"] == f"{ROOT}/Messages/{body['sid']}.json"
    assert datetime.now(UTC) - parsedate_to_datetime(body["date_created"]) < timedelta(minutes=5)
    expected = {
        "account_sid": ACCOUNT.sid,
        "api_version": "2010-04-01",
        "body": "€" * 81,
        "direction": "outbound-api",
        "error_code": None,
        "from": LINE,
        "to": CONSUMER,
        "num_media": "0",
        "num_segments": "2",
        "status": "queued",
        "date_sent": None,
        "price": None,
        "messaging_service_sid": None,
    }
    assert body | expected == body


@pytest.mark.parametrize(
    ("user", "password", "is_known"),
    [
        (ACCOUNT.sid, ACCOUNT.auth_token, True),
        (ACCOUNT.api_key, ACCOUNT.api_secret, True),
        (ACCOUNT.sid, ACCOUNT.api_secret, False),
        (ACCOUNT.sid, "", False),
        ("AC" + "9" * 32, ACCOUNT.auth_token, False),
    ],
)
async def test_sign_in(sim: Simulator, user: str, password: str, is_known: bool) -> None:
    client = twilio_client(sim, user, password or "wrong")
    if is_known:
        assert (await client.api.v2010.accounts(ACCOUNT.sid).balance.fetch_async()).currency == "USD"
        return
    with pytest.raises(TwilioRestException) as refused:
        await client.messages.create_async(to=CONSUMER, from_=LINE, body="hello")
    assert (refused.value.status, refused.value.code) == (401, 20003)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"To": "12"}, 21211),
        ({"To": "not a number"}, 21211),
        ({"To": LINE}, 21211),
        ({"To": None}, 21604),
        ({"To": ""}, 21604),
        ({"From": None}, 21603),
        ({"From": "+14155550177"}, 21606),
        ({"Body": None}, 21602),
        ({"Body": ""}, 21602),
        ({"Body": "x" * 1601}, 21617),
        ({"Body": "\U0001f600" * 801}, 21617),  # counted in UTF-16 units
        ({"MessagingServiceSid": "MG" + "0" * 32}, 21701),
        ({"ValidityPeriod": "0"}, 20001),
        ({"ValidityPeriod": "36001"}, 20001),
        ({"ValidityPeriod": "soon"}, 20001),
        ({"StatusCallback": "nowhere"}, 21609),
        ({"To": "+14155550193"}, 21614),
    ],
)
async def test_refused_sends(sim: Simulator, change: dict[str, str | None], code: int) -> None:
    form = {"To": CONSUMER, "From": LINE, "Body": "hello", **change}
    response = await sim.http.post(
        f"{ROOT}/Messages.json",
        data={name: value for name, value in form.items() if value is not None},
        auth=(ACCOUNT.sid, ACCOUNT.auth_token),
    )
    body = response.json()
    assert response.status_code == 400
    assert (body["code"], body["status"]) == (code, 400)
    assert body["more_info"] == f"https://www.twilio.com/docs/errors/{code}"
    assert body["message"]
    assert await sim.log() == []


async def test_1600_characters_and_pictures_without_text_are_taken(sim: Simulator) -> None:
    longest = await sim.twilio.messages.create_async(to=CONSUMER, from_=LINE, body="é" * 1600)
    picture = await sim.twilio.messages.create_async(
        to=CONSUMER, from_=LINE, media_url=["https://shop.example/1.png", "https://shop.example/2.png"]
    )
    assert longest.num_segments == "11"
    assert picture.num_media == "2" and picture.sid.startswith("MM")


async def test_the_validity_period_is_recorded(sim: Simulator) -> None:
    await sim.twilio.messages.create_async(to=CONSUMER, from_=LINE, body="hello", validity_period=600)
    assert (await sim.log())[0]["validity_s"] == 600


@pytest.mark.parametrize("path", ["/Messages/SM404.json", "/Calls.json", "/IncomingPhoneNumbers/PN404.json"])
async def test_unknown_resources_are_20404(sim: Simulator, path: str) -> None:
    response = await sim.http.get(ROOT + path, auth=(ACCOUNT.sid, ACCOUNT.auth_token))
    assert (response.status_code, response.json()["code"]) == (404, 20404)


async def test_another_account_is_20404(sim: Simulator) -> None:
    other = f"/2010-04-01/Accounts/AC{'9' * 32}.json"
    response = await sim.http.get(other, auth=(ACCOUNT.sid, ACCOUNT.auth_token))
    assert response.json()["code"] == 20404


async def test_messages_can_be_listed_page_by_page_while_new_ones_arrive(sim: Simulator) -> None:
    sent = [(await sim.twilio.messages.create_async(to=CONSUMER, from_=LINE, body=f"number {n}")).sid for n in range(7)]
    page = await sim.twilio.messages.page_async(page_size=3)
    seen = [message.sid for message in page]
    await sim.twilio.messages.create_async(to=CONSUMER, from_=LINE, body="newer")
    while following := await page.next_page_async():
        page = following
        seen += [message.sid for message in page]
    assert seen == sent[::-1]


async def test_lists_are_filtered(sim: Simulator) -> None:
    other_line = ACCOUNT.lines[1].number
    await sim.text(CONSUMER, LINE, "to the first line")
    await sim.text(CONSUMER, other_line, "to the second line")
    await sim.twilio.messages.create_async(to=CONSUMER, from_=LINE, body="from the first line")
    await sim.logged(lambda log: log[-1]["status"] == "delivered")

    async def bodies(**wanted: Any) -> set[str]:
        return {message.body for message in await sim.twilio.messages.list_async(**wanted)}

    now = datetime.now(UTC)
    first = {"to the first line", "from the first line"}
    assert await bodies(to=LINE) == {"to the first line"}
    assert await bodies(to=other_line) == {"to the second line"}
    assert await bodies(from_=LINE) == {"from the first line"}
    assert await bodies(from_=CONSUMER, to=LINE) == {"to the first line"}
    assert await bodies(date_sent_after=now - timedelta(hours=1)) == first | {"to the second line"}
    assert await bodies(date_sent_after=now + timedelta(hours=1)) == set()
    assert await bodies(date_sent_before=now - timedelta(hours=1)) == set()


async def test_an_unsent_message_has_no_date_to_filter_by(core: RecordingCore, tmp_path: Path) -> None:
    async with simulator(tmp_path, core, pace=1000) as sim:
        await sim.twilio.messages.create_async(to=CONSUMER, from_=LINE, body="hello")
        assert [message.status for message in await sim.twilio.messages.list_async(to=CONSUMER)] == ["queued"]
        since = datetime.now(UTC) - timedelta(hours=1)
        assert await sim.twilio.messages.list_async(to=CONSUMER, date_sent_after=since) == []


async def test_account_and_balance(sim: Simulator) -> None:
    account = await sim.twilio.api.v2010.accounts(ACCOUNT.sid).fetch_async()
    balance = await sim.twilio.api.v2010.accounts(ACCOUNT.sid).balance.fetch_async()
    assert (account.status, account.type) == ("active", "Full")
    assert (balance.account_sid, balance.currency) == (ACCOUNT.sid, "USD")
    assert float(balance.balance) > 0


async def test_numbers_are_listed_and_their_hook_can_be_set(sim: Simulator, core: RecordingCore) -> None:
    numbers = await sim.twilio.incoming_phone_numbers.list_async()
    assert [(number.sid, number.phone_number) for number in numbers] == [
        (line.sid, line.number) for line in ACCOUNT.lines
    ]
    assert numbers[0].sms_url == f"{core.url}/hooks/twilio/main/inbound"
    new = f"{core.url}/elsewhere?of=us"
    await sim.twilio.incoming_phone_numbers(numbers[0].sid).update_async(sms_url=new)
    (found,) = await sim.twilio.incoming_phone_numbers.list_async(phone_number=LINE)
    assert found.sms_url == new
    await sim.text(CONSUMER, LINE, "hello")
    assert [call.url for call in core.calls] == [new]
    with pytest.raises(TwilioRestException):
        await sim.twilio.incoming_phone_numbers(numbers[0].sid).update_async(sms_url="nowhere")


async def test_a_key_may_not_read_the_account_itself(sim: Simulator) -> None:
    with pytest.raises(TwilioRestException) as refused:
        await twilio_client(sim, ACCOUNT.api_key, ACCOUNT.api_secret).api.v2010.accounts(ACCOUNT.sid).fetch_async()
    assert (refused.value.status, refused.value.code) == (401, 20003)


async def test_a_picture_can_be_fetched_only_with_the_password(sim: Simulator, core: RecordingCore) -> None:
    await sim.text(CONSUMER, LINE, "", media=2)
    fields = core.calls[0].form
    assert fields["NumMedia"] == "2" and fields["MessageSid"].startswith("MM")
    for place in range(2):
        url = fields[f"MediaUrl{place}"]
        assert (await sim.http.get(url)).status_code == 401
        away = await sim.http.get(url, auth=(ACCOUNT.sid, ACCOUNT.auth_token))
        assert away.status_code == 307
        storage = away.headers["location"]
        with_password = await sim.http.get(storage, auth=(ACCOUNT.sid, ACCOUNT.auth_token))
        assert with_password.status_code == 400, "credentials have no business at the storage"
        picture = await sim.http.get(storage)
        assert picture.headers["content-type"] == fields[f"MediaContentType{place}"] == "image/png"
        assert picture.content.startswith(b"\x89PNG\r\n\x1a\n")
    listed = await sim.twilio.messages(fields["MessageSid"]).media.list_async()
    assert [f"{sim.url}{media.uri.removesuffix('.json')}" for media in listed] == [
        fields["MediaUrl0"],
        fields["MediaUrl1"],
    ]
