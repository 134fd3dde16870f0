"""Consent on the running product: real hooks, with and without a valid signature, and segments."""

from __future__ import annotations

from pathlib import Path

from tests.kit.running import SHORT_CODE, Desk, Town, town, twilio_text

INBOUND = "/hooks/twilio/main/inbound"
NOT_CONFIGURED = "+14155550199"
WRONG = "0123456789abcdef0123456789abcdef"


async def text(made: Town, sid: str, words: str, *, line: str | None = None, is_signed: bool = True) -> None:
    fields = twilio_text(sid, words, **({} if line is None else {"line": line}))
    answer = await (made.hook(INBOUND, fields) if is_signed else made.hook(INBOUND, fields, token=WRONG))
    assert answer.status_code == 200, answer.text


async def test_only_a_valid_signature_lifts_and_any_stop_blocks(tmp_path: Path) -> None:
    async with town(tmp_path / "town", signatures="watch") as made, Desk(made.core) as desk:
        await text(made, "SM00", "Hello")
        view = (await desk.told_of("message_received", text="Hello"))["conversation"]
        reply = {"type": "reply", "conversation_id": view["id"], "text": "Hello to you"}
        await desk.ask({"type": "accept", "conversation_id": view["id"]})
        await text(made, "SM01", "STOP")
        await text(made, "SM02", "START", is_signed=False)
        shown = (await desk.told_of("message_received", text="START"))["conversation"]
        assert (shown["opted_out"], shown["waiting_since"] is not None) == (True, True)
        assert (await desk.ask(reply))["code"] == "opted_out"
        await text(made, "SM03", "START")
        written = await desk.ask(reply)
        await desk.status_of(written["message_id"], "delivered")
        await text(made, "SM04", "STOP", line=NOT_CONFIGURED, is_signed=False)
        assert (await desk.ask(reply))["code"] == "opted_out"
        assert len([one for one in await made.vendor_log() if one["direction"] == "outbound-api"]) == 1


async def test_segments_are_read_as_one_text_and_a_wish_waits_for_a_decision(tmp_path: Path) -> None:
    async with town(tmp_path / "town") as made, Desk(made.core) as desk:
        words = "The first two parcels were fine, but the third was open and wet. " * 6
        await made.text(f"{words[:306]}stop", line=SHORT_CODE)
        await desk.told_of("message_received", text="stop")
        parts = desk.told("message_received")
        view = parts[-1]["conversation"]
        assert sorted(one["message"]["part"]["number"] for one in parts) == [1, 2, 3]
        assert (view["opted_out"], view["likely_opt_out"]) == (False, "")

        await made.text("pls dont text me again", line=SHORT_CODE)
        wish = await desk.told_of("message_received", text="pls dont text me again")
        assert wish["conversation"]["likely_opt_out"] == wish["message"]["id"]
        await desk.ask({"type": "accept", "conversation_id": view["id"]})
        reply = {"type": "reply", "conversation_id": view["id"], "text": "Hello to you"}
        refused = await desk.ask(reply)
        assert (refused["code"], refused["details"]["message_id"]) == ("likely_opt_out", wish["message"]["id"])
        decided = {"type": "decide_opt_out", "conversation_id": view["id"], "is_opt_out": True}
        assert (await desk.ask(decided))["type"] == "done"
        changed = await desk.told_of("consent_changed", opted_out=True)
        assert (changed["conversation"]["id"], changed["rule"]) == (view["id"], f"decided by {desk.agent}")
        assert (await desk.ask(reply))["code"] == "opted_out"
        assert [one for one in await made.vendor_log() if one["direction"] == "outbound-api"] == []
