"""What a caller of sshd's ForceCommand may run: verbs as words, nothing that names a file or an address, no shell."""

from __future__ import annotations

import asyncio
import os
import shlex
import sys
from argparse import _SubParsersAction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.cli import forced_command
from connector.cli.forced_command import ALLOWED, options
from connector.cli.parser import PLACES, help_of, parser
from connector.console.failure import CommandFailed
from tests.kit.commands import PATIENCE_S, run, started

VARIABLE = forced_command.VARIABLE


@pytest.mark.parametrize("line", ["", "  ", "textdesk", " textdesk "])
def test_without_a_command_it_is_the_desk(line: str) -> None:
    assert options({VARIABLE: line}) is None


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("queue --json", "queue"),
        ("textdesk queue --json", "queue"),
        ("send +14155550111 'On my way; $(reboot) `id` > /etc/passwd'", "send"),
        ("note +14155550111 -- '--data is a word here'", "note"),
        ("send +14155550111 -", "send"),
        ("segments", "segments"),
        ("doctor", "doctor"),
        ("agents --agent ben", "agents"),
    ],
)
def test_verbs_are_words(line: str, command: str) -> None:
    asked = options({VARIABLE: line})
    assert asked is not None and asked.command == command


def test_what_a_shell_would_do_stays_text() -> None:
    asked = options({VARIABLE: "send +14155550111 'a; $(reboot) && reboot | tee'"})
    assert asked is not None and asked.text == ["a; $(reboot) && reboot | tee"]


@pytest.mark.parametrize(
    "line",
    [
        "start +14155550111 Hello there",
        "send +14155550111 don't worry",
        "send +14155550111 a && reboot",
        "close +14155550111 --note all done",
        "opt-out +14155550111 --because by phone",
    ],
)
def test_a_text_that_ssh_has_taken_apart_is_refused_with_the_way_to_write_it(line: str) -> None:
    with pytest.raises(CommandFailed, match="Over ssh a text has quotes twice, ssh HOST") as refused:
        options({VARIABLE: line})
    assert refused.value.exit_code == os.EX_USAGE and "file names" not in str(refused.value)


def test_options_of_the_administrators_stand_and_the_callers_words_are_read() -> None:
    own = parser().parse_args(["--url", "unix:/srv/textdesk/desk.sock", "--agent", "orders"])
    asked = options({VARIABLE: "queue --json"}, own)
    assert asked is not None and (asked.command, asked.json) == ("queue", True)
    assert (asked.url, asked.agent) == ("unix:/srv/textdesk/desk.sock", "orders")
    assert options({VARIABLE: ""}, own) is None


@pytest.mark.parametrize("line", ["queue --agent ben", "queue --url unix:/tmp/s", "queue --data /tmp", "--agent ben"])
def test_a_caller_gives_no_option_of_the_administrators_again(line: str) -> None:
    own = parser().parse_args(["--url", "unix:/srv/textdesk/desk.sock", "--agent", "orders"])
    with pytest.raises(CommandFailed) as refused:
        options({VARIABLE: line}, own)
    assert refused.value.exit_code == os.EX_USAGE


@pytest.mark.parametrize(
    "line",
    [
        *("bash", "sh -c id", "/bin/sh", "scp -t /tmp", "internal-sftp", "/usr/lib/openssh/sftp-server", "; queue"),
        *(
            "serve",
            "setup twilio",
            "doctor --config x",
            "relay kannel",
            "demo",
            "faults",
            "simulate",
            "--data /tmp queue",
        ),
        *("queue --data /tmp", "queue --da=/tmp", "queue --url wss://x", "queue --profile x", "queue --token-file /x"),
        *("queue --tok /etc/shadow", "queue 'unclosed", "queue --no-such", "textdesk textdesk queue", "'queue --json'"),
        *(
            "/usr/bin/textdesk queue",
            "queue\n--data\n/tmp",
            "watch " + "x" * 70_000,
            "watch --exec sh",
            "watch --only alerts --exec id -u",
            "watch --exe id",
            "\0",
            "send",
        ),
    ],
)
def test_anything_else_is_wrong_usage(line: str) -> None:
    with pytest.raises(CommandFailed) as refused:
        options({VARIABLE: line})
    assert refused.value.exit_code == os.EX_USAGE


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("quue", "'quue' is not a command here: did you mean queue? `help` lists"),
        ("serve", "serve is not allowed here. `help` lists"),
        ("bash", "'bash' is not a command here. `help` lists the commands there are"),
        ("queue $(id)", "unrecognized arguments: $(id); see `textdesk --help`."),
        ("agent lst", "lst is not a command: did you mean list?"),
        ("presence onlin", "onlin is not a value of presence: did you mean online?"),
    ],
)
def test_a_mistake_is_answered_by_what_was_likely_meant(line: str, words: str) -> None:
    with pytest.raises(CommandFailed) as refused:
        options({VARIABLE: line})
    assert words in str(refused.value) and len(str(refused.value)) < 300


