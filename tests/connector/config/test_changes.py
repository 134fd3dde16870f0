"""What differs between two configurations: each key that a file can have is found, and no value is shown."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from connector.config.changes import _SECTION_GONE, ConfigChanges, changes, fixed_keys
from connector.config.file import Config, load

FILE = """
[core]
database = "one.db"

[hooks]
host = "127.0.0.1"
port = 8080

[desks]
listen = "127.0.0.1:8081"

[routing]
capacity = 4
response_s = 900
outcomes = ["sold"]

[hours]
zone = "Europe/Berlin"
week = { "mon-fri" = ["09:00-17:00"] }

[skills.orders]
undo_s = 3

[agents.ann]
skills = ["orders"]
token = "secret-of-ann"

[agents.bob]
capacity = 2

[accounts.main]
provider = "twilio"
account_sid = "AC00000000000000000000000000000000"
auth_token = "secret-token"
public_url = "https://sms.example.com"
numbers = [
    { address = "+15550100", skill = "orders" },
    { address = "+15550101" },
]
"""


def read(folder: Path, text: str = FILE) -> Config:
    path = folder / "textdesk.toml"
    path.write_text(text)
    return load(path)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", {}),
        ("port = 8080", "port = 8080\n\n[agents.cid]", {"agents": ["cid: added"]}),
        ("[agents.bob]\ncapacity = 2\n", "", {"agents": [f"bob: {_SECTION_GONE}"]}),
        ('skills = ["orders"]', "skills = []", {"agents": ["ann: skills"]}),
        ('"secret-of-ann"', '"another-secret"', {"agents": ["ann: token"]}),
        ("capacity = 4", "capacity = 5", {"agents": ["ann: capacity"], "settings": ["routing: capacity"]}),
        ("undo_s = 3", "undo_s = 9", {"skills": ["orders: undo_s"]}),
        (
            "response_s = 900",
            "response_s = 60",
            {"skills": ["general: response_s", "orders: response_s"], "settings": ["routing: response_s"]},
        ),
        ("09:00-17:00", "09:00-18:00", {"skills": ["general: hours", "orders: hours"], "settings": ["routing: hours"]}),
        ("[skills.orders]", "[skills.offers]", {"skills": ["offers: added"]}),
        ('outcomes = ["sold"]', 'outcomes = ["lost"]', {"settings": ["routing: outcomes"]}),
        ('    { address = "+15550101" },\n', "", {"lines": ["+15550101: removed"], "skills": ["general: removed"]}),
        ("+15550101", "+15550102", {"lines": ["+15550101: removed", "+15550102: added"]}),
        ('"+15550101"', '"+15550101", segments_per_s = 2', {"lines": ["+15550101: segments_per_s"]}),
        ('"+15550101"', '"+15550101", price = "1 USD"', {"lines": ["+15550101: price"]}),
        ('"+15550101"', '"+15550101", skill = "orders"', {
            "lines": ["+15550101: skill"], "skills": ["general: removed"],
        }),
        ('"secret-token"', '"another-secret"', {"accounts": ["main: auth_token"]}),
        ("https://sms.", "https://two.", {"accounts": ["main: public_url"]}),
        ("[accounts.main]", "[accounts.other]", {
            "lines": ["+15550100: account", "+15550101: account"], "accounts": ["main: removed", "other: added"],
        }),
    ],
)  # fmt: skip
def test_what_differs_is_named_by_its_keys(tmp_path: Path, old: str, new: str, expected: dict[str, list[str]]) -> None:
    before, after = read(tmp_path), read(tmp_path, FILE.replace(old, new))
    found = changes(before, after)
    assert found == msgspec.convert(expected, ConfigChanges)
    assert found.any() == bool(expected)
    assert fixed_keys(before, after) == []
    assert "secret" not in repr(found)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", []),
        ("one.db", "two.db", ["core.database"]),
        ("8080", "8088", ["hooks.port"]),
        ('host = "127.0.0.1"', 'host = "0.0.0.0"', ["hooks.host"]),
        ("127.0.0.1:8081", "127.0.0.1:8082", ["desks.listen"]),
        ("8081", "8081\"\nplain_text_over_the_network = true #", ["desks.plain_text_over_the_network"]),
        ("[core]", '[core]\nhash_key = "an-own-key-of-thirty-two-characters"', ["core.hash_key"]),
    ],
)  # fmt: skip
def test_what_is_opened_at_the_start_is_fixed(tmp_path: Path, old: str, new: str, expected: list[str]) -> None:
    before, after = read(tmp_path), read(tmp_path, FILE.replace(old, new))
    assert fixed_keys(before, after) == expected
    assert changes(before, after) == ConfigChanges()


def test_the_last_account_is_fixed_and_the_first_is_not(tmp_path: Path) -> None:
    with_account, without = read(tmp_path), read(tmp_path, FILE.partition("[accounts.main]")[0])
    assert fixed_keys(with_account, without) == ["accounts"]
    assert fixed_keys(without, with_account) == []
    assert "accounts" in fixed_keys(with_account, read(tmp_path, ""))


def test_a_door_that_is_new_or_gone_is_fixed(tmp_path: Path) -> None:
    before = read(tmp_path)
    after = read(tmp_path, FILE.replace('[desks]\nlisten = "127.0.0.1:8081"\n', ""))
    assert "desks.listen" in fixed_keys(before, after)
    assert "desks.listen" in fixed_keys(after, before)


def test_every_section_is_either_fixed_or_compared() -> None:
    """A section that is added later is not forgotten."""
    config = load(None)
    fixed = {"core", "hooks", "desks"}
    own_lists = {"agents", "accounts", "rules"}
    for name in config.__struct_fields__:
        if name not in {*fixed, *own_lists, "relay", "source"}:
            other = msgspec.structs.replace(config, **{name: None})
            assert changes(config, other).settings != [] or getattr(config, name) is None, name
