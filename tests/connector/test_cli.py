from __future__ import annotations

import asyncio
import json
import os
import pty
import signal
import sys
from pathlib import Path

import pytest

from connector.cli import main
from tests.kit.commands import PATIENCE_S, ROOT, next_line, run, started, textdesk
from tests.kit.ports import free_port

ACCOUNT = """
[hooks]
port = {port}
[accounts.main]
provider = "twilio"
account_sid = "AC00000000000000000000000000000001"
auth_token = "token"
public_url = "http://127.0.0.1:{port}"
api_base = "http://127.0.0.1:1"
numbers = [{{ address = "+14155550100" }}]
"""


def one_sentence(err: str) -> str:
    """What stands on stderr, which is one line of the command's own."""
    assert err.startswith("textdesk: ")
    assert err.count("\n") == 1
    return err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["qeue"], "queue"),
        (["send", "+14155550111"], "TEXT"),
        (["queue", "--colour"], "--colour"),
        (["demo", "--headless", "--seconds", "0"], "above 0"),
        (["demo", "--headless", "--seconds", "soon"], "above 0"),
        (["demo", "--json"], "--headless"),
        (["demo", "--faults", "strom"], "calm, everything, forger, silence, storm, stutter, torn"),
        (["demo", "--headless", "--faults", "strom"], "calm, everything, forger, silence, storm, stutter, torn"),
        (["queue", "--url", "http://127.0.0.1:1/"], "wss://"),
    ],
)
async def test_wrong_usage(arguments: list[str], words: str) -> None:
    done = await textdesk(*arguments)
    assert (done.code, done.out) == (os.EX_USAGE, "")
    assert words in one_sentence(done.err)


@pytest.mark.parametrize(
    ("arguments", "words"), [([], "textdesk queue"), (["demo"], "textdesk demo --headless --seconds 10 --json")]
)
async def test_without_a_terminal_it_points_at_what_works(arguments: list[str], words: str) -> None:
    done = await run(*arguments)
    assert (done.code, done.out) == (os.EX_USAGE, "")
    assert words in one_sentence(done.err)


@pytest.mark.parametrize("verb", [["queue"], ["show", "1"], ["send", "1", "hello"], ["close", "1"], ["watch"]])
async def test_without_a_core_a_verb_says_how_to_start_one(verb: list[str], tmp_path: Path) -> None:
    done = await textdesk(*verb, "--data", str(tmp_path), "--json")
    assert (done.code, done.out) == (os.EX_UNAVAILABLE, "")
    assert f"textdesk serve --data {tmp_path}" in one_sentence(done.err)


async def test_the_place_may_stand_before_the_verb(tmp_path: Path) -> None:
    done = await textdesk("--data", str(tmp_path), "queue")
    assert str(tmp_path) in one_sentence(done.err)


async def test_a_missing_token_file_is_named(tmp_path: Path) -> None:
    done = await textdesk("queue", "--url", "ws://127.0.0.1:1/", "--token-file", str(tmp_path / "none"))
    assert done.code == os.EX_IOERR
    assert str(tmp_path / "none") in one_sentence(done.err)


async def test_what_is_not_utf_8_is_not_sent(tmp_path: Path) -> None:
    done = await textdesk("send", "1", os.fsdecode(b"caf\xe9"), "--data", str(tmp_path))
    assert done.code == os.EX_USAGE
    assert "UTF-8" in one_sentence(done.err)


@pytest.mark.parametrize(
    "command", [[], ["demo"], ["serve"], ["queue"], ["show"], ["send"], ["close"], ["watch"], ["segments"]]
)
def test_every_command_explains_itself(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main([*command, "--help"])
    assert end.value.code == 0
    assert "example" in capsys.readouterr().out


async def test_segments_reads_stdin() -> None:
    done = await textdesk("segments", stdin='{"text": "hello"}\n')
    assert done.code == 0
    assert done.lines[0]["segments"] == 1


async def test_a_reader_who_has_seen_enough() -> None:
    reading, writing = os.pipe()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "connector", "segments"),
        stdin=asyncio.subprocess.PIPE,
        stdout=writing,
        stderr=asyncio.subprocess.PIPE,
        cwd=ROOT,
    )
    os.close(writing)
    os.close(reading)
    async with asyncio.timeout(PATIENCE_S):
        _, errors = await process.communicate(b'{"text": "hello"}\n')
    assert (process.returncode, errors) == (0, b"")


async def test_the_desk_takes_the_place_of_the_command(tmp_path: Path) -> None:
    (tmp_path / "tui").mkdir()
    (tmp_path / "tui" / "__init__.py").touch()
    (tmp_path / "tui" / "__main__.py").write_text(
        "import json, os, sys\nprint(json.dumps({'pid': os.getpid(), 'arguments': sys.argv[1:]}))\n"
    )
    ours, theirs = pty.openpty()
    command = ["--data", "d", "--config", "c.toml", "--agent", "ann", "--url", "wss://x", "--token-file", "t"]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "connector", *command),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    os.close(theirs)
    async with asyncio.timeout(PATIENCE_S):
        assert await process.wait() == 0
    said = json.loads(os.read(ours, 4096))
    os.close(ours)
    assert said["pid"] == process.pid
    assert dict(zip(said["arguments"][::2], said["arguments"][1::2], strict=True)) == dict(
        zip(command[::2], command[1::2], strict=True)
    )


async def test_serve_says_when_it_is_ready_and_stops_when_asked(tmp_path: Path) -> None:
    config = tmp_path / "textdesk.toml"
    port = free_port()
    config.write_text(ACCOUNT.format(port=port))
    data = tmp_path / "data"
    async with started("serve", "--config", str(config), "--data", str(data)) as core:
        assert await next_line(core) == {
            "ready": True,
            "hooks": f"http://127.0.0.1:{port}",
            "desks": str(data / "desk.sock"),
        }
        assert (data / "desk.sock").stat().st_mode & 0o777 == 0o600
        assert data.stat().st_mode & 0o777 == 0o700

        second = await run("serve", "--data", str(data))
        assert (second.code, second.out) == (75, "")
        assert str(data) in one_sentence(second.err)

        elsewhere = await run("serve", "--config", str(config), "--data", str(tmp_path / "other"))
        assert (elsewhere.code, elsewhere.out) == (os.EX_UNAVAILABLE, "")
        assert f"127.0.0.1:{port}" in elsewhere.err.splitlines()[-1]

        core.send_signal(signal.SIGTERM)
        async with asyncio.timeout(PATIENCE_S):
            _, errors = await core.communicate()
        assert core.returncode == 0
        assert "Traceback" not in errors.decode()
    assert not (data / "desk.sock").exists()


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("[hooks]\nport = 'eighty'\n", "hooks.port"),
        (ACCOUNT.format(port=8080).replace("auth_token", "auth_tokn"), "accounts.main"),
        ("[hooks\n", "TOML"),
    ],
)
async def test_a_bad_configuration_is_named(text: str, key: str, tmp_path: Path) -> None:
    config = tmp_path / "textdesk.toml"
    config.write_text(text)
    done = await run("serve", "--config", str(config), "--data", str(tmp_path / "data"))
    assert (done.code, done.out) == (os.EX_CONFIG, "")
    assert str(config) in one_sentence(done.err)
    assert key in done.err


async def test_a_data_directory_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = await run("serve", "--data", str(tmp_path / "file" / "data"))
    assert (done.code, done.out) == (os.EX_IOERR, "")
    one_sentence(done.err)
