"""The log of a core: bounded whatever is logged by whom, and safe to show."""

from __future__ import annotations

import asyncio
import io
import logging
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from connector.base.log_lines import ALL_BYTES, KIND_BYTES, KIND_LINES, LimitedLog

HOSTILE = "\x1b]0;mine\x07\x1b[2J\r\n2026-11-28 INFO connector: all is well\x9b31m\u202eend\u2028x"


class Log:
    """A limited log into memory, with a clock of its own."""

    def __init__(self) -> None:
        self.now = 0.0
        self.stream = io.StringIO()
        self.handler = LimitedLog(self.stream, lambda: self.now)

    def logger(self, name: str) -> logging.Logger:
        """A logger that writes here and nowhere else."""
        logger = logging.Logger(name)
        logger.addHandler(self.handler)
        return logger

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines()


@pytest.fixture
def log() -> Iterator[Log]:
    made = Log()
    yield made
    made.handler.close()


def fail(log: Log, words: str) -> None:
    """Log a traceback whose exception says `words`."""
    try:
        raise ValueError(words)
    except ValueError:
        log.logger("aiohttp.server").exception("Error handling request from %s", "10.0.0.1")


def test_a_noisy_kind_is_cut_off_and_counted_and_hides_no_other(log: Log) -> None:
    for number in range(10_000):
        log.logger("websockets.server").error("opening handshake failed: %d", number)
    log.logger("connector.app").warning("the store is full")
    assert (
        sum("opening handshake failed: " in line for line in log.lines) == KIND_LINES + 1
    )  # one says that it is cut off
    assert log.lines[-1].endswith("WARNING connector.app: the store is full")
    log.now += 60
    log.logger("connector.app").info("later")
    *_, counted, last = log.lines
    assert "9,970 lines were left out of the log within a minute: 9,970 of websockets.server: opening" in counted
    assert last.endswith("later")
    log.now += 60
    log.logger("connector.app").info("much later")
    assert "left out" not in log.lines[-2]


def test_tracebacks_are_short_and_few(log: Log) -> None:
    fail(log, "x" * 100_000)
    assert len(log.text) < 7_000
    for _ in range(1_000):
        fail(log, "x" * 100_000)
    assert len(log.text) < KIND_BYTES + 7_000


