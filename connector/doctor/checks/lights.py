"""What the running core says of itself and its accounts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import httpx

from connector.doctor.checks.public_address import near_url
from connector.doctor.evidence import Evidence
from connector.doctor.finding import Finding, amber, green
from connector.doctor.limits import ANSWER_S, within
from connector.providers.fields import json_object

_ADVICE = "The desk's provider panel (F4) has the figures, account by account and line by line."


async def check(scene: Evidence) -> list[Finding]:
    if scene.config is None or scene.core.store is None or not scene.accounts():
        return []
    said = await within(ANSWER_S, _ask(scene.http, near_url(scene.config.hooks)), None)
    if said is None or said.get("store") != scene.core.store:
        return []  # another check says so
    return judge(said.get("status"), said.get("reasons"))


def judge(status: object, reasons: Sequence[str] | None) -> list[Finding]:
    """`reasons` as GET /health gives them; None where it keeps them to itself."""
    if status == "ok":
        return [green("Every account's light is green or waits for its first sign-in.")]
    if reasons is None:
        return [amber("Some light is not green; why is told only where hooks.host is this machine itself.", _ADVICE)]
    return [amber(f"{words.rstrip('.')}.", _ADVICE) for words in reasons]


async def _ask(http: httpx.AsyncClient, url: str) -> dict[str, Any] | None:
    try:
        return json_object((await http.get(f"{url}/health")).content)
    except httpx.HTTPError:
        return None
