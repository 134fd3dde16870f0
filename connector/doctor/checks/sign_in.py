"""Whether each account can be signed in to, and can pay."""

from __future__ import annotations

import asyncio
import re

from connector.base.time_limit import within
from connector.doctor.evidence import Evidence
from connector.doctor.finding import Finding, amber, green, red
from connector.doctor.time_limits import ANSWER_S
from connector.providers.send_outcomes import for_administrator
from connector.providers.values import Health

_LOW = 5.0
_BUSY = re.compile(r"has trouble \(HTTP|too many requests")
_AMOUNT = re.compile(r"-?[0-9]+(\.[0-9]+)?")


async def check(evidence: Evidence) -> list[Finding]:
    names = list(evidence.accounts)
    late = Health(False, "The provider did not answer in time.")
    found = await asyncio.gather(*(within(ANSWER_S, evidence.provider(name).check(), late) for name in names))
    return [judge(name, health) for name, health in zip(names, found, strict=True)]


def judge(account: str, health: Health) -> Finding:
    state = for_administrator(health.words)
    if not health.ok:
        return red(state, _advice(health), about=account)
    amount = _AMOUNT.match(health.balance or "")
    balance = f" Balance {health.balance}." if health.balance else ""
    words = f"{state.rstrip('.')}.{balance}"
    if amount and float(amount.group()) <= 0:
        return red(words, "Add funds: nothing is sent without.", about=account)
    if amount and float(amount.group()) < _LOW:
        return amber(words, "Add funds before they run out.", about=account)
    if "trial" in health.words:
        return amber(words, "Upgrade the account in the provider's console to text any number.", about=account)
    return green(words, about=account)


def _advice(health: Health) -> str:
    if "sign-in" in health.words or health.code in ("20003", "401"):
        return "Compare the configuration with the provider's console; `textdesk setup` asks for both again."
    if _BUSY.search(health.words):
        return "Wait: the trouble is the provider's. Its status page (of Twilio status.twilio.com) says what is known."
    if "reached" in health.words or "answer" in health.words:
        return "Check this machine's network, its proxy settings, and the account's addresses in the configuration."
    return "The provider's console says why."
