"""The state of every account, for panels and /health."""

from __future__ import annotations

from collections.abc import Mapping

from connector.domain.health import Signs, light
from connector.domain.values import AccountMode
from connector.providers.base import Health, Provider
from connector.services.reply import SEND
from connector.store.base import Reading
from connector.wire.views import AccountView

_HOUR_MS = 3_600_000


class ProviderHealth:
    """Reads traffic from the store and remembers the last sign-in of each account."""

    def __init__(self, providers: Mapping[str, Provider], names: Mapping[str, str]) -> None:
        """`names`: account to the word its provider goes by."""
        self._providers = providers
        self._names = names
        self._signed_in: dict[str, Health] = {}

    async def check(self, account: str) -> None:
        """Sign in and remember the answer."""
        self._signed_in[account] = await self._providers[account].check()

    def is_well(self, account: str) -> bool | None:
        """How the last sign-in went; None before the first."""
        health = self._signed_in.get(account)
        return health.ok if health else None

    def views(self, reading: Reading, now: int, recovering: Mapping[str, str]) -> list[AccountView]:
        """`recovering`: accounts whose lists are being gone through, and how far."""
        depths = {depth.account: depth for depth in reading.work_depths(SEND, now)}
        modes = reading.modes()
        found = []
        for account, provider in self._providers.items():
            activity = reading.activity(account, now - _HOUR_MS)
            today = reading.activity(account, now - 24 * _HOUR_MS)
            depth = depths.get(account)
            health = self._signed_in.get(account)
            signs = Signs(
                signs_in=health.ok if health else None,
                sign_in_words=health.words if health else "",
                refused_hooks=activity.refused_hooks,
                unread_hooks=activity.unread_hooks,
                failed_code=activity.last_code,
                failed_words=activity.last_words,
                oldest_queued_at=depth.oldest_since if depth else None,
            )
            shown = light(signs, now)
            found.append(
                AccountView(
                    account=account,
                    provider=self._names[account],
                    state=shown.state,
                    words=recovering.get(account, shown.words) if shown.state == "ok" else shown.words,
                    last_hook_at=activity.last_hook_at,
                    last_send_at=activity.last_send_at,
                    failed=activity.failed,
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
                )
            )
        return found
