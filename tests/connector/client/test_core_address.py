"""Which core is talked to: the order of options, environment, profiles, the user's own core and the host's."""

from __future__ import annotations

import grp
import os
import pwd
import sqlite3
from argparse import Namespace
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from connector.client.core_address import CoreAddress, HostService, find
from connector.client.errors import ClientError
from tests.kit.second_user import as_user, needs_root, public_folder
from tests.kit.templates import copied

A, B = "wss://a.example.com:8081", "ws://127.0.0.1:8081"
CLIENT = f"""\
default = "work"
[profiles.work]
url = ["{A}", "{B}"]
token_file = "work.token"
agent = "anna"
[profiles.home]
url = "unix:/run/home/desk.sock"
"""


class Home:
    """A user's folders, and a host with or without a service."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.own = folder / "share" / "textdesk"
        self.host = folder / "run" / "textdesk" / "desk.sock"
        self.environ = {"XDG_CONFIG_HOME": str(folder / "config")}
        self.client = folder / "config" / "textdesk" / "client.toml"

    def find(self, **given: Any) -> CoreAddress:
        return find(Namespace(command="queue", **given), self.environ, HostService(self.host, "no-such-group"))

    def write(self, text: str) -> None:
        self.client.parent.mkdir(parents=True, exist_ok=True)
        self.client.write_text(text)
        (self.client.parent / "work.token").write_text("of work\n")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))  # read by platformdirs
    return Home(tmp_path)


def test_what_is_nearest_wins(home: Home) -> None:
    """Each next place is taken away; the one after it is used."""
    host = (f"unix:{home.host}",)
    assert home.find() == CoreAddress(home.own)
    home.host.parent.mkdir(parents=True)  # whether or not the service runs
    assert home.find().urls == host
    home.own.mkdir(parents=True)
    assert home.find().urls == host, "an empty directory is no core"
    (home.own / "textdesk.toml").touch()
    own = home.find()
    assert own.urls == () and str(home.host) in own.aside, "said, not silent"
    home.write(CLIENT)
    assert home.find().urls == (A, B)
    home.environ["TEXTDESK_DATA"] = str(home.folder / "elsewhere")
    assert home.find() == CoreAddress(home.folder / "elsewhere")
    home.environ["TEXTDESK_PROFILE"] = "home"
    assert home.find().urls == ("unix:/run/home/desk.sock",)
    home.environ["TEXTDESK_URL"] = f"{B},{A} unix:/run/x/y"
    assert home.find().urls == (B, A, "unix:/run/x/y")
    assert home.find(profile="home").urls == ("unix:/run/home/desk.sock",)
    assert home.find(data=Path("d")) == CoreAddress(Path("d"))
    assert home.find(url="wss://z", data=Path("d")).urls == ("wss://z",)


def test_the_token_and_agent_of_a_profile_go_with_its_addresses_alone(home: Home) -> None:
    home.write(CLIENT)
    (other := home.folder / "other.token").write_text("other")
    at_work = home.find()
    assert (at_work.token, at_work.agent) == ("of work", "anna")
    assert home.find(agent="ben").agent == "ben"
    assert home.find(token_file=other).token == "other"
    elsewhere = home.find(url="wss://elsewhere.example.com")
    assert (elsewhere.token, elsewhere.agent) == (None, None)
    home.environ["TEXTDESK_TOKEN_FILE"] = str(other)
    assert home.find(url="wss://elsewhere.example.com").token == "other"
    assert home.find().token == "of work"
    assert home.find(profile="home").token is None, "this host's users need none"
    assert home.find(data=Path("d")).token is None


def test_a_core_of_ones_own_can_be_started_beside_the_hosts(home: Home) -> None:
    home.host.parent.mkdir(parents=True)
    assert home.find(config=Path("mine.toml")).urls == ()


def test_behind_forcecommand_no_core_of_ones_own_is_started(home: Home) -> None:
    """Also where nothing shows that the host has a service: before its first start, or after it removed its folder."""
    home.environ["SSH_CONNECTION"] = "192.0.2.7 50123 192.0.2.1 22"
    assert home.find() == CoreAddress(home.own), "plain ssh"
    home.environ["SSH_ORIGINAL_COMMAND"] = "queue --json"
    assert home.find().urls == (f"unix:{home.host}",)
    assert home.find(data=home.own) == CoreAddress(home.own), "said in ForceCommand"
    home.environ["TEXTDESK_DATA"] = str(home.own)
    assert home.find() == CoreAddress(home.own), "said by SetEnv"


@needs_root
@pytest.mark.parametrize(("team", "is_host"), [("their group", True), ("no-such-group", False), ("nobody", False)])
def test_who_is_in_the_group_of_the_team_expects_its_service(team: str, is_host: bool) -> None:
    """A desk of theirs asks for no command that would show ForceCommand; the group is there after every boot."""
    nobody = pwd.getpwnam("nobody")
    group = grp.getgrgid(nobody.pw_uid).gr_name if team == "their group" else team
    if group == "nobody" and team != group:
        pytest.skip("the user nobody has a group of its own name here")

    def ask(folder: Path) -> None:
        os.environ.update(XDG_DATA_HOME=str(folder), XDG_CONFIG_HOME=str(folder))
        host = HostService(folder / "run" / "textdesk" / "desk.sock", group)
        raise AssertionError(find(Namespace(), os.environ, host).urls)

    with public_folder() as folder:
        assert ("desk.sock" in as_user(nobody.pw_uid, lambda: ask(folder))) == is_host


@needs_root
def test_root_expects_the_service_of_a_group_that_is_there(home: Home) -> None:
    assert find(Namespace(), home.environ, HostService(home.host, "daemon")).urls == (f"unix:{home.host}",)
    assert home.find().urls == ()


def test_an_own_core_without_account_and_conversation_does_not_hide_the_hosts(home: Home) -> None:
    """Such as a desk started while the host's service was away."""
    home.host.parent.mkdir(parents=True)
    home.own.mkdir(parents=True)
    database = home.own / "textdesk.db"
    database.touch()
    assert home.find().urls == (f"unix:{home.host}",)
    database.unlink()
    copied(database)
    assert home.find().urls == (f"unix:{home.host}",)
    with closing(sqlite3.connect(database)) as connection, connection:
        columns = connection.execute("SELECT name, type FROM pragma_table_info('conversations')").fetchall()
        values = ["7" if kind in ("BIGINT", "INTEGER", "BOOLEAN") else "x" for _, kind in columns]
        names = ", ".join(name for name, _ in columns)
        connection.execute(f"INSERT INTO conversations ({names}) VALUES ({', '.join('?' * len(values))})", values)
    assert home.find().urls == () and str(home.host) in home.find().aside
    database.write_bytes(b"damaged" * 1000)
    assert home.find().urls == (), "what cannot be read may hold some"


