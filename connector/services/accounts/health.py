"""The health of every account, for desks and /health."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from statistics import median

from msgspec.structs import replace

from connector.base.live import Live
from connector.base.time_limit import within
from connector.domain.account import AccountMode
from connector.domain.attempts import SENT, UNREACHED, Attempt
from connector.domain.health import AccountObservations, BillingDrift, account_health, why_held
from connector.domain.masking.masking import MaskingRules, mask
from connector.domain.status import Status
from connector.providers.base import Provider
from connector.providers.values import Health
from connector.services import work
from connector.services.accounts import traffic
from connector.services.accounts.recent_counts import RecentCounts, total
from connector.services.accounts.traffic import ReplyOutcome
from connector.store.marks import MarkKey
from connector.store.ports import Reading
from connector.store.values import CounterKey, CounterKind, HookState, WorkDepth
from connector.wire.views import AccountView

_NO_CONFIGURATION = (
    "this core was started without a configuration, so nothing is taken in and replies wait: start it with"
    " the file that has this account (--config)"
)
_UNREAD = (HookState.UNREADABLE, HookState.UNROUTABLE)
_NOT_GENUINE = (HookState.REFUSED, HookState.WATCHED)
_HOUR_MS = 3_600_000
_TIMED = 50  # the latest attempts, of which the median is shown


class ProviderHealth:
    """The health of every account, from its traffic in the store and its last sign-in; both are remembered here."""

    def __init__(self, providers: Live[Mapping[str, Provider]]) -> None:
        """`providers` by account."""
        self.providers = providers
        self._signed_in: dict[str, Health] = {}
        self._counts = RecentCounts()
        self._latest_attempts: dict[str, list[Attempt]] = {}
        self._depths: dict[str, WorkDepth] = {}
        self._modes: dict[str, AccountMode] = {}
        self._held: set[str] = set()
        self._unsettled: dict[str, int] = {}

    async def check(self, account: str, provider: Provider) -> None:
        """Sign in and remember the answer."""
        late = Health(False, "The provider did not answer in time.")
        self._signed_in[account] = await within(work.WORK_S, provider.check(), late)

    def is_well(self, account: str) -> bool | None:
        """How the last sign-in went; None before the first."""
        health = self._signed_in.get(account)
        return health.ok if health else None

    def sign_ins(self) -> dict[str, Health]:
        """The answers to the last sign-ins, by account."""
        return dict(self._signed_in)

    def has_queued(self) -> bool:
        """Whether replies waited to be sent at the last look."""
        return bool(self._depths)

    def look(self, reading: Reading, now: int) -> None:
        """Read what has changed in the store since the last look."""
        accounts, changed = self.providers.current, self._counts.refresh(reading, now)
        self._depths = {depth.account: depth for depth in reading.work_depths(work.SEND, now)}
        self._modes = reading.account_modes()
        self._held = {account for account in accounts if reading.mark(MarkKey.held_until(account))}
        self._unsettled = reading.unsettled_counts()
        for account in accounts:
            # What is tried again may be counted as before.
            if account in changed or account in self._depths or account not in self._latest_attempts:
                self._latest_attempts[account] = reading.latest_attempts(account, _TIMED)

    def views(self, now: int, recovering: Mapping[str, str], masking: MaskingRules) -> list[AccountView]:
        """As of the last look. `recovering`: accounts with a recovery under way, and how far it is."""
        providers = self.providers.current
        if not providers:
            return [_left_waiting(depth.account, depth.waiting) for depth in self._depths.values()]
        found = [self._view(account, provider, now, recovering) for account, provider in providers.items()]
        return [_masked(view, masking) for view in found]

    def _view(self, account: str, provider: Provider, now: int, recovering: Mapping[str, str]) -> AccountView:
        hour, day = self._counts.hour.of(account), self._counts.day.of(account)
        attempts, depth = self._latest_attempts.get(account, []), self._depths.get(account)
        attempt = attempts[0] if attempts else None
        has_failed = attempt is not None and attempt.outcome not in SENT
        health = self._signed_in.get(account)
        signs = AccountObservations(
            signs_in=health.ok if health else None,
            sign_in_words=health.words if health else "",
            refused_hooks=total(hour, CounterKind.HOOK, *_NOT_GENUINE),
            unread_hooks=total(hour, CounterKind.HOOK, *_UNREAD),
            failed_code=attempt.code if attempt and has_failed else None,
            failed_words=attempt.words if attempt and has_failed else None,
            oldest_queued_at=depth.oldest_since if depth else None,
            unreached_since=_unreached_since(attempts),
            replies=traffic.replies(_outcomes(hour)),
            held=depth.waiting if depth and account in self._held else 0,
            drift=_drift(hour),
        )
        shown = account_health(signs, now)
        capabilities = provider.capabilities
        mode = self._modes.get(account, AccountMode.ACTIVE)
        waits = "switched off" if mode is AccountMode.OFF else why_held(signs) if account in self._held else ""
        return AccountView(
            account=account,
            provider=provider.settings.provider,
            state=shown.state,
            words=recovering.get(account, shown.words) if shown.state == "ok" else shown.words,
            last_hook_at=self._counts.last_hook_at.get(account),
            last_send_at=_last_sent_at(attempts) or self._counts.last_reply_at.get(account),
            failed=signs.replies.failed,
            queue_depth=depth.waiting if depth else 0,
            oldest_queued_at=signs.oldest_queued_at,
            refused_hooks=signs.refused_hooks,
            unread_hooks=signs.unread_hooks,
            joins_parts=capabilities.joins_parts,
            mode=mode,
            uncertain=total(day, CounterKind.REPLY, Status.UNCERTAIN),
            recovered=total(day, CounterKind.RECOVERED),
            balance=health.balance if health else None,
            most_pictures=capabilities.most_pictures_out,
            reasons=list(shown.reasons),
            held=signs.held,
            unsent=self._unsettled.get(account, 0),
            median_send_ms=_median_ms(attempts, now),
            replies_wait=waits,
        )


def _unreached_since(attempts: Sequence[Attempt]) -> int | None:
    """Since when no attempt has come to the provider, by the latest ones that have ended, the newest first."""
    since = None
    for each in attempts:
        if each.outcome is not None and each.outcome != UNREACHED:
            break
        since = since if each.outcome is None else each.started_at
    return since


def _last_sent_at(attempts: Sequence[Attempt]) -> int | None:
    return next((each.started_at for each in attempts if each.outcome in SENT), None)


def _median_ms(attempts: Sequence[Attempt], now: int) -> int | None:
    """The median time of the attempts of the last hour that the provider accepted; None without any."""
    took = [
        each.ended_at - each.started_at
        for each in attempts
        if each.outcome == "accepted" and each.ended_at is not None and each.started_at > now - _HOUR_MS
    ]
    return round(median(took)) if took else None


def _masked(view: AccountView, masking: MaskingRules) -> AccountView:
    """A provider's words may quote what was sent."""
    words, waits = mask(view.words, masking)[0], mask(view.replies_wait, masking)[0]
    return replace(view, words=words, replies_wait=waits, reasons=[mask(one, masking)[0] for one in view.reasons])


