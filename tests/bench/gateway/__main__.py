"""Texts each way through Debian's Kannel while everything between is ended: what is lost, what comes twice.

    python -m tests.bench.gateway [--texts 400] [--replies 200] [--logs]

The SMSC is a program of ours; core, relay, bearerbox and smsbox are real processes with the configuration of
docs/kannel. During the texts the core is killed twice, smsbox is restarted meanwhile, and killed, the relay is killed,
bearerbox is restarted. During the replies smsbox and the relay are restarted and killed, and smsbox hangs.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import re
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from tests.bench.gateway.kannel import PAGES, Kannel
from tests.bench.gateway.smsc import Smsc, Submitted
from tests.kit.ports import free_port
from tests.kit.running import Core, Desk, town

_LINE = "12345"
_CONSUMERS = [f"+1415555{number:04d}" for number in range(2000, 2020)]
_PATIENCE_S = 60.0
_TEXTS_S = 30.0  # over which the texts come in
_REPLIES_S = 30.0
_HANGS_S = 5.0
_RETRY_S = 2.0  # by then smsbox has tried again: http-queue-delay of docs/kannel/kannel.conf


class Relay:
    """A relay process with the section [relay] of docs/kannel/textdesk.toml."""

    def __init__(self, folder: Path, core: Core, port: int, sendsms: int) -> None:
        self.folder, self._core = folder, core
        folder.mkdir()
        text = (PAGES / "textdesk.toml").read_text().partition("[relay]")
        section = "[relay]" + text[2]
        section = section.replace("127.0.0.1:8080", f"127.0.0.1:{core.port}").replace(":8200", f":{port}")
        section = section.replace(":13013", f":{sendsms}")
        (folder / "gateway.secret").write_text("a secret of both sides\n")
        (folder / "kannel.password").write_text("change me\n")
        (folder / "textdesk.toml").write_text(section)
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        command = ("-m", "connector", "relay", "kannel", "--config", str(self.folder / "textdesk.toml"))
        with (self.folder / "relay.log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, *command, "--data", str(self.folder / "data")),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
            )
        assert self._process.stdout is not None
        line = await self._process.stdout.readline()
        assert line, (self.folder / "relay.log").read_text()

    async def end(self, number: signal.Signals) -> int:
        assert self._process is not None
        self._process.send_signal(number)
        return await self._process.wait()

    async def stop(self) -> None:
        if self._process is not None and self._process.returncode is None:
            await self.end(signal.SIGKILL)

    async def status(self) -> dict[str, Any]:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "connector", "relay", "status", "--json", "--data", str(self.folder / "data")),
            stdout=asyncio.subprocess.PIPE,
        )
        out, _ = await process.communicate()
        found: dict[str, Any] = json.loads(out)
        return found


def account(relay_port: int) -> str:
    """The account of docs/kannel/textdesk.toml, for the core's configuration."""
    text = (PAGES / "textdesk.toml").read_text().partition("[relay]")[0].partition("[accounts.main]")[2]
    text = text.replace(":8200", f":{relay_port}").replace('{ file = "gateway.secret" }', '"a secret of both sides"')
    return "[accounts.kannel]" + text.replace("segments_per_s = 20", "segments_per_s = 1000")


def state_of(one: Submitted) -> tuple[str, str]:
    """The receipt that the SMSC sends, by the last word of the text."""
    found = re.search(r"(EXPIRED|UNDELIV|REJECTD) (\d{3})", one.text)
    return (found[1], found[2]) if found else ("DELIVRD", "000")


async def main() -> int:
    options = _options()
    with tempfile.TemporaryDirectory(prefix="textdesk-gateway-") as name:
        folder = Path(name)
        relay_port, smsc = free_port(), Smsc()
        smsc.states = state_of
        async with smsc.running(), town(folder / "town", more=account(relay_port)) as made:
            core = made.core
            kannel = Kannel(folder / "kannel", smsc.port, relay_port)
            relay = Relay(folder / "relay", core, relay_port, kannel.sendsms)
            section = (relay.folder / "textdesk.toml").read_text().replace('account = "main"', 'account = "kannel"')
            (relay.folder / "textdesk.toml").write_text(section)
            try:
                await kannel.start()
                await relay.start()
                async with asyncio.timeout(_PATIENCE_S):
                    await smsc.bound()
                has_failed = await _inbound(options.texts, smsc, kannel, relay, core)
                has_failed |= await _outbound(options.replies, smsc, kannel, relay, core)
                print("relay:", json.dumps(await relay.status()))
                print("relay ends with", await relay.end(signal.SIGINT), "after Ctrl+C")
            finally:
                await relay.stop()
                await kannel.stop()
                if options.logs:
                    for path in (
                        relay.folder / "relay.log",
                        core.log,
                        folder / "kannel" / "smsbox.log",
                        folder / "kannel" / "bearerbox.log",
                    ):
                        print(path.name, path.read_text(errors="replace")[-6000:], sep="\n")
    return int(has_failed)


