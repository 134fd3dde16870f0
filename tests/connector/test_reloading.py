"""Taking over a changed configuration: a running core with a gateway of its own, and its file changed under it."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from connector.app import Core
from connector.base.clock import SystemClock
from connector.base.supervise import Supervisor
from connector.config.file import load
from connector.domain.message import Direction
from connector.domain.refusals import Refused
from connector.providers.generic.signature import sign
from connector.providers.outbound import AccountClients
from connector.providers.registry import open_providers
from connector.reloading import ReloadSource
from connector.store.ports import Store
from connector.store.sql.store import SqlStore, open_store
from connector.store.values import HookState
from connector.wire import answers
from tests.kit.templates import copied
from tests.kit.use_cases import Office
from tests.kit.vendor_server import VendorServer, answer

PATIENCE_S = 60.0
OLD, NEW = "s" * 32, "n" * 32
LINE, OTHER_LINE, THIRD_LINE = "+15550100", "+15550101", "+15550102"
CONSUMER = "+15550199"

BASE = """
[hooks]
port = 0
[routing]
undo_s = 0
[agents.ann]
skills = ["orders"]
"""
ACCOUNT = """
[accounts.{name}]
provider = "generic"
public_url = "http://127.0.0.1:1"
send_url = "{vendor}/{name}/send"
secret = "{secret}"
numbers = [{numbers}]
"""


@dataclass
class RunningCore:
    """A core in this process, its file, and what happens at its gateway."""

    folder: Path
    store: SqlStore
    vendor: VendorServer
    http: httpx.AsyncClient
    core: Core
    url: str
    _ids: Any = field(default_factory=lambda: itertools.count(1))

    def write(self, *sections: str) -> None:
        (self.folder / "textdesk.toml").write_text("".join(sections))

    def account(self, name: str = "main", secret: str = OLD, *lines: str) -> str:
        numbers = ", ".join(f'{{ address = "{line}", skill = "orders" }}' for line in lines or [LINE])
        return ACCOUNT.format(name=name, vendor=self.vendor.url, secret=secret, numbers=numbers)

    async def reload(self, *sections: str) -> answers.Reloaded:
        self.write(*sections)
        async with asyncio.timeout(PATIENCE_S):
            return await self.core.reloading.reload("root")

    async def refused(self, *sections: str) -> Refused:
        with pytest.raises(Refused) as no:
            await self.reload(*sections)
        return no.value

    async def hook(self, text: str, *, account: str = "main", secret: str = OLD, line: str = LINE) -> int:
        """A text by the gateway; the status of the answer."""
        content = {"id": f"in-{next(self._ids)}", "from": CONSUMER, "to": line, "text": text}
        body = json.dumps(content).encode()
        headers = {"X-Textdesk-Signature": sign(body, [secret.encode()], SystemClock().now())}
        answered = await self.http.post(f"{self.url}/hooks/generic/{account}/inbound", content=body, headers=headers)
        return answered.status_code

    async def texts(self) -> list[str]:
        """All texts that were taken in."""
        found = await self.store.read(lambda reading: reading.history(CONSUMER, None, 100))
        return [message.text for message in found if message.direction is Direction.INBOUND]

    async def audit(self) -> list[dict[str, Any]]:
        entries = await self.store.read(lambda reading: reading.audit_after(0, 100))
        return [json.loads(entry.details) for entry in entries if entry.action == "reloaded"]

    def office(self) -> Office:
        """Its own use cases."""
        made = Office(self.store)
        made.brand, made.lines = self.core.brand.current, dict(self.core.brand.current.lines)
        made.clock.advance((self.core.clock.now() - made.now) / 1000)
        return made


async def opened(folder: Path, store: Store, vendor: VendorServer, stack: AsyncExitStack) -> tuple[Core, str]:
    config = load(folder / "textdesk.toml")
    clients = await stack.enter_async_context(AccountClients())
    tasks = await stack.enter_async_context(Supervisor())
    stack.callback(tasks.stop)
    clients.use(prepared := clients.prepared(config.accounts))
    providers = open_providers(config.accounts, prepared)
    core = Core(config, SystemClock(), providers, store, folder, tasks, ReloadSource(folder / "textdesk.toml", clients))
    stack.push_async_callback(core.close)
    return core, (await core.start()).hooks or ""


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[RunningCore]:
    folder = tmp_path / "core"
    async with AsyncExitStack() as stack:
        store = await open_store(copied(folder / "textdesk.db"))
        stack.push_async_callback(store.close)
        vendor = await stack.enter_async_context(VendorServer().running())
        vendor.behaviour = answer(200, '{"id": "r1"}')
        http = await stack.enter_async_context(httpx.AsyncClient(timeout=PATIENCE_S))
        account = ACCOUNT.format(
            name="main", vendor=vendor.url, secret=OLD, numbers=f'{{ address = "{LINE}", skill = "orders" }}'
        )
        (folder / "textdesk.toml").write_text(BASE + account)
        core, url = await opened(folder, store, vendor, stack)
        yield RunningCore(folder, store, vendor, http, core, url)
        await core.stop()


async def test_numbers_accounts_and_secrets_are_taken_over_at_once(running: RunningCore) -> None:
    one = running
    assert await one.hook("before") == 200
    assert await one.hook("to a number to come", line=OTHER_LINE) == 200
    assert await one.texts() == ["before"]

    changed = await one.reload(BASE, one.account("main", OLD, LINE, OTHER_LINE))
    assert (changed.lines, changed.accounts, changed.skills) == ([f"{OTHER_LINE}: added"], [], [])
    assert await one.hook("to a new number", line=OTHER_LINE) == 200

    changed = await one.reload(BASE, one.account("main", NEW, LINE, OTHER_LINE))
    assert (changed.lines, changed.accounts) == ([], ["main: secret"])
    assert await one.hook("by the old secret") == 403
    assert await one.hook("by the new secret", secret=NEW) == 200

    changed = await one.reload(BASE, one.account("main", NEW, LINE), one.account("more", OLD, THIRD_LINE))
    assert changed.lines == [f"{OTHER_LINE}: removed", f"{THIRD_LINE}: added"]
    assert changed.accounts == ["more: added"]
    assert await one.hook("to a new account", account="more", line=THIRD_LINE) == 200
    assert await one.hook("to a number that is gone", secret=NEW, line=OTHER_LINE) == 200

    changed = await one.reload(BASE, one.account("more", OLD, THIRD_LINE))
    assert changed.accounts == ["main: removed"]
    assert await one.hook("to an account that is gone", secret=NEW) == 404

    assert await one.texts() == ["before", "to a new number", "by the new secret", "to a new account"]
    hooks = await one.store.read(lambda reading: reading.hooks([HookState.REFUSED, HookState.UNROUTABLE], 10))
    assert [hook.state for hook in reversed(hooks)] == ["unroutable", "refused", "unroutable", "unroutable"]
    assert [list(filter(None, entry.values())) for entry in await one.audit()] == [
        [[f"{OTHER_LINE}: added"]],
        [["main: secret"]],
        [["more: added"], [f"{OTHER_LINE}: removed", f"{THIRD_LINE}: added"]],
        [["main: removed"], [f"{LINE}: removed"]],
    ]
