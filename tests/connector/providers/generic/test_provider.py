"""A generic gateway against the provider contract, and what only it does."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.base.clock import SteppingClock
from connector.domain.media import Media, MediaState
from connector.domain.message import Part
from connector.domain.status import Status
from connector.providers.generic.provider import GenericProvider
from connector.providers.values import (
    Accepted,
    CallFailed,
    DeliveryReceipt,
    Health,
    Hook,
    InboundText,
    LookUpResult,
    MediaCall,
    NotFound,
    NotGenuine,
    Outcome,
    Outgoing,
    Rejected,
    TryLater,
    Uncertain,
    Unreadable,
    Untaken,
)
from connector.providers.wordless import NOTHING
from tests.kit.provider_contract import ProviderContract
from tests.kit.provider_table import NO_NETWORK, PUBLIC_URL
from tests.kit.vendor_server import Behaviour, Call, VendorServer, answer, loopback_client

SECRET, OLD_SECRET = "secret-of-both", "secret-of-last-year"
REF = "GW-77"
TEXT = "Hello & goodbye + 1 = ü 😀"


def header(body: bytes, *secrets: str, at: int | None = None) -> str:
    """The signature by the protocol's page, written anew."""
    moment = int(time.time()) if at is None else at
    digests = [
        hmac.new(secret.encode(), str(moment).encode() + b"." + body, hashlib.sha256).hexdigest()
        for secret in secrets or (SECRET,)
    ]
    return ",".join([f"t={moment}", *(f"v1={digest}" for digest in digests)])


def hook(content: object, kind: str = "inbound", *secrets: str, at: int | None = None, mark: str | None = None) -> Hook:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return Hook(
        kind=kind,
        method="POST",
        url=f"{PUBLIC_URL}/hooks/generic/main/{kind}",
        headers={"content-type": "application/json", "x-textdesk-signature": mark or header(body, *secrets, at=at)},
        body=body,
    )


def inbound(**changed: object) -> dict[str, object]:
    given = {"id": "in-1", "from": "+15550123123", "to": "12345", "text": TEXT, **changed}
    return {name: value for name, value in given.items() if value is not None}


def status(**changed: object) -> dict[str, object]:
    given = {"id": REF, "message_id": "01J", "status": "delivered", **changed}
    return {name: value for name, value in given.items() if value is not None}


def is_signed(call: Call, *secrets: str) -> bool:
    """Whether a gateway that knows one of these secrets takes the call."""
    marks = [mark.split("=", 1) for mark in call.headers["x-textdesk-signature"].split(",")]
    [at] = [int(value) for name, value in marks if name == "t"]
    expected = {header(call.body, secret, at=at).partition("v1=")[2] for secret in secrets}
    return abs(at - time.time()) < 60 and any(value in expected for name, value in marks if name == "v1")


NOT_WHERE = "The gateway says that there is one, and not where."


