"""Saved replies as a table: `textdesk replies import` reads it, `export` writes it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from connector.base import moments
from connector.console.csv_file import CsvRow, read_csv
from connector.wire import limits, saved_reply_rules
from connector.wire.saved_replies import ReplyActions, SavedReplyContent

COLUMNS: dict[str, tuple[str, ...]] = {
    "title": ("name",),
    "category": ("folder", "group"),
    "text": ("body", "content", "message", "reply"),
    "shortcut": ("short code", "shortcode", "key"),
    "skills": ("skill",),
    "language": ("locale",),
    "tags": ("tag", "labels"),
    "outcome": (),
    "due": ("due in",),
    "close": ("closes",),
}
_REQUIRED = ("title", "text")
_YES, _NO = ("yes", "y", "true", "1", "x"), ("", "no", "n", "false", "0")
_WRITTEN_OUT = re.compile(r"\\[nr]")


class Table(NamedTuple):
    """What of a file can be stored, each with its line; and why other lines cannot."""

    replies: list[tuple[int, SavedReplyContent]]
    wrong: dict[int, str]


def read_table(source: Path | str) -> Table:
    """Raises CommandFailed where it is no table of saved replies."""
    file = read_csv(source, COLUMNS, _REQUIRED, limits.SAVED_REPLIES_AT_ONCE)
    table = Table([], dict(file.wrong))
    for row in file.rows:
        content = _content(row)
        words = content if isinstance(content, str) else saved_reply_rules.flaw(content)
        if words is not None:
            table.wrong[row.line] = words
        elif not isinstance(content, str):
            table.replies.append((row.line, content))
    return table


def _content(row: CsvRow) -> SavedReplyContent | str:
    """A saved reply, or why a row is none."""
    value = row.values
    due, close = value["due"].casefold(), value["close"].casefold()
    due_ms = moments.length(due) if due else None
    if due and due_ms is None:
        return f"due is a span of time like 30m, 2h or 1d, not {value['due'][:20]}."
    if close not in (*_YES, *_NO):
        return f"close is yes or no, not {value['close'][:20]}."
    if _WRITTEN_OUT.search(value["text"]):
        return "The text has a line break written out as two characters, and a phone shows both: break the line itself."
    then = ReplyActions(
        split(value["tags"]), value["outcome"], None if due_ms is None else due_ms // 1000, close in _YES
    )
    return SavedReplyContent(
        title=value["title"],
        text=value["text"].replace("\r\n", "\n").replace("\r", "\n"),
        category=value["category"],
        shortcut=value["shortcut"].removeprefix(";").lower(),
        skills=split(value["skills"]),
        language=value["language"],
        then=then,
    )


def split(text: str) -> list[str]:
    """The words of a list with commas, or semicolons."""
    return [one.strip() for one in re.split("[,;]", text) if one.strip()]


def written_table(replies: Iterable[SavedReplyContent]) -> str:
    """As `read_table` reads it, without the line end of the last row."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in replies:
        then = one.then
        due = "" if then.due_s is None else moments.length_words(then.due_s)
        done = (", ".join(then.tags), then.outcome, due, "yes" if then.closes else "")
        of = (one.title, one.category, one.text, one.shortcut, ", ".join(one.skills), one.language)
        writer.writerow((*of, *done))
    return out.getvalue().rstrip("\n")
