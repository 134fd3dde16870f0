"""Twilio against the provider contract, and what only Twilio does."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import ClassVar
from urllib.parse import parse_qs, parse_qsl, quote, urlencode, urlsplit

import msgspec
import pytest
from aiohttp import web
from hypothesis import assume, given
from hypothesis import strategies as st

from connector.domain.status import Status
from connector.domain.values import Media
from connector.providers.base import (
    Accepted,
    DeliveryReport,
    Hook,
    InboundText,
    NotFound,
    NotGenuine,
    Outgoing,
    Provider,
    Refused,
    TryLater,
    Uncertain,
    Unreadable,
)
from connector.providers.calls import Advice
from connector.providers.twilio import Twilio
from connector.providers.twilio_errors import TROUBLES, explain
from tests.kit.provider_contract import PUBLIC_URL, ProviderContract
from tests.kit.vendor_server import Behaviour, VendorServer, answer, loopback_client

SID = "AC" + "a" * 32
TOKEN, OLD_TOKEN, KEY_SECRET, HOOK_SECRET = "token-now", "token-before", "secret-of-key", "secret-of-hooks"
INBOUND_URL = f"{PUBLIC_URL}/hooks/twilio/main/inbound"
STATUS_URL = f"{PUBLIC_URL}/hooks/twilio/main/status?m=01J00000000000000000000001"
WRITTEN_AT = 1_790_000_000_000
TEXT = "Hello & goodbye + 1 = ü 😀"

# A text as Twilio posts it, blank fields and all.
FORM = {
    "ToCountry": "US",
    "ToState": "",
    "SmsMessageSid": "SM" + "1" * 32,
    "NumMedia": "0",
    "ToCity": "",
    "FromZip": "98052",
    "SmsSid": "SM" + "1" * 32,
    "FromState": "WA",
    "SmsStatus": "received",
    "FromCity": "REDMOND",
    "Body": TEXT,
    "FromCountry": "US",
    "To": "+15550100",
    "MessagingServiceSid": "",
    "ToZip": "",
    "NumSegments": "1",
    "MessageSid": "SM" + "1" * 32,
    "AccountSid": SID,
    "From": "+15550123",
    "ApiVersion": "2010-04-01",
}
STATUS_FORM = {
    "MessageSid": "SM" + "2" * 32,
    "MessageStatus": "delivered",
    "To": "+15550123",
    "From": "+15550100",
    "AccountSid": SID,
}


def signature(token: str, url: str, pairs: list[tuple[str, str]], digest: str = "sha1") -> str:
    """Twilio's rule in our own words: the address, then names and distinct values, ordered, run together."""
    signed = url + "".join(name + value for name, value in sorted(set(pairs)))
    return base64.b64encode(hmac.new(token.encode(), signed.encode(), digest).digest()).decode()


def hook(
    form: Mapping[str, str] | list[tuple[str, str]],
    url: str = INBOUND_URL,
    *,
    token: str = TOKEN,
    signed_url: str | None = None,
    digest: str = "sha1",
    headers: Mapping[str, str] | None = None,
) -> Hook:
    pairs = list(form.items()) if isinstance(form, Mapping) else form
    return Hook(
        kind=urlsplit(url).path.rpartition("/")[2],
        method="POST",
        url=url,
        headers={
            "content-type": "application/x-www-form-urlencoded; charset=UTF-8",
            "x-twilio-signature": signature(token, signed_url or url, pairs, digest),
            **(headers or {}),
        },
        body=urlencode(pairs).encode(),
    )


def json_hook(body: bytes, url: str, kind: str = "application/json") -> Hook:
    headers = {"content-type": kind, "x-twilio-signature": signature(TOKEN, url, [])}
    return Hook(kind="inbound", method="POST", url=url, headers=headers, body=body)


def settings_header(algorithm: str) -> dict[str, str]:
    return {"x-twilio-webhooks-signature-settings": f"key=webhooks_sharedkey_1,algorithm={algorithm}"}


def without(hook: Hook, *names: str) -> Hook:
    headers = {name: value for name, value in hook.headers.items() if name not in names}
    return msgspec.structs.replace(hook, headers=headers)


def resource(**changed: object) -> dict[str, object]:
    """A message as Twilio's API shows it."""
    return {
        "sid": "SM" + "3" * 32,
        "status": "queued",
        "body": TEXT,
        "to": "+15550123",
        "from": "+15550100",
        "direction": "outbound-api",
        "num_segments": "1",
        "num_media": "0",
        "date_created": at(0),
        "date_sent": None,
        "error_code": None,
        "error_message": None,
        **changed,
    }


