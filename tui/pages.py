"""What the pages over the desk say: providers, refused hooks, help. Pure."""

from __future__ import annotations

from connector.text import one_line
from connector.wire.views import AccountView, HookView
from tui import keys
from tui.format import Span, ago, duration, light, moment, wrap
from tui.model import Model

Page = list[list[Span]]

_SIGNS = (
    ("· queued, sending", "kept by the core, not with the provider yet"),
    ("✓ accepted, sent", "the provider has it; the carrier has it"),
    ("✓✓ delivered", "the carrier reports that it arrived"),
    ("✗ failed", "it will not arrive; the reason is below it"),
    ("? uncertain", "nobody knows yet; it is looked up, and never sent twice"),
    ("3 parts joined", "three segments, each a message of its own, shown as one text"),
    ("2/3", "the second of three segments, when they are not shown as one"),
    ("→", "the last message in a row is ours"),
)


def providers(model: Model, now: int, width: int) -> Page:
    """Each account with its light, its reason and its figures."""
    if not model.accounts:
        return [[], [("  The core has not told of any provider account yet.", "muted")]]
    lines: Page = [[]]
    for account in model.accounts:
        addresses = [line.address for line in model.lines if line.account == account.account]
        lines += [*_account(account, addresses, now, width), []]
    return lines


def _account(account: AccountView, addresses: list[str], now: int, width: int) -> Page:
    words, role = light(account.state)
    name = one_line(account.account, 24)
    head = [(f"  {name}  ", "strong"), (f"{one_line(account.provider, 16)}  ", "muted"), (words, role)]
    why: Page = [
        [("  ", ""), (text, "muted" if role == "good" else role)]
        for text in wrap(one_line(account.words, 400), width - 4)
        if text
    ]
    waits = ""
    if account.queue_depth and account.oldest_queued_at is not None:
        waits = f", the oldest for {duration(now - account.oldest_queued_at)}"
    parts = "arrive whole" if account.joins_parts else "arrive in segments, each a message of its own"
    figures = [
        ("last hook", ago(account.last_hook_at, now), ""),
        ("last send", ago(account.last_send_at, now), ""),
        ("waiting to be sent", f"{account.queue_depth:,}{waits}", "warn" if account.queue_depth else ""),
        ("failed in the last hour", f"{account.failed:,}", "bad" if account.failed else ""),
        ("hooks refused, last hour", f"{account.refused_hooks:,}", "warn" if account.refused_hooks else ""),
        ("hooks not read, last hour", f"{account.unread_hooks:,}", "warn" if account.unread_hooks else ""),
        ("long texts", parts, ""),
        ("lines", ", ".join(addresses) or "none", ""),
    ]
    rows: Page = [[(f"    {label:<27}", "muted"), (one_line(text, width - 32), tone)] for label, text, tone in figures]
    return [head, *why, *rows]


def hooks(found: tuple[HookView, ...] | None, now: int, width: int) -> Page:
    """Vendors' calls that became no message, newest first, each with the start of what it carried."""
    if found is None:
        return [[], [("  Asking the core…", "muted")]]
    if not found:
        return [[], [("  Every call of a vendor became a message, a receipt or a consent change.", "muted")]]
    lines: Page = [[]]
    for hook in found:
        lines.append(
            [
                (f"  {moment(hook.at, now)}  ", ""),
                (f"{one_line(hook.state, 12)}  ", "bad" if hook.state == "refused" else "warn"),
                (one_line(f"{hook.account}  {hook.path}", width - 30), "muted"),
            ]
        )
        lines += [[(f"    {text}", "")] for text in wrap(one_line(hook.reason, 400), width - 6)]
        lines += [[(f"    {text}", "muted")] for text in wrap(one_line(hook.body, 400), width - 6) if text]
        lines.append([])
    return lines


def help_page(context: keys.Context, width: int) -> Page:
    """Every key of the table, those of `context` first, and what the signs mean."""
    lines: Page = [[]]
    for title, rows in keys.help_sections(context):
        lines.append([(f"  {title}", "strong")])
        lines += _pairs(rows, width, "key")
        lines.append([])
    return [*lines, [("  Signs", "strong")], *_pairs(list(_SIGNS), width, "")]


def _pairs(rows: list[tuple[str, str]], width: int, role: str) -> Page:
    lines: Page = []
    for left, right in rows:
        for index, text in enumerate(wrap(right, width - 24)):
            lines.append([(f"    {left if index == 0 else '':<18}", role), (text, "")])
    return lines
