"""The health of every account, for desks and /health."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from connector.domain.account import AccountMode
from connector.domain.health import AccountObservations, ReplyCounts, account_health
from connector.providers.base import Provider
from connector.providers.values import Health
from connector.services import work
from connector.services.accounts import traffic
from connector.services.settings import LineSettings
from connector.store.ports import Reading
from connector.wire.views import AccountView

_HOUR_MS = 3_600_000
_NO_CONFIGURATION = (
    "this core was started without a configuration, so nothing is taken in and replies wait: start it with"
    " the file that has this account (--config)"
)
# A busy hour takes a tenth of a second to count.
_COUNT_EVERY_MS = 5_000


class ProviderHealth:
    """The health of every account, from its traffic in the store and its last sign-in, which is remembered here."""

    def __init__(
        self, providers: Mapping[str, Provider], names: Mapping[str, str], lines: Mapping[str, LineSettings]
    ) -> None:
        """`names`: account to its provider's name; `lines` by address."""
        self.accounts = tuple(providers)
        self._providers = providers
        self._names = names
        self._lines = lines
        self._signed_in: dict[str, Health] = {}
        self._replies: dict[str, ReplyCounts] = {}
        self._counted_at: int | None = None

    async def check(self, account: str) -> None:
        """Sign in and remember the answer."""
        self._signed_in[account] = await self._providers[account].check()

    def is_well(self, account: str) -> bool | None:
        """How the last sign-in went; None before the first."""
        health = self._signed_in.get(account)
        return health.ok if health else None

    def views(self, reading: Reading, now: int, recovering: Mapping[str, str]) -> list[AccountView]:
        """`recovering`: accounts with a recovery under way, and how far it is."""
        depths = {depth.account: depth for depth in reading.work_depths(work.SEND, now)}
        if not self._providers:
            return [_left_waiting(depth.account, depth.waiting) for depth in depths.values()]
        self._count(reading, now)
        modes = reading.account_modes()
        found = []
        for account, provider in self._providers.items():
            activity = reading.activity(account, now - _HOUR_MS)
            today = reading.activity(account, now - 24 * _HOUR_MS)
            depth = depths.get(account)
            health = self._signed_in.get(account)
            signs = AccountObservations(
                signs_in=health.ok if health else None,
                sign_in_words=health.words if health else "",
                refused_hooks=activity.refused_hooks,
                unread_hooks=activity.unread_hooks,
                failed_code=activity.last_code,
                failed_words=activity.last_words,
                oldest_queued_at=depth.oldest_since if depth else None,
                replies=self._replies[account],
            )
            shown = account_health(signs, now)
            found.append(
                AccountView(
                    account=account,
                    provider=self._names[account],
                    state=shown.state,
                    words=recovering.get(account, shown.words) if shown.state == "ok" else shown.words,
                    last_hook_at=activity.last_hook_at,
                    last_send_at=activity.last_send_at,
                    failed=self._replies[account].failed,
                    queue_depth=depth.waiting if depth else 0,
                    oldest_queued_at=depth.oldest_since if depth else None,
                    refused_hooks=activity.refused_hooks,
                    unread_hooks=activity.unread_hooks,
                    joins_parts=provider.capabilities.joins_parts,
                    mode=modes.get(account, AccountMode.ACTIVE),
                    uncertain=today.uncertain,
                    recovered=today.recovered,
                    balance=health.balance if health else None,
                    most_pictures=provider.capabilities.most_pictures_out,
                    reasons=list(shown.reasons),
                )
            )
        return found

    def _count(self, reading: Reading, now: int) -> None:
        """From the rows that the lines' plots are made of, so that both show the same figures."""
        if self._counted_at is not None and 0 <= now - self._counted_at < _COUNT_EVERY_MS:
            return
        rows = traffic.last_hour(reading, now)
        for account in self._providers:
            lines = {line.address for line in self._lines.values() if line.account == account}
            self._replies[account] = traffic.replies([row for row in rows if row.line in lines])
        self._counted_at = now


def without_store(views: list[AccountView], trouble: str) -> list[AccountView]:
    """The same accounts while the store cannot be written, which is worse than all else."""
    return [replace(view, state="down", words=trouble, reasons=[trouble, *view.reasons]) for view in views]


def _left_waiting(account: str, waiting: int) -> AccountView:
    """An account with replies in the outbox, in a core that has no account configured."""
    return AccountView(
        account=account,
        provider="none",
        state="down",
        words=_NO_CONFIGURATION,
        last_hook_at=None,
        last_send_at=None,
        failed=0,
        queue_depth=waiting,
        oldest_queued_at=None,
        refused_hooks=0,
        unread_hooks=0,
        joins_parts=False,
        reasons=[_NO_CONFIGURATION],
    )