def at(seconds: float) -> str:
    """RFC 2822, `seconds` after the message was written."""
    return format_datetime(datetime.fromtimestamp(WRITTEN_AT / 1000 + seconds, UTC))


def account(**changed: object) -> dict[str, object]:
    return {"sid": SID, "auth_token": TOKEN, "status": "active", "type": "Full", **changed}


def api(shown_account: object = None, messages: list[dict[str, object]] | None = None) -> Behaviour:
    """Twilio's API with one account and, for lists, `messages`, all on the first page."""

    async def behave(request: web.Request, leaving: object) -> web.StreamResponse:
        if request.path.endswith("/Messages.json"):
            return web.json_response({"messages": messages or [], "next_page_uri": None, "page": 0})
        return web.json_response(account() if shown_account is None else shown_account)

    return behave


class TestTwilio(ProviderContract):
    kind = Twilio
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
    # https://www.twilio.com/docs/api/errors
    codes: ClassVar = {
        **dict.fromkeys(["20003", "20404", "11200", "11205", "11210", "11220", "11235", "11237"], Advice.ADMIN),
        **dict.fromkeys(["12100", "12200", "12300", "21408", "21606", "21608", "21609", "21621"], Advice.ADMIN),
        **dict.fromkeys(["21622", "21701", "21702", "21703", "21704", "21705", "30002", "30010"], Advice.ADMIN),
        **dict.fromkeys(["30018", "30024", "30032", "30033", "30034", "30035"], Advice.ADMIN),
        **dict.fromkeys(["20429", "21611", "30001", "30003", "30008", "30017", "30022", "30023"], Advice.LATER),
        **dict.fromkeys(["30027", "30036", "30410", "30450", "30610"], Advice.LATER),
        **dict.fromkeys(["21211", "21602", "21603", "21604", "21617", "21618", "21619", "21620"], Advice.FIX),
        **dict.fromkeys(["21623", "30007", "30011", "30019"], Advice.FIX),
        **dict.fromkeys(["21610", "21612", "21614", "30004", "30005", "30006", "30038", "30640"], Advice.NEVER),
        **dict.fromkeys(["20500", "20503"], Advice.CHECK),
        "30009": Advice.ASK,
    }

    def settings(self, base: str) -> dict[str, object]:
        return {
            "provider": "twilio",
            "public_url": PUBLIC_URL,
            "numbers": [{"address": "+15550100", "skill": "orders"}],
            "account_sid": SID,
            "auth_token": TOKEN,
            "previous_auth_token": OLD_TOKEN,
            "webhook_secret": HOOK_SECRET,
            "api_key": "SK" + "b" * 32,
            "api_secret": KEY_SECRET,
            "api_base": base,
        }

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
            "another token": hook(FORM, token="token-of-somebody"),
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

    def proven(self, kind: str, body: bytes) -> Hook:
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

    # What only Twilio does

    def test_a_forger_writes_nothing_into_the_log(self, caplog: pytest.LogCaptureFixture) -> None:
        with caplog.at_level(logging.DEBUG), pytest.raises(NotGenuine) as refused:
            self.reader().authenticate(hook(FORM, headers=settings_header("HMAC_SHA512\x1b[31m")))
        assert caplog.records == [] and str(refused.value).isprintable()

    def test_the_table_of_codes_is_all_of_ours(self) -> None:
        assert set(self.codes) == set(TROUBLES)

    def test_a_text_is_read_whole(self) -> None:
        text = "a" * 5001 + "\x1b[31m\u202e[b]"
        read = self.reader().read(hook({**FORM, "Body": text}))
        assert read == [InboundText(ref="SM" + "1" * 32, line="+15550100", consumer="+15550123", text=text)]

    def test_every_picture_is_read(self) -> None:
        pictures = {f"MediaUrl{n}": f"https://api.twilio.com/{n}" for n in range(12)}
        kinds = {f"MediaContentType{n}": "image/png" for n in range(11)}
        [read] = self.reader().read(hook({**FORM, "Body": "", "NumMedia": "12", **pictures, **kinds}))
        assert isinstance(read, InboundText)
        assert read.text == ""
        assert read.media[:11] == tuple(Media(f"https://api.twilio.com/{n}", "image/png") for n in range(11))
        assert read.media[11:] == (Media("https://api.twilio.com/11", ""),)

    @pytest.mark.parametrize("announced", ["", "-1", "٣", "1e9", "99999999999", "two"])
    def test_a_strange_number_of_pictures_is_none(self, announced: str) -> None:
        [read] = self.reader().read(hook({**FORM, "NumMedia": announced, "MediaUrl0": "https://a/"}))
        assert isinstance(read, InboundText) and read.media == ()

    @pytest.mark.parametrize("missing", ["MessageSid", "From", "To", "Body"])
    def test_a_text_without_what_it_needs_is_unreadable(self, missing: str) -> None:
        form = {name: value for name, value in FORM.items() if name != missing}
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
            DeliveryReport(
                status=status,
                raw_status=word,
                ref="SM" + "2" * 32,
                message_id="01J00000000000000000000001",
                code=code or None,
                words=explain(code) if code else None,
            )
        ]

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
            ({"status": "of tomorrow"}, Accepted("SM" + "3" * 32, Status.ACCEPTED)),
            ({"status": "failed", "error_code": 21610}, Refused("21610", explain("21610"), opted_out=True)),
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
            assert isinstance(outcome, Refused) and outcome.opted_out is opted_out

    async def test_errors_in_the_newer_form_are_read(self) -> None:
        problem = {"type": "https://x", "title": "Too fast", "status": 400, "code": 99999, "detail": "Much too fast"}
        async with self.calling(answer(400, json.dumps(problem))) as (provider, _):
            outcome = await provider.send(self.message)
        assert isinstance(outcome, Refused) and outcome.code == "99999" and "Much too fast" in outcome.words

    async def test_the_code_for_too_many_requests_is_a_pause_with_any_status(self) -> None:
        async with self.calling(self.refusal("20429")) as (provider, _):
            assert isinstance(await provider.send(self.message), TryLater)

    # Looking up

    async def test_a_look_up_asks_by_addresses_and_time_in_utc(self) -> None:
        async with self.calling(api(messages=[resource()])) as (provider, server):
            assert await provider.find(self.message) == Accepted("SM" + "3" * 32, Status.ACCEPTED)
        [call] = server.calls
        asked = parse_qs(urlsplit(call.path).query)
        since = datetime.fromtimestamp(WRITTEN_AT / 1000 - 60, UTC)
        assert asked == {
            "To": ["+15550123"],
            "From": ["+15550100"],
            "DateSent>": [since.strftime("%Y-%m-%dT%H:%M:%SZ")],
            "PageSize": ["100"],
        }

    async def test_a_message_that_still_waits_there_is_found_without_the_time(self) -> None:
        async def behave(request: web.Request, leaving: object) -> web.StreamResponse:
            messages = [] if "DateSent>" in request.query else [resource(status="accepted")]
            return web.json_response({"messages": messages, "next_page_uri": None})

        async with self.calling(behave) as (provider, server):
            assert await provider.find(self.message) == Accepted("SM" + "3" * 32, Status.ACCEPTED)
            assert len(server.calls) == 2

    @pytest.mark.parametrize(
        "other",
        [
            {"body": TEXT + "!"},
            {"body": None},
            {"date_created": at(-61)},
            {"date_created": None, "date_sent": at(-61)},
        ],
    )
    async def test_another_message_is_not_taken_for_it(self, other: dict[str, object]) -> None:
        async with self.calling(api(messages=[resource(**other)])) as (provider, _):
            assert await provider.find(self.message) == NotFound()

    async def test_a_message_of_a_trial_account_is_found(self) -> None:
        prefixed = resource(body="Sent from your Twilio trial account - " + TEXT)
        async with self.calling(api(messages=[prefixed])) as (provider, _):
            assert isinstance(await provider.find(self.message), Accepted)

    async def test_a_found_message_that_failed_says_why(self) -> None:
        async with self.calling(api(messages=[resource(status="failed", error_code=30007)])) as (provider, _):
            assert await provider.find(self.message) == Refused("30007", explain("30007"))

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
            assert isinstance(await provider.find(self.message), Accepted)
            assert [call.headers["authorization"] for call in server.calls[1:]] == [
                server.calls[0].headers["authorization"]
            ]
        async with self.calling(endless) as (provider, server):
            assert isinstance(await provider.find(self.message), Uncertain)
            assert len(server.calls) == 2

    async def test_a_page_elsewhere_is_asked_for_at_our_base(self) -> None:
        async def elsewhere(request: web.Request, leaving: object) -> web.StreamResponse:
            meta = {"key": "messages", "next_page_url": "https://thief.example.org/2010-04-01/x.json"}
            return web.json_response({"messages": [], "meta": {} if "x.json" in request.path else meta})

        async with self.calling(elsewhere) as (provider, server):  # which checks that nothing strayed
            await provider.find(self.message)
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
        assert users == [f"{SID}:{TOKEN}", f"SK{'b' * 32}:{KEY_SECRET}"]

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
