from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from connector.config import file as config
from connector.console.failure import CommandFailed
from connector.setup.config_file import ConfigFile, check_name, check_result

SID = "AC" + "1" * 32
VALUES = {"provider": "twilio", "account_sid": SID, "public_url": "https://sms.example.com"}
NUMBERS = [{"address": "+14155550100", "skill": "orders"}]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def write(path: Path, token: str = "first") -> list[str]:
    """What changed, after it was written."""
    edit = ConfigFile(path).edit("main", VALUES, {"auth_token": token}, NUMBERS)
    check_result(edit)
    edit.write()
    return [change.what for change in edit.changes]


def test_a_new_file_holds_no_secret_and_is_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "textdesk.toml"
    old = os.umask(0)
    try:
        write(path)
    finally:
        os.umask(old)
    assert (mode(path), mode(tmp_path / "main.auth_token")) == (0o600, 0o600)
    assert "first" not in path.read_text()
    account = config.load(path).accounts["main"]
    assert getattr(account, "auth_token").reveal() == "first"  # noqa: B009
    assert sorted(each.name for each in tmp_path.iterdir()) == ["main.auth_token", "textdesk.toml"]


def test_a_second_edit_has_nothing_to_change(tmp_path: Path) -> None:
    path = tmp_path / "textdesk.toml"
    write(path)
    before = path.read_text()
    assert write(path) == []
    assert path.read_text() == before
    assert write(path, token="second") == ["main.auth_token"]
    assert (tmp_path / "main.auth_token").read_text() == "second\n"


def test_a_token_in_another_place_stays_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "textdesk.toml"
    write(path)
    path.write_text(path.read_text().replace('{file = "main.auth_token"}', '{ env = "OUR_TOKEN" }'))
    path.chmod(0o600)
    monkeypatch.setenv("OUR_TOKEN", "first")
    assert write(path) == []
    assert write(path, token="second") == ["auth_token", "main.auth_token"]


def test_a_file_others_may_read_is_made_private(tmp_path: Path) -> None:
    path = tmp_path / "textdesk.toml"
    write(path)
    path.chmod(0o644)
    assert write(path) == ["mode"]
    assert mode(path) == 0o600


def test_a_symbolic_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    path = tmp_path / "textdesk.toml"
    path.symlink_to(tmp_path / "etc" / "textdesk.toml")
    write(path)
    assert path.is_symlink()
    assert "accounts.main" in (tmp_path / "etc" / "textdesk.toml").read_text()


@pytest.mark.parametrize(
    ("rest", "words"),
    [
        ('[accounts.other]\nprovider = "twilio"\naccount_sid = "AC' + "2" * 32 + '"\n'
         'auth_token = { env = "NOT_SET_HERE" }\n'
         'public_url = "https://b.example.com"\nnumbers = [{ address = "+14155550100" }]\n', "belongs to"),
        ("[hooks]\nport = 'eighty'\n", "hooks.port"),
    ],
)  # fmt: skip
def test_what_a_core_would_refuse_is_not_written(rest: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "textdesk.toml"
    path.write_text(rest)
    with pytest.raises(CommandFailed) as error:
        write(path)
    assert words in str(error.value)
    assert str(path) in str(error.value)
    assert path.read_text() == rest


def test_secrets_of_others_need_not_be_readable(tmp_path: Path) -> None:
    path = tmp_path / "textdesk.toml"
    path.write_text('[agents.anna]\ntoken = { file = "not-for-you.token" }\n')
    write(path)
    assert config_names(path) == ["agents.anna", "accounts.main"]


def config_names(path: Path) -> list[str]:
    return [line.strip("[]") for line in path.read_text().splitlines() if line.startswith("[")]


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    path = tmp_path / "missing" / "textdesk.toml"
    with pytest.raises(CommandFailed) as error:
        write(path)
    assert error.value.exit_code == os.EX_IOERR
    assert str(tmp_path / "missing") in str(error.value)


@pytest.mark.parametrize("name", ["", "Main", "ma in", "../main", "x" * 33, "-a"])
def test_names_that_cannot_be_part_of_an_address(name: str) -> None:
    with pytest.raises(ValueError):
        check_name(name)
