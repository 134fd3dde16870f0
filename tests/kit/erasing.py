"""A core's erasures on a real database with real hooks, and everything it has stored as bytes."""

from __future__ import annotations

import asyncio
import itertools
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from connector.base.live import Live
from connector.base.secret import Secret
from connector.base.supervise import Supervisor
from connector.config.file import load
from connector.domain.media import Media, MediaState
from connector.edge.erasure.forgetting import Forgetting
from connector.edge.parts import CoreParts
from connector.pictures.files import PictureFiles
from connector.providers.outbound import OutboundClient
from connector.providers.settings import NumberSettings
from connector.providers.twilio.provider import TwilioProvider
from connector.providers.values import Arrival, InboundText, Outcome
from connector.services import pictures
from connector.services.accounts.stored_hooks import as_it_came
from connector.services.conversations import inbound
from connector.services.conversations.inbound import Intake
from connector.services.erasure import forget
from connector.services.erasure.forget import Person
from connector.services.pictures import StoredPicture
from connector.services.sending import attempt_outcomes, outbox
from connector.store.values import HookState, RawHook
from connector.wire import administration, answers
from tests.kit.stores import LINE
from tests.kit.use_cases import Office

_OLD_S = 3600


class Bureau(Office):
    """An office whose texts come as hooks of Twilio, with a folder for pictures."""

    def __init__(self, store: Any, folder: Path, tasks: Supervisor) -> None:
        super().__init__(store)
        self.folder = folder
        self._refs = itertools.count(1)
        settings = TwilioProvider.Settings(
            account_sid="AC" + "1" * 32,
            auth_token=Secret("2" * 32),
            numbers=[NumberSettings(address=LINE)],
            public_url="https://desk.example.com",
        )
        self.provider = TwilioProvider("main", settings, OutboundClient())
        self.files = PictureFiles(folder / "pictures")
        self.parts = CoreParts(
            config=Live(load(None)),
            clock=self.clock,
            node=self.node,
            store=store,
            brand=self.live,
            providers=Live({"main": self.provider}),
            pictures=self.files,
            tasks=tasks,
        )
        self.forgetting = Forgetting(self.parts)

    async def hook(self, fields: dict[str, str], kind: str = "inbound", state: HookState = HookState.TAKEN) -> Intake:
        """A hook comes in and is read; one that is not taken is only stored."""
        self.clock.advance(0.007)
        raw = RawHook(
            id=self.ids.new(),
            at=self.now,
            account="main",
            path=f"/hooks/twilio/main/{kind}",
            url=f"https://desk.example.com/hooks/twilio/main/{kind}",
            headers={"content-type": "application/x-www-form-urlencoded"},
            body=urlencode(fields).encode(),
            state=state,
        )
        if state is not HookState.TAKEN:
            await self.store.write(lambda tx: tx.hooks.add(raw))
            return Intake()
        return await self.do(inbound.take_hook, raw, self._arrivals(raw))

    def _arrivals(self, raw: RawHook) -> list[Arrival]:
        return self.provider.read(as_it_came(raw, "https://desk.example.com"))

    def form(self, consumer: str, text: str) -> dict[str, str]:
        return {"MessageSid": f"SM{next(self._refs):032x}", "From": consumer, "To": LINE, "Body": text}

    async def picture(self, consumer: str, data: bytes) -> str:
        """They send a picture, whose bytes are stored; its digest."""
        media = Media("https://api.twilio.com/1", "image/png", MediaState.WAITING)
        ref = f"MM{next(self._refs):032x}"
        arrival = InboundText(ref=ref, line=LINE, consumer=consumer, text="Look", media=(media,))
        await self.take(arrival)
        digest = await asyncio.to_thread(self.files.save, data)
        old = time.time() - _OLD_S
        os.utime(self.folder / "pictures" / digest[:2] / digest, (old, old))
        for job, _ in await self.do(pictures.claim, self.node, 10):
            await self.do(pictures.record, job, {0: StoredPicture(digest, len(data), "image/png")})
        return digest

    async def sent(self, outcome: Outcome) -> None:
        """All replies that are due are called out for, with this outcome."""
        for job, _ in await self.do(outbox.claim, self.node, 100):
            await self.do(attempt_outcomes.record, job, outcome)

    async def asked(self, forgetting: Forgetting, request: administration.Forget, person: Person) -> answers.Forgotten:
        """What ann is answered once."""
        return await forgetting.answer(request, person, "ann", lambda: self.do(forget.begin, "ann", person))

    async def forget(self, number: str, *, rewrite: bool = False) -> answers.Forgotten:
        """Asked until it is done."""
        request = administration.Forget(number, rewrite=rewrite)
        while True:
            person = await self.question(request)
            answer = await self.asked(self.forgetting, request, person)
            if answer.is_done:
                return answer

    def bytes_with(self, *needles: str) -> list[str]:
        """Where one of these is in a file of the data directory."""
        found = []
        for path in sorted(self.folder.rglob("*")):
            if path.is_file():
                data = path.read_bytes()
                found += [f"{needle} in {path.name}" for needle in needles if needle.encode() in data]
        return found


@asynccontextmanager
async def bureau(store: Any, folder: Path) -> AsyncIterator[Bureau]:
    async with Supervisor() as tasks:
        yield Bureau(store, folder, tasks)
        tasks.stop()
