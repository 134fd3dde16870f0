"""The help page: every key, the signs on the screen, and the ideas behind them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from connector.sms.text import cells, one_line
from connector.sms.wrapping import wrap
from tui.actions import keys
from tui.actions.keys import Context
from tui.actions.keys.help import help_sections
from tui.draw.format import Line, Span, pad
from tui.draw.ideas import IDEAS
from tui.draw.signs import SIGNS
from tui.model.key_names import KeyNames
from tui.model.state import Model

SECTIONS = ("Keys", "Signs", "Ideas")
_JUMPS = ("help_keys", "help_signs", "help_ideas")
_INDENT, _LEFT, _ROOM_BESIDE = 4, 22, 60  # cells


class HelpLines(NamedTuple):
    lines: list[Line]
    starts: tuple[int, ...]
    """The line at which each section begins."""


class HelpEntry(NamedTuple):
    """What is explained, its explanation, and other words that it is found by."""

    what: Span
    words: str
    also: str = ""


def help_page(model: Model, context: Context, width: int, words: str = "") -> HelpLines:
    """Every key for this agent's role, those of `context` first, then signs, then ideas; only entries that hold each of
    these words, or are known to be looked for by them."""
    typed = words.casefold().split()
    lines = _settings(model, width) if not typed else []
    starts = []
    for section, parts in zip(SECTIONS, (_keys(model, context), _signs(), _ideas()), strict=True):
        starts.append(len(lines))
        drawn = [line for title, entries in parts for line in _part(title, entries, typed, section, width)]
        lines += [_section(section, width), *drawn] if drawn else []
    if not lines:
        lines = [[], [("  Nothing here holds these words.", "muted")]]
    return HelpLines(lines, (0, *starts[1:]))


def help_tabs(names: KeyNames, current: int) -> Line:
    """The sections with the keys that lead there."""
    tabs: Line = []
    for number, (section, jump) in enumerate(zip(SECTIONS, _JUMPS, strict=True)):
        is_on = number == current
        tabs.append((names.name(jump), "key"))
        tabs.append((f"{'▸' if is_on else ' '}{section}  ", "on" if is_on else "muted"))
    return tabs


def _settings(model: Model, width: int) -> list[Line]:
    """What of the agent's settings cannot be used."""
    problems = [line for each in model.keys.problems for line in wrap(one_line(each, 400), width - 8)]
    return [[("  Your settings", "strong")], *([(f"    {line}", "warn")] for line in problems), []] if problems else []


def _keys(model: Model, context: Context) -> Iterable[tuple[str, list[HelpEntry]]]:
    for title, rows in help_sections(model.keys, context, keys.not_for(model)):
        yield title, [HelpEntry((row.keys, "key"), row.sentence, row.also) for row in rows]


def _signs() -> Iterable[tuple[str, list[HelpEntry]]]:
    for title, signs in SIGNS.items():
        yield title, [HelpEntry((sign.example, sign.role), sign.meaning) for sign in signs]


def _ideas() -> Iterable[tuple[str, list[HelpEntry]]]:
    for title, ideas in IDEAS.items():
        yield title, [HelpEntry((name, "strong"), sentence) for name, sentence in ideas]


def _section(title: str, width: int) -> Line:
    return [(f"  {title} ", "strong"), ("─" * (width - cells(title) - 5), "rule")]


def _part(title: str, entries: list[HelpEntry], typed: list[str], section: str, width: int) -> list[Line]:
    """A title and its entries, or nothing where none holds the words typed."""
    about = f"{section} {title}"
    lines: list[Line] = []
    for (name, role), words, also in entries:
        if all(word in f"{name} {words} {also} {about}".casefold() for word in typed):
            lines += _entry(name, role, words, width)
    return [[(f"  {title}", "muted")], *lines, []] if lines else []


def _entry(name: str, role: str, words: str, width: int) -> list[Line]:
    """What is explained beside its explanation; above it where there is little room."""
    if width < _ROOM_BESIDE:
        texts = wrap(words, width - 2 * _INDENT)
        return [[(" " * _INDENT, ""), (name, role)], *([(" " * (2 * _INDENT - 2), ""), (text, "")] for text in texts)]
    lines: list[Line] = []
    for number, text in enumerate(wrap(words, width - _INDENT - _LEFT - 2)):
        left: Line = [(name, role), (" " * max(1, _LEFT - cells(name)), "")] if number == 0 else [(pad("", _LEFT), "")]
        lines.append([(" " * _INDENT, ""), *left, (text, "")])
    return lines