async def _inbound(count: int, smsc: Smsc, kannel: Kannel, relay: Relay, core: Core) -> bool:
    """Every second text is a long one in two segments."""

    async def texts() -> None:
        for number in range(count):
            consumer, words = _CONSUMERS[number % len(_CONSUMERS)], f"text {number:05d} "
            await asyncio.sleep(_TEXTS_S / count)
            if number % 2:
                await smsc.text(consumer, _LINE, words.encode())
                continue
            for part in (1, 2):
                header = bytes([5, 0, 3, number % 256, 2, part])
                await smsc.text(consumer, _LINE, f"{words}part {part} ".encode(), header=header)

    async def restart_core() -> None:
        async with busy:
            await core.kill()
            await asyncio.sleep(4)
            await core.start()

    busy = asyncio.Lock()

    async def restart_smsbox(number: signal.Signals) -> None:
        async with kannel_holds:
            await kannel.end_smsbox(number)
            await asyncio.sleep(0.5)
            await kannel.start_smsbox()

    async def restart_bearerbox() -> None:
        async with kannel_holds:
            await kannel.stop()
            await kannel.start()

    async def restart_relay() -> None:
        async with kannel_holds:
            await relay.end(signal.SIGKILL)
            await asyncio.sleep(1)
            await relay.start()
            await asyncio.sleep(_RETRY_S)

    # While the relay is away smsbox has texts in memory only: it is not ended then, see docs/generic-provider.md.
    kannel_holds = asyncio.Lock()

    steps: list[tuple[float, str, Callable[[], Awaitable[None]]]] = [
        (0.2, "core killed for 4 s", restart_core),
        (0.25, "smsbox restarted", lambda: restart_smsbox(signal.SIGTERM)),
        (0.35, "smsbox killed", lambda: restart_smsbox(signal.SIGKILL)),
        (0.5, "relay killed for 1 s", restart_relay),
        (0.7, "core killed for 4 s", restart_core),
        (0.75, "smsbox restarted", lambda: restart_smsbox(signal.SIGTERM)),
        (0.85, "bearerbox restarted", restart_bearerbox),
    ]
    wanted = count + (count + 1) // 2
    began = time.monotonic()
    sending = asyncio.get_running_loop().create_task(texts())
    doing: list[asyncio.Task[None]] = []
    for share, what, step in steps:
        while smsc.acknowledged < share * wanted and not sending.done():
            await asyncio.sleep(0.02)
        print(f"  {smsc.acknowledged:5d} texts: {what}")
        doing.append(asyncio.get_running_loop().create_task(step()))  # type: ignore[arg-type]
    await sending
    await asyncio.gather(*doing)
    took_s = time.monotonic() - began
    expected = Counter(
        f"text {number:05d}" + (f" part {part}" if not number % 2 else "")
        for number in range(count)
        for part in ((1,) if number % 2 else (1, 2))
    )
    found = await _settled(core, expected)
    lost, doubled = expected - found, found - expected
    print(
        f"inbound: {wanted} segments in {took_s:.1f} s, {len(found)} at the core, lost {lost.total()},"
        f" doubled {doubled.total()}",
        *sorted(lost)[:5],
        *sorted(doubled)[:5],
    )
    return bool(lost or doubled)


async def _settled(core: Core, expected: Counter[str]) -> Counter[str]:
    """The inbound texts of the core, once they are all there or nothing has come for a while."""
    found: Counter[str] = Counter()
    ends_at = time.monotonic() + _PATIENCE_S
    still_since = time.monotonic()
    while time.monotonic() < ends_at and time.monotonic() - still_since < 40:
        now = Counter(one["text"].strip() for one in await history(core) if one["direction"] == "inbound")
        if now != found:
            found, still_since = now, time.monotonic()
        if not expected - found:
            break
        await asyncio.sleep(0.5)
    return found


