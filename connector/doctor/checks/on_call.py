"""Whether somebody is on call at all times and can be asked, what waits for them, and whether the webhook takes it."""

from __future__ import annotations

from collections.abc import Sequence

from connector.base.counted import count
from connector.config.file import Config
from connector.config.rota_warnings import rota_warnings
from connector.doctor.evidence import Evidence
from connector.doctor.finding import Finding, amber, green, red
from connector.domain.agent import Agent
from connector.domain.alerts import Alert
from connector.domain.rota import Rota, levels
from connector.services.durations import in_words
from connector.wire.views import WebhookView

_DAY_MS = 86_400_000
_WEBHOOK = (
    "See its receiver, and url and secret of [on_call.webhook]. What waits is tried again for three days;"
    " `textdesk alerts --since 3d` lists all of it."
)


async def check(evidence: Evidence) -> list[Finding]:
    now, stored = evidence.clock.now(), evidence.stored
    if evidence.config is None:
        return []
    found = judge_rota(evidence.config, stored.agents if stored.is_current else None, now)
    found += judge_alerts(stored.alerts, now)
    has_webhook = evidence.config.on_call is not None and evidence.config.on_call.webhook is not None
    return [*found, *judge_webhook(stored.webhook, now)] if has_webhook else found


def judge_rota(config: Config, stored: Sequence[Agent] | None, now: int) -> list[Finding]:
    """`stored`: None where the store cannot be read; then the agents are those of the configuration."""
    on_call = config.on_call
    if on_call is None:
        return [green("Nobody is on call: there is no [on_call].")]
    agents = [config.agent(name) for name in config.agents] if stored is None else stored
    rota = on_call.rota()
    orders = {skill: _in_order(rota, skill, now) for skill in config.rules.names}
    who = "; ".join(f"{skill}: {order}" for skill, order in orders.items()) or " and ".join(on_call.lead)
    advice = "Correct it, if it is not meant."
    return [
        green(f"Asked now, one after another: {who}."),
        *(amber(f"{one}.", advice) for one in rota_warnings(config, agents, now)),
    ]


def _in_order(rota: Rota, skill: str, now: int) -> str:
    """`anna, ben, carla and dora`: those who are asked together by `and`."""
    return ", ".join(" and ".join(level.people) for level in levels(rota, (skill,), now))


def judge_alerts(alerts: Sequence[Alert], now: int) -> list[Finding]:
    """`alerts`: that have not ended."""
    waiting = [alert for alert in alerts if alert.waits]
    if not waiting:
        return []
    longest = in_words(now - min(alert.raised_at for alert in waiting))
    advice = "`textdesk alerts` lists them, and `textdesk ack all` acknowledges them."
    if not any(alert.steps for alert in waiting):
        return [amber(f"{count(len(waiting), 'alert')} for {longest}; nobody has been asked yet.", advice)]
    words = f"Nobody has acknowledged {count(len(waiting), 'alert')}, the oldest for {longest}."
    return [red(words, advice)]


def judge_webhook(webhook: WebhookView | None, now: int) -> list[Finding]:
    """`webhook`: None where the store cannot be read."""
    if webhook is None:
        return []
    if webhook.given_up_at is not None and now - webhook.given_up_at < _DAY_MS:
        words = f"An event was given up {in_words(now - webhook.given_up_at)} ago: the webhook has not taken it."
        return [red(words, _WEBHOOK)]
    if webhook.words:
        since = in_words(now - (webhook.oldest_at or now))
        words = f"The webhook does not take events ({webhook.words}): {webhook.waiting:,} wait, the oldest for {since}."
        return [red(words, _WEBHOOK)]
    answered = webhook.answered_at
    took = "has taken none yet" if answered is None else f"took the last one {in_words(now - answered)} ago"
    return [
        green(
            f"The webhook {took}, and {count(webhook.waiting, 'event')} {'waits' if webhook.waiting == 1 else 'wait'}."
        )
    ]
