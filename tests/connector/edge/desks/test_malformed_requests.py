"""What a desk that has signed in sends and the core cannot take is refused with its id, and the connection stays."""

from __future__ import annotations

import json
import logging
import typing
from collections.abc import Iterator
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection

from connector.wire import field_types, limits, requests
from tests.kit.door import Door, answer_to, ask, say

DEEP = "[" * 100_000


def request(body: str, request_id: str = '"odd"') -> str:
    return f'{{"kind":"request","id":{request_id},"body":{body}}}'


async def refusal(desk: ClientConnection, text: str, request_id: str) -> dict[str, Any]:
    await desk.send(text)
    return await answer_to(desk, request_id)


@pytest.mark.parametrize(
    ("text", "request_id", "code"),
    [
        (request('{"type":"dance"}'), "odd", "unknown_request"),
        (request('{"type":"da\\u0000nce\\u202e"}'), "odd", "unknown_request"),
        ('{"kind":"subscribe","id":"odd"}', "odd", "unknown_request"),
        ('{"id":"odd","kind":"sign_in","protocol":1,"desk":"d"}', "odd", "bad_request"),
        (request('{"conversation_id":"c"}'), "odd", "bad_request"),
        (request('{"type":7}'), "odd", "bad_request"),
        (request("7"), "odd", "bad_request"),
        (request('{"type":"accept"}'), "odd", "bad_request"),
        (request('{"type":"accept","conversation_id":7}'), "odd", "bad_request"),
        (request('{"type":"accept","conversation_id":"a\\u0000b"}'), "odd", "bad_request"),
        (request('{"type":"accept","conversation_id":"' + "x" * 257 + '"}'), "odd", "bad_request"),
        (request('{"type":"get_presence","since":18446744073709551616}'), "odd", "bad_request"),
        (request('{"type":"get_presence","since":9223372036854775807}'), "odd", "bad_request"),
        (request('{"type":"get_presence","since":' + "9" * 5000 + "}"), "odd", "bad_request"),
        (request('{"type":"get_presence","since":-1}'), "odd", "bad_request"),
        (request('{"type":"get_presence","since":1e400}'), "odd", "bad_request"),
        (request('{"type":"get_presence","since":1.5}'), "odd", "bad_request"),
        (request('{"type":"get_presence","since":NaN}'), "odd", "bad_request"),
        (request('{"type":"get_presence","since":true}'), "odd", "bad_request"),
        (request('{"type":"write_note","conversation_id":"c","text":"\\ud800"}'), "odd", "bad_request"),
        (request('{"type":"put_picture","data":"%"}'), "odd", "bad_request"),
        (request('{"type":"write_note","conversation_id":"c","text":"' + "x" * 300_000 + '"}'), "odd", "too_long"),
        (request(DEEP), "odd", "bad_request"),
        (request('{"type":"get_traffic","more":' + DEEP), "odd", "bad_request"),
        (request('{"type":"get_traffic"'), "odd", "bad_request"),
        (request('{"type":"get_traffic"}', "7"), "", "bad_request"),
        (request('{"type":"get_traffic"}', '""'), "", "bad_request"),
        (request('{"type":"get_traffic"}', '"' + "x" * 65 + '"'), "", "bad_request"),
        (request('{"type":"get_traffic"}', '"a\\u0000"'), "", "bad_request"),
        ('{"kind":"request","body":{"type":"get_traffic"}}', "", "bad_request"),
        ("[]", "", "bad_request"),
        (DEEP, "", "bad_request"),
        ("", "", "bad_request"),
        ("GET / HTTP/1.1", "", "bad_request"),
    ],
)
async def test_it_is_refused_and_the_connection_stays(
    door: Door, caplog: pytest.LogCaptureFixture, text: str, request_id: str, code: str
) -> None:
    async with await door.signed_in() as desk:
        refused = await refusal(desk, text, request_id)
        assert (refused["kind"], refused["code"]) == ("refusal", code)
        assert refused["words"].isprintable()
        assert len(refused["words"]) < 300
        assert (await ask(desk, {"type": "get_traffic"}))["kind"] == "answer"
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


async def test_what_a_newer_desk_adds_is_ignored_and_of_a_key_that_comes_twice_the_last_counts(door: Door) -> None:
    async with await door.signed_in() as desk:
        assert (await ask(desk, {"type": "get_traffic", "unit": "hour"}))["kind"] == "answer"
        await say(desk, {"kind": "request", "id": "new", "body": {"type": "get_traffic"}, "trace": [1]})
        assert (await answer_to(desk, "new"))["kind"] == "answer"
        await desk.send('{"kind":"request","id":"first","id":"last","body":{"type":"get_traffic"}}')
        assert (await answer_to(desk, "last"))["kind"] == "answer"


def extremes() -> Iterator[dict[str, Any]]:
    """Each request with each of its fields at the ends of what its type allows, and the others filled plainly."""
    ends: dict[object, list[Any]] = {
        field_types.Key: ["", "x" * limits.KEY_LENGTH, "\u202e\x1b[2J"],
        field_types.Number: [-limits.BIGGEST_NUMBER, 0, limits.BIGGEST_NUMBER],
        field_types.Moment: [0, limits.LATEST_MOMENT],
        str: ["", "x" * 100_000, "nul \x00", "\U0010ffff"],
        bool: [True],
        bytes: ["", "AAAA"],
    }
    for kind in typing.get_args(requests.Request):
        types = typing.get_type_hints(kind, include_extras=True)
        values = {name: ends.get(required(wanted), [[]]) for name, wanted in types.items()}
        plain = {name: found[0] for name, found in values.items()}
        for name, found in values.items():
            for value in found:
                yield {"type": kind.__struct_config__.tag, **plain, name: value}


def required(wanted: object) -> object:
    """The type of a field, without None where that is allowed as well."""
    if type(None) not in typing.get_args(wanted):
        return wanted
    return next(one for one in typing.get_args(wanted) if one is not type(None))


async def test_no_value_that_the_types_allow_is_an_error_of_the_core(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    asked = list(extremes())
    assert len(asked) > 80
    async with await door.signed_in() as desk:
        for body in asked:
            answer = await ask(desk, body)
            assert answer.get("code") not in ("failed", "store_unavailable"), (body, answer)
            assert len(json.dumps(answer)) < 5_000, body
    assert not [record for record in caplog.records if record.exc_info]


def test_every_number_of_a_request_has_bounds() -> None:
    for kind in [*typing.get_args(requests.Request), requests.SignOffChoice]:
        for name, wanted in typing.get_type_hints(kind, include_extras=True).items():
            plain = [one for one in (wanted, *typing.get_args(wanted)) if one is int]
            assert typing.get_origin(wanted) is typing.Annotated or not plain, f"{kind.__name__}.{name}"


async def test_an_answer_that_no_desk_would_take_is_refused(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    async with await door.signed_in() as desk:
        monkeypatch.setattr(limits, "FRAME_BYTES", 60)
        refused = await ask(desk, {"type": "get_presence", "since": 0})
        assert (refused["kind"], refused["code"]) == ("refusal", "bad_request")
        monkeypatch.undo()
        assert (await ask(desk, {"type": "get_presence", "since": 0}))["kind"] == "answer"
