"""Health and traffic of the provider accounts and their lines, and the quarantined hooks, for administrators.

No colour stands alone: figures are beside every plot, states are words.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from connector.base.counted import count
from connector.sms.text import one_line
from connector.sms.wrapping import wrap
from connector.wire.views import AccountView, HookView, LineTrafficView, TrafficBucket
from tui.draw.format import Line, Span, ago, duration, fit, light, moment
from tui.model.state import Model

_BLOCKS = "▁▂▃▄▅▆▇█"
_MODES = {
    "active": ("", "muted"),
    "draining": ("It sends what is written and takes no more: it is draining.", "warn"),
    "off": ("It sends nothing and keeps what comes in: it is off.", "bad"),
}
NO_ACCOUNT = "No account is connected yet: run `textdesk setup twilio`, or try `textdesk demo`."
_GAP = ("   ", "")


class ProviderCursor(NamedTuple):
    """Where the cursor can be: a line of an account, or an account without lines."""

    account: str
    line: str | None


class ProviderEntry(NamedTuple):
    """The lines of one place of the cursor; `place` is None for a heading."""

    place: ProviderCursor | None
    lines: list[Line]


def provider_entries(model: Model, on: ProviderCursor | None, now: int, width: int, height: int) -> list[ProviderEntry]:
    """All accounts with their lines; every line with its plot if that fits, otherwise the one under the cursor."""
    if not model.providers.accounts:
        words = wrap(NO_ACCOUNT if model.connection.is_complete else "Waiting for the core…", width - 4)
        return [ProviderEntry(None, [[], *([(f"  {line}", "muted")] for line in words)])]
    whole = [entry for account in model.providers.accounts for entry in _account(model, account, None, now, width)]
    if sum(len(entry.lines) for entry in whole) <= height:
        return whole
    places = [entry.place for entry in whole if entry.place is not None]
    shown = on if on in places else places[0]
    return [entry for account in model.providers.accounts for entry in _account(model, account, shown, now, width)]


def _account(
    model: Model, account: AccountView, only: ProviderCursor | None, now: int, width: int
) -> list[ProviderEntry]:
    entries = [ProviderEntry(None, [[], *_head(account, now, width)])]
    addresses = [line.address for line in model.providers.lines if line.account == account.account]
    for address in addresses:
        place = ProviderCursor(account.account, address)
        traffic = next((each for each in model.fetched.traffic or () if (each.account, each.line) == place), None)
        lines = [_line(address, traffic, model.fetched.traffic is None, now, width)]
        if traffic is not None:
            role = light(traffic.state)[1]
            lines += [
                [("      ", ""), (text, role)] for words in traffic.reasons for text in _sentences(words, width - 4)
            ]
        if traffic is not None and only in (None, place):
            lines += [*traffic_plot(traffic.buckets, width), *_codes(traffic, width)]
        entries.append(ProviderEntry(place, lines))
    if not addresses:
        entries.append(ProviderEntry(ProviderCursor(account.account, None), [[("    ", ""), ("no line", "muted")]]))
    return entries


def _head(account: AccountView, now: int, width: int) -> list[Line]:
    """Health, mode and balance, and the figures of all lines together."""
    words, role = light(account.state)
    meaning, tone = _MODES.get(account.mode, ("", "warn"))
    name = [(f"  {one_line(account.account, 24)}  ", "strong"), (f"{one_line(account.provider, 16)}  ", "muted")]
    first: Line = [*name, (words, role), _GAP, (one_line(account.mode, 10), tone)]
    if account.balance is not None:
        first += [_GAP, (f"balance {one_line(account.balance, 20)}", "")]
    ground = "muted" if role == "good" else role
    why: list[Line] = []
    for words in account.reasons or [account.words]:
        why += [[("  ", ""), (text, ground)] for text in _sentences(words, width)]
    if meaning:
        why.append([("  ", ""), (meaning, tone)])
    waits = f"{account.queue_depth:,} queued"
    if account.queue_depth and account.oldest_queued_at is not None:
        waits += f", oldest {duration(now - account.oldest_queued_at)}"
    figures: Line = [
        (f"last hook {ago(account.last_hook_at, now)}", ""),
        (f"last send {ago(account.last_send_at, now)}", ""),
        (waits, "warn" if account.queue_depth else ""),
        (f"{account.failed:,} failed", "bad" if account.failed else "muted"),
        (f"{count(account.refused_hooks, 'hook')} refused", "warn" if account.refused_hooks else "muted"),
        (f"{account.unread_hooks:,} not read", "warn" if account.unread_hooks else "muted"),
        (f"{account.uncertain:,} uncertain", "warn" if account.uncertain else "muted"),
        (f"{account.recovered:,} recovered", "accent" if account.recovered else "muted"),
        ("long texts whole" if account.joins_parts else "long texts in segments", "muted"),
    ]
    return [first, *why, *_flow(figures, width)]


def _sentences(words: str, width: int) -> list[str]:
    return [text for text in wrap(one_line(words, 400), width - 4) if text]


def _flow(figures: Sequence[Span], width: int) -> list[Line]:
    """Figures side by side, on as many lines as that takes."""
    lines: list[Line] = []
    used = width
    for text, role in figures:
        if used + 3 + len(text) > width - 2:
            lines.append([("  ", "")])
            used = 2
        elif lines:
            lines[-1].append((" · ", "muted"))
            used += 3
        lines[-1].append((text, role))
        used += len(text)
    return lines


def _line(address: str, traffic: LineTrafficView | None, is_asked: bool, now: int, width: int) -> Line:
    """One line: its health, pace and queue, and its last inbound text and reply."""
    start: Line = [(fit(address, 15), "strong")]
    if traffic is None:
        return [("    ", ""), *start, ("asking the core…" if is_asked else "no figures for this line", "muted")]
    waits = f"{traffic.queue_depth:,} queued"
    if traffic.queue_depth and traffic.oldest_queued_at is not None:
        waits += f" for {duration(now - traffic.oldest_queued_at)}"
    state, role = light(traffic.state)
    # The sign alone; an account that is not well has its words above.
    return [
        ("  ", ""),
        (state[:2], role),
        *start,
        (fit(traffic.skill, 10 if width < 100 else 16), "muted"),
        (f" {traffic.segments_per_s:g}/s".ljust(7), ""),
        (f" {waits:<16}", "warn" if traffic.queue_depth else "muted"),
        (f" in {_short(traffic.last_inbound_at, now):<5} out {_short(traffic.last_reply_at, now):<5}", ""),
    ]


def _short(at: int | None, now: int) -> str:
    return "–" if at is None else duration(now - at)


def traffic_plot(buckets: Sequence[TrafficBucket], width: int) -> list[Line]:
    """The last hour as three rows on one scale, a column for five minutes, with their sums."""
    rows = (
        ("taken", [bucket.accepted for bucket in buckets], "accent"),
        ("delivered", [bucket.delivered for bucket in buckets], "good"),
        ("failed", [bucket.failed for bucket in buckets], "bad"),
    )
    most = max((figure for _, figures, _ in rows for figure in figures), default=0)
    each = 2 if width < 100 else 4
    lines: list[Line] = []
    for index, (name, figures, role) in enumerate(rows):
        bars = "".join(block(figure, most) * each for figure in figures)
        note = f"   most in five minutes: {most:,}" if index == 0 and most else ""
        lines.append([(f"      {name:<10}", "muted"), (bars, role), (f"  {sum(figures):,}", "strong"), (note, "muted")])
    return lines


def block(figure: int, most: int) -> str:
    """One of eight heights; a dot for zero, so that little and none differ."""
    if figure <= 0 or most <= 0:
        return "·"
    return _BLOCKS[min(7, (figure * 8 - 1) // most)]


def _codes(traffic: LineTrafficView, width: int) -> list[Line]:
    """The commonest reasons of failures."""
    return [
        [
            (f"      {code.count:>4,} × ", "bad"),
            (one_line(" ".join(filter(None, (code.code, code.words))) or "without a code", width - 16), ""),
        ]
        for code in traffic.codes[:4]
    ] + (
        [[("      … ", "muted"), (count(len(traffic.codes) - 4, "more code"), "muted")]]
        if len(traffic.codes) > 4
        else []
    )


def hook_entries(found: tuple[HookView, ...] | None, now: int, width: int) -> list[tuple[str | None, list[Line]]]:
    """Hooks that became no message, newest first, each with its id and the beginning of its body."""
    if found is None:
        return [(None, [[], [("  Asking the core…", "muted")]])]
    if not found:
        return [(None, [[], [("  Every hook became a message, a receipt or a consent change.", "muted")]])]
    return [(None, [[]]), *((hook.id, _hook(hook, now, width)) for hook in found)]


def _hook(hook: HookView, now: int, width: int) -> list[Line]:
    head = [
        (f"    {moment(hook.at, now)}  ", ""),
        (f"{one_line(hook.state, 12)}  ", "bad" if hook.state == "refused" else "warn"),
        (one_line(f"{hook.account}  {hook.path}", width - 32), "muted"),
    ]
    why: list[Line] = [[(f"    {text}", "")] for text in wrap(one_line(hook.reason, 400), width - 6)]
    body: list[Line] = [[(f"    {text}", "muted")] for text in wrap(one_line(hook.body, 400), width - 6) if text]
    return [head, *why, *body, []]
