"""Posting to the webhook of `[on_call]`: one event after the other, each until its receiver has taken it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import TypeVar

import httpx

from connector.base import standard_webhooks
from connector.config.on_call import AlertWebhookSettings
from connector.edge.background.retry import until_available
from connector.edge.parts import CoreParts
from connector.providers.outbound import AnswerRefused, CallLimits, OutboundClient
from connector.services.on_call import webhook
from connector.services.unit_of_work import UnitOfWork, in_unit_of_work
from connector.services.work import WEBHOOK
from connector.store.on_call import WebhookEvent
from connector.store.values import Work

T = TypeVar("T")
log = logging.getLogger(__name__)

_POLL_S = 1.0
_WITHOUT_WEBHOOK_S = 30.0
_LIMITS = CallLimits(places=1, call_s=15.0, answer_bytes=16 * 1024)


class WebhookTask:
    """Any core of a database may post; the lease of the work sees to it that one does at a time.

    Addresses of one's own network are posted to as well: who writes the configuration decides, and a receiver is often
    there. Redirects are not followed.
    """

    def __init__(self, parts: CoreParts) -> None:
        self._parts = parts
        self._failing = ""  # what the log has said

    async def run(self) -> None:
        """Look at what is due every second, not after every commit: there are many more than steps of alerts."""
        async with OutboundClient(_LIMITS) as http:
            while True:
                if not await self._post_next(http):
                    await self._parts.clock.sleep(_POLL_S if self._settings() else _WITHOUT_WEBHOOK_S)

    async def _post_next(self, http: OutboundClient) -> bool:
        """Whether one was due."""
        claimed = await self._write(lambda uow: webhook.claim(uow, self._parts.node)) if await self._is_due() else None
        if claimed is None:
            return False
        job, event = claimed
        settings = self._settings()
        if settings is None:
            await self._write(partial(webhook.drop, job=job))
            return True
        words = await self._post(http, settings, event)
        self._log(words)
        if not words:
            await self._write(partial(webhook.taken, job=job))
        elif await self._write(partial(_failed, job=job, event=event, words=words)):
            log.error("webhook: an event is given up after three days: %s", words)
        return True

    def _settings(self) -> AlertWebhookSettings | None:
        on_call = self._parts.config.current.on_call
        return on_call.webhook if on_call is not None else None

    async def _post(self, http: OutboundClient, settings: AlertWebhookSettings, event: WebhookEvent) -> str:
        """Post it. Returns why it was not taken; empty when it was."""
        body = event.body.encode()
        signed = standard_webhooks.headers(event.id, self._parts.clock.now() // 1000, body, settings.keys())
        headers = {"content-type": "application/json", "user-agent": "textdesk", **signed}
        try:
            answer = await http.post(settings.url, content=body, headers=headers)
        except AnswerRefused as refused:
            status = refused.status
        except httpx.TimeoutException:
            return "no answer in time"
        except httpx.ConnectError:
            return "cannot be reached"
        except (httpx.HTTPError, httpx.InvalidURL, OSError):
            return "the connection broke before the answer"
        else:
            status = answer.status_code
        if 200 <= status < 300:
            return ""
        return f"HTTP {status}, which leads elsewhere and is not followed" if 300 <= status < 400 else f"HTTP {status}"

    def _log(self, words: str) -> None:
        """That posts fail, and that they no longer do, once each."""
        if words and words != self._failing:
            log.warning("webhook: not taken, and tried again: %s", words)
        elif self._failing and not words:
            log.info("webhook: events are taken again")
        self._failing = words

    async def _is_due(self) -> bool:
        now = self._parts.clock.now()
        at = await until_available(partial(self._parts.store.read, lambda reading: reading.next_due(WEBHOOK, now)))
        return at is not None and at <= now

    async def _write(self, use_case: Callable[[UnitOfWork], T]) -> T:
        parts = self._parts
        run = in_unit_of_work(parts.brand, parts.clock.now(), use_case)
        return await until_available(partial(parts.store.write, run))


def _failed(uow: UnitOfWork, job: Work, event: WebhookEvent, words: str) -> bool:
    return webhook.failed(uow, job, event, words)
