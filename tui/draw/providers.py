"""Health and traffic of the provider accounts and their lines.

Trouble comes first, in words and with what can be done about it; what is zero is left out. No colour stands alone:
figures are beside every chart, states are words.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from connector.base.counted import count
from connector.sms.text import one_line
from connector.sms.wrapping import wrap
from connector.wire.views import AccountView, LineTrafficView, TrafficBucket
from tui.actions import keys
from tui.actions.keys import Context
from tui.draw.format import Line, Span, ago, duration, fit, light, line_width
from tui.draw.lights import NO_ACCOUNT, by_trouble
from tui.draw.traffic_chart import summed, traffic_chart
from tui.model.key_names import KeyNames
from tui.model.state import Model

_MOST_CODES = 3
_INDENT = "    "
_LINES_IN_HEAD = 48  # cells
_NAMES = {"twilio": "Twilio", "openmarket": "OpenMarket", "generic": "Generic"}
_MODES = {
    "draining": "It is draining: it sends what is written and takes no more.",
    "off": "It is off: it sends nothing and keeps what comes in.",
}


class ProviderCursor(NamedTuple):
    """Where the cursor can be: a line of an account, or an account without lines or with several."""

    account: str
    line: str | None


class ProviderEntry(NamedTuple):
    """The lines of one place of the cursor; `place` is None for what it passes over."""

    place: ProviderCursor | None
    lines: list[Line]


class _Account(NamedTuple):
    """An account with its lines' traffic, as far as the core has told it."""

    view: AccountView
    lines: list[tuple[str, LineTrafficView | None]]
    is_asked: bool
    names: KeyNames

    @property
    def traffic(self) -> list[LineTrafficView]:
        return [traffic for _, traffic in self.lines if traffic is not None]


def provider_entries(model: Model, on: ProviderCursor | None, now: int, width: int, height: int) -> list[ProviderEntry]:
    """All accounts; each with its chart if that fits, otherwise the one under the cursor."""
    if not model.providers.accounts:
        words = wrap(NO_ACCOUNT if model.connection.is_complete else "Waiting for the core…", width - 4)
        return [ProviderEntry(None, [[], *([(f"  {line}", "muted")] for line in words)])]
    accounts = [_account(model, view) for view in by_trouble(model.providers.accounts)]
    whole = [entry for account in accounts for entry in _entries(account, on, True, now, width)]
    if sum(len(entry.lines) for entry in whole) <= height:
        return whole
    names = [account.view.account for account in accounts]
    shown = on.account if on is not None and on.account in names else names[0]
    return [entry for account in accounts for entry in _entries(account, on, account.view.account == shown, now, width)]


def providers_summary(model: Model) -> Span:
    """One sentence about all accounts, for the title."""
    accounts = model.providers.accounts
    ill = sum(account.state in ("down", "warning") for account in accounts)
    if ill:
        verb = "needs" if ill == 1 else "need"
        worst = "bad" if any(account.state == "down" for account in accounts) else "warn"
        return f"{ill} of {count(len(accounts), 'account')} {verb} you", worst
    if paused := [account for account in accounts if account.mode != "active"]:
        more = f" +{len(paused) - 1}" if len(paused) > 1 else ""
        return f"{one_line(paused[0].account, 24)} is {one_line(paused[0].mode, 12)}{more}", "warn"
    is_well = accounts and all(each.state == "ok" and not (each.uncertain or each.unsent) for each in accounts)
    return ("all well", "good") if is_well else ("", "")


def _account(model: Model, view: AccountView) -> _Account:
    traffic = model.fetched.traffic
    by_line = {each.line: each for each in traffic or () if each.account == view.account}
    addresses = [line.address for line in model.providers.lines if line.account == view.account]
    return _Account(view, [(address, by_line.get(address)) for address in addresses], traffic is None, model.keys)


def _entries(
    account: _Account, on: ProviderCursor | None, has_chart: bool, now: int, width: int
) -> list[ProviderEntry]:
    view, lines = account.view, account.lines
    head = [_head(account, width), *_sentences(account, now, width)]
    if len(lines) == 1:
        address, traffic = lines[0]
        chart = traffic_chart(traffic.buckets, width) if traffic is not None and has_chart else []
        return [
            ProviderEntry(None, [[]]),
            ProviderEntry(ProviderCursor(view.account, address), [*head, *_set_in(chart)]),
        ]
    chosen = next((traffic for address, traffic in lines if on == (view.account, address)), None)
    of = [chosen] if chosen is not None else account.traffic
    chart = traffic_chart(summed([each.buckets for each in of]), width) if of and has_chart else []
    return [
        ProviderEntry(None, [[]]),
        ProviderEntry(ProviderCursor(view.account, None), [*head, *_set_in(chart)]),
        *(
            ProviderEntry(ProviderCursor(view.account, address), _line(address, traffic, account.is_asked, now, width))
            for address, traffic in lines
        ),
    ]


