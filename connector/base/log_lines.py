"""The log of a core's process: bounded in lines and bytes whatever is logged, and safe to show on a terminal.

It is the one handler of the root logger, so that its bounds hold for libraries, too: asyncio logs a traceback for each
connection that it has no descriptor for, websockets one for each broken handshake, and much of it is from outside.
"""

from __future__ import annotations

import contextlib
import logging
import re
import time
from collections.abc import Callable
from traceback import TracebackException
from typing import TextIO

from connector.base.redaction import redacted_exception, redacted_line

# In a minute, of one kind and of all kinds together. A kind is a logger with a message before its arguments.
KIND_LINES, KIND_BYTES = 30, 16 * 1024
ALL_LINES, ALL_BYTES = 300, 128 * 1024
# So many of a kind are written although the others have used up the minute, up to twice its bytes.
_FIRST_LINES = 3
_MOST_KINDS = 200
_SHOWN_KINDS = 3
_MOST_OF_MESSAGE = 2_000
_TRACEBACK_HEAD, _TRACEBACK_TAIL = 1_000, 3_000
_DIGITS = re.compile(r"\d+")
_ARGUMENT = re.compile(r"%[-#0-9.]*[sdrfg]")

Kind = tuple[str, str]  # a logger's name, the beginning of a message


class LimitedLog(logging.StreamHandler[TextIO]):
    """Writes the records of all loggers to a stream, each in one line, with its traceback indented below.

    What exceeds a minute's bounds is counted, and the count written with the first record of a later minute, or when
    the handler closes. The bounds do not hold for critical records: with them the process ends.
    """

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` in seconds."""
        super().__init__(stream)
        self.setFormatter(_SafeFormatter())
        self._clock = clock
        self._minute = 0
        self._all = _Written()
        self._kinds: dict[Kind, _Written] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Called with the handler's lock held."""
        minute = int(self._clock() // 60)
        if minute != self._minute:
            self._write_counts()
            self._minute = minute
        kind = self._kind(record)
        written = self._kinds.setdefault(kind, _Written())
        if record.levelno < logging.CRITICAL and self._is_full(written):
            if not written.left_out:
                self._write(_notice(record.name, f"no more than {written.lines} lines in this minute of: {kind[1]}"))
            written.left_out += 1
            return
        size = self._write(record)
        for count in (written, self._all):
            count.lines += 1
            count.bytes += size

    def close(self) -> None:
        with self.lock or contextlib.nullcontext():
            self._write_counts()
        super().close()

    def _is_full(self, kind: _Written) -> bool:
        if kind.lines >= KIND_LINES or kind.bytes >= KIND_BYTES or self._all.bytes >= 2 * ALL_BYTES:
            return True
        return kind.lines >= _FIRST_LINES and (self._all.lines >= ALL_LINES or self._all.bytes >= ALL_BYTES)

    def _kind(self, record: logging.LogRecord) -> Kind:
        # A message that was put together before it was logged differs in its numbers, and asyncio's in further lines.
        template = _DIGITS.sub("#", _ARGUMENT.sub("…", str(record.msg)[:200].partition("\n")[0]))
        kind = (record.name, template[:80])
        return kind if kind in self._kinds or len(self._kinds) < _MOST_KINDS else ("", "other lines")

    def _write_counts(self) -> None:
        """One line about what the last minute left out; then count anew."""
        counts = {kind: written.left_out for kind, written in self._kinds.items() if written.left_out}
        if counts:
            most = sorted(counts.items(), key=lambda item: -item[1])
            shown = "; ".join(f"{count:,} of {name}: {template}" for (name, template), count in most[:_SHOWN_KINDS])
            more = f"; {len(most) - _SHOWN_KINDS} kinds more" if len(most) > _SHOWN_KINDS else ""
            words = f"{sum(counts.values()):,} lines were left out of the log within a minute: {shown}{more}"
            self._write(_notice(__name__, words))
        self._kinds.clear()
        self._all = _Written()

    def _write(self, record: logging.LogRecord) -> int:
        """Write a record. Returns its size in bytes; an error of the stream or of the record's arguments ends here."""
        try:
            line = self.format(record) + self.terminator
        except Exception as error:  # wrong arguments, or a value whose repr raises
            words = f"a record could not be formatted: {type(error).__name__}"
            line = self.format(_notice(record.name, words)) + self.terminator
        with contextlib.suppress(OSError, ValueError):
            self.stream.write(line)
            self.flush()
        return len(line.encode(errors="replace"))


class _Written:
    """What was written in this minute, and how many records were left out."""

    __slots__ = ("bytes", "left_out", "lines")

    def __init__(self) -> None:
        self.lines = self.bytes = self.left_out = 0


class _SafeFormatter(logging.Formatter):
    """One line for a record, without control characters and secrets of addresses, then its traceback."""

    def format(self, record: logging.LogRecord) -> str:
        head = f"{self.formatTime(record)} {record.levelname} {_escaped(record.name)}: "
        message = record.getMessage()
        rest = "…" if len(message) > _MOST_OF_MESSAGE else ""
        lines = [head + redacted_line(_escaped(message[:_MOST_OF_MESSAGE])) + rest]
        if record.exc_info:
            # Indented, so that no line of an exception's text looks like a record.
            trace = _shortened(_traceback(record))
            lines += ["    " + redacted_line(_escaped(line)) for line in trace.split("\n")]
        return "\n".join(lines)


def _traceback(record: logging.LogRecord) -> str:
    if not record.exc_info or record.exc_info[1] is None:
        return ""
    trace = TracebackException.from_exception(record.exc_info[1])
    _redact(trace)
    return "".join(trace.format()).rstrip("\n")


def _redact(trace: TracebackException) -> None:
    """Take data out of the texts of an exception and of all that it stands for."""
    left, seen = [trace], set[int]()
    while left:
        one = left.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        one._str = redacted_exception(one._str)  # type: ignore[attr-defined]  # what it writes after its type
        one.__notes__ = [redacted_exception(str(note)) for note in one.__notes__ or []]
        left += [next_ for next_ in (one.__cause__, one.__context__, *(one.exceptions or [])) if next_ is not None]


def _shortened(trace: str) -> str:
    if len(trace) <= _TRACEBACK_HEAD + _TRACEBACK_TAIL:
        return trace
    return f"{trace[:_TRACEBACK_HEAD]}\n…\n{trace[-_TRACEBACK_TAIL:]}"


def _escaped(text: str) -> str:
    """`text` with each control character, line end and invisible character as its escape (`\\x1b`)."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _escape(ord(char)) for char in text)


def _escape(point: int) -> str:
    # Not the codec `unicode_escape`: it is a module, which cannot be loaded when no descriptor is left.
    return f"\\x{point:02x}" if point < 0x100 else f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"


def _notice(name: str, words: str) -> logging.LogRecord:
    return logging.LogRecord(name, logging.WARNING, "", 0, "%s", (words,), None)