async def history(core: Core) -> list[dict[str, Any]]:
    """All messages with all consumers."""
    found: list[dict[str, Any]] = []
    async with Desk(core, agent="ann", role="desk") as desk:
        for one in [one for one in desk.conversations.values() if one["consumer"] in _CONSUMERS]:
            before = None
            while True:
                page = await desk.ask(
                    {"type": "get_history", "conversation_id": one["id"], "limit": 200, "before": before}
                )
                found += page["messages"]
                if not page["more"]:
                    break
                before = page["messages"][0]["id"]
    return found


async def _outbound(count: int, smsc: Smsc, kannel: Kannel, relay: Relay, core: Core) -> bool:
    """Every fourth reply has three segments; of the others some expire, or are not delivered.

    Smsbox and relay are ended and killed in turns; twice smsbox hangs, and then goes on or is killed. A reply of
    unknown end is listed, with whether it was sent.
    """
    ends = {0: "", 1: "EXPIRED 001", 2: "UNDELIV 034"}
    wanted: dict[str, str] = {}
    async with Desk(core, agent="ann") as desk:
        queued = {one["consumer"]: one["id"] for one in desk.conversations.values() if one["consumer"] in _CONSUMERS}
        for id_ in queued.values():
            await desk.ask({"type": "take_over", "conversation_id": id_})

        async def restart() -> None:
            for number in (signal.SIGTERM, signal.SIGKILL, signal.SIGTERM):
                await asyncio.sleep(1)
                await kannel.end_smsbox(number)
                await asyncio.sleep(0.5)
                await kannel.start_smsbox()
                await asyncio.sleep(1)
                await relay.end(number)
                await relay.start()
            for number in (signal.SIGCONT, signal.SIGKILL):
                assert kannel.smsbox is not None
                kannel.smsbox.send_signal(signal.SIGSTOP)
                await asyncio.sleep(_HANGS_S)
                kannel.smsbox.send_signal(number)
                await asyncio.sleep(1)
            await kannel.end_smsbox(signal.SIGKILL)
            await kannel.start_smsbox()

        doing = asyncio.get_running_loop().create_task(restart())
        for number in range(count):
            text = f"reply {number:05d} {ends[number % 3]}" if number % 4 else f"reply {number:05d} " + "long " * 70
            consumer = _CONSUMERS[number % len(_CONSUMERS)]
            answer = await desk.ask(
                {"type": "reply", "conversation_id": queued[consumer], "text": text, "seen": 10_000}
            )
            wanted[answer.get("message_id", f"refused: {answer}")] = text
            await asyncio.sleep(_REPLIES_S / count)
        await doing
        finals = {"delivered", "undelivered", "expired", "failed"}
        with contextlib.suppress(AssertionError):
            await desk.until(
                lambda: all(
                    any(one["message_id"] == id_ and one["status"] in finals for one in desk.told("status_moved"))
                    for id_ in wanted
                ),
                "all finals",
            )
        last = {one["message_id"]: one for one in desk.told("status_moved")}
    seen = Counter(found[0] for one in smsc.submitted if (found := re.findall(r"reply \d{5}", one.text)))
    expected = Counter(text[:11] for text in wanted.values())
    statuses = Counter(last[id_]["status"] if id_ in last else "none" for id_ in wanted)
    wrong = {
        text[:11]: (last.get(id_, {}).get("status"), last.get(id_, {}).get("words"))
        for id_, text in wanted.items()
        if last.get(id_, {}).get("status") not in (_end_of(text), "uncertain")
    }
    unknown = {text[:11]: seen[text[:11]] for id_, text in wanted.items() if last[id_]["status"] == "uncertain"}
    lost, doubled = expected - seen - Counter(unknown.keys()), seen - expected
    print(
        f"outbound: {count} replies, {len(smsc.submitted)} segments at the SMSC, lost {lost.total()}, doubled"
        f" {doubled.total()}, statuses {dict(statuses)}, wrong {wrong},"
        f" of unknown end, and how often at the SMSC: {unknown}"
    )
    for word in ("EXPIRED", "UNDELIV"):
        print("  ", next((last[id_]["words"] for id_, text in wanted.items() if word in text and id_ in last), "none"))
    return bool(lost or doubled or wrong)


def _end_of(text: str) -> str:
    return "expired" if "EXPIRED" in text else "undelivered" if "UNDELIV" in text else "delivered"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=int, default=400)
    parser.add_argument("--replies", type=int, default=200)
    parser.add_argument("--logs", action="store_true", help="print the logs at the end")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