def _set_in(lines: list[Line]) -> list[Line]:
    return [[("  ", ""), *line] for line in lines]


def _head(account: _Account, width: int) -> Line:
    """`● main  Twilio · +1 415 555 0100 orders · balance 12.50 USD`."""
    view = account.view
    sign, role = light(view.state)
    line: Line = [(_INDENT, ""), (f"{sign[:1]} ", role), (one_line(view.account, 24), "strong")]
    facts = [_NAMES.get(view.provider, one_line(view.provider, 16))]
    if len(account.lines) == 1:
        address, traffic = account.lines[0]
        facts.append(one_line(f"{address} {traffic.skill}" if traffic is not None else address, _LINES_IN_HEAD))
    elif not account.lines:
        facts.append("no line")
    else:
        facts.append(count(len(account.lines), "line"))
    if view.balance is not None:
        facts.append(f"balance {one_line(view.balance, 20)}")
    used = line_width(line)
    line.append((f"  {one_line(' · '.join(facts), max(8, width - used - 4))}", "muted"))
    return line


def _sentences(account: _Account, now: int, width: int) -> list[Line]:
    """What is wrong and what to do about it; how much came and went; what else is not zero."""
    view, room = account.view, width - len(_INDENT) - 4
    lines: list[Line] = []
    if view.mode != "active":
        lines += _paragraph(_MODES.get(view.mode, f"It is {view.mode}."), "warn", room)
        lines.append(_hint(account.names, "activate", "lets it send and take new work"))
    if view.state not in ("ok", "unknown"):
        for reason in view.reasons or [view.words]:
            lines += _paragraph(_sentence(reason), "strong", room)
        lines += [*_codes(account.traffic, room), *_to_do(view, account.names)]
    if flow := _flow(account, now):
        lines += _paragraph(flow, "" if view.state == "ok" else "muted", room)
    if rest := _rest(view, now):
        lines += _paragraph(_sentence(" · ".join(rest)), "warn", room)
    return lines


def _flow(account: _Account, now: int) -> str:
    """`All well: 12 in, 9 out, 9 delivered, median 0.4 s. Last text just now.` What is zero is left out; what is
    not well is said first."""
    view = account.view
    buckets = [bucket for each in account.traffic for bucket in each.buckets]
    is_active = view.mode == "active"
    is_well = (
        is_active
        and view.state == "ok"
        and not (view.uncertain or view.unsent or any(bucket.failed for bucket in buckets))
    )
    start = "All well" if is_well else "Last hour"
    if view.state == "unknown":
        start = _sentence(view.words).rstrip(".") or "Not known yet"
    if view.uncertain:
        looked_up = "" if view.unsent else ", being looked up"
        counted = " (lists count conversations)" if view.uncertain > 1 else ""
        start = f"{count(view.uncertain, 'reply', 'replies')} not sure in 24 hours{counted}{looked_up}. {start}"
    figures = _figures(buckets)
    if view.median_send_ms is not None:
        figures.append(f"median {view.median_send_ms / 1000:.1f} s")
    if not figures:
        quiet = "" if account.is_asked else " Nothing came in and nothing went out in the last hour."
        return f"{start.removesuffix('. Last hour')}.{quiet}" if is_well or start != "Last hour" else quiet.strip()
    latest = max((each.last_inbound_at for each in account.traffic if each.last_inbound_at is not None), default=None)
    return f"{start}: {', '.join(figures)}." + (f" Last text {ago(latest, now)}." if latest is not None else "")


def _figures(buckets: Sequence[TrafficBucket]) -> list[str]:
    """`12 in`, `9 out`, `4 delivered`; with failures `9 replies: 4 delivered, 3 on the way, 2 failed`: it adds up."""
    inbound = sum(bucket.inbound for bucket in buckets)
    replies = _replies(buckets)
    delivered, failed = sum(bucket.delivered for bucket in buckets), sum(bucket.failed for bucket in buckets)
    said = [f"{inbound:,} in"] * bool(inbound)
    if not failed:
        return [*said, *_counted(((replies, "out"), (delivered, "delivered")))]
    refused = replies - sum(bucket.accepted for bucket in buckets)
    ends = _counted(
        ((delivered, "delivered"), (max(0, replies - delivered - failed), "on the way"), (failed, "failed"))
    )
    early = f" ({refused:,} of them before the provider took them)" if refused else ""
    return [*said, f"{count(replies, 'reply', 'replies')}: {', '.join(ends)}{early}"]