@pytest.mark.parametrize("name", ["service", "textdesk.toml"])
def test_a_core_with_a_configuration_or_service_of_its_own_is_used_beside_the_hosts(home: Home, name: str) -> None:
    home.host.parent.mkdir(parents=True)
    home.own.mkdir(parents=True)
    (home.own / name).touch()
    assert home.find().urls == () and str(home.host) in home.find().aside


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[profiles.work]\n", ["profiles.work", "url"]),
        ("[profiles.work]\nurl = 7\n", ["profiles.work.url"]),
        (
            f"[profiles.work]\nurl = '{A}'\ntokenfile = 'x'\n",
            ['work: there is no key "tokenfile" here; did you mean token_f'],
        ),
        (f"[profiles.work]\nurl = '{A}'\nuser = 'x'\n", ["there are url, token_file, agent"]),
        ("defualt = 'work'\n", ['no key "defualt"', "did you mean default"]),
        ("[profiles.work]\nurl = ''\n", ["profiles.work.url", "wss://"]),
        ("[profiles.work]\nurl = 'http://x'\n", ["profiles.work.url", "http://x", "wss://"]),
        ("[profiles.work]\nurl = ['wss://x', 'x']\n", ["profiles.work.url", "wss://"]),
        (f"[profiles.work]\nurl = '{A}'\ntoken = 'x'\n", ["profiles.work", "token"]),
        (f"[profiles.work]\nurl = '{A}'\ntoken_file = 3\n", ["profiles.work.token_file"]),
        (f"[profiles.home]\nurl = '{A}'\n", ["no profile work", "home"]),
        ("profile = 1\n", ["profile"]),
        ("[profiles\n", ["is not TOML"]),
        ("[[profiles]]\n", ["profiles"]),
    ],
)
def test_a_mistake_in_the_file_is_named_with_its_key(home: Home, text: str, words: list[str]) -> None:
    home.write(text)
    with pytest.raises(ClientError) as refused:
        home.find(profile="work")
    assert refused.value.exit_code == os.EX_CONFIG
    assert all(word in str(refused.value) for word in [str(home.client), *words]), str(refused.value)


def test_a_file_that_others_can_write_is_not_trusted(home: Home) -> None:
    home.write(CLIENT)
    home.client.chmod(0o666)
    with pytest.raises(ClientError, match=r"client\.toml: can be changed by every user.*chmod go-w") as refused:
        home.find()
    assert refused.value.exit_code == os.EX_CONFIG
    home.find(data=Path("d"))  # not asked for


@pytest.mark.parametrize(
    ("environ", "given", "code"),
    [
        ({"TEXTDESK_URL": "http://x"}, {}, os.EX_USAGE),
        ({"TEXTDESK_URL": " , "}, {}, os.EX_USAGE),
        ({"TEXTDESK_PROFILE": "work"}, {}, os.EX_CONFIG),
        ({}, {"profile": "work"}, os.EX_CONFIG),
        ({}, {"url": "desk.sock"}, os.EX_USAGE),
        ({}, {"url": "unix:desk.sock"}, os.EX_USAGE),
        ({}, {"url": A, "profile": "work"}, os.EX_USAGE),
    ],
)
def test_what_cannot_be_used_is_refused(home: Home, environ: dict[str, str], given: dict[str, Any], code: int) -> None:
    home.environ |= environ
    with pytest.raises(ClientError) as refused:
        home.find(**given)
    assert refused.value.exit_code == code
