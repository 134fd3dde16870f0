"""A whole Textdesk on loopback: a real core process, simulated vendors, and bare desks written from docs/protocol.md.

Nothing here uses the project's own client: what is promised on the protocol's page must be enough.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import signal
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx
from twilio.request_validator import RequestValidator
from websockets.asyncio.client import ClientConnection, unix_connect
from websockets.exceptions import ConnectionClosed

from connector.lab.simulator.serve import SimulatorSettings, run_simulator
from connector.lab.simulator.world import DEMO
from connector.providers.trusted_certificates import trusted_certificates
from tests.kit.forked import forked
from tests.kit.ports import free_port
from tests.kit.templates import copied

PATIENCE_S = 60.0
ORDERS = DEMO.twilio.lines[0].number
BOOKINGS = DEMO.twilio.lines[1].number
SHORT_CODE = DEMO.openmarket.short_code
CONSUMER = "+14155550133"

CONFIG = """
[core]
{core}
[hooks]
port = {port}

[routing]
undo_s = 0
reopen_s = 0
{routing}

[accounts.main]
provider = "twilio"
signatures = "{signatures}"
account_sid = "{sid}"
auth_token = "{token}"
public_url = "http://127.0.0.1:{port}"
api_base = "{vendors}"
numbers = [
    {{ address = "{orders}", skill = "orders", segments_per_s = {segments_per_s} }},
    {{ address = "{bookings}", skill = "bookings", segments_per_s = {segments_per_s} }},
]