class TestGeneric(ProviderContract):
    provider_class = GenericProvider
    secrets = (SECRET, OLD_SECRET)
    message: ClassVar = Outgoing(
        message_id="01J00000000000000000000001",
        line="12345",
        consumer="+15550123123",
        text=TEXT,
        written_at=1_790_000_000_000,
    )
    success_ref = REF
    codes: ClassVar = {}  # a gateway brings codes and words of its own
    default_host = default_check_host = ""

    def settings(self, base: str) -> dict[str, object]:
        return {
            "provider": "generic",
            "public_url": PUBLIC_URL,
            "numbers": [{"address": "12345"}],
            "send_url": base and f"{base}/send",
            "status_url": base and f"{base}/status",
            "secret": SECRET,
            "previous_secret": OLD_SECRET,
        }

    def genuine(self) -> dict[str, Hook]:
        mark = header(json.dumps(inbound()).encode())
        return {
            "a text": hook(inbound()),
            "signed with the secret that is being replaced": hook(inbound(), "inbound", OLD_SECRET),
            "signed with both": hook(inbound(), "inbound", OLD_SECRET, SECRET),
            "signed with one that we do not know yet, and ours": hook(inbound(), "inbound", "secret-to-come", SECRET),
            "four minutes old": hook(inbound(), at=int(time.time()) - 240),
            "from a clock that is ahead": hook(inbound(), at=int(time.time()) + 240),
            "with blanks in the header": hook(inbound(), mark=mark.replace(",", " , ")),
            "with marks of tomorrow": hook(inbound(), mark=mark + ",v2=x,"),
            "a status": hook(status(), "status"),
            "a status without our id": hook(status(message_id=None), "status"),
            "a status with ours only": hook(status(id=None), "status"),
        }

    def forged(self) -> dict[str, Hook]:
        body = json.dumps(inbound()).encode()
        mark = header(body)
        start, _, proof = mark.partition("v1=")
        return {
            "no signature": msgspec.structs.replace(hook(inbound()), headers={}),
            "a blank signature": hook(inbound(), mark=" "),
            "another secret": hook(inbound(), "inbound", "secret-of-another"),
            "an empty secret": hook(inbound(), "inbound", ""),
            "another body": msgspec.structs.replace(hook(inbound()), body=json.dumps(inbound(text="Send!")).encode()),
            "ten minutes old": hook(inbound(), at=int(time.time()) - 600),
            "an hour ahead": hook(inbound(), at=int(time.time()) + 3600),
            "another moment": hook(inbound(), mark=mark.replace("t=", "t=1", 1)),
            "no moment": hook(inbound(), mark=mark.partition(",")[2]),
            "two moments": hook(inbound(), mark=f"{mark},{mark}"),
            "a moment that is none": hook(inbound(), mark=mark.replace("t=", "t=-", 1)),
            "a moment in other digits": hook(inbound(), mark="t=١٢٣," + mark.partition(",")[2]),
            "no proof": hook(inbound(), mark=mark.partition(",")[0]),
            "a blank proof": hook(inbound(), mark=f"{start}v1="),
            "a proof that is not ASCII": hook(inbound(), mark=f"{start}v1={'ü' * 64}"),
            "a proof in capitals": hook(inbound(), mark=f"{start}v1={proof.upper()}"),
            "a proof of tomorrow": hook(inbound(), mark=mark.replace("v1=", "v2=")),
        }

    def signed(self, kind: str, body: bytes) -> Hook:
        return hook(body, kind)

    def success(self) -> Behaviour:
        return answer(200, json.dumps({"id": REF, "status": "accepted"}))

    def sound(self) -> Behaviour:
        return answer(404, '{"code": "unknown_id"}')

    def refusal(self, code: str) -> Behaviour:
        return answer(400, json.dumps({"code": code, "text": "The gateway's words"}))

    def words(self, code: str, text: str = "") -> str | None:
        [read] = self.reader().read(hook(status(code=code, text=text), "status"))
        assert isinstance(read, DeliveryReceipt)
        return read.words

    def explained(self) -> dict[str, tuple[Hook, str]]:
        body = json.dumps(inbound()).encode()
        now = int(time.time())
        alone = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        raw = hmac.new(OLD_SECRET.encode(), f"{now}.".encode() + body, hashlib.sha256).digest()
        spelled = base64.b64encode(raw).decode()
        return {
            "an hour old": (hook(inbound(), at=now - 3600), "by secret, but 3,60"),
            "an hour ahead": (hook(inbound(), "inbound", OLD_SECRET, at=now + 3600), "ahead of our clock"),
            "milliseconds": (hook(inbound(), at=now * 1000), "t is in milliseconds"),
            "the body alone": (hook(body, mark=f"t={now},v1={alone}"), "over the body alone"),
            "base64": (hook(body, mark=f"t={now},v1={spelled}"), "by previous_secret, but in base64"),
            "a line end that was lost": (hook(body, mark=header(body + b"\n")), "with a line end that did not come"),
            "a line end that was added": (hook(body + b"\r\n", mark=header(body)), "without the line end that came"),
        }

    def picture(self, base: str) -> str:
        return f"{base}/pictures/1?key=x"

    def looked_up(self) -> tuple[Behaviour, LookUpResult]:
        return answer(200, json.dumps({"id": REF, "status": "sent"})), Accepted(REF, Status.SENT)

    def polled(self) -> tuple[Behaviour, list[DeliveryReceipt]]:
        content = {"id": "other", "status": "undelivered", "code": 7, "text": "Off", "part": 2, "parts": 3}
        report = DeliveryReceipt(
            status=Status.UNDELIVERED,
            raw_status="undelivered",
            ref=REF,
            code="7",
            words="The gateway says: Off (code 7).",
            part=2,
            parts=3,
        )
        return answer(200, json.dumps(content)), [report]

    # Hooks

    @pytest.mark.parametrize(("age_s", "is_genuine"), [(300, True), (301, False), (-300, True), (-301, False)])
    def test_five_minutes_are_allowed(self, age_s: int, is_genuine: bool) -> None:
        clock = SteppingClock()
        provider = GenericProvider("main", self.decoded("http://127.0.0.1:9"), NO_NETWORK, clock)
        called = hook(inbound(), at=clock.now() // 1000 - age_s)
        if is_genuine:
            provider.authenticate(called)
            return
        with pytest.raises(NotGenuine, match="301 s"):
            provider.authenticate(called)
        assert "301 s" in (provider.explain(called) or "")

    def test_a_hook_that_has_become_genuine_says_so(self) -> None:
        assert "As it came it is genuine by secret" in (self.reader().explain(hook(inbound())) or "")

    def test_a_stored_hook_is_judged_by_its_time(self) -> None:
        came_at = int(time.time()) - 86_400
        stored = msgspec.structs.replace(hook(inbound(), at=came_at + 400), at=came_at * 1000)
        assert "but 400 s ahead of our clock" in (self.reader().explain(stored) or "")
        stored = msgspec.structs.replace(hook(inbound(), at=came_at), at=came_at * 1000)
        assert "As it came it is genuine by secret" in (self.reader().explain(stored) or "")
        with pytest.raises(NotGenuine):
            self.reader().authenticate(stored)

    def test_a_hook_with_another_secret_is_not_explained(self) -> None:
        assert self.reader().explain(hook(inbound(), "inbound", "guess")) is None

    def test_a_text(self) -> None:
        assert self.reader().read(hook(inbound(text="a" * 5001 + "\x1b[31m"))) == [
            InboundText(ref="in-1", line="12345", consumer="+15550123123", text="a" * 5001 + "\x1b[31m")
        ]

    def test_a_text_with_everything(self) -> None:
        pictures = [{"url": "https://files.example.com/1", "content_type": "image/png"}, {"url": "https://x/2"}]
        part = {"reference": 258, "total": 3, "number": 2, "wide": True}
        content = inbound(text=None, media=pictures, part=part, at="2026-09-21T14:13:20Z", more={"unknown": 1})
        assert self.reader().read(hook(content)) == [
            InboundText(
                ref="in-1",
                line="12345",
                consumer="+15550123123",
                text="",
                part=Part(reference=258, total=3, number=2, wide=True),
                media=(Media("https://files.example.com/1", "image/png"), Media("https://x/2", "")),
                at=1_790_000_000_000,
            )
        ]

    @pytest.mark.parametrize(
        ("given", "expected"),
        [
            ({"tail": "d83d", "charset": "utf-16-be"}, {"tail": "d83d", "charset": "utf-16-be"}),
            ({"head": "9880", "charset": "utf-8"}, {"head": "9880", "charset": "utf-8"}),
            ({"tail": "d8" * 100_000, "charset": "utf-8"}, {}),
            ({"tail": "no hex", "charset": "utf-8"}, {}),
            ({"tail": "d83d", "charset": "rot13"}, {}),
        ],
    )
    def test_a_character_cut_between_two_parts(self, given: dict[str, str], expected: dict[str, str]) -> None:
        part = {"reference": 1, "total": 2, "number": 1}
        [read] = self.reader().read(hook(inbound(part=part | given)))
        assert isinstance(read, InboundText) and read.part == Part(1, 2, 1, **expected)  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        "part",
        [
            5,
            [],
            {},
            {"reference": 1, "total": 2, "number": 3},
            {"reference": 1, "total": 2, "number": 0},
            {"reference": 1, "total": 300, "number": 1},
            {"reference": -1, "total": 2, "number": 1},
            {"reference": 70_000, "total": 2, "number": 1},
            {"reference": "1", "total": 2, "number": 1},
        ],
    )
    def test_a_part_that_is_none_costs_no_text(self, part: object) -> None:
        read, *said = self.reader().read(hook(inbound(part=part)))
        assert isinstance(read, InboundText) and (read.part, read.text) == (None, TEXT)
        assert [isinstance(one, Untaken) and one.may_hide_text for one in said] == [True] * (part is not None)

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"[]",
            b"{}",
            b"\xff",
            b"[" * 100_000,
            inbound(id=None),
            inbound(id=""),
            inbound(**{"from": None}),
            inbound(**{"from": "\u200b "}),
            inbound(to=""),
        ],
    )
    def test_what_is_no_text_is_unreadable(self, content: object) -> None:
        with pytest.raises(Unreadable):
            self.reader().read(hook(content))

    @pytest.mark.parametrize(
        ("content", "text", "media"),
        [
            (b'{"id": "1", "from": "2", "to": "3", "text": "a\\ud800b"}', "a\ufffdb", ()),
            (b'{"TO": "3", "From": "2", "ID": 1, "Text": "Hi"}', "Hi", ()),
            (b'{"id": "1", "from": "2", "to": "3"}', NOTHING, ()),
            (inbound(text=None, media=None), NOTHING, ()),
            (inbound(text=5), "5", ()),
            (inbound(text=["x"]), NOTHING, ()),
            (inbound(text="\u200b \n", media=[]), NOTHING, ()),
            (inbound(text=" ", media=["https://a/1"]), "", (Media("https://a/1", ""),)),
            (inbound(text="", media={"url": "https://a/1", "content_type": None}), "", (Media("https://a/1", ""),)),
            (inbound(text="x", at={}, surprise=[1], media="none"), "x", (Media("none", ""),)),
            (
                inbound(text="x", media=[{"content_type": "image/png"}]),
                "x",
                (Media("", "image/png", MediaState.FAILED, words=NOT_WHERE),),
            ),
        ],
    )
    def test_optional_fields_are_optional(self, content: object, text: str, media: tuple[Media, ...]) -> None:
        [read] = self.reader().read(hook(content))
        assert isinstance(read, InboundText)
        assert (read.text, read.media) == (text, media)

    @pytest.mark.parametrize(
        ("word", "expected"),
        [
            ("accepted", Status.ACCEPTED),
            ("sent", Status.SENT),
            ("delivered", Status.DELIVERED),
            ("undelivered", Status.UNDELIVERED),
            ("failed", Status.FAILED),
            ("expired", Status.EXPIRED),
            ("uncertain", None),
            ("queued", None),
            ("received", None),
            ("Delivered", None),
            ("teleported", None),
        ],
    )
    def test_status_words(self, word: str, expected: Status | None) -> None:
        assert self.reader().read(hook(status(status=word), "status")) == [
            DeliveryReceipt(status=expected, raw_status=word, ref=REF, message_id="01J")
        ]

    @pytest.mark.parametrize(
        ("changed", "expected"),
        [
            ({"code": 30}, {"code": "30", "words": "The gateway says: it gives no reason (code 30)."}),
            ({"text": "Phone off."}, {"words": "The gateway says: Phone off."}),
            ({"code": "x", "text": "Off"}, {"code": "x", "words": "The gateway says: Off (code x)."}),
            ({"code": [], "text": {}}, {}),
            ({"part": 2, "parts": 3}, {"part": 2, "parts": 3}),
            ({"part": 3, "parts": 2}, {}),
            ({"part": 0, "parts": 1000}, {}),
            ({"opted_out": True}, {"opted_out": True}),
            ({"opted_out": "yes"}, {}),
        ],
    )
    def test_what_else_a_status_says(self, changed: dict[str, object], expected: dict[str, Any]) -> None:
        plain = DeliveryReceipt(status=Status.FAILED, raw_status="failed", ref=REF, message_id="01J")
        assert self.reader().read(hook(status(status="failed", **changed), "status")) == [
            msgspec.structs.replace(plain, **expected)
        ]

    @pytest.mark.parametrize("content", [b"", b"[]", status(status=None), status(status=5.5), {"status": "sent"}])
    def test_what_is_no_status_is_unreadable(self, content: object) -> None:
        with pytest.raises(Unreadable):
            self.reader().read(hook(content, "status"))

    # Sending

    async def test_what_is_sent(self) -> None:
        whole = msgspec.structs.replace(self.message, pictures=("https://sms.example.com/out/1",), valid_for_s=600)
        async with VendorServer().running() as server, loopback_client() as (http, _):
            server.behaviour = self.success()
            provider = self.made(server.url, http, most_pictures_out=1)
            await provider.send(self.message)
            await provider.send(whole)
        plain, full = server.calls
        assert (plain.method, plain.path, plain.headers["content-type"]) == ("POST", "/send", "application/json")
        base = {"id": self.message.message_id, "from": "12345", "to": "+15550123123", "text": TEXT}
        assert json.loads(plain.body) == base
        assert json.loads(full.body) == {**base, "pictures": ["https://sms.example.com/out/1"], "valid_for_s": 600}
        assert "authorization" not in plain.headers

    async def test_calls_are_signed_with_both_secrets(self) -> None:
        async with self.calling(self.success()) as (provider, server):
            await provider.send(self.message)
            await provider.poll(REF)
        for call in server.calls:
            assert is_signed(call, SECRET) and is_signed(call, OLD_SECRET) and not is_signed(call, "guess")

    @pytest.mark.parametrize(
        ("behaviour", "expected"),
        [
            (answer(200, '{"id": 77}'), Accepted("77")),
            (answer(200, '{"id": 77, "segments": 3}'), Accepted("77", billed=3)),
            (answer(200, '{"id": 77, "segments": "lots"}'), Accepted("77")),
            (answer(202, f'{{"id": "{REF}", "status": "sent"}}'), Accepted(REF, Status.SENT)),
            (answer(201, f'{{"id": "{REF}", "status": "of tomorrow"}}'), Accepted(REF)),
            (answer(200, f'{{"id": "{REF}", "status": "failed"}}'), Accepted(REF, Status.FAILED)),
            (
                answer(200, f'{{"id": "{REF}", "status": "failed", "code": 9, "text": "No", "opted_out": true}}'),
                Rejected("9", "The gateway says: No (code 9).", opted_out=True, ref=REF),
            ),
            (
                answer(200, f'{{"id": "{REF}", "status": "sent", "code": 9, "text": "Slow"}}'),
                Accepted(REF, Status.SENT),
            ),
            (answer(409, f'{{"id": "{REF}", "status": "delivered"}}'), Accepted(REF, Status.DELIVERED)),
            (
                answer(400, '{"code": "bad_number", "text": "Not a number"}'),
                Rejected("bad_number", "The gateway says: Not a number (code bad_number)."),
            ),
            (answer(422, '{"text": "No"}'), Rejected(None, "The gateway says: No.")),
            (
                answer(403, '{"code": 1, "opted_out": true}'),
                Rejected("1", "The gateway says: it gives no reason (code 1).", opted_out=True),
            ),
            (
                answer(503, '{"text": "Resting"}', Retry_After="30"),
                TryLater("The gateway says: Resting.", None, 30, is_pause=True),
            ),
            (
                answer(429, '{"code": "slow"}'),
                TryLater("The gateway says: it gives no reason (code slow).", "slow", is_pause=True),
            ),
        ],
    )
    async def test_what_an_answer_means(self, behaviour: Behaviour, expected: Outcome) -> None:
        async with self.calling(behaviour) as (provider, server):
            assert await provider.send(self.message) == expected
            assert len(server.calls) == 1

    @pytest.mark.parametrize(
        "behaviour",
        [
            answer(409, "{}"),
            answer(409, "<html></html>", "text/html"),
            answer(200, '{"id": ""}'),
            answer(200, '{"id": true}'),
            answer(503, '{"text": "Resting"}'),
            answer(503, '{"text": "Resting"}', Retry_After="soon"),
            answer(500, '{"code": 1}', Retry_After="30"),
        ],
    )
    async def test_an_answer_that_leaves_it_open(self, behaviour: Behaviour) -> None:
        async with self.calling(behaviour) as (provider, _):
            assert isinstance(await provider.send(self.message), Uncertain)

    # Asking

    @pytest.mark.parametrize(
        ("behaviour", "expected"),
        [
            (answer(200, f'{{"id": "{REF}", "status": "delivered"}}'), Accepted(REF, Status.DELIVERED)),
            (answer(200, f'{{"id": "{REF}"}}'), Accepted(REF)),
            (
                answer(200, f'{{"id": "{REF}", "status": "failed", "text": "No"}}'),
                Rejected(None, "The gateway says: No.", ref=REF),
            ),
            (answer(404, '{"code": "unknown_id", "text": "Never had it"}'), NotFound()),
        ],
    )
    async def test_what_a_look_up_finds(self, behaviour: Behaviour, expected: LookUpResult) -> None:
        async with self.calling(behaviour) as (provider, server):
            assert await provider.look_up(self.message) == expected
        [call] = server.calls
        assert (call.method, call.path) == ("POST", "/status")
        assert json.loads(call.body) == {"message_id": self.message.message_id}
        assert is_signed(call, SECRET)

    @pytest.mark.parametrize(
        "behaviour",
        [
            answer(404, '{"message": "no Route matched with those values"}'),
            answer(404, '{"code": 404}'),
            answer(400, '{"code": "unknown_id"}'),
            answer(200, '{"code": "unknown_id"}'),
        ],
    )
    async def test_only_the_gateway_s_own_word_says_that_it_never_had_it(self, behaviour: Behaviour) -> None:
        """Otherwise a reply would be called unsent, and sent again by hand, because of a proxy."""
        async with self.calling(behaviour) as (provider, _):
            assert isinstance(await provider.look_up(self.message), Uncertain)

    async def test_what_a_poll_asks(self) -> None:
        async with self.calling(self.polled()[0]) as (provider, server):
            await provider.poll(REF)
        assert json.loads(server.calls[0].body) == {"id": REF}

    async def test_a_message_that_the_gateway_does_not_know(self) -> None:
        async with self.calling(self.sound()) as (provider, _):
            with pytest.raises(CallFailed, match="does not know this message"):
                await provider.poll(REF)

    async def test_without_a_status_url_nothing_is_asked(self) -> None:
        async with self.calling(self.success()) as (_, server):
            provider = self.reader(status_url=None)
            assert isinstance(await provider.look_up(self.message), Uncertain)
            with pytest.raises(CallFailed, match="no status_url"):
                await provider.poll(REF)
            health = await provider.check()
            assert health == Health(True, "There is no status_url, so the gateway cannot be asked how it is.")
            assert (provider.capabilities.can_look_up, provider.capabilities.can_poll) == (False, False)
            assert server.calls == []
        asking = self.reader().capabilities
        assert (asking.can_look_up, asking.can_poll) == (True, True)

    @pytest.mark.parametrize(
        ("behaviour", "words", "code"),
        [
            (answer(401, '{"code": "bad_signature", "text": "Wrong secret"}'), "Wrong secret", "bad_signature"),
            (answer(403, "{}"), "refused the sign-in", None),
            (answer(404, "<html></html>", "text/html"), "status_url may be wrong", None),
            (answer(200, '{"id": "x", "status": "sent"}'), "never was", None),
        ],
    )
    async def test_what_a_check_finds(self, behaviour: Behaviour, words: str, code: str | None) -> None:
        async with self.calling(behaviour) as (provider, _):
            health = await provider.check()
        assert not health.ok and words in health.words and health.code == code

    # Pictures and settings

    @pytest.mark.parametrize(
        ("url", "hosts"),
        [
            ("https://gateway.example.com/p/1", ("gateway.example.com", "files.example.com", "cdn.example.com")),
            ("https://files.example.com/1", ("files.example.com", "cdn.example.com")),
            ("https://cdn.example.com:8443/1", ("cdn.example.com", "files.example.com")),
        ],
    )
    def test_where_pictures_may_lie(self, url: str, hosts: tuple[str, ...]) -> None:
        allowed = ["files.example.com", "cdn.example.com:8443"]
        provider = self.reader(send_url="https://gateway.example.com/send", media_hosts=allowed)
        assert provider.media_call(url) == MediaCall(url, hosts)

    @pytest.mark.parametrize(
        "url",
        [
            "http://gateway.example.com/p/1",
            "http://files.example.com/1",
            "https://files.example.com:8443/1",
            "https://other.example.com/1",
            "https://user@files.example.com/1",
        ],
    )
    def test_where_pictures_may_not_lie(self, url: str) -> None:
        provider = self.reader(send_url="https://gateway.example.com/send", media_hosts=["files.example.com"])
        with pytest.raises(Unreadable):
            provider.media_call(url)

    @pytest.mark.parametrize(
        ("changed", "words"),
        [
            ({"send_url": "gateway.example.com"}, "send_url must be an address like"),
            ({"status_url": "https://x/?y"}, "status_url must be an address like"),
            ({"media_hosts": ["https://files.example.com/"]}, "media_hosts must be names of hosts"),
            ({"media_hosts": ["*"]}, "media_hosts must be names of hosts"),
            ({"most_pictures_out": -1}, "most_pictures_out"),
            ({"secret": None}, "secret"),
        ],
    )
    def test_settings_that_make_no_sense(self, changed: Mapping[str, object], words: str) -> None:
        with pytest.raises(msgspec.ValidationError, match=words):
            self.reader(**changed)