def _counted(kinds: Sequence[tuple[int, str]]) -> list[str]:
    return [f"{total:,} {name}" for total, name in kinds if total]


def _replies(buckets: Sequence[TrafficBucket]) -> int:
    """Replies that were taken or have failed; an older core says only how many were taken."""
    return sum(max(bucket.replies, bucket.accepted) for bucket in buckets)


def _rest(view: AccountView, now: int) -> list[str]:
    """What is not zero and need not be trouble."""
    found = []
    if view.queue_depth:
        oldest = "" if view.oldest_queued_at is None else f", oldest {duration(now - view.oldest_queued_at)}"
        found.append(f"{view.queue_depth:,} queued{oldest}")
    if view.recovered:
        found.append(f"{count(view.recovered, 'text')} found later in the provider's list")
    return found


def _to_do(view: AccountView, names: KeyNames) -> list[Line]:
    found = []
    if view.refused_hooks or view.unread_hooks:
        found.append(_hint(names, "quarantine", "shows the hooks that could not be used"))
    if view.unsent:
        replies = count(view.unsent, "reply", "replies")
        found.append([(_INDENT, ""), (f"{replies} to decide about: ✗ and ? in the lists", "muted")])
    if not found and view.state == "down":
        found.append([(_INDENT, ""), ("textdesk doctor", "key"), (" says what to change", "muted")])
    return found


def _hint(names: KeyNames, action_id: str, words: str) -> Line:
    return [(_INDENT, ""), (keys.key_for(names, action_id, Context.PROVIDERS), "key"), (f" {words}", "muted")]


def _sentence(words: str) -> str:
    """The core's words as a sentence of their own."""
    words = words.strip()
    return words[:1].upper() + words[1:] + ("" if not words or words[-1] in ".!?…" else ".")


def _paragraph(words: str, role: str, room: int) -> list[Line]:
    return [[(_INDENT, ""), (text, role)] for text in wrap(one_line(words, 400), room) if text]


def _codes(traffic: Sequence[LineTrafficView], room: int) -> list[Line]:
    """The commonest reasons of failures, where there are several."""
    codes = [code for each in traffic for code in each.codes]
    if len(codes) < 2:
        return []
    codes.sort(key=lambda code: -code.count)
    lines: list[Line] = [
        [
            (f"{_INDENT}{code.count:>4,} × ", "bad"),
            (one_line(" ".join(filter(None, (code.code, code.words))) or "without a code", room - 8), ""),
        ]
        for code in codes[:_MOST_CODES]
    ]
    more = len(codes) - _MOST_CODES
    return [*lines, [(f"{_INDENT}     … {count(more, 'more code')}", "muted")]] if more > 0 else lines


def _line(address: str, traffic: LineTrafficView | None, is_asked: bool, now: int, width: int) -> list[Line]:
    """One of several lines: its health, and what is not zero."""
    start: Line = [(f"{_INDENT}  ", "")]
    if traffic is None:
        words = "asking the core…" if is_asked else "no figures for this line"
        return [[*start, (f"  {fit(address, 15)} ", ""), (words, "muted")]]
    sign, role = light(traffic.state)
    pace = f"{traffic.segments_per_s:g}"
    figures = [f"{pace} segment{'' if pace == '1' else 's'}/s"]
    for name, total in (
        ("in", sum(bucket.inbound for bucket in traffic.buckets)),
        ("replies", _replies(traffic.buckets)),
        ("failed", sum(bucket.failed for bucket in traffic.buckets)),
        ("queued", traffic.queue_depth),
    ):
        figures += [f"{total:,} {name}"] * bool(total)
    if traffic.last_inbound_at is not None:
        figures.append(f"last text {ago(traffic.last_inbound_at, now)}")
    words = one_line(" · ".join((traffic.skill, *figures)), max(8, width - 26))
    row = [*start, (f"{sign[:1]} ", role), (f"{fit(address, 15)} ", ""), (words, "muted")]
    ill = traffic.reasons if traffic.state in ("warning", "down") else []
    return [row, *(line for reason in ill for line in _set_in(_paragraph(_sentence(reason), role, width - 12)))]