@pytest.mark.parametrize("line", ["help", "--help", "-h", "textdesk --help", "help queue", "help agent add"])
def test_help_can_be_asked_for(line: str) -> None:
    asked = options({VARIABLE: line})
    assert asked is not None and asked.command == "help"
    text = help_of(asked.topics, ALLOWED)
    assert "usage: textdesk" in text and "simulate" not in text and "serve --config" not in text
    assert not [option for option in _PLACES if option in text]


_PLACES = ("--data ", "--url", "--token-file", "--profile", "--config ")


@pytest.mark.parametrize("line", ["queue --help", "agent add -h"])
def test_help_of_a_verb_has_no_option_that_is_refused(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        options({VARIABLE: line})
    text = capsys.readouterr().out
    assert "usage: textdesk" in text and not [option for option in _PLACES if option in text]


def test_no_help_names_an_option_that_is_refused() -> None:
    texts = [help_of([name], ALLOWED) for name in ALLOWED]
    assert not [text for text in texts for option in _PLACES if option in text]


def test_no_command_is_explained_that_is_refused() -> None:
    with pytest.raises(CommandFailed, match="serve is not allowed here"):
        help_of(["serve"], ALLOWED)


def test_no_verb_has_an_option_for_a_file() -> None:
    [commands] = [action for action in parser()._actions if isinstance(action, _SubParsersAction)]
    for name in ALLOWED:
        for action in commands.choices[name]._actions:
            assert action.type is not Path or action.dest in PLACES, (name, action.dest)


_WORD = st.sampled_from(
    ["textdesk", "queue", "send", "--data", "--data=/x", "--url", "--config", "-", "--", "/etc/passwd", "$(id)", ";"]
)


@given(st.one_of(st.text(), st.lists(_WORD | st.text(), max_size=6).map(shlex.join), st.lists(_WORD).map(" ".join)))
def test_whatever_is_asked_is_a_verb_without_places_or_wrong_usage(line: str) -> None:
    try:
        asked = options({VARIABLE: line})
    except CommandFailed as refused:
        assert refused.exit_code == os.EX_USAGE
    except SystemExit as helped:
        assert helped.code == 0  # --help
    else:
        assert asked is None or asked.command in ALLOWED
        assert asked is None or not {"data", "config", "url", "token_file", "profile"} & vars(asked).keys()


@pytest.mark.slow
async def test_the_command_reads_it_only_without_a_command_of_its_own(tmp_path: Path) -> None:
    forced = await run(SSH_ORIGINAL_COMMAND="bash -c id")
    assert (forced.code, forced.out) == (os.EX_USAGE, "") and "is not a command here" in forced.err
    placed = await run("--data", str(tmp_path), SSH_ORIGINAL_COMMAND="queue")
    assert placed.code == os.EX_UNAVAILABLE and f"No core is running on {tmp_path}" in placed.err
    own = await run("queue", "--data", str(tmp_path), SSH_ORIGINAL_COMMAND="bash")
    assert own.code == os.EX_UNAVAILABLE and "No core is running" in own.err


@pytest.mark.slow
async def test_watch_ends_when_its_reader_goes_though_nothing_happens(tmp_path: Path) -> None:
    async with started("serve", "--data", str(tmp_path / "data")) as core:
        assert core.stdout is not None and await core.stdout.readline()
        reading, writing = os.pipe()

        watch = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "connector", "watch", "--data", str(tmp_path / "data")),
            stdout=writing,
            stderr=asyncio.subprocess.PIPE,
        )
        os.close(writing)
        with open(reading, "rb", buffering=0) as output:
            assert await asyncio.to_thread(output.readline)
        async with asyncio.timeout(PATIENCE_S):
            assert (await watch.wait(), await watch.stderr.read() if watch.stderr else b"") == (0, b"")
