"""The help page: every key, and the signs on the screen."""

from __future__ import annotations

from connector.sms.text import one_line
from connector.sms.wrapping import wrap
from tui.actions import keys
from tui.draw.format import Line
from tui.model.state import Model

_SIGNS = (
    ("· queued, sending", "stored by the core, not with the provider yet"),
    ("✓ accepted, sent", "the provider has it; the carrier has it"),
    ("✓✓ delivered", "the carrier reports that it arrived"),
    ("✗ failed", "it will not arrive; the reason is below it"),
    ("↶ undone", "undone before it left; the consumer never saw it"),
    ("? uncertain", "not known yet; it is looked up at the provider, and never sent twice"),
    ("✗ not sent", "a reply that did not arrive waits for your decision: send it again, or answer otherwise"),
    ("? opted out", "a text that reads like an opt-out: nothing is sent until you have decided"),
    ("3 parts joined", "three segments, each a message of its own, shown as one text"),
    ("2/3", "the second of three segments, when they are not shown as one"),
    ("[1]", "a link, address or number: l lists them, to copy one"),
    ("••••", "masked: a card number or the like; which, is said below the text"),
    ("all ~6", "about six: those of colleagues and closed ones are only counted until you list them"),
    ("┊", "a note: only colleagues see it"),
    ("→", "the last message in a row is ours"),
    ("▲4m  !4m", "an answer is due in four minutes, soon; was due four minutes ago"),
    ("42s", "it rings, or its wrap-up lasts, for so many seconds more"),
)


def help_page(model: Model, context: keys.Context, width: int) -> list[Line]:
    """Every key of the table for this agent's role, those of `context` first, and what the signs mean."""
    lines: list[Line] = [[]]
    if model.keys.problems:
        lines.append([("  Your settings", "strong")])
        for problem in model.keys.problems:
            lines += [[(f"    {line}", "warn")] for line in wrap(one_line(problem, 400), width - 8)]
        lines.append([])
    for title, rows in keys.help_sections(model.keys, context, keys.not_for(model)):
        if not rows:
            continue
        lines.append([(f"  {title}", "strong")])
        lines += _pairs(rows, width, "key")
        lines.append([])
    return [*lines, [("  Signs", "strong")], *_pairs(list(_SIGNS), width, "")]


def _pairs(rows: list[tuple[str, str]], width: int, role: str) -> list[Line]:
    lines: list[Line] = []
    for left, right in rows:
        for index, text in enumerate(wrap(right, width - 24)):
            lines.append([(f"    {left if index == 0 else '':<18}", role), (text, "")])
    return lines
