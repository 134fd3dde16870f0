"""The `segments` verb, line in and line out, and as a process with real streams."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.cli.verbs import segments
from connector.sms.segments import measure, split
from tests.kit.commands import textdesk


def answers(*lines: str) -> tuple[list[str], int]:
    out = io.StringIO()
    code = segments.run(lines, out)
    return out.getvalue().splitlines(), code


def test_keys_of_a_result_in_order() -> None:
    assert answers('{"text": "hí 😀"}\n') == (
        ['{"encoding": "UCS-2", "segments": 1, "characters": 4, "utf16_units": 5, "units": 5, "parts": ["hí 😀"]}'],
        0,
    )


def test_empty_text_is_one_segment() -> None:
    assert answers('{"text":""}') == (
        ['{"encoding": "GSM-7", "segments": 1, "characters": 0, "utf16_units": 0, "units": 0, "parts": [""]}'],
        0,
    )


def test_other_keys_are_ignored() -> None:
    assert answers('{"id": 7, "text": "a"}')[1] == 0


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", "not JSON"),
        ('"text"', 'no string named "text"'),
        ("[]", 'no string named "text"'),
        ("{}", 'no string named "text"'),
        ('{"text": null}', 'no string named "text"'),
        ('{"text": 5}', 'no string named "text"'),
        ('{"text": "a"} {"text": "b"}', "not JSON"),
        ("[" * 100_000, "too large or too deep"),
        ("9" * 5000, "too large or too deep"),
        ('{"text": "\udcff"}', "not UTF-8"),
    ],
)
def test_a_malformed_line_has_an_error_in_its_place(line: str, words: str) -> None:
    lines, code = answers('{"text":"a"}\n', "\n", line + "\n", '{"text":"b"}\n')
    assert code == 1
    first, bad, last = map(json.loads, lines)
    assert (first["parts"], last["parts"]) == (["a"], ["b"])
    assert list(bad) == ["error"]
    assert bad["error"].startswith("line 3: ")
    assert words in bad["error"]


def test_empty_lines_are_skipped() -> None:
    assert answers("\n", "  \n", "") == ([], 0)


def test_control_characters_are_escaped() -> None:
    text = "\x1b[31m \x9b \x7f \u202e \u2066 \u2028 \x00 \ud83d"
    (line,), _ = answers(json.dumps({"text": text}))
    assert json.loads(line)["parts"] == [text]
    assert line.isprintable()


@given(st.lists(st.text(alphabet=st.characters()), max_size=5))
def test_one_result_per_line(texts: list[str]) -> None:
    out = io.StringIO()
    assert segments.run([json.dumps({"text": text}) + "\n" for text in texts], out) == 0
    lines = out.getvalue().split("\n")[:-1]
    assert len(lines) == len(texts)
    for text, line in zip(texts, lines, strict=True):
        line.encode()
        answer = json.loads(line)
        assert answer["parts"] == split(text)
        assert answer["units"] == measure(text).units


@pytest.mark.parametrize("locale", ["C.UTF-8", "POSIX"])
def test_real_streams(locale: str) -> None:
    """As a process: bytes in and out are UTF-8 in any locale, and bytes that are not UTF-8 make a malformed line."""
    program = "import sys; from connector.cli.verbs import segments; sys.exit(segments.run(sys.stdin, sys.stdout))"
    result = subprocess.run(
        [sys.executable, "-c", program],
        input=b'{"text": "h\xc3\xad \xf0\x9f\x98\x80"}\n{"text": "\xff"}\n{"text": "\\ud83d"}\n',
        env={**os.environ, "LC_ALL": locale, "PYTHONIOENCODING": "ascii:strict"},
        capture_output=True,
        timeout=60,
    )
    first, bad, lone = map(json.loads, result.stdout.decode().splitlines())
    assert (first["parts"], first["units"]) == (["hí 😀"], 5)
    assert bad == {"error": "line 2: this is not UTF-8; write the file in UTF-8 or escape what is not ASCII."}
    assert lone["parts"] == ["\ud83d"]
    assert (result.returncode, result.stderr) == (1, b"")


async def test_a_text_as_an_argument() -> None:
    assert (await textdesk("segments", "hello")).out == "5 of 1,600 characters, 1 segment, GSM-7.\n"
    dear = await textdesk("segments", "It’s here, " + "x" * 80)
    assert dear.out == (
        "91 of 1,600 characters, 2 segments, UCS-2. What needs UCS-2 is U+2019 (right single quotation mark) at 3; "
        "with plain letters it is 1 segment.\n"
    )
    [as_json] = (await textdesk("segments", "--json", "😀")).lines
    assert (as_json["encoding"], as_json["utf16_units"]) == ("UCS-2", 2)
    assert (await textdesk("segments", "-", stdin="from stdin\n")).out.startswith("10 of")
    assert (await textdesk("segments", "two", "words")).code == os.EX_USAGE
