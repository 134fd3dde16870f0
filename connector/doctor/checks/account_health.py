"""The health of the accounts, as the running core reports it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import httpx

from connector.base.time_limit import within
from connector.doctor.checks.public_address import near_url
from connector.doctor.evidence import Evidence
from connector.doctor.finding import Finding, amber, green
from connector.doctor.time_limits import ANSWER_S
from connector.providers.fields import json_object
from connector.providers.outbound import OutboundClient

_ADVICE = "The desk's provider panel (F4) has the figures, account by account and line by line."


async def check(evidence: Evidence) -> list[Finding]:
    if evidence.config is None or evidence.core.store is None or not evidence.accounts:
        return []
    answer = await within(ANSWER_S, _ask(evidence.http, near_url(evidence.config.hooks)), None)
    if answer is None or answer.get("store") != evidence.core.store:
        return []  # reported by another check
    return judge(answer.get("status"), answer.get("reasons"))


def judge(status: object, reasons: Sequence[str] | None) -> list[Finding]:
    """`reasons` as GET /health gives them; None where it does not."""
    if status == "ok":
        return [green("Every account is healthy, or waits for its first sign-in.")]
    if reasons is None:
        return [amber("An account is not healthy; reasons are given only where hooks.host is this machine.", _ADVICE)]
    return [amber(f"{words.rstrip('.')}.", _ADVICE) for words in reasons]


async def _ask(http: OutboundClient, url: str) -> dict[str, Any] | None:
    try:
        return json_object((await http.get(f"{url}/health")).content)
    except httpx.HTTPError:
        return None
