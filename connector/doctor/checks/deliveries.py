"""What the error codes of the last day say about registration, filters and limits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from connector.doctor.evidence import Evidence
from connector.doctor.finding import Finding, amber, green, red

_FRONT = "in Twilio's console"
# Codes that say something about the account rather than about one consumer: https://www.twilio.com/docs/api/errors
_RED = {
    "30032": ("the toll-free number is not verified", f"Verify it {_FRONT}: Phone Numbers, Toll-Free verification."),
    "30033": (
        "the US 10DLC campaign is suspended",
        f"Look at the campaign {_FRONT}: Messaging, Regulatory compliance.",
    ),
    "30034": (
        "the number is not registered for US 10DLC",
        f"Register brand and campaign {_FRONT}, and add the number to the campaign's Messaging Service.",
    ),
    "30035": ("the number's US 10DLC registration is not finished", f"Wait for it, or look at the campaign {_FRONT}."),
    "30002": ("the account was suspended", f"See why {_FRONT}."),
    "21606": ("the number cannot text the destination", "Use a number that can, or take it out."),
}
_AMBER = {
    "30007": (
        "texts were filtered as unwanted",
        "Avoid links by shorteners, money and all capitals; register the number if it is not.",
    ),
    "30018": ("a sender has to be registered with the destination's carriers", f"Register it {_FRONT}."),
    "30024": ("a sender has to be registered with the destination's carriers", f"Register it {_FRONT}."),
    "30022": ("texts went out too fast for US 10DLC", "Set segments_per_s of the number to the campaign's pace."),
    "30023": ("the daily limit of US 10DLC was used up", "Ask for a better brand score, or send less."),
    "30027": ("the daily limit of US 10DLC was used up", "Ask for a better brand score, or send less."),
    "21408": ("the account may not text a country", f"Allow it {_FRONT}: Messaging, Geo permissions."),
    "21608": ("a trial account texts verified numbers only", "Upgrade the account."),
    "21611": ("a number's queue was full", "Spread texts over more numbers."),
    "30450": ("texts were blocked as SMS pumping", "Text only who has texted first."),
}


async def check(scene: Evidence) -> list[Finding]:
    if not scene.stored.is_current or scene.config is None:
        return []
    lines: dict[str, str] = {line.address: account for (account, _), line in scene.config.lines().items()}
    codes: dict[str, Counter[str]] = {account: Counter() for account in scene.accounts()}
    for alike in scene.stored.traffic:
        account = lines.get(alike.line)
        if alike.code and account is not None:
            codes[account][alike.code] += alike.count
    return [verdict for account, counts in codes.items() for verdict in judge(account, counts)]


def judge(account: str, codes: Mapping[str, int]) -> list[Finding]:
    """`codes`: how often each error code ended a reply in the last day."""
    found = []
    for code, count in codes.items():
        for verdict, hints in ((red, _RED), (amber, _AMBER)):
            if code in hints:
                words, advice = hints[code]
                found.append(verdict(f"{_times(count)}: {words} (error {code}).", advice, about=account))
    return found or [green("No error of the last day points at registration, filters or limits.", about=account)]


def _times(count: int) -> str:
    return "Once" if count == 1 else f"{count} times"