def test_the_example_of_the_documentation_is_right() -> None:
    """The author of a gateway checks their signature with it."""
    page = (Path(__file__).parents[4] / "docs" / "generic-provider.md").read_text(encoding="utf-8")
    [mark] = re.findall(r"X-Textdesk-Signature: (\S+)", page)
    [body] = re.findall(r"^    (\{.*\})$", page, re.MULTILINE)
    [example] = re.findall(r"the secret `([^`]+)` and this body", page)
    assert mark == header(body.encode(), example, at=1_790_000_000)
    settings = TestGeneric().decoded("http://127.0.0.1:9", secret=example)
    GenericProvider("main", settings, NO_NETWORK, SteppingClock(1_790_000_000_000)).authenticate(
        hook(body.encode(), mark=mark)
    )


@given(body=st.binary(max_size=200), data=st.data())
def test_one_changed_octet_is_refused(body: bytes, data: st.DataObject) -> None:
    provider = TestGeneric().reader()
    called = hook(body)
    provider.authenticate(called)
    place = data.draw(st.integers(0, len(body)))
    octet = data.draw(st.binary(min_size=1, max_size=1))
    for changed in (body[:place] + octet + body[place:], body[:place] + octet + body[place + 1 :]):
        if changed != body:
            with pytest.raises(NotGenuine):
                provider.authenticate(msgspec.structs.replace(called, body=changed))
