"""The quarantined hooks, for administrators."""

from __future__ import annotations

from connector.sms.text import one_line
from connector.sms.wrapping import wrap
from connector.wire.views import HookView
from tui.draw.format import Line, moment


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
