"""`textdesk segments`: encoding and segments of a text, or of each JSON line `{"text": …}` on stdin."""

from __future__ import annotations

import io
import json
import unicodedata
from collections.abc import Iterable
from typing import Any, TextIO

from connector.base.counted import count
from connector.sms.lengths import length
from connector.sms.segments import measure, plain, split
from connector.wire import limits

# C1 controls, bidi controls, line separators and lone surrogates must not reach a terminal or a log as such.
# As JSON escapes they are the same text.
_UNSAFE = [
    *range(0x7F, 0xA0),
    *(0x61C, 0x200E, 0x200F, 0x2028, 0x2029),
    *range(0x202A, 0x202F),
    *range(0x2066, 0x206A),
    *range(0xD800, 0xE000),
]
_ESCAPES = {point: f"\\u{point:04x}" for point in _UNSAFE}


def words(text: str) -> str:
    """What a text takes, in sentences: `12 of 1,600 characters, 1 segment, GSM-7.`"""
    cost = measure(text)
    said = f"{len(text):,} of {limits.REPLY_LENGTH:,} characters, {count(cost.segments, 'segment')}, {cost.encoding}."
    if cost.culprit is None:
        return said
    char = text[cost.culprit]
    name = unicodedata.name(char, "a character without a name").lower()
    said += f" What needs UCS-2 is U+{ord(char):04X} ({name}) at {cost.culprit + 1:,}"
    if (more := len(cost.culprits) - 1) > 0:
        said += f" and {more:,} more"
    cheaper = measure(plain(text)).segments
    return f"{said}; with plain letters it is {count(cheaper, 'segment')}." if cheaper < cost.segments else f"{said}."


def result_line(text: str) -> str:
    """The same as one JSON object."""
    return json.dumps(_cost(text), ensure_ascii=False).translate(_ESCAPES)


def run(lines: Iterable[str], out: TextIO) -> int:
    """Print a result for each line; 1 if any of them was malformed, else 0.

    A result has `encoding`, `segments`, `characters`, `utf16_units`, `units` and `parts`, or only `error` for a
    malformed line. Lines are numbered from 1, empty ones are skipped. JSON is UTF-8 in any locale.
    """
    if isinstance(lines, io.TextIOWrapper):
        lines.reconfigure(encoding="utf-8", errors="surrogateescape")
    if isinstance(out, io.TextIOWrapper):
        out.reconfigure(encoding="utf-8")
    code = 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            result = result_line(_text(line))
        except ValueError as error:
            result = json.dumps({"error": f"line {number}: {error}"}, ensure_ascii=False).translate(_ESCAPES)
            code = 1
        out.write(result + "\n")
        out.flush()  # the other program may wait for each result before it writes the next line
    return code


def _text(line: str) -> str:
    """The text in a line. Raises ValueError with a sentence for its author."""
    if any("\udc80" <= char <= "\udcff" for char in line):
        raise ValueError("this is not UTF-8; write the file in UTF-8 or escape what is not ASCII.")
    try:
        asked = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f'this is not JSON ({error.msg} at column {error.colno}); write {{"text": "…"}}.') from error
    except (ValueError, RecursionError) as error:
        raise ValueError('this JSON is too large or too deep; write {"text": "…"}.') from error
    if not isinstance(asked, dict) or not isinstance(asked.get("text"), str):
        raise ValueError('there is no string named "text" here; write {"text": "…"}.')
    return str(asked["text"])


def _cost(text: str) -> dict[str, Any]:
    cost = measure(text)
    return {
        "encoding": cost.encoding,
        "segments": cost.segments,
        "characters": cost.characters,
        "utf16_units": length(text, "utf16_units"),
        "units": cost.units,
        "parts": split(text),
    }
