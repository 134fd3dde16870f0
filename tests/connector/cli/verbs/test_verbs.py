"""The verbs against a real core and simulated vendors."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path
from typing import Any

import pytest

from tests.kit.commands import PATIENCE_S, next_line, started, textdesk
from tests.kit.ports import free_port
from tests.kit.running import BOOKINGS, CONSUMER, ORDERS, SHORT_CODE, town, twilio_text

pytestmark = pytest.mark.slow

OTHER = "+447700900144"
HOSTILE = "a\x1b[2J\x1b]0;owned\x07\u202eb\x9b31m\x7f [red]c[/red]"


def is_harmless(text: str) -> bool:
    """No control character but the line end, and no bidi control."""
    return all(character == "\n" or (character.isprintable() and character != "\u202e") for character in text)


async def test_queue_accept_send_and_close(tmp_path: Path) -> None:
    async with town(tmp_path / "town") as made:
        here = ("--data", str(made.core.data), "--agent", "ann")
        async with started("watch", "--json", *here) as watch:
            assert (await next_line(watch))["type"] == "watching"
            assert (await textdesk("queue", *here)).out == "Nobody is waiting.\n"
            await made.text("first one")
            assert (await textdesk("queue", *here)).out.count("(415) 555-0133") == 1
            await made.text("Where is my parcel?")
            await made.text("Guten Tag", sender=OTHER, line=SHORT_CODE)

            queue = (await textdesk("queue", "--json", *here)).lines
            assert [line["consumer"] for line in queue] == [CONSUMER, OTHER]
            assert queue[0]["last_text"] == "Where is my parcel?"
            assert 0 <= queue[0]["waiting_s"] < 60

            sent = await textdesk("send", CONSUMER, "On its way.", "--json", *here)
            assert sent.code == 0, sent.err
            [message_id] = [line["message_id"] for line in sent.lines]
            piped = await textdesk("send", queue[0]["id"][:20], "-", *here, stdin="Two lines,\nas typed.\n")
            assert piped.code == 0, piped.err

            await find_event(watch, type="status_moved", message_id=message_id, status="delivered")
            shown = (await textdesk("show", CONSUMER, "--json", *here)).lines
            assert [(line["direction"], line["text"]) for line in shown] == [
                ("inbound", "first one"),
                ("inbound", "Where is my parcel?"),
                ("reply", "On its way."),
                ("reply", "Two lines,\nas typed."),
            ]
            assert shown[2]["author"] == "ann"

            assert [line["consumer"] for line in (await textdesk("queue", "--json", *here)).lines] == [OTHER]
            every = (await textdesk("queue", "--all", "--json", *here)).lines
            assert {line["consumer"]: line["agent"] for line in every} == {CONSUMER: "ann", OTHER: None}

            closed = await textdesk("close", OTHER, "--json", *here)
            assert closed.lines == [{"conversation_id": queue[1]["id"]}]
            event = await find_event(watch, type="conversation_closed")
            assert (event["by"], event["conversation"]["id"]) == ("ann", queue[1]["id"])
            assert {"position", "at"} <= event.keys()
        log = await made.vendor_log()
        assert [text["body"] for text in log if text["direction"] == "outbound-api"] == [
            "On its way.",
            "Two lines,\nas typed.",
        ]


async def find_event(watch: asyncio.subprocess.Process, **expected: Any) -> dict[str, Any]:
    while True:
        line = await next_line(watch)
        if expected.items() <= line.items():
            return line


async def test_refusals_of_the_core(tmp_path: Path) -> None:
    async with town(tmp_path / "town") as made:
        await made.text("hello")
        data = ("--data", str(made.core.data))
        too_long = await textdesk("send", CONSUMER, "x" * 1601, *data, "--agent", "ann")
        assert (too_long.code, too_long.out) == (1, "")
        assert too_long.err.count("\n") == 1
        assert "1,600" in too_long.err
        assert len((await textdesk("queue", "--json", *data)).lines) == 1, "it stays where it was"

        assert (await textdesk("send", CONSUMER, "hello", *data, "--agent", "ann")).code == 0
        not_ours = await textdesk("close", CONSUMER, *data, "--agent", "ben")
        assert not_ours.code == 1
        assert "ann" in not_ours.err

        await made.text("STOP")
        opted_out = await textdesk("send", CONSUMER, "one more", *data, "--agent", "ann")
        assert opted_out.code == 1
        assert "opted out" in opted_out.err

        unknown = await textdesk("show", "01K0000000000000000000000F", *data)
        assert unknown.code == 1


async def test_a_refused_reply_leaves_the_conversation_queued(tmp_path: Path) -> None:
    async with town(tmp_path / "town") as made:
        await made.text("STOP")
        await made.text("and still a question", line=BOOKINGS)
        data = ("--data", str(made.core.data))
        waiting = (await textdesk("queue", "--json", *data)).lines
        refused = await textdesk("send", waiting[0]["id"], "hello", *data, "--agent", "ann")
        assert refused.code == 1
        assert (await textdesk("queue", "--json", *data)).lines[0]["agent"] is None


async def test_hostile_texts_are_harmless(tmp_path: Path) -> None:
    async with town(tmp_path / "town") as made:
        here = ("--data", str(made.core.data))
        async with started("watch", *here) as watch, asyncio.timeout(PATIENCE_S):
            assert watch.stdout is not None
            line = (await watch.stdout.readline()).decode()
            assert "watching" in line
            await made.text(HOSTILE)
            while "owned" not in line:
                line = (await watch.stdout.readline()).decode()
        outputs = [line]
        for verb in (("queue",), ("queue", "--json"), ("show", CONSUMER), ("show", CONSUMER, "--json")):
            done = await textdesk(*verb, *here)
            assert done.code == 0
            assert "owned" in done.out
            outputs.append(done.out)
        assert [output for output in outputs if not is_harmless(output)] == []


async def test_a_very_long_consumer_address_fits_the_table(tmp_path: Path) -> None:
    async with town(tmp_path / "town") as made:
        taken = await made.hook("/hooks/twilio/main/inbound", twilio_text("SM1", "hello", sender="x" * 3000))
        assert taken.status_code == 200
        head, row = (await textdesk("queue", "--data", str(made.core.data))).out.splitlines()
        assert head.index("LINE") < 80
        assert row[head.index("LINE") :].startswith(ORDERS)


async def test_over_tcp_with_a_token(tmp_path: Path) -> None:
    port = free_port()
    more = f'[desks]\nlisten = "127.0.0.1:{port}"\n[agents.ann]\ntoken = "correct horse"\n'
    good, bad = tmp_path / "good.token", tmp_path / "bad.token"
    good.write_text("correct horse\n")
    bad.write_text("wrong horse\n")
    url = f"ws://127.0.0.1:{port}"
    async with town(tmp_path / "town", more=more) as made:
        assert f"desks elsewhere: {url}\n" in made.core.log.read_text()
        await made.text("hello", line=ORDERS)
        sent = await textdesk("send", CONSUMER, "hi", "--url", url, "--token-file", str(good))
        assert sent.code == 0, sent.err
        [waiting] = (await textdesk("queue", "--all", "--json", "--url", url, "--token-file", str(good))).lines
        assert waiting["agent"] == "ann"
        turned_away = await textdesk("queue", "--url", url, "--token-file", str(bad))
        assert (turned_away.code, turned_away.out) == (os.EX_NOPERM, "")
        assert "horse" not in turned_away.err
        without = await textdesk("queue", "--url", url)
        assert (without.code, "give --token-file FILE" in without.err) == (os.EX_NOPERM, True)


async def test_watch_resumes_after_the_core_was_killed(tmp_path: Path) -> None:
    async with town(tmp_path / "town") as made:
        async with started("watch", "--json", "--data", str(made.core.data)) as watch:
            first = await next_line(watch)
            await made.text("before")
            await find_event(watch, type="message_received")
            await made.core.kill()
            await made.core.start()
            await made.text("after")
            positions = [first["position"]]
            while True:
                line = await next_line(watch)
                positions.append(line["position"])
                assert line["type"] != "events_missed"
                if line.get("message", {}).get("text") == "after":
                    break
            assert positions == sorted(set(positions))
            watch.send_signal(signal.SIGINT)
            async with asyncio.timeout(PATIENCE_S):
                _, errors = await watch.communicate()
        assert watch.returncode == 130
        assert errors.decode().splitlines() == [
            "textdesk: The core is gone; waiting for it.",
            "textdesk: The core is back.",
        ]


async def test_consent_is_decided_and_recorded(tmp_path: Path) -> None:
    async with town(tmp_path / "town") as made:
        here = ("--data", str(made.core.data), "--agent", "ann")
        await made.text("please stop texting me")
        assert "[likely opt-out] please" in (await textdesk("queue", *here)).out
        assert "textdesk decide" in (await textdesk("show", CONSUMER, *here)).out
        assert "reads like an opt-out" in (await textdesk("why", CONSUMER, *here)).out
        refused = await textdesk("send", CONSUMER, "Hello", "--json", *here)
        assert (refused.code, refused.lines[0]["refused"]) == (1, "likely_opt_out")
        decided = await textdesk("decide", CONSUMER, "no-opt-out", *here)
        assert decided.code == 0, decided.err
        assert (await textdesk("send", CONSUMER, "All right.", *here)).code == 0

        without = await textdesk("opt-out", CONSUMER, "--because", " ", *here)
        assert (without.code, "--because" in without.err) == (os.EX_USAGE, True)
        spelled = f"{CONSUMER[:2]} ({CONSUMER[2:5]}) {CONSUMER[5:]}"
        recorded = await textdesk("opt-out", spelled, "--because", "by phone", "--json", *here)
        assert recorded.lines == [{"consumer": CONSUMER, "opted_out": True}], recorded.err
        why = await textdesk("why", CONSUMER, *here)
        assert f"{CONSUMER} opted out: recorded by ann" in why.out and "evidence: by phone" in why.out
        assert "records an opt-in" in why.out
        [explained] = (await textdesk("why", CONSUMER, "--json", *here)).lines
        assert (explained["consent"]["evidence"], explained["consent"]["author"]) == ("by phone", "ann")
        refused = await textdesk("send", CONSUMER, "Hello", "--json", *here)
        assert refused.lines[0]["refused"] == "opted_out"
        assert "has opted out" in (await textdesk("show", CONSUMER, *here)).out
        opted_in = await textdesk("opt-in", CONSUMER[-4:], "--because", "by mail", *here)
        assert opted_in.out == f"{CONSUMER} may be texted again.\n", opted_in.err
        nobody = await textdesk("opt-out", "5678", "--because", "by mail", *here)
        assert (nobody.code, nobody.out, "no whole number" in nobody.err) == (1, "", True)
        assert (await textdesk("send", CONSUMER, "Hello", *here)).code == 0
