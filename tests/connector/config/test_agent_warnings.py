"""What is said at a start of the agents in the configuration: never a token, and nothing of what is in order."""

from __future__ import annotations

import secrets
from pathlib import Path

from connector.config.agent_warnings import agent_warnings
from connector.config.file import load
from connector.domain.agent import Role, Sees
from tests.connector.config.test_file import TWILIO, write

STRONG = secrets.token_hex(16)


def warnings(folder: Path, text: str, **environment: str) -> list[str]:
    return list(agent_warnings(load(write(folder, text), environment)))


def test_each_token_in_plain_text_is_named_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "bob.token").write_text("weak-token")
    found = warnings(
        tmp_path,
        f"""
[agents.ann]
token = "{STRONG}"
[agents.bob]
token = {{ file = "bob.token" }}
[agents.cid]
token = {{ env = "CID_TOKEN" }}
[agents.dot]
""",
        CID_TOKEN="another-weak-one",
    )
    places = [str(tmp_path / "textdesk.toml"), str(tmp_path / "bob.token"), "the environment variable CID_TOKEN"]
    assert len(found) == 3
    for name, place, words in zip(("ann", "bob", "cid"), places, found, strict=True):
        assert f"the token of {name} stands in plain text in {place}." in words
        assert f"`textdesk agent token {name}`" in words
        assert ("128 bits" in words) == (name != "ann")
        assert not [token for token in (STRONG, "weak-token", "another-weak-one") if token in words]


def test_a_skill_that_nothing_needs_is_named_with_its_place(tmp_path: Path) -> None:
    sections = "[routing]\nfallback = 'seniors'\n[skills.seniors]\n[skills.meant]\n"
    text = TWILIO + sections + "[agents.ann]\nskills = ['orders', 'ordres', 'meant', 'seniors']\n"
    [words] = warnings(tmp_path, text)
    assert words.startswith(f"{tmp_path / 'textdesk.toml'}: agents.ann.skills: ")
    assert words.endswith("ordres: did you mean orders?")
    assert warnings(tmp_path, "[agents.ann]\nskills = ['any']\n") == [], "without accounts nothing is needed yet"


def test_the_rights_of_a_section(tmp_path: Path) -> None:
    text = (
        TWILIO
        + """
[agents.ann]
lead = true
sees = "account"
accounts = ["main"]
os_user = "ak"
[agents.bob]
administrator = true
lead = true
[agents.cid]
"""
    )
    config = load(write(tmp_path, text))
    ann, bob, cid = (config.agent(name) for name in ("ann", "bob", "cid"))
    assert (ann.role, ann.sees, ann.accounts, ann.os_user) == (Role.LEAD, Sees.ACCOUNT, ("main",), "ak")
    assert (bob.role, cid.role, cid.sees, cid.accounts) == (Role.ADMINISTRATOR, Role.AGENT, Sees.SKILLS, ())
