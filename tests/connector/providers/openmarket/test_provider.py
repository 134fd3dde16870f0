"""OpenMarket against the provider contract, and what only it does."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.domain.message import Part
from connector.domain.status import Status
from connector.providers.openmarket.codes import MEANINGS, explain
from connector.providers.openmarket.provider import OpenMarketProvider
from connector.providers.values import (
    Accepted,
    CallFailed,
    DeliveryReceipt,
    Hook,
    InboundText,
    NotGenuine,
    Outgoing,
    Rejected,
    Uncertain,
    Unreadable,
    Untaken,
)
from connector.providers.wordless import NOTHING
from tests.connector.providers.openmarket.published_codes import ADVICE, NOT_OF_TEXTS, PUBLISHED
from tests.kit.provider_contract import ProviderContract
from tests.kit.provider_table import PUBLIC_URL
from tests.kit.vendor_server import Behaviour, answer

PASSWORD, HOOK_PASSWORD, HOOK_KEY = "password-of-ours", "password-of-hooks", "key+of/hooks"
OLD_PASSWORD, OLD_KEY = "password-of-last-year", "key-of-last-year"
KEYED = "key=key%2Bof%2Fhooks"
ROOT = f"{PUBLIC_URL}/hooks/openmarket/main"
SUBMITTED_AT = 1_777_889_472_000  # 2026-05-04T10:11:12Z
TICKET = "0113C-0331L-1439U-51SLF"


def login(user: str = "openmarket", password: str = HOOK_PASSWORD) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def hook(content: object, kind: str = "inbound", query: str = KEYED, authorization: str | None = None) -> Hook:
    headers = {"content-type": "application/json; charset=UTF-8", "authorization": authorization or login()}
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return Hook(kind=kind, method="POST", url=f"{ROOT}/{kind}?{query}", headers=headers, body=body)


def inbound(**message: object) -> dict[str, object]:
    """A text as OpenMarket posts it."""
    return {
        "mobileOriginate": {
            "submittedDate": "2026-05-04T10:11:12+00:00",
            "ticketId": TICKET,
            "source": {"ton": 1, "address": "15550123123", "mobileOperatorId": 383},
            "destination": {"ton": 3, "address": "12345"},
            "message": message,
        }
    }


def octets(content: bytes, **message: object) -> dict[str, object]:
    return inbound(type="hexEncodedText", content=content.hex().upper(), **message)


def receipt(**changed: object) -> dict[str, object]:
    fields = {"ticketId": TICKET, "code": 4, "description": "Delivered", "segmentNumber": 2, "totalSegments": 3}
    return {"deliveryReceipt": {**fields, **changed}}


def without(name: str) -> dict[str, object]:
    fields = msgspec.json.decode(msgspec.json.encode(inbound(type="text", content="Hi")))["mobileOriginate"]
    del fields[name]
    return {"mobileOriginate": fields}


UNREADABLE = [
    b"",
    b"[]",
    b"{}",
    b"[" * 100_000,
    b'{"extra": ' + b"[" * 100_000,
    b"\xff",
    b'{"mobileOriginate": "\\ud800"}',
    without("source"),
    without("destination"),
]
PARTIES = {"source": {"address": "15550123123"}, "destination": {"address": "12345"}}


class TestOpenMarket(ProviderContract):
    provider_class = OpenMarketProvider
    secrets = (PASSWORD, HOOK_PASSWORD, HOOK_KEY, OLD_PASSWORD, OLD_KEY)
    message: ClassVar = Outgoing(
        message_id="01J00000000000000000000001",
        line="12345",
        consumer="+15550123123",
        text="Hello ü 😀",
        written_at=1_790_000_000_000,
    )
    success_ref = TICKET
    default_host, default_check_host = "smsc.openmarket.com", "mtstatus.openmarket.com"
    harmless_when_checked = frozenset({"success with wrong types", "refusal without code", "refusal with wrong types"})
    # The pages on response codes, receipts and status.
    codes: ClassVar = ADVICE

    def test_every_published_code_of_a_text_has_words_and_advice(self) -> None:
        successes = range(6)
        assert sorted(PUBLISHED) == sorted([*successes, *map(int, MEANINGS), *NOT_OF_TEXTS])
        assert set(self.codes) == set(MEANINGS)

    def settings(self, base: str) -> dict[str, object]:
        return {
            "provider": "openmarket",
            "public_url": PUBLIC_URL + "/",
            "numbers": [{"address": "12345"}],
            "account_id": "123-456-789-12345",
            "password": PASSWORD,
            "hook_user": "openmarket",
            "hook_password": HOOK_PASSWORD,
            "previous_hook_password": OLD_PASSWORD,
            "hook_key": HOOK_KEY,
            "previous_hook_key": OLD_KEY,
            "api_base": base,
            "status_base": base,
        }

    def genuine(self) -> dict[str, Hook]:
        text = inbound(type="text", content="Hello")
        return {
            "a text": hook(text),
            "a segment": hook(octets(bytes.fromhex("050003080202") + b"end", udh=True)),
            "a scheme in small letters": hook(text, authorization=login().replace("Basic", "basic")),
            "a receipt": hook(receipt(), "receipt", f"m=01J&{KEYED}"),
            "a receipt with our id only": hook({"code": 4}, "receipt", f"m=01J&{KEYED}"),
            "a password that is being replaced": hook(text, authorization=login(password=OLD_PASSWORD)),
            "a key that is being replaced": hook(text, query=f"key={OLD_KEY}"),
            "both as they were": hook(text, query=f"key={OLD_KEY}", authorization=login(password=OLD_PASSWORD)),
        }

    def forged(self) -> dict[str, Hook]:
        text = inbound(type="text", content="Hello")
        called = hook(text)
        return {
            "no sign-in": msgspec.structs.replace(called, headers={}),
            "another password": hook(text, authorization=login(password="guess")),
            "another user": hook(text, authorization=login(user="another")),
            "a blank sign-in": hook(text, authorization="Basic "),
            "another scheme": hook(text, authorization="Bearer " + HOOK_PASSWORD),
            "a sign-in that is not base64": hook(text, authorization="Basic ü"),
            "no key": hook(text, query=""),
            "a blank key": hook(text, query="key="),
            "another key": hook(text, query="key=guess"),
            "half a character as key": hook(text, query="key=\udce9"),
        }

    def signed(self, kind: str, body: bytes) -> Hook:
        return hook(body, kind)

    def success(self) -> Behaviour:
        return answer(202, "", Location=f"https://smsc.openmarket.com/sms/v4/mt/{TICKET}")

    def sound(self) -> Behaviour:
        return answer(404, '{"error": {"code": 404, "description": "no such ticket"}}')

    def refusal(self, code: str) -> Behaviour:
        return answer(400, json.dumps({"error": {"code": code, "description": "OpenMarket's words"}}))

    def words(self, code: str, text: str = "") -> str | None:
        return explain(code, text)

    def explained(self) -> dict[str, tuple[Hook, str]]:
        text = inbound(type="text", content="Hello")
        bare = msgspec.structs.replace(hook(text), headers={})
        return {
            "no sign-in": (bare, "The key in the address is right, but no user and password came"),
            "another password": (
                hook(text, authorization=login(password="guess")),
                "The key in the address is right, but another user or password came",
            ),
            "no key": (hook(text, query=""), "The user and password are right, but the address has no key"),
            "another key": (
                hook(text, query="key=guess"),
                "The user and password are right, but the address has another key",
            ),
            "a key that is not escaped": (hook(text, query=f"m=1&key={HOOK_KEY}"), "write %2B"),
        }

    def polled(self) -> tuple[Behaviour, list[DeliveryReceipt]]:
        segments = [{"segmentNumber": 2, "code": "4"}, {"segmentNumber": 1, "code": "345", "description": "x"}]
        content = {"mtStatus": {"ticketId": TICKET, "code": "830", "totalSegments": 2, "segments": segments}}
        return answer(200, json.dumps(content)), [
            DeliveryReceipt(Status.DELIVERED, "4", ref=TICKET, code="4", part=2, parts=2),
            DeliveryReceipt(Status.FAILED, "345", ref=TICKET, code="345", words=explain("345"), part=1, parts=2),
        ]

    # Who may call

    @pytest.mark.parametrize(
        ("left_out", "query", "authorization", "is_genuine"),
        [
            (["hook_key"], "", login(), True),
            (["hook_key"], "", login(password="guess"), False),
            (["hook_user", "hook_password"], KEYED, "", True),
            (["hook_user", "hook_password"], "", login(), False),
            (["hook_key", "hook_user", "hook_password"], "", "", False),
            (["hook_key", "hook_user", "hook_password"], KEYED, login(), False),
            (["hook_key", "hook_user", "hook_password"], "key=", "Basic ", False),
        ],
    )
    def test_what_is_configured_is_asked_for(
        self, left_out: list[str], query: str, authorization: str, is_genuine: bool
    ) -> None:
        provider = self.reader(**dict.fromkeys([*left_out, "previous_hook_password", "previous_hook_key"]))
        called = hook(inbound(type="text", content="Hello"), query=query)
        called = msgspec.structs.replace(called, headers={"authorization": authorization})
        if is_genuine:
            provider.authenticate(called)
        else:
            with pytest.raises(NotGenuine):
                provider.authenticate(called)

    def test_a_user_without_password_is_refused(self) -> None:
        for name in ("hook_user", "hook_password"):
            with pytest.raises(msgspec.ValidationError, match="hook_user and hook_password only work together"):
                self.reader(**{name: None})

    def test_a_previous_secret_alone_is_refused(self) -> None:
        with pytest.raises(msgspec.ValidationError, match="previous_hook_key only works beside hook_key"):
            self.reader(hook_key=None)
        with pytest.raises(msgspec.ValidationError, match="previous_hook_password only works beside hook_password"):
            self.reader(hook_user=None, hook_password=None)

    def test_old_and_new_secrets_are_not_mixed_with_guesses(self) -> None:
        provider = self.reader()
        for query, password in (("key=guess", OLD_PASSWORD), (f"key={OLD_KEY}", "guess"), ("", OLD_PASSWORD)):
            with pytest.raises(NotGenuine):
                provider.authenticate(hook(inbound(type="text"), query=query, authorization=login(password=password)))

    @pytest.mark.parametrize(
        ("left_out", "query", "authorization", "words"),
        [
            ([], KEYED, login(), "As it came it is genuine"),
            ([], "key=guess", login(password="guess"), None),
            ([], "", "", None),
            ([], f"key={HOOK_KEY}", login(password="guess"), None),
            (["hook_key"], "", login(password="guess"), None),
            (["hook_key"], "", login(), "As it came it is genuine"),
            (["hook_user", "hook_password"], "key=guess", "", None),
            (["hook_user", "hook_password"], KEYED, "", "As it came it is genuine"),
            (["hook_key", "hook_user", "hook_password"], KEYED, login(), None),
        ],
    )
    def test_what_is_right_in_a_refused_call(
        self, left_out: list[str], query: str, authorization: str, words: str | None
    ) -> None:
        provider = self.reader(**dict.fromkeys([*left_out, "previous_hook_password", "previous_hook_key"]))
        called = msgspec.structs.replace(hook(inbound(type="text"), query=query), headers={})
        if authorization:
            called = msgspec.structs.replace(called, headers={"authorization": authorization})
        explanation = provider.explain(called)
        assert explanation is None if words is None else explanation is not None and words in explanation

    def test_a_hook_as_it_is_kept_tells_nothing(self) -> None:
        """Credentials are not stored, so a stored hook proves nothing."""
        stored = msgspec.structs.replace(hook(inbound(type="text"), query="key=•••"), headers={})
        assert self.reader().explain(stored) is None

    # Inbound

    def test_a_text(self) -> None:
        assert self.reader().read(hook(inbound(type="text", content="Hello [b]\x1b"))) == [
            InboundText(ref=TICKET, line="12345", consumer="+15550123123", text="Hello [b]\x1b", at=SUBMITTED_AT)
        ]

    @pytest.mark.parametrize(
        ("written", "at"),
        [
            ("2026-05-04T12:11:12+02:00", SUBMITTED_AT),
            ("2026-05-04T10:11:12Z", SUBMITTED_AT),
            ("2026-05-04T10:11:12.250Z", SUBMITTED_AT + 250),
            ("2026-05-04T10:11:12", SUBMITTED_AT),
            ("yesterday", None),
            ("", None),
            (None, None),
            (5, None),
            ({}, None),
            ("0001-01-01T00:00:00+23:59", None),
        ],
    )
    def test_moments(self, written: object, at: int | None) -> None:
        content = inbound(type="text", content="Hello")
        content["mobileOriginate"]["submittedDate"] = written  # type: ignore[index]
        [read] = self.reader().read(hook(content))
        assert isinstance(read, InboundText) and read.at == at

    @pytest.mark.parametrize(
        ("message", "text", "flaw"),
        [
            ({"content": "050003080203" + b"end".hex(), "udh": True}, "end", "names no part of a text"),
            ({"content": "050003080001" + b"end".hex(), "udh": True}, "end", "names no part of a text"),
            ({"content": "050003080200" + b"end".hex(), "udh": True}, "end", "names no part of a text"),
            ({"content": "040002080201" + b"end".hex(), "udh": True}, "\x01end", "names no part of a text"),
            ({"content": "0600030802" + b"end".hex(), "udh": True}, "d", "names no part of a text"),
            ({"content": "0500090802" + b"end".hex(), "udh": True}, "nd", "longer than the header"),
            ({"content": "7f00034869", "udh": True}, "\x7f\0\x03Hi", "longer than its content"),
            ({"content": "", "udh": True}, NOTHING, "longer than its content"),
            ({"content": b"end".hex() + "4"}, "end", "ends within an octet"),
            ({"content": "Hello, hex!"}, "Hello, hex!", "not hexadecimal"),
            ({"content": "٣٣"}, "٣٣", "not hexadecimal"),
            ({"type": "wapPush", "content": "Hello"}, "Hello", "wapPush"),
        ],
    )
    def test_what_is_malformed_is_shown_as_far_as_it_can_be_read_and_said(
        self, message: dict[str, object], text: str, flaw: str
    ) -> None:
        read, said = self.reader().read(hook(inbound(**{"type": "hexEncodedText", **message})))
        assert isinstance(read, InboundText) and isinstance(said, Untaken)
        assert (read.text, read.part) == (text, None)
        assert flaw in said.reason and said.may_hide_text

    @pytest.mark.parametrize(
        ("content", "text"),
        [
            ({"mobileOriginate": {**PARTIES, "message": {"content": "Hi"}}}, "Hi"),
            ({"mobileOriginate": {**PARTIES, "message": {"type": None, "content": "Hi", "udh": None}}}, "Hi"),
            ({"mobileOriginate": {**PARTIES, "message": {"type": "TEXT", "content": None}}}, NOTHING),
            ({"mobileOriginate": {**PARTIES, "message": "Hi"}}, "Hi"),
            ({"mobileOriginate": PARTIES}, NOTHING),
            ({"mobileOriginate": {**PARTIES, "message": {"content": 5, "new": {}}, "surprise": [1]}}, "5"),
            ({"mobileoriginate": {**PARTIES, "Message": {"Content": "Hi", "TYPE": "text"}}}, "Hi"),
            ({**PARTIES, "message": {"content": "Hi"}}, "Hi"),
            ({"mobileOriginate": {"source": "15550123123", "destination": 12345, "message": "Hi"}}, "Hi"),
            ({"mobileOriginate": {**PARTIES, "message": {"content": " \u2800\n"}}}, NOTHING),
        ],
    )
    def test_optional_fields_are_optional(self, content: object, text: str) -> None:
        [read] = self.reader().read(hook(content))
        assert isinstance(read, InboundText)
        assert (read.text, read.line, read.consumer) == (text, "12345", "+15550123123")
        assert [read] == self.reader().read(hook(content))  # also its id, where it came without one

    def test_half_a_pair_costs_no_text(self) -> None:
        body = json.dumps(inbound(type="text", content="a\ud800b")).encode()
        [read] = self.reader().read(hook(body))
        assert isinstance(read, InboundText) and read.text == "a\ufffdb"

    @pytest.mark.parametrize(
        ("files", "text", "kinds"),
        [
            ([("image/jpeg", b"\xff\xd8\xff--x")], "", ["image/jpeg"]),
            ([("application/smil", b"<smil/>"), ("text/plain", b"Hi"), ("image/gif", b"GIF")], "Hi", ["image/gif"]),
            ([("text/plain; charset=utf-8", "Größe".encode())], "Größe", []),
            ([], NOTHING, []),
        ],
    )
    @pytest.mark.parametrize("kind", ["multipart/mixed; boundary=b-1", 'Multipart/Mixed;boundary="b-1"'])
    def test_a_message_with_pictures_is_a_line_without_them(
        self, kind: str, files: list[tuple[str, bytes]], text: str, kinds: list[str]
    ) -> None:
        about = {"type": "MO", "moId": "mo-1", "source": "15550123123", "destinations": ["15559990000", "12345"]}
        parts = [("application/json", json.dumps(about).encode()), *files]
        body = b"".join(b"--b-1\r\nContent-Type: %s\r\n\r\n%s\r\n" % (name.encode(), data) for name, data in parts)
        called = hook(body + b"--b-1--\r\n")
        called = msgspec.structs.replace(called, headers={**called.headers, "content-type": kind})
        read, *said = self.reader().read(called)
        assert isinstance(read, InboundText)
        assert (read.ref, read.line, read.consumer, read.text) == ("mo-1", "12345", "+15550123123", text)
        assert [media.content_type for media in read.media] == kinds
        assert [isinstance(one, Untaken) and "pictures or files" in one.reason for one in said] == [True] * bool(kinds)

    def test_the_words_of_a_message_with_pictures_can_be_encoded(self) -> None:
        about = json.dumps({"moId": "1", "source": {"address": "1555"}, "destination": "12345", "subject": "Hi"})
        coded = [
            ("application/json", "base64", base64.b64encode(about.encode())),
            ("text/plain", "quoted-printable", b"caf=C3=A9"),
            ("text/plain", "base64", b"***"),
        ]
        body = b"".join(
            b"--x\nContent-Type: %s\nContent-Transfer-Encoding: %s\n\n%s\n" % (kind.encode(), how.encode(), data)
            for kind, how, data in coded
        )
        called = msgspec.structs.replace(hook(body + b"--x--"), headers={"content-type": "multipart/mixed; boundary=x"})
        [read] = self.reader().read(called)
        assert isinstance(read, InboundText) and read.text.startswith("Hi\ncafé")

    @pytest.mark.parametrize(
        "body", [b"", b"--x\r\n\r\n{}\r\n--x--", b"--x\r\n\r\nnot JSON\r\n--x--", b"--x--", b"\xff"]
    )
    def test_a_message_with_pictures_that_names_nobody_is_unreadable(self, body: bytes) -> None:
        called = msgspec.structs.replace(hook(body), headers={"content-type": "multipart/mixed; boundary=x"})
        with pytest.raises(Unreadable, match="MMS"):
            self.reader().read(called)

    @pytest.mark.parametrize(
        ("message", "text", "part"),
        [
            # A single text with a line break, the reason why it is hex.
            ({"content": "Two\nlines ü".encode().hex()}, "Two\nlines ü", None),
            ({"content": "caf\xe9".encode("latin-1").hex()}, "café", None),
            ({"content": "é😀".encode("utf-16-be").hex(), "charset": "UTF-16"}, "é😀", None),
            ({"content": "caf\xe9".encode("latin-1").hex(), "charset": "Latin-1"}, "café", None),
            ({"content": "é".encode().hex(), "charset": "Latin-1"}, "Ã©", None),
            ({"content": "é".encode().hex(), "charset": "UTF-8"}, "é", None),
            ({"content": "003141420a1b65", "charset": "GSM"}, "@1AB\n€", None),
            ({"content": "é".encode().hex(), "charset": "KOI8"}, "é", None),
            ({"content": "050003080202" + b"end".hex(), "udh": True}, "end", Part(8, 2, 2)),
            ({"content": "0608040102030165", "udh": True}, "e", Part(0x0102, 3, 1, wide=True)),
            ({"content": "050003080202" + b"end".hex(), "udh": "true"}, "end", Part(8, 2, 2)),
            ({"content": "0B0504158100000003080202" + b"end".hex(), "udh": True}, "end", Part(8, 2, 2)),
            # Without the mark the first octets are text, whatever they look like.
            ({"content": "050003080202" + b"end".hex()}, "\x05\0\x03\x08\x02\x02end", None),
            ({"type": "binary", "content": b"end".hex()}, "end", None),
            ({"content": ""}, NOTHING, None),
            ({"content": "48 65\n6c 6C 6f"}, "Hello", None),
        ],
    )
    def test_octets_as_text(self, message: dict[str, object], text: str, part: Part | None) -> None:
        [read] = self.reader().read(hook(inbound(**{"type": "hexEncodedText", **message})))
        assert isinstance(read, InboundText)
        assert (read.text, read.part, read.ref) == (text, part, TICKET)

    def test_a_character_cut_in_two_shows_in_both_segments(self) -> None:
        whole = "Gruß 😀 Gruß".encode()
        cut = whole.index("😀".encode()) + 1
        texts = []
        for number, content in enumerate((whole[:cut], whole[cut:]), start=1):
            header = bytes((5, 0, 3, 7, 2, number))
            [read] = self.reader().read(hook(octets(header + content, udh=True)))
            assert isinstance(read, InboundText)
            texts.append(read.text)
        assert texts == ["Gruß \ufffd", "\ufffd Gruß"]

    @pytest.mark.parametrize(
        ("number", "address"),
        [("15550123", "15550123"), ("155501234", "+155501234"), ("12345", "12345"), ("+15550123123", "+15550123123")],
    )
    def test_addresses(self, number: str, address: str) -> None:
        content = msgspec.json.encode(inbound(type="text", content="Hi")).replace(b"15550123123", number.encode())
        [read] = self.reader().read(hook(content))
        assert isinstance(read, InboundText) and read.consumer == address

    @pytest.mark.parametrize("content", UNREADABLE)
    def test_what_is_no_text_is_unreadable(self, content: object) -> None:
        with pytest.raises(Unreadable):
            self.reader().read(hook(content))

    def test_a_text_is_a_text_and_a_receipt_a_receipt_at_either_address(self) -> None:
        [read] = self.reader().read(hook(inbound(type="text", content="Hello"), "receipt", f"m=01J&{KEYED}"))
        assert isinstance(read, InboundText) and read.text == "Hello"
        [read] = self.reader().read(hook(receipt(), "inbound"))
        assert isinstance(read, DeliveryReceipt) and read.ref == TICKET

    # Receipts

    @pytest.mark.parametrize(
        "body",
        [
            receipt(),
            receipt(code="4"),
            receipt()["deliveryReceipt"],
            receipt(code=None, description=None, reason={"code": 4, "description": "Delivered"}),
            receipt(code=None, response={"code": "4"}),
            # As OpenMarket's schema has it.
            {"deliveryReceipt": {"type": "final", "mtStatus": {**receipt()["deliveryReceipt"], "note1": "x"}}},  # type: ignore[dict-item]
            {"mtStatus": {"ticketId": TICKET, "code": "4", "segmentNumber": "2", "totalSegments": "3"}},
        ],
    )
    def test_receipts_are_read_wherever_their_fields_are(self, body: object) -> None:
        assert self.reader().read(hook(body, "receipt", f"m=01J&{KEYED}")) == [
            DeliveryReceipt(
                status=Status.DELIVERED,
                raw_status="4",
                ref=TICKET,
                message_id="01J",
                code="4",
                words=None,
                part=2,
                parts=3,
            )
        ]

    @pytest.mark.parametrize(
        ("code", "status"),
        [
            (0, Status.SENT),
            (1, Status.ACCEPTED),
            (2, Status.ACCEPTED),
            (3, Status.SENT),
            (4, Status.DELIVERED),
            (301, Status.FAILED),
            (345, Status.FAILED),
            (351, Status.UNDELIVERED),
            (607, Status.UNDELIVERED),
            (711, None),
            (830, Status.UNDELIVERED),
            (831, None),
            (98765, Status.UNDELIVERED),
            ("later", None),
        ],
    )
    def test_codes_of_receipts(self, code: object, status: Status | None) -> None:
        [read] = self.reader().read(hook(receipt(code=code, description="As they say"), "receipt"))
        assert isinstance(read, DeliveryReceipt)
        assert (read.status, read.raw_status, read.code) == (status, str(code), str(code))
        assert read.words == explain(str(code), "As they say")

    @pytest.mark.parametrize(
        ("number", "total", "part", "parts"),
        [
            ("2", "3", 2, 3),
            (None, None, 1, 1),
            (3, 2, 1, 1),
            (0, 0, 1, 1),
            (-1, 2, 1, 2),
            ([], {}, 1, 1),
            (1e9, 2, 1, 2),
        ],
    )
    def test_numbers_of_parts(self, number: object, total: object, part: int, parts: int) -> None:
        [read] = self.reader().read(hook(receipt(segmentNumber=number, totalSegments=total), "receipt"))
        assert isinstance(read, DeliveryReceipt)
        assert (read.part, read.parts) == (part, parts)

    def test_a_receipt_for_all_parts_is_one_report_for_each(self) -> None:
        body = receipt(segmentNumber=None, totalSegments=None, code=831)
        body["deliveryReceipt"]["segments"] = [{"segmentNumber": 1, "code": 4}, {"segmentNumber": 2, "code": 3}]  # type: ignore[index]
        assert self.reader().read(hook(body, "receipt", f"m=01J&{KEYED}")) == [
            DeliveryReceipt(Status.DELIVERED, "4", ref=TICKET, message_id="01J", code="4", part=1, parts=2),
            DeliveryReceipt(Status.SENT, "3", ref=TICKET, message_id="01J", code="3", part=2, parts=2),
        ]

    @pytest.mark.parametrize("body", [b"", b"[]", b"{}", {"code": 4}, {"ticketId": TICKET}, receipt(code=True)])
    def test_what_is_no_receipt_is_unreadable(self, body: object) -> None:
        with pytest.raises(Unreadable):
            self.reader().read(hook(body, "receipt"))

    # Sending

    async def test_what_is_sent(self) -> None:
        async with self.calling(self.success()) as (provider, server):
            await provider.send(self.message)
        [call] = server.calls
        assert (call.method, call.path) == ("POST", "/sms/v4/mt")
        assert call.headers["content-type"] == "application/json; charset=UTF-8"
        assert base64.b64decode(call.headers["authorization"].removeprefix("Basic ")).decode() == (
            f"123-456-789-12345:{PASSWORD}"
        )
        assert json.loads(call.body) == {
            "mobileTerminate": {
                "source": {"ton": 3, "address": "12345"},
                "destination": {"address": "15550123123"},
                "message": {"type": "text", "content": "Hello ü 😀", "mlc": "segment"},
                "delivery": {
                    "receiptRequested": "final",
                    "url": f"{ROOT}/receipt?m=01J00000000000000000000001&{KEYED}",
                },
            }
        }

    async def test_a_receipt_to_that_address_is_genuine_and_names_the_message(self) -> None:
        async with self.calling(self.success()) as (provider, server):
            await provider.send(self.message)
        url = json.loads(server.calls[0].body)["mobileTerminate"]["delivery"]["url"]
        assert parse_qs(urlsplit(url).query)["m"] == [self.message.message_id]
        called = msgspec.structs.replace(hook(receipt(), "receipt"), url=url)
        provider.authenticate(called)
        [read] = provider.read(called)
        assert isinstance(read, DeliveryReceipt) and read.message_id == self.message.message_id

    @pytest.mark.parametrize(
        ("line", "source"),
        [
            ("+15550100100", {"ton": 1, "address": "15550100100"}),
            ("12345", {"ton": 3, "address": "12345"}),
            ("TEXTDESK", {"ton": 5, "address": "TEXTDESK"}),
        ],
    )
    async def test_kinds_of_lines(self, line: str, source: Mapping[str, object]) -> None:
        async with self.calling(self.success()) as (provider, server):
            await provider.send(msgspec.structs.replace(self.message, line=line))
        assert json.loads(server.calls[0].body)["mobileTerminate"]["source"] == source

    @pytest.mark.parametrize(
        ("wanted", "sent"), [(None, None), (600, 600), (259_200, 259_200), (999_999, 259_200), (-5, 1)]
    )
    async def test_the_validity_stays_within_openmarket_s_limits(self, wanted: int | None, sent: int | None) -> None:
        async with self.calling(self.success()) as (provider, server):
            await provider.send(msgspec.structs.replace(self.message, valid_for_s=wanted))
        assert json.loads(server.calls[0].body)["mobileTerminate"]["message"].get("validityPeriod") == sent

    @pytest.mark.parametrize("location", ["", "/", "http://[", "https://smsc.openmarket.com/sms/v4/mt/"])
    async def test_a_success_without_a_ticket_is_uncertain(self, location: str) -> None:
        async with self.calling(answer(202, "", Location=location)) as (provider, _):
            assert isinstance(await provider.send(self.message), Uncertain)

    async def test_a_relative_location_is_enough(self) -> None:
        async with self.calling(answer(202, "", Location=f"/sms/v4/mt/{TICKET}")) as (provider, _):
            assert await provider.send(self.message) == Accepted(TICKET)

    async def test_an_unknown_refusal_shows_what_openmarket_says(self) -> None:
        body = json.dumps({"error": {"code": 9999, "description": "The moon is full"}})
        async with self.calling(answer(400, body)) as (provider, _):
            assert await provider.send(self.message) == Rejected("9999", "OpenMarket error 9999: The moon is full.")

    # Looking up and checking

    async def test_without_a_ticket_openmarket_is_not_asked(self) -> None:
        async with self.calling(self.success()) as (provider, server):
            found = await provider.look_up(self.message)
            assert isinstance(found, Uncertain) and "ticket" in found.words
            assert server.calls == []

    @pytest.mark.parametrize(
        ("behaviour", "words"),
        [
            (answer(401, '{"error": {"code": 401}}'), "wrong account_id or password"),
            (answer(401, ""), "wrong account_id or password"),
            (answer(404, "<html></html>", "text/html"), "api_base may be wrong"),
            (answer(503, "{}"), "has trouble (HTTP 503)"),
        ],
    )
    async def test_what_a_check_finds(self, behaviour: Behaviour, words: str) -> None:
        async with self.calling(behaviour) as (provider, server):
            health = await provider.check()
            assert not health.ok and words in health.words
            [call] = server.calls
            assert (call.method, call.path) == ("GET", "/sms/v4/mt/00000-00000-00000-00000/status")

    # Asking how a reply fares

    async def test_what_is_asked_about_a_ticket(self) -> None:
        async with self.calling(self.polled()[0]) as (provider, server):
            await provider.poll("a/b ü")
        [call] = server.calls
        assert (call.method, call.path) == ("GET", "/sms/v4/mt/a%2Fb%20%C3%BC/status")
        assert base64.b64decode(call.headers["authorization"].removeprefix("Basic ")).decode().endswith(PASSWORD)

    @pytest.mark.parametrize(
        ("content", "expected"),
        [
            # One part, and more of which all fare alike.
            ({"mtStatus": {"ticketId": TICKET, "code": 4}}, [("4", 1, 1)]),
            ({"code": "3"}, [("3", 1, 1)]),
            ({"mtStatus": {"code": "345", "totalSegments": 2}}, [("345", 1, 2), ("345", 2, 2)]),
            # A summary is of no part by itself.
            ({"mtStatus": {"code": "830", "totalSegments": 3}}, [("830", 1, 3)]),
            ({"status": {"code": 831, "totalSegments": 2}}, [("831", 1, 2)]),
            ({"mtStatus": {"code": "711"}}, [("711", 1, 1)]),
            # Parts as a list, as in the schema, alone, without numbers, and only some of them.
            ({"mtStatus": {"code": 830, "segments": [{"code": 4}, {"code": 345}]}}, [("4", 1, 2), ("345", 2, 2)]),
            (
                {"mtStatus": {"code": 831, "segments": {"segment": [{"code": 4, "segmentNumber": 2}]}}},
                [("4", 2, 2)],
            ),
            ({"mtStatus": {"code": 831, "segments": {"segment": {"code": 4, "segmentNumber": 1}}}}, [("4", 1, 1)]),
            (
                {"mtStatus": {"code": 831, "totalSegments": 3, "segments": [{"code": 4, "segmentNumber": 3}]}},
                [("4", 3, 3)],
            ),
            ({"mtStatus": {"code": 4, "segments": [5, {}, {"code": []}]}}, [("4", 1, 1)]),
            ({"mtStatus": {"code": 4, "segments": "none"}}, [("4", 1, 1)]),
            ({"mtStatus": {"code": 4, "totalSegments": 999}}, [("4", 1, 1)]),
        ],
    )
    async def test_what_a_status_says_of_each_part(self, content: object, expected: list[tuple[str, int, int]]) -> None:
        async with self.calling(answer(200, json.dumps(content))) as (provider, _):
            reports = await provider.poll(TICKET)
        assert [(report.code, report.part, report.parts) for report in reports] == expected
        assert {report.ref for report in reports} == {TICKET}

    @pytest.mark.parametrize(
        ("status", "code", "words"),
        [
            (404, "711", "too old to ask about"),
            (404, "404", "OpenMarket error 404: The moon is full."),
            (401, None, "refused the sign-in"),
            (200, None, "could not be read"),
        ],
    )
    async def test_a_ticket_that_cannot_be_asked_about(self, status: int, code: str | None, words: str) -> None:
        content = {"error": {"code": code, "description": "The moon is full"}} if code else {}
        async with self.calling(answer(status, json.dumps(content))) as (provider, _):
            with pytest.raises(CallFailed, match=words):
                await provider.poll(TICKET)

    def test_the_table_of_codes_is_all_of_ours(self) -> None:
        assert set(MEANINGS) == set(self.codes)


@given(content=st.binary(max_size=200), udh=st.booleans(), charset=st.sampled_from([None, "GSM", "UTF-16", "UTF-8"]))
def test_any_octets_are_read(content: bytes, udh: bool, charset: str | None) -> None:
    read, *_ = TestOpenMarket().reader().read(hook(octets(content, udh=udh, charset=charset)))
    assert isinstance(read, InboundText)
    read.text.encode()  # no half characters