def test_asyncios_failed_accepts_are_few_lines(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each comes with another descriptor's number in it, in lines of its own."""
    monkeypatch.setattr(asyncio.base_events, "logger", log.logger("asyncio"))
    loop = asyncio.new_event_loop()
    for number in range(5_000):
        context = {"message": "socket.accept() out of system resource", "socket": f"<socket fd={number}>"}
        loop.call_exception_handler({**context, "exception": OSError(24, "Too many open files")})
    loop.close()
    assert len(log.text) < KIND_BYTES + 7_000
    assert sum("socket.accept()" in line for line in log.lines) <= KIND_LINES + 1


def test_all_kinds_together_have_a_limit_and_each_is_seen(log: Log) -> None:
    for number in range(5_000):
        log.logger(f"library{number % 150}").warning("a kind of its own %s", "x" * 1_500)
    assert len(log.text) < 2 * ALL_BYTES + 100_000
    for name in ("library0", "library140"):
        assert f"WARNING {name}: a kind" in log.text


def test_names_that_are_made_up_do_not_take_memory_or_lines(log: Log) -> None:
    for number in range(10_000):
        log.logger("library").warning(f"{chr(0x4E00 + number % 20_000)} is a message of its own")
    assert len(log.lines) < 2_000
    assert len(log.text) < 3 * ALL_BYTES


def test_no_logger_writes_what_a_terminal_would_obey(log: Log) -> None:
    log.logger("asyncio").error(HOSTILE)
    log.logger("websockets").error("%s", HOSTILE)
    fail(log, HOSTILE)
    assert all(line.isprintable() for line in log.text.split("\n"))
    assert "\\x1b]0;mine" in log.text
    records = [line for line in log.text.split("\n") if line and not line.startswith("    ")]
    assert len(records) == 3, "a line of an exception's text looks like a record"


def test_secrets_in_addresses_are_not_written(log: Log) -> None:
    log.logger("aiohttp").error("bad request %r", b"GET /hooks/openmarket/om/inbound?a=1&%6bey=geheim HTTP/1.1")
    fail(log, "cannot call https://me:geheim@gateway.example/send?token=geheim&x=1")
    assert "geheim" not in log.text
    assert "a=1&%6bey=•••" in log.text
    assert "&x=1" in log.text


def test_a_record_with_wrong_arguments_harms_nothing(log: Log, capsys: pytest.CaptureFixture[str]) -> None:
    log.logger("library").error("%d of %d", HOSTILE)
    assert log.lines[-1].endswith("library: a record could not be formatted: TypeError")
    assert capsys.readouterr().err == ""


def test_what_ends_the_process_is_always_written(log: Log) -> None:
    for _ in range(100):
        log.logger("core").critical("the core stopped")
    assert len(log.lines) == 100


def test_threads_share_the_bounds(log: Log) -> None:
    def work() -> None:
        for _ in range(500):
            log.logger("library").info("busy")

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(line.endswith(": busy") for line in log.lines) == KIND_LINES + 1
    log.handler.close()
    assert "1,970 lines were left out" in log.lines[-1]


EXHAUSTED = """
import logging, resource, sys
from connector.base.log_lines import LimitedLog
logging.basicConfig(handlers=[LimitedLog(sys.stderr)])
resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))
try:
    open("/dev/null")
except OSError:
    logging.exception("cannot accept\\x1b[2J")
"""


def test_it_can_be_written_when_no_descriptor_is_left() -> None:
    found = subprocess.run([sys.executable, "-c", EXHAUSTED], check=True, capture_output=True, text=True)
    assert "ERROR root: cannot accept\\x1b[2J\n" in found.stderr
    assert "OSError: [Errno 24] Too many open files" in found.stderr


QUOTED = [
    "invalid literal for int() with base 10: 'my address is 12 Elm Street'",
    'key "my address is 12 Elm Street" is unknown',
    "duplicate key\nDETAIL:  Failing row contains (1, my address\nis 12 Elm Street, +14155550133).",
    "The 'To' number +14155550133 is no mobile one of Elm'Street's",
    "no conversation with 14155550133",
    "expected 'text', got 'my address is 12 Elm Street'",
    "can't be read, in the agents' words: b'my address is 12 Elm Street'",
    "cut off: 'my address is 12 Elm Str",
    "a form with To=%2B14155550133&n=1",
    "a body with \\n14155550133",
]


@pytest.mark.parametrize("words", QUOTED)
def test_what_an_exception_quotes_of_data_is_not_written(log: Log, words: str) -> None:
    try:
        try:
            raise KeyError(words)
        except KeyError:
            raise ValueError(words) from None
    except ValueError as error:
        error.add_note(words)
        log.logger("connector").exception("it failed")
    assert "12 Elm" not in log.text and "4155550133" not in log.text
    assert "ValueError: " in log.text and "test_log_lines.py" in log.text


def test_what_says_where_an_exception_comes_from_is_written(log: Log) -> None:
    long = f"/srv/{'a-long-name' * 5}/textdesk.db"
    for error in (
        KeyError("conversation_id"),
        OSError(28, "No space left on device", "/var/lib/textdesk/textdesk.db"),
        OSError(5, "Input/output error", long),
    ):
        try:
            raise error
        except Exception:
            log.logger("connector").exception("it failed")
    assert "KeyError: 'conversation_id'" in log.text and "device: '/var/lib/textdesk/textdesk.db'" in log.text
    assert f"error: '{long}'" in log.text


def test_quotes_and_backslashes_of_an_exception_take_linear_time(log: Log) -> None:
    for words in ("' " + "\\" * 60, "' \\" * 50_000, "\" ' " * 50_000):
        started_at = time.process_time()
        try:
            raise ValueError(words)
        except ValueError:
            log.logger("connector").exception("it failed")
        assert time.process_time() - started_at < 2