[accounts.short]
provider = "openmarket"
account_id = "{om_account}"
password = "{om_password}"
hook_user = "{hook_user}"
hook_password = "{hook_password}"
public_url = "http://127.0.0.1:{port}"
api_base = "{vendors}"
status_base = "{vendors}"
numbers = [{{ address = "{short_code}", skill = "orders", segments_per_s = {segments_per_s} }}]
"""


@dataclass
class Core:
    """A core process on its own data directory, that can be killed and started again."""

    folder: Path
    vendors: str
    port: int = field(default_factory=free_port)
    core_section: str = ""
    routing: str = ""
    more: str = ""
    signatures: str = "enforce"
    segments_per_s: float = 1000.0
    process: asyncio.subprocess.Process | None = None

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.folder / "core.log"

    async def start(self) -> None:
        if not self.data.exists() and "database" not in self.core_section:
            copied(self.data / "textdesk.db")
        config = self.write_config()
        command = ["serve", "--config", str(config), "--data", str(self.data)]
        with self.log.open("ab") as log:
            self.process = await forked(
                *command, stdout=asyncio.subprocess.PIPE, stderr=log, stdin=asyncio.subprocess.DEVNULL
            )
        assert self.process.stdout is not None
        async with asyncio.timeout(PATIENCE_S):
            line = await self.process.stdout.readline()
        assert line, f"the core did not start: {self.log.read_text()}"
        assert json.loads(line)["ready"] is True

    def write_config(self) -> Path:
        config, demo = self.folder / "textdesk.toml", DEMO
        config.write_text(
            CONFIG.format(
                core=self.core_section,
                routing=self.routing,
                signatures=self.signatures,
                segments_per_s=self.segments_per_s,
                port=self.port,
                sid=demo.twilio.sid,
                token=demo.twilio.auth_token,
                vendors=self.vendors,
                orders=ORDERS,
                bookings=BOOKINGS,
                om_account=demo.openmarket.account_id,
                om_password=demo.openmarket.password,
                hook_user=demo.openmarket.hook_user,
                hook_password=demo.openmarket.hook_password,
                short_code=SHORT_CODE,
            )
            + self.more
        )
        return config

    async def kill(self) -> None:
        await self._end(signal.SIGKILL)

    async def stop(self) -> int:
        return await self._end(signal.SIGTERM)

    async def _end(self, number: signal.Signals) -> int:
        assert self.process is not None
        if self.process.returncode is None:
            self.process.send_signal(number)
        async with asyncio.timeout(PATIENCE_S + 10):
            code = await self.process.wait()
        transport = getattr(self.process, "_transport", None)
        if transport is not None:
            transport.close()
        self.process = None
        return code


@dataclass
class Desk:
    """A bare client of the protocol: JSON in text frames, as docs/protocol.md says and no more."""

    core: Core
    agent: str | None = "ann"
    role: str = "desk"
    store: str | None = None
    after: int | None = None
    events: list[dict[str, Any]] = field(default_factory=list)
    accounts: dict[str, dict[str, Any]] = field(default_factory=dict)
    conversations: dict[str, dict[str, Any]] = field(default_factory=dict)
    welcome: dict[str, Any] = field(default_factory=dict)
    hello: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    writing: list[dict[str, Any]] = field(default_factory=list)
    _socket: ClientConnection | None = None
    _reader: asyncio.Task[None] | None = None
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    _numbers: Any = field(default_factory=lambda: itertools.count(1))

    async def __aenter__(self) -> Desk:
        await self.connect()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.disconnect()

    async def connect(self) -> None:
        await self.disconnect()  # what an earlier connection still holds comes before what this one brings
        path = self.core.data / "desk.sock"
        self._socket = await unix_connect(str(path), "ws://localhost/desk", compression=None, max_size=2**23)
        self.hello = json.loads(await self._socket.recv())
        sign_in = {
            "kind": "sign_in",
            "protocol": 1,
            "desk": f"test-{id(self)}-{next(self._numbers)}",
            "agent": self.agent,
            "role": self.role,
            "store": self.store,
            "after": self.after,
        }
        await self._socket.send(json.dumps(sign_in))
        self.welcome = json.loads(await self._socket.recv())
        if not self.welcome["resumed"]:
            self.conversations.clear()
            while True:
                snapshot = json.loads(await self._socket.recv())
                self.conversations |= {one["id"]: one for one in snapshot["conversations"]}
                if not snapshot["more"]:
                    break
            self.after = snapshot["position"]
        self.store = self.hello["store"]
        self._reader = asyncio.get_running_loop().create_task(self._read(self._socket))

    async def disconnect(self) -> None:
        if self._socket is not None:
            await self._socket.close()
        if self._reader is not None:
            await self._reader
        self._socket = self._reader = None

    async def closed(self) -> int | None:
        """The code with which the core has closed the connection, once it has."""
        assert self._socket is not None
        async with asyncio.timeout(PATIENCE_S):
            await self._socket.wait_closed()
        return self._socket.close_code

    async def _read(self, socket: ClientConnection) -> None:
        with contextlib.suppress(ConnectionClosed):
            while True:
                await self._told(json.loads(await socket.recv()))

    async def _told(self, frame: dict[str, Any]) -> None:
        async with self._changed:
            if frame["kind"] == "event":
                self._take(frame)
            elif frame["kind"] == "accounts":
                self.accounts = {one["account"]: one for one in frame["accounts"]}
            elif frame["kind"] == "writing":
                self.writing.append(frame)
            elif frame["kind"] in ("answer", "refusal"):
                self.answers[frame["id"]] = frame
            self._changed.notify_all()

    def _take(self, frame: dict[str, Any]) -> None:
        assert self.after is not None
        assert frame["position"] > self.after, "an event came twice or out of order"
        self.after = frame["position"]
        self.events.append(frame["body"])
        if changed := frame["body"].get("conversation"):
            self.conversations[changed["id"]] = changed

    async def say(self, frame: Mapping[str, Any]) -> None:
        """Send a frame that is not answered."""
        assert self._socket is not None
        await self._socket.send(json.dumps(frame))

    async def ask(self, body: Mapping[str, Any], request_id: str | None = None) -> dict[str, Any]:
        """The answer's body, or the whole refusal."""
        assert self._socket is not None
        request_id = request_id or f"{self.agent}-{id(self)}-{next(self._numbers)}"
        self.answers.pop(request_id, None)
        await self._socket.send(json.dumps({"kind": "request", "id": request_id, "body": dict(body)}))
        await self.until(lambda: request_id in self.answers, f"an answer to {body['type']}")
        frame = self.answers[request_id]
        body_of: dict[str, Any] = frame.get("body", frame)
        return body_of

    async def until(self, condition: Callable[[], Any], what: str) -> Any:
        """What `condition` gives once it gives something. Fails by name after a while."""
        try:
            async with asyncio.timeout(PATIENCE_S), self._changed:
                while not (found := condition()):
                    await self._changed.wait()
                return found
        except TimeoutError:
            raise AssertionError(f"waited for {what}; seen: {[one['type'] for one in self.events]}") from None

    def told(self, kind: str, **expected: Any) -> list[dict[str, Any]]:
        """Events of this type whose fields (also those of `message` and `conversation`) are as expected."""
        return [
            event
            for event in self.events
            if event["type"] == kind
            and all(
                value
                in (event.get(key), (event.get("message") or {}).get(key), (event.get("conversation") or {}).get(key))
                for key, value in expected.items()
            )
        ]

    async def told_of(self, kind: str, **expected: Any) -> dict[str, Any]:
        """The latest such event, as soon as there is one."""
        found = await self.until(lambda: self.told(kind, **expected), f"{kind} {expected}")
        last: dict[str, Any] = found[-1]
        return last

    async def until_position(self, position: int) -> None:
        await self.until(lambda: (self.after or 0) >= position, f"position {position}")

    async def status_of(self, message_id: str, status: str) -> dict[str, Any]:
        return await self.told_of("status_moved", message_id=message_id, status=status)

    async def is_taken(self, message_id: str) -> None:
        """The provider has taken the reply. A receipt that comes before its answer leaves no event of the answer."""
        taken = ("accepted", "sent", "delivered")
        await self.until(
            lambda: [one for one in self.told("status_moved", message_id=message_id) if one["status"] in taken],
            f"{message_id} to be taken",
        )


