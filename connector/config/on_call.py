"""`[on_call]`: who is called when answers are overdue or an account is down, and by which ways.

```toml
[on_call]
zone = "Europe/Berlin"            # of the shifts
lead = ["carla"]                  # asked last, and where the rota has nobody
acknowledge_s = 300               # without an acknowledgement, the next is asked

[[on_call.shifts]]
week = { "mon-sun" = ["20:00-08:00"] }   # a shift belongs to the day it begins on
agents = ["anna", "ben"]          # the first, then the next
skills = ["orders"]               # none: all

[on_call.webhook]
url = "https://alerts.example.com/textdesk"
secret = { file = "webhook.secret" }
```
"""

from __future__ import annotations

import base64
import binascii

from msgspec import Struct

from connector.base.secret import Secret
from connector.config.hours import hours_of, zone_of
from connector.domain.agent import name_flaw
from connector.domain.alerts import AlertRules
from connector.domain.hours import Hours
from connector.domain.rota import Rota, RotaShift
from connector.providers.public_url import check_encrypted, check_url

_PREFIX = "whsec_"
_LEAST, _MOST = 24, 64  # bytes of a secret
_LONGEST_S = 7 * 86400
_MOST_TEXTS = 60


class ShiftSettings(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`[[on_call.shifts]]`. No agents: the lead, on purpose."""

    agents: list[str]
    week: dict[str, list[str]] = {}
    special: dict[str, list[str]] = {}
    skills: list[str] = []

    def hours(self, zone: str) -> Hours:
        """Raises ValueError with one sentence."""
        return hours_of(zone, self.week, self.special, over_midnight=True)

    def __post_init__(self) -> None:
        self.hours("UTC")
        if not self.week and not self.special:
            raise ValueError('a shift has a week, like { "mon-fri" = ["20:00-08:00"] }, or special dates')
        _require_names("agents", self.agents)
        _require_names("skills", self.skills)


class AlertWebhookSettings(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`[on_call.webhook]`. `previous_secret`: a receiver that knows only this one still takes what is posted."""

    url: str
    secret: Secret
    previous_secret: Secret | None = None

    def keys(self) -> tuple[bytes, ...]:
        """What is signed with, the current one first. Raises ValueError."""
        found = [self.secret, *filter(None, [self.previous_secret])]
        return tuple(_key(secret.reveal()) for secret in found)

    def __post_init__(self) -> None:
        self.keys()
        check_url("url", self.url)
        check_encrypted("url", self.url)


class OnCallSettings(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    zone: str
    lead: list[str]
    shifts: list[ShiftSettings] = []
    acknowledge_s: int = 300
    overdue_s: int = 300
    account_down_s: int = 180
    line: str | None = None
    texts_per_hour: int = 6
    webhook: AlertWebhookSettings | None = None

    def rota(self) -> Rota:
        shifts = (RotaShift(one.hours(self.zone), tuple(one.agents), tuple(one.skills)) for one in self.shifts)
        return Rota(tuple(shifts), tuple(self.lead))

    def rules(self) -> AlertRules:
        return AlertRules(
            rota=self.rota(),
            acknowledge_s=self.acknowledge_s,
            overdue_s=self.overdue_s,
            account_down_s=self.account_down_s,
            line=self.line,
            texts_per_hour=self.texts_per_hour,
            has_webhook=self.webhook is not None,
            zone=zone_of(self.zone),
        )

    def __post_init__(self) -> None:
        zone_of(self.zone)
        if not self.lead:
            raise ValueError("lead names who is asked last, and where the rota has nobody: at least one agent")
        _require_names("lead", self.lead)
        for field, least in {"acknowledge_s": 30, "overdue_s": 0, "account_down_s": 0}.items():
            if not least <= getattr(self, field) <= _LONGEST_S:
                raise ValueError(f"{field} is {least} to {_LONGEST_S:,} (a week)")
        if not 1 <= self.texts_per_hour <= _MOST_TEXTS:
            raise ValueError(f"texts_per_hour is 1 to {_MOST_TEXTS}")


def _require_names(key: str, names: list[str]) -> None:
    for name in names:
        if (flaw := name_flaw(name)) is not None:
            raise ValueError(f"{key}: {flaw}")
    twice = next((name for number, name in enumerate(names) if name in names[:number]), None)
    if twice is not None:
        raise ValueError(f"{key} names {twice} twice")


def _key(secret: str) -> bytes:
    """The bytes of a secret in the form of Standard Webhooks. The words of an error show none of it."""
    encoded = secret.removeprefix(_PREFIX)
    try:
        key = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if encoded == secret or not _LEAST <= len(key) <= _MOST:
        raise ValueError(
            f"a secret is {_PREFIX} and {_LEAST} to {_MOST} random bytes in base64:"
            f" echo {_PREFIX}$(head -c 32 /dev/urandom | base64)"
        )
    return key
