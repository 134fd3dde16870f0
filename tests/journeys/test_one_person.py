"""One phone is one person, however a gateway writes its number: real hooks, a real core, and replies at the gateway."""

from __future__ import annotations

import json
import time
from pathlib import Path

from connector.providers.generic.signature import HEADER, sign
from tests.kit.commands import textdesk
from tests.kit.running import Desk, Town
from tests.kit.running import town as running_town
from tests.kit.vendor_server import VendorServer, answer

BRITISH, MEXICAN = "+447400000000", "+525500000000"
PHONE = "+447915000001"
SECRET = b"of-the-gateway"
GATEWAY = f"""
[accounts.gateway]
provider = "generic"
secret = "{SECRET.decode()}"
public_url = "http://127.0.0.1:1"
send_url = "{{url}}/send"
numbers = [{{{{ address = "{BRITISH}" }}}}, {{{{ address = "{MEXICAN}" }}}}]
"""


async def text(town: Town, ref: str, sender: str, words: str, line: str) -> None:
    body = json.dumps({"id": ref, "from": sender, "to": line, "text": words}).encode()
    headers = {HEADER: sign(body, [SECRET], time.time_ns() // 1_000_000), "content-type": "application/json"}
    answered = await town.http.post(f"{town.core.url}/hooks/generic/gateway/inbound", content=body, headers=headers)
    assert answered.status_code == 200, answered.text


async def test_a_phone_under_several_spellings_has_one_conversation_and_one_consent(tmp_path: Path) -> None:
    async with VendorServer().running() as gateway:
        gateway.behaviour = answer(200, '{"id": "out-1"}')
        async with (
            running_town(tmp_path / "town", more=GATEWAY.format(url=gateway.url)) as town,
            Desk(town.core) as desk,
        ):
            for number, sender in enumerate(["07915000001", PHONE, "447915000001", "00447915000001\n"]):
                await text(
                    town, f"a{number}", sender, f"text {number}", BRITISH.removeprefix("+") if number else BRITISH
                )
            view = (await desk.told_of("message_received", text="text 3"))["conversation"]
            assert len({event["conversation"]["id"] for event in desk.told("message_received")}) == 1
            assert (view["consumer"], view["shown"], view["last_seq"]) == (PHONE, "07915 000001", 4)
            started = await desk.ask({"type": "start", "line": BRITISH, "consumer": "(07915) 000-001", "text": "Hello"})
            assert (started["conversation_id"], started["consumer"]) == (view["id"], PHONE)
            await desk.is_taken(started["message_id"])
            assert json.loads(gateway.calls[-1].body)["to"] == PHONE
            found = await textdesk("show", "07915 000001", "--json", "--data", str(town.core.data), "--agent", "ann")
            assert [one["shown"] for one in found.lines] == ["07915 000001"] * 5

            await text(town, "stop", "+44 (0)7915 000001", "STOP", BRITISH)
            assert (await desk.told_of("consent_changed"))["opted_out"]
            for spelling in (PHONE, "07915000001", "+44 (0)7915 000001"):
                refused = await desk.ask({"type": "start", "line": BRITISH, "consumer": spelling, "text": "Hello"})
                assert refused["code"] == "opted_out"
            refused = await desk.ask({"type": "start", "line": BRITISH, "consumer": "0791500", "text": "Hello"})
            assert "GB, +44" in refused["words"]

            # A reply goes to the address they wrote from last, which is no number of today's Mexican plan.
            for number, sender in enumerate(["+525512345678", "5512345678", "+5215512345678"]):
                await text(town, f"b{number}", sender, f"texto {number}", MEXICAN)
            view = (await desk.told_of("message_received", text="texto 2"))["conversation"]
            assert (view["consumer"], view["person"], view["last_seq"]) == ("+5215512345678", "+525512345678", 3)
            written = await desk.ask({"type": "reply", "conversation_id": view["id"], "text": "Sí"})
            await desk.is_taken(written["message_id"])
            assert json.loads(gateway.calls[-1].body)["to"] == "+5215512345678"
