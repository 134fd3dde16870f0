"""Error codes of the last day that point at registration, filters or limits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from connector.doctor.evidence import Evidence
from connector.doctor.finding import Finding, amber, green, red

_CONSOLE = "in Twilio's console"
# Codes that say something about the account rather than about one consumer: https://www.twilio.com/docs/api/errors
_RED = {
    "30032": ("the toll-free number is not verified", f"Verify it {_CONSOLE}: Phone Numbers, Toll-Free verification."),
    "30033": (
        "the US 10DLC campaign is suspended",
        f"Look at the campaign {_CONSOLE}: Messaging, Regulatory compliance.",
    ),
    "30034": (
        "the number is not registered for US 10DLC",
        f"Register brand and campaign {_CONSOLE}, and add the number to the campaign's Messaging Service.",
    ),
    "30035": (
        "the number's US 10DLC registration is not finished",
        f"Wait, or look at the campaign {_CONSOLE}.",
    ),
    "30002": ("the account was suspended", f"See why {_CONSOLE}."),
    "21606": ("the number cannot text the destination", "Use a number that can, or take it out."),
}
_AMBER = {
    "30007": (
        "texts were filtered as unwanted",
        "Avoid links by shorteners, money and all capitals; register the number if it is not.",
    ),
    "30018": ("a sender has to be registered with the destination's carriers", f"Register it {_CONSOLE}."),
    "30024": ("a sender has to be registered with the destination's carriers", f"Register it {_CONSOLE}."),
    "30022": ("texts went out too fast for US 10DLC", "Set segments_per_s of the number to the campaign's pace."),
    "30023": ("the daily limit of US 10DLC was used up", "Ask for a better brand score, or send less."),
    "30027": ("the daily limit of US 10DLC was used up", "Ask for a better brand score, or send less."),
    "21408": ("the account may not text a country", f"Allow it {_CONSOLE}: Messaging, Geo permissions."),
    "21608": ("a trial account texts verified numbers only", "Upgrade the account."),
    "21611": ("a number's queue was full", "Spread texts over more numbers."),
    "30450": ("texts were blocked as SMS pumping", "Text only consumers who texted first."),
}


async def check(evidence: Evidence) -> list[Finding]:
    if not evidence.stored.is_current or evidence.config is None:
        return []
    lines: dict[str, str] = {line.address: account for (account, _), line in evidence.config.lines().items()}
    codes: dict[str, Counter[str]] = {account: Counter() for account in evidence.accounts}
    for count in evidence.stored.traffic:
        account = lines.get(count.line)
        if count.code and account is not None:
            codes[account][count.code] += count.count
    return [finding for account, counts in codes.items() for finding in judge(account, counts)]


def judge(account: str, codes: Mapping[str, int]) -> list[Finding]:
    """`codes`: how many replies of the last day ended with each error code."""
    found = []
    for code, count in codes.items():
        for finding, hints in ((red, _RED), (amber, _AMBER)):
            if code in hints:
                words, advice = hints[code]
                found.append(finding(f"{_times(count)}: {words} (error {code}).", advice, about=account))
    return found or [green("No error of the last day points at registration, filters or limits.", about=account)]


def _times(count: int) -> str:
    return "Once" if count == 1 else f"{count} times"
