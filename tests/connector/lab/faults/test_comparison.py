"""Every kind of violation is found, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from connector.lab.faults.comparison import Comparison, compare
from connector.lab.vendors.phonebook import VendorMessage
from connector.sms.segments import split
from connector.wire.views import MessageView

CONSUMER = "+14155550133"
LONG = "A text of several segments; " * 12


def vendor_message(**more: Any) -> VendorMessage:
    usual = {
        "id": "SM1",
        "provider": "twilio",
        "direction": "inbound",
        "sender": CONSUMER,
        "recipient": "+14155550100",
        "body": "hello",
        "segments": 1,
        "status": "received",
        "created_at": 0,
        "updated_at": 0,
    }
    return VendorMessage(**{**usual, **more})


def sent(reply: str, status: str = "delivered", **more: Any) -> VendorMessage:
    callback = f"http://127.0.0.1/status?key=k&m={reply}"
    return vendor_message(direction="outbound-api", status=status, body="bye", callback=callback, **more)


def shown(id_: str = "01A", **more: Any) -> MessageView:
    usual = {
        "id": id_,
        "conversation_id": "01C",
        "seq": 1,
        "direction": "inbound",
        "line": "+14155550100",
        "consumer": CONSUMER,
        "text": "hello",
        "at": 0,
        "status": "received",
        "status_at": 0,
        "author": None,
        "code": None,
        "words": None,
        "encoding": "GSM-7",
        "segments": 1,
        "overflow": 0,
        "part": None,
    }
    return MessageView(**{**usual, **more})


def reply(status: str, id_: str = "01R") -> MessageView:
    return shown(id_, direction="reply", text="bye", status=status)


def counts(comparison: Comparison) -> tuple[int, int, int, int]:
    return len(comparison.doubled), len(comparison.lost), len(comparison.untrue), len(comparison.unsettled)


@pytest.mark.parametrize(
    ("vendors", "desk", "expected"),
    [
        ([], [], (0, 0, 0, 0)),
        ([vendor_message()], [shown()], (0, 0, 0, 0)),
        ([vendor_message()], [], (0, 1, 0, 0)),
        ([vendor_message(), vendor_message(id="SM2")], [shown()], (0, 1, 0, 0)),
        ([vendor_message()], [shown(), shown("01B")], (1, 0, 0, 0)),
        ([], [shown()], (1, 0, 0, 0)),
        ([vendor_message()], [shown(text="forged")], (1, 1, 0, 0)),
        ([vendor_message(direction="outbound-reply")], [], (0, 0, 0, 0)),
        ([sent("01R")], [reply("delivered")], (0, 0, 0, 0)),
        ([sent("01R"), sent("01R", id="SM2")], [reply("delivered")], (1, 0, 0, 0)),
        ([sent("unheard of")], [], (1, 0, 0, 0)),
        ([], [reply("sent")], (0, 1, 0, 0)),
        ([], [reply("failed")], (0, 0, 0, 0)),
        ([], [reply("uncertain")], (0, 0, 0, 1)),
        ([sent("01R")], [reply("sending")], (0, 0, 0, 1)),
        ([sent("01R")], [reply("failed")], (0, 0, 1, 0)),
        ([sent("01R", "undelivered")], [reply("delivered")], (0, 0, 1, 0)),
        ([sent("01R", "undelivered")], [reply("failed")], (0, 0, 0, 0)),
        ([sent("01R", "sent")], [reply("delivered")], (0, 0, 0, 0)),
        ([sent("01R")], [reply("accepted")], (0, 0, 0, 0)),
    ],
)
def test_violations(vendors: list[VendorMessage], desk: list[MessageView], expected: tuple[int, ...]) -> None:
    comparison = compare(vendors, desk, 0)
    assert counts(comparison) == expected
    assert len(comparison.violations) == sum(expected)


def test_counts() -> None:
    vendors = [vendor_message(), sent("01R"), sent("01S", id="SM2"), sent("01T", "failed", id="SM3")]
    comparison = compare(vendors, [shown(), reply("accepted"), reply("delivered", "01S"), reply("failed", "01T")], 2)
    assert (comparison.handed_over, comparison.stored, comparison.written, comparison.sent) == (1, 1, 3, 3)
    assert (comparison.uncertain, comparison.behind) == (2, 1)


@pytest.mark.parametrize(("lost", "missing", "expected"), [([], 0, 0), (["T1"], 1, 0), ([], 1, 1), (["T0"], 1, 1)])
def test_segments_are_messages_and_lost_ones_were_not_handed_over(lost: list[str], missing: int, expected: int) -> None:
    parts = split(LONG)
    tickets = [f"T{number}" for number in range(len(parts))]
    message = vendor_message(provider="openmarket", body=LONG, hooks=tickets, lost=lost)
    desk = [shown(f"01{number}", text=part) for number, part in enumerate(parts) if not (missing and number == 1)]
    comparison = compare([message], desk, 0)
    assert comparison.handed_over == len(parts) - len(lost)
    assert len(comparison.lost) == expected


def test_a_case_names_the_consumer_and_the_text() -> None:
    comparison = compare([vendor_message()], [reply("uncertain")], 1)
    assert comparison.lost == [f"handed over and not stored: 'hello' of {CONSUMER}"]
    assert comparison.unsettled == [f"still uncertain: 'bye' to {CONSUMER} from +14155550100"]
