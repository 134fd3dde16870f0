"""`textdesk relay` as a process, and its status."""

from __future__ import annotations

import asyncio
import signal
import stat
from pathlib import Path

import pytest

from tests.kit.commands import PATIENCE_S, next_line, started, textdesk
from tests.kit.ports import free_port

CONFIG = """
[relay]
account = "main"
core_url = "http://127.0.0.1:{core}"
secret = "the secret of both sides"
listen = "127.0.0.1:{port}"

[relay.kannel]
username = "textdesk"
password = "the password of kannel"
"""


@pytest.mark.slow
async def test_a_relay_runs_alone_on_its_directory_and_ends_with_ctrl_c(tmp_path: Path) -> None:
    config, data = tmp_path / "textdesk.toml", tmp_path / "relay"
    config.write_text(CONFIG.format(core=free_port(), port=free_port()))
    command = ("relay", "kannel", "--config", str(config), "--data", str(data))
    async with started(*command, fresh=True) as relay:
        assert (await next_line(relay))["ready"] is True
        assert stat.S_IMODE(data.stat().st_mode) == 0o700
        async with started(*command) as second:
            _, words = await second.communicate()
            assert second.returncode == 75 and b"another relay is running" in words
        [found] = (await textdesk("relay", "status", "--json", "--data", str(data))).lines
        assert found["running"] is True and found["waiting"] == 0
        relay.send_signal(signal.SIGINT)
        async with asyncio.timeout(PATIENCE_S):
            _, log = await relay.communicate()
        assert relay.returncode == 0 and b"Traceback" not in log
    ended = await textdesk("relay", "status", "--data", str(data))
    assert (ended.code, ended.out.splitlines()[0]) == (0, "No relay is running on this data directory.")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (("[relay]", "[core]\n[relay.x]"), "relay"),
        (('listen = "127.0.0.1', 'listen = "0.0.0.0'), "key is missing"),
        (('"the secret of both sides"', '""'), "secret"),
        (("http://127.0.0.1", "http://sms.example.com"), "must begin with https://"),
        (('username = "textdesk"', ""), "username"),
    ],
)
async def test_settings_that_make_no_sense(tmp_path: Path, changed: tuple[str, str], words: str) -> None:
    config = tmp_path / "textdesk.toml"
    config.write_text(CONFIG.format(core=8080, port=8200).replace(*changed))
    done = await textdesk("relay", "kannel", "--config", str(config), "--data", str(tmp_path / "relay"))
    assert done.code == 78 and words in done.err


async def test_without_a_section_and_without_a_directory(tmp_path: Path) -> None:
    config = tmp_path / "textdesk.toml"
    config.write_text("[core]\n")
    done = await textdesk("relay", "kannel", "--config", str(config), "--data", str(tmp_path / "relay"))
    assert done.code == 78 and "no section [relay]" in done.err
    assert (await textdesk("relay", "status", "--data", str(tmp_path / "none"))).code == 74