async def until_level(one: Desk, other: Desk) -> None:
    """Wait until both have been told the same. Either may be the first, so each time it is for the one behind."""
    while one.after != other.after:
        behind, ahead = sorted((one, other), key=lambda desk: desk.after or 0)
        await behind.until_position(ahead.after or 0)


@dataclass
class Town:
    """A core, its vendors and the people who text."""

    core: Core
    http: httpx.AsyncClient
    vendors: str

    async def text(self, text: str, *, sender: str = CONSUMER, line: str = ORDERS, **more: Any) -> dict[str, Any]:
        """A consumer texts in. The ids the vendor gave and what the core answered."""
        answer = await self.http.post(
            f"{self.vendors}/sim/text", json={"from": sender, "to": line, "text": text, **more}
        )
        answer.raise_for_status()
        told: dict[str, Any] = answer.json()
        return told

    async def behave(self, **rule: Any) -> None:
        (await self.http.post(f"{self.vendors}/sim/behaviour", json=rule)).raise_for_status()

    async def vendor_log(self, number: str = CONSUMER) -> list[dict[str, Any]]:
        """What the vendor has of this consumer, oldest first."""
        answer = await self.http.get(f"{self.vendors}/sim/log", params={"number": number})
        messages: list[dict[str, Any]] = answer.json()["messages"]
        return messages

    async def hook(
        self, path: str, fields: Mapping[str, str], *, token: str = DEMO.twilio.auth_token, **headers: str
    ) -> httpx.Response:
        """A form posted as Twilio would, signed with `token`."""
        url = self.core.url + path
        signature = RequestValidator(token).compute_signature(url, dict(fields))
        return await self.http.post(url, data=dict(fields), headers={"X-Twilio-Signature": signature, **headers})


def twilio_text(sid: str, text: str, *, sender: str = CONSUMER, line: str = ORDERS) -> dict[str, str]:
    """The fields of a Twilio hook that matter, and one that is blank."""
    return {
        "MessageSid": sid,
        "AccountSid": DEMO.twilio.sid,
        "From": sender,
        "To": line,
        "Body": text,
        "NumMedia": "0",
        "NumSegments": "1",
        "FromCity": "",
    }


@asynccontextmanager
async def town(
    folder: Path,
    *,
    core_section: str = "",
    routing: str = "",
    more: str = "",
    signatures: str = "enforce",
    segments_per_s: float = 1000.0,
    pace: float = 0.01,
) -> AsyncIterator[Town]:
    """Everything running, and nothing left afterwards."""
    folder.mkdir(exist_ok=True)
    settings = SimulatorSettings(data=folder / "vendors", world=DEMO, seed=1, pace=pace, with_script=False)
    (folder / "vendors").mkdir(exist_ok=True)
    async with (
        run_simulator(settings) as simulator,
        httpx.AsyncClient(timeout=PATIENCE_S, verify=trusted_certificates()) as http,
    ):
        core = Core(
            folder,
            simulator.url,
            core_section=core_section,
            routing=routing,
            more=more,
            signatures=signatures,
            segments_per_s=segments_per_s,
        )
        simulator.hook_target.move_to(core.url)
        await core.start()
        try:
            yield Town(core, http, simulator.url)
        finally:
            if core.process is not None:
                await core.stop()
