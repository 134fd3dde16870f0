"""Taking over a changed configuration: a running core with a gateway of its own, and its file changed under it."""

from __future__ import annotations

import asyncio
import itertools
import json
import socket
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiohttp import web

from connector.app import Core
from connector.base.clock import SystemClock
from connector.base.live import Live
from connector.base.supervise import Supervisor
from connector.config.file import load
from connector.domain.message import Direction
from connector.domain.refusals import Refused
from connector.providers.generic.signature import sign
from connector.providers.outbound import AccountClients
from connector.providers.registry import open_providers
from connector.reloading import ReloadSource
from connector.services.settings import BrandSettings
from connector.services.unit_of_work import UnitOfWork, in_unit_of_work
from connector.store.ports import Store, StoreUnavailable, Transaction
from connector.store.sql.store import SqlStore, open_store
from connector.store.values import ChangeKind, HookState
from connector.wire import answers
from connector.wire.refusals import RefusalCode
from tests.kit.stores import audit_entries
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


def account(vendor: str, name: str = "main", secret: str = OLD, *lines: str) -> str:
    numbers = [f'{{ address = "{line}", skill = "orders", segments_per_s = 1000 }}' for line in lines or [LINE]]
    return ACCOUNT.format(name=name, vendor=vendor, secret=secret, numbers=", ".join(numbers))


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
        return account(self.vendor.url, name, secret, *lines)

    async def reload(self, *sections: str) -> answers.Reloaded:
        self.write(*sections)
        async with asyncio.timeout(PATIENCE_S):
            return await self.core.reloading.reload("root")

    async def refused(self, *sections: str) -> Refused:
        with pytest.raises(Refused) as no:
            await self.reload(*sections)
        return no.value

    def signed(self, text: str, secret: str, line: str = LINE) -> tuple[bytes, str]:
        """The body of a hook of the gateway, and its signature."""
        content = {"id": f"in-{next(self._ids)}", "from": CONSUMER, "to": line, "text": text}
        body = json.dumps(content).encode()
        return body, sign(body, [secret.encode()], SystemClock().now())

    async def hook(self, text: str, *, account: str = "main", secret: str = OLD, line: str = LINE) -> int:
        """A text by the gateway; the status of the answer."""
        body, signature = self.signed(text, secret, line)
        url = f"{self.url}/hooks/generic/{account}/inbound"
        answered = await self.http.post(url, content=body, headers={"X-Textdesk-Signature": signature})
        return answered.status_code

    async def slow_hook(self, text: str, secret: str, meanwhile: Coroutine[Any, Any, object]) -> int:
        """A text whose body comes in two parts; the status of the answer."""
        body, signature = self.signed(text, secret)
        host, port = self.url.removeprefix("http://").split(":")
        head = (
            f"POST /hooks/generic/main/inbound HTTP/1.1\r\nHost: {host}\r\nX-Textdesk-Signature: {signature}\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        async with asyncio.timeout(PATIENCE_S):
            reader, writer = await asyncio.open_connection(host, int(port))
            writer.write(head.encode() + body[:10])
            assert await self.hook("its header is read before this is answered") == 200
            await meanwhile
            writer.write(body[10:])
            status = int((await reader.readline()).split()[1])
            writer.close()
        return status

    async def texts(self) -> list[str]:
        """All texts that were taken in."""
        found = await self.store.read(lambda reading: reading.history(CONSUMER, None, 100))
        return [message.text for message in found if message.direction is Direction.INBOUND]

    async def audit(self) -> list[dict[str, Any]]:
        entries = await audit_entries(self.store)
        return [json.loads(entry.details) for entry in entries if entry.action == "reloaded"]


async def opened(folder: Path, store: Store, stack: AsyncExitStack) -> tuple[Core, str]:
    config = load(folder / "textdesk.toml")
    clients = await stack.enter_async_context(AccountClients())
    tasks = await stack.enter_async_context(Supervisor())
    stack.callback(tasks.stop)
    clients.use(prepared := clients.prepared(config.accounts))
    providers = open_providers(config.accounts, prepared)
    core = Core(config, SystemClock(), providers, store, folder, tasks, ReloadSource(folder / "textdesk.toml", clients))
    stack.push_async_callback(core.close)
    return core, (await core.start()).hooks or ""


@asynccontextmanager
async def running_core(folder: Path, *sections: str) -> AsyncIterator[RunningCore]:
    """A core with these sections; without any, with one account."""
    async with AsyncExitStack() as stack:
        store = await open_store(copied(folder / "textdesk.db"))
        stack.push_async_callback(store.close)
        vendor = await stack.enter_async_context(VendorServer().running())
        vendor.behaviour = answer(200, '{"id": "r1"}')
        http = await stack.enter_async_context(httpx.AsyncClient(timeout=PATIENCE_S))
        (folder / "textdesk.toml").write_text("".join(sections) or BASE + account(vendor.url))
        core, url = await opened(folder, store, stack)
        yield RunningCore(folder, store, vendor, http, core, url)
        await core.stop()


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[RunningCore]:
    async with running_core(tmp_path / "core") as one:
        yield one


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


MISTAKES = [
    ("[agents.ann]", "[agents.ann", "is not TOML"),
    ("skills =", "skill =", "agents.ann"),
    ('skills = ["orders"]', 'skills = ["orders"]\ntoken = { file = "gone.token" }', "agents.ann.token"),
    ("[routing]", "[routing]\nresponse_s = 0", "response_s is at least 1"),
    (LINE, "not a number", "accounts.main.numbers"),
    ('provider = "generic"', 'provider = "pigeon"', "accounts.main"),
    ("port = 0", "port = 8080", "hooks.port"),
    ("port = 0", 'port = 0\nhost = "0.0.0.0"', "hooks.host"),
    ("[routing]", '[core]\ndatabase = "other.db"\n[routing]', "core.database"),
    ("[routing]", '[desks]\nlisten = "127.0.0.1:1"\n[routing]', "desks.listen"),
]  # fmt: skip


async def test_one_mistake_refuses_all_and_changes_nothing(
    running: RunningCore, caplog: pytest.LogCaptureFixture
) -> None:
    """Beside each mistake there is a change that would be right."""
    one, path = running, running.folder / "textdesk.toml"
    before = one.core.brand.current
    right = BASE + "[agents.bob]\n" + one.account("main", NEW, LINE, OTHER_LINE)

    async def is_unchanged() -> None:
        assert one.core.brand.current is before
        assert await one.hook("the old secret still holds") == 200
        assert await one.store.read(lambda reading: reading.agent("bob")) is None
        assert await one.audit() == []

    for wrong, mistake, words in MISTAKES:
        assert wrong in right
        no = await one.refused(right.replace(wrong, mistake, 1))
        assert no.code == "cannot_reload"
        assert str(path) in str(no), no
        assert words in str(no), no
        assert NEW not in str(no)
        await is_unchanged()
    assert "accounts: restart" in str(await one.refused(""))  # as an editor may leave it for a moment
    for group, answered in (("demon", "did you mean daemon?"), ("daemon", "restart the core")):
        assert answered in str(await one.refused(f'{right}[desks]\ngroup = "{group}"\n'))
    await is_unchanged()
    path.unlink()
    with pytest.raises(Refused, match="there is no such file"):
        await one.core.reloading.reload("root")
    path.mkdir()
    with pytest.raises(Refused, match=str(path)):
        await one.core.reloading.reload("root")
    path.rmdir()
    await is_unchanged()
    assert len([record for record in caplog.records if record.msg.startswith("not reloaded")]) == len(MISTAKES) + 5
    path.write_text(right)

    def is_no_administrator_by_now(uow: UnitOfWork) -> None:
        raise Refused(RefusalCode.NOT_ALLOWED, "Only administrators may do this.")

    with pytest.raises(Refused, match="Only administrators"):
        await one.core.reloading.reload("root", is_no_administrator_by_now)
    await is_unchanged()
    assert (await one.reload(right)).agents == ["bob: added"]


async def test_a_provider_that_cannot_be_opened_refuses_all(
    running: RunningCore, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, before = running, running.core.brand.current
    monkeypatch.setenv("HTTPS_PROXY", "gopher://proxy")
    no = await one.refused(BASE, "[agents.bob]\n", one.account("main", NEW), one.account("more", OLD, OTHER_LINE))
    assert no.details["cause"] == "cannot_open"
    assert "HTTPS_PROXY" in str(no)
    assert one.core.brand.current is before
    assert await one.hook("the old secret still holds") == 200


async def test_a_store_that_fails_leaves_all_as_it_was(running: RunningCore, monkeypatch: pytest.MonkeyPatch) -> None:
    one = running
    before, write = one.core.brand.current, one.store.write

    async def write_badly(use_case: Callable[[Transaction], Any], then: Callable[[], None] | None = None) -> Any:
        def fail(tx: Transaction) -> None:
            use_case(tx)
            raise StoreUnavailable("The disk is full.")

        return await (write(use_case) if then is None else write(fail, then))

    monkeypatch.setattr(one.store, "write", write_badly)
    changed = BASE + "[agents.bob]\n" + one.account("main", NEW)
    with pytest.raises(StoreUnavailable, match="The disk is full"):
        await one.reload(changed)
    assert one.core.brand.current is before
    assert await one.hook("the old secret still holds") == 200
    assert await one.store.read(lambda reading: reading.agent("bob")) is None
    monkeypatch.setattr(one.store, "write", write)
    assert (await one.reload(changed)).agents == ["bob: added"]


async def test_two_reloads_at_once_are_done_one_after_the_other(running: RunningCore) -> None:
    one = running
    one.write(BASE, one.account("main", NEW))
    first, second = await asyncio.gather(one.core.reloading.reload("root"), one.core.reloading.reload("root"))
    assert (first.accounts, second.accounts) == (["main: secret"], [])
    assert len(await one.audit()) == 1


async def test_no_use_case_has_some_of_the_old_and_some_of_the_new(running: RunningCore) -> None:
    """What each sees in the store and in its settings is of one configuration."""
    one, seen, is_over = running, set[tuple[int, int]](), False

    def look(uow: UnitOfWork) -> None:
        known = uow.tx.agents.get("ann")
        assert known is not None
        seen.add((known.capacity, uow.brand.rules.of("orders").undo_s))

    async def look_again_and_again() -> None:
        while not is_over:
            await one.store.write(in_unit_of_work(one.core.brand, one.core.clock.now(), look))

    def written(number: int) -> str:
        base = BASE.replace("undo_s = 0", f"undo_s = {number}")
        return base.replace('skills = ["orders"]', f'skills = ["orders"]\ncapacity = {number}') + one.account()

    await one.reload(written(1))
    async with asyncio.TaskGroup() as tasks:
        for _ in range(20):
            tasks.create_task(look_again_and_again())
        for number in range(2, 12):
            await one.reload(written(number))
        is_over = True
    assert seen <= {(number, number) for number in range(1, 12)}
    assert len(seen) > 5


class Inside(Office):
    """The running core's own use cases, at its own time."""

    def __init__(self, one: RunningCore) -> None:
        super().__init__(one.store)
        self.core = one.core

    @property
    def live(self) -> Live[BrandSettings]:
        return self.core.brand

    @property
    def now(self) -> int:
        return self.core.clock.now()

    async def until(self, message_id: str, status: str) -> str:
        """The message's words once it has this status."""
        seen = await self.store.wait_for_change(ChangeKind.FACTS, 0)
        async with asyncio.timeout(PATIENCE_S):
            while (found := await self.message(message_id)).status != status:
                seen = await self.store.wait_for_change(ChangeKind.FACTS, 1.0, seen)
        return found.words or ""


async def test_a_send_under_way_ends_when_its_account_is_changed_or_removed(running: RunningCore) -> None:
    one, office = running, Inside(running)
    arrived, go_on = asyncio.Event(), asyncio.Event()

    async def take_slowly(request: web.Request, leaving: asyncio.Event) -> web.StreamResponse:
        arrived.set()
        await go_on.wait()
        return web.json_response({"id": f"r{len(one.vendor.calls)}"})

    async def two_replies(*sections: str) -> tuple[str, str]:
        """One that is under way while these are taken over, and one to the same consumer, which waits for it."""
        arrived.clear()
        go_on.clear()
        under_way, behind = [await office.reply(conversation, text) for text in ("under way", "behind it")]
        async with asyncio.timeout(PATIENCE_S):
            await arrived.wait()
        await one.reload(BASE, *sections)
        go_on.set()
        return under_way, behind

    one.vendor.behaviour = take_slowly
    await office.sign_in()
    assert await one.hook("hello") == 200
    conversation = await office.open_for(CONSUMER)

    under_way, behind = await two_replies(one.account("main", NEW))
    assert await office.until(under_way, "accepted") == ""
    assert await office.until(behind, "accepted") == ""
    [before, after] = one.vendor.calls
    for call, secret in ((before, OLD), (after, NEW)):
        signature = call.headers["x-textdesk-signature"]
        at = int(signature.partition(",")[0].removeprefix("t="))
        assert signature == sign(call.body, [secret.encode()], at * 1000)

    under_way, behind = await two_replies(one.account("more", NEW, OTHER_LINE))
    assert await office.until(under_way, "accepted") == ""
    assert "main is not in this core's configuration" in await office.until(behind, "failed")
    assert len(one.vendor.calls) == 3


async def test_due_times_that_are_set_stay_and_new_ones_go_by_the_new_rules(running: RunningCore) -> None:
    one, office = running, Inside(running)
    await one.hook("before")
    before = await office.open_for(CONSUMER)
    changed = await one.reload(BASE + "[skills.orders]\nresponse_s = 60\n", one.account("main", OLD, LINE, OTHER_LINE))
    assert changed.skills == ["orders: response_s"]
    await one.hook("after", line=OTHER_LINE)
    after = await office.open_for(CONSUMER, line=OTHER_LINE)
    assert (await office.open_for(CONSUMER)).due_at == before.due_at
    assert before.due_at is not None
    assert after.due_at is not None
    assert after.due_at < before.due_at


async def test_what_waits_is_offered_by_the_new_skills_at_once(running: RunningCore) -> None:
    one, office = running, Inside(running)
    await one.reload(BASE.replace("orders", "bookings"), one.account())
    await office.sign_in(skills=("bookings",))
    await one.hook("who answers?")
    assert (await office.open_for(CONSUMER)).agent is None
    assert (await one.reload(BASE, one.account())).agents == ["ann: skills"]
    assert (await office.open_for(CONSUMER)).agent == "ann"


async def test_a_number_whose_skill_looks_wrong_is_named_each_time(running: RunningCore) -> None:
    one = running
    for _ in range(2):
        found = await one.reload(
            BASE, "[skills.returns]\n", one.account().replace('skill = "orders"', 'skill = "retruns"')
        )
        assert [words.partition("retruns: ")[2] for words in found.warnings] == ["did you mean returns?"], found


async def test_a_reload_that_changes_nothing_says_so_and_leaves_no_trace(running: RunningCore) -> None:
    one = running
    before = one.core.brand.current
    found = await one.reload(BASE, "# a comment\n", one.account())
    assert found == answers.Reloaded(str(one.folder / "textdesk.toml"), [], [], [], [], [])
    assert one.core.brand.current is before
    assert await one.audit() == []


async def test_a_core_without_accounts_gets_its_first(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        base = BASE.replace("port = 0", f"port = {taken.getsockname()[1]}")
        async with running_core(tmp_path / "core", base) as one:
            no = await one.refused(base, one.account())
            assert no.details["cause"] == "cannot_open"
            assert one.core.brand.current.lines == {}
            one.url = "http://127.0.0.1:" + str(taken.getsockname()[1])
            taken.close()
            assert (await one.reload(base, one.account())).accounts == ["main: added"]
            assert await one.hook("hello") == 200
            assert "accounts: restart the core" in str(await one.refused(base))  # the last one
            changed = await one.reload(base, one.account("more", NEW))
            assert changed.accounts == ["main: removed", "more: added"]
            assert await one.hook("hello again") == 404
            assert await one.hook("once more", account="more", secret=NEW) == 200
            assert await one.texts() == ["hello", "once more"]


async def test_a_hook_goes_by_the_accounts_there_are_when_all_of_it_is_there(running: RunningCore) -> None:
    one = running
    assert await one.slow_hook("by the old", OLD, one.reload(BASE, one.account("main", NEW))) == 403
    await one.reload(BASE, one.account("main", OLD))
    assert await one.slow_hook("by the new", NEW, one.reload(BASE, one.account("main", NEW))) == 200
    await one.reload(BASE, one.account("main", OLD))
    assert await one.slow_hook("to one that goes", OLD, one.reload(BASE, one.account("more", OLD, OTHER_LINE))) == 404
    assert [text for text in await one.texts() if not text.startswith("its header")] == ["by the new"]
