"""Twilio against the provider contract, and what only Twilio does."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import logging
from typing import ClassVar
from urllib.parse import parse_qs, parse_qsl, quote, urlencode, urlsplit

import msgspec
import pytest
from aiohttp import web
from hypothesis import assume, given
from hypothesis import strategies as st

from connector.domain.media import Media
from connector.domain.status import Status
from connector.providers.base import Provider
from connector.providers.twilio.errors import explain, receipt_words
from connector.providers.twilio.meanings import MEANINGS
from connector.providers.twilio.provider import TwilioProvider
from connector.providers.values import (
    Accepted,
    Arrival,
    Candidates,
    DeliveryReceipt,
    Hook,
    InboundText,
    LookUpResult,
    NotFound,
    NotGenuine,
    Outgoing,
    Rejected,
    TryLater,
    Uncertain,
    Unreadable,
)
from tests.connector.providers.twilio.published_codes import ADVICE, OF_OTHER_RESOURCES, PUBLISHED
from tests.kit.provider_contract import ProviderContract
from tests.kit.provider_table import PUBLIC_URL
from tests.kit.twilio_calls import (
    FORM,
    HOOK_SECRET,
    INBOUND_URL,
    KEY_SECRET,
    OLD_TOKEN,
    SID,
    STATUS_FORM,
    STATUS_URL,
    TEXT,
    TOKEN,
    WRITTEN_AT,
    account,
    api,
    at,
    calling,
    hook,
    json_hook,
    resource,
    section,
    settings_header,
    signature,
    without,
)
from tests.kit.vendor_server import Behaviour, VendorServer, answer, hang_up, loopback_client

SERVICE = "MG" + "c" * 32


class TestTwilio(ProviderContract):
    provider_class = TwilioProvider
    secrets = (TOKEN, OLD_TOKEN, KEY_SECRET, HOOK_SECRET)
    message: ClassVar = Outgoing(
        message_id="01J00000000000000000000001",
        line="+15550100",
        consumer="+15550123",
        text=TEXT,
        written_at=WRITTEN_AT,
    )
    success_ref = "SM" + "3" * 32
    default_host = default_check_host = "api.twilio.com"
    codes: ClassVar = ADVICE

    def settings(self, base: str) -> dict[str, object]:
        return section(base)

    def genuine(self) -> dict[str, Hook]:
        sha256 = settings_header("HMAC_SHA256")
        return {
            "a text": hook(FORM),
            "signed with the token that is being replaced": hook(FORM, token=OLD_TOKEN),
            "signed with a key for webhooks": hook(FORM, token=HOOK_SECRET, digest="sha256", headers=sha256),
            "a repeated name": hook([*FORM.items(), ("Extra", "b"), ("Extra", "a"), ("Extra", "b")]),
            "signed with a port that was not in the request": hook(
                FORM, signed_url=INBOUND_URL.replace(".com", ".com:443")
            ),
            "a callback": hook(STATUS_FORM, STATUS_URL),
            "a callback without our id": hook(STATUS_FORM, STATUS_URL.partition("?")[0]),
        }

    def forged(self) -> dict[str, Hook]:
        sha256 = settings_header("HMAC_SHA256")
        body = b'{"MessageSid": "SM1"}'
        digest = hashlib.sha256(body).hexdigest()
        spaced = msgspec.structs.replace(hook(FORM), body=urlencode({**FORM, "Body": "Send money"}).encode())
        return {
            "no signature": without(hook(FORM), "x-twilio-signature"),
            "blank signature": hook(FORM, headers={"x-twilio-signature": ""}),
            "a signature that is not ASCII": hook(FORM, headers={"x-twilio-signature": "ü" * 28}),
            "another token": hook(FORM, token="token-of-another"),
            "an empty token": hook(FORM, token=""),
            "another body": spaced,
            "another address": hook(FORM, signed_url=f"{PUBLIC_URL}/hooks/twilio/other/inbound"),
            "another message id in the address": hook(STATUS_FORM, STATUS_URL, signed_url=STATUS_URL[:-1] + "2"),
            "SHA-1 called SHA-256": hook(FORM, headers=sha256),
            "an algorithm of tomorrow": hook(FORM, headers=settings_header("HMAC_SHA512\x1b[31m")),
            "no content type": without(hook(FORM), "content-type"),
            "JSON without a hash": json_hook(body, INBOUND_URL),
            "JSON with a blank hash": json_hook(body, f"{INBOUND_URL}?bodySHA256="),
            "JSON with another hash": json_hook(body, f"{INBOUND_URL}?bodySHA256={digest[::-1]}"),
            "JSON that is not UTF-8": json_hook(b"\xff", f"{INBOUND_URL}?bodySHA256={digest}"),
            "a name without a value": msgspec.structs.replace(hook({"A": "", "B": ""}), body=b"A&B="),
            "an address that cannot be encoded": msgspec.structs.replace(hook(FORM), url=INBOUND_URL + "\udce9"),
        }

    def signed(self, kind: str, body: bytes) -> Hook:
        pairs = parse_qsl(body.decode(errors="replace"), keep_blank_values=True)
        headers = {
            "content-type": "application/x-www-form-urlencoded",
            "x-twilio-signature": signature(TOKEN, INBOUND_URL, pairs),
        }
        return Hook(kind=kind, method="POST", url=INBOUND_URL, headers=headers, body=body)

    def success(self) -> Behaviour:
        return answer(201, json.dumps(resource()))

    def sound(self) -> Behaviour:
        return api()

    def refusal(self, code: str) -> Behaviour:
        return answer(400, json.dumps({"code": int(code), "message": "Twilio's words", "more_info": "", "status": 400}))

    def words(self, code: str, text: str = "") -> str | None:
        return explain(code, text)

    def explained(self) -> dict[str, tuple[Hook, str]]:
        plain = INBOUND_URL.replace("https:", "http:")
        return {
            "another scheme": (hook(FORM, signed_url=plain), "by auth_token for http://sms.example.com/"),
            "another scheme and an older token": (
                hook(STATUS_FORM, STATUS_URL, token=OLD_TOKEN, signed_url=STATUS_URL.replace("https:", "http:")),
                "by previous_auth_token",
            ),
        }

    def picture(self, base: str) -> str:
        return f"{base}/2010-04-01/Accounts/{SID}/Messages/MM{'4' * 32}/Media/ME{'5' * 32}"

    def listed(self) -> tuple[Behaviour, list[Arrival]]:
        received = resource(direction="inbound", status="received", **{"from": "+15550123", "to": "+15550100"})
        return api(messages=[{**received, "date_sent": at(3)}]), [
            InboundText(
                ref="SM" + "3" * 32,
                line="+15550100",
                consumer="+15550123",
                text=TEXT,
                at=WRITTEN_AT + 3000,
            )
        ]

    def looked_up(self) -> tuple[Behaviour, LookUpResult]:
        sids = ["SM" + digit * 32 for digit in "123"]
        newest_first = [
            resource(sid=sids[2], status="accepted"),
            resource(sid="SM" + "9" * 32, body="Something else."),
            resource(sid=sids[1], status="failed", error_code=30007),
            resource(sid=sids[0], status="delivered", date_sent=at(1)),
        ]
        refused = Rejected("30007", explain("30007"), ref=sids[1], at=WRITTEN_AT)
        first = Accepted(sids[0], Status.DELIVERED, WRITTEN_AT)
        oldest_first = (first, refused, Accepted(sids[2], Status.ACCEPTED, WRITTEN_AT))
        return api(messages=newest_first), Candidates(oldest_first, ("SM" + "9" * 32,))

    def polled(self) -> tuple[Behaviour, list[DeliveryReceipt]]:
        report = DeliveryReceipt(status=Status.DELIVERED, raw_status="delivered", ref=self.success_ref)
        return answer(200, json.dumps(resource(status="delivered"))), [report]

    # What only Twilio does

    def test_a_forger_writes_nothing_into_the_log(self, caplog: pytest.LogCaptureFixture) -> None:
        with caplog.at_level(logging.DEBUG), pytest.raises(NotGenuine) as refused:
            self.reader().authenticate(hook(FORM, headers=settings_header("HMAC_SHA512\x1b[31m")))
        assert caplog.records == [] and str(refused.value).isprintable()

    def test_the_table_of_codes_is_all_of_ours(self) -> None:
        assert set(self.codes) == set(MEANINGS)

    def test_every_published_code_of_a_message_has_words_and_advice(self) -> None:
        assert sorted(PUBLISHED) == sorted([*map(int, MEANINGS), *OF_OTHER_RESOURCES])
        for code in ("63016", "63018", "63038", "30044"):
            assert code in MEANINGS

    def test_an_opt_out_at_twilio_is_one_whatever_its_code(self) -> None:
        for code in ("21610", "30630"):
            [read] = self.reader().read(hook({**STATUS_FORM, "MessageStatus": "failed", "ErrorCode": code}, STATUS_URL))
            assert isinstance(read, DeliveryReceipt) and read.opted_out

    def test_a_text_is_read_whole(self) -> None:
        text = "a" * 5001 + "\x1b[31m\u202e[b]"
        read = self.reader().read(hook({**FORM, "Body": text}))
        assert read == [InboundText(ref="SM" + "1" * 32, line="+15550100", consumer="+15550123", text=text)]

    def test_a_long_text_in_base64_is_read_as_text(self) -> None:
        text = "Where is my parcel? I have waited for three weeks now, every day."
        body = base64.b64encode(text.encode()).decode()
        for sid, expected in (("MM" + "1" * 32, text), ("SM" + "1" * 32, body)):
            [read] = self.reader().read(hook({**FORM, "MessageSid": sid, "Body": body}))
            assert isinstance(read, InboundText) and read.text == expected

    @pytest.mark.parametrize("consumer", ["55501", "AMAZON", "+390000"])
    def test_any_sender_is_a_consumer(self, consumer: str) -> None:
        [read] = self.reader().read(hook({**FORM, "From": consumer}))
        assert isinstance(read, InboundText) and read.consumer == consumer

    def test_every_picture_is_read(self) -> None:
        pictures = {f"MediaUrl{n}": f"https://api.twilio.com/{n}" for n in range(12)}
        kinds = {f"MediaContentType{n}": "image/png" for n in range(11)}
        [read] = self.reader().read(hook({**FORM, "Body": "", "NumMedia": "12", **pictures, **kinds}))
        assert isinstance(read, InboundText)
        assert read.text == ""
        assert read.media[:11] == tuple(Media(f"https://api.twilio.com/{n}", "image/png") for n in range(11))
        assert read.media[11:] == (Media("https://api.twilio.com/11", ""),)

    @pytest.mark.parametrize("missing", ["MessageSid", "From", "To"])
    def test_a_text_without_what_it_needs_is_unreadable(self, missing: str) -> None:
        form = {name: value for name, value in FORM.items() if name != missing and "Sid" not in name}
        if missing != "MessageSid":
            form["MessageSid"] = "SM1"
        with pytest.raises(Unreadable, match=missing):
            self.reader().read(hook(form))

    def test_json_with_its_hash_is_genuine_and_unreadable(self) -> None:
        body = b'{"MessageSid": "SM1"}'
        called = json_hook(body, f"{INBOUND_URL}?bodySHA256={hashlib.sha256(body).hexdigest()}")
        self.reader().authenticate(called)
        with pytest.raises(Unreadable):
            self.reader().read(called)

    @pytest.mark.parametrize(
        ("word", "code", "status"),
        [
            ("accepted", "", Status.ACCEPTED),
            ("scheduled", "", Status.ACCEPTED),
            ("queued", "", Status.ACCEPTED),
            ("sending", "", Status.ACCEPTED),
            ("sent", "", Status.SENT),
            ("partially_delivered", "", Status.SENT),
            ("delivered", "", Status.DELIVERED),
            ("read", "", Status.DELIVERED),
            ("undelivered", "30005", Status.UNDELIVERED),
            ("failed", "30007", Status.FAILED),
            ("failed", "30036", Status.EXPIRED),
            ("canceled", "", Status.FAILED),
            ("received", "", None),
            ("receiving", "", None),
            ("teleported", "", None),
        ],
    )
    def test_status_words(self, word: str, code: str, status: Status | None) -> None:
        form = {**STATUS_FORM, "MessageStatus": word, "ErrorCode": code}
        assert self.reader().read(hook(form, STATUS_URL)) == [
            DeliveryReceipt(
                status=status,
                raw_status=word,
                ref="SM" + "2" * 32,
                message_id="01J00000000000000000000001",
                code=code or None,
                words=receipt_words(word, code),
                opted_out=False,
            )
        ]

    @pytest.mark.parametrize(
        ("word", "words"),
        [("canceled", "canceled at Twilio"), ("failed", "gives no reason"), ("Undelivered", "did not reach the phone")],
    )
    @pytest.mark.parametrize("code", ["", "0"])
    def test_a_failure_without_a_code_has_words(self, word: str, words: str, code: str) -> None:
        [read] = self.reader().read(hook({**STATUS_FORM, "MessageStatus": word, "ErrorCode": code}, STATUS_URL))
        assert isinstance(read, DeliveryReceipt) and read.code is None
        assert words in (read.words or "")

    def test_a_callback_tells_of_an_opt_out(self) -> None:
        form = {**STATUS_FORM, "MessageStatus": "undelivered", "ErrorCode": "21610"}
        [read] = self.reader().read(hook(form, STATUS_URL))
        assert isinstance(read, DeliveryReceipt) and read.opted_out and read.words == explain("21610")

    def test_a_callback_that_names_no_message_is_unreadable(self) -> None:
        with pytest.raises(Unreadable):
            self.reader().read(hook({"MessageStatus": "sent"}, STATUS_URL.partition("?")[0]))
        with pytest.raises(Unreadable):
            self.reader().read(hook({"MessageSid": "SM1"}, STATUS_URL))

    def test_the_answer_is_empty_twiml(self) -> None:
        given = self.reader().answer()
        assert (given.status, given.content_type) == (200, "text/xml")
        assert given.body.endswith("<Response/>")

    async def test_what_is_sent(self) -> None:
        async with self.calling(self.success()) as (provider, server):
            await provider.send(self.message)
        [call] = server.calls
        assert (call.method, call.path) == ("POST", f"/2010-04-01/Accounts/{SID}/Messages.json")
        assert base64.b64decode(call.headers["authorization"].removeprefix("Basic ")).decode() == (
            f"SK{'b' * 32}:{KEY_SECRET}"
        )
        assert parse_qs(call.body.decode()) == {
            "To": ["+15550123"],
            "From": ["+15550100"],
            "Body": [TEXT],
            "StatusCallback": [STATUS_URL],
        }

    @pytest.mark.parametrize("count", [1, 10])
    async def test_pictures_are_sent_by_their_addresses(self, count: int) -> None:
        pictures = tuple(f"https://sms.example.com/out/{number}?a=b&c" for number in range(count))
        async with self.calling(self.success()) as (provider, server):
            assert count <= provider.capabilities.most_pictures_out
            await provider.send(msgspec.structs.replace(self.message, pictures=pictures))
            await provider.send(msgspec.structs.replace(self.message, pictures=pictures, text=""))
        with_text, alone = (parse_qs(call.body.decode(), keep_blank_values=True) for call in server.calls)
        assert with_text["MediaUrl"] == alone["MediaUrl"] == list(pictures)
        assert with_text["Body"] == [TEXT]
        assert "Body" not in alone

    @pytest.mark.parametrize(
        ("wanted", "sent"), [(None, None), (600, ["600"]), (36_000, ["36000"]), (86_400, ["36000"]), (0, ["1"])]
    )
    async def test_the_validity_stays_within_twilio_s_limits(self, wanted: int | None, sent: list[str] | None) -> None:
        async with self.calling(self.success()) as (provider, server):
            await provider.send(msgspec.structs.replace(self.message, valid_for_s=wanted))
        assert parse_qs(server.calls[0].body.decode()).get("ValidityPeriod") == sent

    @pytest.mark.parametrize("consumer", ["55501", "123", "12345678"])
    async def test_a_short_code_is_refused_in_words_before_a_call(self, consumer: str) -> None:
        async with self.calling(self.success()) as (provider, server):
            words = f"{consumer} is a short code, and Twilio does not send to short codes."
            assert await provider.send(msgspec.structs.replace(self.message, consumer=consumer)) == Rejected(
                None, words
            )
            assert server.calls == []

    # With a Messaging Service

    async def test_a_service_sends_from_our_line(self) -> None:
        accepted = answer(201, json.dumps(resource(status="accepted", messaging_service_sid=SERVICE)))
        async with calling(accepted, messaging_service_sid=SERVICE) as (provider, server):
            assert await provider.send(self.message) == Accepted(self.success_ref, Status.ACCEPTED)
        sent = parse_qs(server.calls[0].body.decode())
        assert (sent["MessagingServiceSid"], sent["From"]) == ([SERVICE], ["+15550100"])

    @pytest.mark.parametrize(
        ("sender", "is_ours"), [("+15550100", True), (None, True), ("", True), ("+15550199", False)]
    )
    async def test_a_service_s_message_is_found_before_it_has_a_sender(self, sender: str | None, is_ours: bool) -> None:
        listed = api(messages=[resource(status="accepted", **{"from": sender})])
        async with calling(listed, messaging_service_sid=SERVICE) as (provider, server):
            assert isinstance(await provider.look_up(self.message), Candidates) is is_ours
        assert "From" not in parse_qs(urlsplit(server.calls[0].path).query)

    @pytest.mark.parametrize("line", ["+15550100", "+15550199", "12345"])
    def test_a_text_through_a_service_belongs_to_the_number_it_was_sent_to(self, line: str) -> None:
        called = hook({**FORM, "To": line, "MessagingServiceSid": SERVICE})
        provider = self.reader(messaging_service_sid=SERVICE)
        provider.authenticate(called)
        [read] = provider.read(called)
        assert isinstance(read, InboundText) and read.line == line

    def test_a_service_is_named_by_its_sid(self) -> None:
        with pytest.raises(msgspec.ValidationError, match="which starts with MG"):
            self.reader(messaging_service_sid="My service")

    async def test_our_id_is_escaped_in_the_callback(self) -> None:
        odd = msgspec.structs.replace(self.message, message_id="a&b=c")
        async with self.calling(self.success()) as (provider, server):
            await provider.send(odd)
        assert parse_qs(server.calls[0].body.decode())["StatusCallback"] == [
            STATUS_URL.partition("?")[0] + "?m=" + quote("a&b=c")
        ]

    @pytest.mark.parametrize(
        ("changed", "expected"),
        [
            ({"status": "accepted"}, Accepted("SM" + "3" * 32, Status.ACCEPTED)),
            ({"status": "sent"}, Accepted("SM" + "3" * 32, Status.SENT)),
            ({"status": "sent", "num_segments": "3"}, Accepted("SM" + "3" * 32, Status.SENT, billed=3)),
            ({"status": "sent", "num_segments": None}, Accepted("SM" + "3" * 32, Status.SENT)),
            ({"status": "sent", "num_segments": "many"}, Accepted("SM" + "3" * 32, Status.SENT)),
            ({"status": "of tomorrow"}, Accepted("SM" + "3" * 32, Status.ACCEPTED)),
            (
                {"status": "failed", "error_code": 21610},
                Rejected("21610", explain("21610"), opted_out=True, ref="SM" + "3" * 32),
            ),
            ({"status": "failed"}, Accepted("SM" + "3" * 32, Status.FAILED)),
        ],
    )
    async def test_what_a_taken_message_says(self, changed: dict[str, object], expected: object) -> None:
        async with self.calling(answer(201, json.dumps(resource(**changed)))) as (provider, _):
            assert await provider.send(self.message) == expected

    async def test_an_opt_out_is_told_apart(self) -> None:
        for code, opted_out in (("21610", True), ("21614", False)):
            async with self.calling(self.refusal(code)) as (provider, _):
                outcome = await provider.send(self.message)
            assert isinstance(outcome, Rejected) and outcome.opted_out is opted_out

    async def test_errors_in_the_newer_form_are_read(self) -> None:
        problem = {"type": "https://x", "title": "Too fast", "status": 400, "code": 99999, "detail": "Much too fast"}
        async with self.calling(answer(400, json.dumps(problem))) as (provider, _):
            outcome = await provider.send(self.message)
        assert isinstance(outcome, Rejected) and outcome.code == "99999" and "Much too fast" in outcome.words

    async def test_the_code_for_too_many_requests_is_a_pause_with_any_status(self) -> None:
        async with self.calling(self.refusal("20429")) as (provider, _):
            assert isinstance(await provider.send(self.message), TryLater)

    # Looking up

    async def test_a_look_up_asks_by_addresses_alone(self) -> None:
        """What still waits at Twilio has no time yet, and would be left out by one."""
        async with self.calling(api(messages=[resource()])) as (provider, server):
            assert await provider.look_up(self.message) == Candidates(
                (Accepted("SM" + "3" * 32, Status.ACCEPTED, WRITTEN_AT),)
            )
        [call] = server.calls
        assert parse_qs(urlsplit(call.path).query) == {"To": ["+15550123"], "From": ["+15550100"], "PageSize": ["50"]}

    async def test_a_look_up_asks_for_both_forms_of_a_number_that_has_two(self) -> None:
        """Whichever of them Twilio lists it under, it is found, and not sent again."""
        message = msgspec.structs.replace(self.message, consumer="+5215512345678")
        async with self.calling(api(messages=[])) as (provider, server):
            assert await provider.look_up(message) == NotFound()
        asked = [parse_qs(urlsplit(call.path).query)["To"] for call in server.calls]
        assert asked == [["+5215512345678"], ["+525512345678"]]

    async def test_a_list_that_is_not_whole_proves_nothing(self) -> None:
        """The one that is meant may be behind its end, also when an equal one is before it."""
        for sids, expected in ((range(199), Candidates), (range(200), Uncertain)):
            listed = [resource(sid=f"SM{n:032}") for n in sids]
            async with self.calling(api(messages=listed)) as (provider, _):
                assert isinstance(await provider.look_up(self.message), expected)
        older = [*listed[:-1], resource(sid="SM" + "f" * 32, date_created=at(-61))]
        async with self.calling(api(messages=older)) as (provider, _):
            found = await provider.look_up(self.message)
            assert isinstance(found, Candidates) and len(found.matches) == 199

    @pytest.mark.parametrize("body", [TEXT + "!", TEXT.replace("ü", "u"), "", None])
    async def test_a_text_that_may_have_been_changed_on_its_way_is_named(self, body: str | None) -> None:
        """Smart Encoding, on in each new Messaging Service, replaces characters; redaction leaves no text at all."""
        async with self.calling(api(messages=[resource(body=body)])) as (provider, _):
            assert await provider.look_up(self.message) == Candidates((), ("SM" + "3" * 32,))

    @pytest.mark.parametrize(
        "other",
        [
            {"date_created": at(-61)},
            {"date_created": None, "date_sent": at(-61)},
            {"direction": "outbound-reply"},
        ],
    )
    async def test_another_message_is_not_taken_for_it(self, other: dict[str, object]) -> None:
        async with self.calling(api(messages=[resource(**other)])) as (provider, _):
            assert await provider.look_up(self.message) == NotFound()

    @pytest.mark.parametrize("body", [None, ""])
    async def test_a_picture_without_text_is_found(self, body: str | None) -> None:
        wordless = msgspec.structs.replace(self.message, text="", pictures=("https://sms.example.com/out/1",))
        async with self.calling(api(messages=[resource(body=body)])) as (provider, _):
            assert isinstance(await provider.look_up(wordless), Candidates)

    async def test_a_message_of_a_trial_account_is_found(self) -> None:
        prefixed = resource(body="Sent from your Twilio trial account - " + TEXT)
        async with self.calling(api(messages=[prefixed])) as (provider, _):
            assert isinstance(await provider.look_up(self.message), Candidates)

    async def test_a_found_message_that_failed_says_why(self) -> None:
        async with self.calling(api(messages=[resource(status="failed", error_code=30007)])) as (provider, _):
            refused = Rejected("30007", explain("30007"), ref="SM" + "3" * 32, at=WRITTEN_AT)
            assert await provider.look_up(self.message) == Candidates((refused,))

    async def test_pages_are_followed_and_not_for_ever(self) -> None:
        others = [resource(sid=f"SM{n:032}", body=f"other {n}") for n in range(100)]

        async def endless(request: web.Request, leaving: object) -> web.StreamResponse:
            following = f"{request.path}?PageToken=next"
            return web.json_response({"messages": others, "next_page_uri": following})

        async def second(request: web.Request, leaving: object) -> web.StreamResponse:
            if "PageToken" in request.query:
                return web.json_response({"messages": [resource()], "next_page_uri": None})
            return await endless(request, leaving)

        async with self.calling(second) as (provider, server):
            assert isinstance(await provider.look_up(self.message), Candidates)
            assert [call.headers["authorization"] for call in server.calls[1:]] == [
                server.calls[0].headers["authorization"]
            ]
        async with self.calling(endless) as (provider, server):
            assert isinstance(await provider.look_up(self.message), Uncertain)
            assert len(server.calls) == 2

    async def test_a_page_elsewhere_is_asked_for_at_our_base(self) -> None:
        async def elsewhere(request: web.Request, leaving: object) -> web.StreamResponse:
            meta = {"key": "messages", "next_page_url": "https://thief.example.org/2010-04-01/x.json"}
            return web.json_response({"messages": [], "meta": {} if "x.json" in request.path else meta})

        async with self.calling(elsewhere) as (provider, server):  # which checks that nothing strayed
            await provider.look_up(self.message)
        assert "/2010-04-01/x.json" in [call.path for call in server.calls]

    # Checking

    @pytest.mark.parametrize(
        ("shown", "is_ok", "words"),
        [
            (account(type="Trial"), True, "verified numbers only"),
            (account(status="suspended"), False, "suspended"),
            (account(status="closed"), False, "closed"),
            (account(status="of tomorrow"), False, "could not be read"),
            ({}, False, "could not be read"),
        ],
    )
    async def test_the_state_of_the_account(self, shown: dict[str, object], is_ok: bool, words: str) -> None:
        async with self.calling(api(shown)) as (provider, _):
            health = await provider.check()
        assert health.ok is is_ok and words in health.words

    async def test_a_check_proves_the_token_and_the_key(self) -> None:
        async with self.calling(api()) as (provider, server):
            await provider.check()
        users = [
            base64.b64decode(call.headers["authorization"].removeprefix("Basic ")).decode() for call in server.calls
        ]
        assert set(users) == {f"{SID}:{TOKEN}", f"SK{'b' * 32}:{KEY_SECRET}"}

    @pytest.mark.parametrize(
        ("balance", "shown"),
        [
            (answer(200, '{"account_sid": "AC1", "balance": "42.17", "currency": "USD"}'), "42.17 USD"),
            (answer(200, '{"account_sid": "AC1", "balance": "-0.4\\u001b[31m", "currency": "EUR"}'), "-0.4 [31m EUR"),
            (answer(200, "{}"), None),
            (answer(401, '{"code": 20003, "message": "no", "status": 401}'), None),
            (answer(500, "<html></html>", "text/html"), None),
            (hang_up, None),
        ],
    )
    async def test_the_balance_is_shown_where_it_can_be_read(self, balance: Behaviour, shown: str | None) -> None:
        async def behave(request: web.Request, leaving: asyncio.Event) -> web.StreamResponse:
            return await (balance if request.path.endswith("/Balance.json") else api())(request, leaving)

        async with self.calling(behave) as (provider, _):
            health = await provider.check()
        assert health.ok and health.balance == shown

    async def test_wrong_credentials_are_put_in_words(self) -> None:
        refused = {"code": 20003, "message": "Authenticate", "status": 401}
        async with self.calling(answer(401, json.dumps(refused))) as (provider, _):
            health = await provider.check()
        assert (health.ok, health.code, health.words) == (False, "20003", explain("20003"))

    # Settings

    @pytest.mark.parametrize(
        ("left_out", "words"),
        [
            ("auth_token", "auth_token is missing: Twilio signs its webhooks with it, also when api_key is used"),
            ("api_secret", "api_key and api_secret only work together"),
            ("api_key", "api_key and api_secret only work together"),
            ("account_sid", "missing required field `account_sid`"),
        ],
    )
    def test_what_is_missing_is_named(self, left_out: str, words: str) -> None:
        with pytest.raises(msgspec.ValidationError, match=words):
            self.reader(**{left_out: None})

    async def test_the_token_alone_is_enough_for_calls(self) -> None:
        async with VendorServer().running() as server, loopback_client() as (http, _):
            server.behaviour = self.success()
            provider = self.made(server.url, http, api_key=None, api_secret=None, previous_auth_token=None)
            assert isinstance(await provider.send(self.message), Accepted)
        assert base64.b64decode(server.calls[0].headers["authorization"].removeprefix("Basic ")).decode() == (
            f"{SID}:{TOKEN}"
        )


# Signatures

_NAMES = st.text(min_size=1, max_size=12)
_PAIRS = st.lists(st.tuples(_NAMES, st.text(max_size=40)), max_size=25)
_PROVIDER: Provider = TestTwilio().reader()


@given(pairs=_PAIRS, token=st.sampled_from([TOKEN, OLD_TOKEN, HOOK_SECRET]), digest=st.sampled_from(["sha1", "sha256"]))
def test_whatever_twilio_signs_is_genuine(pairs: list[tuple[str, str]], token: str, digest: str) -> None:
    headers = settings_header("HMAC_SHA256") if digest == "sha256" else {}
    _PROVIDER.authenticate(hook(pairs, token=token, digest=digest, headers=headers))


@given(pairs=_PAIRS.filter(bool), data=st.data())
def test_one_changed_byte_of_the_body_is_refused(pairs: list[tuple[str, str]], data: st.DataObject) -> None:
    called = hook(pairs)
    body = bytearray(called.body)
    place = data.draw(st.integers(0, len(body) - 1))
    body[place] = data.draw(st.integers(0, 255))
    # The same fields in other spelling (a blank as + or as itself) say the same, and are signed the same.
    assume(set(parse_qsl(body.decode(errors="replace"), keep_blank_values=True)) != set(pairs))
    with pytest.raises(NotGenuine):
        _PROVIDER.authenticate(msgspec.structs.replace(called, body=bytes(body)))


@given(pairs=_PAIRS, data=st.data())
def test_one_changed_character_of_the_signature_is_refused(pairs: list[tuple[str, str]], data: st.DataObject) -> None:
    called = hook(pairs)
    given_one = called.headers["x-twilio-signature"]
    place = data.draw(st.integers(0, len(given_one) - 1))
    other = data.draw(st.characters().filter(lambda char: char != given_one[place]))
    changed = {**called.headers, "x-twilio-signature": given_one[:place] + other + given_one[place + 1 :]}
    with pytest.raises(NotGenuine):
        _PROVIDER.authenticate(msgspec.structs.replace(called, headers=changed))
