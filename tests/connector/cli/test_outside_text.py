"""No sentence of a command acts on the terminal, whatever a path, key, value or variable of the environment holds."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pytest

from tests.kit.commands import run, textdesk

EVIL = "\x1b]0;owned\x07\x1b[31m\u202e\x9b2J"
ESCAPED = r"\u001b]0;owned\u0007\u001b[31m\u202e\u009b2J"
ACCOUNT = """
[accounts.main]
provider = "twilio"
account_sid = "AC00000000000000000000000000000000"
auth_token = {token}
public_url = "https://sms.example.com"
numbers = [{{ address = "+15550100" }}]
"""

FILES = {
    "key": f'[hooks]\n"{ESCAPED}" = 1\n',
    "section": f'["{ESCAPED}"]\n',
    "provider": ACCOUNT.format(token='"x"').replace('"twilio"', f'"{ESCAPED}"'),
    "account": f'[accounts."{ESCAPED}"]\nprovider = "twilio"\n',
    "address": ACCOUNT.format(token='"x"').replace("+15550100", ESCAPED),
    "secret's file": ACCOUNT.format(token=f'{{ file = "{ESCAPED}" }}'),
    "variable": ACCOUNT.format(token=f'{{ env = "{ESCAPED}" }}'),
    "listen": f'[desks]\nlisten = "{ESCAPED}"\n',
    "zone": f'[hours]\nzone = "{ESCAPED}"\nweek = {{}}\n',
    "database": f'[core]\ndatabase = "{ESCAPED}://x"\n',
    "no TOML": f"[{EVIL}\n",
}


def acts(text: str) -> list[str]:
    """The characters that a terminal would not just draw."""
    return [char for char in text if char != "\n" and unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co")]


@pytest.mark.parametrize("command", ["doctor", "setup"])
@pytest.mark.parametrize("kind", FILES)
async def test_a_configuration_is_quoted_harmlessly(tmp_path: Path, kind: str, command: str) -> None:
    path = tmp_path / "textdesk.toml"
    path.write_text(FILES[kind], encoding="utf-8")
    flags = ["--data", str(tmp_path / "data"), "--config", str(path)]
    if command == "setup":
        flags = ["twilio", "--non-interactive", "--dry-run", "--name", "other", *flags[2:]]
    done = await textdesk(command, *flags)
    assert done.code != 0
    assert acts(done.out + done.err) == []


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["key", "database", "no TOML"])
async def test_so_does_a_core_that_does_not_start(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"{EVIL.replace('/', '')}.toml"
    path.write_text(FILES[kind], encoding="utf-8")
    done = await run("serve", "--config", str(path), "--data", str(tmp_path / "data"))
    assert done.code in (os.EX_CONFIG, os.EX_IOERR)
    assert done.err.splitlines()[-1].startswith("textdesk: ")
    assert acts(done.out + done.err) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("queue", "--data", f"/nowhere/{EVIL}"),
        ("queue", "--url", f"ws://{EVIL}"),
        ("queue", "--url", "ws://127.0.0.1:1", "--token-file", f"/nowhere/{EVIL}"),
        ("send", EVIL, "hi", "--data", "/nowhere"),
        (EVIL,),
        ("doctor", f"--{EVIL}"),
        ("doctor", "--data", f"/nowhere/{EVIL}", "--config", f"/nowhere/{EVIL}.toml"),
        ("setup", "twilio", "--non-interactive", "--name", EVIL),
        ("setup", "twilio", "--non-interactive", "--secret-file", f"/nowhere/{EVIL}"),
        ("setup", "twilio", "--non-interactive", "--secret-env", EVIL),
    ],
)
async def test_arguments_are_quoted_harmlessly(arguments: tuple[str, ...]) -> None:
    done = await textdesk(*arguments)
    assert done.code != 0
    assert done.err or done.out
    assert acts(done.out + done.err) == []


async def test_so_are_paths_of_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEXTDESK_DATA", str(tmp_path / EVIL.replace("/", "")))
    monkeypatch.setenv("TEXTDESK_CONFIG", f"/nowhere/{EVIL}")
    for arguments in (("doctor",), ("queue",), ("setup", "twilio", "--non-interactive")):
        done = await textdesk(*arguments)
        assert done.code != 0
        assert acts(done.out + done.err) == []