def without_store(views: list[AccountView], trouble: str) -> list[AccountView]:
    """The same accounts while the store cannot be written, which is worse than all else."""
    return [
        replace(view, state="down", words=trouble, replies_wait=trouble, reasons=[trouble, *view.reasons])
        for view in views
    ]


def with_warning(views: list[AccountView], words: str) -> list[AccountView]:
    """The same accounts with a warning that concerns them all."""
    found = []
    for view in views:
        warned = replace(view, reasons=[*view.reasons, words])
        found.append(replace(warned, state="warning", words=words) if view.state in ("ok", "unknown") else warned)
    return found


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
        replies_wait="the core runs without its configuration",
    )


def _drift(counts: Mapping[CounterKey, int]) -> BillingDrift:
    found: Counter[str] = Counter()
    for key, number in counts.items():
        if key.kind is CounterKind.BILLED_OTHERWISE:
            found[key.code] += number
    if not found:
        return BillingDrift()
    ((commonest, _), *others) = found.most_common()
    predicted, billed = map(int, commonest.split())
    return BillingDrift(found.total(), predicted, billed, is_mixed=bool(others))


def _outcomes(counts: Mapping[CounterKey, int]) -> Counter[ReplyOutcome]:
    replies = {key: count for key, count in counts.items() if key.kind is CounterKind.REPLY}
    return Counter({ReplyOutcome(key.status, key.code or None, key.words or None): n for key, n in replies.items()})
