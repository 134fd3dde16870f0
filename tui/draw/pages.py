"""What the pages over the desk say: refused calls, help. Pure."""

from __future__ import annotations

from connector.sms.text import one_line
from connector.wire.views import HookView
from tui.actions import keys
from tui.draw.format import Span, moment, wrap

Page = list[list[Span]]

_SIGNS = (
    ("· queued, sending", "kept by the core, not with the provider yet"),
    ("✓ accepted, sent", "the provider has it; the carrier has it"),
    ("✓✓ delivered", "the carrier reports that it arrived"),
    ("✗ failed", "it will not arrive; the reason is below it"),
    ("↶ withdrawn", "taken back before it left; the consumer never saw it"),
    ("? uncertain", "nobody knows yet; it is looked up, and never sent twice"),
    ("3 parts joined", "three segments, each a message of its own, shown as one text"),
    ("2/3", "the second of three segments, when they are not shown as one"),
    ("┊", "a note: only colleagues see it"),
    ("→", "the last message in a row is ours"),
    ("▲4m  !4m", "an answer is due in four minutes, soon; was due four minutes ago"),
    ("42s", "it rings, or its wrap-up lasts, for so many seconds more"),
)


def hooks(found: tuple[HookView, ...] | None, now: int, width: int) -> list[tuple[str | None, Page]]:
    """Vendors' calls that became no message, newest first, each with its id and the start of what it carried."""
    if found is None:
        return [(None, [[], [("  Asking the core…", "muted")]])]
    if not found:
        return [(None, [[], [("  Every hook became a message, a receipt or a consent change.", "muted")]])]
    return [(None, [[]]), *((hook.id, _hook(hook, now, width)) for hook in found)]


def _hook(hook: HookView, now: int, width: int) -> Page:
    head = [
        (f"    {moment(hook.at, now)}  ", ""),
        (f"{one_line(hook.state, 12)}  ", "bad" if hook.state == "refused" else "warn"),
        (one_line(f"{hook.account}  {hook.path}", width - 32), "muted"),
    ]
    why: Page = [[(f"    {text}", "")] for text in wrap(one_line(hook.reason, 400), width - 6)]
    body: Page = [[(f"    {text}", "muted")] for text in wrap(one_line(hook.body, 400), width - 6) if text]
    return [head, *why, *body, []]


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
