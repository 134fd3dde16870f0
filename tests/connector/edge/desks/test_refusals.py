"""A refusal by the handlers of the edge changes nothing: neither the database nor the folder of the pictures."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, cast

import pytest

from connector.base.live import Live
from connector.base.secret import Secret
from connector.base.supervise import Supervisor
from connector.config.file import Config, load
from connector.domain.agent import Agent
from connector.domain.media import Media, MediaState
from connector.domain.refusals import Refused
from connector.edge.background.recovery import RecoveryTask
from connector.edge.desks.bounds import AgentBounds
from connector.edge.desks.request_handler import RequestHandler
from connector.edge.parts import CoreParts
from connector.pictures.files import PictureFiles
from connector.providers.outbound import OutboundClient
from connector.providers.twilio.provider import TwilioProvider
from connector.providers.values import Arrival, CallFailed, InboundText
from connector.reloading import Reloading
from connector.services.agents.admission import Principal
from connector.services.request_table import TABLE, EdgeRow
from connector.store.sql.store import open_store
from connector.store.values import HookState
from connector.wire import administration, contacts, requests
from tests.kit.minimal_provider import AcmeProvider, AcmeSettings
from tests.kit.refusal_sites import raised_at, sites
from tests.kit.stores import CONSUMER, LINE, conversation, hook, message
from tests.kit.templates import copied
from tests.kit.use_cases import Office
from tests.kit.whole_store import whole_store

FAR_FUTURE = 2**52
MISSING = Media("https://pictures.example.com/1", "image/png", MediaState.STORED, digest="0" * 64)


class SilentCompany(TwilioProvider):
    """A provider whose list breaks off after these texts."""

    def __init__(self, *listed: Arrival) -> None:
        self.listed = listed
        settings = TwilioProvider.Settings(
            account_sid="AC" + "1" * 32, auth_token=Secret("2" * 32), numbers=[], public_url="https://desk.example.com"
        )
        super().__init__("main", settings, OutboundClient())

    async def list_since(self, since: int) -> AsyncIterator[Arrival]:
        for arrival in self.listed:
            yield arrival
        raise CallFailed("No answer.")


ANN = Principal("ann", Agent("ann", "ann"), is_administrator=True, way="test")
NO_MORE = Principal("bob", Agent("bob", "bob"), is_administrator=False, way="test")  # an administrator until just now
# In the database there are the hooks and the picture that `made` adds.
ASKED = [
    requests.GetPicture("nothing"),
    requests.GetPicture("M1.0"),
    requests.PutPicture(b"GIF87 is no picture"),
    requests.PutPicture(b""),
    administration.ReleaseHook("nothing"),
    administration.ReleaseHook("taken"),
    administration.ReleaseHook("of no account"),
    administration.ReleaseHook("unreadable"),
    administration.Recover("main", FAR_FUTURE),
    administration.Recover("nobody", 0),
    administration.Recover("acme", 0),
    administration.Recover("main", 0),
    contacts.StageContacts("", []),
    administration.Reload(),  # of a core without a file
    administration.Forget("nothing"),
]
LOST = administration.Recover("full", 0)
# Refusals of these modules by their files.
FILES = ("connector/edge/desks/request_handler.py", "connector/edge/background/recovery.py")


async def nothing_to_open(config: Config) -> None:
    pass


def state_of(folder: Path) -> Any:
    files = {path: path.read_bytes() for path in (folder / "pictures").rglob("*") if path.is_file()}
    return whole_store(folder / "textdesk.db"), files


async def test_no_refusal_leaves_a_trace_and_every_refusal_is_tried(tmp_path: Path) -> None:
    store = await open_store(copied(tmp_path / "textdesk.db"))
    office = Office(store)
    acme = AcmeSettings(
        api_key=Secret("a" * 20), hook_secret=Secret("b" * 20), numbers=[], public_url="https://d.example"
    )
    full = SilentCompany(InboundText("SM1", LINE, CONSUMER, "Hello"))
    providers = {"main": SilentCompany(), "full": full, "acme": AcmeProvider("acme", acme, OutboundClient())}

    def add(tx: Any) -> None:
        tx.conversations.insert(conversation())
        tx.messages.add_once(message(media=(MISSING,)))
        for name, account, state in [
            ("taken", "main", HookState.TAKEN),
            ("of no account", "gone", HookState.UNROUTABLE),
            ("unreadable", "acme", HookState.UNROUTABLE),
        ]:
            tx.hooks.add(hook(id=name, account=account, state=state, body=b"nonsense"))

    await store.write(add)
    reached = set()
    async with Supervisor() as tasks:
        parts = CoreParts(
            config=Live(load(None)),
            clock=office.clock,
            node=office.node,
            store=store,
            brand=office.live,
            providers=Live(providers),
            pictures=PictureFiles(tmp_path / "pictures"),
            tasks=tasks,
        )
        reloading = Reloading(parts, None, nothing_to_open, lambda before, opened: None)
        recovery = RecoveryTask(store, office.live, Live(providers), office.clock)
        handler = RequestHandler(parts, recovery, reloading.reload)
        for request, asker in [*((one, ANN) for one in ASKED), (LOST, NO_MORE)]:
            before = state_of(tmp_path)
            with pytest.raises(Refused) as no:
                found = await office.question(cast(requests.Request, request))
                await handler.handlers[type(request)](request, found, asker, AgentBounds(office.clock))
            assert state_of(tmp_path) == before, request
            reached.add(raised_at(no.value))
        await store.close()
    assert [site for site in sites("edge") if site.path in FILES and (site.path, site.line) not in reached] == []
    assert {type(request) for request in ASKED} == {row.request for row in TABLE if isinstance(row, EdgeRow)}
