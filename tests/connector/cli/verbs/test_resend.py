"""What `send` says of a reply that does not arrive, and sending it again, against a real core and simulated vendors."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.connector.cli.verbs.test_conversation import Shell
from tests.kit.running import CONSUMER, town

pytestmark = pytest.mark.slow


async def test_a_refused_reply_is_said_to_be_and_is_sent_again(tmp_path: Path) -> None:
    async with town(tmp_path / "town") as made:
        ann = Shell(made, "ann")
        await made.text("hello")
        await made.behave(number=CONSUMER, send="reject:30007", times=1)
        refused = await ann("send", CONSUMER, "Try our offer")
        assert refused.code == os.EX_PROTOCOL
        message_id = refused.out.removeprefix("Written: message ").strip().rstrip(".")
        assert "The reply was not sent (Filtered" in refused.err and f"textdesk resend {message_id}" in refused.err
        assert "[not sent] Try our offer" in (await ann("queue", "--all")).out
        assert f"to be decided: textdesk resend {message_id}" in (await ann("show", CONSUMER)).out
        assert "a reply did not arrive: it is sent again (resend)" in (await ann("why", CONSUMER)).out

        again = await ann("resend", CONSUMER)
        assert (again.code, again.err) == (0, "")
        assert "The provider has taken it." in again.out or "It is delivered." in again.out
        shown = (await ann("show", CONSUMER)).out
        assert f"sends {message_id} again" in shown and ", sent again as " in shown
        assert (await ann("resend", CONSUMER)).err.endswith("waits to be sent again.\n")
        twice = await ann.json("resend", message_id)
        assert (twice.code, twice.lines[0]["refused"]) == (1, "too_late")
        assert [one["body"] for one in await made.vendor_log() if one["to"] == CONSUMER] == ["Try our offer"]


async def test_one_that_may_have_arrived_is_only_sent_again_by_who_knows_that(tmp_path: Path) -> None:
    async with town(tmp_path / "town") as made:
        ann = Shell(made, "ann")
        await made.text("hello")
        await made.behave(number=CONSUMER, send="accept_then_drop", receipts="none", times=1)
        sent = await ann.json("send", CONSUMER, "Did you get this?")
        assert (sent.code, sent.lines[0]["status"]) == (os.EX_PROTOCOL, "uncertain")
        message_id = sent.lines[0]["message_id"]
        refused = await ann.json("resend", message_id)
        assert (refused.code, refused.lines[0]["refused"]) == (1, "may_have_arrived")
        assert "may have arrived" in refused.lines[0]["words"]
        for named in (CONSUMER, message_id):  # it is not yet left to an agent
            in_words = await ann("resend", named)
            assert (in_words.code, f"{message_id} --even-if-uncertain" in in_words.err) == (1, True), in_words.err
        again = await ann("resend", CONSUMER, "--even-if-uncertain")
        assert again.code == 0, again.err
        assert [one["body"] for one in await made.vendor_log() if one["to"] == CONSUMER] == ["Did you get this?"] * 2


async def test_one_of_unknown_end_is_said_to_be_looked_up(tmp_path: Path) -> None:
    async with town(tmp_path / "town") as made:
        ann = Shell(made, "ann")
        await made.text("hello")
        await made.behave(number=CONSUMER, send="accept_then_drop", receipts="none", times=1)
        sent = await ann("send", CONSUMER, "Did you get this?")
        assert (sent.code, "being looked up" in sent.err, "resend" in sent.err) == (os.EX_PROTOCOL, True, False), (
            sent.err
        )


async def test_nothing_is_advised_that_an_opt_out_forbids(tmp_path: Path) -> None:
    async with town(tmp_path / "town") as made:
        ann = Shell(made, "ann")
        await made.text("hello")
        await made.behave(number=CONSUMER, send="reject:21610", times=1)
        ended = await ann("send", CONSUMER, "Try our offer")
        assert (ended.code, "opted out" in ended.err, "resend" in ended.err) == (os.EX_PROTOCOL, True, False), ended.err

        await ann("opt-in", CONSUMER, "--because", "by phone")
        await made.text("please stop texting me")
        refused = await ann("send", CONSUMER, "One more")
        assert (refused.code, f"textdesk decide {CONSUMER} opt-out, or no-opt-out" in refused.err) == (1, True)
        left = await ann("sign-off")
        assert (left.code, "--close, --return or --due" in left.err) == (1, True), left.err
